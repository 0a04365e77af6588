"""First words of the finder, English and drafts. What people have changed since is never overwritten."""

from collections.abc import Iterator
from typing import Any

import yaml

from portal.cms import texts
from portal.languages import SOURCE
from survivors.entitlements.models import FinderText, Kind
from survivors.entitlements.rules import DATA


def seed() -> str:
    """Create missing texts. Returns what was done, in words."""
    files = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((DATA / "words").glob("*.yaml"))}
    drafts = {language: dict(_rows(data)) for language, data in files.items()}
    known = set(FinderText.objects.values_list("kind", "key"))
    new = []
    for (kind, key), _words in _rows(files[SOURCE]):
        if (kind, key) in known:
            continue
        row = FinderText(kind=kind, key=key)
        for language, words in drafts.items():
            text, detail = words.get((kind, key), ("", ""))
            setattr(row, f"text_{language}", text)
            setattr(row, f"detail_{language}", detail)
        row.clean()
        new.append(row)
    for row in new:
        row.save()
    for language in drafts:
        if language != SOURCE:
            texts.remember(FinderText, FinderText.objects.all(), language)
    return f"finder: {len(new)} texts added, {len(known)} were there; languages: {', '.join(drafts)}"


def _rows(data: dict[str, Any]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for fact, row in data["questions"].items():
        yield (Kind.QUESTION.value, fact), (row["text"], row["why"])
        for value, label in row["answers"].items():
            yield (Kind.ANSWER.value, f"{fact}={value}"), (label, "")
    for item, row in data["rights"].items():
        yield (Kind.RIGHT.value, item), (row["title"], row["text"])
    for item, text in data["warnings"].items():
        yield (Kind.WARNING.value, item), (text, "")
