"""B14, C49: the visit pack in a real browser: taken, opened without network, killed, sent, and nothing of it left on the device."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from standards.inspections import recording
from standards.inspections.models import Activity, Finding
from tests.browser.pages import sideways
from tests.browser.test_accessibility import violations
from tests.browser.test_nothing_stored import NOTHING, STORED
from tests.conftest import Site, start_site, stop_site
from tests.databases import own_copy
from tests.integration.standards.inspections.cast import Cast, cast, finding

PASSPHRASE = "lantern copper meadow thistle harbour"
CANARY = "Canary in the cellar"
PATIENCE = 30_000  # a machine under load needs some seconds for 600,000 rounds
TABLET, PHONE = (820, 1180), (360, 740)
# Everything that IndexedDB and the caches of this origin hold, as text: what somebody who finds the device can read.
HELD = """async () => {
  const text = (value) => value instanceof Uint8Array ? new TextDecoder('latin1').decode(value)
    : value instanceof ArrayBuffer ? text(new Uint8Array(value))
    : value && typeof value === 'object' ? Object.entries(value).map(([name, one]) => name + ' ' + text(one)).join(' ') : String(value);
  let all = '', rows = 0;
  for (const {name, version} of await indexedDB.databases()) {
    const base = await new Promise((done) => { const asked = indexedDB.open(name, version); asked.onsuccess = () => done(asked.result); });
    for (const store of base.objectStoreNames) {
      const found = await new Promise((done) => {
        const asked = base.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      rows += found.length;
      all += text(found);
    }
    base.close();
  }
  const kept = [];
  for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) {
    kept.push(new URL(one.url).pathname);
    all += await (await (await caches.open(name)).match(one)).text();
  }
  return {all, rows, kept};
}"""


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy that this process and the portal both use."""
    with own_copy(request, "pack") as address:
        yield address


@pytest.fixture(scope="module")
def portal(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal on it, with a cache of its own."""
    server, _, number = os.environ["CACHE_URL"].rpartition("/")
    running = start_site(tmp_path_factory.mktemp("pack"), database, CACHE_URL=f"{server}/{int(number) + 11}")
    yield running
    stop_site(running)


@pytest.fixture
def world(database: str) -> Cast:
    """A visit that is under way, with a draft of the inspector who takes the pack."""
    made = cast()
    made.fieldwork()
    finding(made, status="draft", by=made.people["cleared"], kind="shortfall", severity="low", text=f"{CANARY}: as it was.")
    return made


@pytest.mark.django_db
def test_the_module_has_a_database(db: None) -> None:
    """``own_copy`` says why."""


def signed_in(context: BrowserContext, portal: Site, world: Cast, who: str = "cleared") -> None:
    cookie = world.client(who).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": portal.address}])


@contextmanager
def tablet(browser: Browser, portal: Site, world: Cast, size: tuple[int, int] = TABLET, **options: Any) -> Iterator[Page]:
    """The tablet of ``cleared``; a mistake in a script fails the test."""
    context = browser.new_context(base_url=portal.address, viewport={"width": size[0], "height": size[1]}, **options)
    mistakes: list[str] = []
    context.on("weberror", lambda found: mistakes.append(str(found.error)))
    signed_in(context, portal, world)
    try:
        yield opened(context)
    finally:
        context.close()
        assert mistakes == []


def opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def at(world: Cast, name: str) -> str:
    return reverse(f"inspections:{name}", args=[world.row.pk])


def take(page: Page, world: Cast) -> None:
    """Take the pack, as a person does."""
    page.goto(at(world, "pack_take"))
    page.get_by_label(re.compile("^Passphrase")).fill(PASSPHRASE)
    page.get_by_label("The passphrase once more").fill(PASSPHRASE)
    page.get_by_role("button", name="Take the pack").click()
    expect(page.get_by_role("heading", name="The pack is on this device, encrypted.")).to_be_visible(timeout=PATIENCE)


def unlock(page: Page, passphrase: str = PASSPHRASE) -> None:
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Open the pack").click()


def is_open(page: Page) -> None:
    expect(page.get_by_role("heading", name="Not yet sent")).to_be_visible(timeout=PATIENCE)


def write(page: Page, world: Cast, text: str, **fields: str) -> None:
    page.get_by_role("button", name="Write down a finding").click()
    page.locator("#finding_standard").select_option(str(world.standards()[0].pk))
    page.locator("#finding_kind").select_option(fields.get("kind", "strength"))
    page.locator("#finding_text").fill(text)
    said_saved(page)


def said_saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("Saved on this tablet", timeout=PATIENCE)


def counted(page: Page, number: int) -> None:
    expect(page.locator("[data-count]")).to_have_text(f"Not yet sent: {number}" if number else "Nothing waits to be sent.")


# --- The whole way --------------------------------------------------------------------------------------------------------


def test_b14_c49_a_visit_without_network_from_taking_the_pack_to_an_empty_device(browser: Browser, portal: Site, world: Cast) -> None:
    with tablet(browser, portal, world) as page:
        context = page.context
        take(page, world)
        context.set_offline(True)
        page.goto(at(world, "pack"))
        unlock(page, "not the passphrase of it")
        expect(page.locator("#save-state")).to_contain_text("This is not the passphrase", timeout=PATIENCE)
        unlock(page)
        is_open(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text(world.row.number)
        counted(page, 0)
        write(page, world, f"{CANARY}: the first.")
        page.get_by_role("button", name="Done").click()
        write(page, world, f"{CANARY}: the second.")
        page.get_by_role("button", name="Done").click()
        page.get_by_role("button", name="Note what was done").click()
        page.locator("#activity_note").fill(f"{CANARY}: the rota.")
        said_saved(page)
        page.close()  # killed: nobody pressed "Done"

        page = opened(context)
        page.goto(at(world, "pack"))
        expect(page.locator("[data-count]")).to_have_text("Not yet sent: 3")
        held = page.evaluate(HELD)
        assert held["rows"] == 4
        assert CANARY not in held["all"]
        assert world.row.number not in held["all"]
        assert world.standards()[0].title not in held["all"]
        assert sorted(held["kept"]) == sorted({at(world, "pack"), *(one for one in held["kept"] if one.startswith("/static/"))})
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


def gone(page: Page) -> None:
    """The page says so, and it is so."""
    expect(page.get_by_role("heading", name="Everything was sent.")).to_be_visible(timeout=PATIENCE)
    left = page.evaluate(STORED)
    assert left == NOTHING | {"cookie": left["cookie"]}
    assert CANARY not in page.content()


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


# --- Answers of the portal --------------------------------------------------------------------------------------------------


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
        page.context.add_init_script(script=AXE_SCRIPT)
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


# --- For everybody --------------------------------------------------------------------------------------------------------------


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
