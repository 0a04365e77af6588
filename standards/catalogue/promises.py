"""What survivors can expect, under plain headings: in their language where somebody vouches for it, else in English that says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from portal.cms import texts
from portal.languages import BY_CODE, SOURCE, Language
from standards.catalogue.models import Standard, Theme

FRAMEWORK = "scs"  # the set of standards for services; others are for other readers


@dataclass(frozen=True)
class Section:
    """A heading and the promises under it, all in ``language``."""

    title: str
    lines: list[str]
    language: Language


@dataclass(frozen=True)
class Promises:
    """The whole page. ``state``: "draft" while shown words are unsigned; ``is_missing``: they are English instead."""

    sections: list[Section]
    is_missing: bool = False
    state: str = ""
    is_checked: bool = False  # by survivors and a lawyer, in English


def promises(code: str) -> Promises:
    """The promises of the edition in use for a reader of the language ``code``. At most five queries.

    All or none: one page in two languages would be hard to follow, so a language shows its own words when it has them all.
    """
    standards = list(Standard.objects.promised(FRAMEWORK))
    themes = list({standard.chapter.theme_id: standard.chapter.theme for standard in standards}.values())
    ready = code == SOURCE or (_all_shown(Standard, standards, code) and _all_shown(Theme, themes, code))
    language = BY_CODE[code if ready else SOURCE]
    title, words = f"title_{language.code}", f"promise_{language.code}"
    sections = [
        Section(getattr(theme, title), [getattr(row, words) for row in rows], language)
        for theme, rows in groupby(standards, key=lambda standard: standard.chapter.theme)
    ]
    drafts = ready and code != SOURCE and _drafts(standards, themes, code)
    checked = bool(standards) and all(standard.chapter.edition.promises_checked_by for standard in standards)
    return Promises(sections, is_missing=not ready, state="draft" if drafts else "", is_checked=checked)


def _all_shown(model: type[Any], things: Iterable[Any], code: str) -> bool:
    rows = list(things)
    return texts.shown(model, rows, code) == {str(row.pk) for row in rows}


def _drafts(standards: list[Standard], themes: list[Any], code: str) -> bool:
    known = {*texts.states(Standard, standards, code).values(), *texts.states(Theme, themes, code).values()}
    return known != {"signed"}
