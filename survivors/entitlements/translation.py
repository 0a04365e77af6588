"""The words of the finder are translated (django-modeltranslation)."""

from typing import ClassVar

from modeltranslation.translator import TranslationOptions, register

from survivors.entitlements.models import FinderText


@register(FinderText)
class FinderTextTranslation(TranslationOptions):
    """Both sentences."""

    fields = FinderText.WORDS
    required_languages: ClassVar = {"en": ("text",)}
