"""The translators' board: every page in every language, and what is to be done about it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page

from portal.cms.freshness import Progress, progress
from portal.cms.models.languages import SignOff
from portal.languages import FIRST_RELEASE, SOURCE, Language

SOON = 30  # days before a sign-off ends that it is shown as due

WORDS = {
    "missing": "Not translated",
    "behind": "Behind English",
    "unsigned": "Nobody has signed",
    "due": "Sign again soon",
    "signed": "Signed",
}


@dataclass(frozen=True)
class Cell:
    """One page in one language. ``state`` is a key of ``WORDS``; ``detail`` says how much or until when."""

    language: Language
    state: str
    detail: str
    address: str
    sign_address: str = ""

    @property
    def words(self) -> str:
        """The state in words: colour never says it alone."""
        return WORDS[self.state]


@dataclass(frozen=True)
class Row:
    """One English page, with a cell for each other language."""

    page: Page
    depth: int
    cells: list[Cell]


def rows() -> list[Row]:
    """The whole board. Eight queries and one for each language, whatever the number of pages."""
    others = [language for language in FIRST_RELEASE if language.code != SOURCE]
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    english = list(Page.objects.filter(locale=locales[SOURCE], depth__gte=2, alias_of=None).order_by("path"))
    translated = Page.objects.exclude(locale=locales[SOURCE]).filter(alias_of=None, depth__gte=2)
    by_place = {(str(page.translation_key), page.locale_id): page for page in translated}
    signed = _signed()
    done = {language.code: progress(locales[language.code]) for language in others}
    return [
        Row(
            page,
            page.depth - 2,
            [
                _cell(
                    page,
                    by_place.get((str(page.translation_key), locales[language.code].pk)),
                    language,
                    done[language.code].get(str(page.translation_key)),
                    signed,
                )
                for language in others
            ],
        )
        for page in english
    ]


def _signed() -> dict[int, SignOff]:
    """Page → its sign-off that counts, the longest-lasting one."""
    return {sign.page_id: sign for sign in SignOff.objects.current(timezone.localdate()).order_by("review_by")}


def _cell(page: Page, own: Page | None, language: Language, made: Progress | None, signed: dict[int, SignOff]) -> Cell:
    if own is None:
        return Cell(language, "missing", "", reverse("wagtail_localize:submit_page_translation", args=[page.pk]))
    address = reverse("wagtailadmin_pages:edit", args=[own.pk])
    sign_address = reverse("languages_sign", args=[own.pk])
    if made and made.behind:
        return Cell(language, "behind", f"{made.behind} of {made.total} sentences", address)
    sign = signed.get(own.pk)
    if sign is None:
        return Cell(language, "unsigned", "" if own.live else "not published", address, sign_address if own.live else "")
    days = (sign.review_by - timezone.localdate()).days
    return Cell(language, "due" if days <= SOON else "signed", f"until {sign.review_by:%-d %B %Y}", address, sign_address)


def summary(board: list[Row]) -> list[dict[str, Any]]:
    """For each language: how many pages are in which state."""
    languages = [cell.language for cell in board[0].cells] if board else []
    return [
        {"language": language, "counts": [(WORDS[state], sum(row.cells[at].state == state for row in board)) for state in WORDS]}
        for at, language in enumerate(languages)
    ]
