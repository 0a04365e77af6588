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

from tests.conftest import ROOT, Site, start_site, stop_site

EMAIL, PASSWORD = "editor@waymark.example", "a-long-enough-password-9"
PAGE = "help/interpreters/"


@pytest.fixture(scope="module")
def desk(site_database: str, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A portal of the editors' own: what is published here does not meet the other tests. Needs demo people, so it is a demo."""
    server, _, source = site_database.rpartition("/")
    name = f"{source}_cms"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        connection.execute(copy)
    database = f"{server}/{name}"
    cache, _, number = os.environ["CACHE_URL"].rpartition("/")
    surroundings = {"CACHE_URL": f"{cache}/{int(number) + 9}", "WAYMARK_DEMO": "1", "DEMO_PASSWORD": PASSWORD}
    command = [sys.executable, "manage.py", "seed", "--demo"]
    hosts = {"ALLOWED_HOSTS": "localhost,127.0.0.1", "SITE_ADDRESS": "http://localhost"}
    subprocess.run(
        command, cwd=ROOT, env={**os.environ, **hosts, **surroundings, "DATABASE_URL": database}, check=True, capture_output=True
    )
    running = start_site(tmp_path_factory.mktemp("desk"), database, **surroundings)
    yield running
    stop_site(running)


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
    page.goto("/cms/")
    page.get_by_label(re.compile("e-mail", re.IGNORECASE)).fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/cms/")
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


def publish(page: Page) -> None:
    """Press “Publish” in the footer of the editor."""
    page.locator("footer").get_by_role("button", name="More actions").or_(
        page.locator("footer [data-w-dropdown-target=toggle]")
    ).first.click()
    page.get_by_role("button", name="Publish", exact=True).click()


def test_an_editor_is_told_the_fact_and_readers_see_the_change_at_once(editing: Page, desk: Site, browser: Browser) -> None:
    reader = browser.new_context(base_url=desk.address).new_page()
    reader.goto(f"/en/{PAGE}")
    expect(reader.locator(".now")).not_to_contain_text("Ask today")
    editing.goto(f"/cms/pages/{identify(desk, 'en', 'interpreters')}/edit/")
    words = editing.locator("[name=now]")
    words.fill("Ask today. Call 08000 121 700.")
    editing.get_by_role("button", name="Save draft").click()
    message = editing.locator("body")
    expect(message).to_contain_text("is a typed number")
    expect(message).to_contain_text("{helpline}")
    words.fill("Ask today. Call {helpline}.")
    publish(editing)
    expect(editing.locator(".messages, [data-messages]").first).to_contain_text("published")
    reader.goto(f"/en/{PAGE}")
    expect(reader.locator(".now")).to_contain_text("Ask today. Call 08000 121 700.")
    assert reader.locator(".now a.tel").get_attribute("href") == "tel:08000121700"
    reader.context.close()
