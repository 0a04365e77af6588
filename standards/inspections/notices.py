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
from standards.inspections.models import Inspection, TeamMember
from standards.inspections.teams import people_who

say("inspections.on_the_team", _("You were put on the team of an inspection. Say first whether there is a conflict of interest."))
say("inspections.off_the_team", _("You are not on the team of an inspection any more."))
say("inspections.conflict", _("Somebody declared a conflict of interest. Decide about it."))
say("inspections.conflict_decided", _("A conflict of interest that you declared was decided about."))

call("inspections.inspection.plan", _("Planned"))
call("inspections.inspection.change", _("Changed the plan"))
call("inspections.inspection.set_scope", _("Chose what is inspected"))
call("inspections.inspection.add_member", _("Put somebody on the team"))
call("inspections.inspection.change_member", _("Changed somebody’s place on the team"))
call("inspections.inspection.take_off_member", _("Took somebody off the team"))
call("inspections.inspection.declare", _("Declared whether there is a conflict of interest"))
call("inspections.inspection.decide", _("Decided about a conflict of interest"))


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


def tell(people: Iterable[Any], kind: str, link: str) -> Iterator[Telling]:
    """Each of them the same."""
    return (Telling(to=person, kind=kind, link=link) for person in people)
