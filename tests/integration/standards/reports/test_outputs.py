"""Outputs: the same content in every format (C11), a tagged PDF, and nothing fetched from anywhere (NET-01 to NET-03)."""

import http.server
import io
import threading
import time
from collections.abc import Iterator
from html import unescape
from typing import Any

import pikepdf
import pytest
from django.utils import translation
from docx import Document as Word

from portal.audit import working
from standards.reports import accuracy, editing
from standards.reports.exports import making, paper
from standards.reports.exports.content import document
from standards.reports.exports.document import word_document
from standards.reports.models import Rendition, Statement
from tests.integration.standards.reports.cast import Cast, cast

pytestmark = pytest.mark.django_db
LIST = "/workspace/reports/"


def rendition(world: Cast) -> Rendition:
    """The full report, as it was issued, with a decision and a change in it."""
    world.to("comments_open")
    row = world.facts()[1]
    world.say(row, "inaccurate", "Nine of ten, says our log.")
    world.to("comments_review")
    reply = row.replies.get()
    accuracy.decide(reply, accuracy.Decision("accepted", "The log shows it.", "Reworded."), by=world.who("reviewer"))
    links = tuple(row.links.values_list("finding", flat=True))
    editing.change(row, editing.Words("One in ten plans was late.", True, False, links), base=row.version, by=world.who("lead"))
    world.to("shared_restricted")
    return Rendition.objects.get(kind="full", version__report=world.report)


def values(made: Any) -> list[str]:
    """Everything that a reader may find in the document."""
    found = [made.title, made.note, *(text for pair in (*made.facts, *made.proof) for text in pair)]
    found += [text for part in made.parts for text in (part.title, *(text for line in part.lines for text in (line.text, line.findings)))]
    found += [text for table in made.tables for text in (table.title, *table.head, *(cell for row in table.rows for cell in row))]
    return [text for text in found if text]


def squeezed(text: str) -> str:
    return "".join(text.split())


def words_of_word(content: bytes) -> str:
    word = Word(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return squeezed("".join([*(paragraph.text for paragraph in word.paragraphs), *cells]))


def test_c11_every_format_holds_every_value(world: Cast) -> None:
    made = document(rendition(world))
    for needed in ("Nine of ten, says our log.", "The log shows it.", "One in ten plans was late.", "Review risk plans in time."):
        assert any(needed in value for value in values(made))
    word = words_of_word(word_document(made))
    page = squeezed(unescape(paper.html(made).replace("<br>", " ")))
    assert [value for value in values(made) if squeezed(value) not in word] == []
    assert [value for value in values(made) if squeezed(value) not in page] == []


def test_the_pdf_is_tagged_titled_and_in_its_language(world: Cast) -> None:
    row = rendition(world)
    content = paper.pdf(document(row))
    pdf = pikepdf.open(io.BytesIO(content))
    root = pdf.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang).startswith("en")
    assert root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == world.report.title
    tags = list(_tags(root.StructTreeRoot))
    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD", "/L", "/LI"} <= set(tags)
    assert tags.count("/H1") == 1
    assert world.people["lead"].last_name.encode() not in content


def _tags(node: Any) -> Iterator[str]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _tags(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        if "/K" in node:
            yield from _tags(node.K)


def test_the_documents_frame_speaks_the_reports_language(world: Cast) -> None:
    row = rendition(world)
    with translation.override("cy"):
        assert document(row).tables[0].rows[0][1]


VECTORS = (
    '<img src="{u}/img">', '<link rel="stylesheet" href="{u}/css">', '<link rel="attachment" href="file:///{f}">',
    "<style>@import '{u}/imp';</style>",
    "<style>@font-face {{ font-family: x; src: url({u}/font) }} p {{ font-family: x }}</style>", '<p style="background: url({u}/bg)">x</p>',
    '<svg><image href="{u}/svg" xlink:href="{u}/svg2"/><use href="{u}/use#a"/></svg>', '<object data="{u}/object"></object>',
    '<iframe src="{u}/frame"></iframe>', '<img src="data:image/svg+xml,%3Csvg%3E%3Cimage href=\'{u}/data\'/%3E%3C/svg%3E">',
    '<base href="{u}/">',
    '<embed src="{u}/embed">', '<video src="{u}/video" poster="{u}/poster"></video>', '<a href="{u}/a" rel="attachment">x</a>',
    '<img src="file:///{f}">', '<img src="http://[::1]:{p}/v6">', '<img src="http://2130706433:{p}/decimal">',
    '<img src="//127.0.0.1:{p}/relative">',
    '<meta http-equiv="refresh" content="0;url={u}/meta">', "<?xml-stylesheet href='{u}/xml'?>", "url({u}/plain)", "@import url({u}/bare);",
)  # fmt: skip


@pytest.fixture
def listener() -> Iterator[Any]:
    """A server of this machine that remembers whoever came."""
    hits: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, hits
    server.shutdown()


def test_net_01_no_address_in_any_text_is_ever_asked(world: Cast, listener: Any, tmp_path: Any) -> None:
    port, hits = listener
    canary = tmp_path / "canary.txt"
    canary.write_text("CNRY-of-this-machine")
    attack = " ".join(vector.format(u=f"http://127.0.0.1:{port}", p=port, f=str(canary).lstrip("/")) for vector in VECTORS)
    for row in world.report.statements.all():
        Statement.objects.filter(pk=row.pk).update(text=f"{row.text} {attack}", for_public=attack)
    world.report.items.update(text=attack)
    world.to("comments_open")
    row = world.facts()[1]
    world.say(row, "inaccurate", attack)
    world.to("comments_review")
    accuracy.decide(row.replies.get(), accuracy.Decision("accepted", attack, attack), by=world.who("reviewer"))
    world.to("shared_restricted")
    content = paper.pdf(document(Rendition.objects.get(kind="full")))
    assert hits == []
    assert b"CNRY-of-this-machine" not in content
    pdf = pikepdf.open(io.BytesIO(content))
    assert not pdf.attachments
    streams = b"".join(stream.read_bytes() for stream in pdf.objects if isinstance(stream, pikepdf.Stream))
    assert b"CNRY-of-this-machine" not in streams


def test_a_file_is_ordered_made_by_the_worker_and_handed_to_its_orderer_only(world: Cast) -> None:
    row = rendition(world)
    client = world.client("commissioner")
    for kind in making.KINDS:
        waiting = client.post(f"{LIST}issued/{row.pk}/order/{kind}/")["Location"]
        assert client.get(waiting).status_code == 200
        assert client.get(f"{waiting}file/").status_code == 404
        working.run_due()
        got = client.get(f"{waiting}file/")
        assert got.status_code == 200
        assert got["Content-Disposition"].startswith("attachment")
        assert len(b"".join(got.streaming_content)) > 1000
        for who in ("manager", "rival", "lead", "stranger"):
            assert world.client(who).get(f"{waiting}file/").status_code == 404
    assert world.client("rival").post(f"{LIST}issued/{row.pk}/order/pdf/").status_code == 404
    assert client.post(f"{LIST}issued/{row.pk}/order/exe/").status_code == 404


def test_perm_16_what_was_withdrawn_meanwhile_is_not_made(world: Cast) -> None:
    row = rendition(world)
    client = world.client("commissioner")
    waiting = client.post(f"{LIST}issued/{row.pk}/order/docx/")["Location"]
    world.take("withdraw", "A place is named.", by="publisher")
    working.run_due()
    assert client.get(f"{waiting}file/").status_code == 404
    assert not list(making.path_of(row.pk, making.KINDS["docx"]).parent.glob(f"{waiting.rstrip('/').rsplit('/', 1)[1]}*"))


def test_net_03_a_report_of_150_findings_is_pressed_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    world = cast(150)
    world.to("shared_restricted")
    made = document(Rendition.objects.get(kind="full", version__report=world.report))
    begun = time.process_time()
    content = paper.pdf(made)
    seconds = time.process_time() - begun
    with capsys.disabled():
        print(f" [PDF of 150 findings: {seconds:.1f} s of processor time, {len(content) // 1024} KB]", end="")
    assert seconds < 30
