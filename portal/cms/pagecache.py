"""The anonymous page cache: a public page without query is rendered once, until anything readers see changes.

All entries carry the name of a generation; clearing is one new name. A page that was being rendered while somebody published
is stored under the old generation and never served. The name is random: a counter that the cache evicted would start again,
and meet entries of its earlier life.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from wagtail import signals

from portal.middleware import is_staff_path

GENERATION = "pages:generation"
UID = "waymark-pagecache"
# A page holds its style and scripts, and the policy allows exactly those: after an upgrade no older page may be served.
LOOK = hashlib.sha256(f"{settings.VERSION}{settings.CONTENT_SECURITY_POLICY}".encode()).hexdigest()[:12]
LIFETIME = 3600  # seconds; bounds what "review due" notices can lag behind the calendar


def clear() -> None:
    """Forget every stored page as soon as the running transaction is committed."""
    transaction.on_commit(_next_generation)


def _new_name() -> str:
    return secrets.token_hex(8)


def _next_generation() -> None:
    cache.set(GENERATION, _new_name(), None)


def clear_on_change(**_: Any) -> None:
    """The same, as a receiver of an announcement."""
    clear()


def clear_on_page_changes() -> None:
    """Listen to Wagtail: publish, unpublish, move, new address."""
    for signal in (
        signals.page_published,
        signals.page_unpublished,
        signals.post_page_move,
        signals.page_slug_changed,
    ):
        signal.connect(clear_on_change, dispatch_uid=UID)


def clear_on_changes_of(models: Iterable[type[Model]]) -> None:
    """Listen to these models: saved or deleted, also in a shell. A query's ``update()`` tells nobody: call ``clear()`` after it."""
    for model in models:
        post_save.connect(clear_on_change, sender=model, dispatch_uid=UID)
        post_delete.connect(clear_on_change, sender=model, dispatch_uid=UID)


class AnonymousPageCache:
    """Answers GET and HEAD of public pages from the cache. Never for a preview, or a request that carries a query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.is_cacheable(request):
            return self.get_response(request)
        request.get_host()  # a host that is not ours is refused, also where an answer would be at hand
        key = self.key(request)
        stored = cache.get(key)
        if stored is not None:
            body, headers, policy = stored
            kept = HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)
            if policy:
                kept._csp_replace = policy  # type: ignore[attr-defined]  # the policy header is added further out, on every answer
            return kept
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == 200 and not response.cookies and not response.streaming:
            content = response.content if isinstance(response, HttpResponse) else b""
            cache.set(key, (content, dict(response.items()), getattr(response, "_csp_replace", None)), LIFETIME)
        return response

    @staticmethod
    def is_cacheable(request: HttpRequest) -> bool:
        """Only what is the same for everybody."""
        return (
            request.method in {"GET", "HEAD"}
            and not getattr(request, "is_dummy", False)  # a preview of Wagtail's: a draft, under the page's own address
            and not request.META.get("QUERY_STRING")
            and not request.META.get("HTTP_COOKIE")
            and not is_staff_path(request.path_info)
            and not request.path_info.startswith(settings.STATIC_URL)
        )

    @staticmethod
    def key(request: HttpRequest) -> str:
        """Generation, release, compression and path. The host is not part of it: pages name no host."""
        generation = cache.get_or_set(GENERATION, _new_name, None)
        gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        path = hashlib.sha256(request.path_info.encode()).hexdigest()
        return f"pages:{generation}:{LOOK}:{int(gzip)}:{path}"
