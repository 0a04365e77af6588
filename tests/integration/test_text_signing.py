"""Short texts are shown in a language only while somebody vouches for them, and are signed on a page of their own."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings as SettingsWrapper

from portal.accounts.models import User
from portal.cms import text_signing
from portal.cms.models.languages import TextState
from survivors.facts.models import Fact
from tests.builders import enter

pytestmark = pytest.mark.django_db
ADDRESS = "/cms/languages/texts/ar/"


def sign(client: Client, read: str) -> None:
    data = {"model": "facts.Fact", "read": read, "reviewer": "Amal, interpreter", "promise": "on"}
    client.post(ADDRESS, data)


def shown_in() -> str:
    return Fact.objects.register("ar")["helpline"].shown_in


def test_a_fact_speaks_arabic_only_once_it_is_signed(admin: User, settings: SettingsWrapper) -> None:
    settings.SHOW_DRAFTS = False
    client = Client()
    enter(client, admin)
    assert shown_in() == "en"
    sign(client, text_signing.fingerprint(text_signing.lines(Fact, "ar")))
    assert shown_in() == "ar"
    assert TextState.objects.filter(language="ar", signed_by=admin, reviewer="Amal, interpreter").count() > 40


def test_changed_english_takes_the_signature_away(admin: User, settings: SettingsWrapper) -> None:
    settings.SHOW_DRAFTS = False
    client = Client()
    enter(client, admin)
    sign(client, text_signing.fingerprint(text_signing.lines(Fact, "ar")))
    fact = Fact.objects.get(key="helpline")
    fact.name_en = "Another name"  # type: ignore[attr-defined,unused-ignore]
    fact.save()
    assert shown_in() == "en"


def test_words_that_changed_while_somebody_read_are_not_signed(admin: User) -> None:
    client = Client()
    enter(client, admin)
    before = text_signing.fingerprint(text_signing.lines(Fact, "ar"))
    fact = Fact.objects.get(key="helpline")
    fact.name_ar = "اسم آخر"  # type: ignore[attr-defined,unused-ignore]
    fact.save()
    sign(client, before)
    assert not TextState.objects.filter(language="ar", signed_by=admin).exists()


def test_a_text_with_a_fault_is_left_out(admin: User) -> None:
    fact = Fact.objects.get(key="helpline")
    fact.name_ar = "Modern slavery helpline still english words"  # type: ignore[attr-defined,unused-ignore]
    fact.save()
    line = next(row for row in text_signing.lines(Fact, "ar") if row.pk == str(fact.pk))
    assert line.faults
    assert not line.can_be_signed


@pytest.mark.parametrize("person", ["stranger", "editor"])
def test_without_the_right_nobody_signs(person: str, request: pytest.FixtureRequest) -> None:
    client = Client()
    enter(client, request.getfixturevalue(person))
    answer = client.post(ADDRESS, {"model": "facts.Fact", "read": "", "reviewer": "x", "promise": "on"})
    assert answer.status_code in {302, 403}
    assert not TextState.objects.exclude(signed_by=None).exists()


def test_the_page_reads_well_and_english_has_none(admin: User) -> None:
    client = Client()
    enter(client, admin)
    answer = client.get(reverse("languages_texts", args=["ar"]))
    assert answer.status_code == 200
    assert "Sign " in answer.content.decode()
    assert client.get("/cms/languages/texts/en/").status_code == 404
