"""Demo people. Their password is made by ``make run`` for this machine, and the demo serves localhost only."""

import os
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from wagtail.models import GroupCollectionPermission

from portal.accounts import roles
from portal.accounts.models import RecoveryDevice, TOTPDevice, User
from portal.accounts.roles import Role

UPLOADS = ("wagtailimages", "wagtaildocs")


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as. In which organisation stands in ``providers.organisations.seed``."""

    email: str
    first: str
    last: str
    role: Role
    is_editing: bool = False  # their work is on the editors' side


PEOPLE = (
    DemoPerson("manager@harbour.example", "Marta", "Manager", Role.MANAGER),
    DemoPerson("assessor@harbour.example", "Asif", "Assessor", Role.ASSESSOR),
    DemoPerson("reader@harbour.example", "Rhian", "Reader", Role.READER),
    DemoPerson("manager@rowan.example", "Rosa", "Rival", Role.MANAGER),
    DemoPerson("inspector@inspect.example", "Ivan", "Inspector", Role.INSPECTOR),
    DemoPerson("lead@inspect.example", "Leila", "Lead", Role.LEAD_INSPECTOR),
    DemoPerson("reviewer@inspect.example", "Quinn", "Reviewer", Role.QUALITY_REVIEWER),
    DemoPerson("publisher@inspect.example", "Petra", "Publisher", Role.PUBLISHER),
    DemoPerson("commissioner@oversight.example", "Colm", "Commissioner", Role.COMMISSIONER),
    DemoPerson("editor@waymark.example", "Edith", "Editor", Role.EDITOR, is_editing=True),
    DemoPerson("translator@waymark.example", "Tesfay", "Translator", Role.TRANSLATOR, is_editing=True),
    DemoPerson("checker@waymark.example", "Chris", "Checker", Role.LEGAL_CHECKER, is_editing=True),
    DemoPerson("admin@waymark.example", "Ada", "Administrator", Role.ADMINISTRATOR),
)


def seed() -> str:
    """Nobody but an administrator uploads: Wagtail gives its own groups the rights to images and documents, which no page uses."""
    taken, _ = GroupCollectionPermission.objects.filter(permission__content_type__app_label__in=UPLOADS).delete()
    for group in Group.objects.filter(permissions__content_type__app_label__in=UPLOADS).distinct():
        group.permissions.remove(*group.permissions.filter(content_type__app_label__in=UPLOADS))
    roles.editors()
    return f"rights to upload taken from groups: {taken}"


def demo_password() -> str:
    """The one all demo people share. Raises ``ImproperlyConfigured`` where none was made."""
    password = os.environ.get("DEMO_PASSWORD")
    if not password:
        raise ImproperlyConfigured("DEMO_PASSWORD is not set: `make run` makes one for this machine.")
    return password


def demo_devices() -> QuerySet[TOTPDevice]:
    """The authenticators of the demo people, with whose they are."""
    found: QuerySet[TOTPDevice] = TOTPDevice.objects.filter(confirmed=True, user__email__in=[person.email for person in PEOPLE])
    return found.select_related("user")


def demo() -> str:
    """Thirteen people, each with an authenticator app whose code /accounts/demo/ shows. Existing people keep their password."""
    kept = make_password(demo_password())  # one hash for all: it takes a third of a second
    for person in PEOPLE:
        user, _new = User.objects.get_or_create(
            email=person.email, defaults={"password": kept, "first_name": person.first, "last_name": person.last}
        )
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        TOTPDevice.objects.get_or_create(user=user, confirmed=True, defaults={"name": "Demo"})
        RecoveryDevice.objects.get_or_create(user=user, defaults={"name": "Demo", "confirmed": True})
    return f"people: {', '.join(person.email for person in PEOPLE)}"
