"""The register in the editors' side: forms, journeys, and what is overdue."""

import datetime
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from portal.accounts import seed
from portal.accounts.models import User
from providers.organisations.seed import demo as organisations
from survivors.facts.models import Fact, FactProposal
from survivors.facts.wagtail_hooks import FactViewSet
from tests.integration.test_proposals import NEW_NUMBER, RIGHTS, change, person, signed_in

pytestmark = pytest.mark.django_db


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


# --- The editors' side ------------------------------------------------------------------------------------------------


def test_inj_16_the_form_of_a_fact_takes_words_but_no_value(edith: User, helpline: Fact) -> None:
    client, address = signed_in(edith), f"/cms/snippets/facts/fact/edit/{helpline.pk}/"
    html = client.get(address).content.decode()
    assert "08000 121 700" in html
    for name in Fact.GUARDED:
        assert f'name="{name}"' not in html
    assert "/cms/facts/propose/helpline/" in html
    sent = {"name_en": "Our helpline", "value": "666", "key": "evil", "mark": "D", "kind": "link", "verified_by": "", "source": "1"}
    assert client.post(address, sent).status_code == 302
    helpline.refresh_from_db()
    assert (helpline.english_name, helpline.value, helpline.key, helpline.mark) == ("Our helpline", "08000 121 700", "helpline", "A")


def test_saving_words_never_puts_an_old_value_back(edith: User, helpline: Fact) -> None:
    form_class = FactViewSet().get_form_class()
    form = form_class({"name_en": "New words"}, instance=Fact.objects.get(pk=helpline.pk))
    assert form.is_valid(), form.errors
    Fact.objects.filter(pk=helpline.pk).update(value=NEW_NUMBER)  # somebody accepts in this very moment
    form.save()
    helpline.refresh_from_db()
    assert (helpline.english_name, helpline.value) == ("New words", NEW_NUMBER)


@pytest.mark.parametrize("who", ["edith", "admin"])
def test_nobody_adds_copies_or_deletes_a_fact_directly(request: pytest.FixtureRequest, who: str, helpline: Fact) -> None:
    client = signed_in(request.getfixturevalue(who))
    count = Fact.objects.count()
    sent = {"key": "evil", "kind": "phone", "value": "666", "name_en": "x", "mark": "A", "source": helpline.source_id, "nations": "uk"}
    for address in (
        "/cms/snippets/facts/fact/add/",
        f"/cms/snippets/facts/fact/delete/{helpline.pk}/",
        f"/cms/snippets/facts/fact/copy/{helpline.pk}/",
        f"/cms/bulk/facts/fact/delete/?id={helpline.pk}",
    ):
        for answer in (client.get(address), client.post(address, sent)):
            assert "Delete" not in answer.content.decode() or answer.status_code != 200 or "/bulk/" in address
    assert Fact.objects.count() == count


def test_a_check_is_a_promise_with_a_name_and_a_day(edith: User, helpline: Fact) -> None:
    client, address = signed_in(edith), f"/cms/snippets/facts/fact/edit/{helpline.pk}/"
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    today = timezone.localdate()
    for sent, says in (
        ({"verified_on": today}, "counts only with a name"),
        ({"verified_on": tomorrow, "verified_by": "Edith", "review_by": tomorrow}, "has not come yet"),
        ({"verified_on": today, "verified_by": "Edith"}, "By when does somebody check it again?"),
    ):
        html = client.post(address, {"name_en": "Typed words stay"} | sent).content.decode()
        assert says in html
        assert "Typed words stay" in html


@pytest.mark.parametrize("kind", ["phone", "link", "amount", "duration", "name", "exit"])
def test_every_kind_has_its_form_and_errors_keep_what_was_typed(edith: User, kind: str) -> None:
    client, address = signed_in(edith), f"/cms/facts/propose/?kind={kind}"
    html = client.get(address).content.decode()
    assert ('name="unit"' in html) == (kind == "duration")
    html = client.post(address, {"name": "Words I typed", "value": "typed value", "reason": "typed reason"}).content.decode()
    for kept in ("Words I typed", "typed value", "typed reason"):
        assert kept in html
    assert not FactProposal.objects.exists()


def test_a_journey_through_the_pages(edith: User, chris: User) -> None:
    first, second = signed_in(edith), signed_in(chris)
    assert "Nothing waits" in first.get("/cms/facts/proposals/").content.decode()
    assert "Time limit" in first.get("/cms/facts/propose/").content.decode()
    fact = Fact.objects.get(key="recovery-minimum")
    sent = fact.guarded() | {"value": "45", "unit": "days", "seen": "2026-10", "reason": "New law."}
    made = first.post("/cms/facts/propose/recovery-minimum/", sent)
    page = second.get(made["Location"]).content.decode()
    for words in ("30", "45", "New law.", "Edith", "Where readers see it", 'value="accept"'):
        assert words in page
    assert "waits already" in second.get("/cms/facts/propose/recovery-minimum/").content.decode()
    assert second.post(made["Location"], {"action": "accept"}).status_code == 302
    fact.refresh_from_db()
    assert (fact.value, fact.seen) == ("45", "2026-10")
    assert "45" in Client().get("/ar/support/recovery-time/").content.decode()


# --- Overdue ----------------------------------------------------------------------------------------------------------


def test_the_longest_overdue_stand_first_with_their_pages(edith: User, nobody: Client) -> None:
    day = timezone.localdate() - datetime.timedelta(days=100)
    Fact.objects.filter(key="helpline").update(verified_on=day, verified_by="Ann", review_by=day + datetime.timedelta(days=90))
    Fact.objects.filter(key="police").update(verified_on=day, verified_by="Ann", review_by=day + datetime.timedelta(days=60))
    html = signed_in(edith).get("/cms/facts/overdue/").content.decode()
    police, helpline, never = html.index("<b>40 days overdue"), html.index("<b>10 days overdue"), html.index("<b>Never checked")
    assert police < helpline < never
    assert "Get help now" in html
    shown = nobody.get("/en/help/get-help-now/").content.decode()
    assert f"Not checked since {day:%-d %B %Y}." in shown
    assert "It is time to check it again" not in shown


@pytest.mark.parametrize(
    ("key", "days"),
    [("helpline", 90), ("recovery-minimum", 180), ("asylum-weekly", 31), ("legal-referrals", 90), ("section-4", 365), ("leave-en", 31)],
)
def test_i_have_just_checked_this(edith: User, key: str, days: int) -> None:
    fact, client = Fact.objects.get(key=key), signed_in(edith)
    client.post("/cms/facts/overdue/", {"key": key, "stated": "what it said yesterday"})
    fact.refresh_from_db()
    assert fact.verified_on is None
    client.post("/cms/facts/overdue/", {"key": key, "stated": fact.stated})
    fact.refresh_from_db()
    today = timezone.localdate()
    checked = Fact.objects.filter(pk=fact.pk).values_list("verified_on", "verified_by", "review_by").get()
    assert checked == (today, "Edith", today + datetime.timedelta(days=days))
    assert not fact.is_overdue(today)


def test_what_nobody_knows_cannot_be_checked(edith: User) -> None:
    fact = Fact.objects.filter(value="")[0]
    with pytest.raises(ValidationError):
        fact.verify(by=edith, stated=fact.stated)


def test_the_demo_has_two_people_who_can_try_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "a-long-enough-password-7")
    seed.demo()
    organisations()
    edith, chris = (User.objects.get(email=f"{name}@waymark.example") for name in ("editor", "checker"))
    assert str(chris) == "Chris Checker"
    proposal = change(edith, Fact.objects.get(key="police"), value="102")
    proposal.accept(by=chris)
    assert not edith.has_perm("facts.add_fact")
    assert not Group.objects.filter(permissions__codename="add_fact").exists()
