"""The report and its statements, the check of facts, what is frozen and issued, and what follows."""

from standards.reports.models.accuracy import KeyEntry, Recipient, Reply, ReplyFile
from standards.reports.models.following import ActionItem, FollowUp, ItemResponse
from standards.reports.models.issuing import DisclosureHit, HarmAnswer, Issue, Rendition, Version
from standards.reports.models.national import NationalSummary
from standards.reports.models.practice import CardHit, GoodPracticeCard
from standards.reports.models.reports import Report
from standards.reports.models.statements import Link, Statement, StatementVersion

__all__ = [
    "ActionItem", "CardHit", "DisclosureHit", "FollowUp", "GoodPracticeCard", "HarmAnswer", "Issue", "ItemResponse", "KeyEntry", "Link",
    "NationalSummary", "Recipient", "Rendition", "Reply", "ReplyFile", "Report", "Statement", "StatementVersion", "Version",
]  # fmt: skip
