"""Every answer carries the same headers, whatever its address and status (PRIV-01, PRIV-07, PRIV-08, PRIV-09, PRIV-13, QX-09)."""

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.test.client import MULTIPART_CONTENT
from django.urls import clear_url_caches

from portal.accounts.models import User
from portal.middleware import PERMISSIONS_POLICY
from survivors.guide import views
from tests.builders import enter

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": {"'none'"},
    "img-src": {"'self'"},
    "font-src": {"'none'"},
    "media-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'none'"},
    "base-uri": {"'none'"},
    "worker-src": {"'none'"},
    "frame-ancestors": {"'none'"},
    "require-trusted-types-for": {"'script'"},
}
TABLE = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Referrer-Policy": "no-referrer",
    "Request-OTR": "1",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
# What else an answer may carry. Anything new has to be thought about.
ALLOWED = {
    *TABLE, "Content-Security-Policy", "Content-Type", "Content-Length", "Content-Language", "Content-Encoding", "Vary", "Location",
    "Allow", "Retry-After", "Last-Modified", "ETag",
}  # fmt: skip
HSTS = "max-age=63072000; includeSubDomains; preload"
DOCUMENTS = {200, 400, 403, 404, 500, 503}


def ask(address: str, method: str = "GET", **extra: Any) -> Any:
    """One answer, without the test client's own raising."""
    return Client(raise_request_exception=False).generic(method, address, **extra)


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A to Z raises."""

    def broken(*_: object) -> None:
        raise RuntimeError("on purpose")

    with monkeypatch.context() as patched:
        patched.setattr(views, "table_of_contents", broken)
        cache.clear()
        yield


def answers(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> Iterator[tuple[str, int, Any]]:
    """Name, expected status and answer, for every kind of answer there is."""
    for address in addresses:
        yield address, 404 if "not-here" in address else 200, ask(address)
    yield "again, from the cache", 200, ask("/en/")
    yield "HEAD", 200, ask("/en/", "HEAD")
    yield "query", 200, ask("/en/?q=1")
    yield "compressed", 200, ask("/en/", headers={"accept-encoding": "gzip"})
    yield "index", 200, ask("/en/a-z/words.json")
    yield "clean-up", 204, ask("/c")
    yield "static", 200, ask("/static/design/i.svg")
    yield "static that is not there", 404, ask("/static/nothing.js")
    yield "slash", 301, ask("/en/a-z")
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        yield method, 405, ask("/en/", method)
        yield f"{method} clean-up", 405, ask("/c", method)
    yield "bad host", 400, ask("/en/", headers={"host": "evil.example"})
    yield "host with blanks", 400, ask("/en/", headers={"host": "a b"})
    yield "NUL", 404, ask("/en/a%00b/")
    with override_settings(MAINTENANCE=True):
        yield "maintenance", 503, ask("/ar/")
        yield "maintenance of staff pages is no public page", 503, ask("/nothing")
    with override_settings(SECURE_SSL_REDIRECT=True):
        yield "to https", 301, ask("/en/")
        yield "to https, bad host", 400, ask("/en/", headers={"host": "evil.example"})
    with failing(monkeypatch):
        yield "failure", 500, ask("/en/a-z/")


def policy(answer: Any) -> dict[str, set[str]]:
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return {name: set(values) for name, *values in parts}


def hashes(pattern: str, html: str) -> set[str]:
    pieces = re.findall(pattern, html, re.DOTALL)
    return {f"'sha256-{base64.b64encode(hashlib.sha256(piece.encode()).digest()).decode()}'" for piece in pieces}


def check_headers(name: str, answer: Any) -> list[str]:
    """What is wrong with the headers of a public answer."""
    table = dict(TABLE)
    if name == "static":
        del table["Cache-Control"]
    wrong = [f"{name}: {key}: {answer.headers.get(key)!r}" for key, value in table.items() if answer.headers.get(key) != value]
    more = {"Clear-Site-Data"} if name == "clean-up" else {"Cache-Control"} if name == "static" else set()
    wrong += [f"{name}: {key} is not in the table" for key in answer.headers if key not in ALLOWED | more]
    if answer.cookies or "cookie" in answer.headers.get("Vary", "").lower():
        wrong.append(f"{name}: cookies")
    return wrong


def check_policy(name: str, answer: Any) -> list[str]:
    """What is wrong with the Content-Security-Policy of a public answer."""
    sent = policy(answer)
    expected = POLICY | ({"form-action": {"'self'"}} if "rights-finder" in name else {})
    wrong = [f"{name}: {key} {sent.get(key)}" for key, value in expected.items() if sent.get(key) != value]
    if set(sent) != {*POLICY, "script-src", "style-src"}:
        wrong.append(f"{name}: directives {sorted(sent)}")
    if any("unsafe" in value or "*" in value or "http" in value for values in sent.values() for value in values):
        wrong.append(f"{name}: an unsafe or foreign source")
    if (
        answer.headers.get("Content-Type", "").startswith("text/html")
        and answer.status_code in DOCUMENTS
        and not answer.headers.get("Content-Encoding")
    ):
        html = answer.content.decode()
        if (
            not hashes(r"<style>(.*?)</style>", html) <= sent["style-src"]
            or not hashes(r"<script>(.*?)</script>", html) <= sent["script-src"]
        ):
            wrong.append(f"{name}: a piece in the page that the policy does not name")
        if html and not hashes(r"<script>(.*?)</script>", html):
            wrong.append(f"{name}: no exit script in the page")
    return wrong


def test_priv_01_07_08_13_qx_09_one_table_for_every_answer(monkeypatch: pytest.MonkeyPatch, public_addresses: list[str]) -> None:
    wrong: list[str] = []
    seen: set[int] = set()
    for name, status, answer in answers(monkeypatch, public_addresses):
        seen.add(answer.status_code)
        if answer.status_code != status:
            wrong.append(f"{name}: {answer.status_code}, expected {status}")
        wrong += check_headers(name, answer) + check_policy(name, answer)
    assert wrong == []
    assert seen == {200, 204, 301, 400, 404, 405, 500, 503}


def test_priv_13_only_the_background_clean_up_clears_site_data() -> None:
    assert ask("/c")["Clear-Site-Data"] == '"cache"'
    assert ask("/c").content == b""


def test_priv_07_a_page_that_is_refused_looks_like_one_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.exceptions import PermissionDenied

    def refuse(*_: object) -> None:
        raise PermissionDenied

    monkeypatch.setattr(views, "table_of_contents", refuse)
    cache.clear()
    answer = ask("/en/a-z/")
    assert answer.status_code == 403
    assert check_headers("403", answer) + check_policy("403", answer) == []
    assert answer.content == ask("/en/not-here/").content


def test_a_static_file_that_has_not_changed_is_304_with_the_same_headers() -> None:
    first = ask("/static/design/i.svg")
    again = ask("/static/design/i.svg", headers={"if-modified-since": first["Last-Modified"]})
    assert again.status_code == 304
    assert check_headers("static", again) == []


def test_net_14_no_page_is_shared_across_origins() -> None:
    answer = ask("/en/", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_qx_09_every_page_links_nothing_ahead_of_time(nobody: Client) -> None:
    for address in ("/en/", "/en/rights/work/", "/en/a-z/"):
        answer = nobody.get(address)
        assert "Link" not in answer.headers
        assert not re.search(
            r"rel=[\"']?(?:preconnect|prefetch|preload|dns-prefetch|modulepreload)|speculationrules", answer.content.decode()
        )


# --- HTTPS ------------------------------------------------------------------------------------------------------------


def test_hsts_is_two_years_with_subdomains_and_preload() -> None:
    with override_settings(SECURE_HSTS_SECONDS=63072000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True):
        for address, status in (("/en/", 200), ("/en/not-here/", 404), ("/static/design/i.svg", 200), ("/c", 204), ("/cms/login/", 302)):
            answer = Client().get(address, secure=True)
            assert answer.status_code == status
            assert answer["Strict-Transport-Security"] == HSTS
        assert "Strict-Transport-Security" not in ask("/en/").headers, "over plain HTTP the header means nothing"


# --- The editors' side ------------------------------------------------------------------------------------------------

STAFF_TABLE = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Frame-Options": "SAMEORIGIN",
}


def test_priv_09_the_editors_side_stores_nothing_and_frames_only_itself(admin: User) -> None:
    client = Client(raise_request_exception=False)
    enter(client, admin)
    for address in ("/cms/", "/cms/login/", "/cms/pages/", "/cms/nothing/", "/cms/media/x.pdf", "/cms/snippets/facts/fact/"):
        for one in (client, Client()):
            answer = one.get(address)
            assert {name: answer.headers.get(name) for name in STAFF_TABLE} == STAFF_TABLE, address
            assert "Request-OTR" not in answer.headers
            sent = policy(answer)
            assert sent["default-src"] == {"'self'"}
            assert sent["object-src"] == sent["base-uri"] == {"'none'"}
            assert not [value for values in sent.values() for value in values if "http" in value or "*" in value or "eval" in value]


def test_session_cookies_never_reach_a_public_page(admin: User) -> None:
    client = Client()
    enter(client, admin)
    signed_in = client.get("/cms/")
    assert signed_in.status_code == 200
    client.post("/cms/logout/")
    answer = Client().post("/cms/login/", {"username": "x", "password": "y"}, MULTIPART_CONTENT)
    for cookie in answer.cookies.values():
        assert cookie["path"] == "/cms/"
        assert cookie["samesite"] == "Strict"


def test_an_error_forgets_that_it_happened() -> None:
    clear_url_caches()
    cache.clear()
    assert ask("/en/a-z/").status_code == 200
