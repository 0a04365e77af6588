"""Seed files become the blocks of a page (docs/writing-pages.md describes the files). Pure but for Wagtail's block keys.

Block ids are derived from slug and position, so that the same block has the same id in every language and after every seed:
translations refer to blocks by id.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

NAMESPACE = uuid.UUID("6f3c4c1e-7a52-4b4e-9d0e-2c5d7a1f0b11")
STRONG = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\[([^\]]+)\]\(page:([a-z0-9-]+)\)")
KINDS = ("heading", "text", "contact", "steps", "good_to_know", "take_care", "for_whom")

Find = Callable[[str], int]  # slug → id of the page, or fact key → id of the fact; raises KeyError


class SeedError(ValueError):
    """A seed file that cannot be used: says which, where and why."""


def inline(text: str, page_id: Find) -> str:
    """Strong words and links to pages; everything else is escaped. Raises ``SeedError`` for markup it does not know."""
    html = STRONG.sub(r"<b>\1</b>", escape(" ".join(text.split()), quote=False))
    html = LINK.sub(lambda match: f'<a linktype="page" id="{page_id(match[2])}">{match[1]}</a>', html)
    if "](" in html or "**" in html:
        raise SeedError(f"cannot read the markup in “{text.strip()[:80]}”: see docs/writing-pages.md")
    return html


def rich(text: str, page_id: Find, key: str) -> str:
    """Paragraphs and lists as Wagtail stores them. ``key`` makes the keys of its lines repeatable."""
    html, lines = [], 0
    for part in re.split(r"\n\s*\n", text.strip()):
        items = re.split(r"(?:^|\n)- ", part) if part.lstrip().startswith("- ") else None
        rows = [item for item in items if item.strip()] if items else [part]
        tag = "li" if items else "p"
        made = []
        for row in rows:
            made.append(f'<{tag} data-block-key="{_short(f"{key}/{lines}")}">{inline(row, page_id)}</{tag}>')
            lines += 1
        html.append("<ul>" + "".join(made) + "</ul>" if items else made[0])
    return "".join(html)


def body(slug: str, rows: list[dict[str, Any]], page_id: Find, fact_id: Find, shape: list[dict[str, Any]] | None = None) -> str:
    """The StreamField value as JSON. ``shape``: the English rows, from which a translation takes everything that is not words."""
    if shape is not None and len(shape) != len(rows):
        raise SeedError(f"{slug}: {len(rows)} blocks, but {len(shape)} in English")
    blocks = []
    for index, row in enumerate(rows):
        english = shape[index] if shape else row
        kind = next((kind for kind in KINDS if kind in row), None)
        if kind is None or kind not in english:
            raise SeedError(f"{slug}: block {index + 1} is {sorted(row)}, expected one of {', '.join(KINDS)}, as in English")
        key = f"{slug}/{index}"
        try:
            value = _value(kind, row, english, key, page_id, fact_id)
        except KeyError as missing:
            raise SeedError(f"{slug}: block {index + 1} refers to {missing}, which does not exist") from missing
        blocks.append({"type": kind, "id": str(uuid.uuid5(NAMESPACE, key)), "value": value})
    return json.dumps(blocks)


def _value(kind: str, row: dict[str, Any], english: Mapping[str, Any], key: str, page_id: Find, fact_id: Find) -> dict[str, Any]:
    mark = english.get("mark", "")
    if kind == "heading":
        return {"text": row["heading"], "icon": english.get("icon", "")}
    if kind == "contact":
        return {"fact": fact_id(english["contact"])}
    if kind == "steps":
        items = [
            {"type": "item", "id": str(uuid.uuid5(NAMESPACE, f"{key}/{at}")), "value": rich(item, page_id, f"{key}/{at}")}
            for at, item in enumerate(row["steps"]["items"])
        ]
        return {"title": row["steps"].get("title") or "", "items": items, "mark": english["steps"].get("mark", "")}
    if kind == "for_whom":
        audience = english["for_whom"]
        return {
            **{name: audience.get(name) or [] for name in ("nations", "ages", "stages")},
            "title": row["for_whom"].get("title") or "",
            "text": rich(row["for_whom"]["text"], page_id, key),
            "mark": audience.get("mark", ""),
        }
    return {"text": rich(row[kind], page_id, key), "mark": mark}


def _short(key: str) -> str:
    return uuid.uuid5(NAMESPACE, key).hex[:5]
