"""Takes in what was written without network: one entry at a time, each exactly once, field by field.

An entry has an id made on the device. Sent again, it is the same row. What was changed on both sides is handed back with both texts.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.workspace.posting import taken
from standards.actions.models import Outdated
from standards.inspections import merging, packing, recording
from standards.inspections.forms.visit import ActivityForm, FindingForm
from standards.inspections.models import Activity, Finding, Inspection

TRIES = 3  # if a colleague saves in the same moment
MOST_BASES = 20


class MalformedError(ValueError):
    """Not what our own script sends."""


@dataclass(frozen=True)
class Entry:
    """What a device sends. ``bases``: as ``merging.merge`` has them."""

    id: uuid.UUID
    kind: str  # finding, activity
    target: uuid.UUID | None  # a finding that was there when the pack was taken
    bases: tuple[dict[str, Any], ...]
    values: dict[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that are merged."""
        return packing.FINDING if self.kind == "finding" else packing.ACTIVITY


@dataclass(frozen=True)
class Answer:
    """What became of an entry: taken, refused (with what is wrong, by field), conflict (fields, and how they stand here)."""

    kind: str
    said: dict[str, Any] = field(default_factory=dict)

    STATUS = {"taken": 200, "refused": 422, "conflict": 409}  # noqa: RUF012 - never changed

    @property
    def status(self) -> int:
        """As HTTP says it."""
        return self.STATUS[self.kind]


def entry_of(data: Any) -> Entry:
    """Read what a device sent. Raises ``MalformedError``."""
    try:
        kind, values, bases = data["kind"], _values(data["values"]), tuple(_values(one) for one in data.get("bases") or ())
        target = uuid.UUID(data["target"]) if data.get("target") else None
        entry = Entry(uuid.UUID(data["id"]), kind, target, (*bases[:1], *bases[1:][-MOST_BASES:]), values)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise MalformedError from wrong
    if kind not in ("finding", "activity") or (target and kind == "activity"):
        raise MalformedError
    return entry


def _values(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise MalformedError
    for value in data.values():
        if not isinstance(value, str | bool) and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            raise MalformedError
    return data


def take_in(inspection: Inspection, entry: Entry, *, by: Any) -> Answer:
    """Write the entry, or say why not. Raises ``PermissionDenied`` for who may not write there now."""
    act = _finding if entry.kind == "finding" else _activity
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return act(recording.locked(inspection, by), entry, by)
        except Outdated:
            if not left:
                raise
    raise AssertionError("unreachable")


def row_id(inspection: Inspection, entry: Entry) -> uuid.UUID:
    """The id that an entry has here: of this inspection, so that no other one's rows can be met by guessing."""
    return uuid.uuid5(inspection.pk, str(entry.id))


# --- Findings ---------------------------------------------------------------------------------------------------------


def _finding(inspection: Inspection, entry: Entry, by: Any) -> Answer:
    rows = inspection.findings.select_related("inspection", "alert").prefetch_related("indicators", "activities")
    row: Finding | None
    if entry.target:
        row = rows.filter(pk=entry.target, by=by).first()
        if row is None:
            return _refused({"": [_("This finding is not there any more, or it is not yours to change.")]})
    else:
        row = rows.filter(key=row_id(inspection, entry)).first()
    return _new_finding(inspection, entry, by) if row is None else _changed_finding(inspection, entry, row, by)


def _new_finding(inspection: Inspection, entry: Entry, by: Any) -> Answer:
    key = row_id(inspection, entry)
    form = FindingForm(_form_data(entry.values, key=str(key), base="0"), inspection=inspection)
    made: list[Finding] = []

    def save() -> None:
        given = form.cleaned_data
        made.append(
            recording.find(
                inspection, form.values(), given["indicators"], given["activities"], key=key, to_provider=not given["hold_back"], by=by
            )
        )

    return _finding_taken(made[0]) if form.is_valid() and taken(form, save) else _refused(*_wrong(form))


def _changed_finding(inspection: Inspection, entry: Entry, row: Finding, by: Any) -> Answer:
    theirs = packing.of_finding(row)
    merged = merging.merge(entry.bases, entry.values, theirs, packing.TOGETHER)
    if merged.conflicts:
        return Answer("conflict", {"fields": list(merged.conflicts), "theirs": theirs, "merged": merged.values, "name": row.code})
    if merging.all_same(merged.values, theirs, entry.names):
        return _finding_taken(row)
    if row.status != Finding.Status.DRAFT:
        return _refused({"": [_("This finding is not a draft any more. Open it again in the inspection first, then send this.")]})
    data = _form_data(
        merged.values | {name: entry.values.get(name, "") for name in ("hold_back", "looked")}, key=str(row.key), base=str(row.version)
    )
    form = FindingForm(data, inspection=inspection, finding=row)

    def save() -> None:
        given = form.cleaned_data
        recording.rewrite(
            row, form.values(), given["indicators"], given["activities"], base=row.version,
            to_provider=not given.get("hold_back", False), by=by,
        )  # fmt: skip

    return _finding_taken(row) if form.is_valid() and taken(form, save) else _refused(*_wrong(form))


def _finding_taken(row: Finding) -> Answer:
    now = Finding.objects.prefetch_related("indicators", "activities").get(pk=row.pk)
    return Answer("taken", {"row": str(now.pk), "name": now.code, "values": packing.of_finding(now), "is_draft": now.status == "draft"})


# --- Activities -------------------------------------------------------------------------------------------------------


def _activity(inspection: Inspection, entry: Entry, by: Any) -> Answer:
    row: Activity | None = inspection.activities.filter(pk=row_id(inspection, entry)).first()
    values = entry.values
    if row is not None:
        theirs = packing.of_activity(row)
        merged = merging.merge(entry.bases, entry.values, theirs)
        if merged.conflicts:
            return Answer(
                "conflict", {"fields": list(merged.conflicts), "theirs": theirs, "merged": merged.values, "name": packing.label(row)}
            )
        if merging.all_same(merged.values, theirs, entry.names):
            return _activity_taken(row)
        values = merged.values | {"looked": entry.values.get("looked", "")}
    form = ActivityForm(_form_data(values, base=str(row.version if row else 0)))
    made: list[Activity] = []

    def save() -> None:
        if row is None:
            made.append(recording.note_activity(inspection, form.values(), key=row_id(inspection, entry), by=by))
        else:
            recording.change_activity(row, form.values(), base=row.version, by=by)
            made.append(inspection.activities.get(pk=row.pk))

    return _activity_taken(made[0]) if form.is_valid() and taken(form, save) else _refused(*_wrong(form))


def _activity_taken(row: Activity) -> Answer:
    return Answer("taken", {"row": str(row.pk), "name": packing.label(row)})


# --- Both -------------------------------------------------------------------------------------------------------------


def _form_data(values: Mapping[str, Any], **more: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in {**values, **more}.items():
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not False:
            data[name] = "on" if value is True else value
    return data


def _wrong(form: Any) -> tuple[dict[str, list[str]], dict[str, str] | None]:
    """What is wrong by field, and the question about names, ages and places if there is one."""
    errors = {"" if name == "__all__" else name: [str(one) for one in found] for name, found in form.errors.items()}
    looked = form.fields.get("looked")
    if looked is None:
        return errors, None
    return errors, {"value": looked.widget.attrs["value"], "label": str(looked.label), "found": str(looked.help_text)}


def _refused(errors: Mapping[str, list[str]], asks: Mapping[str, str] | None = None) -> Answer:
    return Answer("refused", {"errors": dict(errors), "asks": dict(asks) if asks else None})
