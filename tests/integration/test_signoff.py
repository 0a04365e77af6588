"""A translated page is shown only while a named person vouches for it, and that is decided when it is rendered (D.4)."""

import datetime
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.utils import timezone
from wagtail.models import PageLogEntry
from wagtail_localize.models import StringTranslation, TranslationSource

from portal.accounts import roles
from portal.accounts.models import User
from portal.cms import texts
from portal.cms.models import SignOff, TextState
from survivors.entitlements.models import FinderText
from survivors.facts.models import Fact
from survivors.guide.models import Term
from tests.builders import enter
from tests.integration.translations import DRAFT, NOT_READY, WORK, page, publish, read, said, sign

pytestmark = pytest.mark.django_db
ADDRESS = f"/ar/{WORK}"


@pytest.fixture(autouse=True)
def in_public(request: pytest.FixtureRequest) -> Iterator[None]:
    """As in production, unless a test asks for drafts."""
    cache.clear()
    with override_settings(SHOW_DRAFTS=bool(request.node.get_closest_marker("usefixtures"))):
        yield


@pytest.fixture
def reviewer(db: None) -> User:
    """Somebody who may sign and do nothing else."""
    user = User.objects.create_user("rania@waymark.example", "not-a-real-password-4")
    user.groups.add(roles.language_reviewers())
    return user


@pytest.fixture
def desk(reviewer: User) -> Client:
    """The reviewer, signed in."""
    client = Client()
    enter(client, reviewer)
    return client


def form(**changes: str) -> dict[str, str]:
    until = timezone.localdate() + datetime.timedelta(days=180)
    return {"reviewer": "Rania Reviewer", "role": "interpreter", "review_by": until.isoformat(), "read": "on"} | changes


def post(client: Client, **changes: str) -> Any:
    return client.post(f"/cms/languages/sign/{page().pk}/", form(**changes))


def is_shown() -> bool:
    """Whether readers of Arabic see the Arabic page; if not, they see the English one with the sentence."""
    text = read(ADDRESS)
    arabic, english = page().title in text, '<div lang="en" dir="ltr">' in text
    assert arabic != english
    assert (said(NOT_READY) in text) == english
    return arabic


def later(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many days go by."""
    now = timezone.now() + datetime.timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: now)


# --- What readers see -------------------------------------------------------------------------------------------------


def test_unsigned_is_english_with_the_sentence_and_the_words_for_an_interpreter() -> None:
    text = read(ADDRESS)
    assert said(NOT_READY) in text
    assert "“I need an interpreter. I speak Arabic.”" in text
    assert '<html lang="ar" dir="rtl"' in text
    assert f"<h1>{page('work', 'en').title}</h1>" in text
    assert page().title not in text
    assert said(DRAFT) not in text


def test_unsigned_titles_in_lists_are_english(reviewer: User) -> None:
    own, english = page(), page("work", "en")
    for address in ("/ar/", "/ar/rights/", "/ar/a-z/"):
        text = read(address)
        assert own.title not in text, address
    assert english.title in read("/ar/a-z/")
    sign(own, reviewer)
    assert own.title in read("/ar/a-z/")
    assert own.title in read("/ar/rights/"), "the topic itself is still English"
    assert page("health").title not in read("/ar/a-z/"), "only the page that was signed"


def test_a_page_that_does_not_exist_stays_missing() -> None:
    assert Client().get("/ar/rights/nothing/").status_code == 404


def test_signed_in_the_editor_is_shown_at_once(desk: Client, reviewer: User) -> None:
    assert not is_shown()
    assert "It cannot be signed yet" not in desk.get(f"/cms/languages/sign/{page().pk}/").content.decode()
    assert post(desk).status_code == 302
    assert is_shown()
    row = SignOff.objects.get()
    assert (row.reviewer, row.role, row.signed_by, row.signed_on) == ("Rania Reviewer", "interpreter", reviewer, timezone.localdate())
    assert (row.page_revision, row.source_revision) == (page().live_revision, page("work", "en").live_revision)


@pytest.mark.parametrize(("days", "shown"), [(1, True), (0, True), (-1, False), (-90, False)])
def test_a_sign_off_counts_until_its_day(reviewer: User, days: int, shown: bool) -> None:
    sign(page(), reviewer, days)
    assert is_shown() is shown


def test_a_page_that_changed_since_is_not_shown_until_it_is_signed_again(reviewer: User) -> None:
    sign(page(), reviewer)
    assert is_shown()
    publish(page(), summary="ملخص آخر.")
    assert not is_shown()
    sign(page(), reviewer)
    assert is_shown()


def test_a_draft_that_was_only_saved_changes_nothing(reviewer: User) -> None:
    sign(page(), reviewer)
    page().save_revision()
    assert is_shown()


def test_an_unpublished_translation_is_english_though_it_was_signed(reviewer: User) -> None:
    sign(page(), reviewer)
    page().unpublish()
    assert said(NOT_READY) in read(ADDRESS)


def test_a_page_withdrawn_in_english_is_withdrawn_in_every_language(reviewer: User) -> None:
    sign(page(), reviewer)
    own = page().title
    page("work", "en").unpublish()
    assert Client().get(ADDRESS).status_code == 404
    assert own not in read("/ar/a-z/")


def test_when_english_changes_it_is_shown_with_the_sentence_for_28_days(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign(page(), reviewer)
    sentence = said("The English version changed on %(day)s. This page may be out of date.").partition("%")[0]
    assert sentence not in read(ADDRESS)
    publish(page("work", "en"), summary="Another sentence.")
    assert is_shown()
    assert sentence in read(ADDRESS)
    later(27, monkeypatch)
    assert is_shown()
    assert page().title in read("/ar/a-z/")
    later(2, monkeypatch)
    assert not is_shown()
    assert page().title not in read("/ar/a-z/")


def test_a_second_change_of_english_gives_no_more_time(reviewer: User) -> None:
    sign(page(), reviewer)
    publish(page("work", "en"), summary="Another sentence.")
    assert is_shown()
    weeks_ago = timezone.now() - datetime.timedelta(days=29)
    newest = PageLogEntry.objects.filter(page=page("work", "en").pk, action="wagtail.publish").latest("timestamp")
    PageLogEntry.objects.filter(pk=newest.pk).update(timestamp=weeks_ago)
    publish(page("work", "en"), summary="And another.")
    assert not is_shown()
    assert page().title not in read("/ar/a-z/")


def test_signed_again_against_the_new_english_without_the_sentence(reviewer: User) -> None:
    sign(page(), reviewer)
    publish(page("work", "en"), summary="Another sentence.")
    sign(page(), reviewer)
    assert is_shown()
    assert said("The English version changed on %(day)s. This page may be out of date.").partition("%")[0] not in read(ADDRESS)


@pytest.mark.usefixtures("db")  # drafts
def test_drafts_are_shown_in_a_demo_and_say_so() -> None:
    text = read(ADDRESS)
    assert page().title in text
    assert said(DRAFT) in text
    assert said(NOT_READY) not in text
    assert page().title in read("/ar/a-z/")


# --- Signing ----------------------------------------------------------------------------------------------------------


def refusal(response: Any, words: str) -> None:
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not SignOff.objects.exists()
    assert not is_shown()


def test_whoever_wrote_the_version_does_not_sign_it(desk: Client, reviewer: User) -> None:
    publish(page(), by=reviewer)
    refusal(post(desk), "You published this version yourself. A second person signs it.")


def test_a_missing_sentence_refuses_signing(desk: Client) -> None:
    bench = TranslationSource.objects.get_for_instance(page("work", "en"))
    segment = bench.stringsegment_set.exclude(context__path="slug").order_by("order").last()
    StringTranslation.objects.filter(translation_of=segment.string, context=segment.context).delete()
    refusal(post(desk), "it is empty")


@pytest.mark.parametrize(
    ("words", "fault"),
    [("كلمة كلمة كلمة هنا في هذه الصفحة", "stands there twice"), ("Kjo nuk është arabisht fare", "not in the script of Arabic")],
)
def test_a_visible_fault_refuses_signing(desk: Client, words: str, fault: str) -> None:
    row = StringTranslation.objects.get(context__path="title", context__object_id=page().translation_key, locale__language_code="ar")
    StringTranslation.objects.filter(pk=row.pk).update(data=words)
    refusal(post(desk), fault)


@pytest.mark.parametrize(
    "changes",
    [
        {"read": ""},
        {"reviewer": ""},
        {"role": ""},
        {"review_by": ""},
        {"review_by": "2020-01-01"},
        {"review_by": "2199-01-01"},
        {"review_by": "soon"},
    ],
)
def test_every_part_of_the_promise_is_needed(desk: Client, changes: dict[str, str]) -> None:
    assert post(desk, **changes).status_code == 200
    assert not SignOff.objects.exists()


def test_a_page_that_changed_while_it_was_read_is_not_signed(reviewer: User) -> None:
    row = SignOff(page=page().page_ptr, page_revision=page().live_revision, source=page("work", "en").page_ptr, signed_by=reviewer)
    row.source_revision = page("work", "en").live_revision
    publish(page("work", "en"), summary="Another sentence.")
    row.source.refresh_from_db()
    with pytest.raises(ValidationError, match="has changed while you read"):
        row.clean()


def test_only_who_may_sign_signs(editor: User, stranger: User) -> None:
    for user, refused in ((editor, {302, 403}), (stranger, {403}), (None, {302})):
        client = Client()
        if user:
            enter(client, user)
        answers = client.get(f"/cms/languages/sign/{page().pk}/"), post(client)
        assert {answer.status_code for answer in answers} <= refused
        assert not SignOff.objects.exists()
    board = Client()
    enter(board, stranger)
    assert board.get("/cms/languages/").status_code == 403


def test_english_and_unknown_pages_are_not_signed(desk: Client) -> None:
    assert desk.post(f"/cms/languages/sign/{page('work', 'en').pk}/", form()).status_code == 404
    assert desk.post("/cms/languages/sign/999999/", form()).status_code == 404


def test_a_sign_off_never_changes(reviewer: User, admin: User) -> None:
    row = sign(page(), reviewer)
    row.review_by += datetime.timedelta(days=300)
    with pytest.raises(TypeError, match="never changed"):
        row.save()
    for change in (lambda: SignOff.objects.all().update(reviewer="Else"), lambda: SignOff.objects.all().delete(), row.delete):
        with pytest.raises(TypeError, match="never changed"):
            change()
    assert SignOff.objects.get().reviewer == "Rania Reviewer"


def test_a_deleted_page_takes_its_sign_offs_along(reviewer: User) -> None:
    sign(page(), reviewer)
    page().delete()
    assert not SignOff.objects.exists()


# --- Short texts ------------------------------------------------------------------------------------------------------


def vouch(model: Any, thing: Any, by: User) -> None:
    kind = ContentType.objects.get_for_model(model)
    TextState.objects.filter(content_type=kind, object_id=str(thing.pk), language="ar").update(signed_by=by)


@pytest.mark.parametrize(("model", "field"), [(Fact, "name"), (Term, "meaning"), (FinderText, "text")])
def test_a_short_text_is_shown_while_it_is_signed_and_english_is_the_same(model: Any, field: str, reviewer: User) -> None:
    thing = next(row for row in model.objects.all() if texts.has_words(row, "ar"))
    pk = str(thing.pk)
    for drafts, signed, behind, missing in itertools.product((False, True), repeat=4):
        model.objects.filter(pk=pk).update(**{f"{field}_en": "Other words" if behind else getattr(thing, f"{field}_en")})
        model.objects.filter(pk=pk).update(**{f"{field}_ar": "" if missing else getattr(thing, f"{field}_ar")})
        TextState.objects.filter(object_id=pk, language="ar").update(signed_by=reviewer if signed else None)
        with override_settings(SHOW_DRAFTS=drafts):
            shown = pk in texts.shown(model, model.objects.all(), "ar")
        assert shown == ((signed or drafts) and not behind and not missing), (drafts, signed, behind, missing)


def test_what_may_not_be_shown_is_english_and_says_so(reviewer: User) -> None:
    term: Any = next(row for row in Term.objects.all() if texts.has_words(row, "ar"))
    glossary = read("/ar/about/easy-words/")
    assert term.meaning_ar not in glossary
    assert term.meaning_en.partition("{")[0].strip() in glossary
    question: Any = FinderText.objects.get(kind="question", key="nation")
    finder = read("/ar/rights-finder/")
    assert question.text_ar not in finder
    assert f'<legend lang="en" dir="ltr">{question.text_en}</legend>' in finder
    vouch(FinderText, question, reviewer)
    assert f"<legend>{question.text_ar}</legend>" in read("/ar/rights-finder/")
