"""Every public page passes axe (WCAG 2.2 A and AA, and the practices around it), has a name, an order and large enough targets."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

from portal.languages import BY_CODE
from tests.browser.pages import BESIDE, addresses, language_of, visible

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TARGETS = "a[href], button, input, select, textarea, summary, [tabindex='0'], [role=button]"
LARGE = 44  # pixels each way
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")

RUN = """([tags, enhanced]) => axe
  .run({runOnly: tags, resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: enhanced}}})
  .then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 150)}`)))"""
OUTLINE = """() => Array.from(document.querySelectorAll('h1, h2, h3, h4, h5, h6'))
  .filter((h) => h.checkVisibility()).map((h) => Number(h.tagName[1]))"""
DIRECTIONS = """() => Array.from(document.querySelectorAll('[lang]')).map((e) => [e.lang, e.dir || getComputedStyle(e).direction])"""

# The way out stands before every landmark on purpose: a direct child of body, so that nothing can cover it or trap its cover.
ON_PURPOSE = 'region: <a id="qx"'


@pytest.fixture
def audited(context: BrowserContext) -> Page:
    """A page that brings axe along wherever it goes."""
    context.add_init_script(script=AXE_SCRIPT)
    return context.new_page()


def violations(page: Page, *, enhanced: bool = False) -> list[str]:
    """What axe finds on the page as it stands. ``enhanced``: text at 7:1 instead of 4.5:1."""
    found: list[str] = page.evaluate(RUN, [TAGS, enhanced])
    return [line for line in found if not line.startswith(ON_PURPOSE)]


@dataclass(frozen=True)
class Visit:
    """What one page was like."""

    title: str
    violations: list[str]
    levels: list[int]
    directions: list[tuple[str, str]]


@pytest.fixture(scope="module")
def visits(browser: Browser, base_url: str, public_addresses: list[str]) -> dict[str, Visit]:
    """Every public page, looked at once."""
    context = browser.new_context(base_url=base_url)
    context.add_init_script(script=AXE_SCRIPT)
    page = context.new_page()
    found = {}
    for address in sorted({*public_addresses, *BESIDE.values()}):
        page.goto(address)
        directions = [(code, way) for code, way in page.evaluate(DIRECTIONS)]
        found[address] = Visit(page.title(), violations(page), page.evaluate(OUTLINE), directions)
    context.close()
    assert len(found) > 100
    return found


def test_axe_finds_nothing_on_any_page(visits: dict[str, Visit], capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {address: visit.violations for address, visit in visits.items() if visit.violations}
    with capsys.disabled():
        print(f"\n  axe: {len(visits)} pages, {sum(map(len, wrong.values()))} violations")
    assert not wrong


def test_axe_finds_nothing_in_either_colours_at_7_to_1_with_everything_open(audited: Page) -> None:
    wrong = {}
    audited.set_viewport_size({"width": 360, "height": 640})
    for address in addresses("en", "ar", "ti").values():
        audited.goto(address)
        audited.evaluate("document.querySelectorAll('details, [hidden]').forEach((e) => { e.open = true; e.hidden = false })")
        for colours in COLOURS:
            audited.emulate_media(color_scheme=colours)
            if found := violations(audited, enhanced=True):
                wrong[f"{address} {colours}"] = found
    assert not wrong


@pytest.mark.parametrize(
    ("break_it", "rule"),
    [
        ("document.querySelector('main h1').style.color = '#bbb'", "color-contrast"),
        ("document.querySelector('#word').labels[0].remove()", "label"),
        ("document.querySelector('main').removeAttribute('id')", "skip-link"),
    ],
)
def test_axe_would_find_a_fault(audited: Page, break_it: str, rule: str) -> None:
    audited.goto("/en/a-z/")
    assert not violations(audited)
    audited.evaluate(f"() => {{ {break_it} }}")
    assert any(line.startswith(rule) for line in violations(audited))


def test_every_page_has_one_first_heading_and_leaves_no_level_out(visits: dict[str, Visit]) -> None:
    wrong = {}
    for address, visit in visits.items():
        steps = pairwise(visit.levels)
        if visit.levels[:1] != [1] or visit.levels.count(1) > 1 or any(after > before + 1 for before, after in steps):
            wrong[address] = visit.levels
    assert not wrong


def test_every_text_names_its_language_and_runs_in_its_direction(visits: dict[str, Visit]) -> None:
    for address, visit in visits.items():
        assert visit.directions[0][0] == language_of(address), address
        assert not [(code, way) for code, way in visit.directions if way != BY_CODE[code].direction], address


def test_every_page_has_a_title_of_its_own(visits: dict[str, Visit]) -> None:
    titles: dict[str, list[str]] = {}
    for address, visit in visits.items():
        if address not in BESIDE.values():  # the choice of a language has no language of its own
            titles.setdefault(language_of(address), []).append(visit.title)
    for language, found in titles.items():
        assert not [title for title, count in Counter(found).items() if count > 1], language
    assert all(title.endswith(" - Guide") and len(title) > len(" - Guide") for title in titles["en"])
    assert all(title.endswith(" - دليل") and len(title) > len(" - دليل") for title in titles["ar"])


def small_targets(page: Page) -> list[str]:
    """Whatever one can press and is less than 44 pixels high or wide. Links in a sentence may be narrow; telephone numbers never low."""
    found = [target for target in visible(page, TARGETS) if not target["name"].startswith('<a class="skip"')]
    assert len(found) >= 5
    small = [target for target in found if not target["sentence"] and min(target["width"], target["height"]) < LARGE - 0.5]
    low = [target for target in found if target["tel"] and target["height"] < LARGE - 0.5 and target not in small]
    return [f"{target['width']:.0f}x{target['height']:.0f} {target['name']}" for target in small + low]


def test_targets_are_large_enough_for_a_thumb(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    wrong = {}
    for address in addresses("en", "ar", "ti").values():
        page.goto(address)
        if small := small_targets(page):
            wrong[address] = small
    assert not wrong


def test_the_skip_link_is_as_large_when_it_shows(page: Page) -> None:
    page.goto("/en/")
    page.keyboard.press("Tab")
    box = page.locator(".skip:focus").bounding_box()
    assert box and box["y"] >= 0 and min(box["width"], box["height"]) >= LARGE
