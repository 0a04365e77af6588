"""Styles and scripts that stand inside the page, and the hashes that allow exactly them.

A survivor's page is one request: its CSS and its few lines of script are inline. The Content-Security-Policy has no
``unsafe-inline``; it names the SHA-256 of each piece instead. Pure Python: the settings read it.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LINE_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


@dataclass(frozen=True)
class Piece:
    """The exact text between ``<style>`` or ``<script>`` and its end tag."""

    text: str

    @property
    def csp_hash(self) -> str:
        """As the policy wants it: ``'sha256-…'`` over the text, quotes included."""
        digest = hashlib.sha256(self.text.encode("utf-8")).digest()
        return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def style(*paths: Path) -> Piece:
    """The files in order, without comments and idle white space."""
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    text = re.sub(r"\s+", " ", COMMENT.sub("", text))
    text = re.sub(r"\s*([{}:;,>])\s*", r"\1", text).replace(";}", "}")
    # A colon inside a selector may need its space before (descendant pseudo-classes); sources write `a :hover` never.
    return Piece(text.strip())


def script(path: Path) -> Piece:
    """The file without whole-line comments and indentation. Statements keep their line ends, so meaning cannot change."""
    text = LINE_COMMENT.sub("", COMMENT.sub("", path.read_text(encoding="utf-8")))
    return Piece("\n".join(line.strip() for line in text.splitlines() if line.strip()))
