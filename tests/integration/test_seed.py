"""The seed is complete, and safe to repeat."""

import pytest
from django.core.management import call_command

from survivors.guide.models import GlossaryPage, GuidePage

pytestmark = pytest.mark.django_db


PART_8 = {
    "get-help-now", "staying-safe-online", "interpreters", "is-this-me", "made-to-break-the-law", "being-referred", "who-can-refer",
    "your-information", "first-decision", "recovery-time", "final-decision", "if-the-answer-is-no", "support-worker", "safe-place", "money",
    "health", "your-children", "legal-help", "immigration", "work", "domestic-workers", "police-and-court", "compensation", "detention",
    "asylum-support", "housing", "moving-on", "your-next-service", "after-support", "going-home", "under-18", "age-questions", "guardians",
    "turning-18", "scotland", "northern-ireland", "wales", "easy-words", "complaints",
}  # fmt: skip
BESIDE = {"what-a-phone-keeps"}


def test_all_39_pages_are_live_in_english_and_one_beside_them() -> None:
    english = {"locale__language_code": "en", "live": True}
    slugs = [page.slug for model in (GuidePage, GlossaryPage) for page in model.objects.filter(**english)]
    assert len(PART_8) == 39
    assert sorted(slugs) == sorted(PART_8 | BESIDE)


def test_a_second_seed_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed", languages=["ar"])
    said = capsys.readouterr().out
    assert "0 pages added, 0 updated, 0 kept" in said
    assert "facts: 0 added" in said
