"""The move-on plan and the say-it-once card, in her language beside English (B12). Made on request, handed over, kept nowhere.

The words stand in ``data/move_on``, one file a language; what is sure, and how sure, stands in ``plan.yaml`` and in the register of
facts. What is not settled is printed beside "we are checking this"; what conflicts (mark D) or has no value is not printed at all.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Protocol

import yaml
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.cms.marks import is_settled, worst
from portal.languages import BY_CODE, SOURCE, Language
from providers.transitions.models import Check, Transition

FOLDER = settings.BASE_DIR / "providers/transitions/data/move_on"
REFERENCE = re.compile(r"\{([a-z0-9-]+)\}")
NEVER = "D"


class Known(Protocol):
    """A fact as the register gives it."""

    text: str
    mark: str
    is_number: bool


@dataclass(frozen=True)
class Piece:
    """Some words of a sentence, or a fact in it."""

    text: str
    is_fact: bool = False
    is_number: bool = False


@dataclass(frozen=True)
class Pair:
    """The same in her language and in English. ``note``: "done", "todo" or "checking", in both as well."""

    own: tuple[Piece, ...]
    english: tuple[Piece, ...]
    note: str = ""
    typed: str = ""

    @property
    def typed_direction(self) -> str:
        """In which direction the typed words run: that of their first letter. Printing programs do not find out by themselves."""
        kinds = (unicodedata.bidirectional(character) for character in self.typed)
        return next(("rtl" if kind in {"R", "AL"} else "ltr" for kind in kinds if kind in {"L", "R", "AL"}), "ltr")


@dataclass(frozen=True)
class Section:
    """A part of the paper: its heading, what was written in, what is sure, what is done."""

    key: str
    heading: Pair
    lines: tuple[Pair, ...]


@dataclass(frozen=True)
class Sheet:
    """The whole paper. ``english`` is empty where her language is English: then there is one column."""

    language: Language
    words: Mapping[str, str]
    english: Mapping[str, str]
    drafts: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def is_paired(self) -> bool:
        """Whether English stands beside it."""
        return self.language.code != SOURCE


@cache
def file_of(code: str) -> dict[str, Any]:
    """The file of a language."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))
    return found


@cache
def layout() -> dict[str, Any]:
    """What stands where."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / "plan.yaml").read_text(encoding="utf-8"))
    return found


def words_in(code: str) -> dict[str, str]:
    """The words of a language; a missing one is English, never silence."""
    return {**file_of(SOURCE)["words"], **file_of(code)["words"]}


def fields() -> list[tuple[str, str]]:
    """What whoever makes the plan can write in: section, field."""
    return [(section["key"], field) for section in layout()["sections"] for field in section["fields"]]


def date_kinds() -> list[str]:
    """Kinds of dates a plan can name."""
    return [key.removeprefix("d_") for key in words_in(SOURCE) if key.startswith("d_")]


def facts_in(code: str) -> Mapping[str, Known]:
    """The register, in the words of a language."""
    found: Mapping[str, Known] = import_string(settings.PLAIN_FACTS)(code)
    return found


def plan_for(transition: Transition, code: str, typed: Mapping[str, str], dates: Iterable[tuple[str, date]] = ()) -> Sheet:
    """The plan. ``typed``: field → words, ``dates``: kind and day from her own letters; both are printed and forgotten."""
    writer = _Writer(code)
    states = dict(transition.checks.values_list("key", "state"))
    days = [*_clocks(transition), *((kind, day, True) for kind, day in dates)]
    sections = [
        Section(
            part["key"],
            writer.pair(part["key"]),
            (
                *(writer.pair(f"f_{name}", typed=typed[name]) for name in part["fields"] if typed.get(name)),
                *(writer.day(*found) for found in days if part.get("dates")),
                *(writer.pair(key, note=_note(states[key])) for key in part["checks"] if _note(states.get(key, ""))),
                *filter(None, (writer.statement(said, transition) for said in part["says"])),
            ),
        )
        for part in layout()["sections"]
    ]
    return writer.sheet(sections)


def card_for(code: str, typed: Mapping[str, str]) -> Sheet:
    """The say-it-once card: headings in both languages, and her words as she said them."""
    writer = _Writer(code)
    parts = [Section(key, writer.pair(f"k_{key}", typed=typed[key]), ()) for key in layout()["card"] if typed.get(key)]
    return writer.sheet(parts)


def _clocks(transition: Transition) -> Iterable[tuple[str, date, bool]]:
    """Her legal dates that are still to come; those in her letter are sure, computed ones are not."""
    today = timezone.localdate()
    for clock in transition.clocks.filter(met_at__isnull=True, dropped_at__isnull=True):
        if clock.kind in date_kinds() and clock.due_on >= today:
            yield clock.kind, clock.due_on, clock.letter_on is not None


def _note(state: str) -> str:
    return {Check.State.DONE.value: "done", Check.State.OPEN.value: "todo"}.get(state, "")


class _Writer:
    """Writes pairs in one language and English."""

    def __init__(self, code: str) -> None:
        self.language = BY_CODE[code]
        self.own, self.english = words_in(code), words_in(SOURCE)
        self.facts, self.english_facts = facts_in(code), facts_in(SOURCE)

    def pair(self, key: str, *, note: str = "", typed: str = "") -> Pair:
        """Words that hold no fact."""
        return Pair((Piece(self.own[key]),), (Piece(self.english[key]),), note, typed)

    def day(self, kind: str, day: date, is_sure: bool) -> Pair:
        """A date, written in figures that read the same everywhere."""
        return self.pair(f"d_{kind}", note="" if is_sure else "checking", typed=f"{day.day} / {day.month} / {day.year}")

    def statement(self, said: Mapping[str, Any], transition: Transition) -> Pair | None:
        """A sentence with its facts, where it applies and may be said at all."""
        if transition.nation not in said.get("nations", [transition.nation]):
            return None
        if transition.trigger not in said.get("triggers", [transition.trigger]):
            return None
        keys = REFERENCE.findall(self.english[said["key"]])
        if any(key not in self.facts for key in keys):
            return None
        mark = worst(said["mark"], *(self.facts[key].mark for key in keys))
        if mark == NEVER:
            return None
        own, english = _pieces(self.own[said["key"]], self.facts), _pieces(self.english[said["key"]], self.english_facts)
        return Pair(own, english, "" if is_settled(mark) else "checking")

    def sheet(self, sections: Iterable[Section]) -> Sheet:
        """The paper, with what says that words are drafts."""
        codes = dict.fromkeys((self.language.code, SOURCE))
        drafts = tuple(code for code in codes if file_of(code)["status"] != "checked")
        return Sheet(self.language, self.own, self.english, drafts, tuple(sections))


def _pieces(text: str, facts: Mapping[str, Known]) -> tuple[Piece, ...]:
    found, at = [], 0
    for match in REFERENCE.finditer(text):
        found.append(Piece(text[at : match.start()]))
        found.append(Piece(facts[match[1]].text, is_fact=True, is_number=facts[match[1]].is_number))
        at = match.end()
    found.append(Piece(text[at:]))
    return tuple(piece for piece in found if piece.text)
