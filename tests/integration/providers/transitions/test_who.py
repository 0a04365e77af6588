"""Who may see and do what, for everybody of the cast at every stage (PERM, IDOR, C19, C23, B9)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.accounts import recent
from portal.audit import working
from portal.audit.models import Event, Job, Notice, View
from providers.transitions import offering, sections
from providers.transitions.codes import Item
from providers.transitions.models import Check, Offer, Transition
from tests.integration.access import writes
from tests.integration.providers.transitions.cast import CANARY, ROLES, World

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ROOT = "/workspace/transitions/"
EVERYBODY = (*ROLES, "stranger")
SENDER, RECEIVER = {"manager", "worker", "colleague", "reader"}, {"their_manager", "their_worker", "their_reader"}

# stage → sight → who has it. Whoever is in no line finds nothing.
SIGHTS: dict[str, dict[str, set[str]]] = {
    "begin": {"full": {"manager", "worker", "colleague"}, "outline": {"reader"}},
    "offered": {
        "full": {"manager", "worker", "colleague"},
        "outline": {"reader", "their_reader"},
        "minimum": {"their_manager", "their_worker"},
    },
    "accepted": {
        "full": {"manager", "worker", "colleague"},
        "outline": {"reader", "their_reader"},
        "package": {"their_manager", "their_worker"},
    },
    "met": {"thin": SENDER, "outline": {"their_reader"}, "package": {"their_manager", "their_worker"}},
}


def page(world: World, name: str, tail: str = "") -> Any:
    return world.client(name).get(f"{ROOT}{world.row.pk}/{tail}")


@pytest.mark.parametrize("stage", SIGHTS)
def test_perm_02_06_what_each_sees_at_each_stage(world: World, stage: str) -> None:
    getattr(world, stage)()
    if stage == "begin":
        world.write()
    seen = {name: sight for sight, names in SIGHTS[stage].items() for name in names}
    for name in EVERYBODY:
        answer = page(world, name)
        assert answer.status_code == (200 if name in seen else 404), (stage, name)
        if name not in seen:
            continue
        text = answer.content.decode()
        sight = seen[name]
        assert View.objects.filter(by=world.people[name], subject_id=world.row.pk).latest("pk").why == f"record:{sight}"
        about = {
            "wish": f"{CANARY}-wish" in text, "contact": f"{CANARY}-contact" in text, "health": "Takes medicine every day" in text,
            "language": "ትግርኛ" in text, "service": "Quiet Lantern" in text,
        }  # fmt: skip
        full, package = sight == "full", sight in {"minimum", "package"}
        expected = {
            "wish": full,
            "contact": full and name == "worker",
            "health": full or package,
            "language": full or package,
            "service": full,
        }
        assert about == expected, (stage, name)


def test_perm_06_a_receiver_sees_exactly_what_was_agreed_and_not_what_she_keeps_back(world: World) -> None:
    world.offered()
    assert "Takes medicine every day" in page(world, "their_worker").content.decode()
    sections.write(world.now(), sections.BACK, [Item.HEALTH], base=0, by=world.who("worker"), reason="asked")
    assert "Takes medicine every day" not in page(world, "their_worker").content.decode()
    assert "ትግርኛ" in page(world, "their_worker").content.decode()


def test_c24_without_or_after_an_agreement_nothing_goes(world: World) -> None:
    world.offered()
    consent = world.row.consents.get()
    for change in ({"until": timezone.localdate() - timedelta(days=1)}, {"until": None, "given_at": timezone.now() + timedelta(hours=1)}):
        world.row.consents.filter(pk=consent.pk).update(**change)
        assert "ትግርኛ" not in page(world, "their_worker").content.decode()
    world.row.consents.filter(pk=consent.pk).update(given_at=timezone.now() - timedelta(hours=1))
    assert "ትግርኛ" in page(world, "their_worker").content.decode()
    consent.items.filter(item=Item.LANGUAGE).update(withdrawn_at=timezone.now(), withdrawn_by=world.people["worker"])
    assert "ትግርኛ" not in page(world, "their_worker").content.decode()


def routes(world: World, offer: Offer) -> list[tuple[str, str]]:
    """Every address under the record, with an act."""
    check = Check.objects.filter(transition=world.row).first()
    assert check
    return [
        ("", "GET"), ("change/", "POST"), ("needs/health/", "POST"), ("needs/keep-back/", "POST"), ("step/escalate/", "POST"),
        ("step/withdraw/", "POST"), ("looks/", "GET"), ("history/", "GET"), ("checklist/", "GET"), (f"checklist/{check.key}/", "POST"),
        ("dates/", "GET"), ("dates/support_ends/letter/", "POST"), ("dates/rna_offered/met/", "POST"), ("dates/add/", "POST"),
        ("offers/send/", "POST"), ("offers/invite/", "POST"), (f"offers/{offer.pk}/withdraw/", "POST"), (f"offers/{offer.pk}/ask/", "POST"),
        (f"offers/{offer.pk}/answer/accept/", "POST"), (f"offers/{offer.pk}/answer/decline/", "POST"),
        (f"offers/{offer.pk}/phone/accept_by_phone/", "POST"), (f"offers/{offer.pk}/guest/renew/", "POST"),
        (f"offers/{offer.pk}/guest/revoke/", "POST"),
    ]  # fmt: skip


def test_perm_03_04_whoever_has_nothing_to_do_with_it_finds_nothing_and_writes_nothing(world: World) -> None:
    offer = world.offered()
    absent = uuid.uuid4()
    cells = 0
    for name in ("rival", "stranger", "inspector", "lead", "commissioner", "administrator"):
        client = world.client(name)
        for tail, method in routes(world, offer):
            with writes() as written:
                there = client.generic(method, f"{ROOT}{world.row.pk}/{tail}")
                nowhere = client.generic(method, f"{ROOT}{absent}/{tail}")
            assert (there.status_code, nowhere.status_code) == (404, 404), (name, tail)
            assert [one for one in written if "session" not in one and "SAVEPOINT" not in one] == [], (name, tail)
            cells += 1
    assert cells == 6 * 23


FORBIDDEN = {
    "reader": (
        "change/",
        "needs/health/",
        "step/escalate/",
        "checklist/first_night/",
        "dates/support_ends/letter/",
        "offers/send/",
        "looks/",
    ),
    "their_reader": ("change/", "needs/health/", "step/escalate/", "offers/send/", "looks/", "history/"),
    "their_worker": (
        "change/",
        "needs/health/",
        "checklist/first_night/",
        "dates/support_ends/letter/",
        "offers/send/",
        "looks/",
        "step/agree/",
    ),
    "colleague": ("needs/contact/", "looks/", "step/close_lost/", "step/hand_back/"),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_perm_03_who_reads_but_may_not_act_gets_403_and_nothing_is_written(world: World, name: str) -> None:
    world.offered()
    before = Transition.objects.values().get(pk=world.row.pk)
    counts = [Job.objects.count(), Event.objects.count(), View.objects.count(), Notice.objects.count()]
    for tail in FORBIDDEN[name]:
        data = {
            "version": 1,
            "state": "done",
            "letter_on": "2027-01-01",
            "base": 1,
            "needs": "sleep",
            "organisation": str(world.receiver.pk),
        }
        method = "get" if tail in {"looks/", "history/"} else "post"
        assert getattr(world.client(name), method)(f"{ROOT}{world.row.pk}/{tail}", data).status_code in {403, 404}, tail
    assert Transition.objects.values().get(pk=world.row.pk) == before
    assert [Job.objects.count(), Event.objects.count(), View.objects.count(), Notice.objects.count()] == counts


def test_c19_idor_01_an_offer_of_another_record_is_not_there(world: World) -> None:
    """The hole of another system: naming one's own case in the path and a foreign hand-over in the id."""
    theirs = world.offered()
    mine = world.begin()
    for name in ("worker", "their_worker"):
        client = world.client(name)
        for tail in ("withdraw/", "ask/", "answer/accept/", "phone/accept_by_phone/", "guest/renew/"):
            assert client.post(f"{ROOT}{mine.pk}/offers/{theirs.pk}/{tail}", {"start_on": timezone.localdate()}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == "offered"


def test_perm_07_what_was_taken_back_is_out_of_sight_at_the_next_request(world: World) -> None:
    offer = world.accepted()
    client = world.client("their_worker")
    assert client.get(f"{ROOT}{world.row.pk}/").status_code == 200
    offering.take(offer, "withdraw", by=world.who("worker"))
    assert client.get(f"{ROOT}{world.row.pk}/").status_code == 404
    assert sections.references([world.row])[world.row.pk] not in client.get(ROOT).content.decode()
    assert (world.now().status, world.now().responsible_id) == ("planning", world.sender.pk)


def test_idor_04_only_the_fields_of_the_form_are_taken(world: World) -> None:
    world.begin()
    row = world.now()
    extra = {
        "status": "sustained",
        "organisation": str(world.elsewhere.pk),
        "pathway": "x",
        "created_at": "2020-01-01",
        "family": str(uuid.uuid4()),
    }
    data = {"version": row.version, "destination": "private_rented", "worker": str(world.people["colleague"].pk), **extra}
    assert world.client("manager").post(f"{ROOT}{row.pk}/change/", data).status_code == 302
    now = world.now()
    assert (now.destination, now.worker) == ("private_rented", world.people["colleague"])
    assert (now.status, now.organisation, now.pathway, now.created_at, now.family) == (
        row.status, row.organisation, row.pathway, row.created_at, row.family,
    )  # fmt: skip


def test_c32_a_worker_must_work_there_and_a_service_that_is_asked_must_have_somebody(world: World) -> None:
    world.begin()
    row = world.now()
    for outsider in ("their_worker", "reader", "stranger"):
        data = {"version": row.version, "destination": "", "worker": str(world.people[outsider].pk)}
        assert world.client("manager").post(f"{ROOT}{row.pk}/change/", data).status_code == 422
    assert set(offering.receivers(world.sender)) == {world.receiver, world.elsewhere}
    world.people["rival"].is_active = False
    world.people["rival"].save()
    assert set(offering.receivers(world.sender)) == {world.receiver}


def test_perm_17_more_than_thirty_records_an_hour_ask_for_sign_in_and_tell_the_manager(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [world.begin() for _number in range(32)]
    client = world.client("worker")
    later = recent.now() + 10 * 60  # the sign-in is ten minutes old
    monkeypatch.setattr(recent, "now", lambda: later)
    for row in rows[:30]:
        assert client.get(f"{ROOT}{row.pk}/").status_code == 200
    answer = client.get(f"{ROOT}{rows[30].pk}/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/confirm/")
    assert not View.objects.filter(subject_id=rows[30].pk).exists(), "nothing was shown, so nobody looked"
    assert client.get(f"{ROOT}{rows[0].pk}/").status_code == 200, "one that was opened before is none more"
    client.get(f"{ROOT}{rows[31].pk}/")
    assert Event.objects.filter(verb="transitions.transition.many_looks").count() == 1, "told once an hour"
    working.run_due()
    assert list(Notice.objects.filter(kind="transitions.many_looks").values_list("to", flat=True)) == [world.people["manager"].pk]
    session = client.session
    session[recent.KEY] = later
    session.save()
    assert client.get(f"{ROOT}{rows[30].pk}/").status_code == 200


def test_c22_notices_tell_nothing_and_reach_the_right_people(world: World) -> None:
    offer = world.offered()
    working.run_due()
    asked = set(Notice.objects.filter(kind="transitions.offer_came").values_list("to__email", flat=True))
    assert asked == {world.people["their_manager"].email, world.people["their_worker"].email}
    offering.take(offer, "decline", "no_space", "ask_later", by=world.who("their_worker"))
    working.run_due()
    assert [notice.to for notice in Notice.objects.filter(kind="transitions.offer_answered")] == [world.people["worker"]]
    assert all(CANARY not in str(vars(notice)) for notice in Notice.objects.all())


def test_perm_17_the_record_costs_few_queries_and_few_openings(world: World, django_assert_max_num_queries: Any) -> None:
    world.offered()
    client: Client = world.client("worker")
    client.get(f"{ROOT}{world.row.pk}/")
    with django_assert_max_num_queries(60):
        client.get(f"{ROOT}{world.row.pk}/")
    assert connection.vendor == "postgresql"
