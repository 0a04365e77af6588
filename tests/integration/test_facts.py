"""The register and the editor: numbers come from one place, and no way of saving words gets round that (INJ-16)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail_localize.models import String, StringTranslation, Translation, TranslationContext

from portal.accounts.models import User
from portal.cms.blocks import WORDS
from portal.languages import FIRST_RELEASE
from survivors.facts.models import Fact, Source
from survivors.guide import seed, seed_text, seed_translations
from survivors.guide.models import GuidePage, Term
from survivors.guide.seed_text import SeedError
from tests.builders import enter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.clear()
    with translation.override("en"):  # whatever language the last request of another test was in
        yield


@pytest.fixture
def work() -> GuidePage:
    found: GuidePage = GuidePage.objects.get(slug="work", locale__language_code="en")
    return found


def form_of(page: GuidePage, text: str, **changes: Any) -> dict[str, Any]:
    """What the browser of an editor would send, with one block of text."""
    fields = ("title", "browser_title", "summary", "now", "search_words", "icon", "step", "mark", "slug")
    sent = {name: getattr(page, name) for name in fields}
    several = {name: getattr(page, name) for name in ("stages", "nations", "ages")} | {
        "sources": [source.pk for source in page.sources.all()]
    }
    body = streamfield([("text", {"text": rich_text(f"<p>{text}</p>", features=WORDS), "mark": "A"})])
    sent |= {"body": body, "comments": inline_formset([])}
    sent |= {"checked_on": "", "checked_by": "", "review_by": "", "action-publish": "1"}
    return {**nested_form_data(sent | changes), **several}


@pytest.mark.parametrize("typed", ["08000 121 700", "٠٨٠٠٠ ١٢١ ٧٠٠", "②⓪", "30 days"])
def test_inj_16_the_editor_refuses_a_typed_number_and_keeps_the_work(editor: User, work: GuidePage, typed: str) -> None:
    client = Client()
    enter(client, editor)
    before = work.live_revision_id
    answer = client.post(f"/cms/pages/{work.pk}/edit/", form_of(work, f"Call {typed} today.", title="A title I was writing"))
    html = answer.content.decode()
    assert answer.status_code == 200, "the form comes back"
    assert "is a typed number" in html
    assert "A title I was writing" in html
    assert "today." in html
    work.refresh_from_db()
    assert work.live_revision_id == before
    assert work.title != "A title I was writing"


def test_the_editor_publishes_words_that_refer_to_a_fact(editor: User, work: GuidePage, nobody: Client) -> None:
    client = Client()
    enter(client, editor)
    answer = client.post(f"/cms/pages/{work.pk}/edit/", form_of(work, "Call {helpline} today."))
    wrong = [
        message.get_text(" ", strip=True)
        for message in BeautifulSoup(answer.content, "html.parser").select(".error-message, .messages .error")
    ]
    assert answer.status_code == 302, wrong
    cache.clear()
    html = nobody.get("/en/rights/work/").content.decode()
    assert 'Call <a class="tel" href="tel:08000121700"><bdi dir="ltr">08000 121 700</bdi></a> today.' in html


@pytest.mark.parametrize("field", ["title", "browser_title", "summary", "now", "search_words"])
def test_inj_16_no_field_of_a_page_takes_a_number(work: GuidePage, field: str) -> None:
    setattr(work, field, "Call 0800")
    with pytest.raises(ValidationError, match="typed number"):
        work.full_clean()
    with pytest.raises(ValidationError, match="typed number"):
        work.save_revision()


@pytest.mark.parametrize("block", ["heading", "text", "steps", "good_to_know", "take_care", "for_whom"])
def test_inj_16_no_block_takes_a_number(work: GuidePage, block: str) -> None:
    bad = "<p>Call 0800</p>"
    values: dict[str, Any] = {
        "heading": {"text": "Call 0800", "icon": ""},
        "steps": {"title": "x", "items": [{"type": "item", "id": "1", "value": bad}], "mark": "A"},
        "for_whom": {"title": "", "text": bad, "mark": "A", "nations": [], "ages": [], "stages": []},
    }
    work.body = json.dumps([{"type": block, "value": values.get(block, {"text": bad, "mark": "A"})}])
    with pytest.raises(ValidationError, match="typed number"):
        work.full_clean()


@pytest.mark.parametrize("language", FIRST_RELEASE, ids=lambda language: language.code)
def test_inj_16_no_language_of_a_fact_or_term_takes_a_number(language: Any) -> None:
    fact, term = Fact.objects.get(key="helpline"), Term.objects.get(key="nrm")
    setattr(fact, f"for_whom_{language.code}", "Call ٠٨٠٠")
    setattr(term, f"meaning_{language.code}", "Call 0800")
    for row, field in ((fact, f"for_whom_{language.code}"), (term, f"meaning_{language.code}")):
        with pytest.raises(ValidationError) as refused:
            row.full_clean()
        assert field in refused.value.message_dict


def test_inj_16_a_translation_with_a_number_is_not_published(work: GuidePage, nobody: Client) -> None:
    arabic = Locale.objects.get(language_code="ar")
    page = GuidePage.objects.get(slug="get-help-now", locale__language_code="en")
    context = TranslationContext.objects.get(object_id=page.translation_key, path="summary")
    string = String.objects.get(data=page.summary, locale=page.locale)
    StringTranslation.objects.filter(translation_of=string, locale=arabic, context=context).update(data="اتصل ٠٨٠٠ ١٢٣")
    source = Translation.objects.get(source__object_id=page.translation_key, target_locale=arabic)
    with pytest.raises(ValidationError, match="typed number"):
        source.save_target(publish=True)
    assert "٠٨٠٠" not in nobody.get("/ar/help/get-help-now/").content.decode()


# --- Facts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "unit", "value", "field"),
    [
        ("phone", "", "0800-123", "value"),
        ("phone", "", "٠٨٠٠ ١٢٣", "value"),
        ("phone", "", "+44 800 1", "value"),
        ("phone", "", "0800 123\n", "value"),
        ("amount", "", "٤٩", "value"),
        ("amount", "", "£49.18", "value"),
        ("amount", "", "49.1", "value"),
        ("duration", "days", "0", "value"),
        ("duration", "days", "٣٠", "value"),
        ("duration", "", "30", "__all__"),
        ("phone", "days", "999", "__all__"),
        ("link", "", "http://example.org", "value"),
        ("link", "", "javascript:alert(1)", "value"),
        ("link", "", "//example.org", "value"),
    ],
)
def test_a_fact_of_the_wrong_shape_is_refused_with_a_remedy(kind: str, unit: str, value: str, field: str) -> None:
    fact = Fact(key="x", kind=kind, unit=unit, value=value, name_en="x", mark="A", source=Source.objects.get(code="S02"))
    with pytest.raises(ValidationError) as refused:
        fact.full_clean()
    assert field in refused.value.message_dict


def test_a_changed_fact_changes_every_page_and_language(nobody: Client, django_capture_on_commit_callbacks: Any) -> None:
    for address in ("/en/", "/ar/", "/ti/"):
        assert "08000 121 700" in nobody.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        fact = Fact.objects.get(key="helpline")
        fact.value = "0800 000 001"
        fact.save()
    for address in ("/en/", "/ar/", "/ti/"):
        html = nobody.get(address).content.decode()
        assert "0800 000 001" in html
        assert "08000 121 700" not in html


# --- Seeding ----------------------------------------------------------------------------------------------------------


def test_a_page_that_a_person_edited_is_kept(editor: User, work: GuidePage, monkeypatch: pytest.MonkeyPatch) -> None:
    work.title = "Edith wrote this"
    work.save_revision(user=editor).publish()
    real = seed.load
    monkeypatch.setattr(
        seed,
        "load",
        lambda name: real(name) | ({"title": "From the file"} if name == "en/work.yaml" else {}) if name.startswith("en/w") else real(name),
    )
    monkeypatch.setattr(seed_translations, "seed", lambda *_: "none")
    assert "1 kept as edited" in seed.seed()
    work.refresh_from_db()
    assert work.title == "Edith wrote this"


def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: dict[str, Any] | str) -> str:
    """What seeding says when the file of one page is like this."""
    real = seed.load
    if isinstance(change, str):
        (tmp_path / "en").mkdir()
        (tmp_path / "en/work.yaml").write_text(change)

    def load(name: str) -> Any:
        if name != "en/work.yaml":
            return real(name)
        if isinstance(change, dict):
            return real(name) | change
        with monkeypatch.context() as patched:
            patched.setattr(seed, "DATA", tmp_path)
            return real(name)

    monkeypatch.setattr(seed, "load", load)
    with pytest.raises(SeedError) as refused:
        seed.seed()
    return str(refused.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("title: [", "en/work.yaml"),
        ({"title": "Call 0800"}, "work: {'title'"),
        ({"body": [{"text": "Call 0800", "mark": "A"}]}, "typed number"),
        ({"body": [{"text": "Ask {nobody-knows}."}]}, "nobody-knows"),
        ({"body": [{"text": "x"}, {"video": "x"}]}, "work: block 2"),
        ({"body": [{"text": "x"}, {"contact": "nobody"}]}, "work: block 2 refers to 'nobody'"),
        ({"body": [{"text": "[x](page:nowhere)"}]}, "work: block 1 refers to 'nowhere'"),
        ({"body": [{"text": "[x](https://evil.example)"}]}, "cannot read the markup"),
        ({"sources": ["S02", "S99X"]}, "no source S99X"),
    ],
)
def test_a_broken_file_is_named_with_its_block(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: dict[str, Any] | str, says: str
) -> None:
    said = broken(monkeypatch, tmp_path, change)
    assert says in said
    assert "work" in said or "markup" in said


def test_a_translation_of_another_shape_is_named() -> None:
    english = yaml.safe_load((seed.DATA / "en/work.yaml").read_text(encoding="utf-8"))["body"]
    with pytest.raises(SeedError, match=r"work: 1 blocks, but \d+ in English"):
        seed_text.body("work", [{"text": "x"}], lambda _: 1, lambda _: 1, english)
