"""An edition's file becomes rows: all or nothing, and nothing at all when the file says what is there already.

Wording of an edition that somebody was assessed under is never touched: what would differ is listed instead. Translations,
promises, headings, provenance and notes may follow the file at any time (see ``pinning.py``).
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from portal.audit import trail
from portal.cms import pagecache, texts
from portal.languages import BY_CODE, SOURCE
from standards.catalogue.models import Chapter, Edition, Framework, Indicator, Standard, Theme
from standards.catalogue.places import Findings
from standards.catalogue.reading import EditionFile, read_edition

Row = TypeVar("Row", bound=models.Model)
Content = dict[str, dict[str, Any]]
LINKS = {"edition", "chapter", "standard", "framework"}
OF_EDITION = ("year", "key_questions", "outcomes", "scale")
LONGEST_LIST = 200  # differences told in one refusal


@dataclass
class Outcome:
    """What an import came to. ``done`` is a sentence; ``differences`` are those that were refused."""

    done: str = ""
    differences: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    @property
    def is_refused(self) -> bool:
        """Whether nothing was written because something is wrong."""
        return bool(self.findings.problems or self.differences)


def _words(model: Any) -> list[str]:
    return sorted(model.CONTENT - LINKS)


def content_of_file(read: EditionFile) -> Content:
    """Code → the wording and structure that an assessment rests on."""
    found = {"edition": {name: read.edition[name] for name in OF_EDITION}}
    for chapter in read.chapters:
        found[chapter["code"]] = {name: chapter[name] for name in _words(Chapter)}
    for chapter, standard in read.standards():
        found[standard["code"]] = {name: standard[name] for name in _words(Standard)} | {"in": chapter["code"]}
    for standard, indicator in read.indicators():
        found[indicator["code"]] = {name: indicator[name] for name in _words(Indicator)} | {"in": standard["code"]}
    return found


def content_of(edition: Edition) -> Content:
    """The same from the tables. Three queries."""
    found = {"edition": {name: getattr(edition, name) for name in OF_EDITION}}
    for chapter in Chapter.objects.filter(edition=edition):
        found[chapter.code] = {name: getattr(chapter, name) for name in _words(Chapter)}
    for standard in Standard.objects.filter(chapter__edition=edition).select_related("chapter"):
        found[standard.code] = {name: getattr(standard, name) for name in _words(Standard)} | {"in": standard.chapter.code}
    for indicator in Indicator.objects.filter(edition=edition).select_related("standard"):
        found[indicator.code] = {name: getattr(indicator, name) for name in _words(Indicator)} | {"in": indicator.standard.code}
    return found


def fingerprint(value: object) -> str:
    """SHA-256 over ``value`` as JSON with sorted keys, in hexadecimal."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def differences(before: Content, after: Content) -> list[str]:
    """What stands differently, in reading order of ``after``, as lines of words."""
    found = [f"{code}: is no longer there" for code in before if code not in after]
    found += [f"{code}: is new" for code in after if code not in before]
    for code, row in after.items():
        for name in row if code in before else ():
            if row[name] != before[code][name]:
                found.append(f"{code} {name}: “{before[code][name]}” would become “{row[name]}”")
    return found


def import_text(text: str, *, dry_run: bool = False) -> Outcome:
    """Import the file's ``text``. Nothing is written on a dry run, or when ``is_refused``."""
    outcome = Outcome()
    read = read_edition(text, outcome.findings)
    if outcome.findings.problems:
        return outcome
    with transaction.atomic():
        edition = Edition.objects.select_for_update().filter(code=read.edition["code"]).select_related("framework").first()
        whole = fingerprint([read.framework, read.edition, read.themes, read.chapters])
        counts = f"{len(read.chapters)} chapters, {len(list(read.standards()))} standards, {len(list(read.indicators()))} indicators"
        if edition is not None and edition.file_digest == whole:
            outcome.done = f"{edition.code}: nothing to do"
            return outcome
        if edition is not None and edition.framework.code != read.framework["code"]:
            outcome.differences = [f"edition: belongs to {edition.framework.code}, the file says {read.framework['code']}"]
            return outcome
        content = content_of_file(read)
        if edition is not None and edition.is_pinned:
            outcome.differences = differences(content_of(edition), content)[:LONGEST_LIST]
        if outcome.differences or dry_run:
            outcome.done = f"{read.edition['code']}: would be imported ({counts})"
            return outcome
        digest = fingerprint([read.framework["code"], read.edition["code"], content])
        _write(read, edition, digest, whole)
        outcome.done = f"{read.edition['code']}: {'imported' if edition is None else 'brought up to date'} ({counts})"
    return outcome


def _write(read: EditionFile, edition: Edition | None, digest: str, whole: str) -> None:
    framework, _ = Framework.objects.update_or_create(code=read.framework["code"], defaults=read.framework)
    values = read.edition | {"framework": framework, "file_digest": whole, "imported_at": timezone.now()}
    if edition is None or not edition.is_pinned:
        values["digest"] = digest
    edition, _ = Edition.objects.update_or_create(code=read.edition["code"], defaults=values)
    known = {row.code: row for row in Theme.objects.filter(edition=edition)}
    themes = _put(Theme, known, {row["code"]: row | {"edition": edition} for row in read.themes})
    chapters = _put(
        Chapter,
        {row.code: row for row in Chapter.objects.filter(edition=edition)},
        {row["code"]: row | {"edition": edition, "theme": themes.get(row["theme"])} for row in read.chapters},
    )
    standards = _put(
        Standard,
        {row.code: row for row in Standard.objects.filter(chapter__edition=edition)},
        {row["code"]: row | {"chapter": chapters[chapter["code"]]} for chapter, row in read.standards()},
    )
    _put(
        Indicator,
        {row.code: row for row in Indicator.objects.filter(edition=edition)},
        {row["code"]: row | {"edition": edition, "standard": standards[standard["code"]]} for standard, row in read.indicators()},
    )
    _drop_the_rest(edition, read)
    for code in set(BY_CODE) - {SOURCE}:
        texts.remember(Standard, standards.values(), code)
        texts.remember(Theme, themes.values(), code)
    pagecache.clear()  # rows made in bulk announce nothing
    trail.record("catalogue.edition.import", edition, by=None, codes={"digest": edition.digest})


def _put(model: type[Row], known: Mapping[str, Row], wanted: Mapping[str, dict[str, Any]]) -> dict[str, Row]:
    """Rows by code, as ``wanted``: what is there changes in place (it may be named elsewhere), the rest is added at once."""
    columns = {one.name for one in model._meta.concrete_fields}
    translated = [name for name in columns if name.rpartition("_")[2] in BY_CODE and name.rpartition("_")[0] in getattr(model, "WORDS", ())]
    rows, new = {}, []
    for code, values in wanted.items():
        row = known.get(code)
        found = {name: value for name, value in values.items() if name in columns}
        for name in translated:
            word, _, language = name.rpartition("_")
            found.setdefault(name, values.get(word) if language == SOURCE else "")
        if row is None:
            row = model(**found)
            new.append(row)
        else:
            _change(row, found)
        rows[code] = row
    model._default_manager.bulk_create(new)
    return rows


def _change(row: models.Model, values: Mapping[str, Any]) -> None:
    """Save ``row`` if it differs. A correction falls away with the wording it corrected; a translation the file lacks stays."""
    lacking = {
        name for name, value in values.items() if not value and name.rpartition("_")[2] in BY_CODE and not name.endswith(f"_{SOURCE}")
    }
    changed = {name for name, value in values.items() if name not in lacking and getattr(row, name) != value}
    for name in changed:
        setattr(row, name, values[name])
    if corrected := getattr(row, "corrected", None):
        row.corrected = {name: words for name, words in corrected.items() if name not in changed}  # type: ignore[attr-defined]  # a chapter, standard or indicator
    if changed:
        row.save()


def _drop_the_rest(edition: Edition, read: EditionFile) -> None:
    """Remove what the file no longer has. Rows of a pinned edition never get here: that would have been a difference."""
    kept: tuple[tuple[Any, Callable[[], list[str]]], ...] = (
        (Indicator.objects.filter(edition=edition), lambda: [row["code"] for _, row in read.indicators()]),
        (Standard.objects.filter(chapter__edition=edition), lambda: [row["code"] for _, row in read.standards()]),
        (Chapter.objects.filter(edition=edition), lambda: [row["code"] for row in read.chapters]),
        (Theme.objects.filter(edition=edition), lambda: [row["code"] for row in read.themes]),
    )
    for rows, codes in kept:
        surplus = rows.exclude(code__in=codes())
        if surplus.exists():
            surplus.delete()
