"""Who is told what about a self-assessment. The sentences name nobody and nothing: they lead to the page that does."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.audit.models import Event
from portal.audit.notices import Telling, on, say
from standards.assessments import addresses
from standards.assessments.models import Assessment, Remark, Section
from standards.assessments.teams import approvers, authors, people_who

say("assessments.sent_for_review", _("A self-assessment waits for your review."))
say("assessments.returned", _("A self-assessment was returned. The comment says what has to change."))
say("assessments.approved", _("A self-assessment was approved."))
say("assessments.reopened", _("A self-assessment was opened again."))
say("assessments.shared", _("An organisation shares a self-assessment with you."))
say("assessments.not_shared", _("A self-assessment is not shared with you any more."))
say("assessments.section_given", _("You were given a part of a self-assessment."))
say("assessments.section_returned", _("A part of a self-assessment was returned to you. The comment says what has to change."))
say("assessments.section_ready", _("A part of a self-assessment is said to be ready."))
say("assessments.remark", _("Somebody wrote a remark about an answer of yours."))


@on("assessments.assessment.submit")
def sent_for_review(event: Event) -> Iterable[Telling]:
    """Whoever may approve."""
    row = Assessment.objects.get(pk=event.subject_id)
    return _tell(approvers(row), "assessments.sent_for_review", reverse("assessments:review", args=[row.pk]))


@on("assessments.assessment.send_back")
def returned(event: Event) -> Iterable[Telling]:
    """Its authors: the remarks say why (C48)."""
    row = Assessment.objects.get(pk=event.subject_id)
    return _tell(authors(row), "assessments.returned", reverse("assessments:remarks", args=[row.pk]))


@on("assessments.assessment.approve")
def approved(event: Event) -> Iterable[Telling]:
    """Its authors."""
    row = Assessment.objects.get(pk=event.subject_id)
    return _tell(authors(row), "assessments.approved", reverse("assessments:results", args=[row.pk]))


@on("assessments.assessment.share")
def shared(event: Event) -> Iterator[Telling]:
    """In the organisations that were added: whoever may read what is shared."""
    row = Assessment.objects.get(pk=event.subject_id)
    link = reverse("assessments:frozen_copy", args=[row.pk, row.revision])
    for organisation in event.codes.get("with", ()):
        yield from _tell(people_who(Can.READ_SHARED, organisation), "assessments.shared", link)


@on(*(f"assessments.assessment.{verb}" for verb in ("unshare", "keep_private", "reopen", "archive")))
def not_shared(event: Event) -> Iterator[Telling]:
    """Whoever could read it until then: they may have worked with it (C34). Its own people hear of a new revision."""
    for organisation in event.codes.get("with", ()):
        yield from _tell(people_who(Can.READ_SHARED, organisation), "assessments.not_shared", reverse("workspace:start"))
    if event.verb.endswith("reopen"):
        row = Assessment.objects.get(pk=event.subject_id)
        yield from _tell(authors(row), "assessments.reopened", reverse("assessments:remarks", args=[row.pk]))


@on("assessments.section.give_again")
def section_given(event: Event) -> Iterable[Telling]:
    """Whoever has it now."""
    row = Section.objects.select_related("to", "chapter").get(pk=event.subject_id)
    return _tell([row.to], "assessments.section_given", _chapter(row)) if str(row.to_id) == event.codes.get("to") else ()


@on("assessments.section.send_back")
def section_returned(event: Event) -> Iterable[Telling]:
    """Whoever has it."""
    row = Section.objects.select_related("to", "chapter").get(pk=event.subject_id)
    return _tell([row.to], "assessments.section_returned", reverse("assessments:remarks", args=[row.assessment_id]))


@on("assessments.section.finish")
def section_ready(event: Event) -> Iterable[Telling]:
    """Whoever gave it."""
    row = Section.objects.select_related("given_by", "chapter").get(pk=event.subject_id)
    return _tell([row.given_by], "assessments.section_ready", _chapter(row))


@on("assessments.remark.write")
def remark_written(event: Event) -> Iterable[Telling]:
    """Whoever wrote the answer that it is about, if they still work here."""
    row = Remark.objects.select_related("answer__answered_by").get(pk=event.subject_id)
    if row.answer is None or row.answer.answered_by is None:
        return ()
    here = people_who(Can.ASSESS, row.organisation_id).filter(pk=row.answer.answered_by_id)
    return _tell(here, "assessments.remark", addresses.of_answer(row.answer))


def _chapter(row: Section) -> str:
    return reverse("assessments:chapter", args=[row.assessment_id, row.chapter.code])


def _tell(people: Iterable[Any], kind: str, link: str) -> Iterator[Telling]:
    return (Telling(to=person, kind=kind, link=link) for person in people)
