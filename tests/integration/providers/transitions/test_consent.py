"""B10: purpose, receiver, items, period and how it was given; what is agreed is computed, what is taken back ends at once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.roles import Kind
from portal.audit.models import Event
from portal.vault.keyring import destroy_key
from providers.transitions import consents, disclosing, package, recalls
from providers.transitions.consent_states import LONDON
from providers.transitions.models import Consent, ConsentItem, Disclosure, KeptItem, Offer, Recall, Responsibility, Transition
from providers.transitions.models.agreement import State
from tests import builders
from tests.integration.providers.transitions import movers
from tests.integration.providers.transitions.movers import World, agreed, given_of, items_in

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


def items_of(consent: Consent) -> list[ConsentItem]:
    return list(consent.items.all())


def last_event(move: Transition) -> Event:
    found: Event = Event.objects.about(move).latest("pk")
    return found


# --- Giving -----------------------------------------------------------------------------------------------------------


def test_b10_an_agreement_keeps_what_for_to_whom_what_until_when_and_how(cast: World) -> None:
    consent = agreed(cast, "language", "health", until=date(2027, 1, 31), keep=False)
    consent.refresh_from_db()
    assert (consent.purpose, consent.organisation, consent.until) == ("hand_over", cast.receiver, date(2027, 1, 31))
    assert (consent.form, consent.language, consent.interpreter, consent.explained_by) == ("spoken", "ti", True, cast.worker)
    assert sorted(item.item for item in items_of(consent)) == ["health", "language"]
    assert last_event(cast.move).codes["items"] == ["health", "language"]


@pytest.mark.parametrize("who", ["reader", "taker", "stranger"])
def test_c4_only_who_works_for_the_responsible_side_writes_down_an_agreement(cast: World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        consents.give(cast.move, given_of(cast, "language"), by=getattr(cast, who))
    assert not Consent.objects.exists()
    assert not Event.objects.about(cast.move).exists()


def test_b9_after_first_contact_the_next_service_writes_it_down_and_the_first_no_more(cast: World) -> None:
    Responsibility.objects.pass_to(cast.move, cast.receiver, because="contact_confirmed", by=cast.taker)
    with pytest.raises(PermissionDenied):
        consents.give(cast.move, given_of(cast, "language"), by=cast.worker)
    consents.give(cast.move, given_of(cast, "language", organisation=cast.rival), by=cast.taker)


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": ()}, {"items": ("passport",)}, {"given_at": timezone.now() + timedelta(days=400)}, {"until": date(2020, 1, 1)},
        {"organisation": None}, {"purpose": "marketing"}, {"form": "implied"},
    ],
)  # fmt: skip
def test_what_cannot_be_an_agreement_is_refused_and_nothing_is_written(cast: World, wrong: dict[str, Any]) -> None:
    given = given_of(cast, "language")
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        consents.give(cast.move, type(given)(**(given.__dict__ | wrong)), by=cast.worker)
    assert not ConsentItem.objects.exists()


def test_nobody_agrees_towards_an_inspectorate_a_closed_organisation_or_oneself(cast: World) -> None:
    for organisation in (builders.organisation(Kind.INSPECTORATE), builders.organisation(status="closed"), cast.sender):
        with pytest.raises(ValidationError):
            consents.give(cast.move, given_of(cast, "language", organisation=organisation), by=cast.worker)


def test_idor_03_a_guest_of_another_move_is_no_receiver(cast: World) -> None:
    other = movers.world()
    foreign = movers.offer_of(other.move, None, other.worker, status="offered")
    with pytest.raises(ValidationError):
        consents.give(cast.move, given_of(cast, "language", organisation=None, offer=foreign), by=cast.worker)


def test_the_database_itself_refuses_two_receivers_or_none(cast: World) -> None:
    consent = agreed(cast, "language", keep=False)
    for receiver in ({"offer": cast.offer}, {"organisation": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.filter(pk=consent.pk).update(**receiver)


def test_an_ended_move_takes_no_agreement(cast: World) -> None:
    Transition.objects.filter(pk=cast.move.pk).update(status="closed_sustained")
    with pytest.raises(ValidationError):
        agreed(cast, "language")


# --- The four states, in the package -----------------------------------------------------------------------------------


def test_c30_c33_nothing_goes_until_she_agrees_and_the_sender_turns_it_on(cast: World) -> None:
    assert items_in(cast.offer) == []
    agreed(cast, "language", "health", keep=False)
    assert items_in(cast.offer) == []
    package.keep(cast.offer, ["health"], by=cast.worker)
    assert items_in(cast.offer) == ["health"]
    package.keep(cast.offer, ["language"], by=cast.worker)
    assert items_in(cast.offer) == ["language"]
    assert last_event(cast.move).codes == {"offer": str(cast.offer.pk), "added": ["language"], "left_out": ["health"]}


def test_c33_what_she_does_not_agree_to_cannot_be_chosen(cast: World) -> None:
    agreed(cast, "language")
    with pytest.raises(ValidationError):
        package.keep(cast.offer, ["language", "health"], by=cast.worker)
    assert items_in(cast.offer) == ["language"]


def test_c24_absent_given_indefinite_expired_and_withdrawn_are_told_apart(cast: World) -> None:
    day = timezone.localdate()
    agreed(cast, "health", until=day + timedelta(days=1))
    agreed(cast, "language")
    gone = agreed(cast, "safety")
    consents.withdraw(cast.move, items_of(gone), by=cast.worker)
    states = consents.states_for(cast.offer, timezone.now())
    assert states["money"] == State.ABSENT
    assert states["health"] == State.GIVEN
    assert states["language"] == State.INDEFINITE
    assert states["safety"] == State.WITHDRAWN
    assert consents.states_for(cast.offer, timezone.now() + timedelta(days=3))["health"] == State.EXPIRED
    assert items_in(cast.offer) == ["language", "health"]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "UTC"])
def test_c24_access_ends_with_the_last_instant_of_the_day_in_london(cast: World, zone: str) -> None:
    agreed(cast, "health", given_at=datetime(2025, 6, 1, 9, tzinfo=LONDON), until=date(2025, 7, 1), keep=False)
    KeptItem.objects.create(offer=cast.offer, item="health", by=cast.worker)
    last = datetime(2025, 7, 1, 23, 59, 59, 999999, tzinfo=LONDON)
    with timezone.override(zone):
        assert items_in(cast.offer, last) == ["health"]
        assert items_in(cast.offer, last + timedelta(microseconds=1)) == []


def test_an_agreement_counts_for_its_purpose_and_its_receiver_only(cast: World) -> None:
    agreed(cast, "health", purpose="follow_up", keep=False)
    agreed(cast, "health", organisation=cast.rival, keep=False)
    assert consents.states_for(cast.offer, timezone.now())["health"] == State.ABSENT
    with pytest.raises(ValidationError):
        package.keep(cast.offer, ["health"], by=cast.worker)


def test_b11_a_guest_s_agreement_counts_for_that_guest_alone(cast: World) -> None:
    guest, other = (movers.offer_of(cast.move, None, cast.worker, status="offered") for _ in range(2))
    agreed(cast, "language", organisation=None, offer=guest, keep=False)
    package.keep(guest, ["language"], by=cast.worker)
    assert items_in(guest) == ["language"]
    assert items_in(other) == []
    assert items_in(cast.offer) == []


def test_before_accepting_how_to_reach_her_her_card_and_her_lawyer_are_absent(cast: World) -> None:
    agreed(cast, "contact", "card", "legal", "language")
    Offer.objects.filter(pk=cast.offer.pk).update(status="offered")
    assert items_in(cast.offer) == ["language"]
    Offer.objects.filter(pk=cast.offer.pk).update(status="accepted")
    assert items_in(cast.offer) == ["contact", "language", "legal", "card"]


def test_what_she_wants_passed_on_to_nobody_stays_whatever_was_ticked(cast: World) -> None:
    agreed(cast, "health", "language")
    movers.seal(cast.move, package.KEPT_BACK, ["health"])
    assert items_in(cast.offer) == ["language"]


@pytest.mark.parametrize("status", ["declined", "withdrawn", "expired"])
def test_an_offer_that_ended_opens_nothing(cast: World, status: str) -> None:
    agreed(cast, "health")
    Offer.objects.filter(pk=cast.offer.pk).update(status=status)
    assert items_in(cast.offer) == []


def test_ret_07_hidden_or_erased_there_is_nothing_and_no_error(cast: World) -> None:
    agreed(cast, "health")
    Transition.objects.filter(pk=cast.move.pk).update(status="purging")
    assert items_in(cast.offer) == []
    Transition.objects.filter(pk=cast.move.pk).update(status="settling")
    destroy_key(cast.move.pk)
    assert items_in(cast.offer) == []


# --- Taking back ------------------------------------------------------------------------------------------------------


def test_b10_one_item_is_taken_back_by_itself_at_once(cast: World) -> None:
    consent = agreed(cast, "health", "language")
    health = consent.items.get(item="health")
    consents.withdraw(cast.move, [health], by=cast.worker)
    assert items_in(cast.offer) == ["language"]
    health.refresh_from_db()
    assert (health.withdrawn_by, health.state(timezone.now())) == (cast.worker, State.WITHDRAWN)


def test_b10_taking_back_and_the_recall_are_one_transaction(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    consent = agreed(cast, "health")

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("the power fails here")

    monkeypatch.setattr("providers.transitions.consents.record", broken)
    with pytest.raises(RuntimeError):
        consents.withdraw(cast.move, items_of(consent), by=cast.worker)
    assert items_in(cast.offer) == ["health"]
    assert not Recall.objects.exists()
    monkeypatch.undo()
    assert len(consents.withdraw(cast.move, items_of(consent), by=cast.worker)) == 1
    assert items_in(cast.offer) == []


def test_b10_a_recall_goes_to_whoever_was_sent_it_also_when_it_was_trimmed_or_refused_since(cast: World) -> None:
    consent = agreed(cast, "health", "language", "money", keep=False)
    package.keep(cast.offer, ["health", "language"], by=cast.worker)
    package.keep(cast.offer, ["language"], by=cast.worker)
    Offer.objects.filter(pk=cast.offer.pk).update(status="declined")
    sent = consents.withdraw(cast.move, items_of(consent), by=cast.worker)
    assert sorted(recall.item.item for recall in sent) == ["health", "language"]  # money never went
    assert {recall.offer_id for recall in sent} == {cast.offer.pk}


def test_b10_taken_back_twice_is_one_recall(cast: World) -> None:
    consent = agreed(cast, "health")
    consents.withdraw(cast.move, items_of(consent), by=cast.worker)
    first = consent.items.get().withdrawn_at
    assert consents.withdraw(cast.move, items_of(consent), by=cast.worker) == []
    assert consent.items.get().withdrawn_at == first
    assert Recall.objects.count() == 1


def test_after_a_new_agreement_nothing_flows_until_the_sender_chooses_anew(cast: World) -> None:
    consents.withdraw(cast.move, items_of(agreed(cast, "health")), by=cast.worker)
    agreed(cast, "health", given_at=timezone.now(), keep=False)
    assert items_in(cast.offer) == []
    package.keep(cast.offer, ["health"], by=cast.worker)
    assert items_in(cast.offer) == ["health"]
    assert KeptItem.objects.count() == 1


def test_she_may_take_it_back_with_the_receiver_and_nobody_else_may(cast: World) -> None:
    consent = agreed(cast, "health")
    elsewhere = agreed(cast, "health", organisation=cast.rival, keep=False)
    for who in (cast.reader, cast.taker_reader, cast.stranger):
        with pytest.raises(PermissionDenied):
            consents.withdraw(cast.move, items_of(consent), by=who)
    with pytest.raises(PermissionDenied):
        consents.withdraw(cast.move, items_of(elsewhere), by=cast.taker)
    assert items_in(cast.offer) == ["health"]
    consents.withdraw(cast.move, items_of(consent), by=cast.taker)
    assert items_in(cast.offer) == []


def test_idor_03_an_item_of_another_move_is_left_alone(cast: World) -> None:
    other = movers.world()
    foreign = agreed(other, "health")
    assert consents.withdraw(cast.move, items_of(foreign), by=cast.worker) == []
    assert items_in(other.offer) == ["health"]


# --- Answering a recall -------------------------------------------------------------------------------------------------


def recalled(cast: World) -> Recall:
    return consents.withdraw(cast.move, items_of(agreed(cast, "health")), by=cast.worker)[0]


def test_b10_the_receiver_confirms_that_it_is_deleted(cast: World) -> None:
    recall = recalled(cast)
    recalls.answer(recall, by=cast.taker)
    assert (recall.ground, recall.answered_by, recall.deleted_at) == ("", cast.taker, recall.answered_at)
    assert last_event(cast.move).codes["ground"] == "deleted"


def test_b10_or_states_a_ground_in_law(cast: World) -> None:
    recall = recalled(cast)
    recalls.answer(recall, ground="court", by=cast.taker)
    assert (recall.ground, recall.deleted_at) == ("court", None)


@pytest.mark.parametrize("who", ["worker", "manager", "taker_reader", "stranger"])
def test_c4_nobody_answers_for_the_receiver(cast: World, who: str) -> None:
    recall = recalled(cast)
    with pytest.raises(PermissionDenied):
        recalls.answer(recall, by=getattr(cast, who))
    assert Recall.objects.open().count() == 1


def test_an_answer_is_given_once_and_a_ground_is_one_of_the_list(cast: World) -> None:
    recall = recalled(cast)
    with pytest.raises(ValidationError):
        recalls.answer(recall, ground="we like it", by=cast.taker)
    recalls.answer(recall, by=cast.taker)
    with pytest.raises(ValidationError):
        recalls.answer(recall, ground="claim", by=cast.taker)
    recall.refresh_from_db()
    assert recall.ground == ""


def test_the_database_itself_refuses_half_an_answer(cast: World) -> None:
    recall = recalled(cast)
    now = timezone.now()
    for fields in (
        {"answered_at": now},
        {"ground": "court"},
        {"answered_at": now, "deleted_at": now, "ground": "court"},
        {"deleted_at": now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recall.objects.filter(pk=recall.pk).update(**fields)


# --- Without agreement --------------------------------------------------------------------------------------------------

REASON = "There is a threat tonight at the place where she sleeps."


def disclosed(cast: World, *items: str, **fields: Any) -> Disclosure:
    words: dict[str, Any] = {"basis": "safeguarding", "reason": REASON, "organisation": cast.receiver, "by": cast.worker} | fields
    return disclosing.disclose(cast.move, items, **words)


def test_b10_a_disclosure_opens_exactly_its_items_at_once_and_is_told_apart(cast: World) -> None:
    agreed(cast, "language")
    disclosed(cast, "safety")
    assert [(part.item, part.because) for part in package.package_for(cast.offer).parts] == [
        ("language", "consent"),
        ("safety", "disclosure"),
    ]


@pytest.mark.parametrize("outcome", ["too_much", "not_upheld"])
def test_b10_a_review_that_says_no_ends_access_and_upheld_keeps_it(cast: World, outcome: str) -> None:
    first, second = disclosed(cast, "safety"), disclosed(cast, "health")
    disclosing.review(first, outcome, by=cast.manager)
    disclosing.review(second, "upheld", by=cast.manager)
    assert items_in(cast.offer) == ["health"]


def test_b10_nobody_reviews_their_own_act_nor_a_reader_nor_the_receiver(cast: World) -> None:
    own = disclosed(cast, "safety", by=cast.manager)
    for who in (cast.manager, cast.worker, cast.reader, cast.taker, cast.stranger):
        with pytest.raises(PermissionDenied):
            disclosing.review(own, "upheld", by=who)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(pk=own.pk).update(reviewed_by=cast.manager, reviewed_at=timezone.now(), review_outcome="upheld")
    own.refresh_from_db()
    assert own.reviewed_at is None


def test_a_review_is_final(cast: World) -> None:
    found = disclosed(cast, "safety")
    disclosing.review(found, "not_upheld", by=cast.manager)
    with pytest.raises(ValidationError):
        disclosing.review(found, "upheld", by=cast.manager)
    assert items_in(cast.offer) == []


@pytest.mark.parametrize("wrong", [{"reason": "safeguarding"}, {"basis": "because"}, {"outside": "police"}, {"organisation": None},
                                   {"organisation": None, "outside": "a neighbour"}])  # fmt: skip
def test_a_disclosure_needs_a_ground_a_reason_and_one_receiver(cast: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        disclosed(cast, "safety", **wrong)
    with pytest.raises(ValidationError):
        disclosed(cast)
    assert not Disclosure.objects.exists()


def test_ret_03_the_reason_is_sealed_and_the_trail_knows_codes_only(cast: World) -> None:
    found = disclosed(cast, "safety", organisation=None, outside="police")
    assert b"threat" not in bytes(found.reason_blob)
    assert "threat" not in str(last_event(cast.move).codes)
    assert last_event(cast.move).codes["to"] == "police"
    assert items_in(cast.offer) == []


def test_a_withdrawal_does_not_end_a_disclosure_and_a_disclosure_is_no_agreement(cast: World) -> None:
    consents.withdraw(cast.move, items_of(agreed(cast, "safety")), by=cast.worker)
    disclosed(cast, "safety")
    assert consents.states_for(cast.offer, timezone.now())["safety"] == State.WITHDRAWN
    assert items_in(cast.offer) == ["safety"]
