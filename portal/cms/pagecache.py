"""The anonymous page cache: a public page without cookie or query is rendered once, until anything readers see changes.

All entries carry a generation number; clearing is one increment. A page that was being rendered while somebody published is
stored under the old generation and never served.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from wagtail import signals

from portal.middleware import is_staff_path

GENERATION = "pages:generation"
LIFETIME = 3600  # seconds; bounds what "review due" notices can lag behind the calendar


def clear() -> None:
    """Forget every stored page as soon as the running transaction is committed."""
    transaction.on_commit(_next_generation)


def _next_generation() -> None:
    cache.add(GENERATION, 1, None)
    try:
        cache.incr(GENERATION)
    except ValueError:  # evicted between the two calls: every entry is unreachable then, which is what we want
        cache.add(GENERATION, 1, None)


def _on_change(**_: Any) -> None:
    clear()


def clear_on_page_changes() -> None:
    """Listen to Wagtail: publish, unpublish, move, new address."""
    for signal in (
        signals.page_published,
        signals.page_unpublished,
        signals.post_page_move,
        signals.page_slug_changed,
    ):
        signal.connect(_on_change, dispatch_uid="waymark-pagecache")


class AnonymousPageCache:
    """Answers GET and HEAD of public pages from the cache. Never for a request that carries a cookie or a query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.is_cacheable(request):
            return self.get_response(request)
        key = self.key(request)
        stored = cache.get(key)
        if stored is not None:
            body, headers = stored
            return HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == 200 and not response.cookies and not response.streaming:
            content = response.content if isinstance(response, HttpResponse) else b""
            cache.set(key, (content, dict(response.items())), LIFETIME)
        return response

    @staticmethod
    def is_cacheable(request: HttpRequest) -> bool:
        """Only what is the same for everybody."""
        return (
            request.method in {"GET", "HEAD"}
            and not request.META.get("QUERY_STRING")
            and not request.META.get("HTTP_COOKIE")
            and not is_staff_path(request.path_info)
            and not request.path_info.startswith(settings.STATIC_URL)
        )

    @staticmethod
    def key(request: HttpRequest) -> str:
        """Generation, compression and path. The host is not part of it: pages name no host."""
        generation = cache.get(GENERATION, 0)
        gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        path = hashlib.sha256(request.path_info.encode()).hexdigest()
        return f"pages:{generation}:{int(gzip)}:{path}"
