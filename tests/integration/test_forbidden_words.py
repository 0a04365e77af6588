"""PRIV-14, QX-21: nothing a history list, a tab, a file name or the head of a sheet shows tells what this site is about."""

import html
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from portal.languages import BY_CODE, FIRST_RELEASE, SOURCE
from survivors.guide.models import table_of_contents

pytestmark = pytest.mark.django_db

STEMS: dict[str, list[str]] = yaml.safe_load((settings.BASE_DIR / "survivors/guide/data/forbidden.yaml").read_text(encoding="utf-8"))
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
HEAD_LINK = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
FILE = re.compile(r"""(?:src|href)=["']([^"'#?]+)""")
VOWEL_MARKS = re.compile(r"[\u064b-\u065f\u0670\u0640]")


def stems_in(text: str, language: str) -> list[str]:
    """The forbidden stems of ``language`` and of English that stand in ``text``."""
    plain = VOWEL_MARKS.sub("", html.unescape(unquote(text))).lower()
    return [stem for code in {language, SOURCE} for stem in STEMS[code] if stem in plain]


@cache
def paths() -> tuple[str, ...]:
    """Every public path below a language."""
    topics = table_of_contents(BY_CODE[SOURCE])
    return (
        "",
        "a-z/",
        "find-support/",
        "what-you-can-expect/",
        "inspections/",
        *(entry.path for topic in topics for entry in (topic, *topic.pages)),
        "not-here/",
    )


@pytest.fixture(scope="module", params=[language.code for language in FIRST_RELEASE])
def language(request: pytest.FixtureRequest) -> str:
    """Each language."""
    return str(request.param)


RENDERED: dict[str, dict[str, str]] = {}  # once per language: nothing in this module changes a page


def rendered(client: Client, language: str) -> dict[str, str]:
    """Address → HTML of every page of ``language``."""
    if language not in RENDERED:
        addresses = [f"/{language}/{path}" for path in paths()]
        RENDERED[language] = {address: client.get(address).content.decode() for address in addresses}
    return RENDERED[language]


def what_shows(address: str, page: str) -> dict[str, str]:
    """What others may see of a page without reading it."""
    title = TITLE.search(page)
    assert title, address
    own = [path for path in FILE.findall(page) if path.startswith("/")]
    return {
        "title": title[1],
        "address": address,
        "meta": " ".join(META.findall(page)),
        "links of the head": " ".join(HEAD_LINK.findall(page)),
        "files and addresses": " ".join(own),
    }


def test_the_list_has_words_for_every_language() -> None:
    assert set(STEMS) == set(BY_CODE)
    assert all(len(stems) >= 15 for stems in STEMS.values())
    assert not [stem for stems in STEMS.values() for stem in stems if stem != stem.lower()]


def test_priv_14_qx_21_nothing_that_shows_says_what_this_is_about(nobody: Client, language: str) -> None:
    wrong = []
    pages = rendered(nobody, language)
    assert len(pages) > 50
    for address, page in pages.items():
        for where, text in what_shows(address, page).items():
            wrong += [f"{address}: “{stem}” in its {where}" for stem in stems_in(text, language)]
    assert not wrong


def test_qx_21_titles_still_describe_their_topic(nobody: Client, language: str) -> None:
    titles = {address: str(what_shows(address, page)["title"]) for address, page in rendered(nobody, language).items()}
    topics = [title.rpartition(" - ")[0] for title in titles.values()]
    assert all(topics), "every title is “Topic - Guide”"
    twice = {topic for topic in topics if topics.count(topic) > 1}
    assert not {address: title for address, title in titles.items() if title.rpartition(" - ")[0] in twice}


def test_a_forbidden_word_would_be_found() -> None:
    page = "<title>Victims - Guide</title><meta property='og:title' content='x'><link rel=icon href='/static/rescue.svg'>"
    shown = what_shows("/en/help/", page)
    assert stems_in(shown["title"], "en") == ["victim"]
    assert stems_in(shown["links of the head"], "ar") == ["rescue"]
    assert stems_in("/%D8%AE%D8%B7%D8%B1/", "ar") == ["خطر"]
    assert stems_in("خَطَر", "ar") == ["خطر"]


def test_priv_14_pages_carry_no_cards_descriptions_or_manifest(nobody: Client) -> None:
    for address, page in rendered(nobody, "en").items():
        head = page.partition("<body")[0]
        assert not re.search(r"og:|twitter:|description|keywords|manifest|canonical|alternate|application-name", head), address


def test_priv_14_files_and_the_icon_have_dull_names() -> None:
    names = [
        name for finder in finders.get_finders() for name, _storage in finder.list([]) if not Path(name).parts[0].startswith("wagtail")
    ]
    ours = [name for name in names if name.startswith(("design/", "guide/", "leave/"))]
    assert {"design/i.svg", "guide/find.js"} <= set(ours)
    assert not [name for name in ours if stems_in(name, SOURCE)]
    icon = Path(str(finders.find("design/i.svg"))).read_text()
    assert "<text" not in icon and "<title" not in icon and not stems_in(icon, SOURCE)
