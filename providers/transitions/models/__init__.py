"""The record, responsibility, offers, consent, checklist and clocks, guests, follow-up."""

from providers.transitions.models.agreement import Consent, ConsentItem, Disclosure, KeptItem, Recall
from providers.transitions.models.course import Attempt, Check, Clock, FollowUp
from providers.transitions.models.figures import QuarterFigures
from providers.transitions.models.ledger import Responsibility
from providers.transitions.models.offers import Guest, Offer, Question
from providers.transitions.models.records import Pathway, SealedSection, Transition

__all__ = [
    "Attempt", "Check", "Clock", "Consent", "ConsentItem", "Disclosure", "FollowUp", "Guest", "KeptItem", "Offer", "Pathway",
    "QuarterFigures", "Question", "Recall", "Responsibility", "SealedSection", "Transition",
]  # fmt: skip
