"""The guide in the editor: the glossary, and the list of facts beside a page's text."""

from typing import ClassVar

from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.languages import FIRST_RELEASE
from survivors.guide.models import Term


class TermViewSet(SnippetViewSet):
    """Easy words: one tab for each language."""

    model = Term
    icon = "openquote"
    menu_label = "Easy words"
    menu_order = 160
    add_to_admin_menu = True
    list_display: ClassVar = ["word", "key", "mark"]
    search_fields: ClassVar = ["key", "word_en", "meaning_en"]
    edit_handler = TabbedInterface(
        [
            ObjectList([FieldPanel("key"), FieldPanel("mark")], heading="Term"),
            *(
                ObjectList([FieldPanel(f"{field}_{language.code}") for field in ("word", "meaning")], heading=language.native)
                for language in FIRST_RELEASE
            ),
        ]
    )


register_snippet(TermViewSet)
