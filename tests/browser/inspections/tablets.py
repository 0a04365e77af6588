"""A tablet at a visit: signed in, with a pack to take, and what somebody who finds it could read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_nothing_stored import NOTHING, STORED
from tests.conftest import Site
from tests.integration.standards.inspections.cast import Cast

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


def signed_in(context: BrowserContext, portal: Site, world: Cast, who: str = "cleared") -> None:
    """Their cookie, with both factors passed."""
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
    """Another tab."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def at(world: Cast, name: str) -> str:
    """The address of a page of the pack."""
    return reverse(f"inspections:{name}", args=[world.row.pk])


def take(page: Page, world: Cast) -> None:
    """Take the pack, as a person does."""
    page.goto(at(world, "pack_take"))
    page.get_by_label(re.compile("^Passphrase")).fill(PASSPHRASE)
    page.get_by_label("The passphrase once more").fill(PASSPHRASE)
    page.get_by_role("button", name="Take the pack").click()
    expect(page.get_by_role("heading", name="The pack is on this device, encrypted.")).to_be_visible(timeout=PATIENCE)


def unlock(page: Page, passphrase: str = PASSPHRASE) -> None:
    """Type the passphrase."""
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Open the pack").click()


def is_open(page: Page) -> None:
    """Wait until the pack is open."""
    expect(page.get_by_role("heading", name="Not yet sent")).to_be_visible(timeout=PATIENCE)


def write(page: Page, world: Cast, text: str, **fields: str) -> None:
    """Begin a finding and type it; it is kept, and still in the form."""
    page.get_by_role("button", name="Write down a finding").click()
    page.locator("#finding_standard").select_option(str(world.standards()[0].pk))
    page.locator("#finding_kind").select_option(fields.get("kind", "strength"))
    page.locator("#finding_text").fill(text)
    said_saved(page)


def said_saved(page: Page) -> None:
    """Wait until the page says that it is kept."""
    expect(page.locator("#save-state")).to_contain_text("Saved on this tablet", timeout=PATIENCE)


def counted(page: Page, number: int) -> None:
    """What the page says is not sent yet."""
    expect(page.locator("[data-count]")).to_have_text(f"Not yet sent: {number}" if number else "Nothing waits to be sent.")


def gone(page: Page) -> None:
    """The page says so, and it is so."""
    expect(page.get_by_role("heading", name="Everything was sent.")).to_be_visible(timeout=PATIENCE)
    left = page.evaluate(STORED)
    assert left == NOTHING | {"cookie": left["cookie"]}
    assert CANARY not in page.content()
