"""Groups of people, by what they may do. The one place that knows the names of groups."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page

TRANSLATORS = "Translators"
LANGUAGE_REVIEWERS = "Language reviewers"


def _group(name: str, *rights: str) -> Group:
    """The group ``name``, with at least these rights (``app.codename``). What somebody took away by hand comes back with a seed."""
    group, _new = Group.objects.get_or_create(name=name)
    for right in rights:
        app, codename = right.split(".")
        group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
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
