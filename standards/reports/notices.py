"""Who is told what about a report. The sentences name nobody and nothing: they lead to the page that does."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import Can
from portal.audit.history import call
from portal.audit.models import Event
from portal.audit.notices import Telling, on, say
from portal.audit.outbox import enqueue
from providers.organisations.models import roles_of
from standards.actions.planning import people_who
from standards.reports import permissions, tasks
from standards.reports.models import GoodPracticeCard, NationalSummary, Rendition, Report

say("reports.for_review", _("A report waits for your review."))
say("reports.returned", _("A report was returned to its team. The remark says what has to change."))
say("reports.approved", _("The draft of a report was approved."))
say("reports.draft", _("The draft of a report is there: please check its facts."))
say("reports.clock", _("The time to check the facts of a report has begun."))
say("reports.extended", _("There is more time to check the facts of a report."))
say("reports.answers", _("The check of facts of a report is closed. Its comments wait for a decision."))
say("reports.open_again", _("A statement of a report was opened again for your answer."))
say("reports.signed", _("The decisions about a report were signed."))
say("reports.final", _("The final text of a report is agreed."))
say("reports.issued", _("A report was issued to your organisation."))
say("reports.withdrawn", _("A report was withdrawn."))
say("reports.items", _("A report asks for your answers to its items."))
say("reports.item_returned", _("An answer to an item of a report was returned. It says what is missing."))
say("reports.paused", _("Work on a report stands still."))
say("reports.resumed", _("Work on a report goes on."))
say("reports.national_made", _("The summary of a year was made. It waits for a second person who reads and releases it."))
say("reports.card_offered", _("You are asked whether others may learn from something your service does well."))
say("reports.card_agreed", _("A provider agreed to share good practice. Its words wait for the disclosure check."))
say("reports.card_returned", _("Good practice that you agreed to share was returned. The page says why."))
say("reports.card_shown", _("Good practice that you agreed to share can be read by others now."))
say("reports.card_declined", _("A provider does not share the good practice that was proposed."))
say("reports.card_withdrawn", _("A provider took its good practice back."))
say("reports.card_taken_down", _("Good practice of your service was taken down. The page says why."))

call("reports.report.begin", _("Began the report"))
call("reports.report.add_statement", _("Added a statement"))
call("reports.report.change_statement", _("Changed a statement"))
call("reports.report.remove_statement", _("Took a statement out"))
call("reports.report.put_back_statement", _("Put a statement back"))
call("reports.report.write_summary_statement", _("Wrote words for a summary"))
call("reports.report.write_item", _("Wrote an item"))
call("reports.report.receive", _("Confirmed having the draft"))
call("reports.report.decide", _("Decided a comment"))
call("reports.report.open_again", _("Opened a statement to the provider again"))
call("reports.report.send_one_answer", _("Sent the answer to a statement"))
call("reports.report.add_reply_file", _("Added a file to an answer"))
call("reports.report.add_key_entry", _("Wrote an entry of the sealed key"))
call("reports.report.destroy_key_entry", _("An entry of the sealed key was destroyed"))
call("reports.report.respond", _("Answered an item"))
call("reports.report.agree_answer", _("Agreed an answer"))
call("reports.report.return_answer", _("Returned an answer"))
call("reports.report.follow_up", _("Looked what became of an item"))
call("reports.nationalsummary.prepare", _("Froze its figures"))
call("reports.goodpracticecard.propose", _("Proposed it to the provider"))
call("reports.goodpracticecard.resolve_hit", _("Resolved a hit of the disclosure check"))


def _report(event: Event) -> Report:
    found: Report = Report.objects.select_related("inspection").get(pk=event.subject_id)
    return found


def _tell(people: Iterable[Any], kind: str, link: str) -> Iterator[Telling]:
    return (Telling(to=person, kind=kind, link=link) for person in people)


def _team(report: Report) -> list[Any]:
    """Its team, as far as they may read it now: a notice is no side door (C20)."""
    members = [row.user for row in report.inspection.team.filter(ended_at__isnull=True).select_related("user")]
    return [person for person in members if permissions.can_draft(person, report)]


def _reviewers(report: Report) -> list[Any]:
    return [person for person in people_who([report.organisation_id], Can.REVIEW_QUALITY) if permissions.can_review(person, report)]


def _publishers(report: Report) -> list[Any]:
    return [person for person in people_who([report.organisation_id], Can.PUBLISH_REPORTS) if permissions.can_publish(person, report)]


def _provider(report: Report) -> Any:
    return people_who([report.inspection.provider_id], Can.APPROVE)


def _show(report: Report) -> str:
    return reverse("reports:show", args=[report.pk])


@on("reports.report.send_to_review")
def for_review(event: Event) -> Iterable[Telling]:
    """Whoever may review it."""
    row = _report(event)
    return _tell(_reviewers(row), "reports.for_review", _show(row))


@on("reports.report.return_to_team")
def returned(event: Event) -> Iterable[Telling]:
    """Its team (C48)."""
    row = _report(event)
    return _tell(_team(row), "reports.returned", _show(row))


@on("reports.report.approve_draft", "reports.report.sign_decisions")
def approved(event: Event) -> Iterable[Telling]:
    """Its team: the lead goes on."""
    row = _report(event)
    kind = "reports.approved" if event.verb.endswith("approve_draft") else "reports.signed"
    return _tell(_team(row), kind, _show(row))


@on("reports.report.issue_draft")
def draft_issued(event: Event) -> Iterator[Telling]:
    """Every recipient, each by a mail of their own that proves availability (C16, C22)."""
    row = _report(event)
    for recipient in row.recipients.select_related("user"):
        enqueue("reports.tell_recipient", key=f"reports.tell:{recipient.pk}", recipient=str(recipient.pk))
        yield Telling(to=recipient.user, kind="reports.draft", link=reverse("reports:facts", args=[row.pk]))


@on("reports.report.open_comments", "reports.report.extend", "reports.report.resume")
def clock_runs(event: Event) -> Iterator[Telling]:
    """Both sides: they see one clock. And the job that ends it."""
    row = _report(event)
    if row.status == Report.Status.COMMENTS_OPEN:
        tasks.plan_close(row)
    verb = event.verb.rsplit(".", 1)[1]
    kind = {"open_comments": "reports.clock", "extend": "reports.extended", "resume": "reports.resumed"}[verb]
    yield from _tell(_team(row), kind, _show(row))
    if row.status in Report.DRAFT_WITH_PROVIDER:
        people = User.objects.filter(pk__in=row.recipients.values("user"), is_active=True)
        yield from _tell(people, kind, reverse("reports:facts", args=[row.pk]))


@on("reports.report.send_answers", "reports.report.close_comments")
def answers_are_there(event: Event) -> Iterable[Telling]:
    """Reviewers, who decide; the team reads."""
    row = _report(event)
    return _tell([*_reviewers(row), *_team(row)], "reports.answers", reverse("reports:decisions", args=[row.pk]))


@on("reports.report.open_again")
def opened_again(event: Event) -> Iterable[Telling]:
    """Whoever answers for the provider."""
    row = _report(event)
    return _tell(_provider(row), "reports.open_again", reverse("reports:facts", args=[row.pk]))


@on("reports.report.agree_final")
def final(event: Event) -> Iterator[Telling]:
    """The provider, and publishers."""
    row = _report(event)
    yield from _tell([*_provider(row), *_publishers(row)], "reports.final", _show(row))


@on("reports.report.issue_restricted", "reports.report.publish", "reports.report.withhold", "reports.report.issue_more")
def issued(event: Event) -> Iterator[Telling]:
    """In the organisations that were added: whoever reads there."""
    row = _report(event)
    for rendition in Rendition.objects.filter(version__report=row, withdrawn_at__isnull=True):
        link = reverse("reports:issued", args=[rendition.pk])
        for pk in rendition.issues.filter(ended_at__isnull=True).values_list("organisation", flat=True):
            if str(pk) in event.codes.get("with", ()):
                yield from _tell(_readers(pk), "reports.issued", link)


def _readers(organisation: Any) -> Iterator[Any]:
    seen = set()
    for what in (Can.READ, Can.READ_SHARED, Can.READ_AGGREGATES):
        for person in people_who([organisation], what):
            if person.pk not in seen:
                seen.add(person.pk)
                yield person


@on("reports.report.withdraw")
def withdrawn(event: Event) -> Iterator[Telling]:
    """Whoever had it: they may have worked with it."""
    for pk in event.codes.get("with", ()):
        yield from _tell(_readers(pk), "reports.withdrawn", reverse("reports:index"))


@on("reports.report.ask_for_answers")
def items_wait(event: Event) -> Iterable[Telling]:
    """Whoever answers for the provider."""
    row = _report(event)
    return _tell(_provider(row), "reports.items", reverse("reports:items", args=[row.pk]))


@on("reports.report.return_answer")
def item_returned(event: Event) -> Iterable[Telling]:
    """Whoever answers for the provider: one click to the item (C48)."""
    row = _report(event)
    item = row.items.get(number=event.codes["item"])
    return _tell(_provider(row), "reports.item_returned", reverse("reports:respond", args=[item.pk]))


@on("reports.report.pause")
def paused(event: Event) -> Iterator[Telling]:
    """The team, and the provider if they have the draft: their clock stands still."""
    row = _report(event)
    yield from _tell(_team(row), "reports.paused", _show(row))
    if row.paused_from in Report.DRAFT_WITH_PROVIDER:
        yield from _tell(_provider(row), "reports.paused", reverse("reports:index"))


# --- Good practice -------------------------------------------------------------------------------------------------------


def _card(event: Event) -> GoodPracticeCard:
    found: GoodPracticeCard = GoodPracticeCard.objects.in_full().get(pk=event.subject_id)
    return found


def _tell_of(people: Iterable[Any], kind: str, card: GoodPracticeCard) -> Iterable[Telling]:
    return _tell(people, kind, reverse("reports:card", args=[card.pk]))


TO_PROVIDER = {
    "propose": "reports.card_offered", "give_back": "reports.card_returned", "show": "reports.card_shown",
    "take_down": "reports.card_taken_down",
}  # fmt: skip


@on(*(f"reports.goodpracticecard.{verb}" for verb in TO_PROVIDER))
def to_provider(event: Event) -> Iterable[Telling]:
    """Whoever speaks for the provider."""
    card = _card(event)
    return _tell_of(people_who([card.provider_id], Can.APPROVE), TO_PROVIDER[event.verb.rsplit(".", 1)[1]], card)


@on("reports.goodpracticecard.consent")
def to_check(event: Event) -> Iterable[Telling]:
    """Whoever may check it."""
    card = _card(event)
    people = people_who([card.statement.report.organisation_id], Can.PUBLISH_REPORTS)
    return _tell_of([person for person in people if permissions.can_check_card(person, card)], "reports.card_agreed", card)


@on("reports.goodpracticecard.decline", "reports.goodpracticecard.withdraw")
def to_proposer(event: Event) -> Iterable[Telling]:
    """Who proposed it, while they may still read the report; and after it was shown, who showed it."""
    card = _card(event)
    kind = "reports.card_declined" if event.verb.endswith("decline") else "reports.card_withdrawn"
    people = {person.pk: person for person in (card.offered_by, card.shown_by) if person is not None}
    readers = [person for person in people.values() if GoodPracticeCard.objects.handled_by(person).contains(card)]
    return _tell_of(readers, kind, card)


# --- The year ------------------------------------------------------------------------------------------------------------


@on("reports.nationalsummary.prepare")
def national_made(event: Event) -> Iterable[Telling]:
    """Publishers who may release it: colleagues of who made it."""
    row = NationalSummary.objects.get(pk=event.subject_id)
    homes = [membership.organisation_id for membership in roles_of(row.made_by)]
    people = [person for person in people_who(homes, Can.PUBLISH_REPORTS) if permissions.can_release(person, row)]
    return _tell(people, "reports.national_made", reverse("reports:national_show", args=[row.pk]))
