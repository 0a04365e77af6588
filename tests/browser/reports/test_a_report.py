"""A report from its first text to its readers: inspector, quality reviewer, provider, publisher and commissioner, each at a browser.

Pictures of every station, at a desk and on a phone, are kept in the folder ``PICTURES`` if that is set.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from portal.audit import working
from standards.inspections.models import Inspection
from standards.reports.models import Report
from tests import samples
from tests.browser.desks import DESK, PHONE, desk
from tests.browser.pages import sideways
from tests.conftest import Site, start_site, stop_site
from tests.databases import own_copy
from tests.integration.standards.reports.cast import Cast, cast
from tests.integration.standards.reports.test_photos import picture_of

ROOM = "/workspace/reports/"
PEOPLE = ("lead", "reviewer", "manager", "publisher", "commissioner")


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy that this process and the portal both use."""
    with own_copy(request, "reports") as address:
        yield address


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of photos and of files that were ordered."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def portal(database: str, var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal on it, with a cache of its own."""
    server, _, number = os.environ["CACHE_URL"].rpartition("/")
    cache = f"{server}/{int(number) + 10}"
    running = start_site(tmp_path_factory.mktemp("reports"), database, CACHE_URL=cache, WAYMARK_VAR=str(var))
    yield running
    stop_site(running)


@pytest.mark.django_db
def test_the_seeded_database_is_there() -> None:
    """pytest-django makes a database only for a run in which a test asks for it."""
    assert not Inspection.objects.exists()


class Desk:
    """Somebody's page, and what people do on any page of a report."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    def go(self, report: Report, place: str = "") -> None:
        self.page.goto(f"{ROOM}{report.pk}/{place}")

    def press(self, name: str) -> None:
        """A button or link of the page, by the first words of its name."""
        words = re.compile(rf"^{re.escape(name)}")
        self.page.locator("main").get_by_role("button", name=words).or_(
            self.page.locator("main").get_by_role("link", name=words)
        ).first.click()

    def step(self, report: Report, label: str, **fields: Any) -> None:
        """One of "What you can do now", with what its page asks."""
        self.go(report)
        self.page.locator("main section", has_text="What you can do now").get_by_role("link", name=label, exact=True).click()
        for name, value in fields.items():
            field = self.page.locator(f"main [name={name}]")
            if value is True:
                field.first.check()
            else:
                field.fill(value)
        self.page.locator("main form .grave").click()
        expect(self.page, self.page.locator("main").inner_text()).to_have_url(re.compile(f"{ROOM}{report.pk}/$"))

    def looks(self, name: str) -> None:
        """The page has no fault that axe knows, fits a phone, and is kept as a picture if somebody wants to look."""
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        folder = os.environ.get("PICTURES")
        for width in (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": 800})
            if width == PHONE:
                assert sideways(self.page) == 0, name
            if folder:
                self.page.screenshot(path=f"{folder}/report-{name}-{width}.png", full_page=True)
        self.page.set_viewport_size({"width": DESK, "height": 800})


@pytest.fixture
def world(database: str, var: Path, settings: Any) -> Cast:
    """An inspection that is being written up, with a photo of one finding."""
    settings.VAR_DIR, settings.EVIDENCE_DIR = var, var / "evidence"
    made = cast(begun=False)
    picture_of(made, made.inspection.findings.order_by("code")[0], "A risk plan, closed", samples.picture("JPEG", size=(900, 600)))
    return made


def test_from_the_first_text_to_its_readers(browser: Browser, portal: Site, world: Cast) -> None:
    with ExitStack() as desks:
        at = {name: Desk(desks.enter_context(desk(browser, portal.address, world.people[name])), name) for name in PEOPLE}
        report = written(at["lead"], at["reviewer"], world)
        checked_by_the_provider(at["manager"], at["lead"], report)
        decided(at["reviewer"], at["lead"], report)
        issued(at["publisher"], at["commissioner"], report, world)
        taken_away(at["commissioner"])
        answered(at["manager"], at["lead"], report)


def written(lead: Desk, reviewer: Desk, world: Cast) -> Report:
    """The system brings the text, the lead edits a sentence and adds an item, somebody else approves."""
    lead.page.goto(ROOM)
    lead.press("Begin the report")
    report = Report.objects.get(inspection=world.inspection)
    world.made.append(report)
    lead.looks("first-text")
    lead.press("Add an item")
    lead.page.locator("main [name=text]").fill("Review every risk plan within a month.")
    lead.page.locator("main [name=findings]").first.check()
    lead.looks("item")
    lead.page.locator("main form button[type=submit]").first.click()
    expect(lead.page.get_by_text("Review every risk plan within a month.").first).to_be_visible()
    lead.step(report, "Send to internal review")
    reviewer.step(report, "Approve the draft")
    lead.step(report, "Send the draft to the provider", recipients=True)
    return report


def checked_by_the_provider(manager: Desk, lead: Desk, report: Report) -> None:
    """The draft arrives, its photo with it; the clock begins; one statement is wrong, the others are right."""
    manager.go(report)
    photo = manager.page.locator("main figure img")
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 900
    manager.looks("draft-at-the-provider")
    manager.go(report, "facts/")
    manager.press("I have the draft")
    expect(manager.page.get_by_text("10 working days left")).to_be_visible()
    lead.go(report, "facts/")
    expect(lead.page.get_by_text("10 working days left")).to_be_visible()
    manager.go(report, "facts/")
    forms = manager.page.locator("main form[data-reply]")
    for number in range(forms.count()):
        forms.nth(number).get_by_text("Correct", exact=True).click()
        expect(forms.nth(number).locator("[data-state]")).to_contain_text("Saved")
    wrong = manager.page.locator("main article", has_text="Risk plans were reviewed late").locator("form[data-reply]")
    claim = "Our log shows nine of ten in time."
    with manager.page.expect_response(lambda answer: claim in unquote_plus(answer.request.post_data or "").replace("\r", "")) as kept:
        wrong.get_by_text("Not accurate", exact=True).click()
        wrong.locator("select").select_option(index=2)
        wrong.locator("textarea").fill(claim)
    assert kept.value.json()["kind"] == "saved"
    manager.page.reload()
    expect(manager.page.locator("textarea", has_text=claim)).to_have_count(1)
    manager.looks("check-of-facts")
    manager.step(report, "Send your answers")


def decided(reviewer: Desk, lead: Desk, report: Report) -> None:
    """Each point gets a decision with its reason; the lead rewords; both agree."""
    reviewer.step(report, "Begin to decide")
    reviewer.go(report, "decisions/")
    reviewer.looks("decisions")
    reviewer.press("Decide")
    reviewer.page.locator("main [name=outcome]").select_option(label="Not accepted")
    reviewer.page.locator("main [name=reason]").fill("The log is of another month. The sample can be drawn again.")
    reviewer.looks("decide")
    reviewer.press("Save the decision")
    expect(reviewer.page).to_have_url(re.compile("/decisions/"))
    reviewer.step(report, "Sign the decisions")
    lead.step(report, "Agree the final text")


def issued(publisher: Desk, commissioner: Desk, report: Report, world: Cast) -> None:
    """To one organisation by name. Before that it is not there for it."""
    commissioner.page.goto(ROOM)
    expect(commissioner.page.get_by_text("There is no report for you to read.")).to_be_visible()
    publisher.step(report, "Begin the check before issue")
    publisher.go(report)
    publisher.press("Issue to named organisations")
    publisher.page.locator("main label", has_text=world.oversight.name).click()
    publisher.page.locator("main [name=reason]").fill("The regime names the commissioner.")
    publisher.looks("issue")
    publisher.page.locator("main form .grave").click()
    expect(publisher.page).to_have_url(re.compile(f"{ROOM}{report.pk}/$"))


def taken_away(commissioner: Desk) -> None:
    """Read on the page, and as a file that the worker makes."""
    page = commissioner.page
    page.goto(ROOM)
    page.locator("main section", has_text="Issued to your organisation").get_by_role("link").first.click()
    for words in ("Risk plans were reviewed late", "Our log shows nine of ten in time.", "Not accepted", "A risk plan, closed"):
        expect(page.get_by_text(words).first).to_be_visible()
    commissioner.looks("issued")
    commissioner.press("Make the PDF")
    commissioner.looks("waiting")
    working.run_due()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download")).first.click(timeout=15_000)
    content = Path(download.value.path()).read_bytes()
    if folder := os.environ.get("PICTURES"):
        Path(folder, "report.pdf").write_bytes(content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert any(isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image" for one in pdf.objects)


def answered(manager: Desk, lead: Desk, report: Report) -> None:
    """The item goes into the provider's action plan, with its answer."""
    lead.step(report, "Ask for answers to the items")
    manager.go(report, "items/")
    manager.looks("items")
    manager.press("Answer")
    manager.page.locator("main [name=answer]").first.wait_for()
    manager.looks("answer")
