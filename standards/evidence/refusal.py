"""Why a file was not taken, in words that say how to mend it. The checks raise a code; people read the sentence."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "empty": _("This file is empty. Choose it again."),
    "too_big": _("This file is larger than 50 MB. Make it smaller, or keep it where it is and give a reference instead."),
    "type": _(
        "We take PDF, JPEG, PNG, Word (.docx), Excel (.xlsx), OpenDocument text (.odt), CSV and plain text. Save it as one of these."
    ),
    "name": _(
        "The ending of the file's name does not fit what is in it. Open it, save it again under its proper type, and choose that one."
    ),
    "broken": _("This file is damaged, or not quite what its type asks for. Open it, save it again, and choose that one."),
    "encrypted": _("This file is protected by a password, so nobody could check it or read it later. Save it without one."),
    "macros": _("This document carries macros or scripts. Save it without them, as .docx, .xlsx or PDF."),
    "embedded": _("This document carries another file inside. Save it as PDF, or take that file out and bring it by itself."),
    "outside": _("This document fetches something from another address when it is opened. Save it as PDF."),
    "formula": _("This table has cells that begin like a formula. Save it with values only."),
    "active": _("This PDF does things when it is opened: it runs a script, starts a program or sends a form. Print it to a new PDF."),
    "mixed": _("This file is two kinds of file at once. Open it, save it again, and choose that one."),
    "bomb": _("This file unpacks to far more than it should. Save it again, or split it."),
    "pixels": _("This picture has more than 25 million points. Make it smaller."),
    "text": _("This is no plain text in UTF-8. Save it as “UTF-8” (in Excel: “CSV UTF-8”)."),
}


class Refused(Exception):  # noqa: N818 - it is no error of the program: the door stayed shut
    """A file that is not taken. ``code``: a key of ``WORDS``; ``str()`` is for people."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    def __str__(self) -> str:
        return str(WORDS[self.code])
