"""From draft to archive: every page for everybody, steps that exclude each other, and submission that happens whole or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.urls import reverse

from portal.accounts.roles import Role
from portal.audit.models import Event, Job
from portal.audit.notices import TELLERS
from standards.assessments.desk import needs
from standards.assessments.models import Answer, Assessment, Remark, Share, Snapshot
from tests import builders
from tests.integration.standards import plans
from tests.integration.standards.assessments.cast import Cast, evidence

REASON = "A figure was wrong, canary-reason."


def at(name: str, world: Cast, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[world.row.pk, *more])


def told(world: Cast, verb: str) -> set[tuple[str, str]]:
    """Who is told of the last event with this verb, and where it leads."""
    event = Event.objects.filter(verb=verb).order_by("pk")[::-1][0]
    return {(telling.to.email, telling.link) for teller in TELLERS[verb] for telling in teller(event) if telling.to.pk != event.by_id}


# --- The way through ----------------------------------------------------------------------------------------------------


def test_the_whole_way_by_its_pages(world: Cast) -> None:
    assessor, manager = world.client("assessor"), world.client("manager")
    page = assessor.get(at("submit", world))
    assert b"What will happen" in page.content
    sent = assessor.post(at("submit", world))
    assert sent.status_code == 302
    assert sent.url == at("receipt", world, 1)
    snapshot = world.now().snapshots.get()
    text = assessor.get(sent.url).content.decode()
    assert snapshot.spoken_receipt in text
    assert snapshot.sha256 in text
    assert "Mara" in text
    assert told(world, "assessments.assessment.submit") == {(world.manager.email, at("review", world))}
    assert manager.get(at("review", world)).status_code == 200
    assert manager.post(at("approve", world)).status_code == 302
    assert world.now().status == "approved"
    assert told(world, "assessments.assessment.approve") == {(world.assessor.email, at("results", world))}
    assert manager.post(at("share", world), {"organisations": [str(world.inspectorate.pk)]}).status_code == 302
    assert told(world, "assessments.assessment.share") == {(world.inspector.email, at("frozen_copy", world, 1))}
    assert manager.get(at("keep_private", world)).status_code == 200
    manager.post(at("keep_private", world))
    assert world.now().status == "kept_private"
    manager.post(at("reopen", world), {"reason": REASON})
    assert (world.now().status, world.now().revision) == ("draft", 2)
    assert b"canary-reason" in assessor.get(at("remarks", world)).content
    old = assessor.get(at("frozen_copy", world, 1)).content.decode()
    assert "A later revision has begun" in old
    world.approve()
    assert manager.get(at("archive", world)).status_code == 200
    manager.post(at("archive", world))
    assert world.now().status == "archived"


def test_what_is_missing_is_listed_with_a_link_to_each_answer(world: Cast) -> None:
    answer = world.row.answers.get(indicator__code="PRI-01-b")
    Answer.objects.filter(pk=answer.pk).update(value="", comment="")
    for page in (world.client("assessor").get(at("submit", world)), world.client("assessor").post(at("submit", world))):
        assert f'href="{reverse("assessments:answer", args=[answer.pk])}">PRI-01-b</a>: No answer yet.'.encode() in page.content
        assert b"I send these answers" not in page.content
    assert page.status_code == 422
    assert world.now().status == "draft"


def test_c17_the_words_of_sending_follow_from_the_answers(world: Cast) -> None:
    client = world.client("assessor")
    assert b"2 critical gaps are named in them" in client.get(at("submit", world)).content
    Answer.objects.filter(assessment=world.row).update(value="fully_met")
    page = client.get(at("submit", world)).content
    assert b"No critical indicator is unmet in them" in page
    assert b"critical gaps are named" not in page


def test_the_only_author_reads_why_and_what_to_do(world: Cast) -> None:
    Answer.objects.filter(assessment=world.row).update(answered_by=world.manager)
    world.send()
    second = builders.member(world.provider, Role.MANAGER, first_name="Second")
    page = world.client("manager").get(at("review", world)).content.decode()
    assert "cannot approve it alone" in page
    assert str(second) in page
    assert '<button class="first">Approve' not in page
    assert world.client("manager").post(at("approve", world)).status_code == 403
    assert world.now().status == "in_review"


def test_returning_needs_words_and_tells_the_authors(world: Cast) -> None:
    world.send()
    manager = world.client("manager")
    assert manager.post(at("send_back", world), {"comment": " "}).status_code == 422
    assert manager.post(at("send_back", world), {"comment": "Look at RSK again."}).status_code == 302
    assert world.now().status == "draft"
    assert told(world, "assessments.assessment.send_back") == {(world.assessor.email, at("remarks", world))}
    assert b"Look at RSK again." in world.client("assessor").get(at("remarks", world)).content


def test_the_review_shows_what_changed_since_the_last_approval(world: Cast) -> None:
    world.approve().reopen(REASON, by=world.who("manager"))
    Answer.objects.filter(assessment=world.row, indicator__code="PRI-01-b").update(comment="What we now do.", value="mostly_met")
    world.send()
    page = world.client("manager").get(at("review", world)).content.decode()
    assert page.count('class="pair"') == 1
    assert "Fully met → <strong>Mostly met" in page


def test_perm_13_a_refused_approval_is_said(world: Cast) -> None:
    world.send()
    Answer.objects.filter(assessment=world.row, indicator__code="PRI-01-b").update(comment="Something else")
    page = world.client("manager").post(at("approve", world))
    assert page.status_code == 422
    assert b"PRI-01-b" in page.content
    assert world.now().status == "in_review"


# --- Who may ------------------------------------------------------------------------------------------------------------

READING = ("results", "compare", "sections", "remarks")
ACTING: dict[str, tuple[str, dict[str, str]]] = {  # the step's page, the state it starts from, what is posted
    "submit": ("draft", {}), "approve": ("in_review", {}), "send_back": ("in_review", {"comment": "No."}),
    "share": ("approved", {}), "keep_private": ("approved", {}), "reopen": ("approved", {"reason": "Why"}), "archive": ("approved", {}),
}  # fmt: skip


def bring(world: Cast, state: str) -> None:
    {"draft": lambda: None, "in_review": world.send, "approved": world.approve, "shared": world.share}[state]()


@pytest.mark.parametrize("name", [*READING, *ACTING])
@pytest.mark.parametrize("who", ["stranger", "rival_manager", "inspector"])
def test_perm_others_find_nothing(world: Cast, name: str, who: str) -> None:
    bring(world, ACTING[name][0] if name in ACTING else "approved")
    client = world.client(who)
    assert client.get(at(name, world)).status_code in ({404, 405} if name in ("approve", "send_back") else {404})
    if name in ACTING:
        assert client.post(at(name, world), ACTING[name][1]).status_code == 404
    assert world.now().status == (ACTING[name][0] if name in ACTING else "approved")


@pytest.mark.parametrize("name", [*ACTING, "review"])
def test_c4_a_reader_is_refused_and_nothing_is_written(world: Cast, name: str) -> None:
    state, said = ACTING.get(name, ("in_review", {}))
    bring(world, state)
    events = Event.objects.count()
    client = world.client("reader")
    if name not in ("approve", "send_back"):
        assert client.get(at(name, world)).status_code == 403
    if name != "review":
        assert client.post(at(name, world), said).status_code == 403
    assert (world.now().status, Event.objects.count()) == (state, events)


@pytest.mark.parametrize("name", [name for name in ACTING if name != "submit"])
def test_an_assessor_does_not_decide(world: Cast, name: str) -> None:
    bring(world, ACTING[name][0])
    assert world.client("assessor").post(at(name, world), ACTING[name][1]).status_code == 403
    assert world.now().status == ACTING[name][0]


@pytest.mark.parametrize("name", READING)
def test_a_reader_reads(world: Cast, name: str) -> None:
    assert world.client("reader").get(at(name, world)).status_code == 200
    assert world.client("reader").post(at(name, world), {"text": "x"}).status_code in {403, 405}


@pytest.mark.parametrize(("name", "wrong"), [
    ("submit", "in_review"), ("approve", "draft"), ("send_back", "approved"), ("share", "draft"), ("keep_private", "in_review"),
    ("reopen", "draft"), ("archive", "draft"),
])  # fmt: skip
def test_perm_12_a_step_from_the_wrong_state_is_a_conflict_and_writes_nothing(world: Cast, name: str, wrong: str) -> None:
    bring(world, wrong)
    before = (world.now().version, Event.objects.count(), Snapshot.objects.count())
    assert world.client("manager").post(at(name, world), ACTING[name][1]).status_code == 409
    assert (world.now().version, Event.objects.count(), Snapshot.objects.count()) == before


def test_the_audience_reads_only_what_is_shared_only_while_it_is(world: Cast) -> None:
    inspector = world.client("inspector")
    pages = [at("frozen_copy", world, 1), at("results", world)]
    world.approve()
    assert [inspector.get(page).status_code for page in pages] == [404, 404]
    world.share()
    assert [inspector.get(page).status_code for page in pages] == [200, 200]
    assert world.row.title.encode() in inspector.get(reverse("assessments:shared_with_us")).content
    assert [need.url for need in needs(world.who("inspector"))] == [at("frozen_copy", world, 1)]
    for name in ("remarks", "sections", "overview", "all_answers", "submit", "review"):
        assert inspector.get(at(name, world)).status_code in {403, 409}, name
    answer = world.row.answers.get(indicator__code="PRI-01-a")
    for name in ("answer", "history"):
        assert inspector.get(reverse(f"assessments:{name}", args=[answer.pk])).status_code == 404
    assert inspector.get(at("receipt", world, 1)).status_code == 403
    world.client("manager").post(at("unshare", world, world.inspectorate.pk))
    assert [inspector.get(page).status_code for page in pages] == [404, 404]
    assert told(world, "assessments.assessment.unshare") == {(world.inspector.email, reverse("workspace:start"))}


def test_remarks_names_and_files_never_reach_the_audience(world: Cast) -> None:
    answer = world.row.answers.get(indicator__code="PRI-01-b")
    Answer.objects.filter(pk=answer.pk).update(comment="canary-shared")
    Remark.objects.create(assessment=world.row, organisation_id=world.provider.pk, answer=answer, text="canary-remark", by=world.manager)
    item = evidence(answer, world.assessor, reference="canary-place", title="canary-title")
    item.files.create(
        number=1, shown_name="canary-file.pdf", media_type="application/pdf", size=1, sha256="a" * 64, added_by=world.assessor
    )
    world.share()
    inspector = world.client("inspector")
    pages = "".join(inspector.get(page).content.decode() for page in (at("frozen_copy", world, 1), at("results", world)))
    assert "canary-shared" in pages
    assert "canary-title" in pages
    for hidden in ("canary-remark", "canary-place", "canary-file", "Asha", "Mara"):
        assert hidden not in pages, hidden
    own = world.client("reader").get(at("frozen_copy", world, 1)).content.decode()
    assert "canary-place" in own
    assert "canary-remark" not in own


def test_a_revision_that_was_sent_and_not_approved_is_not_shared(world: Cast) -> None:
    world.send()
    world.now().send_back("No.", by=world.who("manager"))
    world.share()
    inspector = world.client("inspector")
    assert inspector.get(at("frozen_copy", world, 1)).status_code == 404
    assert inspector.get(at("frozen_copy", world, 2)).status_code == 200


def test_the_audience_reads_the_copy_not_the_rows(world: Cast) -> None:
    world.share()
    Answer.objects.filter(assessment=world.row).update(comment="canary-live")
    assert "canary-live" not in world.client("inspector").get(at("frozen_copy", world, 1)).content.decode()


def test_it_is_shared_with_inspectorates_alone(world: Cast) -> None:
    world.approve()
    page = world.client("manager").post(at("share", world), {"organisations": [str(world.rival.pk)]})
    assert page.status_code == 422
    assert world.client("manager").post(at("share", world)).status_code == 422
    assert not Share.objects.exists()


def test_perm_07_a_role_that_ended_decides_nothing_more(world: Cast) -> None:
    world.send()
    client = world.client("manager")
    world.manager.memberships.update(ended_at=world.row.created_at)
    assert client.post(at("approve", world)).status_code == 404
    assert world.now().status == "in_review"


def test_grave_steps_ask_for_a_recent_sign_in(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.accounts import recent

    client = world.client("assessor")
    later = recent.now() + 3600
    monkeypatch.setattr(recent, "now", lambda: later)
    answer = client.post(at("submit", world))
    assert answer.status_code == 403
    assert world.now().status == "draft"


def test_wrong_methods(world: Cast) -> None:
    world.send()
    client = world.client("manager")
    assert client.get(at("approve", world)).status_code == 405
    assert client.get(at("send_back", world)).status_code == 405
    assert client.post(at("review", world)).status_code == 405
    assert client.post(at("receipt", world, 1)).status_code == 405
    assert client.post(at("results", world)).status_code == 405


def test_what_waits_for_whom(world: Cast) -> None:
    assert [need.url for need in needs(world.who("manager"))] == []
    world.send()
    assert [need.url for need in needs(world.who("manager"))] == [at("review", world)]
    assert [*needs(world.who("assessor"))] == []


# --- Failures -------------------------------------------------------------------------------------------------


class CutError(OperationalError):
    """The connection is gone."""


@pytest.mark.parametrize("act", ["submit", "approve", "share", "reopen"])
def test_int_09_a_step_cut_off_at_any_query_leaves_nothing_behind(world: Cast, act: str) -> None:
    if act == "approve":
        world.send()
    elif act != "submit":
        world.approve()
    step: dict[str, Callable[[], Any]] = {
        "submit": lambda: world.now().submit(by=world.who("assessor")),
        "approve": lambda: world.now().approve(by=world.who("manager")),
        "share": lambda: world.now().share([world.inspectorate], by=world.who("manager")),
        "reopen": lambda: world.now().reopen("Why", by=world.who("manager")),
    }
    before = footprint(world)
    cut_at = 0
    while True:
        cut_at += 1
        count = iter(range(1, 10_000))

        def cut(execute: Any, sql: str, params: Any, many: bool, context: Any, count: Any = count, last: int = cut_at) -> Any:
            if next(count) == last:
                raise CutError
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(cut):
                step[act]()
        except CutError:
            assert footprint(world) == before, f"query {cut_at} left something"
        else:
            break
    assert cut_at > 8
    assert footprint(world) != before


def footprint(world: Cast) -> tuple[Any, ...]:
    """Everything that a step writes."""
    row = Assessment.objects.values().get(pk=world.row.pk)
    tables = (Snapshot, Share, Event, Job, Remark)
    return (*row.items(), *(model.objects.count() for model in tables), *Answer.objects.filter(assessment=world.row).values_list())


def test_two_people_of_one_kind_are_not_one(world: Cast) -> None:
    """A second assessor may send what the first wrote."""
    second = builders.member(world.provider, Role.ASSESSOR)
    world.now().submit(by=plans.fresh(second))
    assert world.now().submitted_by == second
    with pytest.raises(PermissionDenied):
        world.now().approve(by=plans.fresh(second))
