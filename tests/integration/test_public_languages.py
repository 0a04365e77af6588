"""A language is public by decision, and only while its safety pages are signed: the chooser and the links for search engines."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from wagtail.models import Locale

from portal.accounts.models import User
from portal.cms import readable
from portal.cms.models import LanguageStatus, SignOff
from portal.cms.seed import seed
from portal.languages import FIRST_RELEASE
from tests.builders import enter
from tests.integration.translations import WORK, page, publish, read, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_public() -> Iterator[None]:
    """As in production."""
    cache.clear()
    with override_settings(SHOW_DRAFTS=False):
        yield
    cache.clear()


def make_public(language: str = "ar") -> None:
    LanguageStatus.objects.get(locale__language_code=language).delete()
    locale = Locale.objects.get(language_code=language)
    LanguageStatus.objects.create(locale=locale, status=LanguageStatus.Status.PUBLIC, reviewer="Rania Reviewer")


def sign_safety(by: User, *without: str, days: int = 90) -> None:
    for slug in readable.SAFETY:
        if slug not in without:
            sign(page(slug), by, days)


def public() -> list[str]:
    return [language.code for language in readable.public_languages()]


def offered() -> list[str]:
    """The languages of the first page, in order."""
    return re.findall(r'<a href="/(\w+)/" lang="\1"', read("/"))


def links(address: str) -> dict[str, str]:
    """hreflang → address."""
    text = read(address)
    return dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', text))


def test_there_is_a_row_for_every_language_and_only_english_begins_public() -> None:
    rows = dict(LanguageStatus.objects.values_list("locale__language_code", "status"))
    assert set(rows) == {language.code for language in FIRST_RELEASE} == set(Locale.objects.values_list("language_code", flat=True))
    assert [code for code, status in rows.items() if status == "public"] == ["en"]


def test_a_second_seed_keeps_what_somebody_decided() -> None:
    make_public()
    seed()
    assert LanguageStatus.objects.get(locale__language_code="ar").status == "public"
    assert LanguageStatus.objects.count() == len(FIRST_RELEASE)
    with pytest.raises(IntegrityError), transaction.atomic():
        LanguageStatus.objects.create(locale=Locale.objects.get(language_code="ar"))


def test_a_language_is_public_only_by_decision_and_with_every_safety_page(admin: User) -> None:
    assert public() == ["en"]
    sign_safety(admin)
    assert public() == ["en"], "nobody has decided"
    make_public()
    assert public() == ["en", "ar"]
    assert offered() == ["en", "ar"]


@pytest.mark.parametrize("slug", readable.SAFETY)
def test_one_unsigned_safety_page_keeps_a_language_back(admin: User, slug: str) -> None:
    make_public()
    assert public() == ["en"]
    sign_safety(admin, slug)
    assert public() == ["en"]
    sign(page(slug), admin, days=-1)
    assert public() == ["en"], "expired"
    sign(page(slug), admin)
    assert public() == ["en", "ar"]
    publish(page(slug), summary="ملخص آخر.")
    assert public() == ["en"], "changed since"


def test_the_safety_pages_exist() -> None:
    assert [page(slug, "en").live for slug in readable.SAFETY] == [True] * 5


def test_the_first_page_changes_as_soon_as_a_language_does(admin: User, django_capture_on_commit_callbacks: Any) -> None:
    def stored() -> list[str]:
        return re.findall(r'<a href="/(\w+)/" lang="\1"', Client().get("/").content.decode())

    assert stored() == ["en"]
    with django_capture_on_commit_callbacks(execute=True):
        sign_safety(admin)
        make_public()
    assert stored() == ["en", "ar"]


def test_in_a_demo_every_language_is_offered() -> None:
    with override_settings(SHOW_DRAFTS=True):
        assert offered() == [language.code for language in FIRST_RELEASE]
        assert links(f"/en/{WORK}") == {}, "drafts are no publication"


def test_search_engines_are_told_of_signed_pages_in_public_languages(admin: User) -> None:
    english = {"en": f"{settings.SITE_ADDRESS}/en/{WORK}", "x-default": f"{settings.SITE_ADDRESS}/"}
    assert links(f"/en/{WORK}") == english
    sign(page(), admin)
    assert links(f"/en/{WORK}") == english, "the language is not public"
    sign_safety(admin)
    make_public()
    both = english | {"ar": f"{settings.SITE_ADDRESS}/ar/{WORK}"}
    assert links(f"/en/{WORK}") == links(f"/ar/{WORK}") == both
    assert "ar" not in links("/en/support/health/"), "nobody signed this one"
    assert links("/ar/")["ar"] == f"{settings.SITE_ADDRESS}/ar/"
    assert "ar" in links("/ti/help/interpreters/"), "also on a page that is shown in English"
    SignOff.objects.filter(page=page().pk)._raw_delete("default")
    assert links(f"/en/{WORK}") == english


def test_only_what_people_decide_can_be_changed_in_the_editor(admin: User) -> None:
    client = Client()
    enter(client, admin)
    row = LanguageStatus.objects.get(locale__language_code="ar")
    base = "/cms/snippets/cms/languagestatus"
    assert client.get(f"{base}/").status_code == 200
    answer = client.post(f"{base}/edit/{row.pk}/", {"status": "public", "reviewer": "Rania"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.reviewer) == ("public", "Rania")
    for address in (f"{base}/add/", f"{base}/delete/{row.pk}/"):
        client.post(address, {"status": "public", "locale": str(row.locale_id)})
    assert LanguageStatus.objects.count() == len(FIRST_RELEASE)
