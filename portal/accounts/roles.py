"""Roles, what each may do, and the groups of the editors' side. The one place that knows their names.

A person has a role in an organisation (``providers.organisations``). Code elsewhere asks for a capability (``Can``), never
for a role: what a role may do is decided here and nowhere else.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupPagePermission, Page


class Role(models.TextChoices):
    """What somebody is in an organisation."""

    MANAGER = "manager", _("Manager")
    ASSESSOR = "assessor", _("Assessor")
    READER = "reader", _("Reader")
    INSPECTOR = "inspector", _("Inspector")
    LEAD_INSPECTOR = "lead_inspector", _("Lead inspector")
    QUALITY_REVIEWER = "quality_reviewer", _("Quality reviewer")
    PUBLISHER = "publisher", _("Publisher")
    COMMISSIONER = "commissioner", _("Commissioner")
    EDITOR = "editor", _("Editor")
    TRANSLATOR = "translator", _("Translator")
    LEGAL_CHECKER = "legal_checker", _("Legal checker")
    ADMINISTRATOR = "administrator", _("Administrator")


class Kind(models.TextChoices):
    """What an organisation is for."""

    PROVIDER = "provider", _("Support provider")
    INSPECTORATE = "inspectorate", _("Inspectorate")
    OVERSIGHT = "oversight", _("Commissioner of services")
    OFFICE = "office", _("Waymark office")


class Can(StrEnum):
    """Something a person may do for an organisation."""

    READ = "read"  # the organisation's own work
    ASSESS = "assess"  # answer, bring evidence, plan actions
    APPROVE = "approve"  # approve, share and reopen assessments
    MANAGE_PEOPLE = "manage_people"  # invite and remove
    MANAGE_SERVICES = "manage_services"  # services, their contracts, what the public sees of them
    READ_SHARED = "read_shared"  # what providers have shared with this organisation
    INSPECT = "inspect"
    LEAD_INSPECTION = "lead_inspection"
    REVIEW_QUALITY = "review_quality"
    PUBLISH_REPORTS = "publish_reports"
    READ_AGGREGATES = "read_aggregates"
    EDIT_CONTENT = "edit_content"
    TRANSLATE = "translate"
    CHECK_LAW = "check_law"
    ADMINISTER = "administer"  # people and settings of the whole portal; never casework


CAPABILITIES: dict[str, frozenset[Can]] = {
    Role.MANAGER: frozenset({Can.READ, Can.ASSESS, Can.APPROVE, Can.MANAGE_PEOPLE, Can.MANAGE_SERVICES}),
    Role.ASSESSOR: frozenset({Can.READ, Can.ASSESS}),
    Role.READER: frozenset({Can.READ}),
    Role.INSPECTOR: frozenset({Can.READ_SHARED, Can.INSPECT}),
    Role.LEAD_INSPECTOR: frozenset({Can.READ_SHARED, Can.INSPECT, Can.LEAD_INSPECTION, Can.MANAGE_PEOPLE}),
    Role.QUALITY_REVIEWER: frozenset({Can.READ_SHARED, Can.REVIEW_QUALITY}),
    Role.PUBLISHER: frozenset({Can.PUBLISH_REPORTS}),
    Role.COMMISSIONER: frozenset({Can.READ_AGGREGATES}),
    Role.EDITOR: frozenset({Can.EDIT_CONTENT}),
    Role.TRANSLATOR: frozenset({Can.TRANSLATE}),
    Role.LEGAL_CHECKER: frozenset({Can.CHECK_LAW, Can.EDIT_CONTENT}),
    Role.ADMINISTRATOR: frozenset({Can.ADMINISTER, Can.MANAGE_PEOPLE}),
}

ROLES_OF: dict[str, tuple[Role, ...]] = {
    Kind.PROVIDER: (Role.MANAGER, Role.ASSESSOR, Role.READER),
    Kind.INSPECTORATE: (Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.QUALITY_REVIEWER, Role.PUBLISHER),
    Kind.OVERSIGHT: (Role.COMMISSIONER,),
    Kind.OFFICE: (Role.ADMINISTRATOR, Role.EDITOR, Role.TRANSLATOR, Role.LEGAL_CHECKER),
}


def roles_that(can: Can) -> list[str]:
    """The roles that may do ``can``."""
    return [role for role, abilities in CAPABILITIES.items() if can in abilities]


# --- Groups of the editors' side (Wagtail asks for these) -------------------------------------------------------------

EDITORS = "Moderators"  # Wagtail's own name for those who publish
TRANSLATORS = "Translators"
LANGUAGE_REVIEWERS = "Language reviewers"


def _group(name: str, *rights: str) -> Group:
    """The group ``name``, with at least these rights (``app.codename``). What somebody took away by hand comes back with a seed."""
    group, _new = Group.objects.get_or_create(name=name)
    for right in rights:
        app, codename = right.split(".")
        group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return group


EDITOR_RIGHTS = (
    "facts.change_fact", "facts.view_fact", "facts.add_factproposal", "facts.accept_factproposal", "facts.view_factproposal",
    "guide.add_term", "guide.change_term", "guide.view_term", "facts.view_source", "facts.change_source",
)  # fmt: skip


def editors() -> Group:
    """May write and publish pages and terms, and propose and accept facts."""
    group = _group(EDITORS, *EDITOR_RIGHTS)
    group.permissions.remove(*Permission.objects.filter(codename="add_fact"))  # of an earlier release: facts are proposed now
    return group


def translators(trees: Iterable[Page] = ()) -> Group:
    """May give pages to translation and change those under ``trees``, the first pages of other languages. Never publish."""
    group = _group(TRANSLATORS, "wagtailadmin.access_admin", "wagtail_localize.submit_translation")
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    for tree in trees:
        GroupPagePermission.objects.get_or_create(group=group, page=tree, permission=change)
    return group


def language_reviewers() -> Group:
    """May sign translations. Nothing else: who signs is not who writes."""
    return _group(LANGUAGE_REVIEWERS, "wagtailadmin.access_admin", "cms.add_signoff")


GROUPS = {
    Role.EDITOR: (EDITORS,),
    Role.TRANSLATOR: (TRANSLATORS,),
    Role.LEGAL_CHECKER: (EDITORS,),
    Role.ADMINISTRATOR: (EDITORS,),
}


def keep_in_step(user: Any, held: Iterable[str], changed: str) -> None:
    """Give ``user`` the groups of the roles they hold, and take those of ours that they hold no longer.

    ``changed`` is the role that was just given or taken: an administrator is one of Wagtail's superusers, who see no casework.
    """
    held = set(held)
    wanted = {name for role in held for name in GROUPS.get(Role(role), ())}
    managed = {name for names in GROUPS.values() for name in names}
    for make in (editors, translators):
        make()
    user.groups.remove(*Group.objects.filter(name__in=managed - wanted))
    user.groups.add(*Group.objects.filter(name__in=wanted))
    if changed == Role.ADMINISTRATOR:
        user.is_staff = user.is_superuser = Role.ADMINISTRATOR in held
        user.save(update_fields=["is_staff", "is_superuser"])
