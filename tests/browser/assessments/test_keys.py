"""Answering without a mouse, and without script."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from standards.assessments.models import Answer
from tests.browser.assessments.writing import SAVED_AT, Desk, all_of, desk, now
from tests.conftest import Site
from tests.integration.standards.assessments.cast import Cast

SAID = "We look at every door each week, and write down who did it. "


def focused(page: Page) -> str:
    """The question that has the focus, by its code."""
    code: str = page.evaluate("(document.activeElement.closest('[data-answer]') || {id: ''}).id")
    return code


def test_c46_a_chapter_is_answered_with_keys_alone(asha: Desk, answers: list[Answer], capsys: pytest.CaptureFixture[str]) -> None:
    keys, begun = 0, time.monotonic()

    def press(*names: str) -> None:
        nonlocal keys
        for name in names:
            asha.page.keyboard.press(name)
            keys += 1

    for number, answer in enumerate(answers):
        press("j")
        assert focused(asha.page) == answer.indicator.code
        expect(asha.article(answer)).to_be_in_viewport()
        press("n" if number == 5 else str(number % 4 + 1))
        if number == 4:
            press("c")
        if number in (4, 5):  # "does not apply" has gone to the reason by itself
            expect(asha.comment(answer)).to_be_focused()
            asha.page.keyboard.type("We own 2 houses.")
            press("Escape")
    expect(asha.overall).to_have_text("Everything is saved.")
    expect(asha.page.locator("[data-count]")).to_have_text("6 of 6 answered")
    values = ["not_met", "partly_met", "mostly_met", "fully_met", "not_met", "not_applicable"]
    assert [now(answer).value for answer in answers] == values
    assert [now(answer).comment for answer in answers[4:]] == ["We own 2 houses."] * 2
    with capsys.disabled():
        print(f" [6 questions with {keys} keys beside the typed words, {time.monotonic() - begun:.1f} s]", end="")


def test_c46_the_same_with_tab_and_arrows_and_nothing_is_a_trap(asha: Desk, answers: list[Answer]) -> None:
    asha.article(answers[0]).locator("input[type=radio]").first.focus()
    asha.page.keyboard.press("Space")
    asha.page.keyboard.press("ArrowRight")
    seen = []
    while focused(asha.page) != answers[1].indicator.code:
        asha.page.keyboard.press("Tab")
        seen.append(asha.page.evaluate("document.activeElement.name || document.activeElement.textContent"))
        assert len(seen) < 12
    assert seen[:2] == ["comment", "confidence"]
    expect(asha.overall).to_have_text("Everything is saved.")
    assert now(answers[0]).value == "partly_met"
    asha.page.keyboard.press("?")
    expect(asha.page.get_by_role("dialog")).to_be_visible()
    asha.page.keyboard.press("Escape")
    expect(asha.page.get_by_role("dialog")).to_have_count(0)


@pytest.fixture
def plain(browser: Browser, site: Site, world: Cast, answers: list[Answer]) -> Iterator[Desk]:
    """The assessor in a browser that runs no script."""
    with desk(browser, site, world.assessor, all_of(answers[0].assessment), java_script_enabled=False) as made:
        yield made


def test_without_script_each_answer_has_its_button(plain: Desk, answers: list[Answer]) -> None:
    for answer in answers[:2]:
        article = plain.article(answer)
        article.get_by_label("Partly met").check()
        article.locator("textarea").fill(SAID)
        article.get_by_role("button", name="Save this answer").click()
        expect(plain.page.get_by_role("status").first).to_contain_text(f"{answer.indicator.code} saved")
        assert plain.page.url.endswith(f"#{answer.indicator.code}")
        assert (now(answer).value, now(answer).comment, now(answer).version) == ("partly_met", SAID, 1)
    expect(plain.comment(answers[0])).to_have_value(SAID)


def test_c3_without_script_both_texts_stand_on_one_page(plain: Desk, mara: Desk, answers: list[Answer]) -> None:
    mara.type(answers[0], "Mara's words.")
    expect(mara.state(answers[0])).to_have_text(SAVED_AT)
    plain.comment(answers[0]).fill("Asha's words.")
    plain.article(answers[0]).get_by_role("button", name="Save this answer").click()
    for words in ("Mara", "Mara's words.", "Asha's words."):
        expect(plain.page.locator("main")).to_contain_text(words)
    assert now(answers[0]).comment == "Mara's words."
    plain.page.get_by_role("button", name="Save this text").click()
    assert now(answers[0]).comment == "Mara's words.\n\nAsha's words."
