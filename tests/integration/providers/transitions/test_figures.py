"""Transitions in numbers: what is counted, frozen once and for good, and the same on the page and in its files; nobody in it."""

import csv
import io
import json
import logging
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import hashing
from portal.accounts.roles import Kind, Role
from portal.audit.models import Event, Job
from portal.calendar.quarters import Quarter, last_finished
from providers.transitions import counting, figures, freezing, offering, pathways, tasks
from providers.transitions.models import Clock, FollowUp, Offer, QuarterFigures, Transition
from providers.transitions.statistics import NATIONS
from tests import builders
from tests.integration.providers.transitions.cast import World
from tests.integration.providers.transitions.quarters import QUARTER, RIPE, Past, at, past

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ROOT = "/workspace/transitions/counts/"
PAGE = f"{ROOT}2026-Q1/"


@pytest.fixture(name="past")
def _past(world: World) -> Past:
    """Sixty people of six services: 36 left, half of them to asylum support; 24 stopped on the way."""
    pathways.in_force(date(2026, 11, 1))
    found = past(world)
    found.left(18, destination="asylum_support_s95")
    found.left(18)
    found.stopped(24)
    return found


def england(row: QuarterFigures) -> dict[str, Any]:
    found: dict[str, Any] = row.content["nations"][0]
    return found


def figure(row: QuarterFigures, code: str) -> int | None:
    measure, value = code.split(".")
    found: int | None = england(row)["measures"][measure][value]["figure"]
    return found


# --- What is counted -----------------------------------------------------------------------------------------------------


def test_it_counts_who_left_or_stopped_in_the_quarter(past: Past) -> None:
    row = freezing.freeze(QUARTER, RIPE)
    assert england(row)["cases"] == 60
    assert {code: figure(row, code) for code in ("destination.asylum", "destination.home", "destination.council", "arrival.in_time")} == {
        "destination.asylum": 20, "destination.home": 20, "destination.council": None, "arrival.in_time": 35,
    }  # fmt: skip
    assert figure(row, "meeting.held") == 35
    assert figure(row, "to_plan.week") is None, "nearly all: what is left over would be known"
    assert figure(row, "to_offer.week") == 35
    assert england(row)["missing"]["work_learning"] == {"figure": 35, "share": 58}


def test_what_happened_afterwards_is_counted_until_the_next_quarter_ends(past: Past) -> None:
    rows = list(Transition.objects.filter(status="settling").order_by("destination", "pk"))
    for number, row in enumerate(rows[:20]):
        past.event(row, f"2026-0{2 + number % 3}-20", "flag_risk", "at_risk", "settling", theme="money")
        past.event(row, "2026-02-14", "lose_contact", "contact_lost", "at_risk")
        FollowUp.objects.create(transition=row, point="28d", due_on=date(2026, 3, 10), done_at=at("2026-03-11"))
        Clock.objects.create(
            transition=row, kind="reconsideration_nrm", started_on=date(2026, 1, 5), computed_on=date(2026, 2, 4), met_at=at("2026-02-05")
        )
        past.offer(row, past.receivers[number % 5], status="declined", decline_reason="no_funding", answered_at=at("2026-01-15"))
    for number, row in enumerate(rows[20:36]):
        past.event(row, "2026-07-02", "lose_contact", "contact_lost", "settling")
        past.offer(row, past.receivers[number % 5], status="declined", decline_reason="no_space", answered_at=at("2026-07-02"))
    found = freezing.freeze(QUARTER, RIPE)
    assert {code: figure(found, code) for code in ("risk.money", "lost.week", "lost.month", "follow_up.done", "legal.missed")} == {
        "risk.money": 20, "lost.week": 20, "lost.month": None, "follow_up.done": 20, "legal.missed": 20,
    }  # fmt: skip
    assert england(found)["declines"]["no_funding"] == 20
    assert england(found)["declines"]["no_space"] is None, "what came too late is not in"


def test_drafts_that_came_to_nothing_and_what_is_being_erased_are_not_counted(past: Past) -> None:
    for row in past.rows(30, status="cancelled"):
        past.event(row, "2026-02-01", "cancel", "cancelled", "draft")
    Transition.objects.filter(pk__in=[row.pk for row in past.left(30)]).update(status="purging")
    assert england(freezing.freeze(QUARTER, RIPE))["cases"] == 60


def test_who_was_asked_and_knows_most_is_an_insider_too(past: Past) -> None:
    """All who were met were met by one service: it could say how many of the others were."""
    Offer.objects.all().update(organisation=past.receivers[0])
    assert figure(freezing.freeze(QUARTER, RIPE), "arrival.in_time") is None


def test_the_steps_as_people_take_them_are_what_is_counted(world: World) -> None:
    """No line of the trail is made up here: two services hand over, then money runs out, contact is lost, and she asks to come back."""
    today = timezone.localdate()
    world.met()
    worker = world.who("their_worker")
    world.now().settle(by=worker)
    world.now().flag_risk("money", by=worker)
    world.now().ease(by=worker)
    world.now().flag_risk("housing", by=worker)
    world.tried()
    world.now().lose_contact(by=worker)
    world.now().ask_to_return(by=worker)
    [case] = counting.cases(last_finished(today).next)
    assert {name: answer for name, answer in case.answers.items() if answer} == {
        "trigger": "positive", "destination": "longer_term", "to_plan": "week", "to_offer": "week", "to_answer": "week", "to_move": "week",
        "meeting": "held", "arrival": "in_time", "lost": "week", "return": "asked", "risk": "money",
    }  # fmt: skip
    assert case.known_to == {str(world.sender.pk), str(world.receiver.pk)}
    world.now().take_back(by=world.who("manager"))
    [case] = counting.cases(last_finished(today).next)
    assert case.answers["return"] == "granted"


def test_a_declined_offer_and_a_day_that_passed_are_counted_with_who_left(world: World) -> None:
    offer = world.offered()
    offering.take(offer, "decline", "no_space", "talk", by=world.who("their_worker"))
    Transition.objects.filter(pk=world.row.pk).update(exit_on=timezone.localdate() - timedelta(days=1))
    tasks.look_for_gaps(timezone.localdate().isoformat())
    world.now().close_lost(by=world.who("manager"))
    [case] = counting.cases(last_finished(timezone.localdate()).next)
    assert case.declines == ((str(world.receiver.pk), "no_space"),)
    assert case.answers["exit_passed"] == "passed"
    assert case.answers["destination"] == "", "she did not leave"


# --- Once, in time, for ever ---------------------------------------------------------------------------------------------


def test_stat_03_everybody_is_in_one_quarter_and_one_nation_only(past: Past) -> None:
    rows = past.left(30, on="2026-04-01", nation="scotland")
    for row in rows:  # they stop and leave again: it is the first time that counts
        past.event(row, "2026-06-01", "move", "moved", "handover_booked")
        past.event(row, "2026-08-01", "close_sustained", "closed_sustained", "sustained")
    made = [freezing.freeze(quarter, date(2027, 4, 1)) for quarter in (QUARTER, QUARTER.next, QUARTER.next.next)]
    cases = [{nation["nation"]: nation["cases"] for nation in row.content["nations"]} for row in made]
    none = dict.fromkeys(NATIONS)
    assert cases == [none | {"england": 60}, none | {"scotland": 30}, none]


@pytest.mark.parametrize(("on", "inside"), [("2025-12-31", False), ("2026-01-01", True), ("2026-03-31", True), ("2026-04-01", False)])
def test_a_quarter_has_the_days_of_london(past: Past, on: str, inside: bool) -> None:
    past.stopped(12, on=on)
    assert england(freezing.freeze(QUARTER, RIPE))["cases"] == (70 if inside else 60)


def test_stat_06_late_corrections_change_nothing(past: Past) -> None:
    row = freezing.freeze(QUARTER, RIPE)
    before = row.content
    past.left(20)
    Transition.objects.filter(status="settling").update(destination="charity_or_hosting")
    Offer.objects.update(contact_at=None)
    again = freezing.freeze(QUARTER, date(2027, 1, 1))
    assert (again.pk, again.content) == (row.pk, before)
    assert QuarterFigures.objects.count() == 1
    assert hashing.is_intact(again)


@pytest.mark.parametrize("change", [{"content": {"nations": []}}, {"sha256": "0" * 64}, {"quarter": "2020-Q1"}], ids=str)
def test_stat_06_the_database_refuses_to_change_it(past: Past, change: dict[str, Any]) -> None:
    row = freezing.freeze(QUARTER, RIPE)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuarterFigures.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuarterFigures.objects.create(quarter=row.quarter, content={}, sha256="0" * 64)
    row.refresh_from_db()
    assert hashing.is_intact(row)


def test_stat_03_the_time_of_release_is_the_calendar_s_alone(past: Past) -> None:
    with pytest.raises(ValueError, match="not ripe"):
        freezing.freeze(QUARTER, RIPE - timedelta(days=1))
    tasks.freeze_quarters((RIPE - timedelta(days=1)).isoformat())
    assert set(QuarterFigures.objects.values_list("quarter", flat=True)) == {"2025-Q4"}
    for _morning in range(2):
        tasks.freeze_quarters(RIPE.isoformat())
    assert set(QuarterFigures.objects.values_list("quarter", flat=True)) == {"2025-Q4", "2026-Q1"}
    tasks.freeze_quarters("2027-02-14")  # after a long standstill nothing is left out
    assert list(QuarterFigures.objects.order_by("quarter").values_list("quarter", flat=True)) == [
        "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3",
    ]  # fmt: skip
    assert Event.objects.filter(verb="transitions.quarterfigures.freeze").count() == 4


def test_stat_06_whether_it_is_made_on_time_or_late_the_figures_are_the_same(past: Past) -> None:
    for row in Transition.objects.filter(status="settling"):
        past.event(row, "2026-07-03", "lose_contact", "contact_lost", "settling")
    late = freezing.freeze(QUARTER, date(2026, 9, 30))
    assert late.content["counted_until"] == "2026-06-30"
    assert [cell["figure"] for cell in england(late)["measures"]["lost"].values()] == [None, None, None]


def test_stat_08_no_true_count_is_kept_logged_or_cached(past: Past, caplog: pytest.LogCaptureFixture) -> None:
    past.stopped(1)  # 61: a number that stands nowhere else
    cache.clear()
    with caplog.at_level(logging.INFO), CaptureQueriesContext(connection) as queries:
        tasks.freeze_quarters(RIPE.isoformat())
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    kept = [*written, *caplog.messages, json.dumps(list(Job.objects.values_list("arguments", flat=True)))]
    kept += [json.dumps(list(Event.objects.filter(verb="transitions.quarterfigures.freeze").values_list("codes", flat=True)))]
    assert written
    told = [re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*", "", text) for text in kept]  # the clock may show any number
    assert not [text for text in told if re.search(r"(?<![\w-])(61|36|25|18)(?![\w-])", text)]
    for key in ("transitions.figures", "2026-Q1", "transitions:counts"):
        assert cache.get(key) is None
    assert not any("COUNT(" in query["sql"] for query in queries if "transitions_" in query["sql"]), "nothing is counted in a query"


# --- For who oversees ----------------------------------------------------------------------------------------------------


def cells(page: str) -> list[str]:
    """Every figure that stands in a table of the page, in order."""
    found = re.findall(r'<td class="number" data-label="About how many">(.*?)</td>', page, re.DOTALL)
    return [re.sub(r"\s+", " ", cell).strip() for cell in found]


def test_page_csv_and_json_hold_exactly_the_same_figures(world: World, past: Past) -> None:
    row = freezing.freeze(QUARTER, RIPE)
    client = world.client("commissioner")
    page = client.get(PAGE).content.decode()
    answer = client.get(f"{PAGE}figures.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    of_england = [line for line in lines if line["Nation"] == "england" and line["Table"] != "cases"]
    assert [line["Figure"] for line in of_england] == cells(page)
    assert {"20", "35", "not shown"} <= set(cells(page))
    others = [line for line in lines if line["Nation"] != "england"]
    assert {line["Figure"] for line in others} == {"not shown"}, "all rows are there, and say nothing"
    assert len(others) == 3 * (len(of_england) + 1)
    data = json.loads(client.get(f"{PAGE}figures.json").content)
    assert data.pop("about")["sha256"] == row.sha256 == hashing.digest(data)
    assert data == row.content
    for line in of_england:
        measure, value = line["Code"].split(".")
        cell = (data["nations"][0]["measures"] | {"missing": data["nations"][0]["missing"]}).get(measure, {}).get(value)
        true = cell or {"figure": data["nations"][0]["declines"].get(value), "share": None}
        assert line["Figure"] == ("not shown" if true["figure"] is None else str(true["figure"]))
        assert line["Percent of all"] == ("" if true["share"] is None else str(true["share"]))


def test_stat_01_the_rule_holds_in_every_output(world: World, past: Past) -> None:
    freezing.freeze(QUARTER, RIPE)
    client = world.client("commissioner")
    page = client.get(PAGE).content.decode()
    drawn = re.findall(r'<span class="figure numbers">(\d+)</span>', page)
    file = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}figures.csv").content.decode("utf-8-sig"))))
    said = [
        *drawn,
        *(cell for cell in cells(page) if cell != "not shown"),
        *(one["Figure"] for one in file if one["Figure"] != "not shown"),
    ]
    assert drawn
    assert all(int(text) >= 10 and int(text) % 5 == 0 for text in said)
    assert "36" not in said


def test_stat_05_what_is_not_shown_is_not_drawn_and_bars_come_from_what_is(world: World, past: Past) -> None:
    row = freezing.freeze(QUARTER, RIPE)
    page = world.client("commissioner").get(PAGE).content.decode()
    bars = [int(width) for width in re.findall(r'<rect class="bar-fill" width="(\d+)%"', page)]
    shown = [
        round(100 * line.figure / 60) for part in figures.parts(row.content) for table in part.tables
        for line in table.lines if line.figure and table.has_shares
    ]  # fmt: skip
    assert bars == shown
    assert bars
    assert " style=" not in page


def test_every_figure_has_words_and_a_place(past: Past) -> None:
    row = freezing.freeze(QUARTER, RIPE)
    codes = [line.code for table in figures.parts(row.content)[0].tables for line in table.lines]
    nation = england(row)
    wanted = {f"{name}.{value}" for name, values in nation["measures"].items() for value in values}
    wanted |= {f"missing.{point}" for point in nation["missing"]} | {f"declines.{reason}" for reason in nation["declines"]}
    assert len(codes) == len(set(codes))
    assert set(codes) == wanted


def test_perm_05_only_who_oversees_reads_them_and_all_read_the_same(world: World, past: Past) -> None:
    freezing.freeze(QUARTER, RIPE)
    names = [*world.people]
    found = {name: world.client(name).get(ROOT).status_code for name in names}
    assert found == dict.fromkeys(names, 403) | {"commissioner": 200}
    for path in (PAGE, f"{PAGE}figures.csv", f"{PAGE}figures.json"):
        found = {name: world.client(name).get(path).status_code for name in names}
        assert found == dict.fromkeys(names, 404) | {"commissioner": 200}, path
        assert world.client("commissioner").post(path).status_code == 405
        assert Client().get(path).status_code == 302
    assert world.client("commissioner").get(f"{ROOT}2026-Q2/").status_code == 404
    other = builders.sign_in(builders.member(builders.organisation(Kind.OVERSIGHT), Role.COMMISSIONER))
    assert other.get(f"{PAGE}figures.json").content == world.client("commissioner").get(f"{PAGE}figures.json").content


def test_stat_03_the_order_of_requests_and_a_filter_change_nothing(world: World, past: Past) -> None:
    freezing.freeze(QUARTER, RIPE)
    client = world.client("commissioner")
    first = client.get(f"{PAGE}figures.json").content
    past.left(9)
    with CaptureQueriesContext(connection) as queries:
        asked = [client.get(f"{PAGE}figures.json{rest}").content for rest in ("", "?nation=england", "?organisation=1&from=2026-01-01")]
        client.get(f"{ROOT}?quarter=2026-Q1")
    assert set(asked) == {first}
    live = ("transitions_transition", "transitions_offer", "transitions_check", "transitions_clock")
    assert not [query["sql"] for query in queries if any(f'"{name}"' in query["sql"] for name in live)], "no row of anybody is looked at"


def test_every_export_is_written_down(world: World, past: Past) -> None:
    row = freezing.freeze(QUARTER, RIPE)
    client = world.client("commissioner")
    client.get(f"{PAGE}figures.csv")
    client.get(f"{PAGE}figures.json")
    events = Event.objects.about(row).filter(verb="transitions.quarterfigures.export")
    assert [(event.by, event.codes["format"]) for event in events] == [
        (world.who("commissioner"), "csv"),
        (world.who("commissioner"), "json"),
    ]


def test_nobody_and_no_service_is_in_it(world: World, past: Past) -> None:
    freezing.freeze(QUARTER, RIPE)
    client = world.client("commissioner")
    body = "".join(client.get(f"{PAGE}{rest}").content.decode() for rest in ("figures.csv", "figures.json"))
    main = client.get(PAGE).content.decode()
    body += main[main.index("<main") : main.index("</main>")]
    secrets = {str(row.pk) for row in Transition.objects.all()}
    for service in past.senders:
        secrets |= {service.name, service.organisation.name, str(service.pk), str(service.organisation_id)}
    assert [secret for secret in secrets if secret and secret in body] == []


def test_without_a_quarter_the_page_says_when_there_is_one(world: World) -> None:
    page = world.client("commissioner").get(ROOT).content.decode()
    assert "No quarter is ready yet" in page
    assert "<table" not in page


def test_what_does_not_match_its_hash_is_not_shown(world: World) -> None:
    QuarterFigures.objects.create(quarter="2026-Q1", content={"nations": []}, sha256="0" * 64)
    client = world.client("commissioner")
    assert "do not match their hash" in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}figures.csv").status_code == 409


def test_c38_many_people_cost_as_many_queries_as_few(past: Past, world: World) -> None:
    with CaptureQueriesContext(connection) as few:
        freezing.freeze(QUARTER, RIPE)
    past.left(60, on="2026-05-01")
    with CaptureQueriesContext(connection) as many:
        freezing.freeze(QUARTER.next, date(2026, 10, 1))
    assert len(many) <= len(few) <= 20
    client = world.client("commissioner")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    assert len(queries) <= 12


def test_quarters_follow_each_other() -> None:
    assert [str(Quarter(2025, 4).next), str(Quarter(2026, 1).previous), str(Quarter(2026, 2).next)] == ["2026-Q1", "2025-Q4", "2026-Q3"]
    assert freezing.newest_ripe(date(2026, 6, 30)) == Quarter(2025, 4)
    assert freezing.newest_ripe(RIPE) == QUARTER
