"""The guarded door for single sentences of the translators' workbench."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods
from wagtail.admin.auth import require_admin_access
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.views.edit_translation import edit_string_translation

from portal.cms.translation_checks import problems


@require_admin_access
@require_http_methods(["PUT", "DELETE"])
def edit_string(request: HttpRequest, translation_id: int, string_segment_id: int) -> HttpResponse:
    """Keep one sentence only if its facts, links, placeholders and numbers are those of English.

    Otherwise nothing is kept, and 400 holds what the workbench shows beside a sentence: ``cms/workbench.js`` hands it on.
    """
    with transaction.atomic():
        response: HttpResponse = edit_string_translation(request, translation_id, string_segment_id)
        wrong = _differences(translation_id, string_segment_id) if request.method == "PUT" and response.status_code in {200, 201} else []
        if not wrong:
            return response
        transaction.set_rollback(True)
    told = f"Not saved: {'; '.join(wrong)}."
    shown: dict[str, Any] = getattr(response, "data", {})
    return JsonResponse(shown | {"error": told, "comment": told}, status=400)


def _differences(translation_id: int, string_segment_id: int) -> list[str]:
    """Faults of the sentence just kept that could send a reader to a wrong number or place. Style is for the person who signs."""
    translation = get_object_or_404(Translation.objects.select_related("target_locale"), pk=translation_id)
    segment = get_object_or_404(StringSegment.objects.select_related("string"), pk=string_segment_id)
    own = StringTranslation.objects.values_list("data", flat=True).get(
        translation_of_id=segment.string_id, context_id=segment.context_id, locale_id=translation.target_locale_id
    )
    return [fault for fault in problems(segment.string.data, own, translation.target_locale.language_code) if "differ" in fault]
