"""Demo people. Their password is made by ``make run`` for this machine, and the demo serves localhost only."""

import os

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from wagtail.models import GroupCollectionPermission

from portal.accounts import roles
from portal.accounts.models import User

UPLOADS = ("wagtailimages", "wagtaildocs")
EDITOR_RIGHTS = (
    "change_fact", "view_fact", "add_factproposal", "accept_factproposal", "view_factproposal",
    "add_term", "change_term", "view_term", "view_source", "change_source",
)  # fmt: skip


def seed() -> str:
    """Nobody but an administrator uploads: Wagtail gives its own groups the rights to images and documents, which no page uses."""
    taken, _ = GroupCollectionPermission.objects.filter(permission__content_type__app_label__in=UPLOADS).delete()
    for group in Group.objects.filter(permissions__content_type__app_label__in=UPLOADS).distinct():
        group.permissions.remove(*group.permissions.filter(content_type__app_label__in=UPLOADS))
    return f"rights to upload taken from groups: {taken}"


def demo() -> str:
    """An editor who may write and publish, and an administrator. Existing people keep their password."""
    password = os.environ.get("DEMO_PASSWORD")
    if not password:
        raise ImproperlyConfigured("DEMO_PASSWORD is not set: `make run` makes one for this machine.")
    editors = Group.objects.get(name="Moderators")
    editors.permissions.remove(*Permission.objects.filter(codename="add_fact"))  # of an earlier release: facts are proposed now
    editors.permissions.add(*Permission.objects.filter(codename__in=EDITOR_RIGHTS))
    for email, first, last, rights in (
        ("editor@waymark.example", "Edith", "Editor", {}),
        ("admin@waymark.example", "Ada", "Administrator", {"is_staff": True, "is_superuser": True}),
    ):
        if not User.objects.filter(email=email).exists():
            user = User.objects.create_user(email, password, first_name=first, last_name=last, **rights)
            user.groups.add(editors)
    _person("checker@waymark.example", password, "Chris", "Checker", editors)
    _person("translator@waymark.example", password, "Tesfay", "Translator", roles.translators())
    return "people: editor@waymark.example, admin@waymark.example, translator@waymark.example, checker@waymark.example"


def _person(email: str, password: str, first: str, last: str, group: Group) -> None:
    """Somebody in ``group``, unless they are there."""
    if not User.objects.filter(email=email).exists():
        User.objects.create_user(email, password, first_name=first, last_name=last).groups.add(group)
