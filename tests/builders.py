"""What tests begin with: organisations, their people and services, and somebody signed in. Plain functions, nothing hidden.

``member(organisation(), Role.MANAGER)`` is a person; ``sign_in(person)`` is their browser, both factors passed.
"""

from itertools import count
from typing import Any

from django.test import Client

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from providers.organisations.models import Membership, Organisation
from providers.services.models import Nation, Region, Service

PASSWORD = "harbour-lantern-42-stairs"
_number = count(1)


def organisation(kind: Kind = Kind.PROVIDER, name: str = "", **fields: Any) -> Organisation:
    """An organisation of this kind, with a name of its own unless one is given."""
    return Organisation.objects.create(kind=kind, name=name or f"{Kind(kind).label} {next(_number)}", **fields)


def person(email: str = "", **fields: Any) -> User:
    """Somebody with an account, ``PASSWORD`` and no role."""
    return User.objects.create_user(email or f"person-{next(_number)}@people.example", PASSWORD, **fields)


def member(of: Organisation, role: Role, email: str = "", user: User | None = None, **fields: Any) -> User:
    """Somebody with ``role`` in ``of``: a new person, or ``user`` in one more role."""
    found = user or person(email, **fields)
    Membership.objects.create(user=found, organisation=of, role=role)
    return found


def service(of: Organisation, name: str = "", **fields: Any) -> Service:
    """An open service: a safehouse in the North West of England unless said otherwise."""
    given = {"kind": Service.Kind.SAFEHOUSE, "nation": Nation.ENGLAND, "region": Region.NORTH_WEST, **fields}
    return Service.objects.create(organisation=of, name=name or f"Service {next(_number)}", **given)


def sign_in(user: User) -> Client:
    """The browser of ``user``, who has passed both factors."""
    client = Client()
    client.force_login(user)
    return client
