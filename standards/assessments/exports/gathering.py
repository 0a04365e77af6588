"""Fetches what an export needs, for one reader, in a fixed number of queries."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from providers.organisations.permissions import can
from standards.actions.models import Action, Source
from standards.assessments import freezing, frozen
from standards.assessments.exports.content import Block, Document, Extra, Pairs, Raw, day, document, moment, pairs
from standards.assessments.models import Assessment, Remark, Snapshot


def document_for(assessment: Assessment, user: Any) -> Document:
    """Everything this person may read of ``assessment``, in the active language.

    One's own: a draft as it stands, and a sent one from its frozen copy, both with remarks, division of work and the actions of
    today. Shared with one: the frozen copy as audiences see it. Raises ``Snapshot.DoesNotExist`` when there is nothing to show.
    """
    if can(user, Can.READ, assessment.organisation_id):
        snapshot = (
            None if assessment.status == Assessment.Status.DRAFT else assessment.snapshots.filter(revision=assessment.revision).first()
        )
        content = snapshot.content if snapshot else freezing.content_of(assessment, freezing.answers_of(assessment), by=user)
        return document(content, _inside(assessment, snapshot, content))
    snapshot = assessment.standing()
    if snapshot is None:
        raise Snapshot.DoesNotExist
    return document(frozen.for_audience(snapshot.content) | {"sections": []}, Extra(facts=_proof(snapshot)))


def _inside(assessment: Assessment, snapshot: Snapshot | None, content: Raw) -> Extra:
    chapters = assessment.edition.chapters.values_list("code", "provenance_note")
    return Extra(
        facts=(
            *pairs(
                (_("State"), assessment.get_status_display()),
                (_("To be finished by"), day(assessment.due_on)),
                (_("Approved"), moment(assessment.approved_at)),
                (_("Approved by"), assessment.approved_by),
            ),
            *_shares(assessment),
            *(_proof(snapshot) if snapshot else pairs((_("Note"), _("A draft: it can still change, so it has no receipt.")))),
        ),
        remarks=tuple(_remark(remark) for remark in _remarks(assessment)),
        actions=_actions(content),
        provenance_notes=dict(chapters),
    )


def _proof(snapshot: Snapshot) -> Pairs:
    return pairs((_("Receipt"), snapshot.receipt), ("SHA-256", snapshot.sha256))


def _shares(assessment: Assessment) -> Pairs:
    shares = assessment.shares.filter(ended_at__isnull=True).select_related("organisation").order_by("shared_at")
    return pairs(*((_("Shared with"), f"{share.organisation}, {day(share.shared_at)}") for share in shares))


def _remarks(assessment: Assessment) -> list[Remark]:
    return list(assessment.remarks.select_related("chapter", "answer__indicator__standard__chapter", "by", "settled_by").order_by("at"))


def _remark(remark: Remark) -> tuple[str, str, Block]:
    indicator = remark.answer.indicator if remark.answer else None
    chapter = indicator.standard.chapter if indicator else remark.chapter
    said = pairs(
        (_("By"), remark.by), (_("On"), moment(remark.at)), (_("Settled by"), remark.settled_by), (_("Settled"), moment(remark.settled_at))
    )
    return chapter.code if chapter else "", indicator.code if indicator else "", Block(remark.text, said)


def _actions(content: Raw) -> dict[str, tuple[Block, ...]]:
    ids = [row["answer"]["id"] for row in freezing.indicators_of(dict(content))]
    found: dict[str, list[Block]] = defaultdict(list)
    rows = Action.objects.of_source(Source.ANSWER, ids).select_related("owner", "done_by", "verified_by", "created_by")
    for action in rows.order_by("due_on", "created_at", "pk"):
        found[str(action.source_id)].append(_action(action))
    return {answer: tuple(blocks) for answer, blocks in found.items()}


def _action(action: Action) -> Block:
    return Block(
        action.what,
        pairs(
            (_("Status"), action.get_status_display()),
            (_("Overdue"), _("yes") if action.is_overdue() else ""),
            (_("Priority"), action.get_priority_display()),
            (_("Responsible"), action.get_owner_role_display()),
            (_("Person"), action.owner),
            (_("Start"), day(action.start_on)),
            (_("Due"), day(action.due_on)),
            (_("How it was done"), action.completion),
            (_("Done by"), action.done_by),
            (_("Done"), moment(action.done_at)),
            (_("Verified by"), action.verified_by),
            (_("Verified"), moment(action.verified_at)),
            (_("What is still missing"), action.returned_reason),
            (_("Why it was cancelled"), action.cancelled_reason),
            (_("Planned by"), action.created_by),
            (_("Planned"), moment(action.created_at)),
        ),
    )
