"""The finder without JavaScript: it answers from the request, whatever was posted, and keeps nothing."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from survivors.entitlements.models import FinderText
from survivors.entitlements.rules import decide
from tests.builders import enter
from tests.integration.access import writes

pytestmark = pytest.mark.django_db
FINDER = "/en/rights-finder/"
FORM = "application/x-www-form-urlencoded"
CANARY = "quetzal-7319"
ITEM = re.compile(r'<li data-id="(\w+)"')


def post(answers: Any, address: str = FINDER, **extra: Any) -> Any:
    return Client(raise_request_exception=False).post(address, answers, **extra)


def words(kind: str, key: str) -> Any:
    """The row of words; its languages are columns that only django-modeltranslation knows."""
    return FinderText.objects.get(kind=kind, key=key)


def shown(response: Any) -> list[str]:
    assert response.status_code == 200
    return ITEM.findall(response.content.decode())


def expected(facts: dict[str, object]) -> set[str]:
    outcome = decide(facts)
    return {*outcome.gives, *outcome.may, *outcome.warn}


@pytest.mark.parametrize("language", ["en", "ar", "ti"])
def test_what_is_posted_is_answered(language: str) -> None:
    answers = {"nation": "wales", "age_group": "adult", "stage": "rg_positive", "in_danger": "true", "safe_place": "no_safe"}
    found = shown(post(answers, f"/{language}/rights-finder/"))
    assert found[0] == "emergency_999"
    assert len(found) == len(set(found))
    assert set(found) == expected({**answers, "in_danger": True})


def test_no_answer_at_all_is_an_answer() -> None:
    assert set(shown(post({}))) == expected({})


def test_why_it_is_shown_is_what_was_answered_or_left_open() -> None:
    text = post({"nation": "wales"}).content.decode()
    welsh = text.partition('data-id="welsh_language"')[2].partition("</li>\n")[0]
    question = words("question", "nation").text_en
    assert re.search(rf"{re.escape(question)} <b>Wales</b>", welsh)
    everybody = text.partition('data-id="helpline_advice"')[2].partition("</details>")[0]
    assert "Everybody can ask for this." in everybody
    child = text.partition('data-id="treated_as_child"')[2].partition("</details>")[0]
    age = words("question", "age_group").text_en
    assert f"{age} <b>I do not want to say</b>" in child
    assert "Everybody" not in child


GARBAGE: dict[str, tuple[Any, str]] = {
    "unknown names": ({"star_sign": "leo", "canary": CANARY}, ""),
    "unknown values": ({"nation": "france", "in_danger": CANARY}, ""),
    "many values": ({"nation": ["wales", CANARY, "england"]}, ""),
    "not a form": (b"\x00\xff{{{", FORM),
    "json": ('{"nation": "wales"}', "application/json"),
    "wrong encoding": (b"nation=%ff%fe&age_group=\xff", FORM),
    "unknown encoding": (b"nation=wales", f"{FORM}; charset=klingon"),
    "no boundary": (b"nation=wales", "multipart/form-data"),
    "broken multipart": (b"--x\r\nnothing", "multipart/form-data; boundary=x"),
    "a null": (b"nation=wales%00&age_group=%00", FORM),
    "no type": (b"nation=wales", ""),
    "huge": (b"nation=" + b"w" * 3_000_000, FORM),
    "very many": (b"&".join(b"a%d=1" % number for number in range(2000)), FORM),
    "a file": ({"nation": SimpleUploadedFile("x.txt", CANARY.encode())}, ""),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_whatever_is_posted_is_answered_or_refused_and_kept_nowhere(
    name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    body, kind = GARBAGE[name]
    cache.clear()
    with writes() as written, caplog.at_level("DEBUG"):
        client = Client(raise_request_exception=False)
        response = (
            client.generic("POST", FINDER, body, kind)
            if isinstance(body, bytes)
            else post(body, **({"content_type": kind} if kind else {}))
        )
    assert response.status_code in {200, 400}, name
    assert response["Cache-Control"] == "no-store"
    assert written == []
    assert CANARY not in response.content.decode()
    assert CANARY not in caplog.text + "".join(capfd.readouterr())
    assert not response.cookies


def test_a_posted_answer_is_never_in_the_page_cache() -> None:
    cache.clear()
    plain = Client().get(FINDER).content
    post({"nation": "wales"})
    assert Client().get(FINDER).content == plain
    assert ITEM.findall(post({"nation": "scotland"}).content.decode()) != ITEM.findall(post({"nation": "wales"}).content.decode())


def test_only_this_page_may_send_a_form_also_from_the_page_cache() -> None:
    cache.clear()

    def policy(response: Any) -> str:
        found = re.search(r"form-action ([^;]+)", response["Content-Security-Policy"])
        assert found
        return found[1]

    answers = [Client().get(FINDER) for _ in range(3)] + [Client().head(FINDER), Client().get(f"{FINDER}?x"), post({})]
    assert [policy(answer) for answer in answers] == ["'self'"] * 6
    with CaptureQueriesContext(connection) as asked:
        assert policy(Client().get(FINDER)) == "'self'"
    assert len(asked) == 0, "it came from the cache"
    others = ["/", "/en/", "/en/a-z/", "/en/rights/work/", "/en/rights-finder/rules.json", "/en/not-here/"]
    assert {policy(Client().get(address)) for address in others * 2} == {"'none'"}


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_no_other_method(method: str) -> None:
    assert getattr(Client(), method)(FINDER).status_code == 405


@pytest.mark.parametrize("address", ["rules.json", "english.json"])
def test_the_data_is_only_read(address: str) -> None:
    assert Client().post(FINDER + address, {}).status_code == 405
    response = Client().get(FINDER + address)
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (200, "application/json", "no-store")


def test_it_asks_the_database_little() -> None:
    for language, most in (("en", 10), ("ar", 16)):
        cache.clear()
        with CaptureQueriesContext(connection) as first:
            assert Client().get(f"/{language}/rights-finder/").status_code == 200
        with CaptureQueriesContext(connection) as posted:
            post({"nation": "wales", "age_group": "adult", "stage": "cg_positive"}, f"/{language}/rights-finder/")
        assert 0 < len(first) <= most, language
        assert 0 < len(posted) <= most, language


# --- The words --------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(admin: User) -> Client:
    client = Client()
    enter(client, admin)
    return client


def edit(client: Client, row: FinderText, **changes: str) -> Any:
    address = f"/cms/snippets/entitlements/findertext/edit/{row.pk}/"
    form = client.get(address).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return client.post(address, values | changes)


def test_words_change_in_the_editor_and_readers_see_it_at_once(desk: Client, django_capture_on_commit_callbacks: Any) -> None:
    row = words("right", "interpreter")
    assert row.text_en in Client().get(FINDER).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert edit(desk, row, text_en="Somebody who interprets").status_code == 302
    assert "Somebody who interprets" in Client().get(FINDER).content.decode()
    assert "Somebody who interprets" in Client().get(f"{FINDER}english.json").content.decode()


@pytest.mark.parametrize("wrong", ["Call 0800 0121 700", "Call {no-such-fact}", "See www.elsewhere.example.com", ""])
def test_a_number_an_address_and_an_unknown_fact_are_refused(desk: Client, wrong: str) -> None:
    row = words("right", "interpreter")
    assert edit(desk, row, text_en=wrong).status_code == 200
    assert words(row.kind, row.key).text_en == row.text_en


def test_rows_are_neither_added_nor_deleted(desk: Client) -> None:
    row = words("right", "interpreter")
    count = FinderText.objects.count()
    base = "/cms/snippets/entitlements/findertext"
    assert desk.get(f"{base}/").status_code == 200
    for address in (f"{base}/add/", f"{base}/delete/{row.pk}/", f"{base}/copy/{row.pk}/"):
        desk.get(address)
        desk.post(address, {"text_en": "More", "kind": "right", "key": "more"})
    desk.post(f"/cms/bulk/entitlements/findertext/delete/?id={row.pk}")
    assert FinderText.objects.count() == count
    edit(desk, row, key="other", kind="warning")
    row.refresh_from_db()
    assert (row.kind, row.key) == ("right", "interpreter")
