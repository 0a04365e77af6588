"""The yearly national summary: frozen, released by a second person, the same on the page and in its files, nobody in it."""

import csv
import io
import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import hashing
from portal.accounts.roles import Kind, Role
from portal.audit.models import Event
from portal.cms import pagecache
from portal.workspace.needs import needs_of
from standards.inspections.models import Finding, Inspection
from standards.reports import freezing, national
from standards.reports.models import ActionItem, Issue, NationalSummary, Rendition, Report, Version
from tests import builders
from tests.integration.standards.reports.cast import Cast, at, inspection_of, regime_of

pytestmark = pytest.mark.django_db
LIST = "/workspace/reports/national/"
YEAR = 2025
PUBLIC = f"/en/inspections/national/{YEAR}/"


def issued(
    world: Cast, provider: Any, value: str, *, on: str = f"{YEAR}-06-01T12:00", regime: Any = None, status: str = "closed"
) -> Report:
    """A report that was issued, with a judgement of every standard, a finding and an item."""
    regime = regime or world.regime
    inspection = inspection_of(regime, builders.service(provider), world.people)
    lead, standard = world.people["lead"], regime.edition.chapters.first().standards.first()
    report: Report = Report.objects.create(
        inspection=inspection, organisation=world.inspectorate, title=f"Report {inspection.number}", status=status, drafted_by=lead
    )
    codes = [row.code for chapter in regime.edition.chapters.all() for row in chapter.standards.all()]
    content = {"judgements": [{"standard": code, "value": value} for code in codes]}
    version = Version.objects.create(report=report, number=1, kind="final", content=content, sha256=hashing.digest(content), made_by=lead)
    full = Rendition.objects.create(
        version=version, kind="full", content=content, sha256=hashing.digest(content), code=freezing.new_code(), made_by=lead
    )
    row = Issue.objects.create(rendition=full, organisation=provider, issued_by=lead)
    Issue.objects.filter(pk=row.pk).update(issued_at=at(on))
    Finding.objects.create(
        inspection=inspection, organisation_id=inspection.organisation_id, code=f"{inspection.number}-F01", standard=standard,
        kind="strength", text="Calm.", status="agreed", by=lead,
    )  # fmt: skip
    ActionItem.objects.create(report=report, number=1, kind="recommendation", addressee="provider", text="Do it.", status="closed")
    return report


@pytest.fixture
def year(world: Cast, django_capture_on_commit_callbacks: Any) -> list[Report]:
    """Twenty-four reports on six providers: twenty met, four partly met."""
    providers = [builders.organisation() for _at in range(6)]
    return [issued(world, providers[number % 6], "met" if number < 20 else "partly_met") for number in range(24)]


def prepared(world: Cast) -> NationalSummary:
    return national.prepare(YEAR, by=world.who("publisher"))


def released(world: Cast) -> NationalSummary:
    row = prepared(world)
    row.release(by=world.who("publisher_2"))
    cache.clear()
    return row


def own(row: NationalSummary, world: Cast) -> dict[str, Any]:
    found: dict[str, Any] = next(part for part in row.content["regimes"] if part["code"] == world.regime.code)
    return found


# --- What is counted -----------------------------------------------------------------------------------------------------


def test_it_counts_what_was_issued_in_the_year_and_shows_only_what_it_may(world: Cast, year: list[Report]) -> None:
    part = own(prepared(world), world)
    assert part["inspections"] == 25
    for row in part["judgements"]:
        assert {name: row[name] for name in ("met", "mostly_met", "partly_met", "not_met", "together")} == {
            "met": 20 if row["met"] else None, "mostly_met": None, "partly_met": None, "not_met": None, "together": None,
        }  # fmt: skip
    assert part["findings"] == {
        "strength": 25, "meets": None, "shortfall": None, "serious_concern": None, "good_practice": None, "together": None,
    }  # fmt: skip
    assert part["recommendations"]["closed"] == 25


@pytest.mark.parametrize("change", ["withdrawn", "superseded", "comments_open", "final_agreed"])
def test_what_is_not_issued_now_is_not_counted(world: Cast, year: list[Report], change: str) -> None:
    Report.objects.filter(pk__in=[report.pk for report in year[:3]]).update(status=change)
    assert own(prepared(world), world)["inspections"] == 20
    assert len(NationalSummary.objects.get().basis) == 21


def test_stat_03_an_inspection_is_in_the_year_of_its_first_report_only(world: Cast, year: list[Report]) -> None:
    providers = [builders.organisation() for _at in range(5)]
    for provider in providers * 2:
        issued(world, provider, "met", on="2024-12-31T23:59")
    for provider in providers * 2:
        issued(world, provider, "met", on="2025-01-01T00:00")
    old = issued(world, providers[0], "met", on="2024-03-01T12:00", status="superseded")
    corrected = Report.objects.create(
        inspection=old.inspection, organisation=world.inspectorate, title="Corrected", status="closed", drafted_by=world.people["lead"]
    )
    version = old.versions.get()
    again = Version.objects.create(
        report=corrected, number=1, kind="final", content=version.content, sha256=version.sha256, made_by=world.people["lead"]
    )
    full = Rendition.objects.create(
        version=again, kind="full", content=version.content, sha256=version.sha256, code=freezing.new_code(), made_by=world.people["lead"]
    )
    Issue.objects.create(rendition=full, organisation=old.inspection.provider, issued_by=world.people["lead"])
    Issue.objects.filter(rendition=full).update(issued_at=at(f"{YEAR}-02-01T12:00"))
    first, second = national.prepare(2024, by=world.who("publisher")), prepared(world)
    assert set(first.basis) & set(second.basis) == set()
    assert str(old.inspection_id) in first.basis
    assert (len(first.basis), len(second.basis)) == (11, 34)


def test_stat_03_two_regimes_are_told_apart_and_never_added_up(world: Cast, year: list[Report]) -> None:
    other = regime_of(world.inspectorate, world.edition)
    type(other).objects.filter(pk=other.pk).update(valid_from="2025-01-01")
    type(world.regime).objects.filter(pk=world.regime.pk).update(valid_from="2025-01-01")
    for provider in [builders.organisation() for _at in range(5)] * 2:
        issued(world, provider, "met", regime=other)
    row = prepared(world)
    assert {part["code"]: part["inspections"] for part in row.content["regimes"]} == {world.regime.code: 25, other.code: 10}
    assert set(row.content) == {"format", "year", "taken_on", "step", "smallest", "organisations", "regimes"}


def test_stat_07_a_regime_without_inspections_is_there_with_nothing_shown(world: Cast) -> None:
    part = own(prepared(world), world)
    assert part["inspections"] is None
    assert all(value is None for value in part["findings"].values())
    assert len(part["judgements"]) == sum(chapter.standards.count() for chapter in world.edition.chapters.all())


@pytest.fixture(autouse=True)
def _in_force(world: Cast) -> None:
    """The regime of the cast was in force in the year that is looked at."""
    type(world.regime).objects.filter(pk=world.regime.pk).update(valid_from="2024-01-01")


# --- Two people, once, for ever ------------------------------------------------------------------------------------------


def test_two_people_make_and_release_it(world: Cast, year: list[Report]) -> None:
    for who in ("lead", "inspector", "reviewer", "manager", "commissioner", "administrator", "stranger"):
        with pytest.raises(PermissionDenied):
            national.prepare(YEAR, by=world.who(who))
    row = prepared(world)
    with pytest.raises(PermissionDenied):
        row.release(by=world.who("publisher"))
    with pytest.raises(IntegrityError), transaction.atomic():
        NationalSummary.objects.filter(pk=row.pk).update(status="released", released_by=world.people["publisher"])
    with pytest.raises(IntegrityError), transaction.atomic():
        NationalSummary.objects.filter(pk=row.pk).update(status="released")
    assert any(LIST in need.url for need in needs_of(world.who("publisher_2"), timezone.localdate()))
    assert not any(LIST in need.url for need in needs_of(world.who("publisher"), timezone.localdate()))
    row.release(by=world.who("publisher_2"))
    assert row.status == "released"
    assert list(Event.objects.about(row).order_by("pk").values_list("verb", flat=True)) == [
        "reports.nationalsummary.prepare", "reports.nationalsummary.release",
    ]  # fmt: skip


def test_stat_06_a_year_is_made_once_and_never_again_once_it_was_public(world: Cast, year: list[Report]) -> None:
    row = prepared(world)
    with pytest.raises(ValidationError, match="made already"):
        prepared(world)
    row.discard("A report is missing.", by=world.who("publisher"))
    again = prepared(world)
    again.release(by=world.who("publisher_2"))
    with pytest.raises(ValidationError, match="made already"):
        prepared(world)
    again.withdraw("A figure is wrong.", by=world.who("publisher"))
    with pytest.raises(ValidationError, match="made already"):
        prepared(world)
    for not_over in (timezone.localdate().year, timezone.localdate().year + 1, 1999):
        with pytest.raises(ValidationError, match="year that is over"):
            national.prepare(not_over, by=world.who("publisher"))


@pytest.mark.parametrize("change", [{"content": {"regimes": []}}, {"basis": []}, {"year": 2020}, {"sha256": "0" * 64}], ids=str)
def test_stat_06_the_database_refuses_to_change_it(world: Cast, year: list[Report], change: dict[str, Any]) -> None:
    row = prepared(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        NationalSummary.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        NationalSummary.objects.filter(pk=row.pk).delete()
    row.refresh_from_db()
    assert hashing.is_intact(row)


def test_figures_that_do_not_match_their_hash_are_not_released(world: Cast) -> None:
    content = prepared(world).content
    NationalSummary.objects.get().discard("A test.", by=world.who("publisher"))
    row = NationalSummary.objects.create(year=YEAR, content=content, sha256="0" * 64, made_by=world.people["publisher"])
    with pytest.raises(ValidationError, match="do not match their hash"):
        row.release(by=world.who("publisher_2"))


def test_perm_05_its_pages_are_publishers_alone(world: Cast, year: list[Report]) -> None:
    row = prepared(world)
    for path in (LIST, f"{LIST}{row.pk}/", f"{LIST}{row.pk}/history/"):
        assert {who for who in world.people if world.client(who).get(path).status_code == 200} == {"publisher", "publisher_2"}, path
    step = f"{LIST}{row.pk}/steps/release/"
    found = {who: world.client(who).get(step).status_code for who in world.people}
    assert found == dict.fromkeys(world.people, 404) | {"publisher": 403, "publisher_2": 200}
    assert Client().get(LIST).status_code == 302
    assert Client().get(PUBLIC).status_code == 404


def test_the_way_by_pages(world: Cast, year: list[Report]) -> None:
    made = world.client("publisher").post(LIST, {"year": YEAR})
    row = NationalSummary.objects.get()
    assert made.headers["Location"] == f"{LIST}{row.pk}/"
    assert world.client("publisher").post(LIST, {"year": YEAR}).status_code == 422
    assert world.client("publisher_2").post(f"{LIST}{row.pk}/steps/release/").status_code == 302
    assert world.client("publisher").post(f"{LIST}{row.pk}/steps/discard/", {"reason": "x"}).status_code == 409
    cache.clear()
    assert Client().get(PUBLIC).status_code == 200


# --- For everybody -------------------------------------------------------------------------------------------------------


def cells(page: str) -> list[str]:
    """Every figure that stands in a table of the page, in order."""
    return [re.sub(r"\s+", " ", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)]


def test_page_csv_and_json_hold_exactly_the_same_figures(world: Cast, year: list[Report]) -> None:
    row = released(world)
    nobody = Client()
    page = nobody.get(PUBLIC).content.decode()
    answer = nobody.get(f"{PUBLIC}figures.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    in_tables = [line["Figure"] for line in lines if line["Table"] != "inspections"]
    assert in_tables == cells(page)
    assert {"25", "20", "not shown"} <= set(in_tables)
    data = json.loads(nobody.get(f"{PUBLIC}figures.json").content)
    assert data.pop("about")["sha256"] == row.sha256 == hashing.digest(data)
    assert data == row.content
    for part in data["regimes"]:
        for standard in part["judgements"]:
            said = [line["Figure"] for line in lines if line["Code"] == standard["standard"] and line["Regime"] == part["name"]]
            own = [standard[name] for name in ("met", "mostly_met", "partly_met", "not_met", "together")]
            assert said == ["not shown" if figure is None else str(figure) for figure in own]


def test_stat_05_what_is_not_shown_is_not_drawn_either(world: Cast, year: list[Report]) -> None:
    row = released(world)
    page = Client().get(PUBLIC).content.decode()
    bars = re.findall(r'<rect x="([\d.]+)%" y="1" width="([\d.]+)%"[^>]*url\(#p-(\w+)\)', page)
    wanted = [("0.0", f"{20 * 100 / 25:.1f}", "met") for standard in own(row, world)["judgements"] if standard["met"]]
    assert bars == wanted
    assert bars


def test_nobody_and_no_place_is_in_it(world: Cast, year: list[Report]) -> None:
    released(world)
    nobody = Client()
    body = "".join(nobody.get(f"{PUBLIC}{rest}").content.decode() for rest in ("", "figures.csv", "figures.json"))
    secrets = {world.inspectorate.name, *(str(pk) for pk in NationalSummary.objects.get().basis)}
    for inspection in Inspection.objects.select_related("provider", "service"):
        secrets |= {inspection.number, inspection.provider.name, inspection.service.name, str(inspection.pk)}
    secrets |= {person.last_name for person in world.people.values()} | {person.email for person in world.people.values()}
    assert [secret for secret in secrets if secret and secret in body] == []


def test_public_pages_set_nothing_and_keep_the_way_out(world: Cast, year: list[Report]) -> None:
    released(world)
    for path in (PUBLIC, f"{PUBLIC}figures.csv", f"{PUBLIC}figures.json", "/en/inspections/"):
        answer = world.client("publisher").get(path)  # whoever is signed in gets what everybody gets
        assert not answer.cookies, path
        assert "cookie" not in answer.headers.get("Vary", "").lower()
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert Client().post(path).status_code == 405
    for path in (PUBLIC, "/en/inspections/"):
        page = Client().get(path).content.decode()
        assert 'id="qx"' in page
        assert " style=" not in page
        assert not re.search(r"<script[^>]*\ssrc=", page)


def test_taken_down_it_is_gone_in_every_language_and_form(world: Cast, year: list[Report], django_capture_on_commit_callbacks: Any) -> None:
    row = released(world)
    nobody = Client()
    assert str(YEAR) in nobody.get("/en/inspections/").content.decode()
    before = cache.get(pagecache.GENERATION)
    with django_capture_on_commit_callbacks(execute=True):
        row.withdraw("A figure is wrong.", by=world.who("publisher"))
    assert cache.get(pagecache.GENERATION) != before
    for language in ("en", "cy", "ar"):
        for rest in ("", "figures.csv", "figures.json"):
            assert nobody.get(f"{PUBLIC}{rest}".replace("/en/", f"/{language}/")).status_code == 410
    assert str(YEAR) not in re.sub(r"<[^>]+>", "", nobody.get("/en/inspections/").content.decode())


def test_the_list_says_why_nothing_is_there(db: None) -> None:
    cache.clear()
    page = Client().get("/en/inspections/").content.decode()
    assert "Most reports are not public, to keep people safe" in page
    assert "There is none now." in page
    assert "There are no figures yet" in page


def test_c38_a_year_of_many_reports_costs_as_many_queries_as_a_small_one(world: Cast, year: list[Report]) -> None:
    with CaptureQueriesContext(connection) as few:
        national.prepare(YEAR, by=world.who("publisher"))
    provider = builders.organisation()
    for _at in range(12):
        issued(world, provider, "met", on="2024-06-01T12:00")
        issued(world, builders.organisation(), "met", on="2024-06-01T12:00")
    with CaptureQueriesContext(connection) as many:
        national.prepare(2024, by=world.who("publisher"))
    assert len(many) <= len(few) <= 25


def test_another_inspectorates_publisher_may_release_what_one_made(world: Cast, year: list[Report]) -> None:
    other = builders.member(builders.organisation(Kind.INSPECTORATE), Role.PUBLISHER)
    row = prepared(world)
    row.release(by=other)
    assert row.released_by == other
    assert isinstance(row.released_at, datetime)
