"""The visit pack: taken along, opened without network, sent back. Only the shell page and its files may ever be kept by a browser.

The worker's address is the pack's own, so the pack's page is all that it can ever control; nothing widens that.
"""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.audit.trail import record
from standards.catalogue.models import Indicator
from standards.inspections import arriving, packing, packwords, permissions
from standards.inspections.forms.offline import BlankActivity, BlankFinding, labels
from standards.inspections.models import Inspection
from standards.inspections.views import access
from standards.inspections.views.access import with_content, writable

SCRIPTS = tuple(f"inspections/pack/{name}.js" for name in ("seal", "shelf", "entries", "sending", "desk"))
FILES = ("design/tokens.css", "design/workspace.css", "design/i.svg", *SCRIPTS)
WORKER = Path(__file__).resolve().parent.parent / "worker" / "pack.js"
WITH_WORKER = settings.WORKSPACE_CONTENT_SECURITY_POLICY.replace("worker-src 'none'", "worker-src 'self'")


def addresses(inspection: Inspection) -> dict[str, str]:
    """Where the scripts find things."""
    names = {
        "shell": "pack", "worker": "pack_worker", "take": "pack_take", "contents": "pack_contents", "send": "pack_send",
        "file": "pack_file", "paper": "pack_paper", "findings": "findings",
    }  # fmt: skip
    found = {name: reverse(f"inspections:{route}", args=[inspection.pk]) for name, route in names.items()}
    return found | {"signIn": f"{settings.LOGIN_URL}?next={reverse('accounts:back')}"}


def for_scripts(inspection: Inspection, *groups: Any) -> dict[str, Any]:
    """What the scripts of a page need to know. Nothing of the inspection but its address."""
    return {"pack": str(inspection.pk), "at": addresses(inspection), "words": packwords.said(*groups), "labels": labels()}


# --- Taking it along --------------------------------------------------------------------------------------------------


@require_safe
@with_content
def pack_take(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Choose a passphrase; the browser does the rest."""
    writable(request, inspection)
    return _keeping(request, inspection, "standards/inspections/pack_take.html")


@require_safe
@with_content
def pack_file(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Open a pack that was saved to a file, on this device or another."""
    writable(request, inspection)
    return _keeping(request, inspection, "standards/inspections/pack_file.html")


def _keeping(request: HttpRequest, inspection: Inspection, template: str) -> HttpResponse:
    """A page that may put a pack on the device."""
    scripts = {"for_scripts": for_scripts(inspection, packwords.TAKING), "at": addresses(inspection)}
    response = render(request, template, access.around(request, inspection, "visit") | scripts)
    response["Content-Security-Policy"] = WITH_WORKER
    return response


@require_POST
@with_content
def pack_contents(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """What is in the pack, to be encrypted on the device. Who took one, and when, stands in the history."""
    writable(request, inspection)
    found = packing.contents(inspection, request.user)
    record("inspections.inspection.take_pack", inspection, by=request.user, codes={"findings": len(found["findings"])})
    return JsonResponse(found)


@require_safe
@with_content
def pack_paper(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The scope on paper, with room to write: for a visit without a device, or with one that fails."""
    writable(request, inspection)
    titles = {row["code"]: row["title"] for row in inspection.regime.edition.key_questions}
    indicators: dict[UUID, list[Indicator]] = {}
    for row in packing.indicators(inspection):
        indicators.setdefault(row.standard_id, []).append(row)
    rows = [(one, titles.get(one.key_question, ""), indicators.get(one.pk, [])) for one in inspection.standards()]
    return render(request, "standards/inspections/pack_paper.html", {"inspection": inspection, "rows": rows})


# --- The page without network -----------------------------------------------------------------------------------------


@require_safe
@with_content
def pack(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The shell: the same for everybody who may open it, in their language. It knows no person and nothing of the inspection."""
    writable(request, inspection)
    response = HttpResponse(_shell(inspection))
    response["Content-Security-Policy"] = WITH_WORKER
    return response


def _shell(inspection: Inspection) -> str:
    context = {
        "for_scripts": for_scripts(inspection, packwords.READING, {f"send_{name}": one for name, one in packwords.SENDING.items()}),
        "at": addresses(inspection), "finding_form": BlankFinding(inspection), "activity_form": BlankActivity(), "scripts": SCRIPTS,
    }  # fmt: skip
    return render_to_string("standards/inspections/pack.html", context)  # without the request: no name, no rail, no token


@require_safe
@with_content
def pack_worker(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The worker of this pack's page. Its text changes with any file of the page, and so the browser fetches them anew."""
    writable(request, inspection)
    shell = reverse("inspections:pack", args=[inspection.pk])
    digest = hashlib.sha256(_shell(inspection).encode())
    for name in FILES:
        digest.update(_bytes_of(name))
    told = {
        "prefix": f"waymark-pack-{inspection.pk}-", "cache": f"waymark-pack-{inspection.pk}-{digest.hexdigest()[:16]}", "shell": shell,
        "files": [static(name) for name in FILES],
    }  # fmt: skip
    text = f"const PACK = {json.dumps(told)};\n{WORKER.read_text(encoding='utf-8')}"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def _bytes_of(name: str) -> bytes:
    """A file of the page, as it is served."""
    found = finders.find(name)
    if isinstance(found, str):
        return Path(found).read_bytes()
    with staticfiles_storage.open(name) as file:
        content: bytes = file.read()
    return content


# --- Sending it back --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@with_content
def pack_send(request: HttpRequest, inspection: Inspection) -> HttpResponseBase:
    """GET: a fresh token, and who is signed in. POST: one entry; the answer says what became of it."""
    if request.method != "POST":
        may = permissions.can_record(request.user, inspection)
        return JsonResponse({"token": get_token(request), "writer": str(request.user.pk), "may": may})
    writable(request, inspection)
    try:
        sent = json.loads(request.body)
        writer, entry = sent["writer"], arriving.entry_of(sent["entry"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"kind": "malformed", "errors": {"": [_("This did not arrive whole.")]}}, status=400)
    if writer != str(request.user.pk):
        return JsonResponse({"kind": "other"}, status=403)
    answer = arriving.take_in(inspection, entry, by=request.user)
    return JsonResponse({"kind": answer.kind, **answer.said}, status=answer.status)
