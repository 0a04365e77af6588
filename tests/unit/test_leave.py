"""Quick exit without a browser: what stands in every page, in the script, in the list of destinations."""

import gzip
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import polib
import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from portal.design import inline
from portal.languages import BY_CODE, FIRST_RELEASE
from survivors.leave import destinations
from survivors.leave.management.commands import check_destinations

INLINE = Path(destinations.__file__).parent / "inline"
CODES = [language.code for language in FIRST_RELEASE]
LABEL = "Leave this site"
NAME = "Leave this site – opens another page"
WORD = "Loading"


@pytest.fixture(scope="module")
def pages(public_addresses: list[str], django_db_blocker: Any) -> dict[str, str]:
    """Address → HTML of every public page, and of the pages for what went wrong."""
    cache.clear()
    client = Client(raise_request_exception=False)
    with django_db_blocker.unblock():
        found = {address: client.get(address).content.decode() for address in [*public_addresses, "/gallery/"]}
        with override_settings(MAINTENANCE=True):
            found |= {f"maintenance {code}": client.get(f"/{code}/").content.decode() for code in CODES}
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr("survivors.guide.views.table_of_contents", lambda language: 1 / 0)
            cache.clear()
            answers = {code: client.get(f"/{code}/a-z/") for code in CODES}
    assert {answer.status_code for answer in answers.values()} == {500}
    cache.clear()
    return found | {f"500 {code}": answer.content.decode() for code, answer in answers.items()}


def exit_of(soup: BeautifulSoup) -> Tag:
    """The one exit of a page."""
    (link,) = soup.select("#qx")
    return link


def test_qx_01_one_exit_on_every_page_in_the_first_2_kb_and_second_in_tab_order(pages: dict[str, str]) -> None:
    assert len(pages) > 100
    for address, html in pages.items():
        assert html.count('id="qx"') == 1, address
        body = html[html.index("<body") :].encode()
        assert body.index(b'id="qx"') + len("</a>") < 2048, address
        soup = BeautifulSoup(html, "html.parser")
        assert isinstance(soup.body, Tag)
        # No positive tabindex anywhere, so the order of the source is the order of Tab.
        assert not [tag for tag in soup.select("[tabindex]") if int(str(tag["tabindex"])) > 0], address
        focusable = soup.body.select("a[href],button,input,select,textarea,summary,[tabindex='0']")
        assert focusable[0]["href"] == "#main", address
        assert focusable[1] is exit_of(soup), address
        assert exit_of(soup).parent is soup.body, address  # an ancestor with transform or filter would trap the cover


def test_qx_02_a_real_link_that_says_nothing_to_the_next_site(pages: dict[str, str], db: None) -> None:
    for address, html in pages.items():
        soup = BeautifulSoup(html, "html.parser")
        link = exit_of(soup)
        assert isinstance(soup.html, Tag)
        assert link["href"] == soup.html["data-to"] == destinations.destination(str(soup.html["lang"])), address
        assert link["rel"] == ["noreferrer", "nofollow"], address
        assert link["referrerpolicy"] == "no-referrer", address
        assert "target" not in link.attrs, address


def test_qx_15_the_name_begins_with_the_visible_words_and_says_what_happens(pages: dict[str, str]) -> None:
    for address, html in pages.items():
        soup = BeautifulSoup(html, "html.parser")
        link = exit_of(soup)
        name, visible = str(link["aria-label"]), link.get_text(strip=True)
        assert name.startswith(visible), address  # WCAG 2.5.3
        assert len(name) > len(visible) > 0, address
        assert isinstance(soup.html, Tag)
        assert soup.html["data-loading"], address


def catalogue(code: str) -> dict[str, str]:
    """English → translation, for texts that are translated."""
    source = polib.pofile(str(settings.CATALOGUE_SOURCE / code / "LC_MESSAGES" / "django.po"))
    return {entry.msgid: entry.msgstr for entry in source.translated_entries()}


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])
def test_qx_18_the_words_of_the_exit_are_in_every_language(code: str, pages: dict[str, str]) -> None:
    texts = catalogue(code)
    assert {LABEL, NAME, WORD} <= set(texts), "missing, empty or fuzzy"
    soup = BeautifulSoup(pages[f"maintenance {code}"], "html.parser")
    assert exit_of(soup).get_text(strip=True) == texts[LABEL] != LABEL
    assert exit_of(soup)["aria-label"] == texts[NAME] != NAME
    assert isinstance(soup.html, Tag)
    assert soup.html["data-loading"] == texts[WORD] != WORD


def test_qx_18_the_same_drawing_everywhere_and_no_alarming_word(pages: dict[str, str]) -> None:
    drawings = {str(exit_of(BeautifulSoup(html, "html.parser")).svg) for html in pages.values()}
    assert len(drawings) == 1
    assert "aria-hidden" in drawings.pop()
    assert not re.search("emergency|escape|danger|exit", f"{LABEL} {NAME} {WORD}", re.IGNORECASE)


def test_qx_19_three_places_to_go_for_every_language_without_a_query() -> None:
    assert set(destinations.destinations()) == set(CODES)
    for code, addresses in destinations.destinations().items():
        assert len(set(addresses)) >= 3, code
        assert all(re.fullmatch(r"https://[a-z.]+/[^?#]*", address) for address in addresses), code


def test_qx_19_the_first_place_is_used_every_time(db: None) -> None:
    with override_settings(LEAVE_DESTINATION=""):
        assert {destinations.destination("ar") for _ in range(50)} == {destinations.destinations()["ar"][0]}


class Doubtful(BaseHTTPRequestHandler):
    """Good and bad places to go to."""

    PAGES = {  # noqa: RUF012 - read only
        "/weather": "<h1>Rain</h1><form action='/search'><input type=text></form>",
        "/password": "<form><input name=p type='password'></form>",
        "/wall": "<form action='https://consent.example/save'></form>",
        "/refresh": "<meta http-equiv=refresh content='0; url=/age-gate/'>",
        "/login": "<h1>Hello</h1>",
    }

    def do_GET(self) -> None:
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/login?next=weather")
            self.end_headers()
            return
        page = self.PAGES.get(self.path.partition("?")[0])
        self.send_response(200 if page is not None or self.path == "/picture" else 404)
        self.send_header("Content-Type", "image/png" if self.path == "/picture" else "text/html")
        self.end_headers()
        self.wfile.write((page or "").encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Quiet."""


@pytest.fixture(scope="module")
def doubtful() -> Iterator[str]:
    """The address of a server of good and bad places."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Doubtful)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/weather", ""),
        ("/gone", "answers 404"),
        ("/redirect", "leads to a sign-in"),
        ("/password", "asks for a password"),
        ("/wall", "shows a cookie or age wall"),
        ("/refresh", "leads to a cookie or age wall"),
        ("/picture", "is not a page but image/png"),
    ],
)
def test_qx_19_the_check_sees_what_is_wrong(doubtful: str, path: str, wrong: str) -> None:
    complaint = check_destinations.complaint(doubtful + path, 5)
    assert complaint.startswith(wrong)
    assert bool(complaint) == bool(wrong)


def test_qx_19_the_check_fails_when_one_place_does(
    doubtful: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = {"en": [f"{doubtful}/weather", "http://127.0.0.1:9/"], "ar": [f"{doubtful}/weather"]}
    monkeypatch.setattr(destinations, "destinations", lambda: listed)
    monkeypatch.setattr(destinations, "registered", dict)
    with override_settings(LEAVE_DESTINATION=""):
        with pytest.raises(CommandError, match=r"1 of 2 .*\n  http://127.0.0.1:9/ does not answer .* used for: en") as failed:
            call_command("check_destinations", timeout=5)
        assert failed.value.returncode == 1
        listed["en"].pop()
        call_command("check_destinations", timeout=5)
    assert "destinations that open: 1" in capsys.readouterr().out


def compressed(piece: inline.Piece) -> int:
    """Bytes after gzip, as the server compresses."""
    return len(gzip.compress(piece.text.encode(), 6))


def test_qx_20_small_enough() -> None:
    assert compressed(settings.LEAVE_SCRIPT) <= 1024
    assert compressed(inline.style(INLINE / "leave.css")) <= 400
    assert compressed(settings.LEAVE_SCRIPT) + compressed(settings.TRACES_SCRIPT) <= 3 * 1024


def test_qx_22_nothing_is_sent_and_no_link_opens_a_tab(pages: dict[str, str]) -> None:
    for address, html in pages.items():
        soup = BeautifulSoup(html, "html.parser")
        assert not soup.select("form,[target],[formaction],base,iframe,embed,object"), address
        assert "beforeunload" not in html, address
        assert all(field["autocomplete"] == "off" for field in soup.select("input,textarea,select")), address
        assert not [link for link in soup.select("a[href]") if "?" in str(link["href"]) and str(link["href"]).startswith("/")], address


@pytest.mark.parametrize("code", CODES)
def test_qx_23_the_first_page_explains_the_exit(code: str, pages: dict[str, str], db: None) -> None:
    english, box = (BeautifulSoup(pages.get(address) or Client().get(address).content, "html.parser") for address in ("/en/", f"/{code}/"))
    said, here = ([text.get_text() for text in page.select("section[aria-labelledby=exit] p")] for page in (english, box))
    for promise in ("hides this page at once", "does not clear the history", "use a phone that nobody else uses"):
        assert promise in " ".join(said)
    assert here == (said if code == "en" else [catalogue(code)[text] for text in said])
    assert code == "en" or not set(here) & set(said)
    assert not box.select("dialog")  # a part of the page, not a wall in front of it


def test_qx_24_the_clean_up_asks_for_an_empty_cache_and_nothing_else(nobody: Client) -> None:
    answer = nobody.get("/c")
    assert answer.status_code == 204
    assert answer["Clear-Site-Data"] == '"cache"'  # "storage" would take the mark that guards Back: docs/quick-exit-evidence.md
    assert not answer.content
    assert nobody.post("/c").status_code == 405


def test_priv_13_no_page_clears_anything(nobody: Client, public_addresses: list[str], db: None) -> None:
    for address in [*public_addresses[:20], "/en/not-here/"]:
        assert "Clear-Site-Data" not in nobody.get(address), address
    assert "/c" not in {link["href"] for link in BeautifulSoup(nobody.get("/en/").content, "html.parser").select("a[href]")}


def test_qx_25_no_tricks_with_windows_and_history() -> None:
    script = settings.LEAVE_SCRIPT.text
    assert not re.search(r"\bopen\(|pushState|replaceState|history|_blank|setInterval|cookie|localStorage|indexedDB|caches", script)
    assert len(re.findall(r"\.replace\(", script)) == 1  # one way out, and it takes this page's place in history
    assert not re.search(r"pushState|\bopen\(|setInterval|Storage|cookie", settings.TRACES_SCRIPT.text)


def test_every_language_of_the_registry_has_a_direction_for_the_corner() -> None:
    assert {BY_CODE[code].direction for code in CODES} == {"ltr", "rtl"}
