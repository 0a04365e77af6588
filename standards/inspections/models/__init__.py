"""Regimes, inspections and their teams, visits with findings and samples, judgements."""

from standards.inspections.models.findings import Activity, Finding, Photo, Population, Sample
from standards.inspections.models.inspections import Inspection, Scope, TeamMember
from standards.inspections.models.judgements import BlindView, Judgement, Narrative, ReviewRemark
from standards.inspections.models.regimes import Regime

__all__ = [
    "Activity", "BlindView", "Finding", "Inspection", "Judgement", "Narrative", "Photo", "Population", "Regime", "ReviewRemark", "Sample",
    "Scope", "TeamMember",
]  # fmt: skip
