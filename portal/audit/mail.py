"""E-mail that names nobody and nothing: one fixed sentence and an address of ours (PRIV-20). Built anew for each person (C22)."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _


def send(person: Any, path: str, *, name: str) -> None:
    """Send ``person`` the sentence and the address of ``path``, in their language. Raises ``OSError`` when it is not accepted.

    ``name`` makes the Message-ID. If a worker is killed between the server's "accepted" and our note of it, the second copy
    has the same one, and mail programs show it once.
    """
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    with translation.override(getattr(person, "language", "") or settings.LANGUAGE_CODE):
        message = EmailMessage(
            subject=_("Something in Waymark needs you"),
            body=_("Something in Waymark needs you. To see what it is, sign in here:\n\n%(address)s\n\n"
                   "This e-mail says no more, on purpose. You can choose how often you get one on the page of your notices.\n")
            % {"address": settings.SITE_ADDRESS + path},
            to=[person.email],
            headers={"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"},
        )  # fmt: skip
    message.send()
