"""Answering: every save is kept, nobody is overwritten unseen, and who may not write writes nothing."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standards.assessments import freezing, reading
from standards.assessments.models import Answer, AnswerVersion, Remark
from tests.integration.access import writes
from tests.integration.standards.assessments import asked
from tests.integration.standards.assessments.asked import JSON, empty, save, sent
from tests.integration.standards.assessments.cast import Cast, evidence

pytestmark = pytest.mark.django_db


def first(answers: Any) -> Answer:
    """The first of some answers, which are there."""
    found: Answer | None = answers.first()
    assert found
    return found


@pytest.fixture
def row(world: Cast) -> Answer:
    """The first answer of an empty draft."""
    assessment = empty(world.service, asked.edition(6), world.assessor)
    return first(assessment.answers.in_order().select_related("indicator", "assessment"))


def address(row: Answer, name: str = "answer") -> str:
    return reverse(f"assessments:{name}", args=[row.pk])


def now(row: Answer) -> Answer:
    return Answer.objects.get(pk=row.pk)


# --- Saving -------------------------------------------------------------------------------------------------------------


def test_c1_a_save_is_kept_with_who_when_and_what(world: Cast, row: Answer) -> None:
    reply = save(world.client("assessor"), row)
    assert reply.status_code == 200
    time = timezone.localtime(now(row).answered_at).strftime("%H:%M")
    assert reply.json() == {"kind": "saved", "version": 1, "at": time, "needed": "", "is_unconfirmed": False}
    assert (now(row).value, now(row).comment, now(row).confidence) == ("mostly_met", "We look each week.", "described")
    assert (now(row).answered_by, now(row).version) == (world.assessor, 1)
    version = row.versions.get()
    assert (version.version, version.base, version.by, version.comment) == (1, 0, world.assessor, "We look each week.")


def test_c1_without_script_the_same_address_saves_and_leads_back(world: Cast, row: Answer) -> None:
    client = world.client("assessor")
    reply = client.post(address(row), sent(back="all"), follow=True)
    assert reply.redirect_chain[0][0] == f"{reverse('assessments:all_answers', args=[row.assessment_id])}#{row.indicator.code}"
    time = timezone.localtime(now(row).answered_at).strftime("%H:%M")
    assert f"{row.indicator.code} saved {time}" in reply.content.decode()
    away = client.post(address(row), sent(1, comment="x", back="https://evil.example/"))
    assert away["Location"].startswith("/workspace/assessments/answers/")


def test_c1_a_missing_reason_is_asked_for_and_stored_all_the_same(world: Cast, row: Answer) -> None:
    client = world.client("assessor")
    assert "needs a reason" in save(client, row, value="not_applicable", comment="").json()["needed"]
    assert now(row).value == "not_applicable"
    assert "need evidence or an explanation" in save(client, row, 1, value="fully_met", comment=" ").json()["needed"]
    evidence(now(row), world.assessor)
    assert save(client, row, 2, value="fully_met", comment="").json()["needed"] == ""
    assert save(client, row, 3, value="partly_met", comment="").json()["needed"] == ""
    assert client.get(address(row)).status_code == 200


def test_c1_words_are_kept_exactly_as_typed(world: Cast, row: Answer) -> None:
    client = world.client("assessor")
    typed = "  Two spaces.\n\n\tA tab, Cymraeg: ŵ ŷ, 👩🏽‍🦱 <b>&amp;</b> “quotes” \n"
    save(client, row, comment=typed)
    assert now(row).comment == typed
    page = client.get(address(row)).content.decode()
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in page
    assert save(client, row, 1, comment=typed.replace("\n", "\r\n")).json()["version"] == 1, "line ends of a form are no change"


def test_c1_what_is_too_long_is_refused_whole_and_stays_on_the_screen(world: Cast, row: Answer) -> None:
    client, long = world.client("assessor"), "x" * 20_001
    reply = save(client, row, comment=long)
    assert reply.status_code == 422
    assert "20001 characters" in reply.json()["problems"][0]
    assert "Nothing was cut" in reply.json()["problems"][0]
    page = client.post(address(row), sent(comment=long))
    assert page.status_code == 422
    assert long in page.content.decode()
    assert (now(row).version, row.versions.count()) == (0, 0)
    assert save(client, row, comment="x" * 20_000).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"value": "splendid"}, {"base": "-1"}, {"base": "x"}, {"key": "no"}, {"confidence": "sure"}, {"comment": "a\x00b"}, {"base": 9**19}],
)
def test_idor_07_nonsense_is_refused_and_writes_nothing(world: Cast, row: Answer, wrong: dict[str, Any]) -> None:
    with writes() as written:
        assert save(world.client("assessor"), row, **wrong).status_code == 422
    assert [statement for statement in written if "assessments_" in statement] == []


def test_idor_04_only_the_answer_itself_can_be_sent(world: Cast, row: Answer) -> None:
    other = empty(world.service, row.indicator.edition, world.assessor)
    fields: dict[str, Any] = {
        "assessment": other.pk, "indicator": uuid.uuid4(), "answered_by": world.manager.pk, "version": 99, "id": uuid.uuid4(),
        "confirmed_by": world.manager.pk, "carried_from": row.pk, "by": world.manager.pk, "status": "approved",
    }  # fmt: skip
    save(world.client("assessor"), row, **fields)
    assert (now(row).assessment_id, now(row).indicator_id) == (row.assessment_id, row.indicator_id)
    assert (now(row).version, now(row).answered_by, now(row).carried_from, now(row).confirmed_by) == (1, world.assessor, None, None)


def test_equal_content_is_no_new_version(world: Cast, row: Answer) -> None:
    client = world.client("assessor")
    save(client, row)
    assert save(client, row, 1).json()["version"] == 1
    assert save(client, row, 0).status_code == 200, "what stands there already is in nobody's way"
    assert row.versions.count() == 1


def test_int_03_the_same_key_again_is_the_same_result(world: Cast, row: Answer) -> None:
    client, key = world.client("assessor"), uuid.uuid4()
    first = save(client, row, key=key)
    save(client, row, 1, comment="Later.")
    assert save(client, row, key=key).json() == first.json()
    assert (now(row).comment, row.versions.count()) == ("Later.", 2)


def test_int_03_a_key_serves_one_answer_and_one_person(world: Cast, row: Answer) -> None:
    key = uuid.uuid4()
    other = first(row.assessment.answers.exclude(pk=row.pk))
    save(world.client("assessor"), row, key=key)
    assert save(world.client("assessor"), other, key=key).status_code == 422
    assert save(world.client("manager"), row, 1, key=key, comment="Mine.").status_code == 422
    assert (now(other).version, now(row).version) == (0, 1)


# --- Two people ---------------------------------------------------------------------------------------------------------


def test_int_01_c3_the_second_gets_both_texts_and_neither_is_lost(world: Cast, row: Answer) -> None:
    save(world.client("manager"), row, value="not_met", comment="Mara's words.")
    reply = save(world.client("assessor"), row, comment="Asha's words.")
    assert reply.status_code == 409
    theirs = reply.json()["theirs"]
    assert (theirs["comment"], theirs["value"], theirs["version"]) == ("Mara's words.", "not_met", 1)
    assert theirs["by"].startswith("Mara")
    assert theirs["at"]
    assert now(row).comment == "Mara's words."
    kept = row.versions.get(version=None)
    assert (kept.comment, kept.by, kept.base) == ("Asha's words.", world.assessor, 0)
    assert save(world.client("assessor"), row, 1, comment="Both.").json()["version"] == 2


def test_int_01_without_script_both_texts_stand_on_one_page_with_three_ways_on(world: Cast, row: Answer) -> None:
    save(world.client("manager"), row, comment="Mara's words.")
    page = world.client("assessor").post(address(row), sent(comment="Asha's words."))
    text = page.content.decode()
    assert page.status_code == 409
    for words in ("Mara", "Mara&#x27;s words.", "Asha&#x27;s words.", "Take theirs", "Keep mine", "Or edit both together"):
        assert words in text
    assert text.count('name="base" value="1"') == 2
    assert "Mara&#x27;s words.\n\nAsha&#x27;s words." in text


def test_int_01_different_answers_never_meet(world: Cast, row: Answer) -> None:
    other = first(row.assessment.answers.exclude(pk=row.pk))
    assert [save(world.client("manager"), row).status_code, save(world.client("assessor"), other).status_code] == [200, 200]


def test_words_typed_by_one_are_never_saved_as_anothers(world: Cast, row: Answer) -> None:
    page = world.client("assessor").get(address(row)).content.decode()
    mark = page.split('name="writer" value="')[1].split('"')[0]
    assert save(world.client("manager"), row, writer=mark).status_code == 403
    assert now(row).version == 0
    assert save(world.client("assessor"), row, writer=mark).status_code == 200


def test_the_page_left_open_asks_for_a_fresh_token_and_how_it_stands(world: Cast, row: Answer) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client("assessor").cookies
    assert save(client, row).status_code == 403
    assert now(row).version == 0
    fresh = client.get(address(row), headers=JSON).json()
    assert fresh["theirs"]["version"] == 0
    reply = client.post(address(row), sent(writer=fresh["writer"]), headers=JSON | {"x-csrftoken": fresh["token"]})
    assert reply.status_code == 200


# --- Who may -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("rival_manager", 404), ("stranger", 404), ("inspector", 404)])
@pytest.mark.parametrize("headers", [JSON, {}])
def test_c4_perm_idor_01_who_may_not_write_writes_nothing(world: Cast, row: Answer, who: str, status: int, headers: dict[str, str]) -> None:
    client = world.client(who)
    nonsense: tuple[dict[str, Any], ...] = ({}, {"value": "nonsense"})
    for fields in nonsense:
        with writes() as written:
            reply = client.post(address(row), sent(**fields), headers=headers)
        assert reply.status_code == status
        assert [statement for statement in written if "INSERT" in statement.upper() and "assessments_" in statement] == []
    assert now(row).version == 0
    assert AnswerVersion.objects.filter(answer=row).count() == 0


def test_nobody_signed_in_is_told_so_and_the_script_can_tell(row: Answer) -> None:
    assert Client().post(address(row), sent()).status_code == 302
    reply = Client().post(address(row), sent(), headers=JSON)
    assert (reply.status_code, reply.headers["X-Signed-Out"]) == (403, "1")
    assert now(row).version == 0


@pytest.mark.parametrize("name", ["answer", "history"])
def test_perm_reading_an_answer(world: Cast, row: Answer, name: str) -> None:
    for who, status in {"manager": 200, "assessor": 200, "reader": 200, "rival_manager": 404, "stranger": 404, "inspector": 404}.items():
        assert world.client(who).get(address(row, name)).status_code == status
    assert world.client("assessor").get(reverse(f"assessments:{name}", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("name", ["all_answers", "chapter", "overview"])
def test_perm_reading_pages(world: Cast, name: str) -> None:
    arguments = [world.row.pk, "PRI"] if name == "chapter" else [world.row.pk]
    for who, status in {"manager": 200, "assessor": 200, "reader": 200, "rival_manager": 404, "stranger": 404, "inspector": 404}.items():
        assert world.client(who).get(reverse(f"assessments:{name}", args=arguments)).status_code == status
        assert world.client(who).post(reverse(f"assessments:{name}", args=arguments)).status_code == 405
    assert world.client("manager").get(reverse("assessments:chapter", args=[world.row.pk, "NONE"])).status_code == 404


def test_a_reader_is_shown_no_form(world: Cast, row: Answer) -> None:
    for path in (address(row), reverse("assessments:all_answers", args=[row.assessment_id])):
        page = world.client("reader").get(path).content.decode()
        assert "<textarea" not in page
        assert "You can read these answers" in page or "answers/" in path


def test_perm_idor_02_no_page_names_a_number_of_the_database(world: Cast, row: Answer) -> None:
    page = world.client("assessor").get(reverse("assessments:all_answers", args=[row.assessment_id])).content.decode()
    assert f'"{world.assessor.pk}"' not in page


def test_wrong_methods(world: Cast, row: Answer) -> None:
    client = world.client("assessor")
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(address(row)).status_code == 405
    assert client.post(address(row, "history")).status_code == 405


def test_what_was_sent_stands_and_the_words_stay_on_the_screen(world: Cast) -> None:
    row = first(world.row.answers)
    client = world.client("assessor")
    world.send()
    reply = save(client, row, 1, comment="Too late.")
    assert reply.status_code == 409
    assert reply.json()["kind"] == "refused"
    assert "In review" in reply.json()["problems"][0]
    page = client.post(address(row), sent(1, comment="Too late."))
    assert page.status_code == 409
    assert "Too late." in page.content.decode()
    assert (now(row).version, row.versions.count()) == (1, 0)
    assert "<textarea" not in client.get(address(row)).content.decode()


def test_int_03_a_save_that_was_acknowledged_stays_so_after_sending(world: Cast) -> None:
    row, key, client = first(world.row.answers), uuid.uuid4(), world.client("assessor")
    acknowledged = save(client, row, 1, key=key).json()
    world.send()
    assert save(client, row, 1, key=key).json() == acknowledged


# --- From last time -----------------------------------------------------------------------------------------------------


def test_c8_new_words_alone_confirm_nothing_another_value_does(world: Cast, row: Answer) -> None:
    before = world.row.answers.first()
    Answer.objects.filter(pk=row.pk).update(carried_from=before, value="fully_met", comment="Last year's words.")
    client = world.client("assessor")
    page = client.get(address(row)).content.decode()
    assert "From last time" in page
    assert save(client, row, value="fully_met", comment="New words.").json()["is_unconfirmed"] is True
    assert reading.score(row.assessment).whole.answered == 0
    assert save(client, row, 1, value="partly_met", comment="New words.").json()["is_unconfirmed"] is False
    assert now(row).confirmed_by == world.assessor
    assert reading.score(row.assessment).whole.answered == 1


# --- History ------------------------------------------------------------------------------------------------------------


def test_history_shows_sittings_with_what_changed(world: Cast, row: Answer) -> None:
    asha, mara = world.client("assessor"), world.client("manager")
    for at, text in enumerate(("We", "We look", "We look weekly.")):
        save(asha, row, at, comment=text, value="partly_met")
    save(mara, row, 3, comment="We look daily.", value="mostly_met")
    save(asha, row, 3, comment="Too late.")
    page = asha.get(address(row, "history")).content.decode()
    assert "saved 3 times while writing" in page
    assert "<del>weekly</del><ins>daily</ins>" in page
    assert "<del>Partly met</del> <ins>Mostly met</ins>" in page
    assert "Kept, not taken" in page
    assert page.index("Too late.") < page.index("daily") < page.index("saved 3 times")
    assert page.count('<li class="panel">') == 3


def test_history_of_nothing_says_so(world: Cast, row: Answer) -> None:
    assert "Nobody has answered this yet" in world.client("reader").get(address(row, "history")).content.decode()


# --- Pages and their cost -----------------------------------------------------------------------------------------------


def test_every_question_is_a_form_of_its_own(world: Cast) -> None:
    assessment = empty(world.service, asked.edition(20), world.assessor)
    page = world.client("assessor").get(reverse("assessments:chapter", args=[assessment.pk, "C00"])).content.decode()
    assert page.count('action="/workspace/assessments/answers/') == 18
    assert page.count('type="radio"') == 18 * 5
    assert page.count("Critical: if this is not met") == 3
    keys = {part.split('"')[0] for part in page.split('name="key" value="')[1:]}
    assert len(keys) == 18
    assert "Chapter 1 →" in page


def test_remarks_and_evidence_are_named_beside_the_answer(world: Cast, row: Answer) -> None:
    evidence(row, world.assessor)
    Remark.write(row.assessment, "Please say more.", by=world.who("manager"), answer=row)
    page = world.client("assessor").get(address(row)).content.decode()
    assert "Audit of spring" in page
    assert "1 open remark" in page


def pages(assessment: Any) -> dict[str, str]:
    return {
        "all": reverse("assessments:all_answers", args=[assessment.pk]), "overview": reverse("assessments:overview", args=[assessment.pk]),
        "chapter": reverse("assessments:chapter", args=[assessment.pk, "C00"]), "list": reverse("assessments:index"),
    }  # fmt: skip


def test_c38_as_many_queries_for_thirty_questions_as_for_three_hundred(world: Cast, django_assert_max_num_queries: Any) -> None:
    counts: list[dict[str, int]] = []
    client = world.client("assessor")
    for questions in (30, 300):
        assessment = empty(world.service, asked.edition(questions), world.assessor)
        for answer in assessment.answers.select_related("indicator")[: questions // 3]:
            save(client, answer, value="not_met" if answer.indicator.is_critical else "fully_met")
            evidence(answer, world.assessor)
        counts.append({})
        for name, path in pages(assessment).items():
            client.get(path)
            with django_assert_max_num_queries(12 if name == "list" else 15) as queries:
                assert client.get(path).status_code == 200
            counts[-1][name] = len(queries)
    assert counts[0] == counts[1]


def test_a_save_takes_at_most_ten_queries(world: Cast, row: Answer, django_assert_max_num_queries: Any) -> None:
    client = world.client("assessor")
    save(client, row)
    with django_assert_max_num_queries(10):
        assert save(client, row, 1, comment="Other words.").status_code == 200


# --- C7 -----------------------------------------------------------------------------------------------------------------

VALUES = st.sampled_from(["", "not_met", "partly_met", "mostly_met", "fully_met", "not_applicable"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VALUES, min_size=6, max_size=6))
def test_c7_list_page_copy_and_export_show_the_same_figures(world: Cast, values: list[str]) -> None:
    for answer, value in zip(world.row.answers.in_order(), values, strict=True):
        Answer.objects.filter(pk=answer.pk).update(value=value)
    result = reading.score(world.row)
    answers = freezing.answers_of(world.now())
    copy = freezing._scores(freezing.scoring.work_out(freezing.items_of(answers)))
    assert reading.score_of(answers) == result
    assert copy["whole"]["percent"] == result.whole.percent
    client = world.client("reader")
    shown = "nothing to score yet" if result.whole.percent is None else f'<span class="numbers">{result.whole.percent} %</span>'
    done = f"{result.whole.answered + result.whole.excluded} / {result.whole.applicable + result.whole.excluded}"
    for path in (reverse("assessments:index"), reverse("assessments:overview", args=[world.row.pk])):
        page = client.get(path).content.decode()
        assert shown in page
        assert done in page
