"""Calls review dates to mind: once a week per organisation, for everybody who may look at the evidence again."""

from datetime import date

from django.urls import reverse

from portal.accounts.roles import Can, roles_that
from portal.audit.notices import Telling, tell
from providers.organisations.models import Membership
from standards.evidence.freshness import SOON
from standards.evidence.models import Evidence


def remind(day: date) -> int:
    """Tell those who may assess that evidence of theirs is due within thirty days, or late. Returns how many were told."""
    waiting = Evidence.objects.due_for_review(day + SOON).order_by().values_list("organisation", flat=True).distinct()
    people = Membership.objects.current().filter(organisation__in=waiting, organisation__status="active", role__in=roles_that(Can.ASSESS))
    year, week, _weekday = day.isocalendar()
    link = f"{reverse('evidence:index')}?state=review"
    told = 0
    for membership in people.select_related("user").order_by("pk"):
        once = f"evidence:review:{membership.organisation_id}:{year}-{week}:{membership.user_id}"
        tell(Telling(to=membership.user, kind="evidence.review_due", link=link), once=once)
        told += 1
    return told
