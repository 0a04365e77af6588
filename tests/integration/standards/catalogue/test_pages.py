"""The catalogue's pages: public promises, and the Standards for everybody who signs in."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portal.accounts.roles import Kind, Role
from standards.catalogue.errata import correct
from standards.catalogue.models import Edition, Standard
from tests.builders import member, organisation, sign_in

pytestmark = pytest.mark.django_db
EXPECT = "/{}/what-you-can-expect/"
HOME = "/workspace/standards/"
PAGES = ["", "scs-2018/", "scs-2018/?q=fire", "scs-2018/print/", "scs-2018/PRI-01/", "scs-2025/", "first-response-2026/FIR-01/"]


@pytest.fixture(autouse=True)
def _no_stored_page() -> None:
    cache.clear()


@pytest.fixture
def reader() -> Client:
    """Somebody who may only read."""
    return sign_in(member(organisation(Kind.PROVIDER), Role.READER))


def test_survivors_read_every_promise_in_plain_sections(nobody: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        answer = nobody.get(EXPECT.format("en"))
    page = answer.content.decode()
    assert answer.status_code == 200 and not answer.cookies
    assert 'id="qx"' in page
    assert page.count("<h2>") == 14
    for standard in Standard.objects.promised("scs"):
        assert standard.promise_en in page
    assert "We are still checking these words" in page
    assert "<form" not in page


def test_a_language_without_promises_gets_english_that_says_so(nobody: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        page = nobody.get(EXPECT.format("ti")).content.decode()
    assert '<section lang="en" dir="ltr"><h2>When you first come</h2>' in page
    assert "You get help because you have a right to it." in page
    assert "I need an interpreter. I speak Tigrinya." in page


def test_a_language_with_every_promise_shows_its_own(nobody: Client) -> None:
    for standard in Standard.objects.promised("scs"):
        Standard.objects.filter(pk=standard.pk).update(promise_ar=f"وعد {standard.code}")
    page = nobody.get(EXPECT.format("ar")).content.decode()
    assert "وعد PRI-01" in page
    assert "You get help because" not in page


def test_a_changed_promise_reaches_readers_at_once(nobody: Client, django_capture_on_commit_callbacks: Any) -> None:
    nobody.get(EXPECT.format("en"))
    standard = Standard.objects.promised("scs")[0]
    with django_capture_on_commit_callbacks(execute=True):
        standard.promise_en = "You get new words."
        standard.save()
    assert "You get new words." in nobody.get(EXPECT.format("en")).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_everybody_who_signs_in_reads_the_standards(reader: Client, address: str, django_assert_max_num_queries: Any) -> None:
    reader.get(HOME)  # what is looked up once in a process
    with django_assert_max_num_queries(12):
        assert reader.get(HOME + address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_nobody_else_does_and_nothing_is_written_by_any_method(nobody: Client, reader: Client, address: str) -> None:
    assert nobody.get(HOME + address).status_code in {302, 404}
    assert reader.post(HOME + address).status_code == 405


def test_where_it_comes_from_is_told_to_the_reader(reader: Client) -> None:
    page = reader.get(f"{HOME}scs-2018/").content.decode()
    assert "Human Trafficking Foundation" in page
    assert "Our paraphrase, from memory" in page
    assert "This is not the official text." in page
    assert page.count("Our paraphrase, from memory") == 18


def test_a_standard_shows_practice_flags_and_tags(reader: Client) -> None:
    page = reader.get(f"{HOME}scs-2018/SAF-01/").content.decode()
    for words in (
        "Good practice",
        "Weak practice",
        "Critical",
        "12 months",
        "Safehouse",
        "Secure and suitable housing",
        "doors are wedged",
    ):
        assert words in page


def test_search_finds_by_every_word_and_says_when_there_is_nothing(reader: Client) -> None:
    assert "SAF-01-a" in reader.get(f"{HOME}scs-2018/?q=fire+drills").content.decode()
    assert "RSK-01" not in reader.get(f"{HOME}scs-2018/?q=fire+drills").content.decode().partition("found")[2].partition("</ul>")[0]
    assert "Nothing holds all these words" in reader.get(f"{HOME}scs-2018/?q=submarine").content.decode()


def test_a_correction_stands_beside_what_it_corrects(reader: Client) -> None:
    correct(
        Edition.objects.get(code="scs-2018"),
        "PRI-01",
        "statement",
        after="Corrected words.",
        reason="It was wrong",
        dated=Edition.objects.get(code="scs-2018").imported_at.date(),
    )
    page = reader.get(f"{HOME}scs-2018/PRI-01/").content.decode()
    assert "Corrected words." in page
    assert "<del" in page and "Support is given as a right" in page


def test_a_draft_is_not_there(reader: Client) -> None:
    Edition.objects.filter(code="scs-2025").update(status=Edition.Status.DRAFT)
    assert reader.get(f"{HOME}scs-2025/").status_code == 404
    assert reader.get(f"{HOME}scs-2018/NOT-01/").status_code == 404


def test_the_frame_of_2025_shows_what_is_known_and_no_chapter(reader: Client) -> None:
    page = reader.get(f"{HOME}scs-2025/").content.decode()
    assert "New chapter on work, skills and education." in page
    assert "No indicators yet" in page
