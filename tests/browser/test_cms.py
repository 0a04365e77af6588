"""An editor's day: sign in, be told which fact to use, publish, see it at once, open a translation and the register."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, expect
from psycopg import sql

from portal.languages import FIRST_RELEASE
from tests.conftest import ROOT, Site, start_site, stop_site
from tests.databases import empty_keyring

EMAIL, PASSWORD = "editor@waymark.example", "a-long-enough-password-9"
PAGE = "help/interpreters/"


@pytest.fixture(scope="module")
def desk(site_database: str, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A portal of the editors' own: what is published here does not meet the other tests. Needs demo people, so it is a demo."""
    server, _, source = site_database.rpartition("/")
    name = f"{source}_cms"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        connection.execute(copy)
    database = f"{server}/{name}"
    cache, _, number = os.environ["CACHE_URL"].rpartition("/")
    surroundings = {"CACHE_URL": f"{cache}/{int(number) + 9}", "WAYMARK_DEMO": "1", "DEMO_PASSWORD": PASSWORD}
    surroundings["KEYRING_URL"] = empty_keyring(f"{name}_keyring")
    local = {"ALLOWED_HOSTS": "localhost,127.0.0.1", "SITE_ADDRESS": "http://localhost", "DATABASE_URL": database}
    for words in (["migrate", "vault", "--database", "keyring"], ["seed", "--demo", "--languages", "ar"]):
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **local, **surroundings}, check=True, capture_output=True)
    running = start_site(tmp_path_factory.mktemp("desk"), database, 1, **surroundings)
    yield running
    stop_site(running)


def enter_demo(page: Page, email: str) -> None:
    """In as one of the demo people, both factors passed by one click."""
    page.goto("/accounts/demo/")
    page.locator(f'button[value="{email}"]').click()
    page.wait_for_url(re.compile(r"/(cms|workspace)/$"))


@pytest.fixture(scope="module")
def editor_at_work(browser: Browser, desk: Site) -> Iterator[tuple[Page, list[str], set[str]]]:
    """A signed-in editor's tab; what the browser complained about; every host it asked."""
    context = browser.new_context(base_url=desk.address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    hosts: set[str] = set()

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{page.url}: {message.text}")

    def thrown(error: Error) -> None:
        complaints.append(f"{page.url}: {error}")

    def asked(request: Request) -> None:
        if request.url.startswith("http"):
            hosts.add(f"{urlsplit(request.url).scheme}://{urlsplit(request.url).netloc}")

    page.on("console", console)
    page.on("pageerror", thrown)
    page.on("request", asked)
    enter_demo(page, EMAIL)
    yield page, complaints, hosts
    context.close()


@pytest.fixture
def editing(editor_at_work: tuple[Page, list[str], set[str]]) -> Page:
    """The editor's tab."""
    return editor_at_work[0]


def identify(desk: Site, language: str, slug: str) -> int:
    """The id of a page of the guide."""
    query = """SELECT page.id FROM wagtailcore_page page JOIN wagtailcore_locale locale ON locale.id = page.locale_id
               WHERE locale.language_code = %s AND page.slug = %s"""
    with psycopg.connect(desk.database) as connection:
        row = connection.execute(query, [language, slug]).fetchone()
    assert row
    return int(row[0])


def refused(complaint: str) -> bool:
    """Whether the browser only says that a save was refused, which is what the test asked for."""
    return "status of 400" in complaint and "/edit/" in complaint


def write(page: Page, text: str) -> None:
    """Put ``text`` in place of the first text block of the body."""
    block = page.locator("[data-contentpath=body] [data-streamfield-child] [contenteditable=true]").first
    expect(block).to_be_visible()
    block.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Backspace")
    page.keyboard.type(text)
    expect(block).to_have_text(text)
    # The editor hands its text to the form a moment later; saving before that would save what stood there.
    form_field = page.locator("[data-contentpath=body] [data-streamfield-child] input[type=hidden][name$=-text]").first
    expect(form_field).to_have_value(re.compile(re.escape(text)))


def test_an_editor_is_told_the_fact_and_readers_see_the_change_at_once(editing: Page, desk: Site, browser: Browser) -> None:
    reader = browser.new_context(base_url=desk.address).new_page()
    reader.goto(f"/en/{PAGE}")
    expect(reader.locator("main")).not_to_contain_text("Ask today")
    editing.goto(f"/cms/pages/{identify(desk, 'en', 'interpreters')}/edit/")
    write(editing, "Ask today: 08000 121 700.")
    editing.get_by_role("button", name="Save draft").click()
    expect(editing.get_by_text("is a typed number").first).to_be_visible()
    expect(editing.get_by_text("Write {helpline} instead").first).to_be_visible()
    reader.goto(f"/en/{PAGE}")
    expect(reader.locator("main")).not_to_contain_text("Ask today")

    write(editing, "Ask today: {helpline}.")
    editing.get_by_role("button", name="More actions").click()
    editing.get_by_role("button", name="Publish").click()
    expect(editing.locator(".messages")).to_contain_text("published", timeout=20_000)
    reader.goto(f"/en/{PAGE}")
    expect(reader.locator("main")).to_contain_text("Ask today: 08000 121 700.")
    expect(reader.locator("main").get_by_role("link", name="08000 121 700").first).to_have_attribute("href", "tel:08000121700")
    reader.context.close()


def test_a_translation_opens_beside_its_english(editing: Page, desk: Site) -> None:
    editing.goto(f"/cms/pages/{identify(desk, 'ar', 'interpreters')}/edit/")
    expect(editing).to_have_title(re.compile("^Translation of .* into Arabic"))
    expect(editing.get_by_text("Who to call").or_(editing.get_by_text("Language", exact=True)).first).to_be_visible()
    expect(editing.locator("main")).to_contain_text("اللغة")


def test_the_register_lists_facts_and_opens_one_with_a_tab_for_each_language(editing: Page, desk: Site) -> None:
    editing.goto("/cms/snippets/facts/fact/")
    expect(editing.locator("main table tbody tr")).not_to_have_count(0)
    editing.locator("main table tbody tr").first.locator("a[href*='/edit/']").first.click()
    expect(editing).to_have_title(re.compile("^Editing: "))
    tabs = editing.get_by_role("tab")
    expect(tabs).to_have_count(1 + len(FIRST_RELEASE))
    editing.get_by_role("tab", name="العربية").click()
    expect(editing.locator("[name=name_ar]")).to_be_visible()
    expect(editing.locator("[name=value]")).to_be_hidden()


def test_the_editor_asks_nobody_else_and_its_scripts_run(editor_at_work: tuple[Page, list[str], set[str]], desk: Site) -> None:
    _page, complaints, hosts = editor_at_work
    assert hosts == {desk.address}
    assert not [line for line in complaints if not refused(line)]
