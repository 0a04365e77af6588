"""What a password must be: long, not among the common ones, not made of words that anybody would try here first."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 128
EXPECTED = (
    "waymark", "password", "passphrase", "letmein", "welcome", "safehouse", "safe house", "survivor", "slavery", "trafficking", "referral",
    "outreach", "inspection", "standards", "support", "harbour", "manager", "assessor", "inspector", "editor", "administrator", "admin",
    "qwerty", "asdfgh", "summer", "winter", "autumn", "spring", "january", "february", "march", "april", "june", "july", "august",
    "september", "october", "november", "december", "monday", "friday", "london", "england", "wales", "scotland", "123456789", "12345678",
    "1234567", "123456", "12345", "1234", "2024", "2025", "2026", "2027",
)  # fmt: skip
LEFT = 8  # characters that must remain when those words are taken out


class NotExpected:
    """Refuses passwords that are little more than words of this place, or one character again and again."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError``."""
        own = [part for part in re.split(r"[^\w]", f"{getattr(user, 'email', '')} {user or ''}".lower()) if len(part) > 2]
        rest = password.lower()
        for word in (*EXPECTED, *own):
            rest = rest.replace(word, "")
        if len(rest) < LEFT or len(set(rest)) < 5:
            raise ValidationError(_("This password is made of words that somebody would try first. Choose a few words of your own."))

    def get_help_text(self) -> str:
        """One sentence."""
        return _("Not made of words of your work or your name.")


class NotTooLong:
    """Looked at before anything is hashed: a hundred kilobytes of password would keep a processor busy."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError``."""
        if len(password) > LONGEST:
            raise ValidationError(_("At most 128 characters."))

    def get_help_text(self) -> str:
        """One sentence."""
        return _("Between 12 and 128 characters; spaces and every other character count.")
