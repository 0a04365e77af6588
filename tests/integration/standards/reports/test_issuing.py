"""Renditions, the checks before they leave, to whom they go, and what is left of them when they are taken back (B3)."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from portal.cms import pagecache
from standards.reports import building, leaks, renditions
from standards.reports.models import Rendition, Report, Statement
from tests.integration.standards.reports.cast import Cast

pytestmark = pytest.mark.django_db
LIST = "/workspace/reports/"
NOTHING_THERE = "Staff are kind and well trained."


def test_b3_nothing_is_public_unless_somebody_decides_so(world: Cast) -> None:
    world.to("closed")
    assert not Rendition.objects.ever_public().exists()
    assert {row.kind for row in Rendition.objects.all()} == {"full"}
    assert Client().get("/en/inspections/").status_code == 200


def test_b3_the_full_report_goes_to_the_provider_and_commissioners_only(world: Cast) -> None:
    world.to("publication_check")
    with pytest.raises(ValidationError, match="Prepare the summary for named organisations"):
        world.take("issue_restricted", [world.rival], "They asked.", by="publisher")
    assert world.report.status == "publication_check"
    world.checked("shared")
    world.take("issue_restricted", [world.oversight, world.rival], "Agreed with both.", by="publisher")
    full, shared = (Rendition.objects.get(kind=kind) for kind in ("full", "shared"))
    assert {issue.organisation for issue in full.issues.all()} == {world.provider, world.oversight}
    assert {issue.organisation for issue in shared.issues.all()} == {world.rival}
    reads = {who: [world.client(who).get(f"{LIST}issued/{row.pk}/").status_code for row in (full, shared)] for who in world.people}
    assert {who for who, seen in reads.items() if seen[0] == 200} == {"manager", "assessor", "reader", "commissioner"}
    assert {who for who, seen in reads.items() if seen[1] == 200} == {"rival"}
    assert {status for seen in reads.values() for status in seen} == {200, 404}


def test_an_organisation_of_the_office_cannot_be_an_audience(world: Cast) -> None:
    world.to("publication_check")
    office = world.people["administrator"].memberships.get().organisation
    with pytest.raises(ValidationError):
        world.take("issue_restricted", [office], "By mistake.", by="publisher")


def test_b3_a_summary_is_destructive(world: Cast) -> None:
    world.to("publication_check")
    made = world.checked()
    text = json.dumps(made.content)
    for gone in (
        *(row.text for row in world.report.statements.all()),
        world.service.name,
        world.provider.name,
        "Review risk plans in time.",
    ):
        assert gone not in text
    assert NOTHING_THERE in text
    assert world.service.public_alias in text


def test_b3_a_second_person_checks_and_approves(world: Cast) -> None:
    world.to("publication_check")
    Statement.objects.filter(pk=world.report.statements.all()[0].pk).update(for_public=NOTHING_THERE)
    made = renditions.prepare(world.report, "public", by=world.who("publisher"))
    with pytest.raises(ValidationError, match="somebody else"):
        renditions.approve(made, renditions.NOTHING, by=world.who("publisher"))
    for who in ("lead", "inspector", "reviewer", "manager", "commissioner", "administrator"):
        with pytest.raises(PermissionDenied):
            renditions.approve(made, renditions.NOTHING, by=world.who(who))
    with pytest.raises(ValidationError, match="harm check"):
        renditions.approve(made, renditions.NOTHING, by=world.who("publisher_2"))


def test_c25_nothing_to_redact_is_typed_after_everything_was_looked_at(world: Cast) -> None:
    world.to("publication_check")
    made = world.summary()
    assert not made.hits.exists()
    for question in leaks.HARM:
        renditions.answer_harm(made, question, is_safe=True, note="Read.", by=world.who("publisher"))
    for typed in ("", "yes", "nothing"):
        with pytest.raises(ValidationError, match="NOTHING TO REDACT"):
            renditions.approve(made, typed, by=world.who("publisher"))
    renditions.approve(made, "nothing to redact", by=world.who("publisher"))


def test_b3_an_open_hit_or_a_no_keeps_it_in(world: Cast) -> None:
    world.to("publication_check")
    made = world.summary(words="Two women from Swansea told us that the house at SA1 4PQ is cold.")
    assert {"postcode", "small_count"} <= set(made.hits.values_list("kind", flat=True))
    for question in leaks.HARM:
        renditions.answer_harm(made, question, is_safe=True, note="Read.", by=world.who("publisher"))
    with pytest.raises(ValidationError, match="Every hit"):
        renditions.approve(made, "", by=world.who("publisher"))
    hit = made.hits.filter(kind="postcode")[0]
    with pytest.raises(ValidationError, match="still stand"):
        renditions.resolve(hit, "removed", "", by=world.who("publisher"))
    with pytest.raises(ValidationError, match="harm"):
        renditions.resolve(hit, "harmless", " ", by=world.who("publisher"))
    again = world.summary(words="People told us that the house is cold.")
    for hit in again.hits.filter(resolution=""):
        renditions.resolve(hit, "removed", "", by=world.who("publisher"))
    for question in leaks.HARM:
        renditions.answer_harm(again, question, is_safe=question != "heard", note="Read.", by=world.who("publisher"))
    with pytest.raises(ValidationError, match="heard about the risk"):
        renditions.approve(again, renditions.NOTHING, by=world.who("publisher"))


def test_perm_13_what_was_prepared_anew_is_checked_anew(world: Cast) -> None:
    world.to("publication_check")
    world.checked()
    made = world.summary(words="Other words.")
    assert made.approved_by is None
    with pytest.raises(ValidationError, match="approved by a second person"):
        world.take("publish", "It is safe.", by="publisher")


def test_perm_13_bytes_that_changed_after_the_approval_are_not_published(world: Cast) -> None:
    world.to("publication_check")
    made = world.checked()
    made.content["statements"][0]["text"] = "Other words."
    made.save()
    with pytest.raises(ValidationError, match="does not match its hash"):
        world.take("publish", "It is safe.", by="publisher")
    assert world.report.status == "publication_check"


def published(world: Cast) -> Rendition:
    """The public summary, in public."""
    world.to("publication_check")
    world.checked()
    world.take("publish", "It is safe.", by="publisher")
    cache.clear()  # pages that other tests left
    return Rendition.objects.get(kind="public", version__report=world.report)


def test_b3_a_published_summary_is_read_by_everybody_and_a_withdrawn_one_is_gone_everywhere(
    world: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    made = published(world)
    address = reverse("inspection_reports:summary", args=[made.slug])
    nobody = Client()
    assert NOTHING_THERE in nobody.get(address).content.decode()
    assert made.slug in nobody.get("/en/inspections/").content.decode()
    assert nobody.get(f"/en/inspections/is-it-current/{made.code}/").content.decode().count("This is the current version") == 1
    with django_capture_on_commit_callbacks(execute=True):
        renditions.withdraw(made, by=world.who("publisher"))
    for language in ("en", "cy", "ar"):
        answer = nobody.get(address.replace("/en/", f"/{language}/"))
        assert answer.status_code == 410
        assert NOTHING_THERE not in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert made.slug not in nobody.get("/en/inspections/").content.decode()
    assert "It was withdrawn" in nobody.get(f"/en/inspections/is-it-current/{made.code}/").content.decode()


def test_b3_withdrawing_the_report_takes_the_public_page_down_and_clears_what_was_stored(
    world: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    made = published(world)
    before = cache.get(pagecache.GENERATION)
    with django_capture_on_commit_callbacks(execute=True):
        world.take("withdraw", "A place is named.", by="publisher")
    assert cache.get(pagecache.GENERATION) != before
    assert Client().get(reverse("inspection_reports:summary", args=[made.slug])).status_code == 410


def test_c14_a_replaced_public_page_says_so_and_leads_on(world: Cast) -> None:
    old = published(world)
    new = building.correct(world.report, "A date.", by=world.who("lead"))
    world.made = [new]
    second = published(world)
    page = Client().get(reverse("inspection_reports:summary", args=[Rendition.objects.get(pk=old.pk).slug])).content.decode()
    assert "was replaced by a corrected one" in page
    second = Rendition.objects.get(kind="public", version__report=new)
    assert second.slug in page
    assert "It was replaced" in Client().get(f"/en/inspections/is-it-current/{old.code}/").content.decode()


def test_a_code_that_never_left_the_house_is_not_known(world: Cast) -> None:
    world.to("publication_check")
    made = world.checked()
    for code in (made.code, "ABCDEFGHJ", "x"):
        assert "No document that was issued" in Client().get(f"/en/inspections/is-it-current/{code}/").content.decode()


def test_pages_of_the_check_open_for_who_checks_and_for_nobody_else(world: Cast) -> None:
    world.to("publication_check")
    made = world.summary(words="Two women said so.")
    hit = made.hits.all()[0]
    pages = [
        f"{LIST}{world.report.pk}/summaries/",
        f"{LIST}summaries/{made.pk}/",
        f"{LIST}hits/{hit.pk}/",
        f"{LIST}summaries/{made.pk}/harm/place/",
    ]
    for page in pages:
        seen = {who: world.client(who).get(page).status_code for who in world.people}
        assert {who for who, status in seen.items() if status == 200} == {"lead", "inspector", "publisher", "publisher_2"}, page
        assert set(seen.values()) == {200, 404}
    client = world.client("publisher")
    assert client.post(pages[2], {"resolution": "harmless", "reason": ""}).status_code == 422
    assert client.post(pages[2], {"resolution": "harmless", "reason": "Nobody."}).status_code == 302
    assert client.post(pages[3], {"is_safe": "yes", "note": "Read."}).status_code == 302
    assert client.post(f"{LIST}summaries/{made.pk}/approve/", {"typed": ""}).status_code == 422
    assert world.client("lead").post(f"{LIST}summaries/{made.pk}/approve/", {"typed": "x"}).status_code == 403
    statement = world.report.statements.all()[0]
    lead = world.client("lead")
    assert lead.get(f"{LIST}statements/{statement.pk}/summary/").status_code == 200
    sent = {"for_shared": "a", "for_public": "b", "version": statement.version}
    assert lead.post(f"{LIST}statements/{statement.pk}/summary/", sent).status_code == 302
    assert lead.post(f"{LIST}statements/{statement.pk}/summary/", sent | {"for_public": "c"}).status_code == 409


def test_report_queryset_keeps_administrators_out(world: Cast) -> None:
    world.to("shared_restricted")
    assert not Report.objects.visible_to(world.who("administrator")).exists()
    assert not Rendition.objects.issued_to(world.who("administrator")).exists()
