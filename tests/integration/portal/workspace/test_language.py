"""The language of the workspace: English or Welsh, chosen by the person, kept with the person, changed where one stands."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.roles import Role
from portal.workspace.models import Preference
from tests.builders import enter, member, organisation, person, service, sign_in

pytestmark = pytest.mark.django_db
LANGUAGE, START = "/workspace/language/", "/workspace/"


def language(client: Client, address: str = START) -> str:
    page = client.get(address).content.decode()
    return page.partition('<html lang="')[2].partition('"')[0]


def choose(client: Client, code: str, onward: str = START) -> Any:
    return client.post(LANGUAGE, {"language": code, "next": onward})


def test_everybody_begins_in_english() -> None:
    client = sign_in(person())
    assert language(client) == "en"
    assert Preference.objects.count() == 0, "reading a page writes no choice"


def test_a_choice_stays_on_the_page_with_its_filter_and_holds_from_then_on() -> None:
    row = service(organisation())
    client = sign_in(member(row.organisation, Role.MANAGER))
    here = f"{reverse('services:show', args=[row.pk])}?from=a%20b"
    page = client.get(here).content.decode()
    assert f'name="next" value="{here}"' in page
    answer = choose(client, "cy", here)
    assert (answer.status_code, answer.headers["Location"]) == (302, here)
    assert [language(client, address) for address in (here, START, "/workspace/tasks/", "/accounts/")] == ["cy"] * 4
    welsh = client.get(START).content.decode()
    assert "What needs you now" not in welsh
    assert 'value="cy" lang="cy" aria-pressed="true"' in welsh
    choose(client, "en")
    assert language(client) == "en"


def test_it_is_there_on_the_next_device_too() -> None:
    user = person()
    choose(sign_in(user), "cy")
    assert language(enter(Client(), user)) == "cy"
    assert Preference.objects.get(user=user).language == "cy"
    assert language(sign_in(person())) == "en", "and it is nobody else's"


def test_the_same_choice_twice_is_one_row() -> None:
    user = person()
    client = sign_in(user)
    for code in ("cy", "en", "cy"):
        choose(client, code)
    assert list(Preference.objects.filter(user=user).values_list("language", flat=True)) == ["cy"]


def test_the_page_of_signing_in_is_in_welsh_for_who_wants_it() -> None:
    client = Client()
    assert language(client, "/accounts/login/") == "en"
    answer = choose(client, "cy", "/accounts/login/?next=/workspace/")
    assert answer.headers["Location"] == "/accounts/login/?next=/workspace/"
    assert language(client, "/accounts/login/") == "cy"


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "",
                                    "workspace/", "\t//elsewhere.example", "http:///elsewhere.example"])  # fmt: skip
def test_it_leads_nowhere_else(onward: str) -> None:
    assert choose(sign_in(person()), "cy", onward).headers["Location"] == START


@pytest.mark.parametrize("code", ["ar", "", "CY", "xx", "../en"])
def test_a_language_that_the_workspace_has_not_is_no_choice(code: str) -> None:
    client = sign_in(person())
    answer = choose(client, code)
    assert answer.status_code == 400
    assert "We did not understand this" in answer.content.decode()
    assert (language(client), Preference.objects.count()) == ("en", 0)


def test_csrf_04_it_is_chosen_by_a_form_with_its_token_never_by_a_link() -> None:
    user = person()
    assert sign_in(user).get(LANGUAGE, {"language": "cy"}).status_code == 405
    assert enter(Client(enforce_csrf_checks=True), user).post(LANGUAGE, {"language": "cy"}).status_code == 403
    assert not Preference.objects.exists()


def test_public_pages_do_not_follow_it() -> None:
    client = sign_in(person())
    choose(client, "cy")
    assert language(client, "/en/find-support/") == "en"
