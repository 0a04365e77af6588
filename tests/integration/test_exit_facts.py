"""Where leaving leads is a fact like any other: two people change it, every page follows, and it never fails (QX-19, INJ-16)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.languages import FIRST_RELEASE
from survivors.entitlements.models import FinderText
from survivors.facts.models import Fact, FactProposal
from survivors.facts.templatetags.facts import registered_facts
from survivors.guide.models import GuidePage, Term
from survivors.leave import destinations, seed
from tests.integration.test_proposals import RIGHTS, change, person

pytestmark = pytest.mark.django_db
ELSEWHERE = "https://weather.metoffice.gov.uk/"


@pytest.fixture(autouse=True)
def _as_in_production() -> Iterator[None]:
    cache.clear()
    with override_settings(LEAVE_DESTINATION=""):
        yield
    cache.clear()


@pytest.fixture
def two() -> tuple[User, User]:
    return person("edith", *RIGHTS), person("chris", *RIGHTS)


def test_every_language_has_one_as_released() -> None:
    for language in FIRST_RELEASE:
        fact = Fact.objects.get(key=f"leave-{language.code}")
        assert fact.value == destinations.destinations()[language.code][0] == destinations.destination(language.code)
        fact.full_clean()
    assert seed.seed() == "pages for leaving: 0 added, 11 were there"


def test_two_people_change_it_for_every_page_at_once(
    two: tuple[User, User], nobody: Client, django_capture_on_commit_callbacks: Any
) -> None:
    addresses = ("/ar/", "/ar/help/get-help-now/", "/ar/a-z/", "/ar/rights-finder/", "/ar/not-here/")
    before = destinations.destination("ar")
    for address in addresses:
        assert nobody.get(address).content.decode().count(f'"{before}"') == 2, address
    with django_capture_on_commit_callbacks(execute=True):
        change(two[0], Fact.objects.get(key="leave-ar"), value=ELSEWHERE).accept(by=two[1])
    for address in addresses:
        html = nobody.get(address).content.decode()
        assert html.count(f'"{ELSEWHERE}"') == 2, address
        assert before not in html
    assert ELSEWHERE not in nobody.get("/en/").content.decode()
    assert seed.seed() == "pages for leaving: 0 added, 11 were there"
    assert destinations.destination("ar") == ELSEWHERE, "a seed overwrites nobody"


@pytest.mark.parametrize(
    "address",
    ["http://www.bbc.co.uk/weather", "javascript:alert(1)", "//bbc.co.uk", "https://a.example/?who=1", "https://x@y.example/", ""],
)
def test_inj_16_it_leads_to_no_doubtful_address(two: tuple[User, User], address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        change(two[0], Fact.objects.get(key="leave-en"), value=address)
    assert "value" in refused.value.message_dict


@pytest.mark.parametrize("values", [{"key": "leave-xx"}, {"key": "weather"}, {"kind": "link"}])
def test_its_key_is_its_language(two: tuple[User, User], values: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        change(two[0], Fact.objects.get(key="leave-en"), **values)
    assert "key" in refused.value.message_dict


def test_no_fact_in_use_becomes_a_page_for_leaving(two: tuple[User, User]) -> None:
    fact = Fact.objects.get(key="legal-referrals")
    with pytest.raises(ValidationError):
        FactProposal.propose(by=two[0], fact=fact, values={"kind": "exit", "key": "leave-en"}, reason="x")


def test_inj_16_no_text_refers_to_it() -> None:
    page = GuidePage.objects.get(slug="work", locale__language_code="en")
    page.summary = "Read {leave-en}."
    term, text = Term.objects.all()[0], FinderText.objects.all()[0]
    setattr(term, "meaning_ar", "{leave-ar}")  # noqa: B010 - a column of the translations
    setattr(text, "text_en", "{leave-en}")  # noqa: B010
    for thing in (page, term, text):
        with pytest.raises(ValidationError, match="no fact called “leave-"):
            thing.full_clean()
    assert "leave-en" not in {fact.key for fact in registered_facts()}


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return sum("'exit'" in query["sql"] for query in captured.captured_queries)


def test_a_page_asks_for_it_at_most_once(nobody: Client) -> None:
    assert asked(nobody, "/en/help/get-help-now/") == 0, "the page's register holds it"
    assert asked(nobody, "/en/not-here/") == 1
    assert asked(nobody, "/") == 1


def test_without_a_database_or_a_fact_it_is_the_release_s(monkeypatch: pytest.MonkeyPatch) -> None:
    Fact.objects.filter(key="leave-ro").delete()
    assert destinations.destination("ro") == destinations.destinations()["ro"][0]

    def down(*_: Any, **__: Any) -> None:
        raise DatabaseError("down")

    monkeypatch.setattr(Fact.objects, "filter", down)
    assert destinations.destination("en") == destinations.destinations()["en"][0]


def test_the_operator_s_own_address_still_wins(two: tuple[User, User], nobody: Client) -> None:
    change(two[0], Fact.objects.get(key="leave-en"), value=ELSEWHERE).accept(by=two[1])
    with override_settings(LEAVE_DESTINATION="https://intranet.example/"):
        cache.clear()
        html = nobody.get("/en/").content.decode()
    assert html.count('"https://intranet.example/"') == 2
    assert ELSEWHERE not in html


def test_the_nightly_check_asks_what_is_in_use(two: tuple[User, User], monkeypatch: pytest.MonkeyPatch) -> None:
    change(two[0], Fact.objects.get(key="leave-en"), value="https://example.org/dull").accept(by=two[1])
    seen: list[str] = []

    def complaint(address: str, timeout: float) -> str:
        seen.append(address)
        return ""

    monkeypatch.setattr("survivors.leave.management.commands.check_destinations.complaint", complaint)
    call_command("check_destinations")
    assert "https://example.org/dull" in seen
    assert set(destinations.destinations()["en"]) <= set(seen)
