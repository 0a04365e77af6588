"""What tests begin with: organisations, their people and services, and somebody signed in. Plain functions, nothing hidden.

``member(organisation(), Role.MANAGER)`` is a person; ``sign_in(person)`` is their browser, both factors passed.
"""

import time
from functools import cache
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from portal.accounts import recent
from portal.accounts.models import RecoveryDevice, TOTPDevice, User
from portal.accounts.roles import Kind, Role
from providers.organisations.joining import admit
from providers.organisations.models import Organisation
from providers.services.models import Service
from providers.services.places import Nation, Region

PASSWORD = "harbour-lantern-42-stairs"
_number = count(1)


def organisation(kind: Kind = Kind.PROVIDER, name: str = "", **fields: Any) -> Organisation:
    """An organisation of this kind, with a name of its own unless one is given."""
    return Organisation.objects.create(kind=kind, name=name or f"{Kind(kind).label} {next(_number)}", **fields)


@cache
def _hash() -> str:
    """Of ``PASSWORD``: made once, it takes a third of a second."""
    return make_password(PASSWORD)


def person(email: str = "", **fields: Any) -> User:
    """Somebody with an account, ``PASSWORD`` and no role."""
    user = User.objects.create(email=email or f"person-{next(_number)}@people.example", password=_hash(), **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def member(of: Organisation, role: Role, email: str = "", user: User | None = None, **fields: Any) -> User:
    """Somebody with ``role`` in ``of``: a new person, or ``user`` in one more role."""
    found = user or person(email, **fields)
    admit(found, of, role, by=None)
    return found


def service(of: Organisation, name: str = "", **fields: Any) -> Service:
    """An open service: a safehouse in the North West of England unless said otherwise."""
    given = {"kind": Service.Kind.SAFEHOUSE, "nation": Nation.ENGLAND, "region": Region.NORTH_WEST, **fields}
    return Service.objects.create(organisation=of, name=name or f"Service {next(_number)}", **given)


def second_factor(user: User) -> TOTPDevice:
    """The authenticator app of ``user``, with recovery codes kept."""
    device: TOTPDevice = TOTPDevice.objects.get_or_create(user=user, confirmed=True, defaults={"name": "App"})[0]
    RecoveryDevice.objects.get_or_create(user=user, defaults={"name": "Codes", "confirmed": True})
    return device


def enter(client: Client, user: User) -> Client:
    """Sign ``user`` in on ``client``, both factors passed just now. For clients that a test made itself."""
    device = second_factor(user)
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session[recent.KEY] = time.time()
    session.save()
    return client


def sign_in(user: User) -> Client:
    """The browser of ``user``, who has passed both factors just now."""
    return enter(Client(), user)
