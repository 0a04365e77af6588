"""What should change: the provider's answers, agreement, the action plan, looking again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from standards.actions.models import Action, Source
from standards.reports import desk, following
from standards.reports.models import ItemResponse
from tests.integration.standards.reports.cast import Cast

pytestmark = pytest.mark.django_db
LIST = "/workspace/reports/"


def answer(**changes: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    return {"answer": "accept", "reason": "", "what": "Weekly look at every plan.", "due_on": day.isoformat(), "version": 0} | changes


def test_an_accepted_item_is_an_action_of_the_providers_plan_once(world: Cast) -> None:
    world.to("action_plan_due")
    item = world.report.items.get()
    client, where = world.client("manager"), f"{LIST}items/{world.report.items.get().pk}/answer/"
    assert client.get(where).status_code == 200
    assert client.post(where, answer()).status_code == 302
    assert client.post(where, answer(what="Another plan.")).status_code == 409
    assert client.post(where, answer(what="Another plan.", version=1)).status_code == 302
    (action,) = Action.objects.of_source(Source.FINDING, [item.pk])
    assert (action.organisation, action.service, action.what) == (world.provider, world.service, "Weekly look at every plan.")
    page = world.client("lead").get(f"{LIST}{world.report.pk}/items/").content.decode()
    assert "Another plan." in page


@pytest.mark.parametrize("wrong", [
    {"answer": "not_accept", "what": ""}, {"answer": "partly"}, {"what": " "}, {"due_on": ""}, {"due_on": "2020-01-01"},
    {"answer": "maybe"},
])  # fmt: skip
def test_an_answer_says_what_or_why_not(world: Cast, wrong: dict[str, Any]) -> None:
    world.to("action_plan_due")
    where = f"{LIST}items/{world.report.items.get().pk}/answer/"
    assert world.client("manager").post(where, answer(**wrong)).status_code == 422
    assert not ItemResponse.objects.exists()
    assert not Action.objects.exists()


def test_what_is_not_accepted_plans_nothing(world: Cast) -> None:
    world.to("action_plan_due")
    where = f"{LIST}items/{world.report.items.get().pk}/answer/"
    assert (
        world.client("manager").post(where, answer(answer="not_accept", reason="The contract says otherwise.", what="")).status_code == 302
    )
    assert not Action.objects.exists()


def test_c48_a_returned_answer_is_read_where_it_is_mended(world: Cast) -> None:
    world.to("action_plan_due")
    item = world.report.items.get()
    manager, lead = world.client("manager"), world.client("lead")
    manager.post(f"{LIST}items/{item.pk}/answer/", answer())
    with pytest.raises(ValidationError, match="Not agreed yet"):
        world.take("agree_answers", by="lead")
    assert lead.post(f"{LIST}items/{item.pk}/return/", {"reason": ""}).status_code == 422
    assert lead.post(f"{LIST}items/{item.pk}/return/", {"reason": "By whom?"}).status_code == 302
    assert "By whom?" in manager.get(f"{LIST}items/{item.pk}/answer/").content.decode()
    assert any(need.url == f"{LIST}{world.report.pk}/items/" for need in desk.needs(world.who("manager")))
    version = ItemResponse.objects.get().version
    assert manager.post(f"{LIST}items/{item.pk}/answer/", answer(what="The manager does it.", version=version)).status_code == 302
    for who in ("manager", "inspector", "reviewer", "publisher"):
        assert world.client(who).post(f"{LIST}items/{item.pk}/agree/").status_code == 403
    assert lead.post(f"{LIST}items/{item.pk}/agree/").status_code == 302
    world.take("agree_answers", by="lead")


def test_a_report_closes_when_every_item_is_closed_or_carried(world: Cast) -> None:
    world.to("follow_up")
    item = world.report.items.get()
    with pytest.raises(ValidationError, match="Still open"):
        world.take("close", by="lead")
    sent = {"on": timezone.localdate().isoformat(), "method": "Call", "result": "progress", "note": "Half of it."}
    lead, where = world.client("lead"), f"{LIST}items/{item.pk}/follow-up/"
    assert lead.get(where).status_code == 200
    assert lead.post(where, sent | {"on": "2099-01-01"}).status_code == 422
    assert lead.post(where, sent).status_code == 302
    with pytest.raises(ValidationError, match="Still open"):
        world.take("close", by="lead")
    assert lead.post(where, sent | {"result": "superseded"}).status_code == 302
    assert world.take("close", by="lead").status == "closed"
    item.refresh_from_db()
    assert item.status == "carried"


def test_nobody_answers_for_a_rival(world: Cast) -> None:
    world.to("action_plan_due")
    item = world.report.items.get()
    for who in ("rival", "reader", "lead", "commissioner"):
        with pytest.raises(PermissionDenied):
            following.respond(item, answer(due_on=timezone.localdate()), base=0, by=world.who(who))
