"""Words for the codes of a regime and an inspection: ``{% load inspections %}{{ name|deadline_name }}``."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from standards.assessments.models.answers import Value
from standards.inspections.models import Finding, Judgement

register = template.Library()
DEADLINES = {
    "notice": _("Notice before an announced visit"), "short_notice": _("Short notice"),
    "drafting": _("Draft of the report, after the visit"),
    "internal_review": _("Quality review"), "comments_open": _("The provider checks the facts"),
    "comments_review": _("Deciding about comments"),
    "publication_check": _("Check before it is issued"), "issue": _("Issue of the report, after the visit"),
    "action_plan_due": _("The provider’s answer to the items"), "action_plan_agreed": _("Agreeing the answer"),
}  # fmt: skip
CALENDARS = {"england_and_wales": _("England and Wales"), "scotland": _("Scotland"), "northern_ireland": _("Northern Ireland")}
JUDGEMENT_TONES = {"met": "good", "mostly_met": "good", "partly_met": "care", "not_met": "danger", "not_inspected": "plain"}
KIND_TONES = {"strength": "good", "meets": "good", "good_practice": "good", "shortfall": "care", "serious_concern": "danger"}


@register.filter
def deadline_name(code: str) -> Any:
    """What a deadline is for."""
    return DEADLINES.get(code, code)


@register.filter
def calendar_name(code: str) -> Any:
    """Whose working days."""
    return CALENDARS.get(code, code)


@register.filter
def judgement_word(value: str) -> Any:
    """A judgement in words."""
    return dict(Judgement.Value.choices).get(value, "–")


@register.filter
def own_answer(value: str) -> Any:
    """An answer of a self-assessment in words."""
    return dict(Value.choices).get(value, "–")


@register.filter
def judgement_tone(value: str) -> str:
    """The tone of its chip."""
    return JUDGEMENT_TONES.get(value, "plain")


@register.filter
def kind_tone(finding: Finding) -> str:
    """The tone of a finding's kind."""
    return KIND_TONES.get(finding.kind, "plain")
