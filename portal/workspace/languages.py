"""The language of the workspace: English or Welsh, chosen by the person, never by the path.

Read from the session; the first request of a session looks the choice up once.
"""

from typing import cast

from django.http import HttpRequest

from portal.workspace.models import LANGUAGES, Preference

KEY = "workspace_language"
CODES = frozenset(code for code, _name in LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """In which language this person works."""
    chosen = request.session.get(KEY)
    if chosen not in CODES and request.user.is_authenticated:
        chosen = Preference.objects.filter(user=request.user).values_list("language", flat=True).first() or "en"
        request.session[KEY] = chosen
    return cast("str", chosen) if chosen in CODES else "en"


def choose(request: HttpRequest, code: str) -> None:
    """Work in ``code`` from now on. Raises ``ValueError`` for a language the workspace does not have."""
    if code not in CODES:
        raise ValueError(code)
    request.session[KEY] = code
    if request.user.is_authenticated:
        Preference.objects.update_or_create(user=request.user, defaults={"language": code})
