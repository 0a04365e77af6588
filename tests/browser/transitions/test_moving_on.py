"""Somebody moves on, in real browsers: two services and a guest walk a positive, a negative and an asylum transition to the end."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from providers.services.models import Service
from providers.transitions import guests
from providers.transitions.codes import Destination, Trigger
from providers.transitions.models import Guest, Offer, Recall, Transition
from tests.browser.desks import DESK, PHONE, desk
from tests.browser.pages import sideways
from tests.conftest import Site, start_site, stop_site
from tests.databases import own_copy, own_keyring
from tests.integration.providers.transitions.cast import World, world

ROOM = "/workspace/transitions"
MAIN = "main button[type=submit]"


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy that this process and the portal both use."""
    with own_copy(request, "transitions") as address:
        yield address


@pytest.fixture(scope="module")
def keyring(database: str) -> Iterator[str]:
    """And a keyring of their own."""
    with own_keyring(f"{database.rpartition('/')[2]}_keyring") as address:
        yield address


@pytest.fixture(scope="module")
def portal(database: str, keyring: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal on it, with a cache of its own."""
    server, _, number = os.environ["CACHE_URL"].rpartition("/")
    running = start_site(tmp_path_factory.mktemp("transitions"), database, CACHE_URL=f"{server}/{int(number) + 10}", KEYRING_URL=keyring)
    yield running
    stop_site(running)


@pytest.fixture(scope="module")
def services(keyring: str) -> World:
    """Two services and everybody around them."""
    return world()


@pytest.mark.django_db(databases=["default", "keyring"])
def test_the_seeded_database_is_there(db: None) -> None:
    """pytest-django makes a database only for a run in which a test asks for it."""
    assert not Service.objects.filter(name="Quiet Lantern").exists()


class Walk:
    """One transition, and the two services' desks."""

    def __init__(self, worker: Page, taker: Page, services: World, pictures: Path) -> None:
        self.worker, self.taker, self.services, self.pictures = worker, taker, services, pictures
        self.row: Transition

    def begin(self, trigger: str, destination: str, days_ago: int = 3) -> None:
        """The worker begins, and plans with her."""
        page = self.worker
        page.goto(f"{ROOM}/begin/")
        page.locator("main [name=service]").select_option(label=str(self.services.service))
        page.locator("main [name=trigger]").select_option(trigger)
        page.locator("main [name=trigger_on]").fill((timezone.localdate() - timedelta(days=days_ago)).isoformat())
        page.locator("main [name=destination]").select_option(destination)
        page.get_by_role("button", name="Begin", exact=True).click()
        expect(page.locator("h1")).to_have_text(re.compile(r"^\w{5}-\w{5}-\w$"))
        self.row = Transition.objects.in_full().latest("created_at")
        self.services.row = self.row
        self.step("plan")
        self.fill_need("language", language="ti", interpreter="woman", reads="yes")

    def address(self, tail: str = "") -> str:
        return f"{ROOM}/{self.row.pk}/{tail}"

    def fill_need(self, item: str, **answers: str) -> None:
        """One item of the record."""
        self.worker.goto(self.address(f"needs/{item}/"))
        for name, value in answers.items():
            self.worker.locator(f"main [name={name}]").select_option(value)
        self.worker.get_by_role("button", name="Save and seal").click()
        expect(self.worker.get_by_text("Saved and sealed.")).to_be_visible()

    def step(self, name: str, page: Page | None = None, **answers: str) -> None:
        """A step of the record: what it means, then the button."""
        page = page or self.worker
        page.goto(self.address(f"step/{name}/"))
        self.answer(page, answers)
        expect(page.locator(".messages, [role=status]").first).to_contain_text("Done:")

    def answer(self, page: Page, answers: dict[str, str]) -> None:
        """Fill what the form asks, and send it."""
        for name, value in answers.items():
            field = page.locator(f"main [name={name}]").first
            if field.get_attribute("type") == "radio":
                page.locator(f"main [name={name}][value={value}]").check()
            elif field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        page.locator(f"{MAIN}").first.click()
        page.wait_for_load_state()

    def agreement(self, receiver: str) -> None:
        """She agrees to one thing, towards this receiver."""
        page = self.worker
        page.goto(self.address("consent/give/"))
        page.locator("main [name=receiver]").select_option(receiver)
        page.locator("main [name=items][value=language]").check()
        for name, value in (("ends", "none"), ("form", "spoken"), ("interpreter", "yes")):
            page.locator(f"main [name={name}][value={value}]").check()
        page.locator("main [name=language]").select_option("ti")
        page.locator("main [name=given_at]").fill((timezone.localtime() - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M"))
        page.get_by_role("button", name="Write it down").click()
        expect(page.get_by_text("Written down. Nothing has been sent yet.")).to_be_visible()

    def send(self) -> Offer:
        """To the service in the network: nothing goes before it is chosen."""
        page = self.worker
        page.goto(self.address("offers/send/"))
        page.locator("main [name=organisation]").select_option(str(self.services.receiver.pk))
        page.locator(MAIN).first.click()
        expect(page.locator("h1")).to_have_text("Choose what goes")
        offer: Offer = Offer.objects.filter(transition=self.row).latest("offered_at")
        return offer

    def choose(self, offer: Offer) -> None:
        """The language goes."""
        page = self.worker
        page.goto(self.address(f"consent/offers/{offer.pk}/choose/"))
        page.locator("main [name=items][value=language]").check()
        page.get_by_role("button", name="Let exactly this go").click()
        expect(page.locator("main")).to_contain_text("ትግርኛ")

    def reply_of_taker(self, offer: Offer, name: str, **answers: str) -> None:
        """Accept, decline or confirm contact at the other desk."""
        self.taker.goto(self.address(f"offers/{offer.pk}/answer/{name}/"))
        self.answer(self.taker, answers)
        expect(self.taker.locator("body")).to_contain_text("Saved:")

    def leave(self) -> None:
        """Everything on the list is settled, and she moves today."""
        self.step("book", exit_on=timezone.localdate().isoformat())
        self.worker.goto(self.address("step/move/"))
        self.worker.locator(MAIN).first.click()
        expect(self.worker.locator("main")).to_contain_text("She cannot leave yet")
        self.services.tick_all()
        self.step("move")

    def picture(self, page: Page, name: str) -> None:
        """At both widths; nothing reaches beyond the screen."""
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 800})
            assert sideways(page) <= 0, (name, width)
            page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": DESK, "height": 800})


@pytest.fixture
def walk(browser: Browser, portal: Site, services: World, tmp_path: Path) -> Iterator[Walk]:
    """Two desks. ``WAYMARK_SHOTS=/some/folder`` keeps a picture of every page on the way."""
    folder = Path(os.environ.get("WAYMARK_SHOTS") or tmp_path)
    with ExitStack() as stack:
        worker, taker = (stack.enter_context(desk(browser, portal.address, services.people[who])) for who in ("worker", "their_worker"))
        yield Walk(worker, taker, services, folder)


def now(minutes: int = 1) -> str:
    return (timezone.localtime() - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def holder(page: Page, walk: Walk) -> str:
    """Whom the page calls responsible."""
    page.goto(walk.address())
    return page.locator("p.lead").inner_text()


def test_positive_from_one_service_to_the_next_and_she_settles(walk: Walk) -> None:
    walk.begin(Trigger.CG_POSITIVE, Destination.LONGER_TERM)
    sender, receiver = str(walk.services.sender), str(walk.services.receiver)
    walk.worker.goto(walk.address("step/agree/"))
    walk.answer(walk.worker, {"extent": "recorded"})
    expect(walk.worker.locator("main")).to_contain_text("No agreement of hers is on record")
    walk.agreement(f"organisation:{walk.services.receiver.pk}")
    walk.step("agree", extent="recorded")
    offer = walk.send()
    walk.taker.goto(walk.address())
    expect(walk.taker.locator("main")).to_contain_text("She has not agreed that anything more goes to your service")
    walk.choose(offer)
    walk.taker.goto(walk.address())
    expect(walk.taker.locator("main")).to_contain_text("Needed, a woman")
    walk.picture(walk.taker, "offered-taker")
    walk.taker.get_by_role("link", name="Ask a question").click()
    walk.answer(walk.taker, {"text": "Can she climb stairs?"})
    walk.worker.goto(walk.address())
    walk.worker.get_by_role("link", name="Answer the question").click()
    walk.answer(walk.worker, {"text": "Yes, two floors."})
    walk.taker.goto(walk.address())
    expect(walk.taker.locator("main")).to_contain_text("Yes, two floors.")
    walk.reply_of_taker(offer, "accept", start_on=timezone.localdate().isoformat())
    assert sender in holder(walk.taker, walk), "accepting moves nothing"
    walk.leave()
    assert sender in holder(walk.worker, walk), "moving moves nothing"
    walk.reply_of_taker(offer, "confirm_contact", contact_at=now())
    assert receiver in holder(walk.taker, walk)
    assert receiver in holder(walk.worker, walk)
    expect(walk.worker.locator("main")).not_to_contain_text("Needed, a woman")
    walk.picture(walk.worker, "met-sender")
    walk.picture(walk.taker, "met-taker")
    walk.step("settle", walk.taker)
    assert Transition.objects.get(pk=walk.row.pk).status == "settling"


def test_negative_declined_then_a_council_without_an_account(walk: Walk, browser: Browser, portal: Site) -> None:
    walk.begin(Trigger.CG_NEGATIVE, Destination.COUNCIL_TEMPORARY)
    walk.agreement(f"organisation:{walk.services.receiver.pk}")
    walk.step("agree", extent="recorded")
    offer = walk.send()
    walk.reply_of_taker(offer, "decline", reason="no_space", next_step="council")
    assert walk.taker.goto(walk.address()).status == 404  # type: ignore[union-attr]
    walk.worker.goto(walk.address())
    expect(walk.worker.locator("main")).to_contain_text("Ask the council")
    walk.step("plan_again")
    walk.step("agree", extent="ask")
    walk.worker.goto(walk.address("offers/invite/"))
    walk.answer(walk.worker, {"name": "Housing", "mailbox": "housing@council.example"})
    code = walk.worker.locator("b.code").inner_text()
    walk.picture(walk.worker, "code")
    guest = Guest.objects.select_related("offer").get(offer__transition=walk.row)
    with _guest(browser, portal) as page:
        _guest_accepts(walk, page, guest, code)
        _take_back(walk, guest)
        walk.leave()
        _guest_meets_her(walk, page, guest, code)
    assert Recall.objects.get(offer=guest.offer).deleted_at is not None
    assert "Temporary home from a council" in holder(walk.worker, walk)


def _guest_accepts(walk: Walk, page: Page, guest: Guest, code: str) -> None:
    """In with link and code; nothing of hers before she agrees and it is chosen; then yes."""
    _enter(page, guest, "0000 0000")
    expect(page.locator("main")).to_contain_text("This is not the code")
    _enter(page, guest, code)
    expect(page.locator("h1")).to_have_text("Can you take somebody over?")
    expect(page.locator("main")).not_to_contain_text("Needed, a woman")
    walk.agreement(f"offer:{guest.offer_id}")
    walk.choose(guest.offer)
    page.reload()
    expect(page.locator("main")).to_contain_text("Needed, a woman")
    walk.picture(page, "guest")
    page.get_by_role("link", name="Accept", exact=True).click()
    walk.answer(page, {"start_on": timezone.localdate().isoformat()})
    expect(page.locator("body")).to_contain_text("Saved: Accept")


def _guest_meets_her(walk: Walk, page: Page, guest: Guest, code: str) -> None:
    """A new link has come: what she took back is deleted, and they have met her."""
    _enter(page, Guest.objects.get(pk=guest.pk), code)
    expect(page.locator("main")).not_to_contain_text("Needed, a woman")
    page.get_by_role("link", name="Answer", exact=True).click()
    walk.picture(page, "guest-recall")
    walk.answer(page, {"answer": "deleted"})
    expect(page.locator("body")).to_contain_text("Answered. The sender is told.")
    page.get_by_role("link", name="We have met her").click()
    walk.answer(page, {"contact_at": now(0)})
    expect(page.locator("body")).to_contain_text("Saved: We have met her")


def test_asylum_support_answers_on_the_telephone(walk: Walk) -> None:
    walk.begin(Trigger.CG_NEGATIVE, Destination.ASYLUM_S95)
    walk.worker.goto(walk.address("checklist/"))
    keys = set(walk.row.checks.values_list("key", flat=True))
    extra = {item["key"] for item in walk.row.pathway.content["checklist"] if item["applies"] == "asylum"}
    assert extra
    assert extra <= keys
    walk.picture(walk.worker, "checklist-asylum")
    walk.step("agree", extent="ask")
    walk.worker.goto(walk.address("offers/invite/"))
    walk.answer(walk.worker, {"name": "Asylum housing", "mailbox": "homes@provider.example"})
    offer = Offer.objects.get(transition=walk.row)
    walk.agreement(f"offer:{offer.pk}")
    words = {"name": "Desk officer", "role": "Placement team", "heard_at": now()}
    walk.worker.goto(walk.address(f"offers/{offer.pk}/phone/accept_by_phone/"))
    walk.answer(walk.worker, words | {"start_on": timezone.localdate().isoformat()})
    walk.leave()
    assert str(walk.services.sender) in holder(walk.worker, walk)
    walk.worker.goto(walk.address(f"offers/{offer.pk}/phone/confirm_by_phone/"))
    walk.answer(walk.worker, words | {"contact_at": now(), "heard_at": now(0)})
    assert "Asylum support (section 95)" in holder(walk.worker, walk)
    walk.picture(walk.worker, "met-outside")
    walk.step("settle")
    walk.worker.get_by_role("link", name="How she is doing").click()
    expect(walk.worker.locator("main")).to_contain_text("No safe way of contact is agreed.")


def _guest(browser: Browser, portal: Site) -> Any:
    context = browser.new_context(base_url=portal.address, viewport={"width": DESK, "height": 800})

    class Own(ExitStack):
        def __enter__(self) -> Page:  # type: ignore[override]
            super().__enter__()
            self.callback(context.close)
            return context.new_page()

    return Own()


def _enter(page: Page, guest: Guest, code: str) -> None:
    """The link of the newest mail, and the code that was said on the telephone."""
    page.goto(reverse("transitions:guest_door", args=[guest.pk, guests.token_of(guest)]))
    page.locator("main [name=code]").fill(code)
    page.locator(MAIN).first.click()
    page.wait_for_load_state()


def _take_back(walk: Walk, guest: Guest) -> None:
    """She takes it back with her worker: the guest is asked to delete it."""
    page = walk.worker
    page.goto(walk.address("consent/take-back/"))
    box = page.locator("main label", has_text="The receiver without an account").locator("input").first
    box.check()
    page.locator(MAIN).first.click()
    expect(page.locator("body")).to_contain_text("Receivers who are asked to delete it: 1.")
    assert Recall.objects.open().filter(offer=guest.offer).count() == 1
