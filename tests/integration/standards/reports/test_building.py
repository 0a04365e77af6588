"""The first text of a report, what a careful reader objects to, and how people change it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from standards.inspections.models import Activity, Finding, Inspection, TeamMember
from standards.reports import building, checking, editing, following
from standards.reports.models import ActionItem, Report, Statement
from tests.integration.standards.reports.cast import Cast, begin, cast

pytestmark = pytest.mark.django_db
LIST = "/workspace/reports/"


def test_every_agreed_finding_has_its_statement_and_its_link(world: Cast) -> None:
    for finding in world.inspection.findings.all():
        (row,) = Statement.objects.filter(report=world.report, asserts_fact=True, section="standard", links__finding=finding)
        assert row.text == finding.text
        assert row.is_good_practice == (finding.kind == "good_practice")


def test_every_statement_of_fact_stands_on_a_finding_but_what_the_visit_itself_was(world: Cast) -> None:
    loose = world.report.statements.filter(asserts_fact=True, links__isnull=True)
    assert {row.section for row in loose} == {"about"}


def test_what_is_not_agreed_or_withdrawn_stays_out_until_it_is_agreed(world: Cast) -> None:
    extra = Finding.objects.create(
        inspection=world.inspection, organisation_id=world.inspectorate.pk, code="H-1-F99",
        standard=world.inspection.scopes.all()[0].standard,
        kind="meets", text="The new boiler works.", evidence="Seen.", by=world.people["lead"],
    )  # fmt: skip
    assert building.gather(world.report, by=world.who("lead")) == 0
    extra.agree(by=world.who("lead"))
    assert building.gather(world.report, by=world.who("lead")) == 1
    assert building.gather(world.report, by=world.who("lead")) == 0
    assert world.report.statements.get(links__finding=extra, asserts_fact=True, section="standard").text == "The new boiler works."


def test_few_people_are_not_counted_in_the_text() -> None:
    world = cast(begun=False)
    Activity.objects.filter(inspection=world.inspection, method="survivor").update(headcount=2)
    report = begin(world)
    voice = report.statements.get(section="voice").text
    assert voice.startswith("Fewer than five survivors")
    assert "2 survivors" not in voice


def test_the_text_is_made_in_the_reports_language() -> None:
    world = cast(begun=False)
    report = building.begin(world.inspection, by=world.who("lead"), language="cy")
    assert report.language == "cy"


def test_an_inspection_has_one_report_and_only_its_team_begins_it() -> None:
    world = cast(begun=False)
    for name in ("unassigned", "reviewer", "publisher", "manager", "stranger", "administrator"):
        with pytest.raises(PermissionDenied):
            building.begin(world.inspection, by=world.who(name))
        assert world.client(name).post(f"{LIST}begin/{world.inspection.pk}/").status_code == 404
    answer = world.client("lead").post(f"{LIST}begin/{world.inspection.pk}/")
    assert answer["Location"] == f"{LIST}{Report.objects.get().pk}/"
    with pytest.raises(ValidationError, match="already"):
        building.begin(world.inspection, by=world.who("lead"))


def test_no_report_begins_before_feedback_was_given() -> None:
    world = cast(begun=False)
    Inspection.objects.filter(pk=world.inspection.pk).update(status="fieldwork")
    world.inspection.refresh_from_db()
    with pytest.raises(ValidationError):
        building.begin(world.inspection, by=world.who("lead"))


def test_perm_14_declared_but_not_cleared_is_not_there(world: Cast) -> None:
    TeamMember.objects.filter(user=world.people["inspector"]).update(conflict="declared")
    assert world.client("inspector").get(f"{LIST}{world.report.pk}/").status_code == 404


# --- B15 ------------------------------------------------------------------------------------------------------------------


def kinds(world: Cast) -> set[str]:
    return {problem.kind for problem in checking.look(world.report)}


def test_b15_a_fair_draft_stops_nowhere(world: Cast) -> None:
    assert [problem.words for problem in checking.look(world.report) if problem.stops] == []


def test_b15_a_rating_without_a_finding_stops() -> None:
    world = cast(uses_ratings=True)
    world.inspection.narratives.update(rating="good")
    assert "rating" not in kinds(world)
    world.inspection.narratives.update(key_question="caring")
    assert "rating" in kinds(world)


def test_b15_a_finding_without_evidence_stops(world: Cast) -> None:
    row = world.inspection.findings.all()[0]
    row.activities.clear()
    assert "evidence" not in kinds(world)
    Finding.objects.filter(pk=row.pk).update(evidence=" ")
    assert "evidence" in kinds(world)


def test_b15_a_fact_that_stands_on_nothing_or_on_a_withdrawn_finding_stops(world: Cast) -> None:
    row = world.facts()[-1]
    finding = row.links.get().finding
    finding.withdraw(by=world.who("lead"))
    problems = [problem for problem in checking.look(world.report) if problem.kind == "link"]
    assert row.number in {number for problem in problems for number in problem.numbers}


def test_b15_a_phrase_of_another_report_is_named(world: Cast) -> None:
    assert "phrase" not in kinds(world)
    sentence = "On the day of our visit the team told us about the way in which they plan support with each person."
    for found in (world, other := cast()):
        editing.add(
            found.report, editing.Words(sentence, False, False, ()), "summary", standard=None, key_question="", by=found.who("lead")
        )
    Report.objects.filter(pk=other.report.pk).update(organisation=world.inspectorate)
    assert "phrase" in kinds(world)


def test_b15_no_survivors_voice_is_missed(world: Cast) -> None:
    assert "voice" not in kinds(world)
    editing.remove(world.report.statements.get(section="voice"), is_removed=True, by=world.who("lead"))
    assert "voice" in kinds(world)


def test_b15_the_page_shows_what_stops_first(world: Cast) -> None:
    Finding.objects.filter(inspection=world.inspection).update(status="draft")
    page = world.client("lead").get(f"{LIST}{world.report.pk}/check/").content.decode()
    assert "Stops it" in page
    assert page.index("Stops it") < page.index("A question")


# --- Editing --------------------------------------------------------------------------------------------------------------


def form(row: Statement, **changes: object) -> dict[str, object]:
    findings = [str(pk) for pk in row.links.values_list("finding", flat=True)]
    return {"text": row.text, "asserts_fact": "on", "findings": findings, "version": row.version} | changes


def test_c3_who_comes_second_reads_both_and_nothing_is_lost(world: Cast) -> None:
    row = world.facts()[-1]
    lead, inspector = world.client("lead"), world.client("inspector")
    where = f"{LIST}statements/{row.pk}/"
    assert lead.get(where).status_code == 200
    assert lead.post(where, form(row, text="The lead's words.")).status_code == 302
    met = inspector.post(where, form(row, text="The inspector's words."))
    assert met.status_code == 409
    page = met.content.decode()
    assert "The lead&#x27;s words." in page
    assert "The inspector&#x27;s words." in page
    row.refresh_from_db()
    assert (row.text, row.version) == ("The lead's words.", 2)
    assert set(row.versions.values_list("version", "text")) >= {(2, "The lead's words."), (None, "The inspector's words.")}
    again = inspector.post(where, form(row, text="Both words."))
    assert again.status_code == 302


def test_idor_03_a_statement_stands_on_findings_of_its_own_inspection_only(world: Cast) -> None:
    row, foreign = world.facts()[-1], cast().inspection.findings.all()[0]
    answer = world.client("lead").post(f"{LIST}statements/{row.pk}/", form(row, findings=[str(foreign.pk)]))
    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        editing.change(row, editing.Words("x", True, False, (foreign.pk,)), base=row.version, by=world.who("lead"))


def test_a_number_is_never_used_again(world: Cast) -> None:
    last = world.facts()[-1]
    editing.remove(last, is_removed=True, by=world.who("lead"))
    new = editing.add(
        world.report, editing.Words("New.", False, False, ()), "summary", standard=None, key_question="", by=world.who("lead")
    )
    assert new.number == world.report.statements.count()
    assert new.number > last.number


def test_pages_of_writing_open_and_keep_what_is_written(world: Cast) -> None:
    client, report = world.client("lead"), world.report
    assert client.get(f"{LIST}{report.pk}/add/").status_code == 200
    assert client.post(f"{LIST}{report.pk}/add/", {"text": "x", "section": "standard"}).status_code == 422
    assert client.post(f"{LIST}{report.pk}/add/", {"text": "We thank everybody.", "section": "summary"}).status_code == 302
    row = report.statements.get(text="We thank everybody.")
    assert client.post(f"{LIST}statements/{row.pk}/remove/").status_code == 302
    assert "We thank everybody." not in [one.text for one in report.statements.standing()]
    assert client.post(f"{LIST}statements/{row.pk}/remove/", {"put_back": "yes"}).status_code == 302
    assert client.get(f"{LIST}{report.pk}/history/").status_code == 200
    assert client.post(f"{LIST}{report.pk}/gather/").status_code == 302


def test_requirements_only_where_the_regime_allows_them_and_never_without_a_clause() -> None:
    for allowed in (False, True):
        world = cast(allows_requirements=allowed)
        sent = {"kind": "requirement", "text": "Mend it.", "addressee": "provider", "clause": "Clause 4.2"}
        where = f"{LIST}{world.report.pk}/items/add/"
        assert world.client("lead").post(where, sent | {"clause": ""}).status_code == 422
        assert world.client("lead").post(where, sent).status_code == (302 if allowed else 422)
        assert ActionItem.objects.filter(report=world.report, kind="requirement").count() == int(allowed)


def test_an_item_of_an_earlier_report_is_stated_for_the_second_time(world: Cast) -> None:
    world.to("shared_restricted")
    old = world.report.items.get()
    later = cast(begun=False)
    Inspection.objects.filter(pk=later.inspection.pk).update(service=world.service, provider=world.provider)
    later.inspection.refresh_from_db()
    report = begin(later)
    assert list(following.earlier_items(report)) == [old]
    values: dict[str, object] = {
        "kind": "recommendation",
        "clause": "",
        "addressee": "provider",
        "text": "Again.",
        "due_on": None,
        "repeats": old,
        "findings": [],
    }
    assert following.write_item(report, values, by=later.who("lead")).times_stated == 2


# --- C38 ------------------------------------------------------------------------------------------------------------------


def queries(client: Client, where: str) -> int:
    client.get(where)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(where).status_code == 200
    return len(seen)


def test_c38_a_report_of_150_findings_costs_no_more_queries_than_one_of_three(capsys: pytest.CaptureFixture[str]) -> None:
    few, many = cast(3), cast(150)
    counts: dict[object, int] = {}
    for size, world in ((3, few), (150, many)):
        counts[size] = queries(world.client("lead"), f"{LIST}{world.report.pk}/")
        counts[f"{size} facts"] = queries(world.client("manager"), f"{LIST}{world.to('comments_open').pk}/facts/")
    with capsys.disabled():
        print(f" {counts}", end="")
    assert counts[150] == counts[3]
    assert counts["150 facts"] == counts["3 facts"]
    assert max(counts.values()) <= 20
