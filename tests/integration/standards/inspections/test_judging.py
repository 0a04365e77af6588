"""Judgements beside the provider's own view, never merged; narratives, ratings; blind second views, review and approval."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.roles import Kind, Role
from standards.actions.models import Outdated
from standards.assessments.models import Answer, Snapshot
from standards.inspections import drawing, judging, own_views, readiness
from standards.inspections.models import Approval, BlindView, Finding, Judgement
from tests import builders
from tests.integration.standards import plans
from tests.integration.standards.assessments import cast as assessments
from tests.integration.standards.inspections.cast import SCALE, Cast, cast, finding

pytestmark = pytest.mark.django_db
KEPT = {"value": "mostly_met", "reason": "Plans are reviewed.", "difference": ""}


def share(world: Cast, values: dict[str, str] | None = None) -> Any:
    """The provider's own view, shared with the inspectorate: critical indicators partly met, the rest fully."""
    author = builders.member(world.provider, Role.ASSESSOR)
    row = assessments.draft(world.service, world.edition, author)
    for code, value in (values or {}).items():
        row.answers.filter(indicator__code=code).update(value=value)
    row.submit(by=plans.fresh(author))
    row.approve(by=world.who("manager"))
    row.share([world.inspectorate], by=world.who("manager"))
    return row


def complete(world: Cast) -> None:
    """Everything that an approval asks for, in an inspection that is being written up."""
    for number, standard in enumerate(world.standards(), 1):
        finding(world, number, standard=standard)
    world.reporting()
    for standard in world.standards():
        judging.judge(world.now(), standard, KEPT, base=0, by=world.who("lead"))
    judging.narrate(world.now(), "safe", {"text": "People are safe."}, base=0, by=world.who("lead"))
    for view in BlindView.objects.filter(inspection=world.row):
        judging.second_view(view, "strength", "", "As I read it.", by=world.who("reviewer"))


def test_the_two_columns_stand_side_by_side_and_nothing_of_the_provider_changes(world: Cast) -> None:
    world.fieldwork()
    share(world)
    before = (list(Answer.objects.order_by("pk").values()), list(Snapshot.objects.order_by("pk").values()))
    code = world.standards()[0].code
    link = reverse("inspections:judge", args=[world.row.pk, code])
    assert "Partly met" in world.client("lead").get(link).text
    assert world.client("lead").post(link, KEPT | {"base": "0"}).status_code == 302
    row = Judgement.objects.get()
    assert (row.value, row.own_value, row.version) == ("mostly_met", "partly_met", 1)
    page = world.client("cleared").get(reverse("inspections:judgements", args=[world.row.pk])).text
    assert "Mostly met" in page
    assert "Partly met" in page
    assert (list(Answer.objects.order_by("pk").values()), list(Snapshot.objects.order_by("pk").values())) == before


def test_perm_12_only_what_is_shared_with_this_inspectorate_now_is_shown(world: Cast) -> None:
    row = share(world)
    assert own_views.of_inspection(world.now())
    other = builders.organisation(Kind.INSPECTORATE)
    row.share([other], by=world.who("manager"))
    row.unshare(world.inspectorate, by=world.who("manager"))
    assert not own_views.of_inspection(world.now())
    page = world.client("lead")
    world.fieldwork()
    assert "so its column is empty" in page.get(reverse("inspections:judgements", args=[world.row.pk])).text


def test_what_an_audience_may_not_read_is_not_in_the_own_column(world: Cast) -> None:
    share(world)
    copy = own_views.of_inspection(world.now())
    answer = next(iter(copy.views.values())).answers[0]["answer"]
    assert {"by", "by_id", "confirmed_by", "carried_from"} & set(answer) == set()
    assert copy.critical_gaps


@pytest.mark.parametrize(
    ("ours", "own", "steps"),
    [
        ("met", "not_met", 3),
        ("met", "partly_met", 2),
        ("mostly_met", "partly_met", 1),
        ("not_inspected", "met", 0),
        ("met", "", 0),
        ("met", "met", 0),
    ],
)
def test_steps_apart(ours: str, own: str, steps: int) -> None:
    assert readiness.apart(ours, own) == steps


def test_two_steps_apart_needs_a_comment(world: Cast) -> None:
    world.fieldwork()
    share(world)
    code = world.standards()[0].code
    link = reverse("inspections:judge", args=[world.row.pk, code])
    far = {"value": "met", "reason": "All was in order.", "difference": "", "base": "0"}
    answer = world.client("lead").post(link, far)
    assert (answer.status_code, "two steps or more" in answer.text) == (422, True)
    assert world.client("lead").post(link, far | {"difference": "They count a form that is gone."}).status_code == 302


def test_a_judgement_remembers_beside_which_view_it_stood(world: Cast) -> None:
    world.fieldwork()
    row = share(world)
    standard = world.standards()[0]
    judging.judge(world.now(), standard, KEPT, base=0, by=world.who("lead"))
    row.keep_private(by=world.who("manager"))
    judging.judge(world.now(), standard, KEPT | {"reason": "Said better."}, base=1, by=world.who("lead"))
    judgement = Judgement.objects.get()
    assert (judgement.own_value, bool(judgement.own_receipt), judgement.version) == ("partly_met", True, 2)


def test_c3_two_judge_at_once_and_nothing_is_overwritten(world: Cast) -> None:
    world.fieldwork()
    standard = world.standards()[0]
    judging.judge(world.now(), standard, KEPT, base=0, by=world.who("lead"))
    with pytest.raises(Outdated):
        judging.judge(world.now(), standard, KEPT, base=0, by=world.who("cleared"))
    answer = world.client("cleared").post(
        reverse("inspections:judge", args=[world.row.pk, standard.code]),
        {"value": "not_met", "reason": "Mine.", "difference": "", "base": "0"},
    )
    assert (answer.status_code, "Plans are reviewed." in answer.text, "Mine." in answer.text) == (409, True, True)
    assert Judgement.objects.get().value == "mostly_met"


@pytest.mark.parametrize("name", ["reviewer", "other_lead", "undeclared", "barred", "manager", "administrator"])
def test_only_the_cleared_team_judges(world: Cast, name: str) -> None:
    world.fieldwork()
    with pytest.raises(PermissionDenied):
        judging.judge(world.now(), world.standards()[0], KEPT, base=0, by=world.who(name))
    with pytest.raises(PermissionDenied):
        judging.narrate(world.now(), "safe", {"text": "x"}, base=0, by=world.who(name))


def test_a_rating_only_where_the_regime_has_one_and_with_a_reason(world: Cast) -> None:
    world.fieldwork()
    link = reverse("inspections:narrate", args=[world.row.pk, "safe"])
    assert "Rating" not in world.client("lead").get(link).text
    with pytest.raises(ValidationError, match="does not rate"):
        judging.narrate(world.now(), "safe", {"text": "x", "rating": "good", "rating_reason": "y"}, base=0, by=world.who("lead"))
    rated = cast(uses_ratings=True, rating_scale=SCALE)
    rated.fieldwork()
    link = reverse("inspections:narrate", args=[rated.row.pk, "safe"])
    client = rated.client("lead")
    assert client.post(link, {"text": "Safe.", "rating": "good", "rating_reason": "", "base": "0"}).status_code == 422
    assert client.post(link, {"text": "Safe.", "rating": "superb", "rating_reason": "x", "base": "0"}).status_code == 422
    assert client.post(link, {"text": "Safe.", "rating": "good", "rating_reason": "Strong findings.", "base": "0"}).status_code == 302
    assert "Safe" in client.get(reverse("inspections:judgements", args=[rated.row.pk])).text
    assert client.get(reverse("inspections:narrate", args=[rated.row.pk, "caring"])).status_code == 404


def test_b15_a_share_of_the_findings_is_drawn_and_anybody_can_draw_it_again(world: Cast) -> None:
    for number in range(5):
        finding(world, number + 1)
    finding(world, 6, status="withdrawn")
    world.reporting()
    drawn = list(BlindView.objects.filter(inspection=world.row).values_list("finding__code", flat=True))
    standing = Finding.objects.standing().filter(inspection=world.row).values_list("code", flat=True)
    assert sorted(drawn) == sorted(drawing.draw(standing, world.now().blind_seed, 3))  # half of five, rounded up


def test_b15_a_second_view_is_blind(world: Cast) -> None:
    row = finding(world, kind="shortfall", severity="critical", text="The alarm was silent.")
    world.reporting()
    view = BlindView.objects.get()
    client, link = world.client("reviewer"), f"/workspace/inspections/{world.row.pk}/"
    for part in ("findings/", "judgements/", "review/", f"findings/{row.pk}/"):
        assert client.get(f"{link}{part}").headers["Location"] == f"{link}second-views/"
    page = client.get(f"{link}second-views/{view.pk}/")
    assert "The alarm was silent." in page.text
    assert page.text.count("Shortfall") == 1  # as one of the choices, never as what the team calls it
    assert "checked" not in page.text
    assert world.client("lead").get(f"{link}second-views/{view.pk}/").status_code == 404
    wrong = client.post(f"{link}second-views/{view.pk}/", {"kind": "shortfall", "severity": "", "reason": "Silent."})
    assert wrong.status_code == 422
    given = {"kind": "shortfall", "severity": "medium", "reason": "Silent, though somebody was awake."}
    assert client.post(f"{link}second-views/{view.pk}/", given).status_code == 302
    assert client.post(f"{link}second-views/{view.pk}/", given).status_code == 404
    assert client.get(f"{link}findings/").status_code == 200
    shown = world.client("lead").get(f"{link}review/").text
    assert "differs" in shown
    with pytest.raises(ValidationError, match="already"):
        judging.second_view(view, "meets", "", "Again.", by=world.who("reviewer"))


def test_what_is_missing_is_named_and_stops_the_approval(world: Cast) -> None:
    finding(world, status="draft")
    world.reporting()
    first = world.standards()[0]
    judging.judge(world.now(), first, KEPT, base=0, by=world.who("lead"))
    judging.remark(world.now(), "Say how many.", finding=None, judgement=None, by=world.who("reviewer"))
    found = {(problem.kind, problem.about) for problem in readiness.problems(world.now())}
    assert found == {
        ("unjudged", "RSK-01"), ("no_finding", "PRI-01"), ("draft", Finding.objects.get().code), ("narrative", "safe"), ("blind", ""),
        ("remarks", ""),
    }  # fmt: skip
    with pytest.raises(ValidationError):
        world.now().approve_judgements(readiness.digest(world.now()), by=world.who("reviewer"))


def test_perm_13_an_approval_is_bound_to_what_was_read(world: Cast) -> None:
    complete(world)
    read = readiness.digest(world.now())
    judging.judge(world.now(), world.standards()[0], KEPT | {"reason": "Changed meanwhile."}, base=1, by=world.who("lead"))
    with pytest.raises(ValidationError, match="Something was changed"):
        world.now().approve_judgements(read, by=world.who("reviewer"))
    client = world.client("reviewer")
    page = client.get(reverse("inspections:review", args=[world.row.pk]))
    answer = client.post(reverse("inspections:approve", args=[world.row.pk]), {"sha256": page.context["sha256"]})
    assert answer.status_code == 302
    assert readiness.is_approved(world.now())
    assert "exactly as it stands" in world.client("lead").get(reverse("inspections:review", args=[world.row.pk])).text
    Judgement.objects.filter(standard=world.standards()[0]).update(reason="Changed afterwards.")
    assert not readiness.is_approved(world.now())
    assert "something was changed since" in world.client("lead").get(reverse("inspections:review", args=[world.row.pk])).text
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(sha256="0" * 64)


@pytest.mark.parametrize("name", ["lead", "cleared", "other_lead", "publisher", "manager", "administrator"])
def test_perm_13_only_a_reviewer_approves(world: Cast, name: str) -> None:
    complete(world)
    with pytest.raises(PermissionDenied):
        world.now().approve_judgements(readiness.digest(world.now()), by=world.who(name))
    assert not Approval.objects.exists()


def test_remarks_are_about_something_and_are_settled(world: Cast) -> None:
    complete(world)
    row = Finding.objects.get(inspection=world.row, code__endswith="F01")
    client, link = world.client("reviewer"), reverse("inspections:review", args=[world.row.pk])
    assert client.post(link, {"about": f"f:{row.pk}", "text": "How many doors?"}).status_code == 302
    assert world.client("lead").post(link, {"about": "", "text": "x"}).status_code == 403
    remark = world.now().review_remarks.get()
    assert remark.finding == row
    assert "How many doors?" in world.client("lead").get(reverse("inspections:finding", args=[world.row.pk, row.pk])).text
    assert world.client("lead").post(reverse("inspections:settle", args=[world.row.pk, remark.pk])).status_code == 302
    assert not [problem for problem in readiness.problems(world.now()) if problem.kind == "remarks"]


def test_c38_judgements_ask_no_more_for_many(world: Cast) -> None:
    share(world)
    world.fieldwork()
    client, counts = world.client("lead"), []
    client.get("/workspace/")  # the first request of a session writes that it is there
    for more in (0, 40):
        for number in range(more):
            finding(world, number + 1)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("inspections:judgements", args=[world.row.pk])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 22
