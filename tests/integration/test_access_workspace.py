"""Every route of people who sign in × method × person of the cast (PERM-01 to PERM-03, CSRF-01, CSRF-03, AUTH-15).

The lines stand in ``access_table.py``.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from portal.accounts import recent
from portal.accounts.models import User
from tests.builders import enter, member, organisation, person, sign_in
from tests.integration import access_table
from tests.integration.access import METHODS, Route, walk, writes
from tests.integration.access_table import CAST, EVERYBODY, WORKSPACE

pytestmark = pytest.mark.django_db

ROUTES = [route for route in walk() if route.path.startswith(("/workspace/", "/accounts/"))]
OF_SESSIONS = ("accounts_signedinsession", "accounts_tally", "SAVEPOINT")


@pytest.fixture
def cast(db: None) -> dict[str, User]:
    """The people of the table, each kind of organisation once and the rival's."""
    homes = {kind: organisation(kind) for kind, _role in CAST.values()}
    people = {name: member(organisation(kind) if name == "rival" else homes[kind], role) for name, (kind, role) in CAST.items()}
    return people | {"stranger": person()}


@pytest.fixture
def clients(cast: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> dict[str, Client]:
    """Their browsers. All have signed in just now, however long the walk through every cell takes."""
    start = time.time()
    monkeypatch.setattr(recent, "now", lambda: start + 60)
    browsers = {name: enter(Client(raise_request_exception=False), user) for name, user in cast.items()}
    return browsers | {"nobody": Client(raise_request_exception=False)}


def ask(client: Client, method: str, route: Route) -> tuple[Any, list[str]]:
    """The answer, and what was written; whatever it was is undone, so that the next cell finds everything as it was."""
    cookies: Any = client.cookies.copy()
    with transaction.atomic(), writes() as written:
        answer = client.generic(method, route.path)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer, [statement for statement in written if not any(name in statement for name in OF_SESSIONS)]


def verdict(answer: Any) -> str:
    """``sign_in``, ``refused`` or ``reached``."""
    if answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/?next="):
        return "sign_in"
    return "refused" if answer.status_code in {403, 404, 405} else "failed" if answer.status_code >= 500 else "reached"


def cells(clients: dict[str, Client]) -> Iterator[tuple[Route, str, str, str, list[str]]]:
    for route in ROUTES:
        for name, client in clients.items():
            for method in METHODS:
                answer, written = ask(client, method, route)
                yield route, name, method, verdict(answer), written


def at_the_door(route: Route) -> bool:
    """The passkey's question is asked of somebody who stands between the two factors."""
    return "credential-authentication" in route.name


def line_of(seen: set[str]) -> str:
    """What to write into the table for these people, if it is right."""
    named = (name for name, who in vars(access_table).items() if isinstance(who, frozenset) and who == seen)
    return next(named, str(sorted(seen)))


def test_perm_01_every_workspace_route_has_a_line_and_every_line_a_route() -> None:
    names = [route.name for route in ROUTES]
    assert {name for name in names if name not in WORKSPACE} == set(), "add a line to access_table.py"
    assert set(WORKSPACE) - set(names) == set(), "no route has this name any more"
    assert len({route.pattern for route in ROUTES}) == len(ROUTES), "the second of two would never be reached"


def test_perm_02_03_every_workspace_cell(clients: dict[str, Client], capsys: pytest.CaptureFixture[str]) -> None:
    reached: dict[str, set[str]] = {route.name: set() for route in ROUTES}
    wrong, count = [], 0
    for route, name, method, said, written in cells(clients):
        count += 1
        if said == "reached":
            reached[route.name].add(name)
        if said == "failed" or (written and said != "reached"):
            wrong.append((route.name, method, name, said, written[:2]))
        if written and method in {"GET", "HEAD", "OPTIONS"} and "enrol_app" not in route.name and "add_app" not in route.name:
            wrong.append((route.name, method, name, "reading writes", written[:2]))
        if (
            name == "nobody"
            and said != "sign_in"
            and "nobody" not in WORKSPACE.get(route.name, ())
            and method == "GET"
            and not at_the_door(route)
        ):
            wrong.append((route.name, method, name, f"{said}, not shown the way to sign in", []))
    with capsys.disabled():
        print(f" [{count} workspace cells]", end="")
        for name in sorted(set(reached) - set(WORKSPACE)):
            print(f'\n    "{name}": {line_of(reached[name])},', end="")
    differs = {
        name: (sorted(seen - WORKSPACE[name]), sorted(WORKSPACE[name] - seen)) for name, seen in reached.items() if name in WORKSPACE
    }
    assert {name: found for name, found in differs.items() if found != ([], [])} == {}, (
        "reached but not in the line, in the line but refused"
    )
    assert wrong == []


def test_csrf_01_every_unsafe_request_without_the_token_is_refused(cast: dict[str, User]) -> None:
    client = enter(Client(enforce_csrf_checks=True, raise_request_exception=False), cast["manager"])
    wrong = []
    for route in ROUTES:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer, written = ask(client, method, route)
            if answer.status_code not in {403, 404, 405} or written:
                wrong.append((route.name, method, answer.status_code, written))
    assert wrong == []


def test_auth_15_with_the_password_alone_there_is_nothing_but_enrolment(db: None) -> None:
    user = person()
    client = Client(raise_request_exception=False)
    client.force_login(user)
    entrance = {"accounts:enrol", "accounts:enrol_app", "accounts:alive", "accounts:confirm", "account_logout"}
    before = entrance | {name for name, who in WORKSPACE.items() if who == EVERYBODY or "credential-registration" in name}
    for route in [*ROUTES, *(route for route in walk() if route.path.startswith("/cms/"))]:
        if route.name in before:
            continue
        for method in ("GET", "POST"):
            answer, written = ask(client, method, route)
            led = answer.status_code == 302 and answer.headers["Location"].startswith(
                ("/accounts/enrol/", "/accounts/login/", "/accounts/confirm/")
            )
            assert led or answer.status_code in {403, 404, 405}, (route.name, method, answer.status_code)
            assert written == []


def test_auth_15_a_second_factor_that_was_not_passed_signs_out(db: None) -> None:
    user = person()
    sign_in(user)
    client = Client()
    client.force_login(user)
    assert client.get("/workspace/").headers["Location"] == "/accounts/login/?next=/workspace/"
    assert "_auth_user_id" not in client.session
    client.force_login(user)
    refused = client.get("/workspace/", headers={"accept": "application/json"})
    assert (refused.status_code, refused.headers["X-Signed-Out"]) == (403, "1")
