"""What waits for somebody because of agreements and follow-up: recalls to answer, disclosures to review, people to ask how they are."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.needs import Need
from providers.organisations.permissions import can
from providers.transitions.consent_permissions import held_now
from providers.transitions.follow_up_forms import POINT_WORDS
from providers.transitions.models import Disclosure, FollowUp, Recall

MOST = 50  # of each kind
SOON = 3  # days before a point


def needs(user: Any) -> Iterable[Need]:
    """Never a word about the person: what it is, and where."""
    if not can(user, Can.ASSESS):
        return
    kind = _("Moves to another service")
    for recall in Recall.objects.addressed_to(user, Can.ASSESS).open()[:MOST]:
        title = _("Taken back: %(item)s") % {"item": recall.item.get_item_display()}
        reason = _("Delete it everywhere and confirm, or state a ground.")
        yield Need(title, reverse("consent:answer", args=[recall.pk]), timezone.localdate(recall.sent_at), 90, kind, reason)
    for disclosure in Disclosure.objects.to_review_by(user)[:MOST]:
        address = reverse("consent:review", args=[disclosure.transition_id, disclosure.pk])
        reason = _("A second person has to look at it.")
        yield Need(_("Shared without agreement"), address, timezone.localdate(disclosure.at), 95, kind, reason)
    until = timezone.localdate() + timedelta(days=SOON)
    for point in FollowUp.objects.to_ask(until).filter(transition__in=held_now(user, Can.ASSESS), transition__worker=user)[:MOST]:
        title = _("Ask how she is: %(when)s") % {"when": POINT_WORDS[point.point]}
        reason = _("She chose to be asked then.")
        yield Need(title, reverse("consent:follow_up", args=[point.transition_id]), point.due_on, 70, kind, reason)
