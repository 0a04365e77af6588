"""The words of the finder in the editor. Rows belong to the rules: they are changed here, never added or deleted."""

from typing import ClassVar

from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.cms.change_only import ChangeOnly
from portal.languages import FIRST_RELEASE
from survivors.entitlements.models import FinderText


class FinderTextViewSet(SnippetViewSet):
    """One tab for each language."""

    model = FinderText
    icon = "help"
    menu_label = "Rights finder"
    menu_order = 170
    add_to_admin_menu = True
    list_display: ClassVar = ["text", "kind", "key"]
    list_filter: ClassVar = ["kind"]
    search_fields: ClassVar = ["key", "text_en", "detail_en"]
    edit_handler = TabbedInterface(
        [
            ObjectList([FieldPanel(f"{field}_{language.code}") for field in ("text", "detail")], heading=language.native)
            for language in FIRST_RELEASE
        ]
    )

    @property
    def permission_policy(self) -> ChangeOnly:
        """See ``ChangeOnly``."""
        return ChangeOnly(FinderText)


register_snippet(FinderTextViewSet)
