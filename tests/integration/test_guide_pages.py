"""What readers get: nothing unsettled as a fact, never silent English, links that keep the language, and only live pages."""

import functools
import json
import re
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from django.core.cache import cache
from django.test import Client
from wagtail.models import Locale, Page

from portal.cms.marks import is_settled, worst
from portal.languages import BY_CODE
from survivors.facts.models import Fact
from survivors.facts.release import load
from survivors.facts.wording import references
from survivors.guide.models import GuidePage, Term, TopicPage, table_of_contents
from survivors.guide.seed import DATA

pytestmark = pytest.mark.django_db
SLUGS = sorted(path.stem for path in (DATA / "en").glob("*.yaml") if path.stem != "terms")
OUTLINE: dict[str, Any] = yaml.safe_load((DATA / "topics.yaml").read_text(encoding="utf-8"))
ADDRESS = {slug: f"{topic['slug']}/{slug}/" for topic in OUTLINE["topics"] for slug in topic["pages"]}
TEXTS = ("text", "good_to_know", "take_care")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@functools.cache
def fact_marks() -> dict[str, str]:
    """Key → mark, as the seed file says it; what has no value counts as not settled."""
    return {row["key"]: row["mark"] if row["value"] else "D" for row in load("facts.yaml")}


def soup(html: bytes | str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def plain(text: str) -> str:
    return " ".join(text.split())


def fragments(text: str) -> list[str]:
    """Pieces of a seed text that stand on the page letter by letter."""
    pieces = re.split(r"\{[^}]*\}|\*\*|\[|\]\(page:[^)]*\)|\n\s*\n|\n- ", text)
    return [piece for piece in (plain(piece).removeprefix("- ") for piece in pieces) if len(piece) > 20]


def statements(row: dict[str, Any], page_mark: str) -> tuple[list[str], bool] | None:
    """A block of a seed file: its fragments, and whether it may stand as a fact. ``None`` for headings and contacts."""
    if kind := next((kind for kind in TEXTS if kind in row), None):
        texts, mark = [row[kind]], row.get("mark", "")
    elif "steps" in row:
        texts, mark = row["steps"]["items"], row["steps"].get("mark", "")
    elif "for_whom" in row:
        texts, mark = [row["for_whom"]["text"]], row["for_whom"].get("mark", "")
    else:
        return None
    marks = [fact_marks()[key] for text in texts for key in references(text)]
    return [piece for text in texts for piece in fragments(text)], is_settled(worst(mark or page_mark, *marks))


# --- Uncertainty ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_unsettled_stands_outside_its_box(nobody: Client, slug: str) -> None:
    row = yaml.safe_load((DATA / "en" / f"{slug}.yaml").read_text(encoding="utf-8"))
    blocks = [found for block in row["body"] if (found := statements(block, row["mark"]))]
    settled = {piece for pieces, is_sure in blocks if is_sure for piece in pieces}
    unsettled = {piece for pieces, is_sure in blocks if not is_sure for piece in pieces} - settled
    page = soup(nobody.get(f"/en/{ADDRESS[slug]}").content)
    boxes = page.select(".unsure")
    for box in boxes:
        assert "We are checking this" in box.get_text()
    inside = " ".join(plain(box.get_text("")) for box in boxes)
    for box in boxes:
        box.extract()
    main = page.select_one("main")
    assert isinstance(main, Tag)
    outside = plain(main.get_text(""))
    assert [piece for piece in unsettled if piece not in inside] == []
    assert [piece for piece in unsettled if piece in outside] == []
    assert [piece for piece in settled if piece not in outside] == []
    assert blocks


def body_with(text: str, mark: str = "") -> str:
    return json.dumps([{"type": "text", "value": {"text": f"<p>{text}</p>", "mark": mark}}])


@pytest.mark.parametrize(
    ("mark", "text", "settled"),
    [
        ("A", "Words.", True),
        ("", "Words.", True),
        ("C", "Words.", False),
        ("D", "Words.", False),
        ("A", "Call {helpline}.", True),
        ("A", "Call {nspcc}.", False),
        ("A", "Call {helpline} or {nspcc}.", False),
        ("A", "Ask for {weekly-payment}.", False),
        ("A", "Ask {guardian-ni}.", False),
    ],
)
def test_a_block_is_as_sure_as_its_least_sure_part(nobody: Client, mark: str, text: str, settled: bool) -> None:
    page = GuidePage.objects.get(slug="work", locale__language_code="en")
    page.body = body_with(text, mark)
    page.save_revision().publish()
    cache.clear()
    html = soup(nobody.get("/en/rights/work/").content)
    assert ("We are checking this" in html.select_one("main").get_text()) is not settled  # type: ignore[union-attr]  # None fails as well
    assert bool(html.select(".unsure")) is not settled


def test_a_term_that_refers_to_an_unsettled_fact_is_not_settled(nobody: Client) -> None:
    Term.objects.filter(key="nrm").update(meaning_en="You can call {nspcc}.", mark="A")
    Term.objects.filter(key="consent").update(meaning_en="You can call {helpline}.", mark="A")
    meanings = {tag.get_text(): tag for tag in soup(nobody.get("/en/about/easy-words/").content).select("dd")}
    unsure = next(tag for text, tag in meanings.items() if "0808 800 5000" in text)
    sure = next(tag for text, tag in meanings.items() if "08000 121 700" in text)
    assert unsure.select(".unsure")
    assert not sure.select(".unsure")


def withdraw(address: str) -> None:
    """No translation of this page, whatever has been translated by now."""
    code, _, path = address.strip("/").partition("/")
    slug = path.rpartition("/")[2] or "guide"
    for page in Page.objects.filter(locale__language_code=code, slug=slug).live():
        page.unpublish()
    cache.clear()


# --- Languages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/ti/rights/work/", "/ar/rights/work/", "/fa/rights/", "/cy/help/get-help-now/", "/am/"])
def test_english_is_never_silent(nobody: Client, address: str) -> None:
    code = address[1:].partition("/")[0]
    withdraw(address)
    html = soup(nobody.get(address).content)
    assert html.html
    assert html.html["lang"] == code
    notice = html.select_one("main > .box.now")
    assert notice, "no word in the reader's language"
    assert "I need an interpreter" in notice.get_text()
    assert f"I speak {BY_CODE[code].name}" in notice.get_text()
    text = html.select_one("main > div[lang]:not(.box)")
    assert text
    assert (text["lang"], text["dir"]) == ("en", "ltr")


@pytest.mark.parametrize("code", ["en", "ar", "ti"])
def test_links_keep_the_readers_language(nobody: Client, code: str, public_addresses: list[str]) -> None:
    paths = [address.partition("/en/")[2] for address in public_addresses if address.startswith("/en/") and "not-here" not in address]
    for path in paths:
        links = [str(link["href"]) for link in soup(nobody.get(f"/{code}/{path}").content).select("a[href]") if link.get("id") != "qx"]
        inside = [link for link in links if link.startswith("/") and link != "/"]
        assert inside
        assert [link for link in inside if not link.startswith(f"/{code}/")] == [], path


def test_every_link_of_the_guide_leads_to_a_page(nobody: Client, public_addresses: list[str]) -> None:
    found: set[str] = set()
    for address in public_addresses:
        if address.startswith("/en/") and "not-here" not in address:
            found |= {str(link["href"]).partition("#")[0] for link in soup(nobody.get(address).content).select('a[href^="/"]')}
    assert len(found) > 50
    assert [link for link in sorted(found) if nobody.get(link).status_code != 200] == []


def test_an_alias_is_never_served_as_a_translation(nobody: Client) -> None:
    page = GuidePage.objects.get(slug="work", locale__language_code="en")
    GuidePage.objects.filter(slug="work", locale__language_code="ar").delete()
    topic = TopicPage.objects.get(slug="rights", locale__language_code="ar")
    alias = page.create_alias(parent=topic, update_locale=Locale.objects.get(language_code="ar"), update_slug="work")
    assert alias.live
    answer = nobody.get("/ar/rights/work/")
    assert answer.status_code == 200
    assert soup(answer.content).select_one("main > .box.now"), "English stood there as if it were Arabic"


def test_titles_in_another_language_are_marked_in_lists(nobody: Client) -> None:
    html = soup(nobody.get("/ti/").content)
    topics = {f"/ti/{topic['slug']}/" for topic in OUTLINE["topics"]}
    cards = [card for card in html.select("ul.cards a.card") if card["href"] in topics]
    assert len(cards) == len(topics)
    assert {(card.get("lang"), card.get("dir")) for card in cards} == {("en", "ltr")}
    assert not [card for card in soup(nobody.get("/en/").content).select("ul.cards a.card") if card.get("lang")]


def test_arabic_pages_say_that_they_are_drafts(nobody: Client) -> None:
    html = nobody.get("/ar/help/get-help-now/").content.decode()
    label = soup(html).select_one("main .draft, main .box.small")
    assert label
    assert label.get_text(strip=True)
    assert soup(html).html["dir"] == "rtl"  # type: ignore[index]  # None fails as well


# --- What is there, and what is not -----------------------------------------------------------------------------------


def test_an_unpublished_page_is_gone_everywhere(nobody: Client) -> None:
    page = GuidePage.objects.get(slug="work", locale__language_code="en")
    page.unpublish()
    cache.clear()
    for address in ("/en/rights/work/", "/ti/rights/work/", "/ar/rights/work/"):
        assert nobody.get(address).status_code == 404
    for address in ("/en/", "/en/rights/", "/en/a-z/", "/en/a-z/words.json"):
        assert "rights/work/" not in nobody.get(address).content.decode()


def test_a_z_lists_every_page_once(nobody: Client) -> None:
    for code in ("en", "ar", "so"):
        paths = [str(row["data-path"]) for row in soup(nobody.get(f"/{code}/a-z/").content).select(".az li")]
        assert sorted(paths) == sorted(ADDRESS.values())
        index = nobody.get(f"/{code}/a-z/words.json").json()
        assert sorted(index) == sorted(ADDRESS.values())
        assert all(index.values())


def test_words_of_the_glossary_lead_to_it(nobody: Client) -> None:
    assert "National Referral Mechanism" in nobody.get("/en/a-z/words.json").json()["about/easy-words/"]


def test_priv_19_outside_links_come_from_the_register(nobody: Client, public_addresses: list[str]) -> None:
    registered = set(Fact.objects.filter(kind="link").values_list("value", flat=True))
    phones = {fact.tel: fact.value for fact in Fact.objects.filter(kind="phone").exclude(value="")}
    outside = 0
    for address in public_addresses:
        for link in soup(nobody.get(address).content).select("a[href]"):
            target = str(link["href"])
            if target.startswith("tel:"):
                bdi = link.select_one("bdi")
                assert bdi, (address, target)
                assert bdi["dir"] == "ltr"
                assert bdi.get_text() == phones[target.removeprefix("tel:")]
            elif not target.startswith(("/", "#")) and link.get("id") != "qx":
                outside += 1
                assert target in registered, (address, target)
                assert {"noreferrer", "noopener"} <= set(link.get_attribute_list("rel"))
            assert not link.get("target"), "no link opens another tab"
    assert outside


def test_order_and_neighbours_follow_the_outline(nobody: Client) -> None:
    slugs = [slug for topic in OUTLINE["topics"] for slug in topic["pages"]]
    assert [page.slug for topic in table_of_contents(BY_CODE["en"]) for page in topic.pages] == slugs
    html = soup(nobody.get(f"/en/{ADDRESS[slugs[1]]}").content)
    assert html.select_one("nav.pair a[rel=prev]")["href"] == f"/en/{ADDRESS[slugs[0]]}"  # type: ignore[index]  # None fails as well
    assert html.select_one("nav.pair a[rel=next]")["href"] == f"/en/{ADDRESS[slugs[2]]}"  # type: ignore[index]  # None fails as well


def test_a_link_to_a_page_that_is_gone_becomes_words(nobody: Client) -> None:
    page = GuidePage.objects.get(slug="work", locale__language_code="en")
    gone = Page.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1000
    page.body = json.dumps([{"type": "text", "value": {"text": f'<p>See <a linktype="page" id="{gone}">those words</a>.</p>', "mark": ""}}])
    page.save_revision().publish()
    cache.clear()
    html = soup(nobody.get("/en/rights/work/").content)
    words = next(link for link in html.select("a") if link.get_text() == "those words")
    assert not words.get("href")
