"""The check of facts (B1) and the sealed key to persons (B2)."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.utils import timezone

from portal import hashing
from portal.audit.models import Event, View
from portal.vault.models import RecordKey
from standards.reports import accuracy, editing, filing, guards, keys, tasks
from standards.reports.models import KeyEntry, Reply, ReplyFile, Report, Statement
from tests.integration.standards.reports.cast import Cast

pytestmark = pytest.mark.django_db
LIST = "/workspace/reports/"
JSON = {"Accept": "application/json"}


def where(world: Cast, row: Statement) -> str:
    return f"{LIST}{world.report.pk}/facts/{row.pk}/"


def test_b1_every_fact_is_asked_about_and_no_judgement(world: Cast) -> None:
    world.to("comments_open")
    page = world.client("manager").get(f"{LIST}{world.report.pk}/facts/").content.decode()
    assert all(f'id="s{row.number}"' in page for row in world.facts())
    assert not any(f'id="s{row.number}"' in page for row in world.report.statements.filter(asserts_fact=False))


def test_b1_c16_an_answer_of_any_length_is_kept_to_the_letter(world: Cast) -> None:
    world.to("comments_open")
    row, words = world.facts()[1], "The date is the 9th. ✓ " * 20_000
    answer = world.client("manager").post(
        where(world, row), {"verdict": "inaccurate", "kind": "b", "claim": words, "base": 0}, headers=JSON
    )
    assert answer.json()["kind"] == "saved"
    assert Reply.objects.get(statement=row).claim == words


def test_b1_any_order_sent_twice_once_and_nobody_overwrites_a_colleague(world: Cast) -> None:
    world.to("comments_open")
    client, (first, *_rest, last) = world.client("manager"), world.facts()
    sent = {"verdict": "agreed", "kind": "", "claim": "", "base": 0}
    assert client.post(where(world, last), sent, headers=JSON).json()["version"] == 1
    assert client.post(where(world, first), sent, headers=JSON).json()["version"] == 1
    assert client.post(where(world, first), sent, headers=JSON).json()["version"] == 1
    met = client.post(where(world, first), sent | {"verdict": "incomplete", "claim": "Mine"}, headers=JSON)
    assert (met.status_code, met.json()["theirs"]["verdict"]) == (409, "agreed")
    plain = client.post(where(world, first), sent | {"verdict": "incomplete", "claim": "Mine"})
    assert plain.status_code == 409
    assert "Mine" in plain.content.decode()
    assert Reply.objects.get(statement=first).verdict == "agreed"
    assert client.post(where(world, first), sent | {"verdict": "incomplete", "claim": "Mine", "base": 1}).status_code == 302


@pytest.mark.parametrize(("who", "status"), [
    ("reader", 404), ("assessor", 404), ("rival", 404), ("commissioner", 404), ("stranger", 404), ("administrator", 404),
    ("publisher", 404), ("unassigned", 404), ("lead", 403), ("reviewer", 403),
])  # fmt: skip
def test_b1_only_the_provider_answers(world: Cast, who: str, status: int) -> None:
    world.to("comments_open")
    row = world.facts()[0]
    answer = world.client(who).post(where(world, row), {"verdict": "agreed", "base": 0}, headers=JSON)
    assert answer.status_code == status
    assert not Reply.objects.exists()


def test_b1_nothing_is_written_after_the_last_instant(world: Cast) -> None:
    world.to("comments_open")
    row = world.facts()[0]
    Report.objects.filter(pk=world.report.pk).update(comments_due_at=timezone.now() - timedelta(seconds=1))
    answer = world.client("manager").post(where(world, row), {"verdict": "agreed", "base": 0, "claim": "Late words"})
    assert answer.status_code == 409
    assert "Late words" in answer.content.decode()
    assert not Reply.objects.exists()


def test_b1_what_was_typed_and_never_sent_counts_when_time_is_over(world: Cast) -> None:
    world.to("comments_open")
    world.say(world.facts()[0], "inaccurate", "It was the 10th.")
    Report.objects.filter(pk=world.report.pk).update(comments_due_at=timezone.now() - timedelta(seconds=1))
    assert tasks.close_if_over(world.report)
    assert Reply.objects.get().sent_at is not None
    assert Event.objects.filter(verb="reports.report.close_comments").get().codes == {"sent": 1}


def test_none_received_is_a_recorded_result(world: Cast) -> None:
    world.to("comments_open")
    Report.objects.filter(pk=world.report.pk).update(comments_due_at=timezone.now() - timedelta(seconds=1))
    tasks.close_if_over(world.report)
    assert Event.objects.filter(verb="reports.report.close_comments").get().codes == {"sent": 0}
    page = world.client("reviewer").get(f"{LIST}{world.report.pk}/decisions/").content.decode()
    assert "None was received" in page


def commented(world: Cast) -> tuple[Statement, Reply]:
    """One point, waiting for a decision."""
    world.to("comments_open")
    row = world.facts()[1]
    world.say(row, "inaccurate", "Nine of ten were reviewed in time.")
    world.to("comments_review")
    return row, Reply.objects.get(statement=row)


def test_b1_every_point_needs_a_decision_with_a_reason(world: Cast) -> None:
    row, reply = commented(world)
    with pytest.raises(ValidationError, match=f"Not decided yet: {row.number}"):
        world.take("sign_decisions", by="reviewer")
    client = world.client("reviewer")
    assert client.get(f"{LIST}replies/{reply.pk}/").status_code == 200
    assert client.post(f"{LIST}replies/{reply.pk}/", {"outcome": "not_accepted", "reason": " "}).status_code == 422
    assert client.post(f"{LIST}replies/{reply.pk}/", {"outcome": "not_accepted", "reason": "The records say so."}).status_code == 302
    for who in ("lead", "inspector", "publisher", "manager"):
        assert world.client(who).post(f"{LIST}replies/{reply.pk}/", {"outcome": "accepted", "reason": "x"}).status_code in {403, 404}
    world.to("final_agreed")
    (decision,) = world.report.final_version().content["decisions"]
    assert (decision["number"], decision["outcome"], decision["reason"]) == (row.number, "not_accepted", "The records say so.")
    page = world.client("manager").get(f"{LIST}{world.report.pk}/").content.decode()
    assert "The records say so." in page


def test_b1_an_accepted_point_changes_the_text_and_the_change_is_listed(world: Cast) -> None:
    row, reply = commented(world)
    old = row.text
    accuracy.decide(reply, accuracy.Decision("accepted", "The log shows it.", "Reworded."), by=world.who("reviewer"))
    links = tuple(row.links.values_list("finding", flat=True))
    editing.change(row, editing.Words("One in ten plans was reviewed late.", True, False, links), base=row.version, by=world.who("lead"))
    world.to("final_agreed")
    (change,) = world.report.final_version().content["changes"]
    assert change == {"number": row.number, "kind": "changed", "before": old, "after": "One in ten plans was reviewed late."}


def test_perm_13_a_decision_changed_after_the_signature_is_signed_again(world: Cast) -> None:
    _row, reply = commented(world)
    accuracy.decide(reply, accuracy.Decision("accepted", "Yes.", ""), by=world.who("reviewer"))
    world.take("sign_decisions", by="reviewer")
    accuracy.decide(reply, accuracy.Decision("not_accepted", "No.", ""), by=world.who("reviewer"))
    with pytest.raises(ValidationError, match="sign again"):
        world.take("agree_final", by="lead")


def test_b1_new_material_opens_the_clock_for_that_statement_only(world: Cast) -> None:
    row, reply = commented(world)
    accuracy.decide(reply, accuracy.Decision("not_accepted", "No.", ""), by=world.who("reviewer"))
    other = world.facts()[2]
    links = tuple(other.links.values_list("finding", flat=True))
    editing.change(other, editing.Words("Two staff had no training.", True, False, links), base=other.version, by=world.who("lead"))
    assert guards.unseen_statements(world.report) == [other.number]
    with pytest.raises(ValidationError, match="has not seen"):
        world.take("sign_decisions", by="reviewer")
    client = world.client("reviewer")
    assert client.post(f"{LIST}statements/{other.pk}/open-again/", {"opened_for": ""}).status_code == 422
    assert client.post(f"{LIST}statements/{other.pk}/open-again/", {"opened_for": "A second record."}).status_code == 302
    with pytest.raises(ValidationError, match=f"Still with the provider: {other.number}"):
        world.take("sign_decisions", by="reviewer")
    page = world.client("manager").get(f"{LIST}{world.report.pk}/facts/").content.decode()
    assert page.count("data-reply ") == 1
    assert "Two staff had no training." in page
    with pytest.raises(ValidationError):
        world.say(row, "agreed")
    world.say(other, "agreed")
    accuracy.send_one(world.report, other.pk, by=world.who("manager"))
    world.to("final_agreed")


def test_b1_a_later_round_without_an_answer_ends_by_its_own_clock(world: Cast) -> None:
    world.to("comments_review")
    row = world.facts()[0]
    reply = accuracy.open_again(row, "New.", by=world.who("lead"))
    with pytest.raises(ValidationError):
        world.take("sign_decisions", by="reviewer")
    Reply.objects.filter(pk=reply.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    world.to("final_agreed")


def test_the_frozen_draft_is_what_the_provider_reads_whatever_is_written_meanwhile(world: Cast) -> None:
    world.to("comments_review")
    row = world.facts()[1]
    Statement.objects.filter(pk=row.pk).update(text="CNRY-unshown-words")
    version = world.report.versions.get(kind="draft")
    assert hashing.is_intact(version)
    for tail in ("", "facts/"):
        assert "CNRY-unshown-words" not in world.client("manager").get(f"{LIST}{world.report.pk}/{tail}").content.decode()


def test_evidence_comes_with_an_answer_and_both_sides_take_it(world: Cast, settings: Any) -> None:
    settings.CLAMD_ADDRESS = ""
    world.to("comments_open")
    row = world.facts()[1]
    file = io.BytesIO(b"week,reviewed\n1,9\n")
    file.name = "log.csv"
    answer = world.client("manager").post(f"{where(world, row)}file/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    stored = ReplyFile.objects.get()
    assert filing.names_kept({stored.stored_name}) == {stored.stored_name}
    for who, status in (("manager", 200), ("lead", 200), ("reviewer", 200), ("rival", 404), ("reader", 404), ("unassigned", 404)):
        got = world.client(who).get(f"{LIST}{world.report.pk}/files/{stored.pk}/")
        assert got.status_code == status
    assert "attachment" in world.client("lead").get(f"{LIST}{world.report.pk}/files/{stored.pk}/")["Content-Disposition"]


# --- B2 -------------------------------------------------------------------------------------------------------------------

CANARY = "CNRY-ref-4711"


@pytest.mark.django_db(databases=["default", "keyring"])
def test_b2_the_key_is_sealed_read_by_the_two_sides_and_in_nothing_that_leaves(world: Cast) -> None:
    world.to("comments_open")
    row = world.facts()[1]
    url = f"{LIST}{world.report.pk}/which-person/"
    sent = {"statement": str(row.pk), "label": "Person 3", "reference": CANARY}
    assert world.client("lead").post(url, sent).status_code == 302
    for who in ("lead", "inspector", "manager"):
        assert CANARY in world.client(who).get(url).content.decode()
    for who in ("reader", "rival", "reviewer", "publisher", "unassigned", "commissioner", "administrator", "stranger"):
        assert world.client(who).get(url).status_code == 404
    assert View.objects.filter(why="reports.key").exists()
    assert CANARY.encode() not in bytes(KeyEntry.objects.get().blob)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT codes FROM audit_event")
        assert CANARY not in json.dumps(cursor.fetchall())
    world.to("shared_restricted")
    assert CANARY not in json.dumps([version.content for version in world.report.versions.all()])
    assert world.client("manager").get(url).status_code == 404  # the check of facts is over


@pytest.mark.django_db(databases=["default", "keyring"])
def test_b2_no_name_becomes_a_reference(world: Cast) -> None:
    world.to("comments_open")
    with pytest.raises(ValidationError):
        keys.add(world.facts()[0], "Person 1", "Name: Anna Example", by=world.who("manager"))
    with pytest.raises(PermissionDenied):
        keys.add(world.facts()[0], "Person 1", "R-1", by=world.who("reviewer"))
    assert not KeyEntry.objects.exists()


@pytest.mark.django_db(databases=["default", "keyring"])
def test_b2_it_is_destroyed_on_its_day_and_an_old_copy_of_the_row_opens_no_more(world: Cast) -> None:
    world.to("comments_open")
    entry = keys.add(world.facts()[0], "Person 1", CANARY, by=world.who("manager"))
    blob = bytes(entry.blob)
    assert keys.destroy_due(entry.destroy_on - timedelta(days=1)) == 0
    assert keys.destroy_due(entry.destroy_on) == 1
    assert not RecordKey.objects.filter(record=entry.pk).exists()
    KeyEntry.objects.create(pk=entry.pk, statement=world.facts()[0], blob=blob, destroy_on=entry.destroy_on, by=world.people["manager"])
    assert keys.read(world.report, by=world.who("manager")) == []
