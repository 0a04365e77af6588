"""Demo people. Their password is made by ``make run`` for this machine, and the demo serves localhost only."""

import os

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured

from portal.accounts import roles
from portal.accounts.models import User

EDITOR_RIGHTS = ("add_fact", "change_fact", "view_fact", "add_term", "change_term", "view_term", "view_source", "change_source")


def demo() -> str:
    """An editor who may write and publish, and an administrator. Existing people keep their password."""
    password = os.environ.get("DEMO_PASSWORD")
    if not password:
        raise ImproperlyConfigured("DEMO_PASSWORD is not set: `make run` makes one for this machine.")
    editors = Group.objects.get(name="Moderators")
    editors.permissions.add(*Permission.objects.filter(codename__in=EDITOR_RIGHTS))
    for email, first, last, rights in (
        ("editor@waymark.example", "Edith", "Editor", {}),
        ("admin@waymark.example", "Ada", "Administrator", {"is_staff": True, "is_superuser": True}),
    ):
        if not User.objects.filter(email=email).exists():
            user = User.objects.create_user(email, password, first_name=first, last_name=last, **rights)
            user.groups.add(editors)
    _person("translator@waymark.example", password, "Tesfay", "Translator", roles.translators())
    return "people: editor@waymark.example, admin@waymark.example, translator@waymark.example"


def _person(email: str, password: str, first: str, last: str, group: Group) -> None:
    """Somebody in ``group``, unless they are there."""
    if not User.objects.filter(email=email).exists():
        User.objects.create_user(email, password, first_name=first, last_name=last).groups.add(group)
