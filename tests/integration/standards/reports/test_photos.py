"""Photos of a report: in every format of the full text, in no summary, and shown only to whoever reads the text that holds them."""

import io
import uuid
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as Word
from pytest_django import Settings

from standards.evidence import store
from standards.inspections.models import Finding, Photo
from standards.reports.exports import paper, pictures
from standards.reports.exports.content import Document, document
from standards.reports.exports.document import word_document
from standards.reports.models import Rendition
from tests import samples
from tests.integration.standards.reports.cast import Cast, cast

pytestmark = pytest.mark.django_db
CAPTIONS = ("A fire door with a wedge", "The welcome book, closed")


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> Cast:
    """An inspection with two photos, and its report."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    made = cast()
    rows = made.inspection.findings.order_by("code")
    picture_of(made, rows[0], CAPTIONS[0], samples.picture("JPEG", size=(3000, 2000)))
    picture_of(made, rows[2], CAPTIONS[1], samples.picture("PNG", size=(60, 40)))
    return made


def picture_of(world: Cast, finding: Finding, caption: str, content: bytes) -> Photo:
    """A photo of a finding, as it stands after it was taken in."""
    name = uuid.uuid4()
    size, sha256 = store.put(name, io.BytesIO(content))
    media_type = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    made: Photo = Photo.objects.create(
        inspection=world.inspection, finding=finding, caption=caption, stored_name=name, media_type=media_type, size=size, width=60,
        height=40, sha256=sha256, by=world.people["inspector"],
    )  # fmt: skip
    return made


def issued(world: Cast) -> Rendition:
    world.to("shared_restricted")
    return Rendition.objects.get(kind="full", version__report=world.report)


def made_of(row: Rendition) -> Document:
    return pictures.loaded(document(row))


def status(client: Client, address: str) -> int:
    return client.get(address).status_code


def test_every_format_holds_the_photos_with_their_words(world: Cast) -> None:
    made = made_of(issued(world))
    assert [(one.number, one.caption) for one in made.pictures] == [(1, CAPTIONS[0]), (2, CAPTIONS[1])]
    assert all(one.content and one.content.startswith(b"\xff\xd8") for one in made.pictures)
    pdf = pikepdf.open(io.BytesIO(paper.pdf(made)))
    figures = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
    assert sorted(str(one.Alt) for one in figures) == sorted(CAPTIONS)
    sizes = sorted(int(one.Width) for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image")
    assert sizes == [60, pictures.LONGEST], "a large one is made smaller, a small one is left"
    word = Word(io.BytesIO(word_document(made)))
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == list(CAPTIONS)
    page = paper.html(made)
    assert page.count('src="data:image/jpeg;base64,') == 2
    assert "asset:" not in page
    assert all(f'alt="{caption}"' in page for caption in CAPTIONS)


def test_what_is_lost_or_is_not_what_was_frozen_is_said_and_not_shown(world: Cast) -> None:
    row = issued(world)
    first, second = Photo.objects.order_by("at")
    store.remove(first.stored_name)
    (store.folder() / str(second.stored_name)).write_bytes(samples.picture("PNG"))
    made = made_of(row)
    assert [one.content for one in made.pictures] == [None, None]
    assert paper.html(made).count("This photo is not there any more.") == 2
    assert [paragraph.text for paragraph in Word(io.BytesIO(word_document(made))).paragraphs].count(
        "This photo is not there any more."
    ) == 2
    assert paper.pdf(made).startswith(b"%PDF")


def test_a_photo_of_a_finding_that_no_statement_tells_stays_outside(world: Cast) -> None:
    world.report.statements.filter(links__finding__code__endswith="F03").update(is_removed=True)
    assert [row["caption"] for row in issued(world).content["photos"]] == [CAPTIONS[0]]


def test_an_approval_is_bound_to_the_photos_too(world: Cast) -> None:
    from standards.reports import freezing

    before = freezing.text_digest(world.report)
    picture_of(world, world.inspection.findings.all()[0], "Another one", samples.picture())
    assert freezing.text_digest(world.report) != before


def test_a_summary_carries_none(world: Cast) -> None:
    world.to("publication_check")
    for kind in ("shared", "public"):
        row = world.checked(kind)
        assert "photos" not in row.content
        assert document(row).pictures == ()
        assert not any(caption in paper.html(document(row)) for caption in CAPTIONS)


def test_perm_05_a_photo_is_seen_by_whoever_reads_its_text_now(world: Cast) -> None:
    photo, strange = Photo.objects.order_by("at")[0], uuid.uuid4()
    draft = reverse("reports:photo", args=[world.report.pk, photo.pk])
    everybody = ("manager", "reader", "rival", "commissioner", "unassigned", "administrator", "stranger", "publisher")
    assert {name: status(world.client(name), draft) for name in everybody} == dict.fromkeys(everybody, 404), "nobody before it is issued"
    world.to("comments_open")
    manager = world.client("manager")
    shown = manager.get(draft)
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert draft in manager.get(reverse("reports:show", args=[world.report.pk])).content.decode()
    assert status(manager, reverse("reports:photo", args=[world.report.pk, strange])) == 404
    for name in ("rival", "commissioner", "unassigned", "administrator", "stranger"):
        assert status(world.client(name), draft) == 404, name
    row = issued(world)
    address = reverse("reports:issued_photo", args=[row.pk, photo.pk])
    commissioner = world.client("commissioner")
    assert status(commissioner, address) == 200
    assert address in commissioner.get(reverse("reports:issued", args=[row.pk])).content.decode()
    for name in ("rival", "unassigned", "administrator", "stranger"):
        assert status(world.client(name), address) == 404, name
    assert status(Client(), address) == 302
    world.take("withdraw", "A place can be seen.", by="publisher")
    assert status(commissioner, address) == 404


def test_perm_05_a_photo_of_another_inspection_is_not_reached_through_a_report(world: Cast, settings: Settings) -> None:
    other = cast()
    foreign = picture_of(other, other.inspection.findings.all()[0], "Elsewhere", samples.picture())
    row = issued(world)
    assert status(world.client("commissioner"), reverse("reports:issued_photo", args=[row.pk, foreign.pk])) == 404
    assert status(world.client("manager"), reverse("reports:photo", args=[world.report.pk, foreign.pk])) == 404


def test_the_page_of_what_was_issued_shows_what_the_files_hold(world: Cast) -> None:
    row = issued(world)
    made, page = document(row), world.client("commissioner").get(reverse("reports:issued", args=[row.pk])).content.decode()
    cells = [cell for table in made.tables for line in table.rows for cell in line]
    texts = [line.text for part in made.parts for line in part.lines]
    assert [text for text in (*cells, *texts) if text.split("\n")[0] not in page] == []
