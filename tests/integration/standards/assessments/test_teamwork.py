"""Chapters given to colleagues, and remarks that pass between them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from portal.accounts.roles import Role
from portal.audit.models import Event
from portal.audit.notices import SENTENCES, TELLERS
from standards.assessments.desk import needs
from standards.assessments.models import Remark, Section
from tests import builders
from tests.integration.standards.assessments.cast import Cast


def at(name: str, world: Cast, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[world.row.pk, *more])


def chapter(world: Cast, code: str = "RSK") -> Any:
    return world.edition.chapters.get(code=code)


def give(world: Cast, to: str = "assessor") -> Section:
    return Section.give(world.now(), chapter(world), getattr(world, to), due_on=None, by=world.who("manager"))


def told(verb: str) -> set[tuple[str, str]]:
    event = Event.objects.filter(verb=verb).order_by("pk")[::-1][0]
    return {(telling.to.email, telling.kind) for teller in TELLERS[verb] for telling in teller(event) if telling.to.pk != event.by_id}


def test_chapters_are_given_by_the_page_and_their_workers_are_told(world: Cast) -> None:
    client = world.client("manager")
    said = {"chapters": [chapter(world).pk, chapter(world, "PRI").pk], "to": world.assessor.pk, "due_on": "2026-12-01"}
    assert client.post(at("sections", world), said).status_code == 302
    assert {row.to for row in world.row.sections.all()} == {world.assessor}
    assert told("assessments.section.give_again") == {(world.assessor.email, "assessments.section_given")}
    found = {need.url for need in needs(world.who("assessor"))}
    assert found == {at("chapter", world, "RSK"), at("chapter", world, "PRI")}
    page = client.get(at("sections", world)).content.decode()
    assert "by 1 December 2026" in page


def test_c32_only_people_who_work_here_now_are_given_anything(world: Cast) -> None:
    left = builders.member(world.provider, Role.ASSESSOR)
    left.memberships.update(ended_at=timezone.now())
    page = world.client("manager").get(at("sections", world)).content.decode()
    assert world.assessor.email in page
    for other in (left, world.reader, world.rival_manager, world.inspector):
        assert other.email not in page
        answer = world.client("manager").post(at("sections", world), {"chapters": [chapter(world).pk], "to": other.pk})
        assert answer.status_code == 422
        with pytest.raises(ValidationError):
            Section.give(world.now(), chapter(world), other, due_on=None, by=world.who("manager"))
    assert not Section.objects.exists()


def test_a_chapter_of_another_edition_is_not_given(world: Cast) -> None:
    from tests.integration.standards import plans

    other = plans.edition_of().chapters.get(code="PRI")
    assert world.client("manager").post(at("sections", world), {"chapters": [other.pk], "to": world.assessor.pk}).status_code == 422


def test_whose_worker_left_is_named_and_given_to_somebody_else(world: Cast) -> None:
    row = give(world)
    world.assessor.memberships.update(ended_at=timezone.now())
    assert b"Does not work here any more" in world.client("manager").get(at("sections", world)).content
    world.client("manager").post(at("sections", world), {"chapters": [chapter(world).pk], "to": world.manager.pk})
    again = Section.objects.get()
    assert (again.pk, again.to, again.status) == (row.pk, world.manager, "given")


def test_c48_what_was_returned_is_one_click_from_the_tasks_with_the_reason_in_place(world: Cast) -> None:
    row = give(world)
    assert world.client("assessor").post(at("finish_section", world, row.pk)).status_code == 302
    assert told("assessments.section.finish") == {(world.manager.email, "assessments.section_ready")}
    manager = world.client("manager")
    assert manager.post(at("return_section", world, row.pk), {f"{row.pk}-comment": ""}).status_code == 422
    assert manager.post(at("return_section", world, row.pk), {f"{row.pk}-comment": "Say how often."}).status_code == 302
    assert told("assessments.section.send_back") == {(world.assessor.email, "assessments.section_returned")}
    need = next(need for need in needs(world.who("assessor")) if need.url == at("chapter", world, "RSK"))
    assert "returned" in need.reason
    answer = world.row.answers.get(indicator__code="RSK-01-a")
    Remark.write(world.now(), "Which alarm?", by=world.who("manager"), answer=answer)
    clicks = [need.url for need in needs(world.who("assessor")) if "Which alarm?" in need.title]
    assert clicks == [reverse("assessments:answer", args=[answer.pk])]
    page = world.client("assessor").get(clicks[0])
    assert b"<textarea" in page.content  # one click, and there it is answered


@pytest.mark.parametrize("who", ["stranger", "rival_manager", "inspector"])
def test_perm_others_find_no_section_and_no_remark(world: Cast, who: str) -> None:
    row, remark = give(world), Remark.write(world.now(), "Among us", by=world.who("manager"))
    client = world.client(who)
    for name, key in (("finish_section", row.pk), ("return_section", row.pk), ("settle_remark", remark.pk), ("reopen_remark", remark.pk)):
        assert client.post(at(name, world, key), {f"{row.pk}-comment": "x"}).status_code == 404
    assert client.post(at("remarks", world), {"text": "x"}).status_code == 404
    assert client.post(at("sections", world), {}).status_code == 404


def test_perm_a_reader_writes_nothing(world: Cast) -> None:
    row, remark = give(world), Remark.write(world.now(), "Among us", by=world.who("manager"))
    client, events = world.client("reader"), Event.objects.count()
    for name, key in (("finish_section", row.pk), ("return_section", row.pk), ("settle_remark", remark.pk), ("reopen_remark", remark.pk)):
        assert client.post(at(name, world, key), {f"{row.pk}-comment": "x"}).status_code == 403, name
        assert client.get(at(name, world, key)).status_code == 405
    assert client.post(at("remarks", world), {"text": "x"}).status_code == 403
    assert client.post(at("sections", world), {"chapters": [chapter(world).pk], "to": world.assessor.pk}).status_code == 403
    assert Event.objects.count() == events
    page = client.get(at("remarks", world)).content
    assert b"Among us" in page
    assert b"<textarea" not in page


def test_idor_a_section_is_found_through_its_own_assessment_alone(world: Cast) -> None:
    from tests.integration.standards.assessments.cast import draft

    row = give(world)
    other = draft(world.service, world.edition, world.assessor)
    path = reverse("assessments:finish_section", args=[other.pk, row.pk])
    assert world.client("assessor").post(path).status_code == 404


def test_sections_stand_still_once_it_was_sent(world: Cast) -> None:
    row = give(world)
    world.send()
    assert world.client("assessor").post(at("finish_section", world, row.pk)).status_code == 403
    said = {"chapters": [chapter(world).pk], "to": world.assessor.pk}
    assert world.client("manager").post(at("sections", world), said).status_code == 409
    with pytest.raises(PermissionDenied):
        Section.give(world.now(), chapter(world, "PRI"), world.assessor, due_on=None, by=world.who("manager"))


def test_a_section_that_is_ready_twice_is_a_conflict(world: Cast) -> None:
    row = give(world)
    client = world.client("assessor")
    assert client.post(at("finish_section", world, row.pk)).status_code == 302
    assert client.post(at("finish_section", world, row.pk)).status_code == 409


@pytest.mark.parametrize(("about", "field"), [("", None), ("RSK", "chapter"), ("RSK-01-a", "answer")])
def test_remarks_are_about_the_whole_a_chapter_or_an_answer(world: Cast, about: str, field: str | None) -> None:
    assert world.client("assessor").post(at("remarks", world), {"about": about, "text": "  Look here. "}).status_code == 302
    remark = world.row.remarks.get()
    assert remark.text == "Look here."
    assert [name for name in ("chapter", "answer") if getattr(remark, name)] == ([field] if field else [])


def test_an_empty_remark_is_refused_and_nothing_typed_is_lost(world: Cast) -> None:
    page = world.client("assessor").post(at("remarks", world), {"about": "RSK", "text": " "})
    assert page.status_code == 422
    assert b'value="RSK" selected' in page.content


def test_remarks_are_settled_and_opened_by_anybody_who_works_on_it_once(world: Cast) -> None:
    remark = Remark.write(world.now(), "Look here.", by=world.who("manager"))
    client = world.client("assessor")
    for _again in range(2):
        client.post(at("settle_remark", world, remark.pk))
    assert Event.objects.filter(verb="assessments.remark.settle").count() == 1
    assert Remark.objects.get().settled_by == world.assessor
    assert b"settled by" in client.get(at("remarks", world)).content
    client.post(at("reopen_remark", world, remark.pk))
    assert list(world.row.remarks.unsettled()) == [remark]


def test_open_remarks_are_counted_where_one_sends(world: Cast) -> None:
    Remark.write(world.now(), "Look here.", by=world.who("manager"))
    give(world)
    page = world.client("assessor").get(at("submit", world)).content
    assert b"One remark is still open." in page
    assert b"One chapter was given to somebody" in page


def test_every_kind_that_is_told_has_a_sentence_without_names() -> None:
    kinds = {kind: str(words) for kind, words in SENTENCES.items() if kind.startswith("assessments.")}
    assert len(kinds) >= 10
    assert all("%" not in words and "{" not in words for words in kinds.values())


def test_pages_of_teamwork_cost_the_same_for_many(world: Cast, django_assert_max_num_queries: Any) -> None:
    client = world.client("manager")
    for number in range(25):
        Remark.write(world.now(), f"Remark {number}", by=world.who("manager"), answer=world.row.answers.first())
    give(world)
    for name in ("sections", "remarks"):
        with django_assert_max_num_queries(25):
            assert client.get(at(name, world)).status_code == 200
