"""The library and its items: who sees, who may, what is asked, what is never lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from portal.audit.models import Event, Notice
from portal.steps import WrongState
from standards.evidence import desk, reviewing
from standards.evidence.models import Evidence
from tests import samples
from tests.builders import sign_in
from tests.integration.standards.evidence_cast import Cast, cast, evidence, file, typed, upload

pytestmark = pytest.mark.django_db
INDEX, ADD = "/workspace/evidence/", "/workspace/evidence/add/"


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.EVIDENCE_DIR, settings.CLAMD_ADDRESS = tmp_path / "evidence", ""
    yield settings.EVIDENCE_DIR


def at(name: str, item: Evidence, *more: Any) -> str:
    return reverse(f"evidence:{name}", args=[item.pk, *more])


def on_disk(place: Path) -> list[str]:
    return [path.name for path in place.rglob("*") if path.is_file()] if place.exists() else []


# --- Who ---------------------------------------------------------------------------------------------------------------

PAGES = ("show", "edit", "add_file", "retire", "restore")


def test_perm_to_outsiders_an_item_does_not_exist(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    taken = file(item, people.assessor)
    before = Event.objects.count()
    for user in people.outsiders.values():
        client = sign_in(user)
        assert b"Fire door checks" not in client.get(INDEX).content
        for address in (*(at(name, item) for name in PAGES), at("download", item, taken.pk)):
            for method in ("get", "post"):
                assert getattr(client, method)(address).status_code in {404, 405}
            assert client.get(address).status_code == 404
    assert Event.objects.count() == before
    assert Evidence.objects.get() == item


def test_perm_whoever_reads_changes_nothing(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    client = sign_in(people.reader)
    assert client.get(INDEX).status_code == client.get(at("show", item)).status_code == 200
    before = Event.objects.count()
    for name in ("edit", "add_file", "retire", "restore"):
        assert client.get(at(name, item)).status_code == 403
        assert client.post(at(name, item), typed(title="Other", version=1, reason="x", file=upload())).status_code == 403
    assert client.get(ADD).status_code == client.post(ADD, typed(file=upload())).status_code == 403
    assert Event.objects.count() == before
    assert Evidence.objects.get().title == "Fire door checks"
    assert "Add evidence" not in client.get(INDEX).text


def test_perm_nobody_is_asked_to_sign_in(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    for address in (INDEX, ADD, at("show", item), at("edit", item)):
        assert Client().get(address).status_code in {302, 404}


def test_perm_wrong_methods_are_refused(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    client = sign_in(people.assessor)
    for address in (INDEX, ADD, at("show", item), *(at(name, item) for name in PAGES)):
        assert client.delete(address).status_code == 405
        assert client.put(address).status_code == 405
    assert client.post(INDEX).status_code == client.post(at("show", item)).status_code == 405


# --- Adding ------------------------------------------------------------------------------------------------------------


def test_b7_an_item_is_added_with_a_reference(people: Cast) -> None:
    answer = sign_in(people.assessor).post(ADD, typed(organisation=people.harbour.pk))
    item = Evidence.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == at("show", item)
    assert (item.organisation, item.created_by, item.shows) == (
        people.harbour,
        people.assessor,
        "All 14 doors were checked; two were mended.",
    )
    assert [event.verb for event in Event.objects.about(item)] == ["evidence.evidence.add"]


def test_b7_an_item_is_added_with_a_file(people: Cast, place: Path) -> None:
    answer = sign_in(people.assessor).post(ADD, typed(organisation=people.harbour.pk, reference="", file=upload()))
    assert answer.status_code == 302
    kept = Evidence.objects.get().files.get()
    assert (kept.number, kept.shown_name, kept.media_type, kept.scan) == (1, "Fire check.pdf", "application/pdf", "not_required")
    assert on_disk(place) == [str(kept.stored_name)]
    assert (place / str(kept.stored_name)).stat().st_mode & 0o777 == 0o600
    assert place.stat().st_mode & 0o777 == 0o700
    shown = sign_in(people.reader).get(answer["Location"]).text
    assert kept.sha256 in shown
    assert "No scanner is set up here" in shown


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"is_anonymised": ""}, "is_anonymised"),
        ({"period_end": "2020-01-01"}, "period_end"),
        ({"review_on": ""}, "review_on"),
        ({"shows": ""}, "shows"),
        ({"kind": "gossip"}, "kind"),
        ({"title": "About AB 12 34 56 C"}, "title"),
        ({"shows": "Amina Bello, born on 1 May 1990, was seen"}, "shows"),
        ({"shows": "Call 07700 900123"}, "looked"),
        ({"reference": "the house at M1 1AE"}, "looked"),
        ({"file": upload(b"MZ\x90\0", "a.pdf"), "reference": ""}, "file"),
        ({"file": upload(b"GIF89a", "a.png")}, "file"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    people: Cast, place: Path, changed: dict[str, Any], field: str
) -> None:
    sent = typed(organisation=people.harbour.pk, **changed)
    answer = sign_in(people.assessor).post(ADD, sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'id="problems"' in answer.text
    for name in ("title", "shows", "reference"):
        assert not sent[name] or str(answer.context["form"][name].value()) == sent[name]
    assert not Evidence.objects.exists()
    assert on_disk(place) == []


def test_b7_a_warning_is_answered_for_what_was_found_and_no_more(people: Cast) -> None:
    client = sign_in(people.assessor)
    sent = typed(organisation=people.harbour.pk, shows="The helpline 0800 0121 700 hangs in every room.")
    asked = client.post(ADD, sent)
    assert asked.status_code == 422
    assert "a telephone number" in asked.text
    looked = asked.context["form"].fields["looked"].widget.attrs["value"]
    assert client.post(ADD, sent | {"looked": "on"}).status_code == 422
    more = client.post(ADD, sent | {"looked": looked, "reference": "ask a.person@service.example"})
    assert more.status_code == 422, "the answer was given before the address stood there"
    assert client.post(ADD, sent | {"looked": looked}).status_code == 302


def test_b7_a_file_is_looked_at_too(people: Cast) -> None:
    client = sign_in(people.assessor)
    for chosen, kind in (
        (upload(b"Name: Amina\n", "notes.txt"), "somebody&#x27;s name"),
        (upload(samples.pdf(), "NRM ref 12345.pdf"), "a reference of a case"),
        (upload(samples.word(author="A Person"), "plan.docx"), "the author&#x27;s name"),
    ):
        answer = client.post(ADD, typed(organisation=people.harbour.pk, file=chosen))
        assert answer.status_code == 422
        assert kind in answer.text
    stopped = client.post(ADD, typed(organisation=people.harbour.pk, file=upload(b"ni;AB123456C\n", "a.csv")))
    assert list(stopped.context["form"].errors) == ["file"]


def test_idor_nobody_brings_evidence_for_another_organisation(people: Cast) -> None:
    client = sign_in(people.rival)
    assert client.post(ADD, typed(organisation=people.harbour.pk)).status_code == 422
    rowan = people.rival.memberships.get().organisation
    assert client.post(ADD, typed(organisation=rowan.pk, service=people.service.pk)).status_code == 422
    assert not Evidence.objects.exists()


def test_the_script_of_the_form_is_told_where_to_go(people: Cast) -> None:
    client = sign_in(people.assessor)
    answer = client.post(ADD, typed(organisation=people.harbour.pk), headers={"X-Waymark-Form": "1"})
    assert (answer.status_code, answer["X-Waymark-Next"]) == (200, at("show", Evidence.objects.get()))


# --- Changing ----------------------------------------------------------------------------------------------------------


def test_c3_who_comes_second_reads_both_texts(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    first, second = sign_in(people.assessor), sign_in(people.manager)
    assert first.post(at("edit", item), typed(shows="The first text.", version=1)).status_code == 302
    answer = second.post(at("edit", item), typed(shows="The second text.", version=1))
    assert answer.status_code == 409
    assert "The first text." in answer.text
    assert "The second text." in answer.text
    item.refresh_from_db()
    assert (item.shows, item.version) == ("The first text.", 2)
    again = second.post(at("edit", item), typed(shows="The second text.", version=answer.context["form"]["version"].value()))
    assert again.status_code == 302
    item.refresh_from_db()
    assert (item.shows, item.version) == ("The second text.", 3)
    first_edit = Event.objects.about(item).filter(verb="evidence.evidence.edit")[0]
    assert first_edit.codes["fields"] == ["kind", "period_start", "review_on", "shows"]


def test_c3_an_edit_without_a_version_overwrites_nothing(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    assert sign_in(people.assessor).post(at("edit", item), typed(shows="Blind.")).status_code == 409
    item.refresh_from_db()
    assert item.shows == "All doors were checked."


def test_a_new_version_keeps_the_old_one(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    old = file(item, people.assessor)
    client = sign_in(people.manager)
    assert client.get(at("add_file", item)).status_code == 200
    sent = {"file": upload(samples.pdf(b"/Lang (en)"), "Second.pdf"), "is_anonymised": "on"}
    assert client.post(at("add_file", item), sent).status_code == 302
    assert [(kept.number, kept.shown_name) for kept in item.files.all()] == [(2, "Second.pdf"), (1, "Fire check.pdf")]
    assert client.get(at("download", item, old.pk)).getvalue() == samples.pdf()
    assert client.post(at("add_file", item), {"file": upload()}).status_code == 422
    assert client.post(at("add_file", item), {"is_anonymised": "on"}).status_code == 422


def test_an_item_is_put_aside_and_taken_back_with_a_reason(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    kept = file(item, people.assessor)
    client = sign_in(people.assessor)
    assert client.get(at("retire", item)).status_code == 200
    assert client.post(at("retire", item), {"reason": " "}).status_code == 422
    assert client.post(at("retire", item), {"reason": "Replaced by the new policy"}).status_code == 302
    item.refresh_from_db()
    assert (item.status, bool(item.retired_at)) == ("retired", True)
    assert b"Fire door checks" not in client.get(INDEX).content
    assert b"Fire door checks" in client.get(INDEX + "?state=retired").content
    shown = client.get(at("show", item)).text
    assert "Replaced by the new policy" in shown
    assert client.get(at("download", item, kept.pk)).status_code == 200, "still readable in its history"
    assert client.post(at("retire", item), {"reason": "Again"}).status_code == 409, "somebody else was quicker"
    assert client.post(at("restore", item), {"reason": "Needed after all"}).status_code == 302
    item.refresh_from_db()
    assert (item.status, item.retired_at, item.decisions.count()) == ("in_use", None, 2)


def test_a_step_asks_itself_who_may(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    for user in (people.reader, people.rival, None):
        with pytest.raises(PermissionDenied):
            item.retire("x", by=user)
    with pytest.raises(ValidationError):
        item.retire("  ", by=people.assessor)
    with pytest.raises(WrongState):
        item.restore("x", by=people.assessor)
    item.refresh_from_db()
    assert (item.status, item.version) == ("in_use", 1)


# --- The library -------------------------------------------------------------------------------------------------------


def test_b7_the_library_is_narrowed_by_kind_service_and_state(people: Cast) -> None:
    today = timezone.localdate()
    made = {
        "fresh": evidence(people.harbour, people.assessor, title="Item fresh", kind="policy"),
        "due": evidence(people.harbour, people.assessor, title="Item due", review_on=today + timedelta(days=10), service=people.service),
        "late": evidence(people.harbour, people.assessor, title="Item late", review_on=today),
        "old": evidence(
            people.harbour,
            people.assessor,
            title="Item old",
            period_start=today - timedelta(days=900),
            period_end=today - timedelta(days=400),
        ),
        "aside": evidence(people.harbour, people.assessor, title="Item aside", status="retired", retired_at=timezone.now()),
    }
    client = sign_in(people.reader)

    def shown(query: str) -> set[str]:
        text = client.get(f"{INDEX}?{query}").text
        return {name for name, item in made.items() if item.title in text}

    assert shown("") == {"fresh", "due", "late", "old"}
    assert shown("state=fresh") == {"fresh"}
    assert shown("state=due") == {"due"}
    assert shown("state=stale") == {"late", "old"}
    assert shown("state=review") == {"due", "late"}
    assert shown("state=unused") == {"fresh", "due", "late", "old"}
    assert shown("state=retired") == {"aside"}
    assert shown("kind=policy") == {"fresh"}
    assert shown(f"service={people.service.pk}") == {"due"}
    assert shown("kind=nonsense&state=nonsense&service=nonsense") == {"fresh", "due", "late", "old"}
    for item in made.values():
        if item.status == "in_use":
            assert item.freshness() == ("stale" if item.title in {"Item late", "Item old"} else item.title.removeprefix("Item "))


def test_c38_the_library_asks_few_questions_however_long_it_is(people: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client = sign_in(people.reader)
    for number in range(60):
        item = evidence(people.harbour, people.assessor, title=f"Item {number:02}", service=people.service)
        if number < 15:
            file(item, people.manager if number % 2 else people.assessor, samples.pdf(), f"{number}.pdf")
    client.get(INDEX)
    with django_assert_max_num_queries(12):
        first = client.get(INDEX)
    assert "Item 49" in first.text
    assert "Item 50" not in first.text
    with django_assert_max_num_queries(14):
        client.get(at("show", Evidence.objects.filter(files__isnull=False).first()))  # type: ignore[arg-type]


def test_the_empty_library_says_what_to_do(people: Cast) -> None:
    assert "Begin with one thing you already have" in sign_in(people.assessor).get(INDEX).text
    assert "Whoever assesses for your organisation brings it" in sign_in(people.reader).get(INDEX).text


def test_what_people_typed_stays_text(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor, title="<script>alert(1)</script>", shows='"><img src=x onerror=alert(1)>')
    for address in (INDEX, at("show", item), at("edit", item), at("retire", item)):
        text = sign_in(people.assessor).get(address).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


# --- Review dates ------------------------------------------------------------------------------------------------------


def test_c47_review_dates_are_called_to_mind_once_a_week(people: Cast) -> None:
    today = timezone.localdate()
    evidence(people.harbour, people.assessor, review_on=today + timedelta(days=20))
    evidence(people.harbour, people.assessor, review_on=today - timedelta(days=2))
    reviewing.remind(today)
    reviewing.remind(today)
    told = Notice.objects.filter(kind="evidence.review_due")
    assert {notice.to for notice in told} == {people.manager, people.assessor}
    assert told.count() == 2
    assert {notice.link for notice in told} == {INDEX + "?state=review"}
    reviewing.remind(today + timedelta(days=7))
    assert Notice.objects.filter(kind="evidence.review_due").count() == 4


def test_the_start_page_has_one_line_for_all_of_it(people: Cast) -> None:
    today = timezone.localdate()
    assert list(desk.needs(people.assessor)) == []
    for days in (20, -2):
        evidence(people.harbour, people.assessor, review_on=today + timedelta(days=days))
    (need,) = desk.needs(people.assessor)
    assert (need.due_on, "2" in need.title) == (today - timedelta(days=2), True)
    assert list(desk.needs(people.reader)) == list(desk.needs(people.rival)) == []
    assert [entry.address for entry in desk.entries(people.reader)] == [INDEX]
    assert list(desk.entries(people.stranger)) == []
