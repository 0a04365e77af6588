"""The rights finder on a phone: the same answers as the server's, asked gently, sent to nobody and forgotten at once."""

import gzip
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from playwright.sync_api import Browser, BrowserType, Page, expect

from portal.languages import BY_CODE, SOURCE
from survivors.entitlements.content import value_code
from survivors.entitlements.questions import next_question
from survivors.entitlements.rules import DATA, decide, rule_book
from tests.browser.pages import requests_of, sideways, text_outside
from tests.browser.test_accessibility import audited, small_targets, violations
from tests.browser.test_nothing_stored import NOTHING, STORED
from tests.conftest import ROOT, Site

__all__ = ["audited"]  # a fixture

KB = 1000
SEED, SETS = 20261122, 10_000
BOOK = rule_book()
WORDS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (DATA / "words").glob("*.yaml")}
EXAMPLES = yaml.safe_load((DATA / "examples.yaml").read_text(encoding="utf-8"))
PEOPLE: list[dict[str, Any]] = [row["facts"] for row in (*EXAMPLES["personas"], *EXAMPLES["cases"])]
WOMAN: dict[str, object] = {
    "in_danger": True, "age_group": "adult", "nation": "northern_ireland", "stage": "rg_positive", "immigration": "other_visa",
    "asylum": "refused_appeal_open", "safe_place": "no_safe", "arrested": True,
}  # fmt: skip
BOTH = """(form, sets) => sets.map((given) => {
  const { gives, may, warn } = form.decide({ ...given });
  return [[...gives], [...may], [...warn], form.next({ ...given }) || null];
})"""


def opened(page: Page, language: str = "en") -> Page:
    """The finder, ready, with its first question."""
    page.goto(f"/{language}/rights-finder/")
    expect(page.locator("#finder.guided")).to_be_visible()
    return page


def current(page: Page) -> str:
    """The fact that is asked for now; nothing when the result is shown."""
    shown = page.locator("#finder fieldset:visible")
    return (shown.get_attribute("data-fact") or "") if shown.count() else ""


def walk(page: Page, answers: Mapping[str, object], press: str = "click") -> list[str]:
    """Answer until the result is there; what ``answers`` does not know is skipped. Returns the facts asked for, in order."""
    asked: list[str] = []
    while fact := current(page):
        assert fact not in asked
        asked.append(fact)
        if fact in answers:
            choice = page.locator(f"fieldset[data-fact={fact}] .choice:has([value='{value_code(answers[fact])}'])")
            getattr(choice, press)()
            getattr(page.locator("[data-move=next]"), press)()
        else:
            getattr(page.locator("[data-move=skip]"), press)()
    expect(page.locator("#result")).to_be_visible()
    return asked


def items(page: Page) -> list[str]:
    return [str(item.get_attribute("data-id")) for item in page.locator("#sections li[data-id]").all()]


def test_phone_and_server_give_the_same_answer(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    sets = list(PEOPLE)
    for _ in range(SETS):
        known = chance.sample(list(BOOK.facts), chance.randint(0, len(BOOK.facts)))
        sets.append({name: chance.choice(BOOK.facts[name].values) for name in known})
    opened(page)
    found = page.locator("#finder").evaluate(BOTH, sets)
    assert len(found) == len(sets) == SETS + len(PEOPLE)
    for facts, (gives, may, warn, following) in zip(sets, found, strict=True):
        outcome, question = decide(facts), next_question(facts)
        assert (set(gives), set(may), set(warn)) == (set(outcome.gives), set(outcome.may), set(outcome.warn)), facts
        assert len(gives) + len(may) == len({*gives, *may})
        assert following == (question.fact if question else None), facts
    with capsys.disabled():
        print(f"\n  finder: {len(PEOPLE)} examples and {SETS:,} random sets agree (seed {SEED})")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_by_touch_on_a_small_phone_nothing_is_sent_stored_or_put_into_the_address(browser: Browser, base_url: str, language: str) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    page = opened(context.new_page(), language)
    address, asked = page.url, requests_of(page)
    assert current(page) == "in_danger"
    assert page.locator("#danger a[href='tel:999']").is_visible()
    facts = walk(page, WOMAN, "tap")
    assert facts[:4] == ["in_danger", "age_group", "nation", "stage"]
    assert items(page)
    assert [request.url for request in asked] == []
    assert page.url == address
    assert page.evaluate("history.length") == 2  # about:blank and the finder
    assert page.evaluate(STORED) == NOTHING
    assert context.storage_state() == {"cookies": [], "origins": []}
    assert sideways(page) == 0
    assert text_outside(page) == []
    assert small_targets(page) == []
    context.close()


def test_by_keyboard_alone(page: Page) -> None:
    opened(page)
    for fact, value in (("in_danger", "false"), ("age_group", "adult"), ("nation", "scotland")):
        assert current(page) == fact
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('#finder input')"):
                break
        page.keyboard.press("Space")
        for _ in range(6):
            if page.locator(f"fieldset[data-fact={fact}] [value={value}]").is_checked():
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('fieldset').dataset.fact") == current(page) == "stage"
    while current(page):
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('[data-move=skip]')"):
                break
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "result"
    assert set(items(page)) == set(shown_for({"age_group": "adult", "nation": "scotland"}))


def shown_for(facts: Mapping[str, object]) -> set[str]:
    outcome = decide(facts)
    return {*outcome.gives, *outcome.may, *outcome.warn}


def test_next_without_an_answer_stays_and_back_goes_back(page: Page) -> None:
    opened(page)
    page.locator("[data-move=next]").click()
    assert current(page) == "in_danger"
    assert page.locator("[data-move=back]").is_hidden()
    page.locator("[data-move=skip]").click()
    page.locator("fieldset[data-fact=age_group] .choice:has([value=child])").click()
    page.locator("[data-move=next]").click()
    page.locator("fieldset[data-fact=nation] .choice:has([value=wales])").click()
    page.locator("[data-move=next]").click()
    assert current(page) == "stage"
    page.locator("[data-move=back]").click()
    page.locator("[data-move=back]").click()
    assert current(page) == "age_group"
    assert page.locator("[value=child]").is_checked(), "her own answer is still there to be changed"
    asked = walk(page, {"age_group": "adult", "nation": "wales", "stage": "not_referred"})
    assert "near_18" not in asked
    assert set(items(page)) == shown_for({"age_group": "adult", "nation": "wales", "stage": "not_referred"})


def test_danger_is_loud_at_once(page: Page) -> None:
    opened(page)
    assert "loud" not in str(page.locator("#danger").get_attribute("class"))
    page.locator("[name=in_danger][value=true]").check()
    assert "loud" in str(page.locator("#danger").get_attribute("class"))


def is_empty(page: Page) -> None:
    """Nothing of any answer is left."""
    expect(page.locator("#finder.guided")).to_be_visible()
    assert current(page) == "in_danger"
    assert page.locator("#result").is_hidden()
    assert items(page) == []
    assert page.locator("#finder input:checked:not([value=''])").count() == 0
    assert "loud" not in str(page.locator("#danger").get_attribute("class"))
    assert page.locator("#finder").evaluate("(form) => form.elements.in_danger.value") == ""


def test_again_forgets_everything(page: Page) -> None:
    opened(page)
    walk(page, WOMAN)
    page.locator("[data-move=again]").click()
    is_empty(page)
    assert set(items(page)) == set()
    walk(page, {})
    assert set(items(page)) == shown_for({})


def test_leaving_and_coming_back_finds_nothing(page: Page) -> None:
    opened(page)
    walk(page, WOMAN)
    page.goto("/en/")
    page.go_back()
    is_empty(page)
    page.locator("[name=in_danger][value=true]").check()
    page.reload()
    is_empty(page)


def test_a_page_that_the_browser_kept_asleep_is_empty_and_works(page: Page) -> None:
    opened(page)
    for answers in (WOMAN, {}):
        walk(page, answers)
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
        assert items(page) == []
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        is_empty(page)


# --- The result -------------------------------------------------------------------------------------------------------


def test_urgent_things_come_first_in_their_order(page: Page) -> None:
    opened(page)
    walk(page, WOMAN)
    sections = [str(part.get_attribute("class")).split()[-1] for part in page.locator("#sections section").all()]
    assert sections == ["urgent", "gives", "may", "warn"]
    found = items(page)
    assert found[:2] == ["emergency_999", "free_criminal_lawyer"]
    rights = [item for item in found if item in BOOK.order and item not in BOOK.urgent]
    gives = [item for item in BOOK.order if item in decide(WOMAN).gives and item not in BOOK.urgent]
    assert rights[: len(gives)] == gives
    assert "helpline_advice" in found
    assert page.locator("#result .tel").last.is_visible()
    assert not re.search(r"you cannot", page.locator("#result").inner_text(), re.IGNORECASE)


def reasons(page: Page, item: str) -> list[str]:
    rows = page.locator(f"#sections li[data-id={item}] > details li").all()
    return [" ".join(str(row.text_content()).split()) for row in rows]


def test_why_you_see_this_is_true(page: Page) -> None:
    opened(page)
    asked = walk(page, WOMAN)
    words = WORDS["en"]["questions"]
    outcome = decide(WOMAN)
    assert len(outcome.because) > 10
    for item, rules in outcome.because.items():
        names = dict.fromkeys(name for rule in rules for name in rule.when if name in asked)
        said = [
            f"{words[name]['text']} " + (words[name]["answers"][value_code(WOMAN[name])] if name in WOMAN else "I do not want to say")
            for name in names
        ]
        assert reasons(page, item) == [" ".join(line.split()) for line in said or ["Everybody can ask for this."]], item


def test_what_was_skipped_is_never_put_into_her_mouth(page: Page) -> None:
    opened(page)
    walk(page, {})
    assert reasons(page, "treated_as_child") == ["How old are you? I do not want to say"]
    assert reasons(page, "helpline_advice") == ["Everybody can ask for this."]


def test_what_is_not_sure_is_flagged(page: Page) -> None:
    opened(page)
    facts = WOMAN | {"in_detention": True, "care_needs": True}
    walk(page, facts)
    outcome = decide(facts)
    flagged = {item for item in items(page) if page.locator(f"#sections li[data-id={item}].unsure").count()}
    unsure = {item for item, rules in outcome.because.items() if min(rule.confidence for rule in rules) > "B"}
    assert unsure
    assert unsure <= flagged < set(items(page))
    for item in flagged:
        assert page.locator(f"#sections li[data-id={item}]").inner_text().count("We are checking this") == 1, item


def test_print_has_english_beside_arabic(page: Page) -> None:
    opened(page, "ar")
    walk(page, WOMAN)
    assert page.locator("#sections .twin:visible").count() == 0
    page.emulate_media(media="print")
    for item in items(page):
        twin = page.locator(f"#sections li[data-id={item}] > .twin")
        expect(twin).to_be_visible()
        assert (twin.get_attribute("lang"), twin.get_attribute("dir")) == ("en", "ltr")
        title = WORDS["en"]["rights"][item]["title"] if item in BOOK.order else WORDS["en"]["warnings"][item]
        assert str(twin.text_content()).startswith(title.partition("{")[0]), item
    assert page.locator("#finder, #danger, .move").filter(visible=True).count() == 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_question_and_result(audited: Page, language: str) -> None:
    opened(audited, language)
    assert violations(audited) == []
    walk(audited, WOMAN)
    assert violations(audited) == []
    audited.evaluate("document.querySelectorAll('#sections details').forEach((e) => { e.open = true })")
    assert violations(audited, enhanced=True) == []


# --- Without script, and what is left ---------------------------------------------------------------------------------


def test_without_script_the_same_items(page: Page, browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    plain = context.new_page()
    for facts in [WOMAN, {}, *PEOPLE[:4]]:
        plain.goto("/en/rights-finder/")
        for name, value in facts.items():
            plain.locator(f"[name={name}][value='{value_code(value)}']").check()
        plain.locator("#see").click()
        plain.wait_for_load_state()
        assert plain.url == f"{base_url}/en/rights-finder/"
        opened(page)
        asked = walk(page, facts)
        rows = [str(row.get_attribute("data-id")) for row in plain.locator("li[data-id]").all()]
        if set(facts) <= set(asked):
            assert rows == items(page)
        assert set(rows) == shown_for(facts)
    context.close()


def test_server_and_database_keep_nothing_of_an_answer(page: Page, site: Site) -> None:
    canary = "quetzal-5127"
    address = f"{site.address}/en/rights-finder/"
    answer = page.request.post(address, form={"nation": "northern_ireland", "canary": canary}, headers={"User-Agent": canary})
    assert answer.status == 200
    assert canary not in answer.text()
    assert not {canary, "northern_ireland"} & set(re.findall(r"[\w-]+", site.log.read_text()))
    everywhere = """
        SELECT tablename FROM pg_tables,
        LATERAL query_to_xml(format('SELECT * FROM %%I.%%I', schemaname, tablename), true, false, '') AS rows
        WHERE schemaname = 'public' AND rows::text LIKE %s"""
    with psycopg.connect(site.database) as connection:
        assert connection.execute(everywhere, [f"%{canary}%"]).fetchall() == []
        assert connection.execute(everywhere, ["%Waymark%"]).fetchall(), "the search finds what is there"


def test_the_browsers_profile_holds_none_of_the_answers(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], base_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "profile"
    context = browser_type.launch_persistent_context(profile, **browser_type_launch_args, base_url=base_url)
    page = opened(context.pages[0])
    walk(page, WOMAN)
    page.goto("/en/")
    context.close()
    labels = [WORDS["en"]["questions"][name]["answers"][value_code(value)] for name, value in WOMAN.items()]
    sought = [label for label in labels if len(label) > 15] + ["northern_ireland", "rg_positive", "refused_appeal_open", "other_visa"]
    assert len(sought) >= 6
    files = [path for path in profile.rglob("*") if path.is_file()]
    hits, control, size = [], 0, 0
    for path in files:
        data = path.read_bytes()
        size += len(data)
        hits += [f"{path.name}: {text}" for text in sought for code in ("utf-8", "utf-16-le") if text.encode(code) in data]
        control += b"rights-finder" in data
    with capsys.disabled():
        print(f"\n  profile: {len(files)} files, {size:,} bytes searched for {len(sought)} texts: {len(hits)} hits")
    assert control, "the history knows the page: the search finds what is there"
    assert hits == []


def test_it_is_light(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    script = (ROOT / "survivors/entitlements/static/entitlements/finder.js").read_bytes()
    rules = page.request.get("/en/rights-finder/rules.json").body()
    both = len(gzip.compress(script)) + len(gzip.compress(rules))
    sizes = {}
    for code, language in BY_CODE.items():
        html = page.request.get(f"/{code}/rights-finder/").body()
        more = 1 if code == SOURCE else 1.1 if language.script == "Latn" else 1.3  # letters with marks take more bytes
        sizes[code] = (len(gzip.compress(html)), 14 * KB * more)
    with capsys.disabled():
        print(f"\n  finder.js and rules.json: {both:,} bytes; page: { ({code: size for code, (size, _most) in sizes.items()}) }")
    assert both <= 6 * KB
    assert {code: size for code, (size, most) in sizes.items() if size > most} == {}
