"""Inline pieces: the shortened text means the same, and the hash is that of exactly this text."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from portal.design.inline import Piece, script, style

PIECES: dict[str, Piece] = {name: getattr(settings, name) for name in ("PAGE_STYLE", "LEAVE_SCRIPT", "TRACES_SCRIPT")}


@pytest.mark.parametrize("name", PIECES)
def test_priv_07_the_policy_names_exactly_this_text(name: str) -> None:
    digest = base64.b64encode(hashlib.sha256(PIECES[name].text.encode()).digest()).decode()
    directive = "style-src" if name == "PAGE_STYLE" else "script-src"
    directives: Any = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert f"'sha256-{digest}'" in directives[directive]


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_cannot_end_its_own_element(name: str) -> None:
    assert not re.search(r"</|<!--|<script|<style", PIECES[name].text, re.IGNORECASE)


def test_a_changed_letter_changes_the_hash() -> None:
    assert Piece("a").csp_hash != Piece("b").csp_hash


def test_styles_lose_comments_and_idle_space_only(tmp_path: Path) -> None:
    source = tmp_path / "a.css"
    source.write_text(
        '/* why */\na , b > c:hover {\n  color: red;\n  margin: 1px  2px;\n}\n@media (min-width: 1rem) { p { font: 1em "A B" } }\n'
    )
    assert style(source).text == 'a,b>c:hover{color:red;margin:1px 2px}@media (min-width:1rem){p{font:1em "A B"}}'


def test_no_style_relies_on_what_is_taken_away() -> None:
    for folder in ("portal/design/inline", "survivors/leave/inline"):
        for path in (settings.BASE_DIR / folder).glob("*.css"):
            text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            selectors = re.findall(r"(?:^|[{};])\s*([^{};@]+)\{", text)
            assert selectors, path
            assert [selector for selector in selectors if re.search(r"\w\s+:", selector)] == [], "a space before : means a descendant"
            assert not re.search(r"calc\([^)]*\S[+]\S", text)


def test_scripts_keep_their_lines(tmp_path: Path) -> None:
    source = tmp_path / "a.js"
    source.write_text("// why\n/* and\n   how */\n(function () {\n  var a = 'http://x'; // kept: only whole lines go\n  b();\n\n})();\n")
    assert script(source).text == "(function () {\nvar a = 'http://x'; // kept: only whole lines go\nb();\n})();"


@pytest.mark.parametrize("name", ["LEAVE_SCRIPT", "TRACES_SCRIPT"])
def test_inj_04_scripts_make_no_html(name: str) -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc", PIECES[name].text)
