"""What survivors read is translated into every language of the guide (django-modeltranslation); professionals' words see ``wording.py``."""

from modeltranslation.translator import TranslationOptions, register

from standards.catalogue.models import Standard, Theme


@register(Standard)
class StandardTranslation(TranslationOptions):
    """The plain line, "what you can expect". A standard without one is still a standard, so English is not demanded here."""

    fields = Standard.WORDS


@register(Theme)
class ThemeTranslation(TranslationOptions):
    """The heading over promises."""

    fields = Theme.WORDS
    required_languages = ("en",)
