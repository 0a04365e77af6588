"""What went wrong is said in the workspace's own calm page, in the person's language, and says nothing that helps anybody else."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from portal.accounts.roles import Role
from providers.services.models import Service
from tests.builders import enter, member, organisation, person, service

pytestmark = pytest.mark.django_db
HEADINGS = {400: "We did not understand this", 403: "You cannot do this", 404: "This page is not here", 409: "Somebody else was quicker",
            500: "Something went wrong here"}  # fmt: skip


class BrokenError(Exception):
    """Raised where nobody expects it. Its words must not reach the page."""


@pytest.fixture
def row() -> Service:
    return service(organisation(), status="closed")


def client_of(row: Service, role: Role, language: str) -> Client:
    client = enter(Client(raise_request_exception=False), member(row.organisation, role))
    client.post("/workspace/language/", {"language": language})
    return client


def provoke(row: Service, status: int, language: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The answer that went wrong in this way."""
    client = client_of(row, Role.READER if status == 403 else Role.MANAGER, language)
    if status == 400:
        return client.post("/workspace/language/", {"language": "xx"})
    if status == 403:
        return client.get(reverse("services:edit", args=[row.pk]))
    if status == 404:
        return client.get("/workspace/not-here/")
    if status == 409:
        return client.post(reverse("services:take_step", args=[row.pk, "close"]))
    monkeypatch.setattr("portal.workspace.views.needs_of", broken)
    return client.get("/workspace/")


def broken(*_: Any) -> None:
    raise BrokenError("canary of the machine room")


@pytest.mark.parametrize("status", HEADINGS)
def test_each_has_a_page_of_the_workspace_with_a_way_on(row: Service, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = provoke(row, status, "en", monkeypatch)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{HEADINGS[status]}</h1>" in page
    assert f"<title>{HEADINGS[status]} · Waymark</title>" in page
    assert "design/workspace.css" in page
    assert '<a class="button" href="/workspace/">' in page
    assert 'id="qx"' not in page, "that is the public's page"


@pytest.mark.parametrize("status", HEADINGS)
def test_each_is_there_in_welsh(row: Service, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = provoke(row, status, "cy", monkeypatch)
    page = answer.content.decode()
    assert answer.status_code == status
    assert '<html lang="cy" dir="ltr">' in page
    assert HEADINGS[status] not in page
    assert "To the start page" not in page


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_who_is_signed_in_keeps_the_rail(row: Service, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    page = provoke(row, status, "en", monkeypatch).content.decode()
    assert '<ul class="rooms">' in page
    assert "Sign out" in page


def test_a_failure_asks_the_database_nothing_and_tells_nothing(row: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from portal.workspace import errors

    answer = provoke(row, 500, "en", monkeypatch)
    page = answer.content.decode()
    assert "canary" not in page
    assert "Traceback" not in page
    assert "BrokenError" not in page
    with CaptureQueriesContext(connection) as captured:
        assert errors.failed(answer.wsgi_request).status_code == 500
    assert len(captured) == 0


def test_a_database_that_is_gone_is_said_calmly(row: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(row, Role.MANAGER, "en")

    def gone(*_: Any, **__: Any) -> None:
        raise DatabaseError("connection refused to 10.0.0.1")

    monkeypatch.setattr("portal.workspace.views.panels_of", gone)
    answer = client.get("/workspace/")
    assert answer.status_code == 500
    assert "10.0.0.1" not in answer.content.decode()
    assert HEADINGS[500] in answer.content.decode()


def test_perm_04_what_is_anothers_and_what_is_not_there_are_the_same_page(row: Service) -> None:
    client = enter(Client(), member(organisation(), Role.MANAGER))
    theirs = client.get(reverse("services:show", args=[row.pk]))
    absent = client.get(reverse("services:show", args=["00000000-0000-4000-8000-000000000000"]))
    assert (theirs.status_code, absent.status_code) == (404, 404)

    def plain(answer: Any, address: str) -> str:
        token = answer.content.decode().split('name="csrfmiddlewaretoken" value="')[1].partition('"')[0]
        words = answer.content.decode().replace(address, "")
        return str(words.replace(token, "")) if token else words

    import re

    pages = [re.sub(r'value="[A-Za-z0-9]{64}"', "", plain(answer, answer.wsgi_request.path)) for answer in (theirs, absent)]
    assert pages[0] == pages[1]
    assert {name for name, _value in theirs.items()} == {name for name, _value in absent.items()}


def test_csrf_01_a_form_left_open_too_long_has_the_workspaces_page_in_welsh_too(row: Service) -> None:
    client = enter(Client(enforce_csrf_checks=True), member(row.organisation, Role.MANAGER))
    session = client.session
    session["workspace_language"] = "cy"
    session.save()
    answer = client.post(reverse("services:create"), {})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert '<html lang="cy"' in page
    assert "design/workspace.css" in page
    assert not Service.objects.exclude(pk=row.pk).exists()


def test_a_page_that_is_not_there_is_not_found_by_who_is_not_signed_in_either() -> None:
    answer = Client().get("/workspace/not-here/")
    assert answer.status_code == 404
    assert '<ul class="rooms">' not in answer.content.decode()
    assert "Signed in as" not in answer.content.decode()


def test_public_addresses_keep_their_own_pages() -> None:
    page = enter(Client(), person()).get("/en/not-here/")
    assert page.status_code == 404
    assert "design/workspace.css" not in page.content.decode()
