"""One Wagtail locale for each language of the registry, and how far the language is."""

from wagtail.models import Locale

from portal.cms.models import LanguageStatus
from portal.languages import FIRST_RELEASE, SOURCE


def seed() -> str:
    """Create missing locales and states. What somebody decided about a language stays."""
    made = 0
    for language in FIRST_RELEASE:
        locale, new = Locale.objects.get_or_create(language_code=language.code)
        status = LanguageStatus.Status.PUBLIC if language.code == SOURCE else LanguageStatus.Status.PREPARING
        LanguageStatus.objects.get_or_create(locale=locale, defaults={"status": status})
        made += new
    return f"languages: {made} added, {len(FIRST_RELEASE)} in all"
