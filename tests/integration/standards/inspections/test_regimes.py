"""Regimes as dated data: what comes with the portal, mistakes by line, rules that stay once used; deadlines and their horizon."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.accounts.roles import Kind
from portal.calendar import working_days
from standards.catalogue.places import Findings
from standards.inspections import apps, deadlines, regimes
from standards.inspections.models import Regime
from tests import builders
from tests.integration.standards.inspections.cast import Cast, at

pytestmark = pytest.mark.django_db
TEXT = regimes.FILE.read_text(encoding="utf-8")


def test_the_three_regimes_come_with_their_rules() -> None:
    inspectorate = builders.organisation(Kind.INSPECTORATE)
    outcome = regimes.load(TEXT, inspectorate)
    assert (outcome.added, outcome.findings.problems) == (["msvcc-2021", "scotland-six-point", "first-response-spot-check"], [])
    contract, scotland, spot = (Regime.objects.get(code=code) for code in outcome.added)
    assert (contract.uses_ratings, contract.allows_requirements, contract.default_audience) == (False, False, "provider_and_commissioner")
    assert (contract.ratings(), len(scotland.ratings()), next(iter(scotland.ratings()))) == ({}, 6, "excellent")
    assert spot.edition.code == "first-response-2026"
    assert not Regime.objects.filter(default_audience="public").exists()
    assert all(rule["source"] for regime in (contract, scotland, spot) for rule in regime.deadlines.values())
    again = regimes.load(TEXT, inspectorate)
    assert (again.added, again.changed, again.kept) == ([], [], [])


def test_a_regime_is_for_its_kinds_and_nations_only() -> None:
    regimes.load(TEXT, builders.organisation(Kind.INSPECTORATE))
    provider = builders.organisation()
    here = builders.service(provider)
    north = builders.service(provider, nation="scotland", region="scotland")
    responder = builders.service(provider, kind="first_response", nation="scotland", region="scotland")
    covers = {code: [Regime.objects.get(code=code).covers(one) for one in (here, north, responder)] for code in _codes()}
    assert covers == {
        "msvcc-2021": [True, False, False], "scotland-six-point": [False, True, False], "first-response-spot-check": [False, False, True],
    }  # fmt: skip


def _codes() -> list[str]:
    return list(Regime.objects.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("days: 15,", "days: 0,"), "`days` is 0"),
        (("unit: calendar", "unit: lunar"), "`unit` “lunar” is not known"),
        (("edition: scs-2018", "edition: scs-2035"), "there is no edition “scs-2035”"),
        (("calendar: scotland", "calendar: scottland"), "Did you mean `scotland`"),
        (("code: scotland-six-point", "code: msvcc-2021"), "stands here twice"),
        (("valid_from: 2026-01-01", "valid_from: 2026-01-01\n    valid_to: 2025-01-01"), "lies before"),
        (("letter: S", "lettr: S"), "Did you mean `letter`"),
        (("schema_version: 1", "schema_version: 1\n  - : ["), "this is no YAML"),
    ],
)
def test_c41_a_mistake_names_its_place_and_nothing_is_written(change: tuple[str, str], says: str) -> None:
    assert change[0] in TEXT
    outcome = regimes.load(TEXT.replace(*change), builders.organisation(Kind.INSPECTORATE))
    assert any(says in str(problem) for problem in outcome.findings.problems), outcome.findings.problems
    assert all(problem.line >= 1 for problem in outcome.findings.problems)
    assert not Regime.objects.filter(code="first-response-spot-check").exists()


def test_c9_a_regime_that_was_used_keeps_its_rules_but_may_end(world: Cast) -> None:
    text = f"""
schema_version: 1
regimes:
  - code: {world.regime.code}
    letter: T
    name: "Regime of a test"
    edition: {world.edition.code}
    calendar: england_and_wales
    default_audience: provider_and_commissioner
    blind_share: 50
    valid_from: 2020-01-01
    valid_to: 2030-01-01
    deadlines:
      - {{code: notice, days: 10, unit: working, source: test}}
      - {{code: short_notice, days: 2, unit: working, source: test}}
      - {{code: drafting, days: 15, unit: working, source: test}}
      - {{code: issue, days: 92, unit: calendar, source: test}}
"""
    ended = regimes.load(text, world.inspectorate)
    assert (ended.changed, ended.kept, ended.findings.problems) == ([world.regime.code], [], [])
    other = regimes.load(text.replace("days: 15", "days: 16"), world.inspectorate)
    assert (other.changed, other.kept) == ([], [world.regime.code])
    assert Regime.objects.get(pk=world.regime.pk).deadlines["drafting"]["days"] == 15


def test_the_command_says_whose_and_what(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    inspectorate = builders.organisation(Kind.INSPECTORATE)
    with pytest.raises(CommandError, match="no inspectorate “Nobody”"):
        call_command("load_regimes", "--for", "Nobody")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_regimes", "--for", inspectorate.name, tmp_path / "missing.yaml")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("regimes: 3\n")
    with pytest.raises(CommandError, match=r"wrong\.yaml:1: file: `schema_version` is missing"):
        call_command("load_regimes", "--for", inspectorate.name, wrong)
    call_command("load_regimes", "--for", inspectorate.name)
    assert "3 added" in capsys.readouterr().out


def test_time_05_deadlines_are_counted_in_the_regimes_own_calendar(world: Cast) -> None:
    christmas = at(date(2026, 12, 24))
    assert deadlines.due(world.regime, "notice", christmas).day == date(2027, 1, 12)  # type: ignore[union-attr]
    world.regime.calendar = "scotland"
    assert deadlines.due(world.regime, "notice", christmas).day == date(2027, 1, 13)  # type: ignore[union-attr] # 4 January is a holiday there
    assert deadlines.due(world.regime, "issue", christmas).day == date(2027, 3, 26)  # type: ignore[union-attr]
    assert deadlines.due(world.regime, "comments_open", christmas) is None


def test_time_02_a_deadline_is_the_last_instant_of_its_day(world: Cast) -> None:
    due = deadlines.due(world.regime, "drafting", at(date(2026, 3, 23)))
    assert due is not None
    assert (
        due.at.astimezone(working_days.LONDON).isoformat() == "2026-04-15T23:59:59.999999+01:00"
    )  # over Easter and the change of the clocks
    assert not due.is_past(due.at)
    assert due.is_past(due.at + timedelta(microseconds=1))


def test_time_03_beyond_the_table_a_deadline_is_provisional_and_people_and_builds_are_warned(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = deadlines.due(world.regime, "drafting", at(working_days.ANNOUNCED_UNTIL))
    assert far is not None
    assert far.is_provisional
    end = working_days.ANNOUNCED_UNTIL
    assert [deadlines.days_left(end - timedelta(days=days)) for days in (181, 180, 179, 0)] == [None, None, 179, 0]
    client = world.client("lead")
    assert "announced bank holidays end" not in client.get("/workspace/inspections/").text
    monkeypatch.setattr(deadlines, "today", lambda: end - timedelta(days=10))
    assert "The announced bank holidays end in 10 days." in client.get("/workspace/inspections/").text
    assert [warning.id for warning in apps.bank_holidays_are_announced()] == ["inspections.W001"]
    monkeypatch.setattr(deadlines, "today", lambda: end + timedelta(days=1))
    assert "All deadlines are provisional" in client.get("/workspace/inspections/regimes/").text
    monkeypatch.setattr(deadlines, "today", lambda: end - timedelta(days=400))
    assert apps.bank_holidays_are_announced() == []


def test_the_page_of_regimes_shows_ratings_audience_and_sources(world: Cast) -> None:
    regimes.load(TEXT, world.inspectorate)
    page = world.client("cleared").get("/workspace/inspections/regimes/").text
    for words in (
        "6 Excellent",
        "None. Findings are said in words.",
        "not published unless somebody decides so",
        "Within three months of the visit",
    ):
        assert words in page
    assert "6 Excellent" not in world.client("other_inspector").get("/workspace/inspections/regimes/").text


def test_what_cannot_be_read_gives_no_rows() -> None:
    findings = Findings()
    assert regimes.read("", findings) == []
    assert [problem.what for problem in findings.problems] == ["the file is empty"]


def test_a_report_is_due_so_many_working_days_after_the_visit(world: Cast) -> None:
    assert world.now().report_due() is None
    row = world.to("feedback_given", feedback_on=date(2026, 3, 23))
    assert row.report_due().day == date(2026, 4, 15)  # type: ignore[union-attr]
    assert timezone.is_aware(row.report_due().at)  # type: ignore[union-attr]
