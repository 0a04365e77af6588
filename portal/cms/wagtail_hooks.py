"""What our pages change in Wagtail's editor."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.cms import languages_admin, workbench
from portal.cms.change_only import ChangeOnly
from portal.cms.models import LanguageStatus
from portal.cms.rich_text import ReaderPageLinkHandler


@hooks.register("register_rich_text_features", order=100)
def readers_links(features: FeatureRegistry) -> None:
    """Links to pages stay in the reader's language."""
    features.register_link_type(ReaderPageLinkHandler)


@hooks.register("construct_main_menu")
def only_what_is_used(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Pages have no pictures and no files to download, so the menu does not offer them."""
    menu_items[:] = [item for item in menu_items if item.name not in {"images", "documents"}]


@hooks.register("register_admin_urls", order=-1)  # before wagtail-localize's own: its door for PO files is reached through ours
def language_pages() -> list[URLPattern]:
    """The board, signing, and PO files in."""
    return [
        path("languages/", languages_admin.languages, name="languages_board"),
        path("languages/texts/<slug:code>/", languages_admin.short_texts, name="languages_texts"),
        path("languages/sign/<int:page_id>/", languages_admin.sign, name="languages_sign"),
        path("localize/translate/<int:translation_id>/pofile/upload/", languages_admin.upload, name="languages_upload"),
        path(
            "localize/translate/<int:translation_id>/strings/<int:string_segment_id>/edit/",
            workbench.edit_string,
            name="workbench_edit_string",
        ),
    ]


@hooks.register("insert_global_admin_js")
def workbench_script() -> str:
    """Tells translators why a sentence was not kept."""
    return format_html('<script src="{}"></script>', static("cms/workbench.js"))


@hooks.register("before_delete_snippet")
def words_of_ours_stay(request: HttpRequest, things: Iterable[Any]) -> None:
    """Wagtail's deleting of several at once asks for a right but not for our policy: an administrator has every right."""
    if any(isinstance(type(thing).snippet_viewset.permission_policy, ChangeOnly) for thing in things):
        raise PermissionDenied


@hooks.register("register_admin_menu_item")
def language_menu() -> MenuItem:
    """The board in the menu."""
    return MenuItem("Languages", reverse("languages_board"), icon_name="globe", order=140)


@hooks.register("register_permissions")
def signing_permission() -> QuerySet[Permission]:
    """The right to sign, to be given to groups."""
    return Permission.objects.filter(content_type__app_label="cms", codename="add_signoff")


class LanguageStatusViewSet(SnippetViewSet):
    """Making a language public. Which languages there are is decided in ``portal.languages``."""

    model = LanguageStatus
    icon = "globe"
    menu_label = "Public languages"
    list_display: ClassVar = ["locale", "status", "reviewer"]
    panels: ClassVar = [FieldPanel("status"), FieldPanel("reviewer")]

    @property
    def permission_policy(self) -> ChangeOnly:
        """See ``ChangeOnly``."""
        return ChangeOnly(LanguageStatus)


register_snippet(LanguageStatusViewSet)
