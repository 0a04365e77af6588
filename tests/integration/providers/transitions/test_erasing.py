"""Retention: nothing early, nothing late, in an order that a crash cannot turn round; and afterwards nothing is left of her."""

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from portal.audit.models import Event
from portal.vault import keyring
from portal.vault.sealing import Unreadable
from providers.transitions import consents, erasing, guests, offering, sections, tasks
from providers.transitions.models import ConsentItem, Guest, SealedSection, Transition
from tests.integration.providers.transitions.cast import CANARY, World

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
LONDON = timezone.get_default_timezone()


def ended(world: World, status: str = "closed_sustained", closed: datetime | None = None) -> Transition:
    """A record as full as can be, which has ended."""
    offer = world.accepted()
    offering.reply(offering.ask(offer, f"{CANARY}-question", by=world.who("their_worker")), f"{CANARY}-answer", by=world.who("worker"))
    world.now().book(timezone.localdate(), by=world.who("worker"))
    world.tick_all()
    world.now().move(by=world.who("worker"))
    offering.take(offer, "confirm_contact", timezone.now(), by=world.who("their_worker"))
    world.now().settle(by=world.who("their_worker"))
    consents.withdraw(world.now(), ConsentItem.objects.of(world.row), by=world.who("their_worker"))
    world.says_stable()
    world.tried()
    Transition.objects.filter(pk=world.row.pk).update(status=status, closed_at=closed or timezone.now() - timedelta(days=1))
    return Transition.objects.get(pk=world.row.pk)


def stores() -> dict[str, bytes]:
    """Every row of every table of both databases as bytes, texts and blobs alike; and the mails."""
    found: dict[str, bytes] = {"mail": json.dumps([[m.subject, m.body, m.to] for m in mail.outbox]).encode()}
    for alias in ("default", "keyring"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                cursor.execute(f'SELECT t.* FROM "{table}" t')  # noqa: S608 - a name of the database itself
                rows = [
                    bytes(value) if isinstance(value, memoryview) else str(value).encode() for row in cursor.fetchall() for value in row
                ]
                found[f"{alias}.{table}"] = b"\n".join(rows)
    return found


def test_ret_02_no_store_holds_a_canary_before_or_after_and_afterwards_not_even_its_name(world: World) -> None:
    row = ended(world)
    assert [name for name, content in stores().items() if CANARY.encode() in content] == []
    old = [(section.item, section.version, bytes(section.blob)) for section in SealedSection.objects.filter(transition=row)]
    key = keyring.open_key(row.pk)
    assert any(CANARY in str(key.unseal(blob, field=item, version=version)) for item, version, blob in old), "they were there, sealed"
    erasing.erase(row)
    holding = {name for name, content in stores().items() if str(row.pk).encode() in content}
    assert holding <= {"default.audit_event", "default.audit_view", "default.audit_job", "default.audit_notice"}
    with pytest.raises(Unreadable):  # an old copy of the database, and today's keyring
        keyring.open_key(row.pk)
    assert [name for name, content in stores().items() if any(blob in content for _item, _version, blob in old)] == []
    assert Event.objects.about(row).latest("pk").verb == "transitions.transition.erased"
    assert CANARY not in str(list(Event.objects.about(row).values()))


def test_ret_01_every_table_that_hangs_on_a_transition_is_in_the_map() -> None:
    mapped = {name for name, _path in erasing.ROWS} | {"Transition", "Pathway", "QuarterFigures"}  # rounded figures hang on nobody
    assert {model.__name__ for model in apps.get_app_config("transitions").get_models()} == mapped


@pytest.mark.parametrize("broken", ["destroy_key", "rows"])
def test_ret_07_what_breaks_off_is_hidden_at_once_and_finished_the_next_morning(
    world: World, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    row = ended(world)
    address, client = f"/workspace/transitions/{row.pk}/", world.client("their_worker")
    assert client.get(address).status_code == 200

    def crash(*_args: Any, **_named: Any) -> None:
        raise RuntimeError("the machine went off")

    monkeypatch.setattr(keyring, "destroy_key", crash) if broken == "destroy_key" else monkeypatch.setattr(erasing, "record", crash)
    with pytest.raises(RuntimeError):
        erasing.erase(row)
    monkeypatch.undo()
    assert Transition.objects.get(pk=row.pk).status == "purging"
    for path in ("", "consent/", "follow-up/", "history/", "looks/"):
        assert client.get(f"{address}{path}").status_code == 404, path
    for page in ("/workspace/transitions/?show=ended", "/workspace/transitions/gap/", "/workspace/"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert str(row.pk) not in answer.content.decode()
    tasks.erase_what_is_due(timezone.localdate().isoformat())
    assert not Transition.objects.filter(pk=row.pk).exists()
    erasing.work_through(timezone.localdate())


@pytest.mark.parametrize(
    ("status", "months", "what"),
    [("withdrawn", 0, "record"), ("expired", 1, "record"), ("closed_sustained", 12, "contact"), ("closed_sustained", 72, "record")],
)
def test_ret_06_nothing_goes_a_day_early_and_what_was_missed_is_made_good(world: World, status: str, months: int, what: str) -> None:
    closed = datetime(2024, 2, 29, 23, 30, tzinfo=LONDON)
    row = ended(world, status, closed)
    day = max(erasing.months_later(closed.date(), months), closed.date() + timedelta(days=1))

    def keys(at: Any) -> list[str]:
        return [rule.removes for found, rule in erasing.due(at) if found.pk == row.pk]

    assert what not in keys(day - timedelta(days=1))
    assert what in keys(day)
    assert what in keys(day + timedelta(days=30))


def test_contact_details_go_after_a_year_and_the_rest_stays(world: World) -> None:
    row = ended(world, closed=timezone.now() - timedelta(days=400))
    erasing.work_through(timezone.localdate())
    left = set(SealedSection.objects.filter(transition=row).values_list("item", flat=True))
    assert "contact" not in left
    assert {"reference", "language", "health"} <= left
    assert Event.objects.filter(verb="transitions.transition.contact_erased").count() == 1
    erasing.work_through(timezone.localdate())
    assert Event.objects.filter(verb="transitions.transition.contact_erased").count() == 1


def test_the_mailbox_of_a_guest_goes_with_the_contact_details(world: World) -> None:
    invited = world.outside()
    Transition.objects.filter(pk=world.row.pk).update(status="closed_lost", closed_at=timezone.now() - timedelta(days=400))
    erasing.work_through(timezone.localdate())
    assert not Guest.objects.filter(pk=invited.guest.pk).exists()
    assert guests.receiver_of(invited.guest.offer) == "A service outside the network"


def test_ret_05_a_legal_hold_stops_every_rule_until_it_is_lifted(world: World) -> None:
    row = ended(world, closed=timezone.now() - timedelta(days=3000))
    typed = sections.read(row, [sections.REFERENCE])[sections.REFERENCE]
    call_command("erase_record", typed, "--hold", stdout=StringIO())
    erasing.work_through(timezone.localdate())
    with pytest.raises(CommandError, match="legal hold"):
        call_command("erase_record", typed, "--for-good")
    assert Transition.objects.get(pk=row.pk).is_held
    assert SealedSection.objects.filter(transition=row, item="contact").exists()
    call_command("erase_record", typed, "--let-go", stdout=StringIO())
    erasing.work_through(timezone.localdate())
    assert not Transition.objects.filter(pk=row.pk).exists()
    verbs = [event.verb.rpartition(".")[2] for event in Event.objects.about(row).order_by("pk")]
    assert [verb for verb in verbs if verb in {"hold", "let_go", "purge", "erased"}] == ["hold", "let_go", "purge", "erased"]


def test_a_running_record_is_not_erased_and_a_wrong_reference_finds_nothing(world: World) -> None:
    row = world.begin()
    typed = sections.read(row, [sections.REFERENCE])[sections.REFERENCE]
    with pytest.raises(CommandError, match="Draft"):
        call_command("erase_record", typed, "--for-good")
    with pytest.raises(CommandError, match="no record"):
        call_command("erase_record", "00000-00000-0", "--for-good")
    assert keyring.open_key(row.pk)


def test_subject_access_tells_everything_and_names_nobody_of_staff(world: World) -> None:
    row = ended(world)
    typed = sections.read(row, [sections.REFERENCE])[sections.REFERENCE]
    said = StringIO()
    call_command("tell_record", typed, stdout=said)
    told = json.loads(said.getvalue())
    assert {f"{CANARY}-contact", f"{CANARY}-wish", f"{CANARY}-word"} <= set(said.getvalue().replace('"', "\n").split("\n"))
    assert [entry["who"] for entry in told["responsible"]] == [str(world.sender), str(world.receiver)]
    assert told["asked_afterwards"][0]["said"]["stable"] == "yes"
    for person in world.people.values():
        assert str(person) not in said.getvalue()
    assert Event.objects.about(row).latest("pk").verb == "transitions.transition.told"
