"""Regimes, inspections and their teams, visits with findings and samples, judgements."""

from standards.inspections.models.findings import Activity, Alert, Finding, Photo, Population, Sample
from standards.inspections.models.inspections import Inspection
from standards.inspections.models.judgements import Approval, BlindView, Judgement, Narrative, ReviewRemark
from standards.inspections.models.regimes import Regime
from standards.inspections.models.teams import Scope, TeamMember

__all__ = [
    "Activity", "Alert", "Approval", "BlindView", "Finding", "Inspection", "Judgement", "Narrative", "Photo", "Population", "Regime",
    "ReviewRemark", "Sample", "Scope", "TeamMember",
]  # fmt: skip
