"""Follow-up: she chooses the points, attempts keep to what she agreed, answers are sealed, and silence concludes nothing."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import Event, Notice, View
from portal.steps import Step
from portal.vault.keyring import open_key
from providers.services.models import Outdated
from providers.transitions import consents, disclosing, follow_up_reading, follow_up_states, follow_ups
from providers.transitions.desk import needs
from providers.transitions.follow_up_notices import ask_today
from providers.transitions.models import Attempt, FollowUp, Transition
from providers.transitions.safe_contact import LONDON, Contact
from tests.builders import sign_in
from tests.integration.providers.transitions import movers
from tests.integration.providers.transitions.movers import World

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

MOVED_ON = date(2026, 10, 1)
CANARY = "I want to call my sister-8f3a"
AGREED = {"channels": ["call"], "voicemail": False, "letters": False, "code_word": "maple"}
WELL: dict[str, Any] = {"answers": {"safe": "yes", "place": "yes", "doctor": "yes", "food": "yes", "person": "yes"}}


def point(cast: World, name: str) -> FollowUp:
    found: FollowUp = cast.move.follow_ups.get(point=name)
    return found


@pytest.fixture
def asked(cast: World) -> World:
    """She chose four points, and a way of contact."""
    movers.seal(cast.move, "contact", AGREED)
    follow_ups.choose_points(cast.move, ["48h", "7d", "6m", "12m"], MOVED_ON, by=cast.worker)
    return cast


def last(move: Transition) -> Event:
    found: Event = Event.objects.about(move).latest("pk")
    return found


# --- Choosing ---------------------------------------------------------------------------------------------------------


def test_she_chooses_the_points_and_changes_them_later(asked: World) -> None:
    assert [(row.point, row.due_on) for row in asked.move.follow_ups.all()] == [
        ("48h", date(2026, 10, 3)), ("7d", date(2026, 10, 8)), ("6m", date(2027, 4, 1)), ("12m", date(2027, 10, 1)),
    ]  # fmt: skip
    follow_ups.answer(point(asked, "48h"), WELL, base=1, by=asked.worker)
    follow_ups.choose_points(asked.move, ["28d"], MOVED_ON, by=asked.worker)
    wanted = {row.point for row in asked.move.follow_ups.all() if row.is_wanted}
    assert wanted == {"48h", "28d"}  # what she has answered stays
    follow_ups.choose_points(asked.move, [], MOVED_ON, by=asked.worker)
    asked.move.refresh_from_db()
    assert asked.move.wants_follow_up is False


@pytest.mark.parametrize("who", ["reader", "taker", "stranger"])
def test_c4_only_the_responsible_side_asks(asked: World, who: str) -> None:
    by = getattr(asked, who)
    contact = Contact("call", timezone.now(), knows_code=True)
    with pytest.raises(PermissionDenied):
        follow_ups.choose_points(asked.move, ["7d"], MOVED_ON, by=by)
    with pytest.raises(PermissionDenied):
        follow_ups.log_attempt(asked.move, contact, "no_answer", by=by)
    with pytest.raises(PermissionDenied):
        follow_ups.answer(point(asked, "7d"), WELL, base=1, by=by)
    assert not Attempt.objects.exists()


# --- Attempts ---------------------------------------------------------------------------------------------------------


def test_b12_an_attempt_in_the_agreed_way_is_written_down(asked: World) -> None:
    found = follow_ups.log_attempt(
        asked.move, Contact("call", timezone.now(), knows_code=True), "no_answer", follow_up=point(asked, "7d"), by=asked.worker
    )
    assert (found.channel, found.result, found.by) == ("call", "no_answer", asked.worker)
    assert last(asked.move).codes == {"channel": "call", "result": "no_answer"}


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"channel": "text"}, ["channel"]), ({"channel": "letter"}, ["channel", "letters"]), ({"leaves_voicemail": True}, ["voicemail"]),
        ({"knows_code": False}, ["code_word"]), ({"message": "the safe house team"}, ["tells"]),
    ],
)  # fmt: skip
def test_b12_what_breaks_the_agreement_is_refused(asked: World, changed: dict[str, Any], codes: list[str]) -> None:
    given: dict[str, Any] = {"channel": "call", "at": timezone.now(), "knows_code": True} | changed
    with pytest.raises(ValidationError) as refused:
        follow_ups.log_attempt(asked.move, Contact(**given), "no_answer", by=asked.worker)
    assert [error.code for error in refused.value.error_list] == codes
    assert not Attempt.objects.exists()


def test_b12_without_an_agreed_way_nothing_may_be_tried(cast: World) -> None:
    movers.seal(cast.move, "contact", {})
    with pytest.raises(ValidationError) as refused:
        follow_ups.log_attempt(cast.move, Contact("call", timezone.now(), knows_code=True), "no_answer", by=cast.worker)
    assert [error.code for error in refused.value.error_list] == ["nothing_agreed"]


def test_idor_03_a_point_of_another_move_is_refused(asked: World) -> None:
    other = movers.world()
    follow_ups.choose_points(other.move, ["7d"], MOVED_ON, by=other.worker)
    with pytest.raises(ValidationError):
        contact = Contact("call", timezone.now(), knows_code=True)
        follow_ups.log_attempt(asked.move, contact, "no_answer", follow_up=point(other, "7d"), by=asked.worker)


def test_contact_is_lost_only_after_what_was_agreed_was_tried(asked: World) -> None:
    monday = datetime(2026, 3, 2, tzinfo=LONDON)
    for days, hour in ((0, 9), (1, 14)):
        when = monday + timedelta(days=days, hours=hour)
        follow_ups.log_attempt(asked.move, Contact("call", when, knows_code=True), "no_answer", by=asked.worker)
    assert not follow_up_reading.contact_is_lost(asked.move)
    last_try = monday + timedelta(days=3, hours=18)
    follow_ups.log_attempt(asked.move, Contact("call", last_try, knows_code=True), "unsafe", by=asked.worker)
    assert follow_up_reading.contact_is_lost(asked.move)
    now = Contact("call", timezone.now(), knows_code=True)
    follow_ups.log_attempt(asked.move, now, "reached", by=asked.worker)
    assert not follow_up_reading.contact_is_lost(asked.move)


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_cry_what_she_said_is_sealed_for_its_point_and_version(asked: World) -> None:
    content = WELL | {"wish": CANARY, "outcomes": {"housing": "4"}}
    follow_ups.answer(point(asked, "7d"), content, base=1, by=asked.worker)
    row, key = point(asked, "7d"), open_key(asked.move.pk)
    assert follow_up_reading.content_of(row, key) == content
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from transitions_followup where position(%s in blob) > 0", [CANARY.encode()])
        assert cursor.fetchone() == (0,)
    assert CANARY not in str(last(asked.move).codes)
    assert "housing" not in str(last(asked.move).codes)


def test_int_01_who_comes_second_is_told_and_nothing_is_overwritten(asked: World) -> None:
    row = point(asked, "7d")
    follow_ups.answer(row, WELL, base=1, by=asked.worker)
    with pytest.raises(Outdated):
        follow_ups.answer(row, {"answers": {"safe": "no"}}, base=1, by=asked.manager)
    assert follow_up_reading.content_of(point(asked, "7d"), open_key(asked.move.pk)) == WELL


def test_silence_is_no_answer_and_what_she_does_not_want_is_not_asked(asked: World) -> None:
    silent: list[dict[str, Any]] = [{}, {"answers": {}}, {"answers": {"safe": "not_said"}, "wish": "x"}]
    for content in silent:
        with pytest.raises(ValidationError):
            follow_ups.answer(point(asked, "7d"), content, base=1, by=asked.worker)
    follow_ups.choose_points(asked.move, [], MOVED_ON, by=asked.worker)
    with pytest.raises(ValidationError):
        follow_ups.answer(point(asked, "7d"), WELL, base=1, by=asked.worker)
    assert point(asked, "7d").done_at is None


def test_stable_is_her_own_word_at_six_or_twelve_months(asked: World) -> None:
    assert not follow_up_reading.may_be_called_stable(asked.move)
    follow_ups.answer(point(asked, "48h"), WELL, base=1, by=asked.worker)
    follow_ups.answer(point(asked, "6m"), WELL, base=1, by=asked.worker)
    assert not follow_up_reading.may_be_called_stable(asked.move)
    follow_ups.answer(point(asked, "12m"), WELL | {"stable": "yes"}, base=1, by=asked.worker)
    assert follow_up_reading.may_be_called_stable(asked.move)


def test_a_no_takes_the_step_at_risk_in_the_same_transaction_where_the_course_has_it(asked: World, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def flag_risk(_row: Transition, theme: str, *, by: Any) -> None:
        taken.append(theme)

    step = Step("flag_risk", frozenset({"settling"}), "at_risk", lambda _by, _row: True, "At risk")
    monkeypatch.setattr(Transition, "flag_risk", flag_risk, raising=False)
    monkeypatch.setattr(Transition, "STEPS", {"flag_risk": step})
    follow_ups.answer(point(asked, "7d"), {"answers": {"safe": "no", "place": "yes"}}, base=1, by=asked.worker)
    assert taken == ["safety"]
    assert last(asked.move).codes["risks"] == ["safety"]


# --- Desk and mornings ------------------------------------------------------------------------------------------------


def test_what_is_due_stands_on_the_worker_s_desk_alone_and_tells_nothing_about_her(asked: World) -> None:
    found = list(needs(asked.worker))
    assert [need.due_on for need in found] == [date(2026, 10, 3), date(2026, 10, 8)]
    assert all(str(asked.move.pk) in need.url for need in found)
    assert list(needs(asked.manager)) == list(needs(asked.taker)) == list(needs(asked.stranger)) == []
    Transition.objects.filter(pk=asked.move.pk).update(status="withdrawn")
    assert list(needs(asked.worker)) == []


def test_recalls_and_disclosures_stand_on_the_desks_of_those_who_can_answer(asked: World) -> None:
    consents.withdraw(asked.move, list(movers.agreed(asked, "health").items.all()), by=asked.worker)
    words: dict[str, Any] = {"basis": "safeguarding", "reason": "A threat tonight at the place.", "organisation": asked.receiver}
    disclosing.disclose(asked.move, ["safety"], **words, by=asked.worker)
    assert [need.title for need in needs(asked.taker)] == ["Taken back: Health needs in broad terms"]
    assert [need.title for need in needs(asked.manager)] == ["Shared without agreement"]
    assert list(needs(asked.taker_reader)) == []


def test_every_morning_who_works_with_her_is_told_once_a_week_until_she_was_asked(asked: World) -> None:
    for day in ("2026-10-08", "2026-10-08", "2026-10-09", "2026-10-15"):
        ask_today(day)
    told = Notice.objects.visible_to(asked.worker)
    assert [notice.kind for notice in told] == ["transitions.ask_today"] * 4  # both points, then each a week later
    follow_ups.answer(point(asked, "48h"), WELL, base=1, by=asked.worker)
    follow_ups.answer(point(asked, "7d"), WELL, base=1, by=asked.worker)
    ask_today("2026-10-29")
    assert told.count() == 4


# --- Pages ------------------------------------------------------------------------------------------------------------


def address(name: str, *args: Any) -> str:
    return reverse(f"consent:{name}", args=args)


def test_b12_the_rules_stand_beside_every_contact(asked: World) -> None:
    browser, row = sign_in(asked.worker), point(asked, "7d")
    for path in (
        address("follow_up", asked.move.pk),
        address("follow_up_try", asked.move.pk, row.pk),
        address("follow_up_answer", asked.move.pk, row.pk),
    ):
        html = browser.get(path).content.decode()
        assert "Leave no message" in html
        assert "Send no letters" in html
        assert "maple" not in html


def test_an_attempt_by_another_way_cannot_even_be_chosen(asked: World) -> None:
    path = address("follow_up_try", asked.move.pk, point(asked, "7d").pk)
    form = {"channel": "text", "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "result": "no_answer", "knows_code": "on"}
    browser = sign_in(asked.worker)
    assert browser.post(path, form).status_code == 422
    assert browser.post(path, form | {"channel": "call", "leaves_voicemail": "on"}).status_code == 422
    assert not Attempt.objects.exists()
    assert browser.post(path, form | {"channel": "call"}).status_code == 302


def test_the_page_asks_five_questions_with_nothing_filled_in_and_seals_them(asked: World) -> None:
    browser, row = sign_in(asked.worker), point(asked, "12m")
    path = address("follow_up_answer", asked.move.pk, row.pk)
    html = browser.get(path).content.decode()
    assert "checked" not in html
    assert [f'name="{name}"' in html for name in follow_up_states.QUESTIONS] == [True] * 5
    form = {"version": "1", "safe": "yes", "food": "no", "stable": "yes", "outcome_housing": "3", "wish": CANARY}
    assert browser.post(path, {"version": "1"}).status_code == 422
    assert browser.post(path, form).status_code == 302
    assert browser.post(path, form).status_code == 409
    assert CANARY in browser.get(address("follow_up_said", asked.move.pk, row.pk)).content.decode()
    assert not follow_up_reading.may_be_called_stable(asked.move)  # she has no money for food


@pytest.mark.parametrize("name", ["follow_up", "follow_up_choose", "looks"])
def test_pages_belong_to_who_works_for_the_responsible_side(asked: World, name: str) -> None:
    path = address(name, asked.move.pk)
    found = {who: sign_in(getattr(asked, who)).get(path).status_code for who in ("worker", "manager", "reader", "taker", "stranger")}
    assert found == {"worker": 200, "manager": 200, "reader": 403, "taker": 404, "stranger": 404}


def test_idor_01_a_point_of_another_move_is_not_there(asked: World) -> None:
    other = movers.world()
    follow_ups.choose_points(other.move, ["7d"], MOVED_ON, by=other.worker)
    foreign = point(other, "7d").pk
    for name in ("follow_up_try", "follow_up_answer", "follow_up_said"):
        assert sign_in(asked.worker).get(address(name, asked.move.pk, foreign)).status_code == 404


def test_c26_she_can_be_shown_who_looked_by_day_and_organisation_without_names_of_staff(asked: World) -> None:
    browser = sign_in(asked.worker)
    browser.get(address("follow_up", asked.move.pk))
    browser.get(address("follow_up", asked.move.pk))
    html = browser.get(address("looks", asked.move.pk)).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert asked.sender.name in main
    assert "Wanda" not in main
    assert "How you are doing" in main
    assert [look.why for look in View.objects.about(asked.move)] == ["follow_up", "follow_up", "looks"]
