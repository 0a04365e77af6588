"""What may stand in a text: no typed numbers, no addresses; facts by key. Pure, so that every editor path can ask it.

A wrong digit in one language is the worst realistic fault of this site: a reader would call a stranger. So digits of any
script are refused wherever words are saved, and the message says which fact to use instead.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from html import unescape

REFERENCE = re.compile(r"\{\s*([^{}]*?)\s*\}")
TAG = re.compile(r"<[^>]*>")
DIGITS = re.compile(r"\d(?:[\d\s.,()/+–-]*\d)?")  # \d is any script's decimal digit
MAIL = re.compile(r"\S+@\S+\.\S+")
ADDRESS = re.compile(r"(?:https?:)?//|\bwww\.|\b[\w-]+\.(?:uk|com|org|net|gov)\b", re.IGNORECASE)
OUTSIDE_LINK = re.compile(r"""<a\b[^>]*\bhref\s*=""", re.IGNORECASE)
TYPED_FREELY = frozenset({"18"})  # the age of majority: law, not a fact that changes


def references(text: str) -> list[str]:
    """Keys of the facts that ``text`` refers to, in order, with repeats."""
    return REFERENCE.findall(text)


def ascii_digits(text: str) -> str:
    """Only the decimal digits of ``text``, as ASCII: ``"٠٨٠٠٠"`` and ``"08000"`` are the same number."""
    return "".join(str(unicodedata.decimal(character)) for character in text if character.isdecimal())


def problems(text: str, values: Mapping[str, str]) -> list[str]:
    """What is wrong with ``text`` (plain or Wagtail rich text), each with its remedy. ``values``: key → value of every fact."""
    found = [f"There is no fact called “{key}”." + _did_you_mean(key, values) for key in references(text) if key not in values]
    if OUTSIDE_LINK.search(text):
        found.append("Links lead only to pages of this guide. Register an outside address as a fact, and refer to it.")
    words = unescape(TAG.sub(" ", REFERENCE.sub(" ", text)))
    for match in DIGITS.finditer(words):
        typed = ascii_digits(match.group())
        if typed not in TYPED_FREELY:
            found.append(_typed_number(match.group().strip(), typed, values))
    if MAIL.search(words):
        found.append("Texts hold no e-mail addresses. Register a link as a fact, and refer to it.")
    elif ADDRESS.search(words):
        found.append("Texts hold no addresses. Register a link as a fact, and refer to it as {its-key}.")
    return found


def _typed_number(shown: str, typed: str, values: Mapping[str, str]) -> str:
    same = sorted(key for key, value in values.items() if ascii_digits(value) == typed)
    start = f"“{shown}” is a typed number. Numbers stand in the register of facts, so that they change in one place."
    if same:
        return f"{start} Write {' or '.join('{' + key + '}' for key in same[:4])} instead."
    return f"{start} Register it as a fact first, then write {{its-key}} here; write small numbers as words."


def _did_you_mean(key: str, values: Iterable[str]) -> str:
    parts = set(re.split(r"[^a-z]+", key.lower())) - {""}
    close = sorted(known for known in values if parts & set(known.split("-")))
    return f" Did you mean {' or '.join('{' + known + '}' for known in close[:4])}?" if close else ""
