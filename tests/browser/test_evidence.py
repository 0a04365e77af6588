"""The form for evidence in a real browser: a chosen file is never lost, and a file that is taken is kept, not opened (UPL-02, UPL-07)."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Site
from tests.drills.evidence_server import ask


@pytest.fixture
def assessor(page: Page, site: Site) -> Page:
    """Signed in, with a page that writes down its failures."""
    known = ask(site.database, Path(os.environ["WAYMARK_VAR"]), "prepare")
    for cookie in known["cookie"].split(";"):
        name, _, value = cookie.strip().partition("=")
        page.context.add_cookies([{"name": name, "value": value, "url": f"{site.address}/workspace/"}])
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def fill(page: Page, **more: str) -> None:
    typed = {
        "title": "Doors",
        "shows": "All were checked.",
        "period_start": "2026-01-01",
        "period_end": "2026-06-30",
        "review_on": "2030-01-01",
    }
    page.goto("/workspace/evidence/add/")
    page.get_by_label("Kind").select_option("audit")
    for name, value in (typed | more).items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=is_anonymised]").check()


def test_a_chosen_file_stays_when_something_else_has_to_be_mended(assessor: Page, tmp_path: Path) -> None:
    page, chosen = assessor, tmp_path / "check.txt"
    chosen.write_text("All <b>doors</b> were checked.\n")
    fill(page, shows="Call 07700 900123 to see it")
    page.locator("[name=file]").set_input_files(chosen)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#problems")).to_be_focused()
    assert page.locator("[name=file]").evaluate("input => input.files[0].name") == "check.txt"
    page.locator("[name=looked]").check()
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/workspace/evidence/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="check.txt").click()
    assert download.value.suggested_filename == "check.txt"
    assert Path(download.value.path()).read_text() == "All <b>doors</b> were checked.\n"


def test_without_a_connection_nothing_is_lost(assessor: Page) -> None:
    page = assessor
    fill(page, reference="Folder 3")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("There is no connection.")).to_be_visible()
    assert page.locator("[name=title]").input_value() == "Doors"
    page.context.set_offline(False)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/workspace/evidence/[0-9a-f-]{36}/$"))
