"""Walks the URL resolver and counts what a request writes: the tools of the access table."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WRITE = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE|TRUNCATE|ALTER|CREATE|DROP|MERGE|SELECT .* FOR UPDATE)\b", re.IGNORECASE | re.DOTALL)
DUMMIES = {"int": "999999", "slug": "nothing", "str": "nothing", "uuid": "00000000-0000-4000-8000-000000000000", "path": "nothing"}


@dataclass(frozen=True)
class Route:
    """One address of the resolver. ``path``: with dummy ids in place of its parameters."""

    name: str
    pattern: str
    path: str


def walk(resolver: URLResolver | None = None, prefix: str = "", names: tuple[str, ...] = ()) -> Iterator[Route]:
    """Every route there is, includes and all."""
    for part in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(part.pattern)
        if isinstance(part, URLResolver):
            yield from walk(part, pattern, (*names, part.namespace) if part.namespace else names)
        elif isinstance(part, URLPattern):
            yield Route(":".join((*names, part.name or "")), pattern, "/" + example(pattern))


def example(pattern: str) -> str:
    """An address that fits ``pattern`` and names nothing that exists."""
    path = re.sub(r"<str:(?:pk|object_id)>", DUMMIES["int"], pattern)
    path = re.sub(r"<(\w+):\w+>", lambda match: DUMMIES[match[1]], path)
    path = re.sub(r"<\w+>", "nothing", path)
    if path.endswith("revisions/compare/(live|earliest|\\d+)\\.\\.\\.(live|latest|\\d+)/$"):
        return path.partition("^")[0] + "999999/revisions/compare/live...latest/"
    path = path.replace("^((?:[\\w-]+/)*)$", "").replace("^.*/$", "nothing-here/")
    return path.replace("^", "").replace("$", "")


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that change rows while the block runs."""
    seen: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if WRITE.match(str(sql)):
            seen.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen
