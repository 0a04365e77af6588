"""PRIV-15: what somebody types into A to Z stays on the phone, and finds pages however it is spelled."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.pages import requests_of

FIELD = "#word"
SHOWN = ".az li:visible"
STORED = "() => [location.href, document.title, document.cookie, localStorage.length, sessionStorage.length, history.length]"


def ready(page: Page, address: str = "/en/a-z/") -> None:
    """Open A to Z and wait for its index, which is fetched when the field is touched."""
    page.goto(address)
    with page.expect_response("**/words.json"):
        page.locator(FIELD).focus()


def found(page: Page, words: str) -> list[str]:
    """Paths of the pages that are shown for ``words``."""
    page.locator(FIELD).fill(words)
    return [str(row.get_attribute("data-path")) for row in page.locator(SHOWN).all()]


def expect_found(page: Page, words: str, path: str) -> None:
    """``path`` is among the few pages shown for ``words``."""
    page.locator(FIELD).fill(words)
    expect(page.locator(f'.az li[data-path="{path}"]')).to_be_visible()
    expect(page.locator('.az li[data-path="next/going-home/"]')).to_be_hidden()


def test_priv_15_the_index_is_fetched_once_and_only_when_the_field_is_touched(page: Page) -> None:
    requests = requests_of(page)
    page.goto("/en/a-z/")
    assert requests and not [request for request in requests if "words" in request.url]
    with page.expect_response("**/words.json"):
        page.locator(FIELD).focus()
    page.locator("h1").click()
    page.locator(FIELD).focus()
    page.locator(FIELD).fill("doctor")
    expect(page.locator(".az li[data-path='support/health/']")).to_be_visible()
    assert len([request for request in requests if "words" in request.url]) == 1


def test_priv_15_nothing_typed_leaves_the_phone(page: Page) -> None:
    ready(page)
    before = page.evaluate(STORED)
    requests = requests_of(page)
    page.locator(FIELD).press_sequentially("police lawyer")
    page.locator(FIELD).press("Enter")
    page.locator(FIELD).fill("xyzzy")
    expect(page.locator("#found")).not_to_be_empty()
    assert requests == []
    assert page.evaluate(STORED) == before
    field = page.locator(FIELD)
    assert field.get_attribute("autocomplete") == "off"
    assert field.get_attribute("name") is None
    assert page.locator("form").count() == 0


def test_priv_15_coming_back_shows_nothing_of_what_was_typed(page: Page) -> None:
    ready(page)
    expect_found(page, "doctor", "support/health/")
    page.goto("/en/")
    page.go_back()
    expect(page.locator(FIELD)).to_have_value("")
    assert page.locator(SHOWN).count() == 40


def test_pages_are_found_by_title_by_other_words_and_by_parts(page: Page) -> None:
    ready(page)
    expect_found(page, "interpreter", "help/interpreters/")
    expect_found(page, "POLICE", "rights/police-and-court/")
    expect_found(page, "emergency", "help/get-help-now/")  # stands in its other words only
    assert "emergency" not in page.locator('.az li[data-path="help/get-help-now/"]').inner_text().lower()
    expect_found(page, "  interp   lang ", "help/interpreters/")
    assert page.locator(FIELD).get_attribute("type") == "text"
    assert len(found(page, "")) == 40


def test_what_is_not_there_is_said_politely(page: Page) -> None:
    ready(page)
    status = page.get_by_role("status")
    expect(status).to_be_empty()
    assert found(page, "xyzzy") == []
    expect(status).to_contain_text("Nothing found")
    found(page, "money")
    expect(status).to_be_empty()


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("احصل", "help/get-help-now/"),
        ("إحصل", "help/get-help-now/"),  # another alef
        ("مُسَاعَدَة", "help/get-help-now/"),  # vowel marks
        ("المساعده", "help/get-help-now/"),  # ha for ta marbuta
        ("لغتى", "help/interpreters/"),  # alef maksura for ya
        ("مسـاعدة", "help/get-help-now/"),  # stretched
        ("اقل من ١٨", "young/under-18/"),  # digits of the keyboard
    ],
)
def test_arabic_is_found_however_it_is_spelled(page: Page, typed: str, path: str) -> None:
    ready(page, "/ar/a-z/")
    index = {"help/get-help-now/": "احصل على المساعدة مساعدة", "help/interpreters/": "لغتي", "young/under-18/": "أقل من 18"}
    answer_with(page, index, "/ar/a-z/")
    assert path in found(page, typed)
    assert "next/going-home/" not in found(page, typed)


def answer_with(page: Page, index: dict[str, str], address: str) -> None:
    """Open A to Z with an index of our own."""

    def answer(route: Route) -> None:
        route.fulfill(body=json.dumps(index), content_type="application/json")

    page.route("**/words.json", answer)
    ready(page, address)
    probe = next(iter(index))
    page.locator(FIELD).fill(index[probe])
    expect(page.locator(f'.az li[data-path="{probe}"]')).to_be_visible()


@pytest.mark.parametrize(
    ("stands", "typed"),
    [
        ("Tìm người giúp đỡ", "tim nguoi giup do"),
        ("Điện thoại", "dien thoai"),
        ("Điện thoại", "điện thoại"),
        ("Mjekë dhe çështje", "mjeke ceshtje"),
        ("Locuință și sănătate", "locuinta si sanatate"),
        ("sănătate", "sănătaţe".replace("ţ", "t")),
        ("کمک و یاری", "كمك و ياري"),  # Arabic keyboard, Farsi words
        ("می\u200cخواهم", "میخواهم"),  # the joiner that many leave out
        ("گفت\u200cوگو", "گفت وگو"),
        ("You’ll be told", "you'll"),
        ("እንግሊዝኛ", "እንግሊዝ"),
    ],
)
def test_words_are_found_without_their_accents(page: Page, stands: str, typed: str) -> None:
    answer_with(page, {"support/health/": stands, "rights/work/": "nothing of the kind"}, "/vi/a-z/")
    assert found(page, typed) == ["support/health/"]


def test_the_keyboard_is_enough(page: Page) -> None:
    page.goto("/en/a-z/")
    with page.expect_response("**/words.json"):
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "word":
                break
    page.keyboard.type("emergency")
    expect(page.locator('.az li[data-path="help/get-help-now/"]')).to_be_visible()
    expect(page.locator('.az li[data-path="next/going-home/"]')).to_be_hidden()
    page.keyboard.press("Tab")
    target = page.locator(f"{SHOWN} a").first
    expect(target).to_be_focused()
    href = str(target.get_attribute("href"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{href}")


@pytest.mark.parametrize("fault", ["no network", "error page"])
def test_titles_are_still_found_when_the_index_does_not_come(page: Page, fault: str) -> None:
    def fail(route: Route) -> Any:
        return route.abort() if fault == "no network" else route.fulfill(status=500, body="<h1>no</h1>")

    page.route("**/words.json", fail)
    page.goto("/en/a-z/")
    page.locator(FIELD).focus()
    page.locator(FIELD).fill("scotland")
    expect(page.locator(SHOWN)).to_have_count(1)
    page.unroute("**/words.json")
    page.locator("h1").click()
    with page.expect_response("**/words.json"):  # asked again when the field is touched again
        page.locator(FIELD).focus()
