"""Who may reach which address by which method: every route of the resolver × method × person (PERM-01 to PERM-05).

A route that is not in the table fails, and so does a row that no route has. What is refused writes nothing.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote, urljoin, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.http.response import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.models import Page

from portal.accounts.models import User
from survivors.facts.models import Fact, Source
from survivors.guide.models import GuidePage
from tests.builders import enter, second_factor
from tests.integration.access import METHODS, WRITE, Route, walk, writes

pytestmark = pytest.mark.django_db

PEOPLE = ("nobody", "stranger", "editor", "admin")
READ = {"GET": 200, "HEAD": 200}
# Public addresses: the same for everybody, whoever asks. What is not named here is 405.
PUBLIC: dict[str, dict[str, int]] = {
    "languages": READ,
    "clean_up": {"GET": 204, "HEAD": 204},
    "design:gallery": READ,
    "guide:a_z": READ,
    "guide:words": READ,
    "wagtail_serve": READ,
    "carry:card": READ,
    "carry:both": {"GET": 404, "HEAD": 404},  # the dummy page is not there
    "carry:paper": READ,
    "carry:pdf": {"GET": 404, "HEAD": 404},  # not pressed in tests
    "carry:html": {"GET": 404, "HEAD": 404},
    "promises:expect": READ,
    "inspection_reports:index": READ,
    "inspection_reports:summary": {"GET": 404, "HEAD": 404},  # the dummy was never published
    "inspection_reports:verify": READ,
    "inspection_reports:national": {"GET": 404, "HEAD": 404},  # the dummy's year was never released
    "inspection_reports:national_table": {"GET": 404, "HEAD": 404},
    "inspection_reports:national_data": {"GET": 404, "HEAD": 404},
    "directory:find_support": READ,
    "entitlements:finder": READ | {"POST": 200},
    "entitlements:rules": READ,
    "entitlements:english": READ,
}
# Under /cms/ nobody and a stranger are shown the way to sign in, but for these, which hold no data of ours.
OPEN_TO_ALL = {"cms_login", "wagtailadmin_login"}  # both lead to the one sign-in
NOT_THERE = {  # forgotten passwords are a later release's: until then the address does not exist for anybody
    "wagtailadmin_password_reset", "wagtailadmin_password_reset_done", "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
}  # fmt: skip
# Pages of people and structure are the administrator's; an editor gets the door, never the room.
ADMIN_ONLY = ("wagtailusers_users:", "wagtailusers_groups:", "wagtaillocales:", "wagtailsites:", "wagtailadmin_workflows:index")

ROUTES = list(walk())
STAFF = [route for route in ROUTES if route.path.startswith("/cms/")]
DESK = [route for route in ROUTES if route.path.startswith(settings.WORKSPACE_PREFIXES)]  # one line each in access_table.py
OPEN = [route for route in ROUTES if not route.path.startswith(settings.STAFF_PREFIXES)]


@pytest.fixture
def clients(stranger: User, editor: User, admin: User) -> dict[str, Client]:
    made = {name: Client(raise_request_exception=False) for name in PEOPLE}
    for name, user in (("stranger", stranger), ("editor", editor), ("admin", admin)):
        enter(made[name], user)
    return made


def is_sign_in(location: str) -> bool:
    return location.startswith("/accounts/login/")


def test_perm_01_every_public_route_has_a_row_and_every_row_a_route() -> None:
    assert {route.name for route in OPEN} == set(PUBLIC)
    assert {route.name for route in STAFF} >= OPEN_TO_ALL | NOT_THERE
    assert len(STAFF) > 200
    assert len({route.pattern for route in OPEN}) == len(OPEN), "the second of two would never be reached"


def test_perm_02_every_public_cell(clients: dict[str, Client], capsys: pytest.CaptureFixture[str]) -> None:
    cells, wrong = 0, []
    for route in OPEN:
        for person, client in clients.items():
            for method in METHODS:
                with writes() as written:
                    answer = client.generic(method, route.path)
                cells += 1
                if answer.status_code != PUBLIC[route.name].get(method, 405) or written or answer.cookies:
                    wrong.append((route.name, method, person, answer.status_code, written))
    with capsys.disabled():
        print(f" [{cells} public cells]", end="")
    assert wrong == []


def staff_cells(person: str, client: Client) -> Iterator[tuple[Route, str, int, str, list[str]]]:
    for route in STAFF:
        for method in METHODS:
            if route.name == "wagtailadmin_logout":
                continue
            client.cookies.pop("messages", None)  # "you may not" is said again each time; a pile of it would only slow us down
            with writes() as written:
                answer = client.generic(method, route.path)
            yield route, method, answer.status_code, answer.headers.get("Location", ""), written


@pytest.mark.parametrize("person", ["nobody", "stranger"])
def test_perm_03_staff_pages_refuse_whoever_has_no_right(
    clients: dict[str, Client], person: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cells, wrong = 0, []
    for route, method, status, location, written in staff_cells(person, clients[person]):
        cells += 1
        if route.name in OPEN_TO_ALL | NOT_THERE:
            refused = status in {200, 302, 403, 404, 405}
        else:
            refused = status in {403, 404, 405} or (status == 302 and is_sign_in(location))
        if not refused or written:
            wrong.append((route.name, method, status, location, written))
    with capsys.disabled():
        print(f" [{cells} staff cells for {person}]", end="")
    assert wrong == []


def test_the_way_to_sign_in_is_shown_for_every_page(nobody: Client) -> None:
    guarded = [route for route in STAFF if route.name not in OPEN_TO_ALL | NOT_THERE]
    elsewhere = [route.name for route in guarded if not is_sign_in(nobody.get(route.path).headers.get("Location", ""))]
    assert elsewhere == []


def test_perm_02_an_editor_reaches_no_page_of_people_or_structure(clients: dict[str, Client]) -> None:
    wrong = []
    for route in (route for route in STAFF if route.name.startswith(ADMIN_ONLY)):
        for method in METHODS:
            with writes() as written:
                answer = clients["editor"].generic(method, route.path)
            if answer.status_code < 300 or answer.status_code >= 500 or written:
                wrong.append((route.name, method, answer.status_code, written))
    assert wrong == []


def test_no_staff_address_fails_for_an_administrator(clients: dict[str, Client]) -> None:
    failing = {"wagtailadmin_error_test"}  # raises on purpose
    broken = []
    for route in (route for route in STAFF if route.name not in failing | {"wagtailadmin_logout"}):
        answer = clients["admin"].get(route.path)
        if answer.status_code >= 500:
            broken.append((route.name, answer.status_code))
    assert broken == []


# --- Real objects: the same verdicts when the ids exist ---------------------------------------------------------------


def real_addresses() -> list[str]:
    page, fact, source = GuidePage.objects.first(), Fact.objects.first(), Source.objects.first()
    user, group = User.objects.first(), Group.objects.first()
    assert page
    assert fact
    assert source
    assert group
    assert user
    actions = (
        "edit",
        "view_draft",
        "delete",
        "unpublish",
        "copy",
        "move",
        "history",
        "usage",
        "privacy",
        "edit/preview",
        "workflow_history",
    )
    return [
        *(f"/cms/pages/{page.pk}/{action}/" for action in actions),
        f"/cms/pages/{page.pk}/revisions/{page.latest_revision_id}/view/",
        f"/cms/pages/{page.pk}/revisions/compare/live...latest/",
        f"/cms/api/main/pages/{page.pk}/",
        *(f"/cms/snippets/facts/fact/{action}/{fact.pk}/" for action in ("edit", "delete", "usage", "history", "copy")),
        *(f"/cms/snippets/facts/source/{action}/{source.pk}/" for action in ("edit", "delete", "usage")),
        f"/cms/snippets/choose/facts/fact/chosen/{fact.pk}/",
        f"/cms/users/edit/{user.pk}/",
        f"/cms/groups/edit/{group.pk}/",
        f"/cms/localize/submit/page/{page.pk}/",
    ]


@pytest.mark.parametrize("person", ["nobody", "stranger"])
def test_perm_04_what_exists_is_refused_like_what_does_not(clients: dict[str, Client], person: str) -> None:
    for address in real_addresses():
        absent = "".join("9" if character.isdigit() else character for character in address)
        for method in ("GET", "POST", "DELETE"):
            with writes() as written:
                real, none = clients[person].generic(method, address), clients[person].generic(method, absent)
            assert real.status_code == none.status_code == (302 if person == "nobody" else 403), (address, method)
            assert person == "stranger" or is_sign_in(real["Location"])
            assert without_tokens(real) == without_tokens(none)
            assert written == []


def without_tokens(answer: HttpResponseBase) -> bytes:
    """What is the same each time: forms carry a token of their own, and links lead back to the address asked for."""
    return re.sub(rb'(?:value|href|data-seconds)="[^"]*"', b"", answer.content if isinstance(answer, HttpResponse) else b"")


def test_perm_05_drafts_are_seen_by_no_side_door(clients: dict[str, Client]) -> None:
    page = GuidePage.objects.get(slug="work", locale__language_code="en")
    page.title = "Zebra canary draft"
    page.save_revision()
    for address in ("/en/rights/work/", "/en/rights/", "/en/a-z/", "/en/a-z/words.json", f"/cms/pages/{page.pk}/view_draft/", "/en/"):
        for person in ("nobody", "stranger"):
            for headers in ({}, {"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}, {"if-none-match": "*"}, {"range": "bytes=0-9"}):
                assert b"Zebra" not in clients[person].get(address, headers=headers).content
    assert b"Zebra" in clients["editor"].get(f"/cms/pages/{page.pk}/view_draft/").content


def test_the_counter_of_writes_counts(admin: User) -> None:
    with writes() as written:
        Page.objects.filter(pk=0).update(title="x")
        assert GuidePage.objects.exists()
    assert len(written) == 1
    assert WRITE.match("select 1 from x for update")


# --- Where redirects lead (NET-04) ------------------------------------------------------------------------------------

EVIL = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example", "\t//evil.example",
    "%2f%2fevil.example", "http://testserver@evil.example", "javascript:alert(1)", "data:text/html,x", "///evil.example",
    "https://еvil.example", "/%09/evil.example", "//evil.example/cms/", "\n//evil.example", "http:///evil.example",
)  # fmt: skip


def destination(user: User, target: str) -> str:
    """Where a whole sign-in ends, both factors: the way there stays on the site too."""
    client, device = Client(), second_factor(user)
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    user.set_password("not-a-real-password-9")
    user.save()
    form = str(client.get(f"/cms/login/?next={quote(target)}")["Location"])
    assert form.startswith("/accounts/login/?next=")
    half = client.post(form, {"login": user.email, "password": "not-a-real-password-9", "next": target})
    assert half["Location"].split("?")[0] == reverse("accounts:second_factor")
    answer = client.post(str(half["Location"]), {"code": device.code()})
    return str(answer.headers.get("Location", ""))


@pytest.mark.parametrize("target", EVIL)
def test_net_04_signing_in_never_leads_away(admin: User, target: str) -> None:
    # As a browser reads it: white space goes, backslashes are slashes. What is left is an address of ours.
    location = re.sub(r"[\t\r\n]", "", destination(admin, target)).replace("\\", "/")
    assert location
    assert urlsplit(urljoin("http://testserver/cms/login/", location))[:2] == ("http", "testserver")


def test_net_04_signing_in_leads_to_the_page_that_was_asked_for(admin: User) -> None:
    assert destination(admin, "/cms/pages/") == "/cms/pages/"


@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(path=st.text(st.sampled_from("/\\.:@evil%2fcms?#;\t "), min_size=1, max_size=24))
def test_net_04_no_address_redirects_out_of_the_site(nobody: Client, path: str) -> None:
    answer = nobody.get("/" + quote(path, safe="/\\:@;"))
    location = answer.headers.get("Location", "")
    assert answer.status_code < 500
    assert not location or (location.startswith("/") and not location.startswith(("//", "/\\")))
