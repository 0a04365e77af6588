"""INJ-16, the side doors: sentences of the workbench, slugs, names of people, pictures and files."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from portal.accounts.models import User
from portal.cms.translation_checks import problems
from survivors.facts.models import Source
from survivors.guide.models import GuidePage
from tests.builders import enter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def work() -> GuidePage:
    page: GuidePage = GuidePage.objects.get(slug="work", locale__language_code="en")
    return page


@pytest.mark.parametrize("slug", ["call-08000-121-700", "work-0800", "line-111"])
def test_inj_16_no_address_of_a_page_holds_a_number(work: GuidePage, slug: str) -> None:
    work.slug = slug
    with pytest.raises(ValidationError) as refused:
        work.full_clean()
    assert "slug" in refused.value.message_dict


def test_every_page_of_the_seed_keeps_its_slug() -> None:
    for page in GuidePage.objects.all():
        page.clean()  # "under-18" and "turning-18" are free


@pytest.mark.parametrize("field", ["checked_by", "seo_title", "search_description"])
def test_inj_16_no_side_field_holds_a_number(work: GuidePage, field: str) -> None:
    setattr(work, field, "Ann, 0800 111 222")
    with pytest.raises(ValidationError, match="typed number"):
        work.full_clean()


@pytest.mark.parametrize("field", ["title", "publisher", "dated"])
@pytest.mark.parametrize("typed", ["Call 08000 121 700", "٠٨٠٠٠١٢١٧٠٠", "0-8-0-0-0-1-2"])
def test_inj_16_no_source_names_a_number_to_call(field: str, typed: str) -> None:
    source = Source.objects.get(code="S02")
    setattr(source, field, typed)
    with pytest.raises(ValidationError) as refused:
        source.full_clean()
    assert field in refused.value.message_dict


def test_sources_keep_their_years_and_sections() -> None:
    for source in Source.objects.all():
        source.full_clean()
    Source(code="X", title="Modern Slavery Act 2015, section 49, in force 2024-2025").full_clean()


# --- The workbench ----------------------------------------------------------------------------------------------------


@pytest.fixture
def sentence(admin: User) -> tuple[Client, str, StringSegment, Translation]:
    """A signed-in administrator, the address of an English sentence that names the helpline, in Arabic."""
    translation = next(
        row
        for row in Translation.objects.filter(target_locale=Locale.objects.get(language_code="ar"))
        if StringSegment.objects.filter(source=row.source, string__data__contains="{emergency}").exists()
    )
    segment = StringSegment.objects.filter(source=translation.source, string__data__contains="{emergency}")[0]
    client = Client()
    enter(client, admin)
    return client, f"/cms/localize/translate/{translation.pk}/strings/{segment.pk}/edit/", segment, translation


def kept(segment: StringSegment, translation: Translation) -> str:
    row = StringTranslation.objects.get(translation_of=segment.string, context=segment.context, locale_id=translation.target_locale_id)
    return str(row.data)


def put(client: Client, address: str, value: str, **headers: str) -> tuple[int, dict[str, object]]:
    answer = client.put(address, encode_multipart(BOUNDARY, {"value": value}), MULTIPART_CONTENT, headers=headers or None)
    return answer.status_code, answer.json() if answer["Content-Type"].startswith("application/json") else {}


@pytest.mark.parametrize(
    "wrong", ["إذا كنت في خطر، اتصل.", "إذا كنت في خطر اتصل {helpline}.", "{emergency} ٠٨٠٠", "{emergency} ①", "{emergency} <b>x</b>"]
)
def test_inj_16_a_sentence_with_another_fact_number_or_link_is_not_kept(
    sentence: tuple[Client, str, StringSegment, Translation], wrong: str
) -> None:
    client, address, segment, translation = sentence
    before = kept(segment, translation)
    assert "{emergency}" in before
    status, told = put(client, address, wrong)
    assert status == 400
    assert "differ" in str(told["error"])
    assert told["data"] == wrong, "what was typed comes back"
    assert told["segment_id"] == segment.pk
    assert kept(segment, translation) == before


def test_a_sentence_that_keeps_its_facts_is_kept(sentence: tuple[Client, str, StringSegment, Translation]) -> None:
    client, address, segment, translation = sentence
    own = kept(segment, translation).replace("{emergency}", "{emergency} ") + " "
    status, told = put(client, address, own)
    assert (status, told["error"]) == (200, None)
    assert kept(segment, translation) == own
    assert client.delete(address).status_code == 200
    with pytest.raises(StringTranslation.DoesNotExist):
        kept(segment, translation)


def test_the_door_for_sentences_is_guarded(sentence: tuple[Client, str, StringSegment, Translation], stranger: User) -> None:
    _client, address, segment, translation = sentence
    before = kept(segment, translation)
    outsider = Client()
    enter(outsider, stranger)
    for client, refused in ((Client(), 302), (outsider, 403)):
        assert put(client, address, "{emergency}")[0] == refused
    forged = Client(enforce_csrf_checks=True)
    enter(forged, User.objects.get(email="ada@waymark.example"))
    assert put(forged, address, "{emergency}")[0] == 403
    assert kept(segment, translation) == before


@pytest.mark.parametrize("own", ["①", "½", "፩", "Ⅻ", "٣٠"])
def test_inj_16_figures_of_every_script_differ(own: str) -> None:
    assert any("numbers differ" in fault for fault in problems("Ask today.", f"اسأل {own} اليوم.", "ar"))


# --- Uploads ----------------------------------------------------------------------------------------------------------


def test_inj_16_nobody_uploads_a_picture_or_a_file(admin: User, editor: User) -> None:
    models = (get_image_model(), get_document_model())
    sent = (
        ("/cms/images/add/", lambda: {"title": "x", "file": get_test_image_file(filename="08000121700.png")}),
        ("/cms/documents/add/", lambda: {"title": "x", "file": SimpleUploadedFile("08000121700.pdf", b"%PDF-1.4")}),
        ("/cms/images/multiple/add/", lambda: {"files[]": get_test_image_file(filename="08000121700.png")}),
        ("/cms/documents/multiple/add/", lambda: {"files[]": SimpleUploadedFile("08000121700.pdf", b"%PDF-1.4")}),
        ("/cms/images/chooser/create/", lambda: {"image-chooser-upload-title": "x", "image-chooser-upload-file": get_test_image_file()}),
        (
            "/cms/documents/chooser/create/",
            lambda: {"document-chooser-upload-title": "x", "document-chooser-upload-file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")},
        ),
    )
    for user in (admin, editor):
        client = Client()
        enter(client, user)
        for address, fields in sent:
            for headers in ({}, {"x-requested-with": "XMLHttpRequest"}):
                client.post(address, fields(), headers=headers)
    assert [model.objects.count() for model in models] == [0, 0]


def test_no_group_may_upload(editor: User) -> None:
    assert not editor.has_perm("wagtailimages.add_image")
    assert not editor.has_perm("wagtaildocs.add_document")
    client = Client()
    enter(client, editor)
    assert client.get("/cms/images/add/").status_code == 302
    assert client.get("/cms/documents/add/").status_code == 302
