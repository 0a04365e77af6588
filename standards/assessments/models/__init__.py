"""A self-assessment and its answers, its sections and remarks, and what was frozen when it was sent."""

from standards.assessments.models.answers import Answer, AnswerVersion, EvidenceUse
from standards.assessments.models.assessments import Approval, Assessment, Share, Snapshot
from standards.assessments.models.teamwork import Remark, Section

__all__ = ["Answer", "AnswerVersion", "Approval", "Assessment", "EvidenceUse", "Remark", "Section", "Share", "Snapshot"]
