"""Translators' tools: English that changes is known at once, files go out and come back whole, and nobody publishes who may not."""

import re
from collections.abc import Iterator
from typing import Any

import polib
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.models import GroupPagePermission, Locale, Page
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from portal.accounts import roles
from portal.accounts.models import User
from portal.accounts.seed import demo
from portal.cms import board
from portal.cms.freshness import progress
from providers.organisations.seed import demo as organisations
from survivors.facts.models import Fact
from survivors.guide.models import GuideHome
from tests.builders import enter
from tests.integration.translations import WORK, page, publish, read, said, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing in the page cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def translator(db: None) -> Client:
    """Somebody of the group, signed in."""
    user = User.objects.create_user("tesfay@waymark.example", "not-a-real-password-5")
    user.groups.add(roles.translators(GuideHome.objects.exclude(locale__language_code="en")))
    client = Client()
    enter(client, user)
    return client


@pytest.fixture
def chief(admin: User) -> Client:
    """The administrator, signed in."""
    client = Client()
    enter(client, admin)
    return client


def translation_of(slug: str = "work") -> Translation:
    return Translation.objects.get(source__object_id=page(slug, "en").translation_key, target_locale__language_code="ar")


def memory() -> dict[tuple[int, int], str]:
    """Every Arabic sentence there is."""
    rows = StringTranslation.objects.filter(locale__language_code="ar")
    return {(row.translation_of_id, row.context_id): row.data for row in rows}


# --- Freshness --------------------------------------------------------------------------------------------------------


def test_publishing_english_updates_the_translators_copy_at_once() -> None:
    english = page("work", "en")
    before = TranslationSource.objects.get_for_instance(english).last_updated_at
    made = progress(Locale.objects.get(language_code="ar"))[str(english.translation_key)]
    assert made.total > 10
    assert made.behind == 0
    publish(english, summary="A new sentence.", now="Another new one.")
    source = TranslationSource.objects.get_for_instance(english)
    assert source.last_updated_at > before
    assert {"A new sentence.", "Another new one."} <= set(source.stringsegment_set.values_list("string__data", flat=True))
    changed = progress(Locale.objects.get(language_code="ar"))[str(english.translation_key)]
    assert changed.behind == 2


def test_a_draft_of_english_or_a_change_of_arabic_marks_nothing_behind() -> None:
    english = page("work", "en")
    english.summary = "Not published."
    english.save_revision()
    publish(page(), summary="ملخص.")
    assert progress(Locale.objects.get(language_code="ar"))[str(english.translation_key)].behind == 0


def test_the_page_says_so_at_once_though_it_was_in_the_page_cache(django_capture_on_commit_callbacks: Any) -> None:
    address = f"/ar/{WORK}"
    sentence = said("The English version changed on %(day)s. This page may be out of date.").partition("%")[0]
    assert sentence not in Client().get(address).content.decode()
    with CaptureQueriesContext(connection) as asked:
        Client().get(address)
    assert len(asked) == 0, "it comes from the cache"
    with django_capture_on_commit_callbacks(execute=True):
        publish(page("work", "en"), summary="A new sentence.")
    text = Client().get(address).content.decode()
    assert sentence in text
    assert page().title in text


# --- The board --------------------------------------------------------------------------------------------------------


def cell(slug: str = "work", language: str = "ar") -> board.Cell:
    row = next(row for row in board.rows() if row.page.slug == slug)
    return next(cell for cell in row.cells if cell.language.code == language)


def test_the_board_says_what_is_to_be_done(admin: User) -> None:
    assert cell().state == "unsigned"
    assert cell(language="ti").state == "missing"
    row = sign(page(), admin, days=90)
    assert (cell().state, cell().detail) == ("signed", f"until {row.review_by:%-d %B %Y}")
    sign(page("health"), admin, days=10)
    assert cell("health").state == "due"
    publish(page("work", "en"), summary="A new sentence.")
    total = progress(Locale.objects.get(language_code="ar"))[str(page().translation_key)].total
    assert (cell().state, cell().detail) == ("behind", f"1 of {total} sentences")
    page("money").unpublish()
    assert (cell("money").state, cell("money").detail, cell("money").sign_address) == ("unsigned", "not published", "")


def test_the_board_shows_every_page_in_every_language_with_one_click_to_the_sentence(chief: Client) -> None:
    publish(page("work", "en"), summary="A new sentence.")
    text = chief.get("/cms/languages/").content.decode()
    assert re.search(r"1 of \d+ sentences", text)
    assert "Behind English" in text
    rows = board.rows()
    assert len(rows) >= 50
    assert all(len(row.cells) == 10 for row in rows)
    edit = cell().address
    assert f'href="{edit}"' in text
    assert "A new sentence." in chief.get(edit).content.decode()
    assert f'href="{cell("health").sign_address}"' in text


def test_the_summary_counts_every_page_once() -> None:
    rows = board.rows()
    for line in board.summary(rows):
        assert sum(count for _words, count in line["counts"]) == len(rows)
    assert board.summary([]) == []


def test_the_board_asks_few_questions_however_many_pages(admin: User) -> None:
    with CaptureQueriesContext(connection) as all_pages:
        before = board.rows()
    home = GuideHome.objects.get(locale__language_code="en")
    topic = home.get_children().last()
    topic.get_children().first().delete()
    sign(page("work"), admin)
    sign(page("health"), admin)
    with CaptureQueriesContext(connection) as fewer:
        after = board.rows()
    assert len(after) == len(before) - 1
    assert len(all_pages) == len(fewer) <= 25


def test_only_people_of_the_house_see_the_board(stranger: User, translator: Client) -> None:
    assert translator.get("/cms/languages/").status_code == 200
    assert ">Sign<" not in translator.get("/cms/languages/").content.decode()
    client = Client()
    assert client.get("/cms/languages/").status_code == 302
    enter(client, stranger)
    assert client.get("/cms/languages/").status_code == 403


# --- PO files ---------------------------------------------------------------------------------------------------------


def download(client: Client, slug: str = "work") -> bytes:
    response = client.get(f"/cms/localize/translate/{translation_of(slug).pk}/pofile/download/")
    assert response.status_code == 200
    return bytes(response.content)


def upload(client: Client, data: bytes, slug: str = "work") -> str:
    """Everything the person is told."""
    file = SimpleUploadedFile("work.po", data, content_type="text/x-gettext-translation")
    address = f"/cms/localize/translate/{translation_of(slug).pk}/pofile/upload/"
    response = client.post(address, {"file": file, "next": "/cms/languages/"}, follow=True)
    assert response.status_code == 200
    return " ".join(str(message) for message in response.context["messages"]) if "messages" in response.context else ""


def told(client: Client, data: bytes, slug: str = "work") -> str:
    """The same, with nothing imported."""
    before = memory()
    words = upload(client, data, slug)
    assert memory() == before
    return words


def altered(data: bytes, old: str, new: str) -> bytes:
    """The file with one sentence's translation changed."""
    po = polib.pofile(data.decode())
    entry = next(entry for entry in po if old in entry.msgstr)
    entry.msgstr = entry.msgstr.replace(old, new)
    return str(po).encode()


@pytest.mark.parametrize("slug", ["work", "get-help-now", "if-the-answer-is-no"])
def test_a_file_that_goes_out_and_in_loses_nothing(translator: Client, slug: str) -> None:
    before, shown = memory(), read(f"/ar/{page(slug).path_in_language}")
    data = download(translator, slug)
    assert len(polib.pofile(data.decode())) > 10
    assert "Successfully imported" in upload(translator, data, slug)
    assert memory() == before
    assert download(translator, slug).partition(b"msgctxt")[2] == data.partition(b"msgctxt")[2]
    assert read(f"/ar/{page(slug).path_in_language}") == shown


def test_a_better_sentence_comes_in(translator: Client) -> None:
    po = polib.pofile(download(translator).decode())
    entry = next(entry for entry in po if entry.msgctxt == "title")
    entry.msgstr = "العمل في المملكة المتحدة"
    assert "Successfully imported" in upload(translator, str(po).encode())
    assert "العمل في المملكة المتحدة" in memory().values()


def test_an_altered_fact_link_or_number_is_refused_whole(translator: Client) -> None:
    data = download(translator, "get-help-now")
    strings = "".join(entry.msgstr for entry in polib.pofile(data.decode()))
    key = re.search(r"\{[a-z-]+\}", strings)
    link = re.search(r'<a id="[^"]+">', strings)
    assert key
    for old, new in ((key[0], "{police}"), (key[0], ""), (key[0], "08000 121 700"), *([(link[0], '<a id="a999">')] if link else [])):
        words = told(translator, altered(data, old, new), "get-help-now")
        assert "Nothing was imported" in words, (old, new)
        assert "differ" in words


def test_an_added_link_or_number_is_refused(translator: Client) -> None:
    data = download(translator)
    word = polib.pofile(data.decode())[0].msgstr
    for new in (f'{word} <a href="https://elsewhere.example">x</a>', f"{word} 0800", f"{word} %(day)s", f"{word} {{helpline}}"):
        assert "Nothing was imported" in told(translator, altered(data, word, new))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00\x01\x02", b"\xff\xfe", b"hello", b'msgid "x', b'msgid "a"\nmsgstr "b"\n', b"msgid\nmsgstr", b'msgstr "x"\n',
        b"[]\n" * 500, b'msgctxt "title"\n\nmsgid "Work"\nmsgstr[9] "x"\n', b"/etc/passwd", b"#~ \n", b"#, fuzzy\n#|",
        b'"X-WagtailLocalize-TranslationID: 1\\n"\n',
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(translator: Client, data: bytes) -> None:
    assert "Nothing was imported" in told(translator, data)


def test_a_file_of_another_page_no_file_and_a_huge_one_are_refused(translator: Client) -> None:
    assert "belongs to another page or language" in told(translator, download(translator, "health"))
    address = f"/cms/localize/translate/{translation_of().pk}/pofile/upload/"
    response = translator.post(address, {"next": "https://elsewhere.example/"})
    assert (response.status_code, response["Location"]) == (302, "/cms/languages/")
    assert "Choose a PO file of at most 2 MB" in told(translator, b"#" * (2 * 1024 * 1024 + 1))
    assert translator.get(address).status_code == 405


def test_nobody_else_brings_a_file(stranger: User) -> None:
    client = Client()
    enter(client, stranger)
    address = f"/cms/localize/translate/{translation_of().pk}/pofile/upload/"
    before = memory()
    assert client.post(address, {"file": SimpleUploadedFile("w.po", b"x")}).status_code == 403
    reviewer = User.objects.create_user("rania@waymark.example", "not-a-real-password-4")
    reviewer.groups.add(roles.language_reviewers())
    enter(client, reviewer)
    export = str(translation_of().export_po()).encode()
    answer = client.post(address, {"file": SimpleUploadedFile("w.po", export)})
    assert answer.status_code in {302, 403}
    assert memory() == before


# --- Roles ------------------------------------------------------------------------------------------------------------


def permissions(client: Client, own: Page) -> Any:
    user = User.objects.get(pk=client.session["_auth_user_id"])
    return Page.objects.get(pk=own.pk).permissions_for_user(user)


def test_translators_change_other_languages_and_publish_nothing(translator: Client) -> None:
    own, english = permissions(translator, page()), permissions(translator, page("work", "en"))
    assert own.can_edit()
    assert not own.can_publish()
    assert not own.can_unpublish()
    assert not own.can_delete()
    assert not english.can_edit()
    assert not english.can_publish()


def test_a_translator_who_posts_publish_publishes_nothing(translator: Client) -> None:
    arabic = page()
    live = arabic.live_revision_id
    address = f"/cms/pages/{arabic.pk}/edit/"
    assert translator.get(address).status_code == 200
    answer = translator.post(address, {"action": "publish"})
    arabic.refresh_from_db()
    assert answer.status_code in {200, 302, 403}
    assert arabic.live_revision_id == live
    assert translator.get(f"/cms/pages/{page('work', 'en').pk}/edit/").status_code == 302


def test_the_seed_gives_translators_every_tree_but_english() -> None:
    trees = set(GroupPagePermission.objects.filter(group__name=roles.TRANSLATORS).values_list("page__locale__language_code", flat=True))
    homes = set(GuideHome.objects.values_list("locale__language_code", flat=True))
    assert trees == homes - {"en"} != set()
    rights = {row.permission.codename for row in GroupPagePermission.objects.filter(group__name=roles.TRANSLATORS)}
    assert rights == {"change_page"}
    group = roles.translators()
    assert set(group.permissions.values_list("codename", flat=True)) == {"access_admin", "submit_translation"}
    assert set(roles.language_reviewers().permissions.values_list("codename", flat=True)) == {"access_admin", "add_signoff"}


def test_seeding_roles_again_changes_nothing() -> None:
    before = GroupPagePermission.objects.count()
    roles.translators(GuideHome.objects.exclude(locale__language_code="en"))
    roles.language_reviewers()
    assert GroupPagePermission.objects.count() == before


def test_the_demo_has_a_translator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "a-long-enough-password-9")
    for _ in range(2):
        assert "translator@waymark.example" in demo()
        organisations()
    person = User.objects.get(email="translator@waymark.example")
    assert [group.name for group in person.groups.all()] == [roles.TRANSLATORS]
    assert not person.is_superuser
    assert Page.objects.get(pk=page().pk).permissions_for_user(person).can_edit()


def test_machine_translation_is_off(chief: Client) -> None:
    assert not hasattr(settings, "WAGTAILLOCALIZE_MACHINE_TRANSLATOR")
    assert get_machine_translator() is None
    before = memory()
    answer = chief.post(f"/cms/localize/translate/{translation_of().pk}/machine_translate/")
    assert answer.status_code in {302, 404}
    assert memory() == before
    assert "machine_translate" not in chief.get(cell().address).content.decode()


def test_the_rest_of_the_day_is_the_same(admin: User) -> None:
    """A sign-off that ends today still counts today, on the board as for readers."""
    sign(page(), admin, days=0)
    assert cell().state == "due"
    with override_settings(SHOW_DRAFTS=False):
        assert page().title in read(f"/ar/{WORK}")


def test_the_command_finds_no_fault_in_the_drafts_and_names_each_one_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_translations", "ar")
    assert "no fault found in ar" in capsys.readouterr().out
    place = {"context__path": "title", "context__object_id": page().translation_key, "locale__language_code": "ar"}
    StringTranslation.objects.filter(**place).update(data="Kjo nuk është arabisht")
    Fact.objects.filter(key="helpline").update(name_ar="كلمة كلمة كلمة")
    with pytest.raises(CommandError, match="2 faults"):
        call_command("check_translations")
    said = capsys.readouterr().out
    assert "ar work: it is not in the script of Arabic" in said
    assert "stands there twice" in said
