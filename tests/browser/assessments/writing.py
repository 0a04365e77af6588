"""People who answer a self-assessment in real browsers, and what the database says about what they wrote.

The portal and this process share one database (``tests.databases.own_copy``), so that a test asks the rows and not the screen.
"""

import contextlib
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, Request, Response
from playwright.sync_api import Error as PlaywrightError

from portal.accounts.models import User
from standards.assessments.models import Answer, AnswerVersion, Assessment
from tests import builders
from tests.conftest import Site, start_site

SAVED_AT = re.compile(r"^Saved \d\d:\d\d$")
PATIENCE = 20  # seconds; this machine may be busy
FIELD = re.compile(rb'name="(\w+)"\r\n\r\n(.*?)\r\n--', re.DOTALL)


@dataclass
class Sent:
    """A save that left a browser. ``version`` once the portal has said that it is saved."""

    answer: uuid.UUID
    key: uuid.UUID
    comment: str
    at: float
    version: int | None = None


@dataclass
class Desk:
    """One person's browser on one page of questions."""

    page: Page
    person: User
    sent: dict[uuid.UUID, Sent] = field(default_factory=dict)
    cut: int = 0  # requests that failed on their way

    def article(self, answer: Answer) -> Locator:
        """The question."""
        return self.page.locator(f"article[id='{answer.indicator.code}']")

    def comment(self, answer: Answer) -> Locator:
        """Where its explanation is typed."""
        return self.article(answer).locator("textarea[name=comment]")

    def state(self, answer: Answer) -> Locator:
        """What the page says about it."""
        return self.article(answer).locator("[data-state]")

    @property
    def overall(self) -> Locator:
        """The line that stays on the screen."""
        return self.page.locator("[data-overall]")

    def type(self, answer: Answer, words: str, delay: float = 5) -> None:
        """Type at the end of the explanation, key by key."""
        self.comment(answer).focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words, delay=delay)

    def note_request(self, request: Request) -> None:
        """Remember what leaves."""
        if request.method == "POST" and "/answers/" in request.url:
            fields = {name.decode(): value.decode() for name, value in FIELD.findall(request.post_data_buffer or b"")}
            if fields:
                key = uuid.UUID(fields["key"])
                answer = uuid.UUID(request.url.rstrip("/").rpartition("/")[2])
                self.sent.setdefault(key, Sent(answer, key, fields["comment"].replace("\r\n", "\n"), time.monotonic()))

    def note_failure(self, request: Request) -> None:
        """Count it."""
        self.cut += request.method == "POST" and "/answers/" in request.url

    def note_response(self, response: Response) -> None:
        """Remember what was acknowledged: a whole reply that says so, and nothing less."""
        request = response.request
        if request.method != "POST" or "/answers/" not in response.url or response.status != 200:
            return
        try:
            reply = response.json()
        except (PlaywrightError, ValueError):  # the reply was cut off: nothing was acknowledged
            return
        fields = {name.decode(): value.decode() for name, value in FIELD.findall(request.post_data_buffer or b"")}
        if fields and reply.get("kind") == "saved":
            self.sent[uuid.UUID(fields["key"])].version = reply["version"]

    def save_now(self) -> None:
        """Press the button that is there while something is in the way; meanwhile it may have been saved without."""
        with contextlib.suppress(PlaywrightError):
            self.page.locator("[data-now]").click(timeout=1000)

    @property
    def acknowledged(self) -> list[Sent]:
        """What the portal said is saved."""
        return [sent for sent in self.sent.values() if sent.version is not None]


@contextmanager
def desk(browser: Browser, site: Site, person: User, address: str, **options: Any) -> Iterator[Desk]:
    """``person`` signed in, both factors passed, with ``address`` open."""
    context = browser.new_context(base_url=site.address, viewport={"width": 1280, "height": 900}, **options)
    cookie = builders.sign_in(person).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": site.address}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    made = Desk(page, person)
    page.on("request", made.note_request)
    page.on("requestfailed", made.note_failure)
    page.on("response", made.note_response)
    reply = page.goto(address)
    assert reply
    assert reply.ok, reply.status
    try:
        yield made
    finally:
        context.close()


def begin(database: str, folder: Any, **environment: str) -> Site:
    """The portal on that database, with a cache of its own."""
    server, _, number = os.environ["CACHE_URL"].rpartition("/")
    return start_site(folder, database, 1, **environment, CACHE_URL=f"{server}/{int(number) + 11}")


def all_of(row: Assessment) -> str:
    """All questions on one page."""
    return reverse("assessments:all_answers", args=[row.pk])


def now(answer: Answer) -> Answer:
    """The answer as the database has it."""
    return Answer.objects.get(pk=answer.pk)


def until(what: Callable[[], bool], page: Page, seconds: float = PATIENCE) -> float:
    """Wait until it is so; the seconds that took. The browser goes on meanwhile."""
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < seconds, "it never became so"
        page.wait_for_timeout(20)
    return time.monotonic() - begun


def lost(desk: Desk, answer: Answer) -> list[Sent]:
    """What was acknowledged and is not there to the letter, under the number that was told."""
    rows = {version.key: version for version in AnswerVersion.objects.filter(answer=answer)}
    mine = [sent for sent in desk.acknowledged if sent.answer == answer.pk]
    return [
        sent for sent in mine if sent.key not in rows or (rows[sent.key].version, rows[sent.key].comment) != (sent.version, sent.comment)
    ]


def chain_is_whole(answer: Answer) -> bool:
    """Every version follows the one before, and the row holds the last: nothing torn, nobody met themselves."""
    numbers = list(AnswerVersion.objects.filter(answer=answer).values_list("version", flat=True))
    last = AnswerVersion.objects.filter(answer=answer, version=now(answer).version).first()
    return sorted(number or 0 for number in numbers) == list(range(1, len(numbers) + 1)) and (
        last is None or last.comment == now(answer).comment
    )
