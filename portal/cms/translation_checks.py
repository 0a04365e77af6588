"""What a machine can see is wrong with a translation: left in English, doubled, cut off, in the wrong script, with other facts.

Pure. It cannot see whether a translation is right; only a person can.
"""

import re
import unicodedata
from collections import Counter
from html import unescape

from portal.languages import BY_CODE

REFERENCE = re.compile(r"\{\s*([^{}]*?)\s*\}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
TAG = re.compile(r"<(/?)(\w+)([^>]*)>")
SCRIPTS = {"Latn": "LATIN", "Arab": "ARABIC", "Ethi": "ETHIOPIC"}
REPEATED = re.compile(r"\b(\w{2,})(?:[ ,،]+\1){2,}\b|\b(\w+(?: \w+){2,9}) \2\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.?!؟።፧…]")
ENDS = ".?!؟።፧…"
NAMES = re.compile(r"\b(?:[A-Z][\w'’&-]*|[A-Z]{2,})(?:\s+(?:and|of|the|for|in)\s+(?=[A-Z])|\s+(?=[A-Z])|\b)")


def problems(english: str, own: str, language: str) -> list[str]:
    """Every fault of ``own`` as a translation of ``english`` into ``language``. Both may hold rich text, references and placeholders."""
    if not own.strip():
        return ["it is empty"] if english.strip() else []
    found = []
    for name, pattern in (("facts in curly brackets", REFERENCE), ("placeholders", PLACEHOLDER)):
        if Counter(pattern.findall(english)) != Counter(pattern.findall(own)):
            found.append(f"the {name} differ: {_list(pattern, english)} in English, {_list(pattern, own)} here")
    if _tags(english) != _tags(own):
        found.append("links or strong words differ from English")
    plain, english_plain = _words(own), _words(english)
    if _digits(plain) != _digits(english_plain):
        found.append("the typed numbers differ from English")
    if _is_same(english_plain, plain):
        found.append("it is still English")
    if twice := _doubled(plain, english_plain):
        found.append(f"“{twice}” stands there twice")
    if _is_cut(english_plain, plain):
        found.append("it ends in the middle, or is far shorter than English")
    if wrong := _wrong_script(plain, english_plain, language):
        found.append(f"it is not in the script of {BY_CODE[language].name}: “{wrong}”")
    return found


def _list(pattern: re.Pattern[str], text: str) -> str:
    return ", ".join(pattern.findall(text)) or "none"


def _words(text: str) -> str:
    return " ".join(unescape(TAG.sub(" ", PLACEHOLDER.sub(" ", REFERENCE.sub(" ", text)))).split())


def _tags(text: str) -> Counter[tuple[str, str, str]]:
    return Counter((match[1], match[2], match[3].strip()) for match in TAG.finditer(text))


def _digits(text: str) -> Counter[str]:
    """Figures of any script, with those that are no digits: ``①``, ``½``, ``፩``."""
    marked = "".join(character if unicodedata.category(character).startswith("N") else " " for character in text)
    return Counter("".join(f"{unicodedata.numeric(character):g}" for character in run) for run in marked.split())


def _is_same(english: str, own: str) -> bool:
    """The same words, where English has words that are no names."""
    common = NAMES.sub("", english[:1].lower() + english[1:])
    return english.casefold() == own.casefold() and len(re.findall(r"[a-z]{3,}", common)) > 2


def _doubled(own: str, english: str) -> str:
    """A word three times, several words or a sentence twice. Two equal words are good grammar in some languages (Vietnamese, Welsh)."""
    if match := REPEATED.search(own):
        return "" if REPEATED.search(english) else match[1] or match[2]
    twice = [part for part, times in Counter(_sentences(own)).items() if times > 1]
    return twice[0] if twice and len(set(_sentences(english))) == len(_sentences(english)) else ""


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in SENTENCE_END.split(text) if len(part.strip()) > 12]


def _is_cut(english: str, own: str) -> bool:
    if len(english) > 40 and len(own) < len(english) * 0.3:
        return True
    return len(english) > 40 and english[-1:] in ".?!" and own[-1:] not in f'{ENDS}:)»”"’'


def _wrong_script(own: str, english: str, language: str) -> str:
    """Foreign letters that are no name from the English text; empty when the script is right."""
    script = SCRIPTS[BY_CODE[language].script]
    kept = {word.casefold() for word in re.findall(r"[A-Za-z]+", english)} | {"waymark"}
    initials = "".join(re.findall(r"\b[A-Z]", english))
    strange = [
        word
        for word in re.findall(r"[^\W\d_]+", own)
        if not any(unicodedata.name(letter, "").startswith((script, "MODIFIER", "COMBINING")) for letter in word)
        and word.casefold() not in kept
        and not (len(word) > 1 and word in initials)  # "RNA" for a Recovery Needs Assessment
    ]
    letters = sum(len(word) for word in re.findall(r"[^\W\d_]+", own)) or 1
    return strange[0] if strange and sum(map(len, strange)) > letters * 0.1 else ""
