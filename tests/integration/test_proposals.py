"""Facts that nobody can quietly change: one person proposes, a second accepts, and every reader sees it at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from survivors.facts.models import Fact, FactProposal, Source
from survivors.guide.models import GuidePage, Term
from tests.builders import enter

pytestmark = pytest.mark.django_db
RIGHTS = ("add_factproposal", "accept_factproposal", "change_fact", "view_fact")
Committed = Any
NEW_NUMBER = "0800 765 4321"


def person(name: str, *rights: str) -> User:
    """Somebody who may enter the editors' side and has these rights besides."""
    user = User.objects.create_user(f"{name}@waymark.example", "not-a-real-password-5", first_name=name.capitalize())
    user.user_permissions.add(*Permission.objects.filter(codename__in=("access_admin", *rights)))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def edith() -> User:
    """Proposes."""
    return person("edith", *RIGHTS)


@pytest.fixture
def chris() -> User:
    """The second person."""
    return person("chris", *RIGHTS)


@pytest.fixture
def helpline() -> Fact:
    return Fact.objects.get(key="helpline")


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def signed_in(user: User) -> Client:
    client = Client()
    enter(client, user)
    return client


def change(by: User, fact: Fact, **values: Any) -> FactProposal:
    return FactProposal.propose(by=by, fact=fact, values=values, reason="The service told us by letter.")


def new(by: User, **values: Any) -> FactProposal:
    given = {"name": "A new line", "key": "new-line", "kind": "phone", "value": "0800 000 111", "unit": "", "nations": ["uk"]}
    given |= {"source": "S02", "seen": "2026-04", "mark": "A"}
    return FactProposal.propose(by=by, values=given | values, reason="New service.")


# --- Two people -------------------------------------------------------------------------------------------------------


def test_inj_16_a_second_person_changes_the_number_for_all_readers_at_once(
    edith: User, chris: User, helpline: Fact, nobody: Client, django_capture_on_commit_callbacks: Committed
) -> None:
    addresses = ("/en/", "/ar/", "/ti/", "/en/help/get-help-now/", "/ar/help/get-help-now/")
    for address in addresses:
        assert "08000 121 700" in nobody.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        proposal = change(edith, helpline, value=NEW_NUMBER)
    for address in addresses:
        assert NEW_NUMBER not in nobody.get(address).content.decode(), "a proposal alone shows nothing"
    with django_capture_on_commit_callbacks(execute=True):
        proposal.accept(by=chris)
    for address in addresses:
        html = nobody.get(address).content.decode()
        assert NEW_NUMBER in html
        assert "08000 121 700" not in html, address


def test_both_people_and_both_values_stay_in_the_history(edith: User, chris: User, helpline: Fact) -> None:
    change(edith, helpline, value=NEW_NUMBER, mark="B").accept(by=chris)
    kept = FactProposal.objects.get()
    assert (kept.proposed_by, kept.decided_by, kept.status) == (edith, chris, "accepted")
    assert kept.values == {"value": NEW_NUMBER, "mark": "B"}, "only what differs"
    assert kept.before["value"] == "08000 121 700"
    assert kept.reason == "The service told us by letter."
    assert kept.decided_at
    html = signed_in(chris).get("/cms/facts/proposals/").content.decode()
    assert "08000 121 700 → 0800 765 4321" in html
    assert "Edith" in html
    assert "Chris" in html


def test_nobody_accepts_what_they_proposed_whatever_their_rights(edith: User, helpline: Fact, admin: User) -> None:
    for by in (edith, admin):
        proposal = change(by, helpline, value=NEW_NUMBER)
        with pytest.raises(PermissionDenied):
            proposal.accept(by=by)
        with pytest.raises(PermissionDenied):
            proposal.refuse(by=by, reason="x")
        client = signed_in(by)
        page = client.get(f"/cms/facts/proposals/{proposal.pk}/").content.decode()
        assert 'value="accept"' not in page
        assert 'value="withdraw"' in page
        assert client.post(f"/cms/facts/proposals/{proposal.pk}/", {"action": "accept"}).status_code in {302, 403}
        proposal.refresh_from_db()
        assert proposal.is_open
    helpline.refresh_from_db()
    assert helpline.value == "08000 121 700"


def test_the_database_itself_refuses_one_person(edith: User, chris: User, helpline: Fact) -> None:
    proposal = change(edith, helpline, value=NEW_NUMBER)
    rows = FactProposal.objects.filter(pk=proposal.pk)
    now = timezone.now()
    for wrong in (
        {"status": "accepted", "decided_by": edith, "decided_at": now},
        {"status": "accepted", "decided_by": None, "decided_at": now},
        {"status": "accepted", "decided_by": chris, "decided_at": None},
        {"status": "proposed", "decided_by": chris, "decided_at": now},
        {"status": "refused", "decided_by": chris, "decided_at": now, "decision_reason": ""},
        {"status": "withdrawn", "decided_by": None, "decided_at": None},
        {"withdrawn_at": now},
        {"reason": ""},
    ):
        with pytest.raises(IntegrityError, match="facts_factproposal_"), transaction.atomic():
            rows.update(**wrong)
    assert rows.update(status="accepted", decided_by=chris, decided_at=now) == 1


def test_without_the_right_nobody_proposes_decides_or_reads(helpline: Fact, edith: User, stranger: User) -> None:
    proposal = change(edith, helpline, value=NEW_NUMBER)
    reader = person("ruth")
    proposer = person("paul", "add_factproposal")
    for by in (reader, stranger):
        with pytest.raises(PermissionDenied):
            change(by, helpline, value="999")
    for by in (reader, stranger, proposer):
        with pytest.raises(PermissionDenied):
            proposal.accept(by=by)
        with pytest.raises(PermissionDenied):
            proposal.withdraw(by=by)
    for address in ("", f"{proposal.pk}/"):
        assert signed_in(reader).get(f"/cms/facts/proposals/{address}").status_code in {302, 403, 404}
        assert signed_in(stranger).get(f"/cms/facts/proposals/{address}").status_code == 403
    assert signed_in(reader).post("/cms/facts/overdue/", {"key": "helpline", "stated": helpline.stated}).status_code == 302
    assert 'value="accept"' not in signed_in(proposer).get(f"/cms/facts/proposals/{proposal.pk}/").content.decode()
    helpline.refresh_from_db()
    assert helpline.verified_on is None
    assert FactProposal.objects.count() == 1


def test_somebody_whose_account_was_closed_decides_nothing(edith: User, chris: User, helpline: Fact) -> None:
    proposal = change(edith, helpline, value=NEW_NUMBER)
    chris.is_active = False
    with pytest.raises(PermissionDenied):
        proposal.accept(by=chris)


# --- Steps ------------------------------------------------------------------------------------------------------------


def test_a_decision_is_for_good(edith: User, chris: User, helpline: Fact) -> None:
    refused, accepted, withdrawn = (change(edith, helpline, value=f"0800 000 00{at}") for at in (1, 2, 3))
    refused.refuse(by=chris, reason="I called: nobody answers.")
    accepted.accept(by=chris)
    withdrawn.withdraw(by=edith)
    for row in (refused, accepted, withdrawn):
        before = FactProposal.objects.filter(pk=row.pk).values().get()
        for act in ("accept", "refuse", "withdraw"):
            by = edith if act == "withdraw" else chris
            with pytest.raises(ValidationError, match="already"):
                getattr(row, act)(by=by, **({"reason": "x"} if act == "refuse" else {}))
        assert FactProposal.objects.filter(pk=row.pk).values().get() == before
    assert Fact.objects.get(key="helpline").value == "0800 000 002"


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(edith: User, chris: User, helpline: Fact) -> None:
    proposal = change(edith, helpline, value=NEW_NUMBER)
    client, address = signed_in(chris), f"/cms/facts/proposals/{proposal.pk}/"
    assert "Say why" in client.post(address, {"action": "refuse", "decision_reason": "  "}).content.decode()
    assert "Choose what to do" in client.post(address, {"decision_reason": "typed before"}).content.decode()
    assert "typed before" in client.post(address, {"decision_reason": "typed before"}).content.decode()
    assert client.post(address, {"action": "refuse", "decision_reason": "It rings in an office."}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decision_reason) == ("refused", "It rings in an office.")


def test_what_changed_in_between_is_never_overwritten(edith: User, chris: User, helpline: Fact) -> None:
    first, second = change(edith, helpline, value="0800 000 001"), change(edith, helpline, mark="B", value="0800 000 002")
    first.accept(by=chris)
    with pytest.raises(ValidationError, match="value was 08000 121 700 and is 0800 000 001 now"):
        second.accept(by=chris)
    second.refresh_from_db()
    assert second.is_open, "nothing is lost"
    page = signed_in(chris).get(f"/cms/facts/proposals/{second.pk}/").content.decode()
    assert "has changed since" in page
    assert 'value="accept"' not in page
    helpline.refresh_from_db()
    assert (helpline.value, helpline.mark) == ("0800 000 001", "A")


def test_a_changed_number_was_checked_by_nobody(edith: User, chris: User, helpline: Fact) -> None:
    helpline.verify(by=chris, stated=helpline.stated)
    change(edith, helpline, mark="B").accept(by=chris)
    assert Fact.objects.get(key="helpline").verified_by == "Chris", "the number is still the one that was called"
    change(edith, Fact.objects.get(key="helpline"), value=NEW_NUMBER).accept(by=chris)
    fact = Fact.objects.get(key="helpline")
    assert (fact.verified_on, fact.verified_by, fact.review_by) == (None, "", None)


def test_a_new_fact_is_proposed_too(edith: User, chris: User) -> None:
    proposal = new(edith)
    assert not Fact.objects.filter(key="new-line").exists()
    twin = new(edith, value="0800 000 222")
    proposal.accept(by=chris)
    fact = Fact.objects.get(key="new-line")
    assert (fact.value, fact.english_name, fact.source.code) == ("0800 000 111", "A new line", "S02")
    assert FactProposal.objects.get(pk=proposal.pk).fact == fact
    with pytest.raises(ValidationError, match="already exists"):
        twin.accept(by=chris)
    with pytest.raises(ValidationError, match="already exists"):
        new(edith)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"value": "0800-111"}, "value"),
        ({"value": "٠٨٠٠ ١٢٣"}, "value"),
        ({"kind": "link", "value": "http://example.org"}, "value"),
        ({"kind": "duration", "value": "5"}, "__all__"),
        ({"name": "Call 0800 123"}, "name"),
        ({"name": ""}, "name"),
        ({"key": "leave-en"}, "key"),
        ({"key": "Not a key"}, "key"),
        ({"mark": "Z"}, "mark"),
        ({"nations": ["france"]}, "nations"),
        ({"source": "S99X"}, "source"),
        ({"seen": "yesterday"}, "seen"),
    ],
)
def test_what_would_be_refused_later_is_refused_when_it_is_proposed(edith: User, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        new(edith, **values)
    assert field in refused.value.message_dict
    assert not FactProposal.objects.exists()


def test_a_proposal_says_why_and_differs(edith: User, helpline: Fact) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        FactProposal.propose(by=edith, fact=helpline, values={"value": NEW_NUMBER}, reason="  ")
    with pytest.raises(ValidationError, match="Nothing differs"):
        change(edith, helpline, value=helpline.value, nations=list(helpline.nations))


def test_it_is_judged_again_when_it_is_accepted(edith: User, chris: User, helpline: Fact) -> None:
    proposal = change(edith, helpline, value=NEW_NUMBER)
    FactProposal.objects.filter(pk=proposal.pk).update(values={"value": "call me"})
    with pytest.raises(ValidationError, match="digits and spaces"):
        proposal.accept(by=chris)
    assert Fact.objects.get(key="helpline").value == "08000 121 700"


# --- Removing and renaming --------------------------------------------------------------------------------------------


def test_what_is_in_use_stays(edith: User, chris: User) -> None:
    for key in ("kalayaan", "helpline", "recovery-minimum"):
        with pytest.raises(ValidationError, match=r"in use|every page"):
            FactProposal.propose(by=edith, fact=Fact.objects.get(key=key), removal=True, reason="Closed.")
        with pytest.raises(ValidationError, match=r"in use|every page"):
            change(edith, Fact.objects.get(key=key), key="another-name")
    new(edith).accept(by=chris)
    fact = Fact.objects.get(key="new-line")
    removal = FactProposal.propose(by=edith, fact=fact, removal=True, reason="Closed.")
    Term.objects.filter(key="nrm").update(meaning_ar="{new-line}")
    with pytest.raises(ValidationError, match="in use"):
        removal.accept(by=chris)
    Term.objects.filter(key="nrm").update(meaning_ar="")
    removal.accept(by=chris)
    assert not Fact.objects.filter(key="new-line").exists()
    kept = FactProposal.objects.about("new-line").history()
    assert [(row.action, row.status, row.fact) for row in kept] == [("removal", "accepted", None), ("new", "accepted", None)]


def test_a_fact_in_a_contact_block_is_in_use(edith: User) -> None:
    page = GuidePage.objects.get(slug="work", locale__language_code="en")
    fact = Fact.objects.create(key="unused", kind="name", value="x", name_en="x", mark="A", source=Source.objects.all()[0])
    page.body = [("contact", {"fact": fact})]
    page.save_revision().publish()
    with pytest.raises(ValidationError, match=f"in use: {page.title}"):
        FactProposal.propose(by=edith, fact=fact, removal=True, reason="Closed.")
    html = signed_in(edith).get("/cms/facts/propose/unused/removal/").content.decode()
    assert f"/cms/pages/{page.pk}/edit/" in html


# --- At the same moment -----------------------------------------------------------------------------------------------


def on_its_own_connection(act: Callable[[], Any]) -> Any:
    """What ``act`` returns, run in a thread: committed for real, unlike everything else a test does."""

    def run() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(60)


@pytest.fixture
def race() -> Iterator[tuple[list[FactProposal], User]]:
    """Four proposals for one fact, committed, and somebody who may accept them. All of it is removed afterwards."""

    def prepare() -> tuple[list[FactProposal], User]:
        first, second = person("first-racer", *RIGHTS), person("second-racer", *RIGHTS)
        fact = Fact.objects.create(key="race", kind="phone", value="111", name_en="x", mark="A", source=Source.objects.all()[0])
        return [change(first, fact, value=f"11{at}") for at in range(2, 6)], second

    def remove() -> None:
        FactProposal.objects.filter(key="race").delete()
        Fact.objects.filter(key="race").delete()
        User.objects.filter(email__endswith="-racer@waymark.example").delete()

    on_its_own_connection(remove)
    yield on_its_own_connection(prepare)
    on_its_own_connection(remove)


def test_of_proposals_accepted_at_the_same_moment_exactly_one_wins(race: tuple[list[FactProposal], User]) -> None:
    assert connection.vendor == "postgresql"
    rows, second = race
    start = threading.Barrier(len(rows))

    def accept(row: FactProposal) -> str:
        try:
            start.wait(10)
            row.accept(by=second)
        except ValidationError as wrong:
            return str(wrong.messages[0])
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(rows)) as pool:
        told = list(pool.map(accept, rows))
    kept, accepted = on_its_own_connection(
        lambda: (Fact.objects.get(key="race").value, list(FactProposal.objects.filter(key="race", status="accepted")))
    )
    assert (
        [row.values["value"] for row in accepted]
        == [kept]
        == [row.values["value"] for row, wrong in zip(rows, told, strict=True) if not wrong]
    )
    assert len([wrong for wrong in told if "has changed since" in wrong]) == len(rows) - 1
