"""Files of evidence from the door to the download: headers, scanner, quotas, left-overs (UPL-06 to UPL-14, IDOR-06, LIM-02)."""

import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as current
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import SkipFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from portal.audit.models import Event, Job, Notice
from portal.audit.notices import deliver
from providers.organisations.models import Membership
from standards.evidence import apps, arrival, filing, scanning, store, sweeping, tasks
from standards.evidence.models import Evidence, EvidenceFile
from standards.evidence.receiving import Limit
from standards.evidence.scanner import NoAnswer
from tests import samples
from tests.builders import sign_in
from tests.clamd import Clamd, clamd, nowhere
from tests.integration.standards.evidence_cast import PDF, Cast, cast, evidence, file, typed, upload

pytestmark = pytest.mark.django_db
EXACT = {
    "Content-Type": "application/pdf",
    "Content-Disposition": 'attachment; filename="Fire check.pdf"',
    "Content-Length": str(len(PDF)),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "none",
}


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.EVIDENCE_DIR, settings.CLAMD_ADDRESS, settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "evidence", "", tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    yield settings.EVIDENCE_DIR


@pytest.fixture
def scanner(settings: Settings) -> Iterator[Clamd]:
    with clamd() as running:
        settings.CLAMD_ADDRESS = running.address
        yield running


def address(of: EvidenceFile) -> str:
    return reverse("evidence:download", args=[of.evidence_id, of.pk])


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# --- Taking a file -----------------------------------------------------------------------------------------------------


def test_upl_07_a_file_leaves_with_exactly_these_headers(people: Cast) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    answer = sign_in(people.reader).get(address(kept))
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in EXACT} == EXACT
    assert answer.getvalue() == PDF
    assert not {"ETag", "Last-Modified"} & set(answer.headers)


@pytest.mark.parametrize(
    "headers", [{"range": "bytes=0-9"}, {"if-none-match": "*"}, {"if-modified-since": "Sat, 01 Jan 2099 00:00:00 GMT"}, {"if-range": "x"}]
)
def test_upl_07_no_header_of_the_reader_changes_what_they_may_have(people: Cast, headers: dict[str, str]) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    answer = sign_in(people.reader).get(address(kept), headers=headers)
    assert (answer.status_code, answer.getvalue()) == (200, PDF)
    for user in people.outsiders.values():
        for method in ("get", "head"):
            refused = getattr(sign_in(user), method)(address(kept), headers=headers)
            assert refused.status_code == 404
            assert b"%PDF" not in refused.content
    head = sign_in(people.reader).head(address(kept))
    assert (head.status_code, head.headers["Content-Length"], b"".join(head.streaming_content)) == (200, str(len(PDF)), b"")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cod\u202efdp.pdf", 'attachment; filename="codfdp.pdf"'),
        ('a"; filename="b.html.pdf', 'attachment; filename="a__ filename=_b.html.pdf"'),
        ("../../x.pdf", 'attachment; filename="x.pdf"'),
        ("a\r\nX-Evil: 1.pdf", 'attachment; filename="a X-Evil_ 1.pdf"'),
        ("Prüfung.pdf", "attachment; filename*=utf-8''Pr%C3%BCfung.pdf"),
        ("🙂.pdf", "attachment; filename*=utf-8''%F0%9F%99%82.pdf"),
    ],
)
def test_inj_08_upl_06_a_name_is_one_name_in_one_line(people: Cast, place: Path, name: str, shown: str) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor, name=name)
    answer = sign_in(people.reader).get(address(kept))
    assert answer.headers["Content-Disposition"] == shown
    assert "X-Evil" not in answer.headers
    assert inside(place) == [str(kept.stored_name)], "on our disk it has a random name"


def test_idor_06_nobody_else_nowhere_else_not_later(people: Cast) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    other = evidence(people.harbour, people.assessor, title="Another item")
    client = sign_in(people.reader)
    assert client.get(reverse("evidence:download", args=[other.pk, kept.pk])).status_code == 404, "a path put together from two"
    assert client.get(reverse("evidence:download", args=[kept.evidence_id, kept.stored_name])).status_code == 404
    assert client.get(address(kept)).status_code == 200
    for user in people.outsiders.values():
        assert sign_in(user).get(address(kept)).status_code == 404
    assert Client().get(address(kept)).status_code in {302, 404}
    Membership.objects.filter(user=people.reader).update(ended_at=timezone.now())
    assert client.get(address(kept)).status_code in {302, 404}, "at the next request, with the same session"


def test_idor_06_a_session_that_ended_takes_nothing(people: Cast) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    client = sign_in(people.reader)
    client.logout()
    assert client.get(address(kept)).status_code in {302, 404}


def test_every_taking_is_written_down(people: Cast) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    client = sign_in(people.reader)
    client.get(address(kept))
    client.get(address(kept))
    client.head(address(kept))
    taken = Event.objects.filter(verb="evidence.evidence.download")
    assert [(event.by, event.subject_id, event.organisation_id) for event in taken] == [
        (people.reader, kept.evidence_id, people.harbour.pk)
    ] * 2
    assert taken[0].codes == {"number": 1, "file": str(kept.pk)}


def test_no_web_address_leads_to_the_folder(people: Cast) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    for prefix in ("/static/", "/cms/media/", "/media/", "/evidence/", "/var/evidence/", "/workspace/evidence/"):
        assert sign_in(people.manager).get(f"{prefix}{kept.stored_name}").status_code in {301, 302, 404}
    static, media = Path(current.STATIC_ROOT), Path(current.MEDIA_ROOT)
    assert not any(Path(current.EVIDENCE_DIR).is_relative_to(served) for served in (static, media))


# --- The scanner -------------------------------------------------------------------------------------------------------


def test_upl_08_a_file_waits_until_it_was_looked_at(people: Cast, scanner: Clamd) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    client = sign_in(people.manager)
    assert kept.scan == "waiting"
    waiting = client.get(address(kept))
    assert waiting.status_code == 409
    assert "has not looked at it yet" in waiting.text
    assert address(kept) not in client.get(reverse("evidence:show", args=[kept.evidence_id])).text
    job = Job.objects.get(key=f"evidence.scan:{kept.pk}")
    tasks.scan_file(**job.arguments)
    tasks.scan_file(**job.arguments)
    kept.refresh_from_db()
    assert (kept.scan, bool(kept.scanned_at), len(scanner.asked)) == ("clean", True, 1)
    assert client.get(address(kept)).getvalue() == PDF


def test_upl_08_malicious_code_is_set_apart_and_its_bringer_told(people: Cast, scanner: Clamd, place: Path) -> None:
    document = samples.with_parts(samples.word(), {"word/media/a.png": samples.EICAR})
    for content, name in ((samples.EICAR, "a.txt"), (document, "a.docx")):
        kept = file(evidence(people.harbour, people.assessor), people.assessor, content, name)
        scanning.scan(kept)
        kept.refresh_from_db()
        assert kept.scan == "infected"
        assert (place / "quarantine" / str(kept.stored_name)).exists()
        assert not (place / str(kept.stored_name)).exists()
        refused = sign_in(people.manager).get(address(kept))
        assert refused.status_code == 409
        assert "found malicious code" in refused.text
        event = Event.objects.about(kept.evidence).get(verb="evidence.evidence.scan_file")
        assert event.codes["found"] == "Win.Test.EICAR_HDB-1"
        deliver(event)
        assert Notice.objects.get(event=event).to == people.assessor
    sweeping.sweep(0)
    assert len(inside(place / "quarantine")) == 2, "what is in quarantine belongs to a row"


@pytest.mark.parametrize("mode", ["close", "babble", "limit"])
def test_upl_08_without_an_answer_it_stays_unchecked_and_is_asked_again(people: Cast, scanner: Clamd, mode: str) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    scanner.mode = mode
    with pytest.raises(NoAnswer):
        tasks.scan_file(str(kept.pk))
    kept.refresh_from_db()
    assert kept.scan == "waiting"
    assert sign_in(people.manager).get(address(kept)).status_code == 409
    scanner.mode = "scan"
    tasks.scan_file(str(kept.pk))
    kept.refresh_from_db()
    assert kept.scan == "clean"


def test_upl_08_a_scanner_that_came_later_looks_at_everything(people: Cast, settings: Settings) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    client = sign_in(people.manager)
    assert client.get(address(kept)).status_code == 200
    settings.CLAMD_ADDRESS = nowhere()
    assert client.get(address(kept)).status_code == 409, "nobody has looked at it"
    assert "Not checked yet" in client.get(reverse("evidence:show", args=[kept.evidence_id])).text
    assert sweeping.sweep()["to_scan"] == 1
    with clamd() as running:
        settings.CLAMD_ADDRESS = running.address
        tasks.scan_file(str(kept.pk))
    assert client.get(address(kept)).status_code == 200


def test_a_public_server_without_a_scanner_is_warned(settings: Settings) -> None:
    assert [problem.id for problem in apps.scanner_is_set_up(None)] == ["evidence.W001"]
    settings.CLAMD_ADDRESS = "127.0.0.1:3310"
    assert apps.scanner_is_set_up(None) == []
    assert [problem.id for problem in apps.address_is_one(None)] == ["evidence.E001"]
    settings.CLAMD_ADDRESS = "tcp://127.0.0.1:3310"
    assert apps.address_is_one(None) == []


# --- How much ----------------------------------------------------------------------------------------------------------


def test_lim_02_fifty_megabytes_and_a_byte_are_dropped_while_they_come(people: Cast, place: Path, settings: Settings) -> None:
    client = sign_in(people.assessor)
    huge = upload(b"%PDF-1.7\n" + bytes(arrival.MOST_BYTES - 8), "huge.pdf")
    answer = client.post("/workspace/evidence/add/", typed(organisation=people.harbour.pk, file=huge))
    assert answer.status_code == 413
    assert "larger than 50 MB" in answer.text
    assert "All 14 doors were checked" in answer.text
    assert not Evidence.objects.exists()
    assert inside(place) == inside(settings.FILE_UPLOAD_TEMP_DIR) == []


def test_lim_02_what_is_above_is_skipped_and_the_rest_goes_on() -> None:
    handler = Limit()
    handler.handle_raw_input(io.BytesIO(), {}, 10, b"")
    handler.new_file("file", "a.pdf", "application/pdf", 10)
    assert handler.receive_data_chunk(b"x" * arrival.MOST_BYTES, 0)
    with pytest.raises(SkipFile):
        handler.receive_data_chunk(b"x", 0)
    handler.new_file("file", "b.pdf", "application/pdf", 10)
    assert handler.receive_data_chunk(b"x", 0) == b"x"


def test_upl_14_a_large_upload_never_passes_through_the_folder_of_everybody(people: Cast, settings: Settings) -> None:
    assert Path(current.FILE_UPLOAD_TEMP_DIR) == settings.FILE_UPLOAD_TEMP_DIR
    seen: list[str] = []
    original = arrival.receive

    def noticed(content: io.BufferedIOBase, name: str) -> arrival.Arrived:
        seen.append(str(getattr(content, "name", "")))
        return original(content, name)  # type: ignore[arg-type]

    large = upload(b"a line of an audit, again and again\n" * 120_000, "large.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrival, "receive", noticed)
        answer = sign_in(people.assessor).post("/workspace/evidence/add/", typed(organisation=people.harbour.pk, file=large))
    assert answer.status_code == 302
    assert Path(seen[0]).parent == settings.FILE_UPLOAD_TEMP_DIR
    assert inside(settings.FILE_UPLOAD_TEMP_DIR) == []


def test_upl_11_there_is_an_end_to_what_an_organisation_may_bring(people: Cast, place: Path, settings: Settings) -> None:
    item = evidence(people.harbour, people.assessor)
    settings.EVIDENCE_MOST_FILES = 2
    file(item, people.assessor)
    file(item, people.assessor)
    with pytest.raises(ValidationError, match="no room left"):
        file(item, people.manager)
    answer = sign_in(people.manager).post(reverse("evidence:add_file", args=[item.pk]), {"file": upload(), "is_anonymised": "on"})
    assert answer.status_code == 422
    assert "no room left" in answer.text
    settings.EVIDENCE_MOST_FILES, settings.EVIDENCE_MOST_BYTES = 200, 3 * len(PDF) - 1
    with pytest.raises(ValidationError, match="no room left"):
        file(item, people.manager)
    assert len(inside(place)) == item.files.count() == 2
    rowan = people.rival.memberships.get().organisation
    assert file(evidence(rowan, people.rival), people.rival).number == 1


def test_upl_11_twenty_in_a_minute_are_enough(people: Cast) -> None:
    item = evidence(people.harbour, people.assessor)
    for _number in range(20):
        file(item, people.assessor)
    with pytest.raises(ValidationError, match="20 files in one minute"):
        file(item, people.assessor)
    file(item, people.manager)
    EvidenceFile.objects.update(added_at=timezone.now() - timedelta(minutes=2))
    file(item, people.assessor)


# --- What is left ------------------------------------------------------------------------------------------------------


def aged(path: Path, hours: float = 2) -> Path:
    moment = path.stat().st_mtime - hours * 3600
    os.utime(path, (moment, moment))
    return path


def test_upl_13_what_was_left_behind_is_swept_and_nothing_else(people: Cast, place: Path, settings: Settings) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    aged(place / str(kept.stored_name))
    for name in ("0b0a4f0e-0000-4000-8000-000000000000", "0b0a4f0e-0000-4000-8000-000000000001.part"):
        (place / name).write_bytes(b"CANARY")
        aged(place / name)
    (place / "0b0a4f0e-0000-4000-8000-000000000002").write_bytes(b"just coming in")
    aged_upload = settings.FILE_UPLOAD_TEMP_DIR / "tmpx.upload.pdf"
    aged_upload.write_bytes(b"CANARY")
    aged(aged_upload)
    assert sweeping.sweep() == {"orphans": 2, "uploads": 1, "lost": 0, "to_scan": 0}
    assert inside(place) == sorted([str(kept.stored_name), "0b0a4f0e-0000-4000-8000-000000000002"])
    assert inside(settings.FILE_UPLOAD_TEMP_DIR) == []
    assert sweeping.sweep() == {"orphans": 0, "uploads": 0, "lost": 0, "to_scan": 0}


def test_upl_13_a_row_that_lost_its_file_says_so_and_is_well_when_it_is_back(people: Cast, place: Path) -> None:
    kept = file(evidence(people.harbour, people.assessor), people.assessor)
    path = place / str(kept.stored_name)
    path.rename(place.parent / "away")
    assert sign_in(people.manager).get(address(kept)).status_code == 404
    assert sweeping.sweep()["lost"] == 1
    kept.refresh_from_db()
    assert kept.scan == "missing"
    assert "not where it should be" in sign_in(people.manager).get(address(kept)).text
    (place.parent / "away").rename(path)
    assert sweeping.sweep()["lost"] == 0
    assert sign_in(people.manager).get(address(kept)).getvalue() == PDF


def test_upl_13_a_disk_that_is_full_leaves_nothing(people: Cast, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    item = evidence(people.harbour, people.assessor)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store.os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            file(item, people.assessor)
    with monkeypatch.context() as patch:
        patch.setattr(filing, "record", full)
        with pytest.raises(TypeError):
            file(item, people.assessor)
    assert inside(place) == []
    assert not EvidenceFile.objects.exists()
    assert file(item, people.assessor).number == 1


def test_upl_10_the_place_of_a_photograph_is_nowhere_on_the_disk(people: Cast, place: Path, settings: Settings) -> None:
    sent = typed(organisation=people.harbour.pk, file=upload(samples.photograph(), "door.jpg", "image/jpeg"))
    assert sign_in(people.assessor).post("/workspace/evidence/add/", sent).status_code == 302
    written = [path.read_bytes() for folder in (place, settings.FILE_UPLOAD_TEMP_DIR) for path in folder.rglob("*") if path.is_file()]
    assert len(written) == 1
    assert b"CANARY" not in written[0]


def test_upl_12_wagtail_serves_no_file_by_its_address(people: Cast, admin: object) -> None:
    assert "svg" not in {*current.WAGTAILIMAGES_EXTENSIONS, *current.WAGTAILDOCS_EXTENSIONS}
    for path in ("/cms/media/original_images/a.png/", "/media/documents/a.pdf/", "/documents/1/a.pdf/", "/cms/documents/1/a.pdf/"):
        for client in (Client(), sign_in(people.manager)):
            assert client.get(path).status_code in {302, 403, 404}  # 302 leads to the page to sign in
    for path in ("/media/documents/a.pdf", "/documents/1/a.pdf"):
        assert Client().get(path).status_code == 404
