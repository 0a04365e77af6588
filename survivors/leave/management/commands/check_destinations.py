"""``manage.py check_destinations``: does every page that leaving may lead to still open, without a sign-in or cookie wall?"""

import re
import urllib.error
import urllib.request
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from survivors.leave.destinations import in_use

MOST_BYTES = 500_000  # walls announce themselves early; nobody needs all of a large page
SIGN_IN = re.compile(r"\b(log-?in|sign-?in|sso|oauth2?|account/auth)\b", re.IGNORECASE)
WALL = re.compile(r"\b(consent|cookie-?wall|age-?(check|gate|verification))\b", re.IGNORECASE)
FORM_TO = re.compile(r"<form\b[^>]*\baction\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
PASSWORD = re.compile(r"<input\b[^>]*\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
REFRESH = re.compile(r"<meta\b[^>]*http-equiv\s*=\s*[\"']?refresh\b[^>]*\burl\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def complaint(address: str, timeout: float) -> str:
    """What is wrong with ``address`` as a place to go to, in a few words; empty when nothing is. ``timeout`` in seconds."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))  # some sites redirect for ever without
    # A browser's name, because some sites refuse every other; and no Referer, as from our pages.
    opener.addheaders = [("User-Agent", "Mozilla/5.0"), ("Accept", "text/html")]
    try:
        with opener.open(address, timeout=timeout) as answer:
            arrived, kind = answer.geturl(), answer.headers.get_content_type()
            page = answer.read(MOST_BYTES).decode("utf-8", errors="replace")
    except urllib.error.HTTPError as error:
        return f"answers {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return f"does not answer ({type(error).__name__}: {error})"
    if kind != "text/html":
        return f"is not a page but {kind}"
    refreshed = REFRESH.search(page)
    return _wall(arrived if arrived != address else "", refreshed.group(1) if refreshed else "", page)


def _wall(redirect: str, refresh: str, page: str) -> str:
    for onward in (redirect, refresh):
        if SIGN_IN.search(onward):
            return f"leads to a sign-in ({onward})"
        if WALL.search(onward):
            return f"leads to a cookie or age wall ({onward})"
    if PASSWORD.search(page):
        return "asks for a password"
    walls = [target for target in FORM_TO.findall(page) if WALL.search(target)]
    return f"shows a cookie or age wall ({walls[0]})" if walls else ""


class Command(BaseCommand):
    """Asks each address once. Run it every night: exit code 1 and a list when one needs replacing."""

    help = "Check that every page in survivors/leave/data/destinations.yaml opens, without a sign-in or a cookie wall."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--timeout``."""
        parser.add_argument("--timeout", type=float, default=20, help="seconds to wait for each page (20)")

    def handle(self, *args: Any, timeout: float, **options: Any) -> None:
        """All of them are asked, also when one fails."""
        failed = []
        addresses = in_use()
        for address, languages in addresses.items():
            if wrong := complaint(address, timeout):
                failed.append(f"{address} {wrong}; used for: {', '.join(languages)}")
        if failed:
            raise CommandError(f"{len(failed)} of {len(addresses)} destinations need a look:\n  " + "\n  ".join(failed))
        self.stdout.write(f"  destinations that open: {len(addresses)}")
