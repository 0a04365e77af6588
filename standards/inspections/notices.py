"""Who is told what about an inspection. The sentences name nobody and nothing: they lead to the page that does."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import Can
from portal.audit.history import call
from portal.audit.models import Event
from portal.audit.notices import Telling, on, say
from standards.inspections.models import Alert, Inspection, TeamMember
from standards.inspections.teams import people_who

say("inspections.on_the_team", _("You were put on the team of an inspection. Say first whether there is a conflict of interest."))
say("inspections.off_the_team", _("You are not on the team of an inspection any more."))
say("inspections.conflict", _("Somebody declared a conflict of interest. Decide about it."))
say("inspections.conflict_decided", _("A conflict of interest that you declared was decided about."))
say("inspections.announced", _("An inspection of a service of yours is announced."))
say("inspections.called_off", _("An inspection of a service of yours does not take place."))
say("inspections.concern_lead", _("A serious concern was raised at an inspection that you lead. Act now."))
say("inspections.concern_provider", _("The inspectors have a serious concern about a service of yours. Act now."))
say("inspections.to_review", _("The judgements of an inspection wait for your review."))
say("inspections.remark", _("The quality reviewer wrote a remark about an inspection of yours."))
say("inspections.approved", _("The judgements of an inspection that you lead were approved."))

call("inspections.inspection.plan", _("Planned"))
call("inspections.inspection.change", _("Changed the plan"))
call("inspections.inspection.set_scope", _("Chose what is inspected"))
call("inspections.inspection.add_member", _("Put somebody on the team"))
call("inspections.inspection.change_member", _("Changed somebody’s place on the team"))
call("inspections.inspection.take_off_member", _("Took somebody off the team"))
call("inspections.inspection.declare", _("Declared whether there is a conflict of interest"))
call("inspections.inspection.decide", _("Decided about a conflict of interest"))
call("inspections.inspection.note_activity", _("Noted what was done"))
call("inspections.inspection.change_activity", _("Changed what was noted"))
call("inspections.inspection.take_pack", _("Took the visit along on a device"))
call("inspections.inspection.freeze_population", _("Froze a population"))
call("inspections.inspection.draw_sample", _("Drew a sample"))
call("inspections.inspection.judge", _("Judged a standard"))
call("inspections.inspection.narrate", _("Wrote under a key question"))
call("inspections.inspection.second_view", _("Gave a second, blind view"))
call("inspections.inspection.remark", _("Wrote a remark"))
call("inspections.inspection.settle", _("Settled a remark"))
call("inspections.finding.write", _("Written down"))
call("inspections.finding.add_photo", _("Added a picture"))


@on("inspections.inspection.add_member")
def on_the_team(event: Event) -> Iterable[Telling]:
    """Whoever was put on the team."""
    link = reverse("inspections:declare", args=[event.subject_id])
    return tell(User.objects.filter(pk=event.codes["user"]), "inspections.on_the_team", link)


@on("inspections.inspection.take_off_member")
def off_the_team(event: Event) -> Iterable[Telling]:
    """Whoever was taken off it."""
    return tell(User.objects.filter(pk=event.codes["user"]), "inspections.off_the_team", reverse("workspace:start"))


@on("inspections.inspection.declare")
def conflict_declared(event: Event) -> Iterable[Telling]:
    """Whoever may decide about it; never the one who declared it, never one who is barred."""
    if event.codes["conflict"] != TeamMember.Conflict.DECLARED:
        return ()
    row = Inspection.objects.get(pk=event.subject_id)
    leads = [person for person in people_who(Can.LEAD_INSPECTION, row.organisation_id) if not row.is_barred(person)]
    return tell(leads, "inspections.conflict", reverse("inspections:team", args=[row.pk]))


@on("inspections.inspection.decide")
def conflict_decided(event: Event) -> Iterable[Telling]:
    """Whoever declared it. Who is barred is led to the start: the inspection is not there for them any more."""
    member = TeamMember.objects.select_related("user").get(pk=event.codes["member"])
    is_open = member.conflict == TeamMember.Conflict.ACCEPTED
    link = reverse("inspections:show", args=[event.subject_id]) if is_open else reverse("workspace:start")
    return tell([member.user], "inspections.conflict_decided", link)


@on("inspections.inspection.announce", "inspections.inspection.call_off")
def provider_told(event: Event) -> Iterable[Telling]:
    """The provider's managers: of an inspection that is announced, and that an announced one does not take place."""
    row = Inspection.objects.get(pk=event.subject_id)
    if row.notified_at is None:
        return ()
    kind = "inspections.announced" if event.verb.endswith("announce") else "inspections.called_off"
    return tell(people_who(Can.MANAGE_SERVICES, row.provider_id), kind, reverse("inspections:announced", args=[row.pk]))


@on("inspections.alert.raise")
def concern(event: Event) -> Iterator[Telling]:
    """At once: the lead, and the provider's managers unless somebody would be in danger if they knew."""
    alert = Alert.objects.select_related("inspection", "finding").get(pk=event.subject_id)
    row = alert.inspection
    link = reverse("inspections:finding", args=[row.pk, alert.finding_id])
    yield from (Telling(member.user, "inspections.concern_lead", link) for member in row.current_team() if member.is_lead)
    if alert.to_provider:
        managers = people_who(Can.MANAGE_SERVICES, row.provider_id)
        yield from tell(managers, "inspections.concern_provider", reverse("inspections:announced", args=[row.pk]))


@on("inspections.inspection.begin_report")
def to_review(event: Event) -> Iterable[Telling]:
    """Quality reviewers who were never on its team."""
    row = Inspection.objects.get(pk=event.subject_id)
    people = [person for person in people_who(Can.REVIEW_QUALITY, row.organisation_id) if not row.was_on_team(person)]
    return tell(people, "inspections.to_review", reverse("inspections:blind", args=[row.pk]))


@on("inspections.inspection.remark")
def remark_written(event: Event) -> Iterable[Telling]:
    """Its cleared team."""
    row = Inspection.objects.get(pk=event.subject_id)
    people = [member.user for member in row.current_team() if row.is_open_to(member.user)]
    return tell(people, "inspections.remark", reverse("inspections:review", args=[row.pk]))


@on("inspections.inspection.approve_judgements")
def approved(event: Event) -> Iterable[Telling]:
    """Its lead."""
    row = Inspection.objects.get(pk=event.subject_id)
    people = [member.user for member in row.current_team() if member.is_lead]
    return tell(people, "inspections.approved", reverse("inspections:review", args=[row.pk]))


def tell(people: Iterable[Any], kind: str, link: str) -> Iterator[Telling]:
    """Each of them the same."""
    return (Telling(to=person, kind=kind, link=link) for person in people)
