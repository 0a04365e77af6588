"""The registry of languages, the settings, the locales, the columns and the catalogues agree; no text is left untranslated."""

import re
import subprocess
import tempfile
import unicodedata
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.urls import reverse
from django.utils import translation
from django.utils.translation.template import templatize
from modeltranslation.translator import translator
from wagtail.models import Locale

from portal.languages import BY_CODE, FIRST_RELEASE, SOURCE, WORKSPACE, WORKSPACE_FILES, Language

ROOMS = ("portal", "survivors", "providers", "standards")
OTHERS = [language for language in FIRST_RELEASE if language.code != SOURCE]
KEYWORDS = (
    "_", "gettext", "gettext_noop", "gettext_lazy", "ngettext:1,2", "ngettext_lazy:1,2", "pgettext:1c,2", "pgettext_lazy:1c,2",
    "npgettext:1c,2,3", "npgettext_lazy:1c,2,3",
)  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
SCRIPTS = {"Latn": "LATIN", "Ethi": "ETHIOPIC", "Arab": "ARABIC"}
NAMES = re.compile(r"\b(?:Waymark|PDF|NRM|NHS|UK)\b")  # written as they are in every script


@cache
def sources(code: str = SOURCE) -> dict[tuple[str, str], polib.POEntry]:
    """Every text of code and templates that asks to be translated into this language, as ``make messages`` collects them."""
    left_out = () if code in WORKSPACE else WORKSPACE_FILES
    texts: dict[str, str] = {}
    for root in (*ROOMS, "templates"):
        for path in (settings.BASE_DIR / root).rglob("*"):
            name = str(path.relative_to(settings.BASE_DIR))
            if any(fnmatch(name, pattern) for pattern in left_out):
                continue
            if path.suffix == ".py" and "/migrations/" not in name:
                texts[name] = path.read_text(encoding="utf-8")
            elif path.suffix == ".html":
                texts[name + ".py"] = templatize(path.read_text(encoding="utf-8"))
    command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--output=-", "--keyword", *(f"--keyword={word}" for word in KEYWORDS)]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            copy = Path(folder) / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text, encoding="utf-8")
        collected = subprocess.run([*command, *texts], cwd=folder, capture_output=True, text=True, check=True)
    return {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(collected.stdout)}


def catalogue(language: Language) -> polib.POFile:
    return polib.pofile(str(settings.CATALOGUE_SOURCE / language.code / "LC_MESSAGES/django.po"))


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


# --- The lists agree --------------------------------------------------------------------------------------------------


def test_settings_follow_the_registry() -> None:
    codes = [language.code for language in FIRST_RELEASE]
    assert [code for code, _ in settings.LANGUAGES] == codes
    assert [code for code, _ in settings.WAGTAIL_CONTENT_LANGUAGES] == codes
    assert list(settings.MODELTRANSLATION_LANGUAGES) == codes
    assert len(set(codes)) == len(codes) == 11


@pytest.mark.parametrize("language", FIRST_RELEASE, ids=lambda language: language.code)
def test_django_knows_every_language(language: Language) -> None:
    info = LANG_INFO[language.code]
    assert info["name_local"] == language.native
    with translation.override(language.code):
        assert translation.get_language() == language.code
        assert translation.get_language_bidi() is (language.direction == "rtl")
        assert reverse("wagtail_serve", args=[""]) == f"/{language.code}/"


@pytest.mark.parametrize("code", ["ti", "so", "am"])
def test_languages_that_django_lacks_have_an_entry_and_an_address(code: str) -> None:
    assert LANG_INFO[code]["name"] == BY_CODE[code].name
    assert translation.get_language_from_path(f"/{code}/") == code


@pytest.mark.parametrize("language", FIRST_RELEASE, ids=lambda language: language.code)
def test_the_registry_says_script_and_direction_truly(language: Language) -> None:
    letters = {unicodedata.name(letter).split()[0] for letter in language.native if letter.isalpha()}
    assert letters == {SCRIPTS[language.script]}
    assert (language.direction == "rtl") is (language.script == "Arab")
    assert language.tall is (language.script != "Latn")


@pytest.mark.django_db
def test_every_language_has_its_locale_row() -> None:
    assert set(Locale.objects.values_list("language_code", flat=True)) == set(BY_CODE)


def test_every_language_has_its_columns() -> None:
    models = [model for model in translator.get_registered_models() if model.__module__.startswith(ROOMS)]
    assert len(models) >= 2
    for model in models:
        columns = {field.name for field in model._meta.get_fields()}
        for name in translator.get_options_for_model(model).get_field_names():
            wanted = {f"{name}_{language.code}" for language in FIRST_RELEASE}
            if f"{name}_{SOURCE}" in columns:
                assert wanted <= columns, f"{model.__name__}.{name}"


def test_catalogues_are_those_of_the_registry() -> None:
    assert {path.name for path in settings.CATALOGUE_SOURCE.iterdir()} == {language.code for language in OTHERS}


# --- The catalogues are complete --------------------------------------------------------------------------------------


def test_the_sources_were_found() -> None:
    assert len(sources()) > 80
    assert ("", "Leave this site") in sources()
    assert any(entry.msgid_plural for entry in sources().values())
    # What the public reads is in every catalogue, what only the workspace says in none but Welsh.
    public = set(sources("ar"))
    assert {("", "Leave this site"), ("", "What you can expect from a service"), ("", "Safehouse"), ("", "East of England")} <= public
    assert set(sources()) - public >= {("", "Recovery codes"), ("", "Send for review")}
    assert set(sources("cy")) == set(sources())


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_every_text_is_translated(language: Language) -> None:
    own = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue(language) if not entry.obsolete}
    missing = [key for key in sources(language.code) if key not in own]
    assert missing == [], "run `make messages`"
    # Fuzzy is how drafts are marked for a reviewer; compiled or not is another test's question.
    assert [key for key in sources(language.code) if not all(translations(own[key]))] == []


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_what_a_translation_holds_is_what_readers_get(language: Language) -> None:
    compiled = polib.mofile(str(settings.CATALOGUE_DIR / language.code / "LC_MESSAGES/django.mo"))
    known = {(entry.msgctxt or "", entry.msgid) for entry in compiled}
    assert [key for key in sources(language.code) if key not in known] == []


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_placeholders_are_equal(language: Language) -> None:
    wrong = []
    for entry in catalogue(language):
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in filter(None, translations(entry)):
            found = set(PLACEHOLDER.findall(text))
            # A language's form for one or two may say the number in its word: Arabic يومان is "two days".
            if found != wanted and not (entry.msgid_plural and found <= wanted):
                wrong.append((entry.msgid, text))
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_inj_16_no_catalogue_holds_a_number(language: Language) -> None:
    public = sources("ar")  # pages of the workspace state no facts to survivors
    assert [
        (entry.msgid, text)
        for entry in catalogue(language)
        if (entry.msgctxt or "", entry.msgid) in public
        for text in translations(entry)
        if any(unicodedata.category(character).startswith("N") for character in PLACEHOLDER.sub("", text))
    ] == []


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_translations_are_written_in_their_script(language: Language) -> None:
    wrong = []
    for entry in catalogue(language):
        for text in filter(None, translations(entry)):
            words = NAMES.sub("", PLACEHOLDER.sub("", text))
            letters = {unicodedata.name(letter, "?").split()[0] for letter in words if letter.isalpha()}
            if letters - {SCRIPTS[language.script]}:
                wrong.append((entry.msgid, text))
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_plural_forms_are_all_there(language: Language) -> None:
    po = catalogue(language)
    count = int(re.search(r"nplurals=(\d)", po.metadata["Plural-Forms"])[1])  # type: ignore[index]  # None fails the test as well
    assert {tuple(sorted(map(int, entry.msgstr_plural))) for entry in po if entry.msgid_plural and not entry.obsolete} <= {
        tuple(range(count))
    }


def test_no_catalogue_is_a_package() -> None:
    assert list(Path(settings.CATALOGUE_SOURCE).rglob("*.py")) == []
    assert apps.is_installed("modeltranslation")
