"""The reference of a record: ten random Crockford characters and a check character. Pure.

It has no meaning, can be spoken on the telephone, and one wrong or swapped character is noticed. What is kept of it in clear is a
keyed hash (``sections.index_of``); the reference itself is sealed.
"""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKS = ALPHABET + "*~$=U"  # Crockford's 37 check symbols; a reference whose check would be one of the last five is not given out
LENGTH = 10
HEARD_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def check_of(body: str) -> str:
    """The check character of ten characters: their number, modulo 37."""
    number = 0
    for character in body:
        number = number * 32 + ALPHABET.index(character)
    return CHECKS[number % 37]


def new_reference() -> str:
    """A fresh one, without separators: 50 random bits and the check."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        check = check_of(body)
        if check in ALPHABET:
            return body + check


def normalised(typed: str) -> str:
    """As it is kept, however it was typed: upper case, no separators, and letters that are heard as digits are digits."""
    text = unicodedata.normalize("NFKC", typed).upper().translate(HEARD_AS)
    return "".join(character for character in text if character.isalnum())


def is_reference(typed: str) -> bool:
    """Whether its length, alphabet and check character are right."""
    text = normalised(typed)
    return len(text) == LENGTH + 1 and set(text) <= set(ALPHABET) and check_of(text[:LENGTH]) == text[LENGTH]


def spaced(reference: str) -> str:
    """As people read it: 7KQ2X-M4T9B-6."""
    return f"{reference[:5]}-{reference[5:LENGTH]}-{reference[LENGTH:]}"
