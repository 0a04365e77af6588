"""Blocks of the guide: the building's, and those that know facts and readers."""

from typing import Any

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from portal.cms.blocks import WORDS, GoodToKnowBlock, HeadingBlock, MarkBlock, Statement, StepsBlock, TakeCareBlock, TextBlock
from survivors.facts.nations import NATIONS
from survivors.guide.audience import AGES, ANY, STAGES


class ContactBlock(blocks.StructBlock):
    """A registered fact, shown large. Digits are never typed: the number stands in the register."""

    fact = SnippetChooserBlock("facts.Fact")

    def get_context(self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Adds ``fact`` out of the page's register, which knows whether its words may be shown in the reader's language."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        chosen = value["fact"]
        context["fact"] = context["facts"].get(chosen.key, chosen) if chosen and "facts" in context else chosen
        return context

    class Meta:
        icon = "mobile-alt"
        template = "survivors/guide/blocks/contact.html"


class ForWhomBlock(Statement):
    """Words for some readers only, with chips that say for whom."""

    nations = blocks.MultipleChoiceBlock(choices=NATIONS, required=False)
    ages = blocks.MultipleChoiceBlock(choices=AGES, required=False)
    stages = blocks.MultipleChoiceBlock(choices=[stage for stage in STAGES if stage[0] != ANY], required=False)
    title = blocks.CharBlock(max_length=90, required=False)
    text = blocks.RichTextBlock(features=WORDS)
    mark = MarkBlock()

    def get_context(self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Adds ``chips``: for whom, in words."""
        context = super().get_context(value, parent_context=parent_context)
        ticked = {*value["nations"], *value["ages"], *value["stages"]}
        context["chips"] = [label for code, label in (*NATIONS, *AGES, *STAGES) if code in ticked]
        return context

    class Meta:
        icon = "group"
        label = "For some readers"
        template = "survivors/guide/blocks/for_whom.html"


class Body(blocks.StreamBlock):
    """Everything a guide page can be made of. What is not here cannot be published."""

    heading = HeadingBlock()
    text = TextBlock()
    steps = StepsBlock()
    good_to_know = GoodToKnowBlock()
    take_care = TakeCareBlock()
    contact = ContactBlock()
    for_whom = ForWhomBlock()
