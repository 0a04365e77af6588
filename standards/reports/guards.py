"""What has to hold before a step of a report is taken. Each raises ``ValidationError`` in plain words, and changes nothing."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import hashing
from standards.reports import checking, freezing

if TYPE_CHECKING:
    from standards.reports.models import Reply, Report


def nothing_stops(report: "Report") -> None:
    """The linter finds nothing that must not be there: every judgement and rating has a finding, every finding its evidence."""
    stops = [str(problem.words) for problem in checking.look(report, quick=True) if problem.stops]
    if stops:
        raise ValidationError(stops)


def reason_given(reason: str, field: str = "reason") -> None:
    """Words are there."""
    if not reason.strip():
        raise ValidationError({field: _("Say why. It is kept with the report.")})


def approved_as_it_stands(report: "Report") -> None:
    """A reviewer approved exactly these words (PERM-13)."""
    if not report.reviewed_by_id:
        raise ValidationError(_("A quality reviewer approves the draft first."))
    if freezing.text_digest(report) != report.reviewed_sha256:
        raise ValidationError(_("The text is not what the reviewer approved. It has to be approved again."))


def recipients_can_answer(report: "Report", recipients: list[Any]) -> None:
    """There is at least one, and each may answer for the provider."""
    from standards.reports import permissions  # permissions know organisations; models know both

    if not recipients:
        raise ValidationError({"recipients": _("Choose who gets the draft, and make sure that they can answer.")})
    if not all(permissions.can_answer(person, report) for person in recipients):
        raise ValidationError({"recipients": _("One of these people cannot answer for the provider any more. Choose again.")})


def everybody_has_it(report: "Report") -> Any:
    """The instant from which it is proven to be there for every recipient. Raises until then."""
    proofs = [recipient.proven_at for recipient in report.recipients.all()]
    if not proofs or not all(proofs):
        raise ValidationError(_("It is not proven yet that everybody has the draft, so the clock does not run."))
    return max(proofs)


def time_is_over(report: "Report") -> None:
    """The clock has run out."""
    if report.comments_due_at is None or timezone.now() <= report.comments_due_at:
        raise ValidationError(_("There is still time to answer."))


def replies_of(report: "Report") -> "list[Reply]":
    """Every reply to this report, by statement and round."""
    from standards.reports.models import Reply  # the models ask this module

    rows = Reply.objects.filter(statement__report=report).select_related("statement")
    return list(rows.order_by("statement__number", "round"))


def every_comment_is_decided(report: "Report") -> None:
    """Each point that was sent has a decision with a reason, and no statement is still with the provider."""
    replies, now = replies_of(report), timezone.now()
    undecided = [row for row in replies if row.sent_at and row.verdict in ("inaccurate", "incomplete") and not row.outcome]
    if undecided:
        raise ValidationError(_("Not decided yet: %(numbers)s.") % {"numbers": _numbers(undecided)})
    if still := [row for row in replies if row.is_open(now)]:
        raise ValidationError(_("Still with the provider: %(numbers)s.") % {"numbers": _numbers(still)})


def nothing_unseen(report: "Report") -> None:
    """What is new since the draft was either asked for by the provider or shown to them: no new material without a right of answer."""
    unseen = unseen_statements(report)
    if unseen:
        words = _(
            "The provider has not seen these words: %(numbers)s. Open these statements to the provider again, or take the change back."
        )
        raise ValidationError(words % {"numbers": ", ".join(str(number) for number in unseen)})


def unseen_statements(report: "Report") -> list[int]:
    """Numbers of factual statements that read otherwise than in the draft, though no accepted comment and no later round explains it."""
    draft = report.versions.filter(kind="draft").last()
    was = {row["number"]: row["text"] for row in draft.content["statements"]} if draft else {}
    shown: dict[int, set[str]] = {}
    asked_for: set[int] = set()
    for row in replies_of(report):
        if row.shown:
            shown.setdefault(row.statement.number, set()).add(row.shown)
        if row.outcome in ("accepted", "partly"):
            asked_for.add(row.statement.number)
    return [
        row["number"]
        for row in freezing.statements_of(report)
        if row["asserts_fact"]
        and row["text"] != was.get(row["number"])
        and row["number"] not in asked_for
        and row["text"] not in shown.get(row["number"], set())
    ]


def decisions_as_signed(report: "Report") -> None:
    """The reviewer signed exactly these words and decisions."""
    if not report.decided_by_id:
        raise ValidationError(_("The reviewer signs the decisions first."))
    if decided_digest(report) != report.decided_sha256:
        raise ValidationError(_("Something changed since the reviewer signed. They have to sign again."))


def decided_digest(report: "Report") -> str:
    """Over the text and all decisions."""
    return hashing.digest({"text": freezing.text_digest(report), "decisions": freezing.decisions_of(report)})


def every_item_is_answered(report: "Report") -> None:
    """One answer for each item of the provider's, each agreed."""
    rows = report.items.filter(addressee="provider").select_related("response")
    missing = [row for row in rows if not hasattr(row, "response")]
    if missing:
        raise ValidationError(_("No answer yet to: %(numbers)s.") % {"numbers": ", ".join(str(row.number) for row in missing)})
    if waiting := [row for row in rows if row.response.agreed_at is None]:
        raise ValidationError(_("Not agreed yet: %(numbers)s.") % {"numbers": ", ".join(str(row.number) for row in waiting)})


def every_item_is_closed(report: "Report") -> None:
    """All items are closed or carried forward."""
    if rows := report.items.exclude(status__in=("closed", "carried")):
        raise ValidationError(_("Still open: %(numbers)s.") % {"numbers": ", ".join(str(row.number) for row in rows)})


def _numbers(rows: "list[Reply]") -> str:
    return ", ".join(str(number) for number in sorted({row.statement.number for row in rows}))
