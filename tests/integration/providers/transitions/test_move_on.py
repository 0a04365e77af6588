"""The move-on plan and the say-it-once card: her language beside English, discreet, facts by key, nothing stored."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
import yaml
from django import forms
from django.conf import settings
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.languages import FIRST_RELEASE
from providers.transitions import move_on
from providers.transitions.models import Check, Clock, Transition
from providers.transitions.move_on_forms import PlanForm
from survivors.facts.models import Fact
from survivors.facts.wording import problems, references
from tests.builders import sign_in
from tests.integration.providers.transitions.movers import World
from tests.integration.test_forbidden_words import stems_in

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

CODES = [language.code for language in FIRST_RELEASE]
CANARY = "Flat 9 canary-8f3a"
DOWN = {"language": "ti", "place": CANARY, "worker": "Tara", "worker_phone": "0113 496 0000", "as": "page"}
STATEMENTS = [said for section in move_on.layout()["sections"] for said in section["says"]]


def address(cast: World, name: str = "move_on") -> str:
    return reverse(f"consent:{name}", args=[cast.move.pk])


def check(cast: World, key: str, state: str) -> None:
    Check.objects.create(transition=cast.move, key=key, order=1, blocks=True, state=state)


def texts(sheet: move_on.Sheet) -> Iterator[str]:
    for section in sheet.sections:
        for pair in (section.heading, *section.lines):
            yield "".join(piece.text for piece in pair.own)


# --- The words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_every_key_and_says_that_it_is_a_draft(code: str) -> None:
    english, own = move_on.file_of("en"), move_on.file_of(code)
    assert set(own["words"]) == set(english["words"])
    assert all(isinstance(words, str) and words.strip() for words in own["words"].values())
    assert (own["language"], own["status"], own["checked_by"]) == (code, "draft", "")
    same = [key for key, words in own["words"].items() if words == english["words"][key]]
    assert code == "en" or len(same) <= 1


@pytest.mark.parametrize("code", CODES)
def test_the_same_facts_stand_in_every_language_and_no_number_is_typed(code: str) -> None:
    values = Fact.objects.values_for_texts()
    for key, words in move_on.file_of(code)["words"].items():
        assert references(words) == references(move_on.file_of("en")["words"][key])
        assert problems(words, values) == [], key


def test_no_field_of_the_plan_takes_the_place_of_another_of_the_form() -> None:
    own = [name for _section, name in move_on.fields()]
    assert len(set(own)) == len(own)
    assert not set(own) & {"language", "as", *move_on.layout()["card"]}
    assert isinstance(PlanForm().fields["language"], forms.ChoiceField)


def test_everything_that_is_placed_has_words_and_all_words_are_placed() -> None:
    placed = {section["key"] for section in move_on.layout()["sections"]} | {f"f_{name}" for _section, name in move_on.fields()}
    placed |= {key for section in move_on.layout()["sections"] for key in section["checks"]} | {said["key"] for said in STATEMENTS}
    placed |= {f"k_{key}" for key in move_on.layout()["card"]} | {f"d_{kind}" for kind in move_on.date_kinds()}
    frame = {"title", "draft", "yours", "keep_safe", "made_on", "done", "todo", "checking", "k_title", "k_intro", "k_mine"}
    assert placed | frame == set(move_on.file_of("en")["words"])


def test_every_statement_has_a_mark_and_a_source_and_none_rests_on_mark_d() -> None:
    facts = {fact.key: fact for fact in Fact.objects.all()}
    for said in STATEMENTS:
        used = references(move_on.file_of("en")["words"][said["key"]])
        assert said["mark"] in {"A", "B", "C"}
        assert re.fullmatch(r"S\d\d", said["source"])
        assert "D" not in {facts[key].mark for key in used}
    words = yaml.safe_dump(move_on.file_of("en"))
    assert [key for key, fact in facts.items() if fact.mark == "D" and "{" + key + "}" in words] == []


# --- The plan -----------------------------------------------------------------------------------------------------------


def test_it_is_made_from_the_checklist_of_this_very_move(cast: World) -> None:
    for key, state in (("first_night", "done"), ("mental_health", "open"), ("housing_papers", "not_needed"), ("joint_meeting", "waived")):
        check(cast, key, state)
    sheet = move_on.plan_for(cast.move, "so", {})
    notes = {"".join(piece.text for piece in pair.english): pair.note for section in sheet.sections for pair in section.lines}
    words = move_on.words_in("en")
    assert notes[words["first_night"]] == "done"
    assert notes[words["mental_health"]] == "todo"
    assert words["housing_papers"] not in notes
    assert words["joint_meeting"] not in notes
    assert words["safety_plan"] not in notes


def test_what_is_not_settled_stands_beside_we_are_checking_this_and_mark_d_nowhere(cast: World) -> None:
    Transition.objects.filter(pk=cast.move.pk).update(trigger="cg_negative")
    cast.move.refresh_from_db()
    found = {
        "".join(piece.text for piece in pair.english): pair.note
        for part in move_on.plan_for(cast.move, "ar", {}).sections
        for pair in part.lines
    }
    asked = next(words for words in found if words.startswith("Usual time to ask them"))
    assert found[asked] == "checking"
    Fact.objects.filter(key="look-again").update(mark="D")
    assert asked not in "\n".join(
        "".join(p.text for p in pair.english) for part in move_on.plan_for(cast.move, "ar", {}).sections for pair in part.lines
    )
    Fact.objects.filter(key="helpline").update(value="")
    assert "08000" not in "\n".join(texts(move_on.plan_for(cast.move, "ar", {})))


def test_rules_of_one_nation_or_one_decision_stand_only_there(cast: World) -> None:
    def english() -> str:
        cast.move.refresh_from_db()
        return "\n".join(texts(move_on.plan_for(cast.move, "en", {})))

    assert "45 days" in english()
    Transition.objects.filter(pk=cast.move.pk).update(trigger="own_wish")
    assert "45 days" not in english()
    Transition.objects.filter(pk=cast.move.pk).update(trigger="cg_positive", nation="scotland")
    assert "45 days" not in english()
    assert "Reach-In" not in english()


def test_7_3_the_date_in_her_letter_is_sure_a_computed_one_is_being_checked_a_past_one_is_left_out(cast: World) -> None:
    soon = timezone.localdate() + timedelta(days=9)
    for kind, computed, letter in (
        ("injuries_claim", soon, None),
        ("reconsideration_vts", soon, soon + timedelta(days=1)),
        ("domestic_worker", date(2026, 1, 1), None),
    ):
        Clock.objects.create(transition=cast.move, kind=kind, started_on=date(2026, 1, 1), computed_on=computed, letter_on=letter)
    pairs = [
        pair
        for section in move_on.plan_for(cast.move, "en", {}).sections
        for pair in section.lines
        if "before this day" in pair.own[0].text
    ]
    later = soon + timedelta(days=1)
    assert [(pair.typed, pair.note) for pair in pairs] == [
        (f"{soon.day} / {soon.month} / {soon.year}", "checking"), (f"{later.day} / {later.month} / {later.year}", ""),
    ]  # fmt: skip


def test_facts_are_written_in_her_language(cast: World) -> None:
    arabic = "\n".join(texts(move_on.plan_for(cast.move, "ar", {})))
    assert "45 يومًا" in arabic
    assert "08000 121 700" in arabic


@pytest.mark.parametrize(
    ("typed", "direction"), [("4 December", "ltr"), ("١٢ شارع", "rtl"), ("(خانه)", "rtl"), ("0113", "ltr"), ("ትግርኛ", "ltr")]
)
def test_typed_words_run_in_their_own_direction(typed: str, direction: str) -> None:
    assert move_on.Pair((), (), typed=typed).typed_direction == direction


# --- The pages ----------------------------------------------------------------------------------------------------------


def test_nothing_that_was_typed_is_kept_anywhere(cast: World) -> None:
    with CaptureQueriesContext(connections["default"]) as default, CaptureQueriesContext(connections["keyring"]) as keyring:
        answer = sign_in(cast.worker).post(address(cast), DOWN)
    assert CANARY in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert CANARY not in str([query["sql"] for query in (*default.captured_queries, *keyring.captured_queries)])
    assert [query["sql"] for query in default.captured_queries if CANARY in query["sql"]] == []


@pytest.mark.parametrize("code", CODES)
def test_priv_14_the_paper_shows_no_site_and_its_head_tells_nothing(cast: World, code: str) -> None:
    html = sign_in(cast.worker).post(address(cast), DOWN | {"language": code}).content.decode()
    title = html[html.index("<title>") + 7 : html.index("</title>")]
    assert title == move_on.words_in(code)["title"]
    assert stems_in(title, code) == []
    assert not re.search(r"waymark|modern slavery|trafficking|NRM\b", html, re.IGNORECASE)
    assert f'<html lang="{code}"' in html
    assert ('class="en' in html) == (code != "en")
    assert "<script" not in html
    assert "style=" not in html


@pytest.mark.parametrize("code", ["ar", "ti", "cy"])
def test_the_pdf_is_tagged_titled_in_her_language_and_named_neutrally(cast: World, code: str) -> None:
    check(cast, "first_night", "done")
    answer = sign_in(cast.worker).post(address(cast), DOWN | {"language": code, "as": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == code
        assert str(pdf.docinfo["/Title"]) == move_on.words_in(code)["title"]
        with pdf.open_metadata() as metadata:
            assert metadata.get("pdfuaid:part") == "1"
        assert "Waymark" not in str(pdf.docinfo)
        assert not [problem for problem in pdf.check_pdf_syntax() if problem]
        assert not [note for sheet in pdf.pages for note in sheet.get("/Annots", [])]  # nobody taps on paper


def test_b12_the_card_holds_her_words_and_is_kept_nowhere(cast: World) -> None:
    words = {"language": "fa", "talk": "آهسته لطفاً", "need": "A quiet room", "not_on": "<b>my past</b>", "as": "page"}
    html = sign_in(cast.worker).post(address(cast, "card"), words).content.decode()
    assert "آهسته لطفاً" in html
    assert "&lt;b&gt;my past&lt;/b&gt;" in html
    assert "What is hard for me" not in html  # left empty
    assert "Please do not pass this on" in html


@pytest.mark.parametrize(
    "wrong",
    [{"language": "xx"}, {"place": "x" * 161}, {"kind_1": "court"}, {"day_1": "2027-01-01"}, {"kind_1": "party", "day_1": "2027-01-01"}],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(cast: World, wrong: dict[str, Any]) -> None:
    answer = sign_in(cast.worker).post(address(cast), DOWN | wrong)
    assert answer.status_code == 422
    assert "Nothing you wrote is lost" in answer.content.decode()


def test_the_style_of_the_paper_refers_to_nothing_outside() -> None:
    for name in ("move_on.css", "move_on_screen.css"):
        css = (settings.BASE_DIR / "providers/transitions/static/transitions" / name).read_text(encoding="utf-8")
        assert "url(" not in css
        assert "@import" not in css
