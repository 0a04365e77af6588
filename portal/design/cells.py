"""Texts that stand safely in a spreadsheet: no cell is ever a formula, no character is one that XML forbids (INJ-06, C12)."""

import re

# A spreadsheet program begins to calculate at one of these, also behind blanks and in their full-width forms. After a quote,
# a semicolon or a new line they matter too: a program that splits elsewhere than we do sees a new cell there.
RISKY = re.compile(r"(^|[\n\r;\"|\t])(\s*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")
HARMLESS = re.compile(r"[+-]?\d[\d ().,]*")  # a number, or a telephone number with its plus
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """``text`` without the characters that XML 1.0 forbids: a workbook or a document that holds one does not open."""
    return FORBIDDEN.sub("", text)


def plain(value: object) -> str:
    """``value`` as the text of a CSV cell. An apostrophe stands before whatever a program would take for a formula."""
    text = legal("" if value is None else str(value))
    if HARMLESS.fullmatch(text):
        return text
    return RISKY.sub(r"\1\2'", text)
