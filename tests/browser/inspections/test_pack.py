"""B14, C49: the visit pack in a real browser: taken, opened without network, killed, sent, and nothing of it left on the device."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from standards.inspections.models import Activity
from tests.browser.inspections.tablets import (
    CANARY,
    HELD,
    PASSPHRASE,
    PATIENCE,
    at,
    counted,
    gone,
    is_open,
    opened,
    said_saved,
    signed_in,
    tablet,
    take,
    unlock,
    write,
)
from tests.browser.test_nothing_stored import NOTHING, STORED
from tests.conftest import Site
from tests.integration.standards.inspections.cast import Cast


def test_the_module_has_a_database(db: None) -> None:
    """``own_copy`` says why."""


def test_b14_c49_a_visit_without_network_from_taking_the_pack_to_an_empty_device(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        context = page.context
        take(page, world)
        context.set_offline(True)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text(world.row.number)
        counted(page, 0)
        three_entries(page, world)
        page.close()  # killed: nobody pressed "Done"

        page = opened(context)
        page.goto(at(world, "pack"))
        counted(page, 3)
        tells_nothing(page, world, rows=4)
        unlock(page)
        is_open(page)
        expect(page.locator("[data-queue] li")).to_have_count(3)
        page.get_by_role("button", name="Send and remove the pack").click()
        expect(page.locator("#save-state")).to_contain_text("No network. Everything is kept here")
        counted(page, 3)

        context.set_offline(False)
        expect(page.locator("#save-state")).to_contain_text("Everything is sent. The pack stays", timeout=PATIENCE)
        counted(page, 0)
        page.get_by_role("button", name="Send and remove the pack").click()
        gone(page)
        assert set(world.now().findings.values_list("text", flat=True)) == {
            f"{CANARY}: as it was.", f"{CANARY}: the first.", f"{CANARY}: the second."
        }  # fmt: skip
        assert Activity.objects.get(inspection=world.row).note == f"{CANARY}: the rota."
        page.get_by_role("link", name="Go to the findings").click()
        expect(page.get_by_text(f"{CANARY}: the second.")).to_be_visible()
        page.goto(at(world, "pack"))
        expect(page.get_by_text("There is no pack of this inspection on this device.")).to_be_visible()


def three_entries(page: Page, world: Cast) -> None:
    """Two findings and an activity, whose form is left open."""
    write(page, world, f"{CANARY}: the first.")
    page.get_by_role("button", name="Done").click()
    write(page, world, f"{CANARY}: the second.")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Note what was done").click()
    page.locator("#activity_note").fill(f"{CANARY}: the rota.")
    said_saved(page)


def tells_nothing(page: Page, world: Cast, rows: int) -> None:
    """Nothing that is kept can be read."""
    held = page.evaluate(HELD)
    assert held["rows"] == rows
    assert [word for word in (CANARY, world.row.number, world.standards()[0].title, PASSPHRASE) if word in held["all"]] == []
    assert [one for one in held["kept"] if not one.startswith("/static/")] == [at(world, "pack")]


def test_b14_a_wrong_passphrase_is_said_to_be_and_locks_nobody_out(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        take(page, world)
        page.goto(at(world, "pack"))
        for _time in range(3):
            unlock(page, "not the passphrase of it")
            expect(page.locator("#save-state")).to_contain_text("This is not the passphrase", timeout=PATIENCE)
            expect(page.get_by_role("button", name="Open the pack")).to_be_enabled()
        tells_nothing(page, world, rows=1)
        unlock(page)
        is_open(page)


def test_b14_no_public_page_and_no_other_page_is_ever_controlled(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        take(page, world)
        controlled = "() => navigator.serviceWorker.controller ? navigator.serviceWorker.controller.scriptURL : ''"
        page.goto(at(world, "pack"))
        assert page.evaluate(controlled).endswith(at(world, "pack_worker"))
        for address in (
            "/en/",
            "/en/help/get-help-now/",
            "/",
            "/workspace/",
            at(world, "visit"),
            at(world, "pack_take"),
            "/accounts/login/",
        ):
            page.goto(address)
            assert page.evaluate(controlled) == "", address
        scopes = page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).map((one) => new URL(one.scope).pathname)")
        assert scopes == [at(world, "pack")]
        kept = page.evaluate(HELD)["kept"]
        assert [one for one in kept if not one.startswith("/static/")] == [at(world, "pack")]
        page.goto("/en/")
        refused = page.evaluate(
            "async (address) => { try { await navigator.serviceWorker.register(address); return 'made'; } catch (e) { return e.name; } }",
            at(world, "pack_worker"),
        )
        assert refused != "made", "the policy of a public page lets it make no worker at all"


def test_b14_it_locks_itself_after_ten_minutes_and_loses_nothing(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        take(page, world)
        page.clock.install()
        page.goto(at(world, "pack"))
        unlock(page)
        page.clock.run_for(100)
        is_open(page)
        page.get_by_role("button", name="Write down a finding").click()
        page.locator("#finding_text").fill(f"{CANARY}: half a sentence")
        page.clock.fast_forward(11 * 60 * 1000)
        expect(page.locator("#save-state")).to_contain_text("nothing was done for ten minutes", timeout=PATIENCE)
        assert CANARY not in page.content()
        assert page.locator("#finding_text").input_value() == ""
        assert world.standards()[0].title not in page.content()
        counted(page, 1)
        unlock(page)
        is_open(page)
        expect(page.locator("[data-queue]")).to_contain_text("half a sentence")
        expect(page.locator("[data-queue]")).to_contain_text("Not finished: Standard")


def test_b14_signing_out_removes_a_pack_in_which_nothing_waits_and_no_other(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        take(page, world)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        write(page, world, f"{CANARY}: not sent.")
        page.goto("/workspace/")
        page.get_by_role("button", name="Sign out").first.click()
        expect(page).to_have_url(f"{portal.address}/accounts/login/?left")
        page.wait_for_load_state("networkidle")
        assert page.evaluate(HELD)["rows"] == 2
        signed_in(page.context, portal, world)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#save-state")).to_contain_text("Everything is sent. The pack stays", timeout=PATIENCE)
        page.goto("/accounts/login/")
        assert page.evaluate(HELD)["rows"] == 1, "only who signs out"
        page.goto("/workspace/")
        page.get_by_role("button", name="Sign out").first.click()
        expect(page).to_have_url(f"{portal.address}/accounts/login/?left")
        for _ in range(100):
            left = page.evaluate(STORED)
            if left == NOTHING | {"cookie": left["cookie"]}:
                break
            page.wait_for_timeout(100)
        else:
            pytest.fail(str(left))


def test_b14_open_in_one_tab_it_is_neither_opened_nor_replaced_in_another(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        take(page, world)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        other = opened(page.context)
        other.goto(at(world, "pack"))
        unlock(other)
        expect(other.locator("#save-state")).to_contain_text("open in another tab", timeout=PATIENCE)
        other.goto(at(world, "pack_take"))
        other.get_by_label(re.compile("^Passphrase")).fill(PASSPHRASE)
        other.get_by_label("The passphrase once more").fill(PASSPHRASE)
        other.get_by_role("button", name="Take the pack").click()
        expect(other.get_by_text("open in another tab")).to_be_visible(timeout=PATIENCE)
        write(page, world, f"{CANARY}: still mine.")
        page.reload()
        unlock(page)
        is_open(page)
        expect(page.locator("[data-queue]")).to_contain_text("still mine")


def test_b14_taken_again_beside_a_tab_of_the_one_before_it_opens_without_network(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        take(page, world)
        left_open = opened(page.context)
        left_open.goto(at(world, "pack"))
        expect(left_open.get_by_label("Passphrase")).to_be_visible()
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
        page.get_by_role("button", name="Send and remove the pack").click()
        gone(page)
        take(page, world)
        page.context.set_offline(True)
        page.goto(at(world, "pack"))
        unlock(page)
        is_open(page)
