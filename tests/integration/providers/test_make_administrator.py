"""The first administrator of a new portal gets in, and nobody else is let in on the way."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.accounts.models import User
from portal.accounts.roles import Can, Kind, Role
from providers.organisations.models import Membership, Organisation
from providers.organisations.permissions import can
from tests.builders import PASSWORD

pytestmark = pytest.mark.django_db


def make(email: str = " First@Office.example ") -> str:
    said = io.StringIO()
    call_command("make_administrator", email, stdout=said)
    return said.getvalue().split()[-1].removeprefix("http://localhost")


def test_the_link_leads_through_a_password_and_a_second_factor_into_the_workspace() -> None:
    address, browser = make(), Client()
    step = browser.get(address)
    assert browser.post(step["Location"], {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    user = User.objects.get(email="first@office.example")
    assert can(user, Can.ADMINISTER)
    assert browser.get("/workspace/")["Location"].startswith("/accounts/login/"), "a new password alone signs nobody in"
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert browser.get("/workspace/")["Location"] == "/accounts/enrol/"
    assert b"Send me another link" in Client().get(address, follow=True).content, "the link is spent"


def test_again_it_changes_nothing_but_gives_a_new_link() -> None:
    make()
    make()
    assert Organisation.objects.filter(kind=Kind.OFFICE).count() == 1
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_what_is_no_address_and_who_was_closed_are_refused() -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        make("first")
    make()
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="closed"):
        make()
