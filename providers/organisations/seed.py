"""The demo's organisations, and who is what in them."""

from portal.accounts.models import User
from portal.accounts.roles import Kind
from portal.accounts.seed import PEOPLE
from providers.organisations.joining import admit
from providers.organisations.models import Organisation

ORGANISATIONS = {  # by the domain of its people's addresses
    "harbour.example": ("Harbour Trust", Kind.PROVIDER),
    "rowan.example": ("Rowan House", Kind.PROVIDER),
    "inspect.example": ("Care Inspectorate (demo)", Kind.INSPECTORATE),
    "oversight.example": ("Oversight (demo)", Kind.OVERSIGHT),
    "waymark.example": ("Waymark office", Kind.OFFICE),
}


def demo() -> str:
    """Five organisations, and each demo person in theirs. Who was removed by hand stays removed."""
    users = {user.email: user for user in User.objects.filter(email__in=[person.email for person in PEOPLE])}
    for domain, (name, kind) in ORGANISATIONS.items():
        organisation, _new = Organisation.objects.get_or_create(name=name, defaults={"kind": kind})
        for person in PEOPLE:
            user = users.get(person.email)
            if user and person.email.endswith(f"@{domain}") and not user.memberships.exists():
                admit(user, organisation, person.role, by=None)
    return f"organisations: {', '.join(name for name, _kind in ORGANISATIONS.values())}"
