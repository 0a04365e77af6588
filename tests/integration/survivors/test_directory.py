"""The public list of services: only what a manager made public, nothing that leads to a safehouse, and gone as soon as it is taken back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.roles import Role
from portal.languages import BY_CODE
from providers.organisations.models import Organisation
from providers.services.models import Service
from tests.builders import member, organisation, service, sign_in

pytestmark = pytest.mark.django_db
Committed = Callable[..., Any]
LIST = "/en/find-support/"
SHOWN: dict[str, Any] = {"is_public": True, "public_alias": "Quiet Water", "public_summary": "For women, day and night."}


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def read(address: str = LIST) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- What is listed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Service.Status.values)
@pytest.mark.parametrize("is_public", [True, False])
@pytest.mark.parametrize("active", [True, False])
def test_only_public_open_services_of_active_organisations(status: str, is_public: bool, active: bool) -> None:
    of = organisation(status="active" if active else "closed")
    service(of, **SHOWN | {"is_public": is_public, "status": status})
    assert ("Quiet Water" in read()) is (is_public and active and status == "open")


def test_of_other_services_the_public_name_the_organisation_and_a_chosen_region_are_read() -> None:
    of = organisation(name="Harbour Trust")
    service(of, "Staff name", kind="outreach", **SHOWN)
    page = read()
    assert all(words in page for words in ("Quiet Water", "Harbour Trust", "Outreach · England", "For women, day and night."))
    assert "Staff name" not in page
    assert "North West" not in page, "the region is shown only by choice"
    Service.objects.update(shows_region=True)
    cache.clear()
    assert "Outreach · England, North West" in read()


def test_of_a_safehouse_neither_the_organisation_nor_the_region_nor_its_own_name() -> None:
    service(organisation(name="Canary Trust"), "Canary House", **SHOWN)
    page = read()
    assert "Safehouse · England<" in page
    assert "Canary" not in page
    assert "North West" not in page


def test_nothing_else_of_a_service_is_in_the_page_in_any_language() -> None:
    row = service(organisation(name="Canary Trust"), "Canary House", **SHOWN)
    of = organisation(name="Rowan Canary")
    hidden = service(of, "Canary hidden", public_alias="Canary alias", public_summary="Canary summary")
    for code in BY_CODE:
        page = read(f"/{code}/find-support/")
        assert "Quiet Water" in page
        for secret in ("Canary", str(row.pk), str(row.organisation_id), str(hidden.pk), row.region):
            assert secret not in page, (code, secret)


def test_every_nation_stands_there_with_its_lines_also_without_a_service() -> None:
    Service.objects.all().delete()
    page = read()
    for nation in ("England", "Wales", "Scotland", "Northern Ireland"):
        assert f"<span>{nation}</span>" in page
    assert page.count("No service here is shown.") == 4
    service(organisation(), **SHOWN | {"nation": "wales", "region": "wales", "public_alias": "Hafan"})
    cache.clear()
    again = read()
    assert again.count("No service here is shown.") == 3
    assert again.index('id="wales"') < again.index("Hafan") < again.index('id="scotland"')


def test_what_a_manager_typed_is_text_and_no_tag() -> None:
    service(
        organisation(name="A & <i>B</i>"),
        kind="outreach",
        **SHOWN | {"public_alias": "<b>Bold</b>", "public_summary": "<script>x</script>"},
    )
    page = read()
    assert "<b>Bold" not in page
    assert "&lt;b&gt;Bold" in page
    assert "<script>x" not in page
    assert "A &amp; &lt;i&gt;B" in page


# --- For everybody ----------------------------------------------------------------------------------------------------


def test_all_eleven_languages_are_there_and_say_which_they_are() -> None:
    service(organisation(), **SHOWN)
    assert len(BY_CODE) == 11
    for code, language in BY_CODE.items():
        page = read(f"/{code}/find-support/")
        assert f'<html lang="{code}" dir="{language.direction}"' in page
        assert '<bdi lang="en">Quiet Water</bdi>' in page, "what a manager wrote is in English, whatever the page is"


def test_priv_no_cookie_nothing_kept_and_no_form() -> None:
    for code in BY_CODE:
        answer = Client().get(f"/{code}/find-support/")
        assert not answer.cookies
        assert "Set-Cookie" not in answer.headers
        assert "no-store" in answer.headers["Cache-Control"]
        page = answer.content.decode()
        assert "<form" not in page
        assert "csrf" not in page
        assert ' name="' not in page.partition("<main")[2].partition("</main>")[0], "nothing could be sent"


def test_who_is_signed_in_reads_the_same_page() -> None:
    row = service(organisation(), **SHOWN)
    signed_in = sign_in(member(row.organisation, Role.MANAGER)).get(LIST)
    assert signed_in.content.decode() == read()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_can_only_be_read(method: str) -> None:
    assert getattr(Client(), method)(LIST).status_code == 405


def test_typed_words_change_nothing() -> None:
    service(organisation(), **SHOWN)
    assert read(f"{LIST}?q=quiet&word=%3Cscript%3E") == read()


@pytest.mark.parametrize("code", ["en", "cy", "ar"])
def test_four_queries_at_most_however_many_services(code: str) -> None:
    of = organisation()
    read()
    counts = []
    for many in (1, 40):
        for number in range(many):
            service(of, kind="outreach", **SHOWN | {"public_alias": f"Water {many} {number}"})
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            read(f"/{code}/find-support/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 4, [query["sql"][:120] for query in captured]


# --- Taken back -------------------------------------------------------------------------------------------------------


def unlist(client: Client, row: Service) -> Any:
    return client.post(reverse("services:listing", args=[row.pk]), {"public_alias": "Quiet Water", "version": row.version})


def safer(client: Client, row: Service) -> Any:
    sent = {"name": row.name, "kind": "safehouse", "nation": row.nation, "region": row.region, "version": row.version}
    return client.post(reverse("services:edit", args=[row.pk]), sent)


TAKES_BACK: dict[str, Callable[[Client, Service], Any]] = {
    "made private": unlist,
    "paused": lambda client, row: client.post(reverse("services:take_step", args=[row.pk, "pause"])),
    "closed": lambda client, row: client.post(reverse("services:take_step", args=[row.pk, "close"])),
    "a safehouse from now on": safer,
}


@pytest.mark.parametrize("how", TAKES_BACK)
def test_what_is_taken_back_is_gone_for_the_next_reader_in_every_language(how: str, django_capture_on_commit_callbacks: Committed) -> None:
    row = service(organisation(), kind="outreach", **SHOWN)
    client = sign_in(member(row.organisation, Role.MANAGER))
    for code in BY_CODE:
        assert "Quiet Water" in read(f"/{code}/find-support/")
    with CaptureQueriesContext(connection) as captured:
        read()
    assert len(captured) == 0, "it was kept, so that there is something to forget"
    with django_capture_on_commit_callbacks(execute=True):
        assert TAKES_BACK[how](client, row).status_code == 302
    for code in BY_CODE:
        assert "Quiet Water" not in read(f"/{code}/find-support/"), code


def test_a_closed_organisation_takes_its_services_along(django_capture_on_commit_callbacks: Committed) -> None:
    row = service(organisation(), kind="outreach", **SHOWN)
    assert "Quiet Water" in read()
    with django_capture_on_commit_callbacks(execute=True):
        house = Organisation.objects.get(pk=row.organisation_id)
        house.status = Organisation.Status.CLOSED
        house.save()
    assert "Quiet Water" not in read()


def test_a_new_listing_is_there_for_the_next_reader(django_capture_on_commit_callbacks: Committed) -> None:
    row = service(organisation())
    client = sign_in(member(row.organisation, Role.MANAGER))
    assert "Quiet Water" not in read()
    sent = {"is_public": "on", "public_alias": "Quiet Water", "version": "1"}
    shown = client.post(reverse("services:listing", args=[row.pk]), sent | {"preview": "1"})
    assert "Everybody will read exactly this" in shown.content.decode()
    assert "Quiet Water" not in read(), "to be shown first is not to be listed"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("services:listing", args=[row.pk]), sent).status_code == 302
    assert "Quiet Water" in read()
