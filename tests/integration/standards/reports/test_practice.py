"""Good-practice cards: proposed, agreed to in the provider's own words, checked by a second person, gone when taken back (B8)."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.roles import Kind, Role
from portal.audit.models import Event, Notice
from portal.steps import WrongState
from portal.workspace.needs import needs_of
from standards.catalogue.models import Standard
from standards.reports import cards
from standards.reports.cards import Words
from standards.reports.editing import Outdated
from standards.reports.models import GoodPracticeCard, Statement
from tests import builders
from tests.integration.standards.assessments import asked
from tests.integration.standards.assessments.test_answering import empty
from tests.integration.standards.reports.cast import Cast, at

pytestmark = pytest.mark.django_db
LIST = "/workspace/reports/practice/"
SAFE = Words("A welcome book", "New arrivals get a book that explains the first hour.")
UNSAFE = Words("A welcome book", "Two women from Swansea wrote the book at SA1 4PQ with us.")
CARD_READERS = {
    "lead", "inspector", "unassigned", "reviewer", "publisher", "publisher_2", "manager", "assessor", "reader", "rival", "commissioner",
}  # fmt: skip
HANDLE = {"lead", "inspector", "reviewer", "publisher", "publisher_2", "manager"}


def passage(world: Cast) -> Statement:
    """The statement that tells of good practice."""
    found: Statement = world.report.statements.good_practice()[0]
    return found


def offered(world: Cast) -> GoodPracticeCard:
    """Proposed by the inspector from the issued report."""
    if world.report.status not in world.report.ISSUED:
        world.to("shared_restricted")
    return cards.propose(passage(world), Words("A book", "A welcome book explains the house."), by=world.who("inspector"))


def agreed(world: Cast, words: Words = SAFE) -> GoodPracticeCard:
    """The provider agreed."""
    card = offered(world)
    card.consent(words, base=card.version, by=world.who("manager"))
    return card


def shown(world: Cast, words: Words = SAFE) -> GoodPracticeCard:
    """Others can read it."""
    card = agreed(world, words)
    for hit in card.hits.all():
        cards.resolve(hit, "It is no name.", by=world.who("publisher"))
    card.show("NOTHING TO REDACT", by=world.who("publisher"))
    return card


def address(card: GoodPracticeCard, rest: str = "") -> str:
    return f"{LIST}{card.pk}/{rest}"


def statuses(world: Cast, path: str) -> dict[str, int]:
    return {who: world.client(who).get(path).status_code for who in world.people}


# --- The way of a card ---------------------------------------------------------------------------------------------------


def test_b8_nothing_is_proposed_before_the_report_is_issued_or_by_anybody_else(world: Cast) -> None:
    world.to("publication_check")
    with pytest.raises(ValidationError, match="was issued"):
        cards.propose(passage(world), SAFE, by=world.who("inspector"))
    world.to("shared_restricted")
    for who in ("manager", "reviewer", "publisher", "unassigned", "rival", "commissioner", "administrator", "stranger"):
        with pytest.raises(PermissionDenied):
            cards.propose(passage(world), SAFE, by=world.who(who))
    fact = world.report.statements.filter(is_good_practice=False, standard__isnull=False)[0]
    with pytest.raises(ValidationError, match="marked as good practice"):
        cards.propose(fact, SAFE, by=world.who("inspector"))
    cards.propose(passage(world), SAFE, by=world.who("inspector"))
    with pytest.raises(ValidationError, match="already"):
        cards.propose(passage(world), SAFE, by=world.who("lead"))


def test_b8_the_whole_way_by_pages(world: Cast) -> None:
    world.to("shared_restricted")
    inspector, manager, publisher, rival = (world.client(who) for who in ("inspector", "manager", "publisher", "rival"))
    row = passage(world)
    marked = inspector.get(f"/workspace/reports/{world.report.pk}/practice/").content.decode()
    assert f"statements/{row.pk}/propose/" in marked
    inspector.post(f"/workspace/reports/statements/{row.pk}/propose/", {"title": "A book", "text": "It explains the house."})
    card = GoodPracticeCard.objects.get()
    assert (card.status, card.provider, card.standard) == ("offered", world.provider, row.standard)
    assert any(need.url == address(card) for need in needs_of(world.who("manager"), at("2026-12-01T12:00").date()))
    sent = {"title": SAFE.title, "text": SAFE.text, "names_provider": "unnamed", "version": card.version}
    assert manager.post(address(card, "answer/"), sent | {"keep": "yes"}).status_code == 302
    card.refresh_from_db()
    assert (card.status, card.text) == ("offered", SAFE.text)
    assert manager.post(address(card, "answer/"), sent | {"version": card.version}).status_code == 302
    card.refresh_from_db()
    assert card.status == "agreed"
    assert rival.get(address(card)).status_code == 404
    assert any(need.url == address(card) for need in needs_of(world.who("publisher"), at("2026-12-01T12:00").date()))
    assert publisher.post(address(card, "steps/show/"), {"typed": ""}).status_code == 422
    assert publisher.post(address(card, "steps/show/"), {"typed": "nothing to redact"}).status_code == 302
    page = rival.get(address(card)).content.decode()
    assert SAFE.text in page
    assert "Shared by a provider" in page
    assert world.provider.name not in page
    assert rival.get(LIST).content.decode().count(SAFE.text) == 1
    verbs = set(Event.objects.about(card).values_list("verb", flat=True))
    assert verbs == {f"reports.goodpracticecard.{verb}" for verb in ("propose", "write", "consent", "show")}
    assert "Proposed it to the provider" in manager.get(address(card, "history/")).content.decode()


def test_b8_who_reads_it_in_each_state(world: Cast) -> None:
    card = offered(world)
    everybody = dict.fromkeys(world.people, 404)
    assert statuses(world, address(card)) == everybody | dict.fromkeys(HANDLE, 200)
    card.consent(SAFE, base=card.version, by=world.who("manager"))
    assert statuses(world, address(card)) == everybody | dict.fromkeys(HANDLE, 200)
    card.show("NOTHING TO REDACT", by=world.who("publisher"))
    assert statuses(world, address(card)) == everybody | dict.fromkeys(CARD_READERS, 200)
    card.withdraw(by=world.who("manager"))
    gone = everybody | dict.fromkeys(CARD_READERS, 410) | dict.fromkeys(HANDLE, 200)
    assert statuses(world, address(card)) == gone
    assert SAFE.text not in world.client("rival").get(address(card)).content.decode()


def test_perm_05_every_act_of_a_card_by_everybody(world: Cast) -> None:
    card = agreed(world, UNSAFE)
    hit = card.hits.all()[0]
    may: dict[str, set[str]] = {
        address(card, "steps/show/"): {"publisher", "publisher_2"},
        address(card, "steps/give_back/"): {"publisher", "publisher_2"},
        address(card, "steps/withdraw/"): {"manager"},
        f"{LIST}hits/{hit.pk}/": {"publisher", "publisher_2"},
        address(card, "history/"): HANDLE,
        f"/workspace/reports/{world.report.pk}/practice/": {"lead", "inspector", "reviewer"},
    }
    for path, allowed in may.items():
        for who, status in statuses(world, path).items():
            if who in allowed:
                assert status == 200, (path, who)
            else:
                assert status in ({403, 404} if who in HANDLE | {"publisher", "publisher_2"} else {404}), (path, who, status)
    assert statuses(world, address(card, "answer/"))["manager"] == 409  # it was answered
    assert statuses(world, address(card, "steps/consent/")) == dict.fromkeys(world.people, 404)
    assert Client().get(LIST).status_code == 302


def test_b8_declined_is_an_answer_and_can_be_thought_over(world: Cast) -> None:
    card = offered(world)
    card.decline("", by=world.who("manager"))
    assert world.client("rival").get(address(card)).status_code == 404
    with pytest.raises(PermissionDenied):
        card.consent(SAFE, base=card.version, by=world.who("assessor"))
    card.consent(SAFE, base=card.version, by=world.who("manager"))
    assert card.status == "agreed"


def test_b8_taken_back_it_is_gone_at_once_everywhere_and_for_good(world: Cast) -> None:
    card = shown(world)
    rival = world.client("rival")
    assert SAFE.title in rival.get(LIST).content.decode()
    world.client("manager").post(address(card, "steps/withdraw/"))
    assert rival.get(address(card)).status_code == 410
    assert SAFE.title not in rival.get(LIST).content.decode()
    assert cards.beside(world.who("rival"), [card.standard_id]) == {}
    card.refresh_from_db()
    for name in ("consent", "show", "withdraw", "give_back", "write", "decline", "take_down"):
        step = GoodPracticeCard.STEPS[name]
        assert "withdrawn" not in step.sources
    with pytest.raises(WrongState):
        card.consent(SAFE, base=card.version, by=world.who("manager"))


def test_b8_a_withdrawn_report_takes_its_card_along(world: Cast) -> None:
    card = shown(world)
    world.take("withdraw", "A place is named.", by="publisher")
    assert world.client("rival").get(address(card)).status_code == 410
    assert SAFE.title not in world.client("rival").get(LIST).content.decode()
    assert cards.beside(world.who("rival"), [card.standard_id]) == {}


def test_b8_the_inspectorate_can_take_down_what_may_harm(world: Cast) -> None:
    card = shown(world)
    with pytest.raises(ValidationError):
        card.take_down(" ", by=world.who("publisher"))
    card.take_down("The picture tells the street.", by=world.who("publisher"))
    assert world.client("rival").get(address(card)).status_code == 410
    assert "The picture tells the street." in world.client("manager").get(address(card)).content.decode()


# --- The disclosure check ------------------------------------------------------------------------------------------------


def test_b8_open_hits_keep_it_in_until_a_second_person_has_looked(world: Cast) -> None:
    card = agreed(world, UNSAFE)
    assert {"postcode", "small_count"} <= set(card.hits.values_list("kind", flat=True))
    with pytest.raises(ValidationError, match="Every hit"):
        card.show("NOTHING TO REDACT", by=world.who("publisher"))
    for who in ("inspector", "lead", "reviewer", "manager", "rival", "commissioner"):
        with pytest.raises(PermissionDenied):
            cards.resolve(card.hits.all()[0], "It is fine.", by=world.who(who))
    with pytest.raises(ValidationError, match="Say why"):
        cards.resolve(card.hits.all()[0], "  ", by=world.who("publisher"))
    card.give_back("The postcode leads to a door.", by=world.who("publisher"))
    assert (card.status, card.consented_by, card.consented_sha256) == ("offered", None, "")
    card.consent(SAFE, base=card.version, by=world.who("manager"))
    assert not card.hits.exists()
    card.show("NOTHING TO REDACT", by=world.who("publisher"))
    assert card.status == "shown"


def test_b8_the_providers_name_is_a_hit_unless_it_chose_to_be_named(world: Cast) -> None:
    named = Words("A book", f"At {world.provider.name} every new arrival gets a book.", names_provider=True)
    card = agreed(world, named)
    assert "known_name" not in card.hits.values_list("kind", flat=True)
    card.give_back("Please look again.", by=world.who("publisher"))
    card.consent(Words(named.title, named.text), base=card.version, by=world.who("manager"))
    assert "known_name" in card.hits.values_list("kind", flat=True)


def test_b8_a_named_card_says_whose_it_is(world: Cast) -> None:
    card = shown(world, Words(SAFE.title, SAFE.text, names_provider=True))
    assert world.provider.name in world.client("rival").get(address(card)).content.decode()


def test_b8_the_house_is_never_named(world: Cast) -> None:
    for name in (world.service.name, world.service.public_alias):
        card = GoodPracticeCard.objects.first() or offered(world)
        if card.status == "agreed":
            card.give_back("Please look again.", by=world.who("publisher"))
        card.consent(Words("A book", f"It lies in {name}.", names_provider=True), base=card.version, by=world.who("manager"))
        assert "known_name" in card.hits.values_list("kind", flat=True), name


def test_perm_13_words_that_changed_after_consent_are_not_shown(world: Cast) -> None:
    card = agreed(world)
    GoodPracticeCard.objects.filter(pk=card.pk).update(text="Other words.")
    with pytest.raises(ValidationError, match="not the words that the provider agreed to"):
        card.show("NOTHING TO REDACT", by=world.who("publisher"))


def test_b8_the_database_itself_wants_consent_and_a_second_person(world: Cast) -> None:
    card = offered(world)
    mine = {"shown_by": world.people["publisher"], "status": "shown"}
    with pytest.raises(IntegrityError), transaction.atomic():
        GoodPracticeCard.objects.filter(pk=card.pk).update(**mine)
    card.consent(SAFE, base=card.version, by=world.who("manager"))
    for who in ("manager", "inspector"):
        with pytest.raises(IntegrityError), transaction.atomic():
            GoodPracticeCard.objects.filter(pk=card.pk).update(status="shown", shown_by=world.people[who])


def test_c3_who_comes_second_reads_both_texts(world: Cast) -> None:
    card = offered(world)
    manager = world.client("manager")
    base = card.version
    card.write(Words("Theirs", "A colleague wrote this."), base=base, by=world.who("manager"))
    sent = {"title": "Mine", "text": "I wrote that.", "names_provider": "unnamed", "version": base}
    answer = manager.post(address(card, "answer/"), sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "A colleague wrote this." in page
    assert "I wrote that." in page
    card.refresh_from_db()
    assert (card.title, card.status) == ("Theirs", "offered")
    with pytest.raises(Outdated):
        card.consent(SAFE, base=base, by=world.who("manager"))


def test_c22_notices_lead_and_never_tell(world: Cast, django_capture_on_commit_callbacks: Any) -> None:
    from portal.audit.notices import deliver, sentence_of  # the delivery as its job does it

    card = shown(world)
    card.withdraw(by=world.who("manager"))
    for event in Event.objects.about(card):
        deliver(event)
    told = {(notice.kind, notice.to.first_name.lower()) for notice in Notice.objects.filter(link=address(card)).select_related("to")}
    assert {("reports.card_offered", "manager"), ("reports.card_agreed", "publisher"), ("reports.card_shown", "manager")} <= told
    assert ("reports.card_withdrawn", "inspector") in told
    assert not {who for kind, who in told if kind.startswith("reports.card")} & {"rival", "reader", "unassigned", "commissioner"}
    for kind, _who in told:
        for secret in (SAFE.title, world.provider.name, world.service.name):
            assert secret not in str(sentence_of(kind))


# --- Where people meet it ------------------------------------------------------------------------------------------------


def test_b8_the_list_is_narrowed_by_standard_and_words(world: Cast) -> None:
    card = shown(world)
    other = Standard.objects.exclude(pk=card.standard_id)[0]
    rival = world.client("rival")
    assert SAFE.title in rival.get(f"{LIST}?standard={card.standard_id}").content.decode()
    assert SAFE.title in rival.get(f"{LIST}?standard={other.pk}").content.decode()  # no card there: no such choice, nothing narrowed
    assert SAFE.title in rival.get(f"{LIST}?words=first+hour").content.decode()
    assert "Nothing fits" in rival.get(f"{LIST}?words=zebra").content.decode()


def test_b8_an_empty_list_says_why(world: Cast) -> None:
    assert "Nothing has been shared yet" in world.client("rival").get(LIST).content.decode()
    for who in ("stranger", "administrator"):
        assert world.client(who).get(LIST).status_code == 404


def test_b8_others_see_it_under_the_standard_when_they_assess_themselves_at_one_query(world: Cast) -> None:
    edition = asked.edition(30)
    service, other = builders.service(world.rival), builders.member(world.rival, Role.ASSESSOR)
    assessment = empty(service, edition, other)
    client = builders.sign_in(other)
    card = shown(world)
    standard = assessment.answers.select_related("indicator__standard__chapter")[0].indicator.standard
    pages = {
        "chapter": reverse("assessments:chapter", args=[assessment.pk, standard.chapter.code]),
        "all": reverse("assessments:all_answers", args=[assessment.pk]),
    }
    for name, path in pages.items():
        client.get(path)
        with CaptureQueriesContext(connection) as without:
            assert SAFE.title not in client.get(path).content.decode()
        GoodPracticeCard.objects.filter(pk=card.pk).update(standard=standard)
        with CaptureQueriesContext(connection) as beside:
            page = client.get(path).content.decode()
        GoodPracticeCard.objects.filter(pk=card.pk).update(standard=card.standard)
        assert page.count(SAFE.title) >= 1, name
        assert "Shared by a provider" in page
        assert world.provider.name not in page
        assert len(beside) == len(without) <= 15, name
        assert sum("reports_goodpracticecard" in row["sql"] for row in beside) == 1


def test_b8_the_newest_three_stand_under_a_standard(world: Cast) -> None:
    card = shown(world)
    for at_ in range(5):
        row = Statement.objects.create(
            report=world.report, number=900 + at_, order=900 + at_, section="standard", standard=card.standard, text="x",
            is_good_practice=True, by=world.people["lead"],
        )  # fmt: skip
        again = cards.propose(row, SAFE, by=world.who("lead"))
        again.consent(Words(f"Number {at_}", SAFE.text), base=again.version, by=world.who("manager"))
        again.show("NOTHING TO REDACT", by=world.who("publisher"))
    found = cards.beside(world.who("rival"), [card.standard_id])[card.standard_id]
    assert [one.title for one in found] == ["Number 4", "Number 3", "Number 2"]


def test_b8_another_inspectorate_learns_nothing_of_what_is_on_its_way(world: Cast) -> None:
    card = agreed(world)
    elsewhere = builders.organisation(Kind.INSPECTORATE)
    for role in (Role.INSPECTOR, Role.LEAD_INSPECTOR, Role.QUALITY_REVIEWER, Role.PUBLISHER):
        client = builders.sign_in(builders.member(elsewhere, role))
        assert client.get(address(card)).status_code == 404
        assert SAFE.title not in client.get(LIST).content.decode()
