"""A manager's first day: from the mail that invites her to the receipt of a submitted self-assessment, on a phone and on a desktop.

``WAYMARK_SHOTS=/some/folder`` keeps a picture of every page on the way.
"""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core import mail
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal import hashing
from portal.accounts import invitations
from portal.accounts.models import TOTPDevice, User
from portal.accounts.roles import Role
from portal.audit import working
from portal.audit.models import Job
from providers.organisations.models import Organisation
from standards.assessments import freezing
from standards.assessments.models import Answer, Assessment, Snapshot
from standards.catalogue.models import Edition
from tests import builders
from tests.browser.assessments.writing import PATIENCE
from tests.browser.pages import sideways
from tests.conftest import Site

SHOTS = os.environ.get("WAYMARK_SHOTS", "")
WIDTHS = {"phone": 360, "desktop": 1280}


@dataclass
class Journey:
    """Her browser. ``wrong`` collects what no page on the way may do: fail, complain, run over its edges, miss a heading."""

    page: Page
    width: str
    email: str
    begun: float = field(default_factory=time.monotonic)
    pages: int = 0
    wrong: list[str] = field(default_factory=list)

    def look(self, name: str) -> None:
        """What stands on the screen now."""
        self.pages += 1
        self.page.wait_for_load_state("networkidle")
        if SHOTS:
            folder = Path(SHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{self.pages:02}-{name}-{WIDTHS[self.width]}.png", full_page=True)
        if wider := sideways(self.page):
            self.wrong.append(f"{name}: {wider} pixels wider than the screen")
        if self.page.locator("h1").count() != 1:
            self.wrong.append(f"{name}: not one heading")

    def press(self, name: str) -> None:
        """The button or link of this name."""
        main = self.page.locator("main")
        main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


@pytest.fixture(params=WIDTHS)
def journey(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Journey]:
    """A browser nobody has used."""
    width: str = request.param
    context: BrowserContext = browser.new_context(
        base_url=site.address, viewport={"width": WIDTHS[width], "height": 740}, is_mobile=width == "phone", has_touch=width == "phone"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    made = Journey(page, width, f"mina-{width}@new.example")
    page.on("pageerror", lambda error: made.wrong.append(str(error)))
    page.on("console", lambda message: made.wrong.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    yield made
    context.close()


def test_from_the_invitation_to_the_receipt(journey: Journey, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    house = builders.organisation(name=f"Rowan Trust ({journey.width})")
    journey.page.goto(link_in_the_mail(house, journey.email, site))
    come_in(journey)
    add_a_service(journey)
    row = begin(journey)
    answer_everything(journey, row)
    decide_gaps(journey)
    send(journey, row)
    with capsys.disabled():
        print(f" [{journey.width}: {journey.pages} pages, {time.monotonic() - journey.begun:.0f} s by machine]", end="")
    assert journey.wrong == []


def link_in_the_mail(house: Organisation, email: str, site: Site) -> str:
    """Another manager asks her in; the worker's job sends the mail, and all it holds is a link."""
    by = builders.member(house, Role.MANAGER)
    mail.outbox.clear()
    with override_settings(SITE_ADDRESS=site.address):
        invitation = invitations.invite(email, house.pk, Role.MANAGER, by=by)
        working.run(Job.objects.get(key=f"invitation:{invitation.pk}:{invitation.serial}").pk)
    (sent,) = mail.outbox
    assert sent.to == [email]
    assert house.name not in sent.subject + str(sent.body)
    (link,) = re.findall(r"http\S+", str(sent.body))
    return str(link)


def come_in(journey: Journey) -> None:
    """A name and a password, an app as second factor, the codes on paper: then the start page."""
    page = journey.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome to Waymark")
    journey.look("invitation")
    page.get_by_label("First name").fill("Mina")
    page.get_by_label("Last name").fill("Okafor")
    page.get_by_label("Choose a password").fill(builders.PASSWORD)
    journey.press("Go on")
    journey.look("second-factor")
    journey.press("Set up an app")
    key = page.locator(".key").inner_text().replace(" ", "").replace("\n", "")
    device = TOTPDevice.objects.get(user=User.objects.get(email=journey.email), confirmed=False)
    assert key == device.secret, "what can be typed into an app is the whole key"
    journey.look("app")
    page.get_by_role("textbox", name="Code").fill(device.code())
    journey.press("Go on")
    journey.press("Show me my codes")
    assert page.locator(".codes li").count() == 8
    journey.look("codes")
    page.get_by_label("I have printed these codes").check()
    journey.press("I have kept them: go on")
    page.wait_for_url("**/workspace/")
    expect(page.get_by_role("heading", name="Where to begin")).to_be_visible()
    journey.look("start")


def to_room(journey: Journey, name: str) -> None:
    """By the rail, or the menu on a phone."""
    if journey.width == "phone":
        journey.page.get_by_text("Menu", exact=True).click()
    journey.page.get_by_role("navigation", name="Workspace").get_by_role("link", name=name, exact=True).locator("visible=true").click()


def add_a_service(journey: Journey) -> None:
    """What she is to judge."""
    to_room(journey, "Services")
    journey.look("no-service")
    journey.page.goto("/workspace/")
    journey.press("Name a service")
    journey.page.get_by_label("Name").fill("Night team")
    journey.page.get_by_label("Kind").select_option("first_response")
    journey.page.get_by_label("Nation").select_option("england")
    journey.page.get_by_label("Region").select_option("london")
    journey.look("new-service")
    journey.press("Add the service")
    journey.look("service")


def begin(journey: Journey) -> Assessment:
    """The proposals of the form are good enough; only the standards have to be chosen."""
    to_room(journey, "Self-assessments")
    journey.look("no-assessment")
    journey.press("Begin a self-assessment")
    journey.page.get_by_label("Standards").select_option(str(Edition.objects.get(code="first-response-2026").pk))
    journey.look("begin")
    journey.press("Begin")
    expect(journey.page.get_by_role("status").first).to_contain_text("Everything you write is saved as you type.")
    journey.look("overview-empty")
    return Assessment.objects.get(author__email=journey.email)


def answer_everything(journey: Journey, row: Assessment) -> None:
    """By touch or by keys; two answers say more, one does not apply, one critical indicator is only partly met."""
    page = journey.page
    journey.press("All questions on one page")
    journey.look("questions-empty")
    rows = list(row.answers.in_order().select_related("indicator"))
    gap = next(answer for answer in rows if answer.indicator.is_critical)
    for number, answer in enumerate(rows):
        article = page.locator(f"article[id='{answer.indicator.code}']")
        value = "Partly met" if answer == gap else "Does not apply" if number == 7 else "Not met" if number == 9 else "Fully met"
        if answer.indicator.is_critical and value == "Not met":
            value = "Fully met"
        article.locator("label", has_text=value).first.click()
        if value in {"Fully met", "Does not apply"}:
            article.locator("textarea").fill(f"We can show {answer.indicator.code}.")
        if number == 2:
            article.scroll_into_view_if_needed()
            expect(article.locator("[data-state]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"typing-{WIDTHS[journey.width]}.png")
    expect(page.locator("[data-overall]")).to_have_text("Everything is saved.")
    expect(page.locator("[data-count]")).to_have_text(f"{len(rows)} of {len(rows)} answered")
    journey.look("questions")
    assert not Answer.objects.filter(assessment=row, value="").exists()


def decide_gaps(journey: Journey) -> None:
    """The page says what is missing and leads to it."""
    page = journey.page
    page.get_by_role("link", name="Overview").first.click()
    page.wait_for_url(re.compile(r"/assessments/[0-9a-f-]{36}/$"))
    journey.look("overview")
    journey.press("Plan what will be done about them")
    journey.look("gaps")
    page.get_by_text("Or: why nothing will be done").first.click()
    page.get_by_label("Why nothing will be done").first.fill("The county trains everybody in May.")
    journey.press("Save the reason")
    journey.look("gaps-decided")


def send(journey: Journey, row: Assessment) -> None:
    """One act, and a receipt that says what was sent."""
    page = journey.page
    page.get_by_role("navigation", name="Where you are").get_by_role("link").last.click()
    page.wait_for_url(f"**/{row.pk}/")
    journey.press("Send for review")
    journey.look("send")
    journey.press("Send for review")
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    journey.look("receipt")
    copy = Snapshot.objects.get(assessment=row)
    expect(page.locator(".code-big")).to_have_text(copy.spoken_receipt)
    assert Assessment.objects.get(pk=row.pk).status == Assessment.Status.IN_REVIEW
    assert hashing.is_intact(copy)
    assert len([each for each in freezing.indicators_of(copy.content) if each["answer"]["value"]]) == row.answers.count()
    journey.press("Read what was sent")
    journey.look("what-was-sent")
    page.goto("/workspace/")
    expect(page.locator("main")).not_to_contain_text("It waits for your review.")  # nobody approves what they alone wrote
    journey.look("start-after")
