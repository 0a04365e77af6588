"""B14: the visit pack for everybody: accessible at both widths, and plain words where it cannot work."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, expect

from tests.browser.inspections.tablets import PHONE, TABLET, at, is_open, tablet, take, unlock, write
from tests.browser.pages import sideways
from tests.browser.test_accessibility import violations
from tests.conftest import Site
from tests.integration.standards.inspections.cast import Cast


def test_the_module_has_a_database(db: None) -> None:
    """``own_copy`` says why."""


@pytest.mark.parametrize("size", [PHONE, TABLET])
def test_b14_axe_finds_nothing_and_nothing_is_too_small_or_too_wide(
    browser: Browser, portal: Site, world: Cast, size: tuple[int, int]
) -> None:
    with tablet(browser, portal, world, size) as page:
        page.context.add_init_script(script=AXE_SCRIPT)
        faults: list[Any] = []

        def look(where: str) -> None:
            low = "e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5"
            small = page.evaluate(f"Array.from(document.querySelectorAll('main button, main .button, main summary')).filter({low}).length")
            faults.extend((where, one) for one in [*violations(page), *([f"{small} low"] if small else [])])
            faults.extend([(where, "wide")] if sideways(page) > 0 else [])

        for name in ("pack_file", "pack_paper", "pack_take"):
            page.goto(at(world, name))
            look(name)
        take(page, world)
        look("taken")
        page.goto(at(world, "pack"))
        look("locked")
        unlock(page)
        is_open(page)
        write(page, world, "The door was locked.")
        look("writing")
        page.get_by_role("button", name="Done").click()
        look("the list")
        page.get_by_role("button", name="Note what was done").click()
        look("noting")
        assert faults == []


def test_b14_without_script_the_pages_say_what_to_do_and_have_no_dead_button(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world, java_script_enabled=False) as page:
        for name in ("pack_take", "pack"):
            page.goto(at(world, name))
            expect(page.get_by_text("This browser cannot", exact=False).first).to_be_visible()
            assert page.locator("main button:visible").count() == 0
            page.get_by_role("link", name="Print the paper form").first.click()
            expect(page.get_by_text(world.standards()[0].title).first).to_be_visible()
        page.goto(at(world, "pack_file"))
        assert page.locator("main button:visible, main input:visible").count() == 0


@pytest.mark.parametrize("missing", ["indexedDB", "crypto.subtle"])
def test_b14_a_browser_without_storage_or_encryption_says_so(browser: Browser, portal: Site, world: Cast, missing: str) -> None:
    with tablet(browser, portal, world) as page:
        owner, name = ("window", "indexedDB") if missing == "indexedDB" else ("Crypto.prototype", "subtle")
        page.add_init_script(f"Object.defineProperty({owner}, '{name}', {{value: undefined, configurable: true}})")
        for one in ("pack_take", "pack", "pack_file"):
            page.goto(at(world, one))
            expect(page.get_by_text("This browser cannot", exact=False).first).to_be_visible()
            assert page.locator("main button:visible").count() == 0
