"""The check of facts (B1): the provider answers statement by statement, the reviewer decides each point, both read one clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from standards.reports import deadlines, permissions
from standards.reports.editing import Outdated
from standards.reports.models import Reply, Report, Statement


@dataclass(frozen=True)
class Line:
    """A frozen statement with what was said about it. ``reply``: the round that is open or was the last; ``rounds``: all."""

    frozen: Mapping[str, Any]
    statement_id: str
    text: str
    reply: Reply | None
    rounds: tuple[Reply, ...]
    is_open: bool

    @property
    def number(self) -> int:
        """As people cite it."""
        return int(self.frozen["number"])


def lines(report: Report, content: Mapping[str, Any]) -> list[Line]:
    """Every statement of fact the provider is asked about: those of the draft, and those shown later. Two queries."""
    replies: dict[str, list[Reply]] = {}
    for row in (
        Reply.objects.filter(statement__report=report).select_related("by", "decided_by").prefetch_related("files").order_by("round")
    ):
        replies.setdefault(str(row.statement_id), []).append(row)
    frozen = {row["id"]: row for row in content["statements"] if row["asserts_fact"]}
    later = report.statements.filter(pk__in=[pk for pk in replies if pk not in frozen]).select_related("standard")
    frozen |= {
        str(row.pk): {"id": str(row.pk), "number": row.number, "section": row.section, "text": "", "key_question": row.key_question,
                      "standard": row.standard.code if row.standard else "", "findings": []}
        for row in later
    }  # fmt: skip
    now = timezone.now()
    return [_line(report, row, replies.get(pk, []), now) for pk, row in frozen.items()]


def _line(report: Report, frozen: Mapping[str, Any], rounds: list[Reply], now: Any) -> Line:
    last = rounds[-1] if rounds else None
    text = next((row.shown for row in reversed(rounds) if row.shown), frozen["text"])
    return Line(frozen, frozen["id"], text, last, tuple(rounds), _is_open(report, last, now))


def _is_open(report: Report, last: Reply | None, now: Any) -> bool:
    if report.status == Report.Status.COMMENTS_OPEN:
        return report.comments_due_at is not None and now <= report.comments_due_at
    return report.status == Report.Status.COMMENTS_REVIEW and last is not None and last.is_open(now)


@dataclass(frozen=True)
class Saying:
    """What the provider writes about one statement. As long as they like."""

    verdict: str
    kind: str
    claim: str


def save(report: Report, statement_id: Any, saying: Saying, *, base: int, by: Any) -> Reply:
    """Keep what is typed. Sent twice it happens once; who comes second gets both texts (``Outdated``).

    Raises ``PermissionDenied``, ``Statement.DoesNotExist``, and ``ValidationError`` once the clock has run out.
    """
    with transaction.atomic():
        row = Report.objects.select_for_update(of=("self",)).select_related("inspection").get(pk=report.pk)
        if not permissions.can_answer(by, row):
            raise PermissionDenied
        statement = Statement.objects.get(pk=statement_id, report=row)
        reply = open_reply(row, statement)
        if (reply.verdict, reply.kind, reply.claim) == (saying.verdict, saying.kind, saying.claim) and reply.version:
            return reply
        if reply.version != base:
            raise Outdated(reply)
        reply.verdict, reply.kind, reply.claim = saying.verdict, saying.kind, saying.claim
        reply.by, reply.at, reply.version = by, timezone.now(), reply.version + 1
        reply.full_clean(exclude=["statement"], validate_unique=False)
        reply.save()
    return reply


def open_reply(report: Report, statement: Statement) -> Reply:
    """The reply that may be written now. Raises ``ValidationError`` when none may."""
    last: Reply | None = statement.replies.order_by("-round").first()
    if not _is_open(report, last, timezone.now()):
        raise ValidationError(
            _("The time to answer is over. Nothing was changed; your words are still on this page, so you can copy them.")
        )
    if report.status == Report.Status.COMMENTS_OPEN and last is None:
        draft = report.versions.filter(kind="draft").last()
        asked = {row["id"] for row in draft.content["statements"] if row["asserts_fact"]} if draft else set()
        if str(statement.pk) not in asked:
            raise Statement.DoesNotExist
        return Reply(statement=statement, round=1)
    if last is None:
        raise Statement.DoesNotExist
    found: Reply = last
    return found


def send_one(report: Report, statement_id: Any, *, by: Any) -> Reply:
    """The answer to a statement that was opened again is sent by itself."""
    with transaction.atomic():
        row = Report.objects.select_for_update(of=("self",)).select_related("inspection").get(pk=report.pk)
        if not permissions.can_answer(by, row):
            raise PermissionDenied
        reply = open_reply(row, Statement.objects.get(pk=statement_id, report=row))
        if reply.round < 2 or not reply.verdict:
            raise ValidationError(_("Say first whether it is right."))
        reply.sent_at = timezone.now()
        reply.save(update_fields=["sent_at"])
        record("reports.report.send_one_answer", row, by=by, codes={"statement": reply.statement.number, "round": reply.round})
    return reply


@dataclass(frozen=True)
class Decision:
    """What the reviewer decides about one point."""

    outcome: str
    reason: str
    change: str


def decide(reply: Reply, decision: Decision, *, by: Any) -> Reply:
    """Accepted, partly or not: each with a reason. May be changed until the final text is agreed."""
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).select_related("inspection").get(statements=reply.statement_id)
        row: Reply = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
        if not permissions.can_review(by, report):
            raise PermissionDenied
        if report.status != Report.Status.COMMENTS_REVIEW or row.sent_at is None:
            raise ValidationError(_("This cannot be decided now."))
        if decision.outcome not in Reply.Outcome.values or not decision.reason.strip():
            raise ValidationError({"reason": _("Give a reason: the provider reads it beside their own words.")})
        row.outcome, row.outcome_reason, row.change_made = decision.outcome, decision.reason, decision.change
        row.decided_by, row.decided_at = by, timezone.now()
        row.save()
        record(
            "reports.report.decide", report, by=by, codes={"statement": row.statement.number, "round": row.round, "outcome": row.outcome}
        )
    return row


def open_again(statement: Statement, what_is_new: str, *, by: Any) -> Reply:
    """New material: the clock runs anew for this statement only, with the words as they stand now. By the reviewer or the lead."""
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).select_related("inspection__regime").get(pk=statement.report_id)
        if not (permissions.can_review(by, report) or permissions.can_lead(by, report)):
            raise PermissionDenied
        if report.status != Report.Status.COMMENTS_REVIEW:
            raise ValidationError(_("Statements are opened again while comments are being decided."))
        if not what_is_new.strip():
            raise ValidationError({"opened_for": _("Say what is new, so that the provider knows what to look at.")})
        row = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        last = row.replies.order_by("-round").first()
        if last is not None and last.is_open():
            raise ValidationError(_("It is open to the provider already."))
        found = deadlines.due(report.inspection.regime, "comments_open", timezone.now())
        assert found is not None  # noqa: S101 - there is a default
        reply: Reply = row.replies.create(
            round=max(last.round if last else 1, 1) + 1, shown=row.text, opened_for=what_is_new, due_at=found[0].at
        )
        row.new_since = reply.round
        row.save(update_fields=["new_since"])
        record("reports.report.open_again", report, by=by, codes={"statement": row.number, "round": reply.round})
    return reply


def progress(found: Iterable[Line]) -> dict[str, int]:
    """How many statements there are, and how many have an answer."""
    rows = list(found)
    return {"total": len(rows), "answered": sum(bool(line.reply and line.reply.verdict) for line in rows)}
