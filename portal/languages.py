"""The languages of the guide: which, in what script and direction. Pure data, read by the settings.

Source of the list: the first release in the research on languages (referrals of 2025 and 2026, weighted by need for a
written language). Adding a language: one line here, a catalogue in ``locale/``, a migration for the translated columns of
our own models (``manage.py makemigrations``), and ``manage.py seed`` to create its Wagtail locale. A test holds the four
together.
"""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """One language. ``native`` is how its readers write its name; ``tall`` scripts need more space between lines."""

    code: str
    name: str
    native: str
    script: str
    direction: Direction = "ltr"
    tall: bool = False


FIRST_RELEASE: tuple[Language, ...] = (
    Language("en", "English", "English", "Latn"),
    Language("cy", "Welsh", "Cymraeg", "Latn"),
    Language("ti", "Tigrinya", "ትግርኛ", "Ethi", tall=True),
    Language("so", "Somali", "Soomaali", "Latn"),
    Language("ar", "Arabic", "العربية", "Arab", "rtl", tall=True),
    Language("vi", "Vietnamese", "Tiếng Việt", "Latn"),
    Language("sq", "Albanian", "Shqip", "Latn"),
    Language("am", "Amharic", "አማርኛ", "Ethi", tall=True),
    Language("ckb", "Kurdish (Sorani)", "کوردیی ناوەندی", "Arab", "rtl", tall=True),
    Language("fa", "Farsi", "فارسی", "Arab", "rtl", tall=True),
    Language("ro", "Romanian", "Română", "Latn"),
)

BY_CODE: dict[str, Language] = {language.code: language for language in FIRST_RELEASE}

SOURCE = "en"


def lang_info() -> dict[str, dict[str, object]]:
    """Entries for ``django.conf.locale.LANG_INFO``: without them Django does not know ti, so and am, and ``/ti/`` is a 404."""
    return {
        language.code: {
            "bidi": language.direction == "rtl",
            "code": language.code,
            "name": language.name,
            "name_local": language.native,
        }
        for language in FIRST_RELEASE
    }
