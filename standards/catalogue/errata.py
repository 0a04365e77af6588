"""A dated correction of an edition in use. The wording as it was imported stays in its row, the new one is laid over it.

So the edition's digest still names what people were assessed under, a file imported again is still equal to the tables, and
a page shows both: the wording now, and what stood there until which day.
"""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from portal.audit import trail
from standards.catalogue.models import Chapter, Edition, Erratum, Indicator, Standard
from standards.catalogue.reading import longest as longest_of

FIELDS: dict[type[Any], tuple[str, ...]] = {
    Chapter: ("title",),
    Standard: ("title", "statement"),
    Indicator: ("text", "good_practice", "weak_practice", "evidence_hints"),
}


def find(edition: Edition, code: str) -> Chapter | Standard | Indicator:
    """The item of ``edition`` with this code. Raises ``ValidationError`` when there is none."""
    rows = (
        Chapter.objects.filter(edition=edition, code=code),
        Standard.objects.filter(chapter__edition=edition, code=code),
        Indicator.objects.filter(edition=edition, code=code),
    )
    for row in rows:
        if found := row.select_for_update().first():
            item: Chapter | Standard | Indicator = found
            return item
    raise ValidationError(f"{edition.code} has no item {code}. Look the code up in the edition's file.")


@transaction.atomic
def correct(edition: Edition, code: str, field: str, *, after: str, reason: str, dated: datetime.date) -> Erratum:
    """Record the erratum and lay it over the item. Raises ``ValidationError`` saying how to mend it."""
    if edition.status not in {Edition.Status.IN_USE, Edition.Status.RETIRED}:
        raise ValidationError(f"{edition.code} is not in use: correct its file and import it again.")
    item = find(edition, code)
    fields = FIELDS[type(item)]
    if field not in fields:
        raise ValidationError(
            f"{code} has no wording “{field}”. An erratum may correct: {', '.join(fields)}. Anything else is a new edition."
        )
    after, before = " ".join(after.split()), item.corrected.get(field, getattr(item, field))
    longest = longest_of(type(item), field) or len(after)
    if not after or not reason.strip():
        raise ValidationError("Say the new wording and the reason.")
    if after == before:
        raise ValidationError(f"{code} {field} says exactly that already.")
    if len(after) > longest:
        raise ValidationError(f"The new wording has {len(after)} characters. At most {longest}: shorten it.")
    if dated > timezone.localdate():
        raise ValidationError(f"{dated} is in the future. An erratum counts from its day.")
    erratum = Erratum(edition=edition, item_code=code, field=field, before=before, after=after, reason=reason.strip(), dated=dated)
    erratum.full_clean()
    erratum.save()
    item.corrected = item.corrected | {field: after}
    item.save(update_fields=["corrected"])
    trail.record("catalogue.edition.correct", edition, by=None, codes={"item": code, "field": field})
    return erratum
