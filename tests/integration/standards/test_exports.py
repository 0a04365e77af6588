"""Every format holds everything (C11), and nothing that it must not: neither formulas nor what belongs to others."""

import csv
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pikepdf
import pytest
from django.utils import translation

from portal.accounts.roles import Kind, Role
from portal.design import paper as printing
from standards.assessments.exports import data, document, paper, table, workbook
from standards.assessments.exports.content import Document
from standards.assessments.exports.gathering import document_for
from standards.assessments.models import Answer, Assessment
from standards.evidence.models import Evidence
from tests.integration.standards import plans
from tests.integration.standards.full import ILLEGAL, Full

pytestmark = pytest.mark.django_db
Made = dict[str, str]


@pytest.fixture
def full() -> Full:
    return Full()


def of_pdf(content: bytes, folder: Path) -> str:
    file = folder / "export.pdf"
    file.write_bytes(content)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True).stdout
    return text + "\n" + "".join(text.split())  # long hashes break across lines


def of_docx(content: bytes) -> str:
    word = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def of_xlsx(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)


def of_csv(content: bytes) -> str:
    return "\n".join("\n".join(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def of_json(content: bytes) -> str:
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)
        else:
            found.append(str(part))

    walk(json.loads(content))
    return "\n".join(found)


def formats(full: Full, doc: Document, folder: Path) -> Made:
    pk = full.assessment.pk
    return {
        "pdf": of_pdf(paper.pdf(doc), folder), "docx": of_docx(document.word_document(doc)), "xlsx": of_xlsx(workbook.workbook(doc, pk)),
        "csv": of_csv(table.table(doc)), "json": of_json(data.data(doc)),
    }  # fmt: skip


def words_of(doc: Document) -> set[str]:
    """Every single value of the content itself: what the formats are given, they must hold."""
    found: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            for value in part.values():
                walk(value)
        elif isinstance(part, list | tuple):
            for value in part:
                walk(value)
        elif isinstance(part, str) and part:
            found.add(part)

    walk(doc.as_data())
    return found


def test_c11_every_value_stands_in_every_format(full: Full, tmp_path: Path) -> None:
    doc = document_for(full.assessment, full.mary)
    made = formats(full, doc, tmp_path)
    missing = {name: sorted(canary for canary in full.canaries if canary not in text) for name, text in made.items()}
    assert missing == {name: [] for name in made}
    assert len(full.canaries) > 100


def test_c11_formats_hold_all_of_the_content_and_so_the_same(full: Full, tmp_path: Path) -> None:
    doc = document_for(full.assessment, full.mary)
    made = formats(full, doc, tmp_path)

    def bare(text: str) -> str:
        return "".join(character for character in text if character.isalnum())

    codes = {"not_met", "partly_met", "mostly_met", "fully_met", "not_applicable", "document", "en"}  # beside them stand their words
    for name, text in made.items():
        whole = bare(text)
        assert sorted(value for value in words_of(doc) - codes if bare(value) not in whole) == [], name


def test_a_sent_assessment_names_its_receipt_and_hash(full: Full, tmp_path: Path) -> None:
    full.assessment.submit(by=full.joe)
    snapshot = full.assessment.snapshots.get()
    made = formats(full, document_for(full.assessment, full.mary), tmp_path)
    for name, text in made.items():
        assert snapshot.receipt in text, name
        assert snapshot.sha256 in text, name
        assert [canary for canary in full.canaries if canary not in text] == [], name


def test_what_was_sent_is_what_is_exported(full: Full, tmp_path: Path) -> None:
    full.assessment.submit(by=full.joe)
    Answer.objects.filter(assessment=full.assessment).update(comment="Written later")
    text = of_json(data.data(document_for(full.assessment, full.mary)))
    assert "Canarycomment0" in text
    assert "Written later" not in text


def test_c7_the_figures_are_those_of_scoring(full: Full) -> None:
    from standards.assessments import reading

    result, doc = reading.score(full.assessment), document_for(full.assessment, full.mary)
    assert [chapter.percent for chapter in doc.chapters] == [score.percent for score in result.chapters]
    assert [part.percent for chapter in doc.chapters for part in chapter.standards] == [s.percent for c in result.chapters for s in c.parts]
    assert (doc.percent, doc.completeness) == (result.whole.percent, result.whole.completeness)
    assert doc.gaps == tuple(item.indicator for item in result.critical_gaps)
    assert doc.chapters[0].standards[0].how.startswith("3 of 9 points: 33%")


# --- What it must not hold ----------------------------------------------------------------------------------------------


def test_whoever_it_is_shared_with_reads_no_remarks_no_people_no_private_fields(full: Full, tmp_path: Path) -> None:
    inspectorate = plans.provider("Inspectorate", Kind.INSPECTORATE)
    inspector = plans.person("inspector", inspectorate, Role.INSPECTOR)
    full.assessment.submit(by=full.joe)
    full.assessment.approve(by=full.mary)
    full.assessment.share([inspectorate], by=full.mary)
    row = Assessment.objects.visible_to(inspector).get(pk=full.assessment.pk)
    made = formats(full, document_for(row, inspector), tmp_path)
    for name, text in made.items():
        assert "Canarycomment3" in text, name
        assert "Canaryevidence3" in text, name
        for private in ("remark", "Canaryjoe", "Canarymary", "Canaryreference", "Canarymissing", "12 August 2032"):
            assert private not in text, f"{name}: {private}"


def test_inj_06_no_cell_of_the_workbook_is_a_formula(full: Full) -> None:
    content = workbook.workbook(document_for(full.assessment, full.mary), full.assessment.pk)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(str(cell.value).startswith("=") for cell in cells)
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert [name for name in parts.namelist() if name.startswith("xl/worksheets/") and b"<f>" in parts.read(name)] == []
    assert "xl/externalLinks" not in str(parts.namelist())


def test_inj_06_no_cell_of_the_table_begins_a_formula(full: Full) -> None:
    for row in csv.reader(io.StringIO(table.table(document_for(full.assessment, full.mary)).decode("utf-8-sig"))):
        assert [cell for cell in row if cell.lstrip()[:1] in {"=", "+", "@"}] == []


def test_c12_illegal_characters_are_left_out_and_files_open(full: Full, tmp_path: Path) -> None:
    made = formats(full, document_for(full.assessment, full.mary), tmp_path)
    for name in ("pdf", "docx", "xlsx", "csv"):
        assert "Canarycomment0" in made[name], name
        assert not set(ILLEGAL) & set(made[name].replace("\f", "")), name
    assert ILLEGAL in made["json"], "JSON can carry them, so it does"


def test_a_text_longer_than_a_cell_stands_in_pieces(full: Full) -> None:
    Answer.objects.filter(indicator__code="RSK-01-a").update(comment="ab" * 20_000 + "Canarytail")
    text = of_xlsx(workbook.workbook(document_for(full.assessment, full.mary), full.assessment.pk))
    assert "Canarytail" in text


NASTY = (
    '<img src="http://127.0.0.1:{port}/x">', '<link rel=stylesheet href="http://127.0.0.1:{port}/x">',
    '<link rel=attachment href="file:///etc/hostname">', "<style>@import url(http://127.0.0.1:{port}/x)</style>",
    '<svg><image href="http://[::1]:{port}/x"/></svg>', '<object data="http://2130706433:{port}/x"></object>',
    '<iframe src="http://127.0.0.1:{port}/x"></iframe>', "url(http://127.0.0.1:{port}/x)", '<base href="http://127.0.0.1:{port}/">',
)  # fmt: skip


def test_net_01_no_text_makes_the_pdf_fetch_anything(full: Full) -> None:
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    port = listener.getsockname()[1]
    text = "".join(NASTY).replace("{port}", str(port))
    Answer.objects.filter(assessment=full.assessment).update(comment=text)
    Assessment.objects.filter(pk=full.assessment.pk).update(title=text[:140])
    Evidence.objects.update(title=text[:140], shows=text[:400])
    full.assessment.refresh_from_db()
    content = paper.pdf(document_for(full.assessment, full.mary))
    with pytest.raises(TimeoutError):
        listener.accept()
    listener.close()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert not pdf.attachments


@pytest.mark.parametrize(
    "reference", ["http://127.0.0.1/x", "file:///etc/hostname", "data:text/css,a{}", "asset:missing", "/etc/hostname", "ftp://a/b"]
)
@pytest.mark.parametrize(
    "markup", ['<img src="{0}">', '<link rel=stylesheet href="{0}">', '<link rel=attachment href="{0}">', "<style>@import url({0})</style>"]
)
def test_net_02_the_fetcher_knows_its_own_table_and_nothing_else(reference: str, markup: str) -> None:
    from weasyprint.urls import FatalURLFetchingError, URLFetchingError

    fetcher = printing.only({"mark": (b"x", "text/plain")})
    assert fetcher.fetch("asset:mark") is not None
    with pytest.raises(FatalURLFetchingError):
        fetcher.fetch(reference)
    if not reference.startswith("/"):
        with pytest.raises((FatalURLFetchingError, URLFetchingError)):
            printing.pressed(f"<html lang=en><title>x</title>{markup.format(reference)}")


def test_net_02_style_sheets_go_through_the_same_fetcher() -> None:
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises(FatalURLFetchingError):
        printing.pressed("<html lang=en><title>x</title><p>x", styles="p { background: url(http://127.0.0.1/x) }")


# --- For everybody ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "cy"])
def test_c46_the_pdf_is_tagged_titled_and_in_one_language(full: Full, language: str) -> None:
    with translation.override(language):
        content = paper.pdf(document_for(full.assessment, full.mary))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        assert str(root.Lang) == language
        assert bool(root.MarkInfo.Marked)
        assert str(pdf.docinfo["/Title"]) == "Canarytitle"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        kinds = [
            str(element.get("/S"))
            for element in pdf.objects
            if isinstance(element, pikepdf.Dictionary) and element.get("/Type") == "/StructElem"
        ]
        assert {"/H1", "/H2", "/H3", "/H4", "/Table", "/TH", "/TD", "/L", "/LI"} <= set(kinds)
        assert kinds.count("/H2") >= 4


@pytest.mark.parametrize("language", ["en", "cy"])
def test_c46_the_word_document_has_headings_a_table_header_and_its_language(full: Full, language: str) -> None:
    with translation.override(language):
        content = document.word_document(document_for(full.assessment, full.mary))
    word = docx.Document(io.BytesIO(content))
    styles = [paragraph.style.name for paragraph in word.paragraphs if paragraph.style is not None]
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"} <= set(styles)
    assert b"<w:tblHeader" in zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")
    assert f'w:lang w:val="{language}-GB"'.encode() in zipfile.ZipFile(io.BytesIO(content)).read("word/styles.xml")
    assert word.core_properties.author == ""
