"""The pages of agreements: who reaches them, what stands on them, and that every look is written down."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import Event, Notice, View
from portal.audit.notices import deliver
from providers.transitions import consents, disclosing
from providers.transitions.codes import Item
from providers.transitions.models import Consent, ConsentItem, Disclosure, KeptItem, Offer, Recall
from tests.builders import sign_in
from tests.integration.providers.transitions import movers
from tests.integration.providers.transitions.movers import CANARY, World, agreed, items_in
from tests.integration.providers.transitions.test_consent import REASON, disclosed, items_of, recalled

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


def address(name: str, *args: Any) -> str:
    return reverse(f"consent:{name}", args=args)


def canaries(text: str) -> set[str]:
    return {item for item in Item.values if CANARY.format(item) in text}


def page(user: Any, path: str) -> Any:
    return sign_in(user).get(path)


def given_form(cast: World, **changed: Any) -> dict[str, Any]:
    return {
        "purpose": "hand_over", "receiver": f"organisation:{cast.receiver.pk}", "items": ["health", "language"], "ends": "none",
        "until": "", "given_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "form": "spoken", "language": "ti", "interpreter": "yes",
        "explained_by": str(cast.worker.pk),
    } | changed  # fmt: skip


def test_perm_06_each_reader_sees_exactly_what_is_agreed_and_chosen(cast: World) -> None:
    agreed(cast, "health", "language")
    path = address("package", cast.move.pk, cast.offer.pk)
    for who in ("taker", "worker", "manager"):
        assert canaries(page(getattr(cast, who), path).content.decode()) == {"health", "language"}
    for who in ("taker_reader", "reader"):  # they see where it stands, never what is about her
        assert page(getattr(cast, who), path).status_code == 403
    assert page(cast.stranger, path).status_code == 404


def test_perm_06_how_to_reach_her_is_for_the_named_workers_alone(cast: World) -> None:
    agreed(cast, "health", "contact")
    path = address("package", cast.move.pk, cast.offer.pk)
    assert canaries(page(cast.taker, path).content.decode()) == {"health"}  # nobody has accepted in her name yet
    Offer.objects.filter(pk=cast.offer.pk).update(answered_by=cast.taker)
    found = {who: canaries(page(getattr(cast, who), path).content.decode()) for who in ("taker", "worker", "manager")}
    assert found == {"taker": {"health", "contact"}, "worker": {"health", "contact"}, "manager": {"health"}}


def test_b10_the_page_is_empty_in_the_request_after_she_took_it_back(cast: World) -> None:
    consent = agreed(cast, "health")
    browser, path = sign_in(cast.taker), address("package", cast.move.pk, cast.offer.pk)
    assert canaries(browser.get(path).content.decode()) == {"health"}
    consents.withdraw(cast.move, items_of(consent), by=cast.worker)
    assert canaries(browser.get(path).content.decode()) == set()


def test_c26_every_look_at_a_package_is_one_row(cast: World) -> None:
    browser, path = sign_in(cast.taker), address("package", cast.move.pk, cast.offer.pk)
    browser.get(path)
    browser.get(path)
    looks = View.objects.about(cast.move)
    assert [(look.by, look.why) for look in looks] == [(cast.taker, "package")] * 2


@pytest.mark.parametrize("name", ["show", "give", "withdraw", "disclose", "move_on", "card"])
@pytest.mark.parametrize(("who", "status"), [("worker", 200), ("manager", 200), ("stranger", 404)])
def test_idor_01_pages_of_a_move_belong_to_the_responsible_side(cast: World, name: str, who: str, status: int) -> None:
    assert page(getattr(cast, who), address(name, cast.move.pk)).status_code == status


@pytest.mark.parametrize("name", ["give", "withdraw", "disclose", "move_on", "card"])
def test_c4_a_reader_may_look_and_not_act(cast: World, name: str) -> None:
    assert page(cast.reader, address("show", cast.move.pk)).status_code == 200
    assert page(cast.reader, address(name, cast.move.pk)).status_code == 403


@pytest.mark.parametrize("name", ["show", "give", "disclose", "move_on"])
def test_the_receiver_of_an_offer_has_none_of_the_sender_s_pages(cast: World, name: str) -> None:
    assert page(cast.taker, address(name, cast.move.pk)).status_code == 404


def test_idor_01_an_offer_of_another_move_is_not_there(cast: World) -> None:
    other = movers.world()
    for name in ("package", "choose"):
        assert page(cast.worker, address(name, cast.move.pk, other.offer.pk)).status_code == 404
        assert page(other.taker, address(name, cast.move.pk, other.offer.pk)).status_code == 404
    mine = disclosed(other, "safety")
    assert page(cast.manager, address("review", cast.move.pk, mine.pk)).status_code == 404


def test_c30_the_form_begins_with_nothing_ticked_and_writes_what_was_said(cast: World) -> None:
    browser, path = sign_in(cast.worker), address("give", cast.move.pk)
    html = browser.get(path).content.decode()
    assert 'name="items"' in html
    assert "checked" not in html
    assert browser.post(path, given_form(cast)).status_code == 302
    consent = Consent.objects.get()
    assert (consent.until, consent.language, consent.interpreter) == (None, "ti", True)
    assert KeptItem.objects.count() == 0
    assert "Given without an end" in browser.get(address("show", cast.move.pk)).content.decode()


@pytest.mark.parametrize("changed", [{"items": []}, {"ends": "day"}, {"ends": ""}, {"given_at": "2999-01-01T10:00"}, {"explained_by": "1"},
                                     {"receiver": "organisation:nobody"}, {"interpreter": ""}])  # fmt: skip
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(cast: World, changed: dict[str, Any]) -> None:
    answer = sign_in(cast.worker).post(address("give", cast.move.pk), given_form(cast, **changed))
    assert answer.status_code == 422
    assert "Nothing you wrote is lost" in answer.content.decode()
    assert not Consent.objects.exists()


def test_idor_04_whatever_else_is_posted_changes_nothing_else(cast: World) -> None:
    extra = {
        "transition": str(movers.world().move.pk),
        "withdrawn_at": "2020-01-01",
        "recorded_at": "2020-01-01",
        "version": "9",
        "status": "closed_lost",
    }
    sign_in(cast.worker).post(address("give", cast.move.pk), given_form(cast, **extra))
    consent = Consent.objects.get()
    cast.move.refresh_from_db()
    assert (consent.transition, cast.move.status) == (cast.move, "settling")
    assert consent.recorded_at.year > 2020
    assert not ConsentItem.objects.exclude(withdrawn_at=None).exists()


def test_c33_the_sender_chooses_item_by_item_and_sees_the_result(cast: World) -> None:
    agreed(cast, "health", "language", keep=False)
    browser, path = sign_in(cast.worker), address("choose", cast.move.pk, cast.offer.pk)
    html = browser.get(path).content.decode()
    assert 'value="health"' in html
    assert 'value="money"' not in html
    answer = browser.post(path, {"items": ["language"]}, follow=True)
    assert canaries(answer.content.decode()) == {"language"}
    assert browser.post(path, {"items": ["money"]}).status_code == 422
    assert items_in(cast.offer) == ["language"]


def test_b10_taking_back_is_confirmed_and_leads_to_a_recall(cast: World) -> None:
    consent = agreed(cast, "health", "language")
    browser, path = sign_in(cast.worker), address("withdraw", cast.move.pk)
    assert "at once" in browser.get(path).content.decode()
    item = consent.items.get(item="health")
    assert browser.post(path, {"items": [str(item.pk)]}).status_code == 302
    assert items_in(cast.offer) == ["language"]
    event = Event.objects.about(cast.move).latest("pk")
    deliver(event)
    assert [notice.kind for notice in Notice.objects.visible_to(cast.taker)] == ["transitions.recall"]
    assert not Notice.objects.visible_to(cast.taker_reader).exists()
    assert Recall.objects.addressed_to(cast.taker).count() == 1


def test_she_takes_it_back_with_the_receiver(cast: World) -> None:
    consent = agreed(cast, "health")
    elsewhere = agreed(cast, "money", organisation=cast.rival, keep=False)
    browser, path = sign_in(cast.taker), address("withdraw", cast.move.pk)
    html = browser.get(path).content.decode()
    assert str(consent.items.get().pk) in html
    assert str(elsewhere.items.get().pk) not in html
    assert browser.post(path, {"items": [str(elsewhere.items.get().pk)]}).status_code == 422
    assert browser.post(path, {"items": [str(consent.items.get().pk)]}).status_code == 302
    assert items_in(cast.offer) == []
    assert page(cast.taker_reader, path).status_code == 403


def test_b10_the_receiver_answers_a_recall_once(cast: World) -> None:
    recall = recalled(cast)
    browser = sign_in(cast.taker)
    assert address("answer", recall.pk) in browser.get(address("recalls")).content.decode()
    assert browser.post(address("answer", recall.pk), {"answer": "court"}).status_code == 302
    assert browser.post(address("answer", recall.pk), {"answer": "deleted"}).status_code == 409
    recall.refresh_from_db()
    assert recall.ground == "court"
    assert page(cast.worker, address("answer", recall.pk)).status_code == 404
    assert page(cast.taker_reader, address("answer", recall.pk)).status_code == 403
    assert "An order of a court" in page(cast.worker, address("show", cast.move.pk)).content.decode()


def test_b10_a_disclosure_is_written_with_its_reason_and_reviewed_by_another(cast: World) -> None:
    words = {"receiver": f"organisation:{cast.receiver.pk}", "items": ["safety"], "basis": "safeguarding", "reason": REASON}
    assert sign_in(cast.worker).post(address("disclose", cast.move.pk), words).status_code == 302
    found = Disclosure.objects.get()
    path = address("review", cast.move.pk, found.pk)
    assert REASON in page(cast.manager, path).content.decode()
    assert 'name="outcome"' not in page(cast.worker, path).content.decode()
    assert sign_in(cast.worker).post(path, {"outcome": "upheld"}).status_code == 403
    assert page(cast.reader, path).status_code == 403
    assert sign_in(cast.manager).post(path, {"outcome": "not_upheld"}).status_code == 302
    assert items_in(cast.offer) == []
    assert sign_in(cast.manager).post(path, {"outcome": "upheld"}).status_code == 409


def test_names_that_people_typed_are_text_on_every_page(cast: World) -> None:
    nasty = "<script>alert(1)</script>"
    movers.seal(cast.move, "health", {nasty: [nasty, {nasty: True}]})
    agreed(cast, "health")
    html = page(cast.taker, address("package", cast.move.pk, cast.offer.pk)).content.decode()
    assert nasty not in html
    assert "&lt;script&gt;" in html


def test_the_address_says_nothing_of_what_was_chosen(cast: World) -> None:
    answer = sign_in(cast.worker).get(address("give", cast.move.pk) + "?" + urlencode({"items": "health"}))
    assert "checked" not in answer.content.decode()
    assert disclosing.disclosed_to(cast.offer, timezone.now()) == set()
