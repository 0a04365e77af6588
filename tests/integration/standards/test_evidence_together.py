"""Many people bring files at the same moment: real threads, real transactions, a database of their own (UPL-11)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from standards.evidence.models import EvidenceFile
from tests.databases import at_once, own_copy
from tests.integration.standards.evidence_cast import cast, evidence, file


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    with own_copy(request, "evidence") as address:
        yield address


@pytest.mark.django_db
def test_a_quota_begins_with_nothing() -> None:
    assert not EvidenceFile.objects.exists()


def test_upl_11_many_at_once_never_pass_the_limit(database: str, settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR, settings.CLAMD_ADDRESS, settings.EVIDENCE_MOST_FILES = tmp_path / "evidence", "", 5
    people = cast()
    item = evidence(people.harbour, people.assessor)
    results = at_once([lambda: file(item, people.assessor)] * 12, refused=(ValidationError,), seconds=60)
    assert sorted(item.files.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert [result.code for result in results if isinstance(result, ValidationError)] == ["room"] * 7
    assert len([path for path in settings.EVIDENCE_DIR.rglob("*") if path.is_file()]) == 5
