"""What is sent is copied whole: the guard, the copy, its hash, its receipt, and the approval bound to it."""

import copy
import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from portal import hashing
from portal.audit.models import Event
from standards.actions.models import NoActionReason, Source
from standards.assessments import freezing, frozen, scoring
from standards.assessments.models import Answer, Approval, Assessment, Snapshot
from tests.integration.standards import plans
from tests.integration.standards.assessments.cast import Cast, draft, evidence


def problems(world: Cast) -> list[tuple[str | None, Any]]:
    with pytest.raises(ValidationError) as refused:
        world.send()
    return [(error.code, (error.params or {})["indicator"]) for error in refused.value.error_list]


def change(world: Cast, code: str, **values: Any) -> None:
    Answer.objects.filter(assessment=world.row, indicator__code=code).update(**values)


# --- The guard --------------------------------------------------------------------------------------------------------


def test_everything_that_is_missing_is_named_at_once(world: Cast) -> None:
    change(world, "PRI-01-b", value="")
    change(world, "PRI-01-c", value="not_applicable", comment=" ")
    change(world, "RSK-01-b", comment="")
    NoActionReason.objects.filter(source_id=world.row.answers.get(indicator__code="RSK-01-a").pk).delete()
    assert problems(world) == [
        ("unanswered", "PRI-01-b"), ("no_reason", "PRI-01-c"), ("no_action", "RSK-01-a"), ("no_support", "RSK-01-b"),
    ]  # fmt: skip
    assert world.now().status == "draft"
    assert not Snapshot.objects.filter(assessment=world.row).exists()


def test_each_problem_carries_the_answer_it_is_about(world: Cast) -> None:
    change(world, "PRI-01-b", value="")
    with pytest.raises(ValidationError) as refused:
        world.send()
    answer = world.row.answers.get(indicator__code="PRI-01-b")
    assert (refused.value.error_list[0].params or {})["answer"] == str(answer.pk)


def test_c8_what_was_carried_and_not_confirmed_stands_in_the_way(world: Cast) -> None:
    other = draft(world.service, world.edition, world.assessor)
    change(world, "PRI-01-b", carried_from=other.answers.get(indicator__code="PRI-01-b"))
    assert problems(world) == [("unconfirmed", "PRI-01-b")]


def test_evidence_supports_an_answer_without_words_but_not_when_it_was_put_aside(world: Cast) -> None:
    change(world, "RSK-01-b", comment="")
    answer = world.row.answers.get(indicator__code="RSK-01-b")
    item = evidence(answer, world.assessor)
    item.retired_at = item.created_at
    item.save()
    assert problems(world) == [("no_support", "RSK-01-b")]
    item.retired_at = None
    item.save()
    assert world.send().status == "in_review"


@pytest.mark.parametrize("status", ["open", "in_progress", "cancelled"])
def test_a_critical_gap_is_answered_by_an_action_that_was_not_cancelled(world: Cast, status: str) -> None:
    answer = world.row.answers.get(indicator__code="RSK-01-a")
    NoActionReason.objects.filter(source_id=answer.pk).delete()
    plans.action_of(
        world.service, world.assessor, source=Source.ANSWER, source_id=answer.pk, status=status,
        cancelled_reason="Not needed" if status == "cancelled" else "",
    )  # fmt: skip
    if status == "cancelled":
        assert problems(world) == [("no_action", "RSK-01-a")]
    else:
        assert world.send().status == "in_review"


# --- The copy ---------------------------------------------------------------------------------------------------------


def test_c6_sending_is_one_act_with_a_receipt_a_copy_and_a_hash(world: Cast) -> None:
    row = world.send()
    snapshot = row.snapshots.get()
    assert row.status == "in_review"
    assert (row.submitted_by, row.submitted_at) == (world.assessor, snapshot.made_at)
    assert hashing.is_intact(snapshot)
    assert len(snapshot.receipt) == 9
    assert set(snapshot.receipt) <= set(freezing.LETTERS)
    event = Event.objects.about(row).get(verb="assessments.assessment.submit")
    assert event.codes == {"receipt": snapshot.receipt, "sha256": snapshot.sha256, "revision": 1}


def test_c9_the_copy_holds_everything_and_no_remark(world: Cast) -> None:
    answer = world.row.answers.get(indicator__code="PRI-01-b")
    item = evidence(answer, world.assessor, reference="Shelf 4, canary-reference")
    item.files.create(number=1, shown_name="audit.pdf", media_type="application/pdf", size=12, sha256="ab" * 32, added_by=world.assessor)
    gap = world.row.answers.get(indicator__code="RSK-01-a")
    plans.action_of(world.service, world.assessor, source=Source.ANSWER, source_id=gap.pk, what="canary-action")
    world.row.remarks.create(text="canary-remark", by=world.manager, organisation_id=world.provider.pk)
    change(world, "PRI-01-b", comment="canary-comment ŵ ሀ", confidence="document")
    content = world.send().snapshots.get().content
    written = json.dumps(content, ensure_ascii=False)
    for expected in (
        "canary-comment ŵ ሀ", "canary-reference", "canary-action", "audit.pdf", "ab" * 32, "2026-03-31", "The landlord does it.", "Asha",
        "Show PRI 1", "Standard PRI", "Chapter RSK", world.service.name, world.provider.name, world.edition.code, "document",
    ):  # fmt: skip
        assert expected in written, expected
    assert "canary-remark" not in written
    assert content["rules"]["caps"] == {"not_met": 39, "partly_met": 69}
    # One critical indicator partly met caps each standard: (1 + 3 + 3) of 9 is 78, and 69 stands.
    assert [(chapter["code"], chapter["percent"]) for chapter in content["scores"]["chapters"]] == [("PRI", 69), ("RSK", 69)]
    assert content["scores"]["chapters"][0]["parts"][0]["uncapped"] == "7/9"
    assert content["scores"]["critical_gaps"] == ["PRI-01-a", "RSK-01-a"]


def test_c7_figures_read_from_the_copy_are_those_of_scoring(world: Cast) -> None:
    snapshot = world.send().snapshots.get()
    assert frozen.result_of(snapshot.content) == scoring.work_out(freezing.items_of(freezing.answers_of(world.now())))


def test_sending_costs_as_many_queries_for_300_answers_as_for_30(django_assert_max_num_queries: Any, world: Cast) -> None:
    with django_assert_max_num_queries(40) as few:
        world.send()
    big = draft(world.service, plans.edition_of(indicators=10), world.assessor)
    with django_assert_max_num_queries(len(few) + 2):
        big.submit(by=world.who("assessor"))


def test_a_hash_is_of_the_content_alone_whatever_the_order_of_its_keys(world: Cast) -> None:
    content = world.send().snapshots.get().content
    assert hashing.digest(dict(reversed(content.items()))) == hashing.digest(content)
    other = copy.deepcopy(content)
    other["chapters"][0]["standards"][0]["indicators"][0]["answer"]["comment"] += " "
    assert hashing.digest(other) != hashing.digest(content)


def test_receipts_are_unique_and_the_database_says_so(world: Cast) -> None:
    first = world.send().snapshots.get()
    receipts = {freezing._receipt(world.now()) for _at in range(500)}
    assert len(receipts) == 500
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.create(
            assessment=world.row, revision=9, content={}, sha256="0" * 64, receipt=first.receipt, made_by=world.assessor
        )


# --- Nobody changes it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE assessments_snapshot SET content = '{}'", "UPDATE assessments_snapshot SET receipt = receipt",
        "DELETE FROM assessments_snapshot", "UPDATE assessments_approval SET at = at", "DELETE FROM assessments_approval",
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_what_was_frozen(world: Cast, act: str) -> None:
    world.approve()
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)
    assert hashing.is_intact(Snapshot.objects.get(assessment=world.row))


def test_a_changed_copy_is_told_by_its_hash(world: Cast) -> None:
    snapshot = world.send().snapshots.get()
    snapshot.content["assessment"]["title"] = "Another"
    assert not hashing.is_intact(snapshot)


# --- The approval is bound to it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["value = 'fully_met'", "comment = 'Something else'", "confidence = 'observed'"])
def test_perm_13_answers_changed_behind_our_back_are_not_approved(world: Cast, column: str) -> None:
    world.send()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE assessments_answer SET {column} WHERE id = %s",  # noqa: S608 - our own words
            [world.row.answers.get(indicator__code="PRI-01-a").pk],
        )
    with pytest.raises(ValidationError, match="PRI-01-a"):
        world.now().approve(by=world.who("manager"))
    assert world.now().status == "in_review"
    assert not Approval.objects.filter(snapshot__assessment=world.row).exists()


def test_perm_13_evidence_taken_away_behind_our_back_is_not_approved(world: Cast) -> None:
    answer = world.row.answers.get(indicator__code="PRI-01-b")
    evidence(answer, world.assessor)
    world.send()
    answer.uses.all().delete()
    with pytest.raises(ValidationError, match="PRI-01-b"):
        world.now().approve(by=world.who("manager"))


def test_perm_13_an_approval_names_the_hash(world: Cast) -> None:
    row = world.approve()
    approval = Approval.objects.get(snapshot__assessment=row)
    assert approval.sha256 == row.snapshots.get().sha256
    assert Event.objects.about(row).get(verb="assessments.assessment.approve").codes == {"sha256": approval.sha256}


def test_perm_13_the_only_author_does_not_approve(world: Cast) -> None:
    Answer.objects.filter(assessment=world.row).update(answered_by=world.manager)
    world.send()
    with pytest.raises(PermissionDenied):
        world.now().approve(by=world.who("manager"))
    change(world, "PRI-01-a", answered_by=world.assessor)
    assert not world.now().is_only_author(world.manager)


def test_who_wrote_it_last_time_is_no_author_of_this_time(world: Cast) -> None:
    old = draft(world.service, world.edition, world.assessor)
    for answer in world.row.answers.all():
        Answer.objects.filter(pk=answer.pk).update(
            carried_from=old.answers.get(indicator=answer.indicator_id), answered_at=old.created_at.replace(year=2020),
            confirmed_by=world.manager, confirmed_at=world.row.created_at,
        )  # fmt: skip
    assert world.now().is_only_author(world.manager)


def test_old_copies_stay_when_a_new_revision_begins(world: Cast) -> None:
    row = world.approve()
    first = row.snapshots.get()
    assert not first.is_superseded
    row.reopen("A figure was wrong.", by=world.who("manager"))
    change(world, "PRI-01-b", comment="Corrected.")
    world.approve()
    assert [(copy.revision, copy.is_superseded) for copy in world.now().snapshots.select_related("assessment")] == [(2, False), (1, True)]
    assert hashing.is_intact(Snapshot.objects.get(pk=first.pk))
    assert world.now().standing() == world.now().snapshots.get(revision=2)
    assert Assessment.objects.ever_approved().filter(pk=row.pk).exists()
