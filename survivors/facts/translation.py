"""Which words of a fact are translated (django-modeltranslation). The value never is."""

from modeltranslation.translator import TranslationOptions, register

from survivors.facts.models import Fact


@register(Fact)
class FactTranslation(TranslationOptions):
    """The short texts around the value."""

    fields = Fact.WORDS
    required_languages = ("en",)
