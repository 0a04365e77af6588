"""Cleans the name that somebody gave a file: shown to people, never used on our disk. Pure.

Source of the rules: RFC 6266 (one header line), the names that Windows reserves, and Unicode's direction marks, with which
"cod\\u202efdp.exe" reads like a PDF.
"""

import re
import unicodedata

LONGEST = 120  # characters, the ending included
RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?:\s*\..*)?", re.IGNORECASE | re.DOTALL)
NOT_IN_NAMES = re.compile(r'[<>:"|?*;%\\/]')


def ending(name: str) -> str:
    """What stands after the last dot, in small letters, or nothing."""
    _stem, dot, last = name.rpartition(".")
    return last.strip().lower() if dot else ""


def cleaned(name: str, suffix: str) -> str:
    """``name`` without folders, marks and anything a system could take for more than a name; it ends in ``.suffix``. Idempotent."""
    name = unicodedata.normalize("NFC", name)
    name = re.split(r"[\\/]", name)[-1]
    name = re.sub(r"%[0-9a-fA-F]{2}", "_", name)
    name = "".join(" " if character.isspace() else character for character in name)
    name = "".join(character for character in name if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    stem = name.rpartition(".")[0] if "." in name else name
    stem = NOT_IN_NAMES.sub("_", stem)
    stem = re.sub(r" +", " ", stem).strip(". ")[: LONGEST - len(suffix) - 1].strip(". ")
    stem = unicodedata.normalize("NFC", stem)
    if not stem:
        stem = "file"
    if RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem}.{suffix}"
