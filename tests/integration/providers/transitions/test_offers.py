"""Offers and guests: asking, answering, declining, the telephone, running out; link and code (B9, B11, C28, C29, C30, C37)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from portal.audit import working
from portal.audit.models import Event, Job
from portal.steps import WrongState
from providers.transitions import guests, offering, package, sections, tasks
from providers.transitions.codes import Item
from providers.transitions.models import Guest, Offer, SealedSection
from tests.integration.providers.transitions.cast import CANARY, World
from tests.integration.providers.transitions.test_ledger import whole

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ROOT = "/workspace/transitions/"
TODAY = timezone.localdate


# --- In the network ------------------------------------------------------------------------------------------------------------------


def test_c30_nothing_is_offered_before_she_agrees_and_one_at_a_time(world: World) -> None:
    world.begin()
    row, worker = world.now(), world.who("worker")
    with pytest.raises(ValidationError, match="agree"):
        offering.send(row, world.receiver, by=worker)
    row.plan(by=worker)
    with pytest.raises(ValidationError, match="No agreement"):
        row.agree("recorded", by=worker)
    consent = world.consent()
    row.agree("recorded", by=worker)
    consent.items.update(withdrawn_at=timezone.now())
    with pytest.raises(ValidationError, match="holds now"):
        offering.send(world.now(), world.receiver, by=worker)
    consent.items.update(withdrawn_at=None)
    offering.send(world.now(), world.receiver, by=worker)
    with pytest.raises(ValidationError, match="already"):
        offering.send(world.now(), world.elsewhere, by=worker)
    assert Offer.objects.count() == 1


def test_c37_a_refusal_has_a_reason_and_a_next_step_and_is_not_the_end(world: World) -> None:
    offer = world.offered()
    client = world.client("their_worker")
    address = f"{ROOT}{world.row.pk}/offers/{offer.pk}/answer/decline/"
    assert client.post(address, {"reason": "no_space"}).status_code == 422
    assert client.post(address, {"reason": "no_space", "next_step": "ask_later"}).status_code == 302
    offer.refresh_from_db()
    assert (offer.status, offer.decline_reason, offer.next_step) == ("declined", "no_space", "ask_later")
    assert (world.now().status, world.now().responsible_id) == ("declined", world.sender.pk)
    assert client.get(f"{ROOT}{world.row.pk}/").status_code == 404, "whoever said no sees no more"
    assert "Ask us again in two weeks" in world.client("worker").get(f"{ROOT}{world.row.pk}/").content.decode()
    world.now().plan_again(by=world.who("worker"))
    assert world.now().status == "planning"


def test_c29_acceptance_heard_on_the_telephone_keeps_name_and_time_sealed(world: World) -> None:
    offer = world.offered()
    address = f"{ROOT}{world.row.pk}/offers/{offer.pk}/phone/accept_by_phone/"
    data = {
        "start_on": TODAY(),
        "name": f"{CANARY} Bee",
        "role": "duty manager",
        "heard_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    assert world.client("their_worker").post(address, data).status_code == 403
    assert world.client("worker").post(address, data | {"name": ""}).status_code == 422
    assert world.client("worker").post(address, data).status_code == 302
    offer.refresh_from_db()
    assert (offer.status, offer.by_phone, offer.answered_by) == ("accepted", True, None)
    held = sections.read(world.now(), [offering.PHONE])[offering.PHONE]
    assert (held["name"], held["what"]) == (f"{CANARY} Bee", "accepted")
    assert world.now().responsible_id == world.sender.pk
    with pytest.raises(PermissionDenied):  # inside the network only the receiver says that it has met her
        offering.take(offer, "confirm_by_phone", timezone.now(), by=world.who("worker"))


def test_b9_after_contact_the_sender_has_the_thin_view_only(world: World) -> None:
    world.met()
    client = world.client("worker")
    assert client.get(f"{ROOT}{world.row.pk}/").status_code == 200
    for tail in ("needs/health/", "change/", "checklist/", "dates/", "history/", "looks/"):
        assert client.get(f"{ROOT}{world.row.pk}/{tail}").status_code == 403, tail
    with pytest.raises(PermissionDenied):
        world.now().settle(by=world.who("worker"))
    assert world.client("their_worker").get(f"{ROOT}{world.row.pk}/checklist/").status_code == 200


def test_questions_are_asked_by_one_side_and_answered_by_the_other(world: World) -> None:
    offer = world.offered()
    ask = f"{ROOT}{world.row.pk}/offers/{offer.pk}/ask/"
    assert world.client("worker").post(ask, {"text": "May we ask?"}).status_code == 403
    assert world.client("their_worker").post(ask, {"text": "Call 07700 900123"}).status_code == 422
    assert world.client("their_worker").post(ask, {"text": "Is a ground floor needed?"}).status_code == 302
    question = offer.questions.get()
    reply = f"{ROOT}{world.row.pk}/offers/{offer.pk}/questions/{question.pk}/"
    assert world.client("their_worker").post(reply, {"text": "No"}).status_code == 403
    assert world.client("worker").post(reply, {"text": "No, stairs are fine."}).status_code == 302
    assert world.client("worker").post(reply, {"text": "Twice"}).status_code == 422
    page = world.client("their_worker").get(f"{ROOT}{world.row.pk}/").content.decode()
    assert "Is a ground floor needed?" in page
    assert "No, stairs are fine." in page


def test_an_offer_without_an_answer_runs_out_and_nobody_falls(world: World) -> None:
    offer = world.offered()
    Offer.objects.filter(pk=offer.pk).update(
        offered_at=timezone.now() - timedelta(days=11), answer_due_at=timezone.now() - timedelta(days=4)
    )
    tasks.close_what_ran_out(TODAY().isoformat())
    offer.refresh_from_db()
    assert offer.status == "offered", "ten working days are not over"
    Offer.objects.filter(pk=offer.pk).update(offered_at=timezone.now() - timedelta(days=30))
    tasks.close_what_ran_out(TODAY().isoformat())
    tasks.close_what_ran_out(TODAY().isoformat())
    offer.refresh_from_db()
    assert offer.status == "expired"
    assert (world.now().status, world.now().responsible_id) == ("planning", world.sender.pk)


def test_an_answer_too_late_is_409_and_changes_nothing(world: World) -> None:
    offer = world.offered()
    offering.take(offer, "withdraw", by=world.who("worker"))
    with pytest.raises(WrongState):
        offering.take(offer, "accept", TODAY(), by=world.who("their_worker"))
    assert world.now().status == "planning"


def test_an_answer_while_the_manager_has_it_is_kept(world: World) -> None:
    offer = world.offered()
    world.now().escalate(by=world.who("worker"))
    offering.take(offer, "accept", TODAY(), by=world.who("their_worker"))
    assert (world.now().status, world.now().escalated_from) == ("escalated", "accepted")
    world.now().hand_back(by=world.who("manager"))
    assert world.now().status == "accepted"


# --- Guests ----------------------------------------------------------------------------------------------------------------------------


def link() -> str:
    """The address in the newest mail."""
    working.run_due()
    line = next(line for line in mail.outbox[-1].body.splitlines() if line.startswith("http"))
    return "/" + line.split("/", 3)[3]


def come_in(world: World) -> tuple[Client, guests.Invited]:
    """A guest with link and code."""
    invited = world.outside()
    browser = Client()
    assert browser.post(link(), {"code": f"{invited.code[:4]} {invited.code[4:]}"})["Location"] == f"{ROOT}guest/"
    return browser, invited


def test_b11_link_and_code_together_open_the_door_once(world: World) -> None:
    invited = world.outside()
    address = link()
    assert mail.outbox[-1].to == ["housing@council.example"]
    assert invited.code not in mail.outbox[-1].body
    assert str(world.row.pk) not in mail.outbox[-1].body
    assert not any(invited.code in str(value) for value in Guest.objects.values_list().get())
    assert address.rstrip("/").rpartition("/")[2] not in str(Guest.objects.values_list().get())
    assert address.rstrip("/").rpartition("/")[2] not in str(list(Job.objects.values_list("arguments", flat=True)))
    assert Client().get(address).status_code == 200, "a mail scanner opens the link and spends nothing"
    browser = Client()
    assert browser.get(f"{ROOT}guest/").status_code == 410
    assert browser.post(address, {"code": invited.code}).status_code == 302
    page = browser.get(f"{ROOT}guest/")
    assert page.status_code == 200
    assert Client().post(address, {"code": invited.code}).status_code == 410, "the link works once"
    assert Event.objects.filter(verb="transitions.guest.look", subject_id=invited.guest.offer_id).count() == 1


def test_b11_the_minimum_view_and_what_she_agrees_to_later(world: World) -> None:
    browser, invited = come_in(world)
    page = browser.get(f"{ROOT}guest/").content.decode()
    assert "Temporary home from a council" in page
    for word in (
        CANARY,
        "ትግርኛ",
        "Takes medicine",
        str(world.row.pk),
        world.people["worker"].email,
        sections.references([world.row])[world.row.pk],
    ):
        assert word not in page
    world.consent(Item.LANGUAGE, offer=invited.guest.offer)
    assert "ትግርኛ" not in browser.get(f"{ROOT}guest/").content.decode(), "she agrees; nobody has chosen yet that it goes"
    package.keep(invited.guest.offer, [Item.LANGUAGE], by=world.who("worker"))
    assert "ትግርኛ" in browser.get(f"{ROOT}guest/").content.decode()
    assert browser.get(f"{ROOT}{world.row.pk}/")["Location"].startswith("/accounts/login/")


def test_b11_five_wrong_codes_shut_the_door_and_only_the_sender_opens_it(world: World) -> None:
    invited = world.outside()
    address = link()
    wrong = f"{(int(invited.code) + 1) % 10**8:08d}"
    for number in range(5):
        assert Client().post(address, {"code": wrong}).status_code == 422, number
    assert Client().post(address, {"code": invited.code}).status_code == 410
    assert Event.objects.filter(verb="transitions.guest.wrong_code").count() == 5
    answer = world.client("worker").post(f"{ROOT}{world.row.pk}/offers/{invited.guest.offer_id}/guest/renew/")
    code = answer.context["spoken"]
    assert code in answer.content.decode()
    assert Client().post(link(), {"code": invited.code}).status_code == 422, "the old code is dead"
    assert Client().post(link(), {"code": code}).status_code == 302


def test_b11_a_used_link_asks_for_a_new_one_three_times_an_hour_and_says_nothing(world: World) -> None:
    invited = world.outside()
    link()
    sent = len(mail.outbox)
    for _number in range(5):
        there = Client().post(f"{ROOT}guest/{invited.guest.pk}/again/")
        working.run_due()
    nowhere = Client().post(f"{ROOT}guest/{world.row.pk}/again/")
    assert len(mail.outbox) - sent == 3
    assert there.content.split(b"csrf")[0] == nowhere.content.split(b"csrf")[0]
    assert there.status_code == nowhere.status_code == 200


@pytest.mark.parametrize("act", ["revoke", "withdraw", "expire", "renew"])
def test_b11_perm_07_what_was_closed_is_closed_at_the_next_request(world: World, act: str) -> None:
    browser, invited = come_in(world)
    assert browser.get(f"{ROOT}guest/").status_code == 200
    if act == "revoke":
        guests.revoke(invited.guest, by=world.who("worker"))
    elif act == "renew":
        guests.renew(invited.guest, by=world.who("worker"))
    elif act == "withdraw":
        offering.take(invited.guest.offer, "withdraw", by=world.who("worker"))
    else:
        Guest.objects.filter(pk=invited.guest.pk).update(expires_at=timezone.now())
    for tail in ("", "ask/", "answer/accept/"):
        assert browser.get(f"{ROOT}guest/{tail}").status_code == 410, tail


def test_b11_the_session_of_a_guest_ends_after_half_an_hour_without_use(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, _invited = come_in(world)
    now = guests.time.time()
    monkeypatch.setattr(guests.time, "time", lambda: now + guests.MINUTES * 60 + 1)
    assert browser.get(f"{ROOT}guest/").status_code == 410


def test_b11_from_question_to_first_contact_without_an_account(world: World) -> None:
    browser, invited = come_in(world)
    assert browser.post(f"{ROOT}guest/ask/", {"text": "How many rooms are needed?"}).status_code == 302
    assert browser.post(f"{ROOT}guest/answer/accept/", {"start_on": TODAY()}).status_code == 302
    assert browser.post(f"{ROOT}guest/answer/confirm_contact/", {"contact_at": "2026-01-01T10:00"}).status_code == 409, "she is still here"
    assert world.now().responsible_id == world.sender.pk
    world.consent(Item.LANGUAGE, offer=invited.guest.offer)
    world.now().book(TODAY(), by=world.who("worker"))
    world.tick_all()
    world.now().move(by=world.who("worker"))
    met: dict[str, Any] = {"contact_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
    assert browser.post(f"{ROOT}guest/answer/confirm_contact/", met).status_code == 302
    row = world.now()
    assert (row.status, row.responsible_id) == ("confirmed_safe", None)
    assert row.responsible is not None
    assert row.responsible.holder == "Temporary home from a council"
    whole(row)
    row.settle(by=world.who("worker"))  # outside the network nobody else can ask how it goes
    assert world.now().status == "settling"


def test_b11_a_guest_can_decline_and_is_out(world: World) -> None:
    browser, invited = come_in(world)
    assert browser.post(f"{ROOT}guest/answer/decline/", {"reason": "no_space", "next_step": "talk"}).status_code == 200
    assert browser.get(f"{ROOT}guest/").status_code == 410
    assert world.now().status == "declined"
    assert Event.objects.get(verb="transitions.offer.decline").by is None
    invited.guest.offer.refresh_from_db()
    assert invited.guest.offer.status == "declined"


def test_b11_contact_with_a_service_outside_can_be_heard_on_the_telephone(world: World) -> None:
    invited = world.outside()
    offer = invited.guest.offer
    heard = offering.Heard(f"{CANARY} officer", "housing officer", timezone.now())
    offering.hear_acceptance(offer, TODAY(), heard, by=world.who("worker"))
    world.consent(Item.LANGUAGE, offer=offer)
    world.now().book(TODAY(), by=world.who("worker"))
    world.tick_all()
    world.now().move(by=world.who("worker"))
    offering.hear_contact(offer, timezone.now(), heard, by=world.who("worker"))
    assert world.now().responsible_id is None
    assert SealedSection.objects.filter(transition=world.row, item=offering.PHONE).count() == 2
    whole(world.row)
