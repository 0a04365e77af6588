"""Which words of a glossary entry are translated (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from survivors.guide.models import Term


@register(Term)
class TermTranslation(TranslationOptions):
    """The word and its meaning."""

    fields = Term.WORDS
    required_languages = ("en",)
