"""The audit trail: append-only by the database itself, complete, sealed; and who looked (INT-09, INT-11, INT-12)."""

import importlib
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, connections, models, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone

from portal.audit import seals
from portal.audit.models import Event, Seal, View
from portal.audit.trail import record, saw
from tests.integration.standards.plans import person, provider

pytestmark = pytest.mark.django_db
append_only = importlib.import_module("portal.audit.migrations.0003_append_only")
LATER = timedelta(hours=1)


def some_events(count: int) -> list[Event]:
    user, thing = person("erin"), provider()
    return [record("organisations.organisation.note", thing, by=user, codes={"number": number}) for number in range(count)]


def faults(head: str = "") -> list[str]:
    return list(seals.verify(head))


# --- Append-only ------------------------------------------------------------------------------------------------------


def test_int_12_the_database_refuses_to_change_or_delete() -> None:
    event = some_events(1)[0]
    user = person("vic")
    look = saw(user, provider(), "case.opened")
    seals.seal(timezone.now() + LATER)
    before = Event.objects.count(), View.objects.count(), Seal.objects.count()
    for row, column in ((event, "before"), (look, "why"), (Seal.objects.get(), "previous")):
        every = type(row)._base_manager.all()
        for act in (row.delete, row.save, every.delete, lambda every=every, column=column: every.update(**{column: "x"})):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                act()
    assert (Event.objects.count(), View.objects.count(), Seal.objects.count()) == before


@pytest.fixture
def sqlite() -> Iterator[DatabaseWrapper]:
    """An embedded database with the tables and triggers of the migration."""
    settings = {**connection.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}
    embedded = connections["embedded"] = DatabaseWrapper(settings, "embedded")
    with embedded.schema_editor() as editor:
        for model in (Event, View, Seal):
            editor.create_model(model)
        append_only.forbid(None, editor)
    yield embedded
    embedded.close()
    del connections["embedded"]


@pytest.mark.parametrize("table", append_only.TABLES)
def test_int_12_so_does_the_embedded_one(sqlite: DatabaseWrapper, table: str) -> None:
    model: type[models.Model] = {"audit_event": Event, "audit_view": View, "audit_seal": Seal}[table]
    filled = {field.column: 1 if field.get_internal_type() in {"BigIntegerField", "BigAutoField"} else "{}" for field in model._meta.fields}
    with sqlite.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        columns = ", ".join(f'"{column}"' for column in filled)
        marks = ", ".join("%s" for _ in filled)
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(filled.values()))  # noqa: S608 - names of ours
        for statement in (f"UPDATE {table} SET id = 2", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute(statement)


def test_a_look_is_a_code_never_a_sentence() -> None:
    user, thing = person("vic"), provider()
    assert (saw(user, thing, "case.opened").why, View.objects.about(thing).count()) == ("case.opened", 1)
    with pytest.raises(Exception, match="codes, not sentences"):
        saw(user, thing, "because she asked me to")


# --- Seals ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed() -> list[Event]:
    """Twelve events under three seals."""
    made: list[Event] = []
    for _seal in range(3):
        made += some_events(4)
        assert seals.seal(timezone.now() + LATER)
    return made


def forge(statement: str, *params: Any) -> None:
    """What somebody with all rights on the database could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger fires
        cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_int_12_an_untouched_chain_is_whole(sealed: list[Event]) -> None:
    assert faults() == []
    assert seals.seal(timezone.now() + LATER) is None, "nothing new, no seal"
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert f"all well up to event {sealed[-1].pk}" in out.getvalue()


@pytest.mark.parametrize("column", ["at", "by_id", "verb", "subject_type", "subject_id", "organisation_id", "before", "after", "codes"])
def test_int_12_a_changed_event_is_named(sealed: list[Event], column: str) -> None:
    other = {
        "at": timezone.now(), "by_id": None, "verb": "a.b.c", "subject_type": "a.b", "codes": '{"number": 9}', "before": "x", "after": "y",
        "subject_id": "00000000-0000-4000-8000-000000000000", "organisation_id": None,
    }  # fmt: skip
    forge(f"UPDATE audit_event SET {column} = %s WHERE id = %s", other[column], sealed[5].pk)  # noqa: S608 - names of ours
    assert faults() == [f"event {sealed[5].pk} was changed"]
    with pytest.raises(CommandError, match=f"event {sealed[5].pk} was changed"):
        call_command("verify_audit")


def test_int_12_deleted_added_and_reordered_events_are_named(sealed: list[Event]) -> None:
    first, gone, last = sealed[0].pk, sealed[6].pk, sealed[-1].pk
    forge("DELETE FROM audit_event WHERE id IN (%s, %s)", gone, last)
    assert faults() == [f"event {gone} is gone", f"event {last} is gone"], "in the middle, and at the end"
    forge("UPDATE audit_event SET id = -1 WHERE id = %s", first)
    forge("UPDATE audit_event SET id = %s WHERE id = %s", first, first + 1)
    forge("UPDATE audit_event SET id = %s WHERE id = -1", first + 1)
    assert faults()[:2] == [f"event {first} was changed", f"event {first + 1} was changed"]
    forge("UPDATE audit_event SET id = %s WHERE id = %s", gone, sealed[7].pk)
    assert f"event {sealed[7].pk} is gone" in faults()


def test_int_12_an_event_slipped_in_later_is_named(sealed: list[Event]) -> None:
    gap = sealed[3].pk + 1000
    forge("UPDATE audit_seal SET up_to = %s WHERE up_to = %s", gap, sealed[3].pk)
    forge("UPDATE audit_seal SET up_to = up_to + 2000 WHERE up_to > %s", gap)
    assert faults(), "moving the borders of a seal is seen"


def test_int_12_seals_cut_off_or_made_anew_are_found_by_a_head_kept_elsewhere(sealed: list[Event]) -> None:
    last = Seal.objects.last()
    assert last
    head = last.sha256
    assert faults(head) == []
    forge("DELETE FROM audit_seal WHERE up_to = %s", sealed[-1].pk)
    assert faults() == [], "a tail without its seal cannot be missed from inside"
    assert faults(head) == [f"no seal has the head {head}: seals were cut off or made anew"]
    forge("DELETE FROM audit_seal WHERE up_to = %s", sealed[3].pk)
    assert any("does not follow" in fault for fault in faults())


def test_int_12_what_is_still_being_written_is_not_sealed_yet() -> None:
    seals.seal(timezone.now() + LATER)  # what the seeded database began with
    some_events(2)
    assert seals.seal() is None
    assert seals.seal(timezone.now() + LATER) is not None


def test_int_12_the_head_goes_to_the_operators(settings: Any, mailoutbox: list[Any]) -> None:
    settings.OPERATORS = ["operators@office.example"]
    some_events(1)
    made = seals.seal(timezone.now() + LATER)
    assert made
    assert [(mail.to, mail.body) for mail in mailoutbox] == [(["operators@office.example"], f"{made.up_to} {made.sha256}\n")]
