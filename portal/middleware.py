"""What every answer carries, whatever its status: headers, language, and the page shown during maintenance."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponseBase]

FEATURES_DENIED = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "usb", "web-share",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in FEATURES_DENIED)
PASSKEYS_POLICY = PERMISSIONS_POLICY.replace("publickey-credentials-get=()", "publickey-credentials-get=(self)")  # where people sign in


def is_staff_path(path: str) -> bool:
    """Whether people sign in for this address. Every other address is public and knows nobody."""
    return path.startswith(settings.STAFF_PREFIXES)


class Headers:
    """Outermost, so that answers made by any other layer (400, 404, 500, static files) carry the headers too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        asks_for_passkeys = request.path_info.startswith("/accounts/")
        response["Permissions-Policy"] = PASSKEYS_POLICY if asks_for_passkeys else PERMISSIONS_POLICY
        response["X-Content-Type-Options"] = "nosniff"
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if is_staff_path(request.path_info):
            response["Referrer-Policy"] = "same-origin"  # no-referrer would turn the Origin of form posts into "null"
            response["Cache-Control"] = "no-store"
            ours = request.path_info.startswith(settings.WORKSPACE_PREFIXES)
            policy = settings.WORKSPACE_CONTENT_SECURITY_POLICY if ours else settings.STAFF_CONTENT_SECURITY_POLICY
            response.headers.setdefault("Content-Security-Policy", policy)  # a file has a stricter one
            response["X-Frame-Options"] = "DENY" if ours else "SAMEORIGIN"  # Wagtail's preview panel is a frame of its own page
        else:
            response["Referrer-Policy"] = "no-referrer"
            response["Request-OTR"] = "1"
            response["Cross-Origin-Embedder-Policy"] = "require-corp"
            response["X-Frame-Options"] = "DENY"
            if not request.path_info.startswith(settings.STATIC_URL) or response.status_code >= 400:
                response["Cache-Control"] = "no-store"
        return response


class LanguageFromPath:
    """The language is the first part of the path, or English. No cookie, no guess from the browser's settings.

    Django's own LocaleMiddleware would read a cookie and Accept-Language, and turn an unknown address into a redirect.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if not is_staff_path(request.path_info):
            response.headers.setdefault("Content-Language", language)
        return response


class Maintenance:
    """With WAYMARK_MAINTENANCE set, every address answers 503 with the exit button and the helpline, without the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.MAINTENANCE:
            return self.get_response(request)
        translation.activate(translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE)
        response: HttpResponse = render(request, settings.MAINTENANCE_PAGE, status=503)
        response["Retry-After"] = "600"
        return response


class ReadOnly:
    """Public addresses are only ever read: any method but GET and HEAD is refused before anything looks at what was sent.

    ``settings.PUBLIC_FORMS`` lists the exceptions, by the end of their address: they may be posted to, and store nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"} or is_staff_path(request.path_info):
            return self.get_response(request)
        if request.method == "POST" and request.path_info.endswith(settings.PUBLIC_FORMS):
            return self.get_response(request)
        return HttpResponseNotAllowed(["GET", "HEAD"])


class PublicKnowsNobody:
    """Public addresses see no cookie: whoever is signed in gets the page that everybody gets, and nothing can depend on them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_staff_path(request.path_info):
            request.META.pop("HTTP_COOKIE", None)
            request.COOKIES = {}
        return self.get_response(request)
