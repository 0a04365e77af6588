"""Pages of the editors' side for languages: the board, signing, and the guarded door for PO files."""

import polib
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page
from wagtail_localize.models import Translation
from wagtail_localize.views.edit_translation import upload_pofile

from portal.cms import board, signing, text_signing
from portal.cms.models.pages import BasePage
from portal.cms.translation_checks import problems
from portal.languages import BY_CODE, SOURCE

LARGEST_PO = 2 * 1024 * 1024  # bytes; the longest page has under 100 kB


@require_admin_access
@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """Languages × pages."""
    rows = board.rows()
    context = {"rows": rows, "summary": board.summary(rows), "may_sign": request.user.has_perm("cms.add_signoff")}
    return render(request, "portal/cms/languages/board.html", context)


@require_admin_access
@permission_required("cms.add_signoff", raise_exception=True)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, page_id: int) -> HttpResponse:
    """Sign one page in one language, or read why it cannot be signed yet."""
    page = get_object_or_404(Page.objects.exclude(locale__language_code=SOURCE).live(), pk=page_id, alias_of=None).specific
    source = page.english if isinstance(page, BasePage) else None
    if source is None:
        return redirect("languages_board")
    faults = signing.faults(page, source)
    form = signing.SignForm(request.POST or None, page=page, source=source, by=request.user, initial={"reviewer": str(request.user)})
    if request.method == "POST" and not faults and form.is_valid():
        try:
            signing.sign(form)
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, f"“{page.title}” is signed. Readers see it from now on.")
            return redirect("languages_board")
    context = {"page": page, "source": source, "faults": faults, "form": form, "history": page.sign_offs.select_related("signed_by")}
    return render(request, "portal/cms/languages/sign.html", context)


@require_admin_access
@permission_required("cms.add_signoff", raise_exception=True)
@require_http_methods(["GET", "POST"])
def short_texts(request: HttpRequest, code: str) -> HttpResponse:
    """Read and sign the short texts of one language, kind by kind."""
    if code not in BY_CODE or code == SOURCE:
        raise Http404
    models = {model._meta.label: model for model in text_signing.worded_models()}
    model = models.get(request.POST.get("model", ""))
    reviewer = request.POST.get("reviewer", "").strip()[:120]
    if model and reviewer and request.POST.get("promise"):
        try:
            signed = text_signing.sign(model, code, request.POST.get("read", ""), reviewer, request.user)
        except ValueError as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, f"Signed: {signed}. Readers see these words from now on.")
        return redirect("languages_texts", code)
    groups = []
    for name, each in models.items():
        rows = text_signing.lines(each, code)
        title = str(each._meta.verbose_name_plural).capitalize()
        count = sum(row.can_be_signed for row in rows)
        groups.append({"name": name, "title": title, "rows": rows, "open": count, "read": text_signing.fingerprint(rows)})
    context = {"chosen": BY_CODE[code], "groups": groups, "reviewer": reviewer or str(request.user)}
    return render(request, "portal/cms/languages/texts.html", context)


@require_admin_access
@require_POST
def upload(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Take a PO file only if every sentence keeps its facts, links and placeholders; otherwise say which do not, and change nothing."""
    translation = get_object_or_404(Translation, pk=translation_id)
    file = request.FILES.get("file")
    back = get_valid_next_url_from_request(request) or reverse("languages_board")
    if file is None or (file.size or 0) > LARGEST_PO:
        messages.error(request, "Choose a PO file of at most 2 MB.")
        return redirect(back)
    wrong = _altered(file.read(), translation)
    file.seek(0)
    if wrong:
        messages.error(request, f"Nothing was imported. Wrong: {len(wrong)}. The first: {'; '.join(wrong[:5])}")
        return redirect(back)
    response: HttpResponse = upload_pofile(request, translation_id)
    return response


def _altered(data: bytes, translation: Translation) -> list[str]:
    """What forbids taking the file, in words."""
    try:
        # A leading line end keeps polib from taking the upload for the name of a file on this machine.
        file = polib.pofile("\n" + data.decode("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError, IndexError, AttributeError) as fault:  # polib raises what it happens to meet
        return [f"the file cannot be read ({fault})"]
    if file.metadata.get("X-WagtailLocalize-TranslationID") != str(translation.uuid):
        return ["the file belongs to another page or language"]
    return [
        f"“{entry.msgid[:50]}”: {fault}"
        for entry in file
        if entry.msgstr and not entry.obsolete
        for fault in problems(entry.msgid, entry.msgstr, translation.target_locale.language_code)
        if "differ" in fault
    ]
