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


# Pages for people who sign in speak these. The guide speaks every language of the release.
WORKSPACE = ("en", "cy")
# Files whose words nobody but those people reads (shell patterns, from the project's root). Other catalogues leave them out.
WORKSPACE_FILES: tuple[str, ...] = (
    "portal/accounts/*",
    "portal/audit/*",
    "portal/calendar/*",
    "portal/steps.py",
    "portal/vault/*",
    "portal/workspace/*",
    "portal/design/forms.py",
    "portal/design/statuses.py",
    "portal/design/charts.py",
    "providers/organisations/*",
    "providers/transitions/*",
    "providers/services/[!p]*",
    "providers/services/permissions.py",
    "standards/[a-z]*",
    "templates/base_account.html",
    "templates/base_workspace.html",
    "templates/portal/accounts/*",
    "templates/portal/audit/*",
    "templates/portal/workspace/*",
    "templates/providers/*",
    "templates/standards/actions/*",
    "templates/standards/assessments/*",
    "templates/standards/benchmarks/*",
    "templates/standards/evidence/*",
    "templates/standards/inspections/*",
    "templates/standards/reports/*",
    "templates/standards/catalogue/[!e]*",
    "templates/standards/catalogue/edition.html",
    "templates/components/confirm.html",
    "templates/components/empty.html",
    "templates/components/filter.html",
    "templates/components/idle.html",
    "templates/components/me.html",
    "templates/components/notice.html",
    "templates/components/pagination.html",
    "templates/components/profile_*.html",
    "templates/components/progress.html",
    "templates/components/rooms.html",
    "templates/components/save_state.html",
    "templates/components/tongue.html",
    "templates/components/trend_chart.html",
    "templates/django/*",
)
