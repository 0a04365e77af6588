"""What may stand in a text: no typed numbers, no addresses; facts by key. Pure, so that every editor path can ask it.

A wrong digit in one language is the worst realistic fault of this site: a reader would call a stranger. So figures of any
script are refused wherever words are saved, and the message says which fact to use instead.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

REFERENCE = re.compile(r"\{\s*([^{}]*?)\s*\}")
TAG = re.compile(r"<(/?[a-zA-Z][^\s/<>]*)([^<>]*)>|<[^<>]*>")  # "<" ends a try, or a text of many "<" would take minutes
ATTRIBUTE = re.compile(r"[^\s=/\"'>]+(?=\s*=)")
RUN = re.compile(r"9(?:[9 ]*9)?")  # of a mask: figures are 9, letters a, everything between them a space
MAIL = re.compile(r"[^\s@]@[^\s@.]+\.")
ENDINGS = "app|biz|co|com|edu|eu|gov|info|int|io|link|ly|me|net|online|org|site|tel|tv|uk|xyz"
ADDRESS = re.compile(rf"(?:https?:)?//|\bwww\.|\b[\w-]+\.(?:{ENDINGS})\b", re.IGNORECASE)
# All that our editor makes. A number in any other attribute would never be seen by whoever checks the text.
TAGS = frozenset({"p", "b", "ul", "li", "a", "br"})
ATTRIBUTES = frozenset({"data-block-key", "linktype", "id"})
SHORTEST = 7  # figures of a number that leads to a person; codes such as 999 are shorter, and are law or facts
TYPED_FREELY = frozenset({"18"})  # the age of majority: law, not a fact that changes


def references(text: str) -> list[str]:
    """Keys of the facts that ``text`` refers to, in order, with repeats."""
    return REFERENCE.findall(text)


def is_figure(character: str) -> bool:
    """Whether it stands for a number: digits of any script, ``²``, ``①``, ``½``, ``Ⅻ``, and those of Ethiopic (``፩``)."""
    return unicodedata.category(character).startswith("N")


def ascii_digits(text: str) -> str:
    """Only the figures of ``text``, as ASCII digits: ``"٠٨٠٠٠"``, ``"０８０００"`` and ``"08000"`` are the same number."""
    return "".join(_digits_of(character) for character in text if is_figure(character))


def _digits_of(figure: str) -> str:
    digit = unicodedata.digit(figure, None)
    if digit is not None:
        return str(digit)
    parts = [character for character in unicodedata.normalize("NFKC", figure) if character != figure and character.isdecimal()]
    return "".join(str(unicodedata.decimal(part)) for part in parts) or f"{unicodedata.numeric(figure, 0):g}"


def numbers(text: str) -> Iterator[str]:
    """Every number in ``text``, as typed. Whatever is not a letter, seen or unseen, does not part one number from the next."""
    mask = "".join("9" if is_figure(character) else "a" if character.isalpha() else " " for character in text)
    for match in RUN.finditer(mask):
        yield text[match.start() : match.end()]


def could_be_called(text: str) -> list[str]:
    """Every number in ``text`` that somebody could dial: seven figures or more, unless they are years (``2024-2025``)."""
    years = re.compile(r"(?:(?:19|20)\d\d){2,}")
    return [shown for shown in numbers(text) if len(typed := ascii_digits(shown)) >= SHORTEST and not years.fullmatch(typed)]


def problems(text: str, values: Mapping[str, str]) -> list[str]:
    """What is wrong with ``text`` (plain or Wagtail rich text), each with its remedy. ``values``: key → value of every fact."""
    found = [f"There is no fact called “{key}”." + _did_you_mean(key, values) for key in references(text) if key not in values]
    if unknown := sorted(set(_unknown_markup(text))):
        found.append(f"Texts hold words, lists and links to pages, but no {', '.join(unknown)}.")
    if "href" in unknown:
        found.append("Links lead only to pages of this guide. Register an outside address as a fact, and refer to it.")
    words = unescape(TAG.sub(" ", REFERENCE.sub(" ", text)))
    for shown in numbers(words):
        typed = ascii_digits(shown)
        if not (typed in TYPED_FREELY and shown.isdecimal()):
            found.append(_typed_number(shown, typed, values))
    plain = _plain(words)
    if MAIL.search(plain):
        found.append("Texts hold no e-mail addresses. Register a link as a fact, and refer to it.")
    elif ADDRESS.search(plain):
        found.append("Texts hold no addresses. Register a link as a fact, and refer to it as {its-key}.")
    return found


def _unknown_markup(text: str) -> Iterator[str]:
    for match in TAG.finditer(text):
        tag, rest = (match[1] or "").lstrip("/").lower(), match[2] or ""
        if tag not in TAGS:
            yield f"<{tag}>"
        yield from (name.lower() for name in ATTRIBUTE.findall(rest) if name.lower() not in ATTRIBUTES)
    if "<" in TAG.sub("", text):
        yield "<"


def _plain(words: str) -> str:
    """One shape for look-alikes (full-width letters), without characters that nobody sees."""
    return "".join(character for character in unicodedata.normalize("NFKC", words) if unicodedata.category(character) != "Cf")


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
