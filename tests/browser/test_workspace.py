"""The workspace in a real browser: accessible in both languages and at both widths, by keyboard alone, without script, and on paper."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from portal.accounts.models import Invitation
from providers.services.models import Service
from tests.browser.desks import DESK, PHONE, World, desk
from tests.browser.pages import sideways, text_outside, visible
from tests.browser.test_accessibility import OUTLINE, violations
from tests.conftest import Site, start_site, stop_site
from tests.databases import own_copy

PEOPLE = ("manager", "assessor", "inspector", "commissioner", "administrator")
EXPECTED = {"/workspace/not-here/": 404}  # any other page of the list answers 200, 403 or 409 and has its frame
# What one presses, apart from links in running text. A box to tick stands in a label, and the label is what one presses.
CONTROLS = (
    "button, .button, summary, nav a, .bar > a, .me a, table.rows a, .list .title, .tick, .choices label, select, textarea, "
    "input:not([type=checkbox], [type=radio], [type=hidden])"
)
LOW = 44  # pixels
# How the focused element shows that it is: an outline or a shadow of its own, inside the screen.
FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return {tag: e.tagName, id: e.id, name: (e.innerText || e.value || e.name || '').trim().slice(0, 60), href: e.getAttribute('href') || '',
          shown: line, inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0};
}"""


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy that this process and the portal both use."""
    with own_copy(request, "workspace") as address:
        yield address


@pytest.fixture(scope="module")
def portal(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal on it, with a cache of its own."""
    server, _, number = os.environ["CACHE_URL"].rpartition("/")
    running = start_site(tmp_path_factory.mktemp("workspace"), database, CACHE_URL=f"{server}/{int(number) + 10}")
    yield running
    stop_site(running)


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A provider at work."""
    return World()


@pytest.mark.django_db
def test_the_seeded_database_is_there(db: None) -> None:
    """pytest-django makes a database only for a run in which a test asks for it."""
    assert not Service.objects.filter(name="Closed one").exists()


# --- For everybody's eyes and ears ------------------------------------------------------------------------------------


def low(page: Page) -> list[str]:
    """Whatever is pressed with a thumb and is less than 44 pixels high."""
    return [f"{box['height']:.0f} high: {box['name']}" for box in visible(page, CONTROLS) if box["height"] < LOW - 0.5]


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("who", PEOPLE)
def test_axe_finds_nothing_and_nothing_reaches_beyond_the_screen(
    browser: Browser, portal: Site, world: World, who: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong: dict[str, list[object]] = {}
    with desk(browser, portal.address, world.people[who], language) as page:
        page.context.add_init_script(script=AXE_SCRIPT)
        for address in world.pages(who):
            for width in (DESK, PHONE):
                page.set_viewport_size({"width": width, "height": 800})
                if width == DESK:
                    reply = page.goto(address)
                    assert reply and reply.status in {EXPECTED.get(address, 200), 403, 409}, (address, reply and reply.status)
                    assert page.locator("html").get_attribute("lang") == language, address
                found: list[object] = [*violations(page), *text_outside(page)]
                levels = page.evaluate(OUTLINE)
                found += [f"{sideways(page)} pixels wider than the screen"] if sideways(page) > 0 else []
                found += [f"headings {levels}"] if levels[:1] != [1] or levels.count(1) > 1 else []
                found += low(page) if width == PHONE else []
                if found:
                    wrong[f"{address} at {width}"] = found
    with capsys.disabled():
        print(f"\n  {who} in {language}: {len(world.pages(who))} pages at 2 widths, {sum(map(len, wrong.values()))} faults")
    assert not wrong, "\n".join(f"{where}: {fault}" for where, faults in wrong.items() for fault in faults)


@pytest.mark.parametrize(
    "break_it", ["document.querySelector('h1').style.color = '#bbb'", "document.querySelector('main').removeAttribute('id')"]
)
def test_axe_would_find_a_fault(browser: Browser, portal: Site, world: World, break_it: str) -> None:
    with desk(browser, portal.address, world.people["manager"]) as page:
        page.context.add_init_script(script=AXE_SCRIPT)
        page.goto("/workspace/")
        page.evaluate(f"() => {{ {break_it} }}")
        assert violations(page)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_in_dark_colours_and_with_errors_shown(browser: Browser, portal: Site, world: World, colours: str) -> None:
    with desk(browser, portal.address, world.people["manager"], width=PHONE, color_scheme=colours) as page:
        page.context.add_init_script(script=AXE_SCRIPT)
        page.goto("/workspace/services/new/")
        page.get_by_label("name", exact=False).first.fill("12 High Street")
        page.get_by_role("button", name="Add the service").click()
        expect(page.locator(".errorlist").first).to_be_visible()
        assert violations(page) == []
        page.locator(".menu summary").click()
        assert violations(page) == []
        assert sideways(page) <= 0


# --- By keyboard ------------------------------------------------------------------------------------------------------


def test_the_first_stop_is_the_skip_link_and_it_leads_to_the_page(browser: Browser, portal: Site, world: World) -> None:
    with desk(browser, portal.address, world.people["manager"]) as page:
        page.goto("/workspace/services/")
        page.keyboard.press("Tab")
        box = page.locator(".skip:focus").bounding_box()
        assert box and box["y"] >= 0 and min(box["width"], box["height"]) >= 44
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def stops(page: Page, most: int = 90) -> list[dict[str, object]]:
    """Where the tab key stops, until it leaves the page."""
    found: list[dict[str, object]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            return found
        found.append(stop)
    raise AssertionError("the tab key is trapped")


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("address", ["/workspace/", "/workspace/services/", "/workspace/services/new/", "/workspace/tasks/"])
def test_every_stop_of_the_tab_key_can_be_seen(browser: Browser, portal: Site, world: World, address: str, width: int) -> None:
    with desk(browser, portal.address, world.people["manager"], width=width) as page:
        page.goto(address)
        found = stops(page)
        assert [stop for stop in found if not stop["shown"] or not stop["inside"]] == []
        names = [stop["name"] for stop in found]
        assert "Sign out" in names and "Cymraeg" in names
        offered = page.evaluate(
            "Array.from(document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary'))"
            ".filter((e) => e.checkVisibility() && !(e.type === 'radio')).length"
        )
        assert len([stop for stop in found if stop["tag"] != "MAIN"]) >= offered, "something can be clicked and not reached"


def test_the_menu_of_a_phone_opens_and_leads_on_by_keyboard(browser: Browser, portal: Site, world: World) -> None:
    with desk(browser, portal.address, world.people["manager"], width=PHONE) as page:
        page.goto("/workspace/")
        menu = page.locator(".menu")
        expect(menu.get_by_role("link", name="Services", exact=True)).to_be_hidden()
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(menu.get_by_role("link", name="Services", exact=True)).to_be_visible()
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate(FOCUSED)["href"] == "/workspace/services/":
                break
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{portal.address}/workspace/services/")
        expect(page.locator(".menu [aria-current=page]")).to_have_text("Services")


def test_a_service_is_paused_by_keyboard_alone(browser: Browser, portal: Site, world: World) -> None:
    with desk(browser, portal.address, world.people["manager"]) as page:
        page.goto(f"/workspace/services/{world.closed.pk}/")
        for name in ("Open again", "Open again"):
            for _ in range(60):
                page.keyboard.press("Tab")
                if page.evaluate(FOCUSED)["name"] == name:
                    break
            with page.expect_navigation():
                page.keyboard.press("Enter")
        expect(page.locator("[role=status]").get_by_text("Done.")).to_be_visible()
        assert Service.objects.get(pk=world.closed.pk).status == "open"
        Service.objects.filter(pk=world.closed.pk).update(status="closed")


# --- Without script ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_without_script_a_service_is_added_and_somebody_invited(browser: Browser, portal: Site, world: World, width: int) -> None:
    with desk(browser, portal.address, world.people["manager"], width=width, java_script_enabled=False) as page:
        page.goto("/workspace/services/")
        page.get_by_role("link", name="Add a service").click()
        page.locator("[name=name]").fill("Number 3, Station Road")
        page.locator("[name=kind]").select_option("outreach")
        page.locator("[name=nation]").select_option("wales")
        page.locator("[name=region]").select_option("wales")
        page.get_by_role("button", name="Add the service").click()
        expect(page.get_by_text("This seems to hold a street or a house number").first).to_be_visible()
        assert page.locator("[name=region]").input_value() == "wales", "what was chosen is still there"
        page.locator("[name=name]").fill(f"Beacon {width}")
        page.get_by_role("button", name="Add the service").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Beacon {width}")
        assert Service.objects.get(name=f"Beacon {width}").organisation == world.house
        page.goto("/workspace/people/")
        page.get_by_role("link", name="Invite somebody").click()
        page.locator("[name=email]").fill(f"new-{width}@people.example")
        page.locator("[name=role][value=assessor]").check()
        page.get_by_role("button", name="Send the invitation").click()
        expect(page.get_by_text("The invitation is on its way.")).to_be_visible()
        row = Invitation.objects.get(email=f"new-{width}@people.example")
        assert (row.organisation_id, row.role) == (world.house.pk, "assessor")


def test_without_script_the_language_changes_where_one_stands(browser: Browser, portal: Site, world: World) -> None:
    with desk(browser, portal.address, world.people["inspector"], width=PHONE, java_script_enabled=False) as page:
        page.goto("/workspace/tasks/?when=soon")
        page.locator(".small-me").get_by_role("button", name="Cymraeg").click()
        expect(page).to_have_url(f"{portal.address}/workspace/tasks/?when=soon")
        assert page.locator("html").get_attribute("lang") == "cy"
        page.locator(".small-me").get_by_role("button", name="English").click()
        assert page.locator("html").get_attribute("lang") == "en"


def test_two_at_one_form_the_second_reads_both_texts(browser: Browser, portal: Site, world: World) -> None:
    """INT-01, as people see it: without script, on a phone."""
    own = Service.objects.get(pk=world.service.pk)
    edit = f"/workspace/services/{own.pk}/edit/"
    with (
        desk(browser, portal.address, world.people["manager"], width=PHONE, java_script_enabled=False) as first,
        desk(browser, portal.address, world.people["manager"], width=PHONE, java_script_enabled=False) as second,
    ):
        for page in (first, second):
            page.goto(edit)
        first.locator("[name=name]").fill("Written first")
        first.get_by_role("button", name="Save").click()
        second.locator("[name=name]").fill("Written second")
        second.get_by_role("button", name="Save").click()
        expect(second.get_by_text("Somebody else saved this while you were writing.")).to_be_visible()
        expect(second.get_by_role("definition").get_by_text("Written first")).to_be_visible()
        assert second.locator("[name=name]").input_value() == "Written second"
        assert sideways(second) <= 0
        second.get_by_role("button", name="Save").click()
        expect(second.get_by_role("heading", level=1)).to_have_text("Written second")


# --- On paper ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [794, DESK])
@pytest.mark.parametrize("who", PEOPLE)
def test_on_paper_there_is_the_page_and_no_way_about(browser: Browser, portal: Site, world: World, who: str, width: int) -> None:
    with desk(browser, portal.address, world.people[who], width=width) as page:
        page.emulate_media(media="print")
        for address in world.pages(who):
            page.goto(address)
            assert page.locator("nav:visible, .rail:visible, .bar:visible, .menu:visible, .skip:visible, .me:visible").count() == 0, address
            assert page.locator("button:visible, .button:visible, dialog:visible").count() == 0, address
            assert page.locator("h1").is_visible()
            start = page.locator("main").bounding_box()
            assert start and start["x"] < 60, f"{address}: the room of the rail is left empty"
