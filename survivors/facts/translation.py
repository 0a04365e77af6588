"""Which words of a fact are translated (django-modeltranslation). The value never is."""

from modeltranslation.translator import TranslationOptions, register

from survivors.facts.models import Fact


@register(Fact)
class FactTranslation(TranslationOptions):
    """The short texts around the value."""

    fields = ("name", "for_whom", "hours", "languages")
    required_languages = ("en",)
