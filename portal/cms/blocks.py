"""Blocks with a meaning. No raw HTML, no embeds, no tables: each block says what its words are for.

Every block that states something carries a mark (``portal.cms.marks``): without one it takes the page's.
"""

from collections.abc import Iterable
from typing import Any

from wagtail import blocks

from portal.cms.marks import MARKS, is_settled, worst
from portal.design.icons import ICON_CHOICES

WORDS = ["bold", "ul", "link"]  # everything an editor can do to a word
LINE = ["bold", "link"]


class MarkBlock(blocks.ChoiceBlock):
    """How sure we are of this block. Empty: as sure as of the page."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "C and D are shown as “We are checking this. Ask an adviser.” Empty: the page's mark.")
        super().__init__(choices=MARKS, required=False, label="How sure are we?", **options)


class Statement(blocks.StructBlock):
    """A block that states something. Its template gets ``settled``: whether the words may stand as a fact."""

    def statements(self, value: blocks.StructValue) -> Iterable[str]:
        """Every text of the block, as stored."""
        for name, child in value.items():
            if isinstance(self.child_blocks[name], blocks.ChoiceBlock | blocks.MultipleChoiceBlock) or not child:
                continue
            if isinstance(child, blocks.list_block.ListValue):
                yield from (str(getattr(item, "source", item)) for item in child)
            else:
                yield str(getattr(child, "source", child))

    def get_context(self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Adds ``mark`` and ``settled``. ``marks_of`` (the page's) tells the marks of what a text refers to."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        page, marks_of = context.get("page"), context.get("marks_of")
        own = value.get("mark") or (page.mark if page else "")
        referred = marks_of("\n".join(self.statements(value))) if marks_of else ()
        context["mark"] = worst(own, *referred)
        context["settled"] = is_settled(context["mark"])
        return context


class HeadingBlock(blocks.StructBlock):
    """Starts a section, with a pictogram for those who read slowly."""

    text = blocks.CharBlock(max_length=90)
    icon = blocks.ChoiceBlock(choices=ICON_CHOICES, required=False)

    class Meta:
        icon = "title"
        template = "portal/cms/blocks/heading.html"


class TextBlock(Statement):
    """Plain words: paragraphs and short lists."""

    text = blocks.RichTextBlock(features=WORDS)
    mark = MarkBlock()

    class Meta:
        icon = "pilcrow"
        template = "portal/cms/blocks/text.html"


class StepsBlock(Statement):
    """Things to do, in this order."""

    title = blocks.CharBlock(max_length=90, required=False)
    items = blocks.ListBlock(blocks.RichTextBlock(features=LINE), min_num=1)
    mark = MarkBlock()

    class Meta:
        icon = "list-ol"
        template = "portal/cms/blocks/steps.html"


class GoodToKnowBlock(Statement):
    """Something that helps or calms."""

    text = blocks.RichTextBlock(features=WORDS)
    mark = MarkBlock()

    class Meta:
        icon = "help"
        label = "Good to know"
        template = "portal/cms/blocks/good_to_know.html"


class TakeCareBlock(Statement):
    """Something that can harm the reader if they do not know it."""

    text = blocks.RichTextBlock(features=WORDS)
    mark = MarkBlock()

    class Meta:
        icon = "warning"
        label = "Take care"
        template = "portal/cms/blocks/take_care.html"
