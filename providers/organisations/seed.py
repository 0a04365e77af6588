"""The demo's organisations, and who is what in them."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from portal.accounts.seed import PEOPLE, DemoPerson
from providers.organisations.joining import admit
from providers.organisations.models import Organisation

ORGANISATIONS = {  # by the domain of its people's addresses
    "harbour.example": ("Harbour Trust", Kind.PROVIDER),
    "rowan.example": ("Rowan House", Kind.PROVIDER),
    "cairn.example": ("Cairn Outreach", Kind.PROVIDER),
    "inspect.example": ("Care Inspectorate (demo)", Kind.INSPECTORATE),
    "oversight.example": ("Oversight (demo)", Kind.OVERSIGHT),
    "waymark.example": ("Waymark office", Kind.OFFICE),
}
THEN = timedelta(days=800)
# Colleagues who appear in the demo's history. They have no password: nobody signs in as them.
COLLEAGUES = (
    DemoPerson("assessor@rowan.example", "Robin", "Assessor", Role.ASSESSOR),
    DemoPerson("manager@cairn.example", "Catriona", "Manager", Role.MANAGER),
    DemoPerson("assessor@cairn.example", "Calum", "Assessor", Role.ASSESSOR),
)


def demo() -> str:
    """Six organisations, and each demo person in theirs. Who was removed by hand stays removed."""
    for person in COLLEAGUES:
        User.objects.get_or_create(
            email=person.email, defaults={"first_name": person.first, "last_name": person.last, "password": make_password(None)}
        )
    people = (*PEOPLE, *COLLEAGUES)
    users = {user.email: user for user in User.objects.filter(email__in=[person.email for person in people])}
    for domain, (name, kind) in ORGANISATIONS.items():
        organisation, _new = Organisation.objects.get_or_create(name=name, defaults={"kind": kind})
        for person in people:
            user = users.get(person.email)
            if user and person.email.endswith(f"@{domain}") and not user.memberships.exists():
                membership = admit(user, organisation, person.role, by=None)
                membership.started_at = timezone.now() - THEN  # before the first of what the demo says they did
                membership.save(update_fields=["started_at"])
    return f"organisations: {', '.join(name for name, _kind in ORGANISATIONS.values())}"
