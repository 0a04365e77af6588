"""Two people at the same questions in two real browsers: neither disturbs the other, and no text is lost (C3, INT-01)."""

import pytest
from playwright.sync_api import expect

from standards.assessments.models import Answer, AnswerVersion
from tests.browser.assessments.writing import SAVED_AT, Desk, now, until


def test_c3_int_01_two_in_different_answers_never_disturb_each_other(asha: Desk, mara: Desk, answers: list[Answer]) -> None:
    for number in range(6):
        asha.type(answers[number % 3], f"Asha {number}. ", delay=0)
        mara.type(answers[3 + number % 3], f"Mara {number}. ", delay=0)
    for writer, mine in ((asha, answers[:3]), (mara, answers[3:])):
        expect(writer.overall).to_have_text("Everything is saved.")
        assert writer.page.locator(".conflict").count() == 0
        for answer in mine:
            assert now(answer).comment == writer.comment(answer).input_value()
            assert now(answer).answered_by == writer.person
    assert not AnswerVersion.objects.filter(answer__in=answers, version=None).exists()


def in_the_same(asha: Desk, mara: Desk, answer: Answer) -> None:
    """Mara saves first; Asha, who has not seen it, is shown both."""
    mara.type(answer, "Mara's words.")
    expect(mara.state(answer)).to_have_text(SAVED_AT)
    asha.type(answer, "Asha's words.")
    panel = asha.article(answer).locator(".conflict")
    expect(panel).to_be_visible()
    for words in ("Mara", "Mara's words.", "Asha's words."):
        expect(panel).to_contain_text(words)
    expect(asha.comment(answer)).to_have_value("Asha's words.")
    assert now(answer).comment == "Mara's words."
    assert AnswerVersion.objects.filter(answer=answer, version=None, comment="Asha's words.", by=asha.person).exists()


@pytest.mark.parametrize(
    ("button", "stays"),
    [("Keep mine", "Asha's words."), ("Take theirs", "Mara's words."), ("Edit both together", "Mara's words.\n\nAsha's words.")],
)
def test_c3_int_01_two_in_the_same_answer_see_both_texts_and_lose_neither(
    asha: Desk, mara: Desk, answers: list[Answer], button: str, stays: str
) -> None:
    answer = answers[0]
    in_the_same(asha, mara, answer)
    asha.article(answer).get_by_role("button", name=button).click()
    expect(asha.overall).to_have_text("Everything is saved.")
    expect(asha.comment(answer)).to_have_value(stays)
    until(lambda: now(answer).comment == stays, asha.page)
    kept = set(AnswerVersion.objects.filter(answer=answer).values_list("comment", flat=True))
    assert {"Mara's words.", "Asha's words."} <= kept
    asha.type(answer, " And more.")
    expect(asha.state(answer)).to_have_text(SAVED_AT)
    assert now(answer).comment == f"{stays} And more."


def test_c3_who_goes_on_typing_beside_a_conflict_loses_nothing(asha: Desk, mara: Desk, answers: list[Answer]) -> None:
    answer = answers[0]
    in_the_same(asha, mara, answer)
    asha.type(answer, " And more.")
    until(lambda: AnswerVersion.objects.filter(answer=answer, version=None, comment="Asha's words. And more.").exists(), asha.page)
    mara.type(answer, " Later.")
    expect(mara.state(answer)).to_have_text(SAVED_AT)
    asha.article(answer).get_by_role("button", name="Keep mine").click()
    until(lambda: asha.article(answer).locator("[data-their-comment]").inner_text() == "Mara's words. Later.", asha.page)
    assert now(answer).comment == "Mara's words. Later.", "what was not seen is not overwritten"
    asha.article(answer).get_by_role("button", name="Keep mine").click()
    expect(asha.overall).to_have_text("Everything is saved.")
    assert now(answer).comment == "Asha's words. And more."
