"""One Wagtail locale for each language of the registry."""

from wagtail.models import Locale

from portal.languages import FIRST_RELEASE


def seed() -> str:
    """Create missing locales."""
    made = [Locale.objects.get_or_create(language_code=language.code)[1] for language in FIRST_RELEASE]
    return f"languages: {sum(made)} added, {len(made)} in all"
