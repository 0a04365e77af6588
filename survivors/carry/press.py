"""The paper copies as files: written by ``manage.py make_paper``, served by the site."""

import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from portal.design import paper as printing
from portal.languages import Language
from survivors.carry import paper
from survivors.carry.generation import generation
from survivors.carry.slim import slim

TELEPHONE = re.compile(r'<a [^>]*href="tel:[^>]*>(.*?)</a>')
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core"
LARGEST = 300_000  # bytes: what a slow line or a cheap phone bears, and what fits beside other things on a stick


class TooLargeError(RuntimeError):
    """A file is larger than ``LARGEST``."""


@dataclass(frozen=True)
class Copy:
    """What there is for a language: when it was made, how large it is, and whether the site has changed since."""

    made_on: datetime.date
    pages: int
    html_kb: int
    pdf_kb: int
    is_older: bool


def path_of(language: Language, kind: str) -> Path:
    """Where the file of ``kind`` (``pdf``, ``html``, or ``json`` for what is known about both) lies."""
    folder: Path = settings.PAPER_DIR
    return folder / f"guide-{language.code}.{kind}"


def copy_of(language: Language) -> Copy | None:
    """The copy in ``language``, or ``None`` while it is not made."""
    files = [path_of(language, kind) for kind in ("json", "html", "pdf")]
    if not all(path.exists() for path in files):
        return None
    note = json.loads(files[0].read_text(encoding="utf-8"))
    return Copy(
        made_on=datetime.date.fromisoformat(note["made_on"]),
        pages=note["pages"],
        html_kb=_kb(files[1]),
        pdf_kb=_kb(files[2]),
        is_older=note["generation"] != generation(language),
    )


def make(language: Language) -> Copy:
    """Write the files of ``language``, each in one move, and what is known about them last. Raises ``TooLargeError``.

    A PDF that would be too large does without the bold letters, which are a font of their own.
    """
    name = generation(language)
    html = paper.document(language)
    pdf, pages = _pdf(html)
    if len(pdf) > LARGEST:
        pdf, pages = _pdf(html.replace("<html ", '<html class="light" ', 1))
    for kind, content in (("html", html.encode()), ("pdf", pdf)):
        if len(content) > LARGEST:
            raise TooLargeError(f"guide-{language.code}.{kind} has {len(content):,} bytes; {LARGEST:,} are allowed")
    note = {"generation": name, "pages": pages, "made_on": timezone.localdate().isoformat()}
    path_of(language, "json").unlink(missing_ok=True)
    _write(path_of(language, "html"), html.encode())
    _write(path_of(language, "pdf"), pdf)
    _write(path_of(language, "json"), json.dumps(note).encode())
    return Copy(timezone.localdate(), pages, _kb(path_of(language, "html")), _kb(path_of(language, "pdf")), is_older=False)


def _pdf(html: str) -> tuple[bytes, int]:
    html = TELEPHONE.sub(r"<b class='tel'>\1</b>", html)  # nobody taps on paper, and each link weighs as much as a sentence
    document = printing.rendered(html)
    return document.write_pdf(pdf_variant=printing.VARIANT, finisher=slim), len(document.pages)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f"{path.suffix}.new")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _kb(path: Path) -> int:
    return -(-path.stat().st_size // 1000)
