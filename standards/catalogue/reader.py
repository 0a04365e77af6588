"""What the pages of the catalogue show of an edition: chapters, a search, errata and crosswalk, the standard before and after."""

from typing import Any

from django.db.models import Prefetch, Q

from standards.catalogue.models import Chapter, Crosswalk, Edition, Erratum, Indicator, Standard

LONGEST_SEARCH = 100  # characters
MOST_FOUND = 60
SEARCHED = (
    *("code", "text", "text_cy", "good_practice", "weak_practice", "evidence_hints"),
    *("standard__title", "standard__title_cy", "standard__statement", "standard__statement_cy", "standard__chapter__title"),
)


def chapters(edition: Edition, *, whole: bool = False) -> list[Chapter]:
    """Chapters with their standards, and with indicators when ``whole``. Two or three queries."""
    standards = Standard.objects.order_by("order")
    if whole:
        standards = standards.prefetch_related(Prefetch("indicators", Indicator.objects.order_by("order")))
    return list(Chapter.objects.filter(edition=edition).prefetch_related(Prefetch("standards", standards)))


def search(edition: Edition, words: str) -> list[Indicator]:
    """Indicators in which every word stands, in their own text or their standard's. One query."""
    rows = Indicator.objects.filter(edition=edition).select_related("standard__chapter")
    for word in words.split():
        hit = Q()
        for name in SEARCHED:
            hit |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(hit)
    return list(rows[:MOST_FOUND])


def titles(edition: Edition) -> dict[str, dict[str, str]]:
    """Code → title of the edition's key questions and outcomes."""
    return {name: {row["code"]: row["title"] for row in getattr(edition, name)} for name in ("key_questions", "outcomes")}


def around(edition: Edition, standard: Standard | None = None) -> dict[str, Any]:
    """Errata and crosswalk of the edition, or of one standard and what stands in it. Two queries."""
    errata = Erratum.objects.filter(edition=edition)
    crosswalk = Crosswalk.objects.filter(Q(from_edition=edition) | Q(to_edition=edition)).select_related("from_edition", "to_edition")
    if standard is not None:
        codes = [standard.code, standard.chapter.code, *(indicator.code for indicator in standard.indicators.all())]
        errata = errata.filter(item_code__in=codes)
        crosswalk = crosswalk.filter(Q(from_edition=edition, from_code__in=codes) | Q(to_edition=edition, to_code__in=codes))
    return {"errata": list(errata), "crosswalk": list(crosswalk)}


def neighbours(edition: Edition, standard: Standard) -> dict[str, str]:
    """Codes of the standard before and after, in reading order; empty at the ends. One query."""
    codes = list(Standard.objects.filter(chapter__edition=edition).values_list("code", flat=True))
    place = codes.index(standard.code)
    return {"before": codes[place - 1] if place else "", "after": codes[place + 1] if place + 1 < len(codes) else ""}
