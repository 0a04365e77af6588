"""Who is told of agreements: the receiver when something is taken back, the sender of the answer, a second person of a disclosure."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import Can, roles_that
from portal.audit.history import call
from portal.audit.models import Event
from portal.audit.notices import Telling, on, say
from providers.organisations.models import Membership
from providers.transitions.models import Disclosure, Recall, Transition

say("transitions.recall", _("Something that was shared with you was taken back. Please delete it and confirm."))
say("transitions.recall_answered", _("A receiver answered what was taken back."))
say("transitions.ground_stated", _("A receiver keeps something that was taken back, and states a ground."))
say("transitions.to_review", _("Something was shared without agreement. A second person has to look at it."))

call("transitions.transition.consent_given", _("Wrote down what she agrees to"))
call("transitions.transition.consent_withdrawn", _("She took back what she had agreed to"))
call("transitions.transition.recall_answered", _("The receiver answered what was taken back"))
call("transitions.transition.disclosed", _("Shared without agreement, to keep somebody safe"))
call("transitions.transition.disclosure_reviewed", _("A second person reviewed what was shared"))
call("transitions.transition.package_chosen", _("Chose what goes to the next service"))


def people_who(organisation: UUID | None, can: Can) -> QuerySet[User]:
    """Current members of the organisation who may do ``can``."""
    members = Membership.objects.current().filter(organisation=organisation, role__in=roles_that(can))
    return User.objects.filter(pk__in=members.values("user"))


@on("transitions.transition.consent_withdrawn")
def recalled(event: Event) -> Iterable[Telling]:
    """Everybody at a receiver who can answer for it. A guest is told by the guest's own link."""
    receivers = Recall.objects.filter(pk__in=event.codes.get("recalls", [])).values_list("offer__organisation", flat=True).distinct()
    for organisation in receivers:
        for person in people_who(organisation, Can.ASSESS) if organisation else ():
            yield Telling(person, "transitions.recall", reverse("consent:recalls"))


@on("transitions.transition.recall_answered")
def answered(event: Event) -> Iterable[Telling]:
    """The worker; where somebody keeps it, those who approve as well."""
    row = Transition.objects.select_related("worker").filter(pk=event.subject_id).first()
    if row is None:
        return
    link = reverse("consent:show", args=[row.pk])
    yield Telling(row.worker, "transitions.recall_answered", link)
    if event.codes.get("ground") != "deleted":
        for person in people_who(row.holder_id, Can.APPROVE):
            yield Telling(person, "transitions.ground_stated", link)


@on("transitions.transition.disclosed")
def disclosed(event: Event) -> Iterable[Telling]:
    """Those who approve where it was done; who did it is told of nothing."""
    row = Disclosure.objects.filter(pk=event.codes.get("disclosure"), reviewed_at__isnull=True).first()
    if row is not None:
        for person in people_who(row.discloser_id, Can.APPROVE):
            yield Telling(person, "transitions.to_review", reverse("consent:review", args=[row.transition_id, row.pk]))
