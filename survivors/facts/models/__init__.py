"""The register: facts, where they come from, and what people propose to change."""

from survivors.facts.models.facts import Fact, FactQuerySet, Kind, Source, Unit
from survivors.facts.models.proposals import FactProposal

__all__ = ["Fact", "FactProposal", "FactQuerySet", "Kind", "Source", "Unit"]
