"""The one door by which a string becomes trusted HTML outside templates."""

from django.utils.safestring import SafeString, mark_safe


def trusted(html: str) -> SafeString:
    """Vouch for ``html``: it was built by escaping everything that people typed, or by an editor's allow-list."""
    return mark_safe(html)
