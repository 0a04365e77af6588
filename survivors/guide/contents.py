"""The table of contents in the reader's language: order, neighbours and cards come from it. Pure but for addresses."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import translation

from portal.languages import BY_CODE, SOURCE, Language


@dataclass
class Entry:
    """One page as others refer to it. ``language`` is the language of its words, which may be English."""

    path: str  # under the language prefix: "help/interpreters/"
    slug: str
    title: str
    summary: str
    language: Language
    reader: Language
    icon: str = ""
    step: str = ""
    search_words: str = ""
    pages: list["Entry"] = field(default_factory=list)

    @property
    def address(self) -> str:
        """For a link, in the reader's language, also from inside a text in English."""
        with translation.override(self.reader.code):
            return reverse("wagtail_serve", args=[self.path])


def build(english: list[dict[str, Any]], own: list[dict[str, Any]], reader: Language) -> list[Entry]:
    """Topics with their pages. ``english`` gives order and structure; ``own`` the words of the reader's language, where it has them.

    Rows: ``path url_path translation_key slug title summary icon`` and, for pages, ``step search_words``.
    """
    topics: list[Entry] = []
    translated = {row["translation_key"]: row for row in own}
    for row in english:
        words = translated.get(row["translation_key"], row)
        entry = Entry(
            path=row["url_path"].lstrip("/").partition("/")[2],
            slug=row["slug"],
            title=words["title"],
            summary=words["summary"],
            language=BY_CODE[SOURCE] if words is row else reader,
            reader=reader,
            icon=row["icon"],
            step=row.get("step", ""),
            search_words=words.get("search_words", ""),
        )
        if entry.path.count("/") == 1:
            topics.append(entry)
        elif topics:
            topics[-1].pages.append(entry)
    return topics


def neighbours(topics: list[Entry], path: str) -> tuple[Entry | None, Entry | None]:
    """The pages before and after the page at ``path`` in reading order, across topics."""
    pages = [page for topic in topics for page in topic.pages]
    at = next((index for index, page in enumerate(pages) if page.path == path), None)
    if at is None:
        return None, None
    return (pages[at - 1] if at else None), (pages[at + 1] if at + 1 < len(pages) else None)
