"""The seed is complete, and safe to repeat."""

import pytest
from django.core.management import call_command

from survivors.guide.models import GlossaryPage, GuidePage

pytestmark = pytest.mark.django_db


def test_all_39_pages_are_live_in_english() -> None:
    english = {"locale__language_code": "en", "live": True}
    assert GuidePage.objects.filter(**english).count() + GlossaryPage.objects.filter(**english).count() == 39


def test_a_second_seed_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed")
    said = capsys.readouterr().out
    assert "0 pages added, 0 updated, 0 kept" in said
    assert "facts: 0 added" in said
