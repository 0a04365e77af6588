"""Who is around an assessment: who may approve it, and how far the division of work is."""

from typing import Any

from portal.accounts.models import User
from portal.accounts.roles import Can, roles_that
from providers.organisations.models import Membership
from standards.assessments.models import Assessment, Section


def people_who(can: Can, organisation: Any) -> Any:
    """Current members of this organisation who may do ``can``, by name."""
    members = Membership.objects.current().filter(organisation=organisation, role__in=roles_that(can))
    return User.objects.filter(pk__in=members.values("user")).order_by("first_name", "last_name", "email")


def approvers(assessment: Assessment) -> list[User]:
    """Who may approve for the organisation. Whether one of them is its only author is asked of the assessment."""
    return list(people_who(Can.APPROVE, assessment.organisation_id))


def authors(assessment: Assessment) -> list[User]:
    """Who wrote or confirmed what stands here, and still works here; whoever began it, if nobody did."""
    rows = assessment.answers.values_list("answered_by", "confirmed_by")
    ids = {pk for row in rows for pk in row if pk} | {assessment.author_id}
    return list(people_who(Can.ASSESS, assessment.organisation_id).filter(pk__in=ids))


def counts(assessment: Assessment) -> dict[str, int]:
    """How many chapters were given to somebody and are not said to be ready, and how many remarks are open."""
    unready = assessment.sections.exclude(status=Section.Status.READY).count()
    return {"unready": unready, "unsettled": assessment.remarks.unsettled().count()}
