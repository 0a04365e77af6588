"""What somebody may do next with an assessment, as links to the pages that explain it."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from standards.assessments import carrying, permissions
from standards.assessments.models import Assessment

register = template.Library()

# The page for each step. Approving and returning share one: whoever decides reads first.
PAGES = {
    "submit": "submit",
    "send_back": "review",
    "share": "share",
    "keep_private": "keep_private",
    "reopen": "reopen",
    "archive": "archive",
}
LABELS = {"send_back": _("Review"), "share": _("Share, or stop sharing")}


@register.inclusion_tag("standards/assessments/next_steps.html", takes_context=True)
def next_steps(context: dict[str, Any], assessment: Assessment, is_early: bool = False) -> dict[str, Any]:
    """Buttons for what is open to the reader now, and the receipts there are. One query, two while it is in review.

    ``is_early``: something else comes first, so none of these is the main act of the page.
    """
    user = context["request"].user
    steps = [
        (LABELS.get(step.name, step.label), reverse(f"assessments:{PAGES[step.name]}", args=[assessment.pk]))
        for step in assessment.open_to(user)
        if step.name in PAGES
    ]
    steps.sort(key=lambda pair: [*PAGES.values()].index(pair[1].rstrip("/").rsplit("/", 1)[-1].replace("-", "_")))
    if assessment.status in carrying.FINISHED and permissions.can_begin_again(user, assessment):
        steps.append((_("Start the next one from this"), reverse("assessments:begin_again", args=[assessment.pk])))
    if assessment.answers.unconfirmed().exists() and permissions.can_answer(user, assessment):
        steps.insert(0, (_("Still true? Answers of last time"), reverse("assessments:still_true", args=[assessment.pk])))
    return {"assessment": assessment, "steps": steps, "is_early": is_early, "receipts": assessment.snapshots.defer("content")[:3]}
