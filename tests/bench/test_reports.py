"""How long the files of a large report take: 150 findings, 60 photos of twelve megapixels. Prints a table; the bar is 30 s each."""

import time
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from standards.reports.exports import making, pictures
from standards.reports.exports.content import document
from standards.reports.models import Rendition
from tests.integration.standards.reports.cast import cast
from tests.integration.standards.reports.test_photos import picture_of

pytestmark = pytest.mark.django_db
FINDINGS, PHOTOS = 150, 60


def photograph(folder: Path) -> bytes:
    """As large and as hard to pack as one from a telephone."""
    place = folder / "photo.jpg"
    Image.effect_noise((800, 600), 40).resize((4000, 3000)).convert("RGB").save(place, quality=88)
    return place.read_bytes()


def test_files_of_a_large_report(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    world, content = cast(FINDINGS), photograph(tmp_path)
    findings = list(world.inspection.findings.order_by("code"))
    for at in range(PHOTOS):
        picture_of(world, findings[at], f"What was seen there, number {at}", content)
    world.to("shared_restricted")
    row = Rendition.objects.get(kind="full", version__report=world.report)
    lines = [
        f"\n{FINDINGS} findings, {PHOTOS} photos of {len(content) // 1000} kB\n{'format':8} {'seconds':>8} {'of processor':>13} {'kB':>7}"
    ]
    for kind in making.KINDS.values():
        begun, used = time.perf_counter(), time.process_time()
        made = kind.make(pictures.loaded(document(row)))
        lines.append(f"{kind.ending:8} {time.perf_counter() - begun:8.1f} {time.process_time() - used:13.1f} {len(made) // 1000:7}")
    with capsys.disabled():
        print("\n".join(lines))
