"""Importing an edition: all or nothing, idempotent, immutable once somebody was assessed under it; errata lie beside the wording."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from standards.catalogue import crosswalks
from standards.catalogue.errata import correct
from standards.catalogue.importing import content_of, import_text
from standards.catalogue.models import ANSWERS_FOR, Chapter, Crosswalk, Edition, Erratum, Framework, Indicator, Standard, Theme
from standards.catalogue.pinning import EditionIsPinned
from standards.catalogue.seed import seed
from standards.catalogue.wording import wording
from tests.unit.standards.catalogue.test_reading import GOOD

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 24)
TEXT = GOOD.replace("code: scs,", "code: trial,").replace("scs-1", "trial-1")


@pytest.fixture
def edition() -> Edition:
    assert import_text(TEXT).done.startswith("trial-1: imported")
    found: Edition = Edition.objects.get(code="trial-1")
    return found


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Framework, Edition, Theme, Chapter, Standard, Indicator))


def test_what_the_file_says_stands_in_the_tables(edition: Edition) -> None:
    standard = Standard.objects.get(chapter__edition=edition)
    assert (standard.code, standard.key_question, standard.applies_to, standard.promise_en) == ("AAA-01", "safe", [], "You are safe.")
    assert standard.chapter.theme.title_en == "Where you live"
    assert list(edition.indicators.values_list("code", "text", "order")) == [("AAA-01-a", "First.", 1), ("AAA-01-b", "Second.", 2)]
    assert len(edition.digest) == 64


def test_the_same_file_again_does_nothing(edition: Edition) -> None:
    before = list(Indicator.objects.values_list("pk", "text"))
    assert import_text(TEXT).done == "trial-1: nothing to do"
    assert list(Indicator.objects.values_list("pk", "text")) == before


def test_a_file_with_one_mistake_imports_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, file = counts(), tmp_path / "bad.yaml"
    file.write_text(TEXT.replace("key_question: safe", "key_question: saef"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"1 mistakes\. Nothing was imported"):
        call_command("import_edition", file)
    assert f"{file}:23: standard AAA-01: `key_question`" in capsys.readouterr().err
    assert counts() == before


def test_a_failure_half_way_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = counts()

    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(type(Indicator.objects.all()), "bulk_create", fail)
    monkeypatch.setattr("standards.catalogue.importing._drop_the_rest", fail)
    with pytest.raises(RuntimeError):
        import_text(TEXT)
    assert counts() == before


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, file = counts(), tmp_path / "trial.yaml"
    file.write_text(TEXT, encoding="utf-8")
    call_command("import_edition", file, dry_run=True)
    assert "would be imported (1 chapters, 1 standards, 2 indicators)" in capsys.readouterr().out
    assert counts() == before


def test_an_edition_nobody_was_assessed_under_may_change_and_rows_keep_their_ids(edition: Edition) -> None:
    key, digest = Indicator.objects.get(edition=edition, code="AAA-01-a").pk, edition.digest
    import_text(TEXT.replace("First.", "Other words.").replace('          - {code: AAA-01-b, text: "Second."}\n', ""))
    assert [(row.pk, row.text) for row in Indicator.objects.filter(edition=edition)] == [(key, "Other words.")]
    edition.refresh_from_db()
    assert edition.digest != digest


# --- Immutable --------------------------------------------------------------------------------------------------------


@pytest.fixture
def pinned(edition: Edition) -> Edition:
    edition.pin()
    return edition


def test_changed_wording_of_a_pinned_edition_is_refused_with_the_differences(
    pinned: Edition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "changed.yaml"
    file.write_text(TEXT.replace("First.", "Other words."), encoding="utf-8")
    with pytest.raises(CommandError, match="Make a new edition"):
        call_command("import_edition", file)
    assert "AAA-01-a text: “First.” would become “Other words.”" in capsys.readouterr().err
    assert Indicator.objects.get(edition=pinned, code="AAA-01-a").text == "First."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('          - {code: AAA-01-b, text: "Second."}\n', "", "AAA-01-b: is no longer there"),
        ('"Second."}\n', '"Second."}\n          - {code: AAA-01-c, text: "Third."}\n', "AAA-01-c: is new"),
        ('text: "Second."', 'text: "Second.", critical: true', "AAA-01-b is_critical"),
        ("applies_to: all", "applies_to: outreach", "AAA-01 applies_to"),
    ],
)
def test_structure_of_a_pinned_edition_is_refused_too(pinned: Edition, old: str, new: str, told: str) -> None:
    outcome = import_text(TEXT.replace(old, new))
    assert outcome.is_refused
    assert any(line.startswith(told) for line in outcome.differences)


def test_promises_and_translations_of_a_pinned_edition_may_follow_the_file(pinned: Edition) -> None:
    text = TEXT.replace('"You are safe."', '"You feel safe."\n        translations: {cy: {title: "Safon", promise: "Rydych yn ddiogel."}}')
    assert import_text(text).done.startswith("trial-1: brought up to date")
    standard, digest = Standard.objects.get(chapter__edition=pinned), pinned.digest
    assert (standard.promise_en, standard.promise_cy, standard.title_cy) == ("You feel safe.", "Rydych yn ddiogel.", "Safon")
    pinned.refresh_from_db()
    assert pinned.digest == digest


def test_a_translation_made_here_survives_the_next_import(edition: Edition) -> None:
    Standard.objects.filter(chapter__edition=edition).update(promise_ti="ውሑስ")
    import_text(TEXT.replace('"You are safe."', '"You feel safe."'))
    assert Standard.objects.get(chapter__edition=edition).promise_ti == "ውሑስ"


def test_no_row_of_a_pinned_edition_is_saved_added_or_deleted(pinned: Edition) -> None:
    indicator = Indicator.objects.filter(edition=pinned).select_related("standard__chapter").first()
    assert indicator is not None
    indicator.text = "Other words."
    standard, chapter = indicator.standard, indicator.standard.chapter
    standard.statement, chapter.title, pinned.scale = "Other", "Other", []
    new = Indicator(edition=pinned, standard=standard, code="AAA-01-z", order=9, text="More.")
    refused = (
        indicator.save, standard.save, chapter.save, pinned.save, new.save, indicator.delete, chapter.delete, pinned.delete,
        Indicator.objects.all().delete, Standard.objects.all().delete, lambda: Indicator.objects.bulk_create([new]),
        lambda: Indicator.objects.filter(edition=pinned).update(text="Other"), lambda: Edition.objects.update(scale=[]),
        lambda: Edition.objects.filter(pk=pinned.pk).update(pinned_at=None), lambda: Indicator.objects.bulk_update([indicator], ["text"]),
    )  # fmt: skip
    before = content_of(Edition.objects.get(pk=pinned.pk))
    for act in refused:
        with pytest.raises(EditionIsPinned), transaction.atomic():
            act()
    assert content_of(Edition.objects.get(pk=pinned.pk)) == before


def test_only_an_edition_in_use_is_pinned_and_only_once(edition: Edition) -> None:
    edition.pin()
    first = edition.pinned_at
    edition.pin()
    assert edition.pinned_at == first
    with pytest.raises(ValidationError):
        Edition.objects.get(code="scs-2025").pin()


# --- Errata -----------------------------------------------------------------------------------------------------------


def test_an_erratum_keeps_the_old_wording_readable_and_the_digest(pinned: Edition) -> None:
    digest = pinned.digest
    call_command("add_erratum", "trial-1", "AAA-01-a", "text", after="First, put right.", reason="A word was wrong", dated=TODAY)
    row = Indicator.objects.get(edition=pinned, code="AAA-01-a")
    assert row.text == "First."
    assert (wording(row, "text").text, wording(row, "text").before) == ("First, put right.", "First.")
    erratum = Erratum.objects.get()
    assert (erratum.before, erratum.after, erratum.dated) == ("First.", "First, put right.", TODAY)
    pinned.refresh_from_db()
    assert pinned.digest == digest
    assert import_text(TEXT).done == "trial-1: nothing to do"


def test_a_second_erratum_begins_where_the_first_ended(pinned: Edition) -> None:
    correct(pinned, "AAA-01", "statement", after="Once.", reason="r", dated=TODAY)
    assert correct(pinned, "AAA-01", "statement", after="Twice.", reason="r", dated=TODAY).before == "Once."


@pytest.mark.parametrize(
    ("code", "field", "after", "dated", "told"),
    [
        ("AAA-09", "text", "x", TODAY, "has no item"),
        ("AAA-01-a", "is_critical", "x", TODAY, "An erratum may correct"),
        ("AAA-01-a", "text", "First.", TODAY, "exactly that already"),
        ("AAA-01-a", "text", " ", TODAY, "Say the new wording"),
        ("AAA-01-a", "text", "x" * 501, TODAY, "At most 500"),
        ("AAA-01-a", "text", "x", datetime.date(2099, 1, 1), "in the future"),
    ],
)
def test_an_erratum_that_cannot_be_says_why(pinned: Edition, code: str, field: str, after: str, dated: datetime.date, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        correct(pinned, code, field, after=after, reason="r", dated=dated)
    assert not Erratum.objects.exists()


def test_a_welsh_reader_gets_welsh_or_english_that_says_so(edition: Edition) -> None:
    row = Indicator.objects.get(edition=edition, code="AAA-01-a")
    assert (wording(row, "text", "cy").language.code, wording(row, "text", "cy").is_english_instead) == ("en", True)
    row.text_cy = "Cyntaf."
    with translation.override("cy"):
        assert (wording(row, "text").text, wording(row, "text").is_english_instead) == ("Cyntaf.", False)
    row.corrected = {"text": "Put right."}
    assert wording(row, "text", "cy").text == "Put right.", "Welsh of the wording that was wrong is not shown"


# --- What the seed brings ---------------------------------------------------------------------------------------------


def test_the_seed_is_idempotent() -> None:
    before = counts()
    assert seed().count("nothing to do") == 4
    assert counts() == before


def test_the_seeded_editions_are_whole() -> None:
    scs, other = Edition.objects.get(code="scs-2018"), Edition.objects.get(code="first-response-2026")
    assert (scs.chapters.count(), Standard.objects.filter(chapter__edition=scs).count(), scs.indicators.count()) == (20, 52, 120)
    assert scs.indicators.filter(is_critical=True).count() == 18
    assert {scs.status, other.status} == {"in_use"}
    assert Edition.objects.get(code="scs-2025").status == "frame"
    assert set(Crosswalk.objects.values_list("relation", flat=True)) == {"new"}


def test_a_service_is_asked_what_applies_to_its_kind(django_assert_num_queries: Any) -> None:
    scs, other = Edition.objects.get(code="scs-2018"), Edition.objects.get(code="first-response-2026")
    asked = {kind: set(Indicator.objects.for_service(scs, kind).values_list("code", flat=True)) for kind in ANSWERS_FOR}
    assert (len(asked["safehouse"]), len(asked["outreach"]), len(asked["first_response"])) == (115, 109, 104)
    assert asked["accommodation"] == asked["safehouse"]
    assert asked["safehouse"] | asked["outreach"] == set(scs.indicators.values_list("code", flat=True))
    assert Indicator.objects.for_service(other, "first_response").count() == other.indicators.count()
    assert not Indicator.objects.for_service(other, "safehouse").exists()
    with django_assert_num_queries(1):
        rows = list(Indicator.objects.for_service(scs, "safehouse"))
        assert [row.standard.chapter.order for row in rows] == sorted(row.standard.chapter.order for row in rows)
    with pytest.raises(KeyError):
        Indicator.objects.for_service(scs, "castle")


CROSS = "schema_version: 1\ncrosswalk: {from: scs-2018, to: scs-2025}\nitems:\n"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{relation: same, from: PRI}", "“same” needs `to`"),
        ("{relation: new, from: PRI, to: disability}", "“new” has no `from`"),
        ("{relation: dropped, from: PRY}", "“PRY” is not known"),
        ("{relation: like, from: PRI, to: disability}", "“like” is not known"),
    ],
)
def test_a_crosswalk_with_a_mistake_is_told_by_line(row: str, told: str) -> None:
    before = Crosswalk.objects.count()
    outcome = crosswalks.import_text(f"{CROSS}  - {row}\n")
    assert any(problem.line == 4 and told in problem.what for problem in outcome.findings.problems), outcome.findings.problems
    assert Crosswalk.objects.count() == before


def test_every_relation_can_be_said() -> None:
    both = "".join(f"  - {{relation: {name}, from: PRI, to: disability}}\n" for name in ("same", "narrower", "wider", "split", "merged"))
    outcome = crosswalks.import_text(f"{CROSS}{both}  - {{relation: new, to: culture}}\n  - {{relation: dropped, from: TIC}}\n")
    assert not outcome.is_refused
    assert set(Crosswalk.objects.values_list("relation", flat=True)) == set(Crosswalk.Relation.values)
