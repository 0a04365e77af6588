"""The register of facts in the editor."""

from typing import ClassVar

from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.languages import FIRST_RELEASE
from survivors.facts.models import Fact, Source


class FactViewSet(SnippetViewSet):
    """Values first; then one tab for the words of each language."""

    model = Fact
    icon = "mobile-alt"
    menu_label = "Facts"
    list_display: ClassVar = ["name", "key", "plain", "mark", "verified_on", "review_by"]
    list_filter: ClassVar = ["kind", "mark"]
    search_fields: ClassVar = ["key", "name_en", "value"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("key"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("value"), FieldPanel("unit")]),
                    FieldPanel("nations"),
                    MultiFieldPanel(
                        [FieldPanel("source"), FieldPanel("seen"), FieldPanel("mark")],
                        heading="Where it comes from",
                    ),
                    MultiFieldPanel(
                        [FieldPanel("verified_on"), FieldPanel("verified_by"), FieldPanel("review_by")],
                        heading="Who checked it",
                    ),
                ],
                heading="Fact",
            ),
            *(
                ObjectList([FieldPanel(f"{field}_{language.code}") for field in Fact.WORDS], heading=language.native)
                for language in FIRST_RELEASE
            ),
        ]
    )


class SourceViewSet(SnippetViewSet):
    """Documents that pages and facts rest on."""

    model = Source
    icon = "doc-full"
    menu_label = "Sources"
    list_display: ClassVar = ["code", "title", "publisher", "dated"]
    search_fields: ClassVar = ["code", "title", "publisher"]


class RegisterGroup(SnippetViewSetGroup):
    """One entry of the menu."""

    items = (FactViewSet, SourceViewSet)
    menu_label = "Register"
    menu_icon = "mobile-alt"
    menu_order = 150


register_snippet(RegisterGroup)
