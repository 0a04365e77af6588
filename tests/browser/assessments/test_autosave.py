"""Answers are kept as they are typed, in a real browser: offline, signed out, with the server killed, beside somebody else (C1 to C3).

``KILLS=60`` and ``CUTS=200`` make the two long ones longer.
"""

import os
import random
import signal
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Dialog, Page, expect

from portal.accounts.models import SignedInSession
from standards.assessments.models import Answer
from tests import builders
from tests.browser.assessments.cutting import Cutter, cutter
from tests.browser.assessments.writing import SAVED_AT, Desk, all_of, begin, chain_is_whole, desk, lost, now, until
from tests.conftest import Site, stop_site
from tests.drills.test_autosave_kills import workers
from tests.integration.standards.assessments.cast import Cast

KILLS, CUTS = int(os.environ.get("KILLS", "8")), int(os.environ.get("CUTS", "30"))
SAID = "We look at every door each week, and write down who did it. "


def test_the_module_has_a_database(db: None) -> None:
    """``own_copy`` says why."""


# --- While typing -------------------------------------------------------------------------------------------------------


def test_c1_what_is_typed_is_saved_within_two_seconds_and_says_so(
    asha: Desk, answers: list[Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    took = []
    for answer in answers[:4]:
        asha.type(answer, SAID, delay=0)
        begun = time.monotonic()
        expect(asha.state(answer)).to_have_text(SAVED_AT)
        took.append(time.monotonic() - begun)
        assert now(answer).comment == SAID
    with capsys.disabled():
        print(f" [saved {statistics.median(took):.2f} s after the last key, at most {max(took):.2f} s]", end="")
    assert statistics.median(took) <= 2
    expect(asha.overall).to_have_text("Everything is saved.")


def test_c1_who_types_without_a_pause_is_saved_all_the_same(asha: Desk, answers: list[Answer]) -> None:
    answer, begun = answers[0], time.monotonic()
    while time.monotonic() - begun < 6:
        asha.type(answer, "word ", delay=60)
    first = min(sent.at for sent in asha.sent.values())
    assert first - begun <= 2, "the first words left within two seconds, though nobody paused"
    assert len(asha.sent) >= 3
    written = asha.comment(answer).input_value()
    until(lambda: now(answer).comment == written, asha.page)
    assert lost(asha, answer) == []
    assert chain_is_whole(answer)


def test_c1_three_hundred_rapid_choices_end_as_the_screen_shows(asha: Desk, answers: list[Answer]) -> None:
    chance = random.Random(1)  # noqa: S311 - which button, not a secret
    for _ in range(300):
        asha.article(chance.choice(answers)).locator("label").nth(chance.randrange(4)).click(no_wait_after=True)
    expect(asha.overall).to_have_text("Everything is saved.")
    for answer in answers:
        assert asha.article(answer).locator("input[type=radio]:checked").input_value() == now(answer).value
        assert lost(asha, answer) == []
        assert chain_is_whole(answer)


# --- Without a connection -----------------------------------------------------------------------------------------------


def test_c1_int_14_offline_words_are_held_said_to_be_and_saved_when_online(asha: Desk, answers: list[Answer]) -> None:
    asha.page.context.set_offline(True)
    for answer in answers[:2]:
        asha.type(answer, SAID)
        expect(asha.state(answer)).to_contain_text("you are offline. Your words are kept on this screen")
    expect(asha.overall).to_contain_text("Not saved: you are offline")
    assert [now(answer).version for answer in answers[:2]] == [0, 0]
    asha.page.context.set_offline(False)
    for answer in answers[:2]:
        expect(asha.state(answer)).to_have_text(SAVED_AT)
        assert now(answer).comment == SAID
    expect(asha.overall).to_have_text("Everything is saved.")
    asha.page.reload()
    expect(asha.comment(answers[0])).to_have_value(SAID)


@pytest.fixture
def cutting(site: Site) -> Iterator[Cutter]:
    """A bad line to the portal."""
    with cutter(site) as made:
        yield made


def test_int_14_connections_cut_at_any_byte_lose_nothing(
    browser: Browser, cutting: Cutter, world: Cast, answers: list[Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    chance, answer, untrue = random.Random(14), answers[0], []  # noqa: S311 - how long to wait, not a secret
    with desk(browser, cutting.as_site, world.assessor, all_of(answer.assessment)) as writer:
        cutting.chance = 0.6
        until_all = time.monotonic() + 10 * CUTS
        while cutting.cuts < CUTS and time.monotonic() < until_all:
            writer.type(answer, f"{cutting.cuts} {SAID[: chance.randrange(4, 30)]}", delay=0)
            writer.page.wait_for_timeout(chance.randrange(300, 1600))
            says, words = writer.page.evaluate(
                "code => [document.querySelector('[data-overall]').textContent, document.getElementById(code + '-comment').value]",
                answer.indicator.code,
            )
            untrue += [words] if says == "Everything is saved." and now(answer).comment != words else []
            if writer.page.locator("[data-now]").is_visible():
                writer.save_now()
        cutting.chance = 0
        expect(writer.overall).to_have_text("Everything is saved.", timeout=45_000)
        assert now(answer).comment == writer.comment(answer).input_value()
        missing = lost(writer, answer)
        with capsys.disabled():
            print(f" [{cutting.cuts} connections cut, {len(writer.acknowledged)} saves acknowledged, {len(missing)} lost]", end="")
    assert cutting.cuts >= CUTS
    assert untrue == [], "it said that all is saved, and it was not"
    assert missing == []
    assert chain_is_whole(answer)


# --- Signed out while typing ---------------------------------------------------------------------------------------------


def sign_in_again(page: Page, desk: Desk) -> None:
    """In the tab that the link opened: password and the code of the app."""
    page.get_by_label("E-mail address").fill(desk.person.email)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox", name="Code").fill(builders.second_factor(desk.person).code())
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("ending", ["it came to its end", "somebody ended it"])
def test_c1_signed_out_in_mid_sentence_and_in_again_beside_it(asha: Desk, answers: list[Answer], ending: str) -> None:
    first, second = answers[:2]
    asha.type(first, SAID)
    expect(asha.state(first)).to_have_text(SAVED_AT)
    asha.type(first, "And in the evening")
    mine = SignedInSession.objects.filter(user=asha.person)
    if ending == "it came to its end":
        mine.update(expire_date=timezone.now() - timedelta(seconds=1))
    else:
        mine.delete()
    asha.type(first, " too, before the night shift comes.")
    asha.type(second, "Another one.")
    expect(asha.overall).to_contain_text("Not saved: you are signed out. Your words are kept on this screen.")
    with asha.page.context.expect_page() as opened:
        asha.page.get_by_role("link", name="Sign in again").click()
    sign_in_again(opened.value, asha)
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("You are signed in again")
    opened.value.close()
    asha.page.bring_to_front()
    asha.save_now()
    expect(asha.overall).to_have_text("Everything is saved.")
    assert now(first).comment == SAID + "And in the evening too, before the night shift comes."
    assert now(second).comment == "Another one."
    assert lost(asha, first) == []


def test_c1_words_of_one_are_never_saved_by_another_who_signs_in_beside(asha: Desk, world: Cast, answers: list[Answer]) -> None:
    SignedInSession.objects.filter(user=asha.person).delete()
    asha.type(answers[0], SAID)
    expect(asha.overall).to_contain_text("you are signed out")
    cookie = builders.sign_in(world.manager).cookies["session"]
    asha.page.context.add_cookies([{"name": "session", "value": cookie.value, "url": asha.page.url.partition("/workspace")[0]}])
    asha.page.locator("[data-now]").click()
    expect(asha.overall).to_contain_text("somebody else has signed in here")
    assert now(answers[0]).version == 0
    expect(asha.comment(answers[0])).to_have_value(SAID)


# --- The server is killed -------------------------------------------------------------------------------------------------


def kill(site: Site) -> None:
    """The whole of it, at once, as a power cut would."""
    found = [site.process.pid, *workers(site)]
    for process in found:
        os.kill(process, signal.SIGKILL)
    site.process.wait(10)


def test_c1_int_06_the_server_is_killed_while_somebody_types(
    browser: Browser, database: str, world: Cast, answers: list[Answer], tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, answer = random.Random(6), answers[0]  # noqa: S311 - when to kill, not a secret
    site = begin(database, tmp_path)
    port = site.address.rpartition(":")[2]
    with desk(browser, site, world.assessor, all_of(answer.assessment)) as writer:
        for number in range(KILLS):
            writer.type(answer, f"{number}: {SAID}", delay=chance.choice((0, 10, 25)))
            writer.page.wait_for_timeout(chance.randrange(0, 1400))
            kill(site)
            writer.type(answer, "Said while nobody listened. ")
            expect(writer.overall).to_contain_text("Your words are kept on this screen")
            site = begin(database, tmp_path, PORT=port)
            writer.save_now()
            expect(writer.overall).to_have_text("Everything is saved.")
            assert now(answer).comment == writer.comment(answer).input_value()
        missing, text = lost(writer, answer), now(answer).comment
        with capsys.disabled():
            print(
                f" [{KILLS} kills, {len(writer.acknowledged)} saves acknowledged, {writer.cut} cut off, {len(missing)} lost]",
                end="",
            )
    stop_site(site)
    assert writer.cut, "no save was ever cut off: nothing was tried"
    assert missing == []
    assert text == "".join(f"{number}: {SAID}Said while nobody listened. " for number in range(KILLS))
    assert chain_is_whole(answer)


# --- Leaving the page -------------------------------------------------------------------------------------------------------


def test_c1_a_link_waits_for_what_is_being_saved(asha: Desk, answers: list[Answer]) -> None:
    asha.type(answers[0], SAID, delay=0)
    asha.page.get_by_role("link", name="Overview").first.click()
    asha.page.wait_for_url(lambda url: "/all/" not in url)
    assert now(answers[0]).comment == SAID


@pytest.mark.parametrize("way", ["another address", "closed"])
def test_c1_leaving_with_words_on_their_way_saves_them(asha: Desk, answers: list[Answer], way: str) -> None:
    asha.page.on("dialog", lambda dialog: dialog.accept())
    asha.type(answers[0], SAID, delay=0)
    other = asha.page.context.new_page()
    if way == "closed":
        asha.page.close(run_before_unload=True)
    else:
        asha.page.goto("/workspace/assessments/")
    until(lambda: now(answers[0]).comment == SAID, other)
    assert chain_is_whole(answers[0])


def test_c2_leaving_asks_only_while_something_is_not_saved(asha: Desk, answers: list[Answer]) -> None:
    asked_for: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked_for.append(dialog.type)
        dialog.dismiss()

    asha.page.on("dialog", stay)
    asha.type(answers[0], SAID)
    expect(asha.state(answers[0])).to_have_text(SAVED_AT)
    asha.page.reload()
    assert asked_for == [], "everything was saved: nobody is asked"
    asha.page.context.set_offline(True)
    asha.type(answers[0], "More.")
    asha.page.evaluate("location.reload()")
    until(lambda: asked_for == ["beforeunload"], asha.page)
    expect(asha.comment(answers[0])).to_have_value(f"{SAID}More.")
    asha.page.context.set_offline(False)
    expect(asha.state(answers[0])).to_have_text(SAVED_AT)
    assert now(answers[0]).comment == f"{SAID}More."
