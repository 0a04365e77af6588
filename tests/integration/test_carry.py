"""The card, the page beside English and the paper copy, as they are answered and as files."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import PageViewRestriction
from weasyprint.urls import FatalURLFetchingError

from portal.cms import pagecache
from portal.languages import BY_CODE, FIRST_RELEASE, Language
from survivors.carry import press, reading
from survivors.facts.models import Fact
from survivors.guide.models import GuidePage, Term

pytestmark = pytest.mark.django_db
PRESSED = ("ar", "ti")
RANGES = {"ar": (0x0600, 0x06FF), "ti": (0x1200, 0x137F)}


def html(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


# --- The card ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [language.code for language in FIRST_RELEASE])
def test_the_card_says_it_in_english_in_every_language(nobody: Client, code: str) -> None:
    page = html(nobody, f"/{code}/card/")
    english = page.partition('<div class="large" lang="en" dir="ltr">')[2].partition("</div>")[0]
    assert "I may be a victim of modern slavery." in english
    assert Fact.objects.get(key="helpline").value in english
    assert (f"I need an interpreter in {BY_CODE[code].name}." in english) == (code != "en")


def test_the_card_itself_names_no_site_and_hides_behind_a_dull_cover(nobody: Client) -> None:
    page = html(nobody, "/en/card/")
    card = page.partition('<details class="show">')[2].partition("</details>")[0]
    assert card and "Waymark" not in card and "<details open" not in page
    cover = card.partition("</summary>")[0]
    assert "slavery" not in cover and "Card" in cover
    assert "<title>Card - Guide</title>" in page
    assert page.count('id="qx"') == 1


def test_a_card_in_a_language_without_these_words_is_english_only(nobody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("survivors.carry.views._", lambda text: text)
    assert 'class="own"' not in html(nobody, "/ar/card/")
    monkeypatch.setattr("survivors.carry.views._", lambda text: f"{translation.get_language()} {text}")
    cache.clear()
    assert 'class="own" lang="ar" dir="rtl"' in html(nobody, "/ar/card/")


def test_the_card_is_one_press_away_from_home_and_from_a_missing_page(nobody: Client) -> None:
    assert 'href="/ar/card/"' in html(nobody, "/ar/")
    assert 'href="/ti/card/"' in html(nobody, "/ti/rights/work/")


# --- Beside English ---------------------------------------------------------------------------------------------------


def sides(page: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = re.findall(r'<div(?: class="twin")? lang="(\w+)" dir="(\w+)">', page.partition("<main")[2])
    return found


def test_a_page_stands_beside_its_english_block_by_block(nobody: Client) -> None:
    page = html(nobody, "/ar/both/help/get-help-now/")
    english = GuidePage.objects.get(slug="get-help-now", locale__language_code="en")
    rows = page.count('<div class="row two">')
    assert rows == len(english.body) + 1
    assert sides(page)[: 2 * rows] == [("ar", "rtl"), ("en", "ltr")] * rows
    assert page.index("احصل على المساعدة الآن") < page.index("Get help now")
    assert 'href="/ar/help/get-help-now/"' in page


def test_marks_stand_on_both_sides_each_in_its_language(nobody: Client) -> None:
    both, own = html(nobody, "/ar/both/help/get-help-now/"), html(nobody, "/ar/help/get-help-now/")
    english = html(nobody, "/en/help/get-help-now/")
    flag = 'class="flag"'
    assert own.count(flag) == english.count(flag) > 0
    assert both.count(flag) == 2 * own.count(flag)
    assert both.count("We are checking this. Ask an adviser.") >= english.count(flag)


def test_links_on_the_english_side_keep_the_readers_language(nobody: Client) -> None:
    page = html(nobody, "/ar/both/help/get-help-now/").partition("<main")[2]
    assert 'href="/ar/help/staying-safe-online/"' in page
    assert 'href="/en/' not in page


def test_a_page_that_is_not_ready_is_english_alone_with_the_notice(nobody: Client) -> None:
    page = html(nobody, "/ti/both/rights/work/")
    assert 'class="box now"' in page and "I speak Tigrinya" in page
    assert 'class="twin"' not in page and 'class="row two"' not in page
    assert {code for code, _way in sides(page)} == {"en"}


def test_the_glossary_pairs_its_words(nobody: Client) -> None:
    page = html(nobody, "/ar/both/about/easy-words/")
    assert page.count("<dl") == 2 * Term.objects.count()


@pytest.mark.parametrize("path", ["help/", "nothing/", "help/nothing/"])
def test_what_is_no_guide_page_has_no_twin(nobody: Client, path: str) -> None:
    html(nobody, f"/ar/both/{path}", status=404)


def test_what_is_hidden_from_readers_is_hidden_here(nobody: Client) -> None:
    page = GuidePage.objects.get(slug="work", locale__language_code="en")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    html(nobody, "/ar/both/rights/work/", status=404)
    html(nobody, "/en/both/rights/work/", status=404)


def test_the_view_is_linked_where_there_are_two_languages(nobody: Client) -> None:
    link = "/both/help/get-help-now/"
    assert f'href="/ar{link}"' in html(nobody, "/ar/help/get-help-now/")
    assert link not in html(nobody, "/en/help/get-help-now/")
    assert "/both/" not in html(nobody, "/ti/rights/work/")


def test_both_pages_come_from_the_cache(nobody: Client, django_assert_num_queries: Any) -> None:
    for address in ("/ar/both/help/get-help-now/", "/ar/card/", "/ar/paper/"):
        first = html(nobody, address)
        with django_assert_num_queries(0):
            assert html(nobody, address) == first


# --- Paper ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pressed(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the paper copies of two languages, made once by the command."""
    from django.conf import settings

    before, settings.PAPER_DIR = settings.PAPER_DIR, tmp_path_factory.mktemp("paper")
    with django_db_blocker.unblock():
        for code in PRESSED:
            call_command("make_paper", language=code, verbosity=0)
    yield settings.PAPER_DIR
    settings.PAPER_DIR = before


def test_an_unmade_copy_is_said_to_be_unmade(nobody: Client, settings: Any, tmp_path: Path) -> None:
    settings.PAPER_DIR = tmp_path
    cache.clear()
    page = html(nobody, "/en/paper/")
    assert "not made yet" in page and "guide.pdf" not in page
    html(nobody, "/en/paper/guide.pdf", status=404)
    html(nobody, "/en/paper/guide.html", status=404)


@pytest.mark.parametrize("code", PRESSED)
def test_the_files_are_small_enough(pressed: Path, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = {kind: (pressed / f"guide-{code}.{kind}").stat().st_size for kind in ("html", "pdf")}
    with capsys.disabled():
        print(f" [{code}: {sizes}]", end="")
    assert all(10_000 < size <= press.LARGEST for size in sizes.values())
    assert sorted(path.name for path in pressed.iterdir() if code in path.name) == [
        f"guide-{code}.{kind}" for kind in ("html", "json", "pdf")
    ]


@pytest.mark.parametrize("code", PRESSED)
def test_the_html_refers_to_nothing_outside_itself(pressed: Path, code: str) -> None:
    text = (pressed / f"guide-{code}.html").read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|img|link|iframe|object|svg|form)\b|url\(|@import|\bsrc=|https?://", text)
    targets = re.findall(r'href="([^"]+)"', text)
    assert {target for target in targets if not target.startswith(("#", "tel:"))} == set()
    places = set(re.findall(r'<article id="([^"]+)"', text))
    assert {target[1:] for target in targets if target.startswith("#")} == places
    assert len(places) == 40
    assert "Waymark" not in text
    assert "{" not in text.partition("</style>")[2], "a fact was not put in"


@pytest.mark.parametrize("code", PRESSED)
def test_the_html_says_what_it_is_in_which_language(pressed: Path, code: str) -> None:
    text = (pressed / f"guide-{code}.html").read_text(encoding="utf-8")
    language = BY_CODE[code]
    with translation.override(code):
        title = translation.gettext("Guide")
    assert re.match(rf'<!doctype html> ?<html lang="{code}" dir="{language.direction}">', text)
    assert f"<title>{title}</title>" in text
    assert Fact.objects.get(key="helpline").value in text
    english = text.count('<div lang="en" dir="ltr">')
    assert english == (40 if code == "ti" else 0)
    numbered = re.findall(r"<h(\d)", text)
    assert numbered[0] == "1" and numbered.count("1") == 1 and numbered.count("3") == 40


@pytest.mark.parametrize("code", PRESSED)
def test_the_pdf_is_tagged_and_says_title_and_language(pressed: Path, code: str) -> None:
    with pikepdf.open(pressed / f"guide-{code}.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == code
        with translation.override(code):
            title = translation.gettext("Guide")
        assert str(pdf.docinfo["/Title"]) == title
        assert "Waymark" not in str(pdf.docinfo)
        with pdf.open_metadata() as metadata:
            assert metadata.get("pdfuaid:part") == "1"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert len(pdf.pages) == press.copy_of(BY_CODE[code]).pages  # type: ignore[union-attr]
        assert not [problem for problem in pdf.check_pdf_syntax() if problem]
        addresses = {str(note.A.URI) for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note and "/URI" in note.A}
        assert addresses == set()


def elements(node: Any, kinds: list[str], lines: set[tuple[Any, int]], above: Any = None) -> None:
    """Walk the structure tree: kinds in reading order, and every line that belongs to something."""
    page = node.get("/Pg", above)
    kinds.append(str(node.S))
    for kid in node.K if isinstance(node.get("/K"), pikepdf.Array) else [node.get("/K")]:
        if isinstance(kid, int):
            assert page is not None
            lines.add((page.objgen, kid))
        elif "/S" in kid and kid.get("/Type") == "/StructElem":
            assert kid.P.objgen == node.objgen
            elements(kid, kinds, lines)


@pytest.mark.parametrize("code", PRESSED)
def test_every_line_of_the_pdf_belongs_to_one_element(pressed: Path, code: str) -> None:
    with pikepdf.open(pressed / f"guide-{code}.pdf") as pdf:
        kinds: list[str] = []
        lines: set[tuple[Any, int]] = set()
        elements(pdf.Root.StructTreeRoot.K[0], kinds, lines)
        drawn = set()
        for page in pdf.pages:
            numbers = re.findall(rb"/MCID (\d+)", page.Contents.read_bytes())
            assert len(numbers) == len(set(numbers))
            drawn |= {(page.objgen, int(number)) for number in numbers}
        footers = drawn - lines  # page numbers are decoration: they are drawn and belong to nothing
        assert lines <= drawn
        assert len(footers) <= len(pdf.pages)
    assert kinds.count("/H1") == 1 and kinds.count("/H2") == 11 and kinds.count("/H3") == 40
    assert kinds.count("/P") > 500 and "/L" in kinds and "/Link" in kinds


@pytest.mark.parametrize("code", PRESSED)
def test_the_pdf_brings_letters_of_its_script(pressed: Path, code: str) -> None:
    first, last = RANGES[code]
    letters = set()
    with pikepdf.open(pressed / f"guide-{code}.pdf") as pdf:
        for font in (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0"):
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert len((descriptor.get("/FontFile2") or descriptor.FontFile3).read_bytes()) > 1000
            mapped = re.findall(rb"<[0-9a-fA-F]+> <([0-9a-fA-F]+)>", font.ToUnicode.read_bytes())
            letters |= {character for text in mapped for character in bytes.fromhex(text.decode()).decode("utf-16-be")}
    assert len([letter for letter in letters if first <= ord(letter) <= last]) > 20


def older() -> str:
    """What readers of Tigrinya are told."""
    with translation.override("ti"):
        told = gettext("It is older than the site. Some pages have changed since.")
    assert "older" not in told
    return told


def test_the_page_offers_both_files_with_size_and_date(nobody: Client, pressed: Path) -> None:
    cache.clear()
    page = html(nobody, "/ti/paper/")
    copy = press.copy_of(BY_CODE["ti"])
    assert copy and not copy.is_older
    assert all(f"{number}" in page for number in (copy.pdf_kb, copy.html_kb, copy.pages))
    assert 'href="/ti/paper/guide.pdf"' in page
    assert older() not in page


@pytest.mark.parametrize(("kind", "content_type"), [("pdf", "application/pdf"), ("html", "text/html; charset=utf-8")])
def test_the_files_come_under_a_dull_name_and_are_not_kept(nobody: Client, pressed: Path, kind: str, content_type: str) -> None:
    answer = nobody.get(f"/ar/paper/guide.{kind}")
    assert answer["Content-Disposition"] == f'attachment; filename="guide-ar.{kind}"'
    assert answer["Content-Type"] == content_type
    assert answer["Cache-Control"] == "no-store"
    assert answer.getvalue() == (pressed / f"guide-ar.{kind}").read_bytes()


def change_a_page() -> None:
    GuidePage.objects.get(slug="work", locale__language_code="en").save_revision().publish()


def change_a_fact() -> None:
    fact = Fact.objects.get(key="helpline")
    fact.value = "0300 111 222"
    fact.save()


def change_a_term() -> None:
    term = Term.objects.all()[0]
    setattr(term, "meaning_en", "Other words.")  # noqa: B010 - the column is modeltranslation's
    term.save()


@pytest.mark.parametrize("change", [change_a_page, change_a_fact, change_a_term])
def test_a_copy_older_than_the_site_says_so(nobody: Client, pressed: Path, change: Any) -> None:
    cache.clear()  # the page as another change left it
    assert older() not in html(nobody, "/ti/paper/")
    change()
    pagecache._next_generation()  # the test's transaction is never committed
    assert older() in html(nobody, "/ti/paper/")


def test_the_command_leaves_alone_what_is_not_older(pressed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def make(language: Language) -> press.Copy | None:
        made.append(language.code)
        return press.copy_of(BY_CODE["ti"])

    monkeypatch.setattr(press, "make", make)
    out = io.StringIO()
    call_command("make_paper", stdout=out)
    assert sorted(made) == sorted(language.code for language in FIRST_RELEASE if language.code not in PRESSED)
    assert "ti: as it was" in out.getvalue()


def test_a_file_that_is_too_large_is_not_written(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PAPER_DIR = tmp_path
    monkeypatch.setattr(press, "_pdf", lambda _html: (b"x" * (press.LARGEST + 1), 1))
    with pytest.raises(press.TooLargeError, match=r"guide-ti\.pdf has 300,001 bytes"):
        press.make(BY_CODE["ti"])
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_fetched_while_pressing() -> None:
    with pytest.raises(FatalURLFetchingError, match=r"refers to http://127\.0\.0\.1:9/x"):
        press._pdf('<html lang="en"><title>x</title><img src="http://127.0.0.1:9/x.png" alt="">')
    with pytest.raises(FatalURLFetchingError, match="refers to file:"):
        press._pdf('<html lang="en"><title>x</title><link rel="stylesheet" href="file:///etc/hostname">')


def test_what_a_reader_gets_is_asked_of_the_site_itself() -> None:
    with translation.override("ti"):
        assert reading.page_at(HttpRequest(), "rights/work/").locale.language_code == "en"
    with translation.override("ar"):
        assert reading.page_at(HttpRequest(), "help/get-help-now/").locale.language_code == "ar"
