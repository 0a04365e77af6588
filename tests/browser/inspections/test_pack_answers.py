"""B14, C49: what the portal answers to a visit pack, in a real browser: refused, changed on both sides, lost on its way, from a file."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from standards.inspections import recording
from standards.inspections.models import Finding
from tests.browser.inspections.tablets import (
    CANARY,
    PATIENCE,
    PHONE,
    at,
    counted,
    gone,
    is_open,
    said_saved,
    signed_in,
    tablet,
    take,
    unlock,
    write,
)
from tests.conftest import Site
from tests.integration.standards.inspections.cast import Cast


def test_the_module_has_a_database(db: None) -> None:
    """``own_copy`` says why."""


def test_b14_what_is_refused_stays_with_its_reason_and_is_sent_once_it_is_mended(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world, PHONE) as page:
        take(page, world)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        write(page, world, "Amina Hassan said that the door was locked.")
        page.get_by_role("button", name="Done").click()
        page.get_by_role("button", name="Send and remove the pack").click()
        expect(page.locator("#save-state")).to_contain_text("Still here: 1", timeout=PATIENCE)
        expect(page.locator("[data-queue]")).to_contain_text("Not taken. Look at it again.")
        page.locator("[data-queue] button").click()
        expect(page.locator("[data-question]")).to_contain_text("Amina Hassan")
        expect(page.locator("[data-question]")).to_contain_text("This may tell who somebody is.")
        page.locator("#finding_text").fill("Staff said that the door was locked.")
        said_saved(page)
        page.get_by_role("button", name="Done").click()
        page.get_by_role("button", name="Send and remove the pack").click()
        gone(page)
        assert world.now().findings.filter(text="Staff said that the door was locked.").count() == 1


def test_b14_changed_on_both_sides_both_texts_are_shown_and_a_person_chooses(browser: Browser, portal: Site, world: Cast) -> None:
    row = Finding.objects.get(inspection=world.row)
    with tablet(browser, portal, world) as page:
        take(page, world)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        page.locator("[data-drafts] button").click()
        page.locator("#finding_text").fill("Written in the cellar.")
        page.locator("#finding_is_urgent").check()
        said_saved(page)
        page.get_by_role("button", name="Done").click()
        changed = {name: getattr(row, name) for name in Finding.WRITTEN} | {"text": "Written by the lead.", "evidence": "Seen by the lead."}
        recording.rewrite(row, changed, [], [], base=row.version, by=world.who("lead"))
        page.get_by_role("button", name="Send and remove the pack").click()
        expect(page.locator("[data-queue]")).to_contain_text("Changed on both sides", timeout=PATIENCE)
        assert Finding.objects.get(pk=row.pk).text == "Written by the lead."
        page.locator("[data-queue] button").click()
        for words in ("Written in the cellar.", "Written by the lead."):
            expect(page.locator("[data-fields]").get_by_text(words)).to_be_visible()
        page.get_by_role("button", name="Keep this choice").click()
        expect(page.locator("#save-state")).to_contain_text("Choose for every field.")
        page.get_by_label("Keep both, one after the other").check()
        page.get_by_role("button", name="Keep this choice").click()
        page.get_by_role("button", name="Send and remove the pack").click()
        gone(page)
    now = Finding.objects.get(pk=row.pk)
    assert (now.text, now.evidence, now.is_urgent) == ("Written by the lead.\n\nWritten in the cellar.", "Seen by the lead.", True)


def test_b14_an_answer_that_is_lost_on_its_way_makes_no_second_finding(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        take(page, world)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        write(page, world, f"{CANARY}: sent and never answered.")
        page.get_by_role("button", name="Done").click()

        def swallow(route: Any) -> None:
            if route.request.method == "POST":
                route.fetch()  # it arrives, and the answer does not
                route.abort()
            else:
                route.continue_()

        page.context.route("**/visit-pack/send/", swallow)
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#save-state")).to_contain_text("No network", timeout=PATIENCE)
        counted(page, 1)
        page.context.unroute("**/visit-pack/send/")
        page.locator("[data-queue] button").click()
        page.locator("#finding_text").fill(f"{CANARY}: said better.")
        said_saved(page)
        page.get_by_role("button", name="Done").click()
        page.get_by_role("button", name="Send and remove the pack").click()
        gone(page)
    assert list(world.now().findings.filter(text__startswith=CANARY).order_by("code").values_list("text", flat=True)) == [
        f"{CANARY}: as it was.", f"{CANARY}: said better."
    ]  # fmt: skip


def test_b14_signed_out_meanwhile_nothing_is_lost(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        take(page, world)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        write(page, world, f"{CANARY}: while signed out.")
        page.get_by_role("button", name="Done").click()
        page.context.clear_cookies()
        page.get_by_role("button", name="Send and remove the pack").click()
        expect(page.locator("#save-state")).to_contain_text("You are signed out", timeout=PATIENCE)
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        signed_in(page.context, portal, world, "lead")
        page.get_by_role("button", name="Send and remove the pack").click()
        expect(page.locator("#save-state")).to_contain_text("taken by somebody else", timeout=PATIENCE)
        signed_in(page.context, portal, world)
        page.get_by_role("button", name="Send and remove the pack").click()
        gone(page)
    assert world.now().findings.get(text=f"{CANARY}: while signed out.").by == world.people["cleared"]


# --- The file -----------------------------------------------------------------------------------------------------------------


def test_c49_what_was_saved_to_a_file_is_sealed_and_is_sent_from_another_device(
    browser: Browser, portal: Site, world: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "saved.waymark-visit"
    with tablet(browser, portal, world) as page:
        take(page, world)
        page.context.set_offline(True)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        write(page, world, f"{CANARY}: in the file.")
        page.get_by_role("button", name="Done").click()
        with page.expect_download() as download:
            page.locator("[data-part=open] [data-save-file]").click()
        assert download.value.suggested_filename.endswith(".waymark-visit")
        download.value.save_as(file)
    text = file.read_text()
    assert CANARY not in text
    assert world.row.number not in text
    assert json.loads(text)["pack"]["rounds"] >= 600_000
    with tablet(browser, portal, world) as page:
        page.goto(at(world, "pack_file"))
        broken = tmp_path / "broken.waymark-visit"
        broken.write_text(text[: len(text) // 2])
        page.get_by_label("File").set_input_files(broken)
        page.get_by_role("button", name="Open the file").click()
        expect(page.get_by_text("This is no file of a visit pack")).to_be_visible()
        page.get_by_label("File").set_input_files(file)
        page.get_by_role("button", name="Open the file").click()
        expect(page).to_have_url(f"{portal.address}{at(world, 'pack')}")
        unlock(page)
        is_open(page)
        page.get_by_role("button", name="Send and remove the pack").click()
        gone(page)
    assert world.now().findings.filter(text=f"{CANARY}: in the file.").count() == 1
