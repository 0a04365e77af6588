"""Where a single answer is written: one click from wherever it is named."""

from django.urls import reverse

from standards.assessments.models import Answer, Assessment


def of_answer(answer: Answer) -> str:
    """The page on which this answer is written."""
    return reverse("assessments:answer", args=[answer.pk])


def of_assessment(assessment: Assessment) -> str:
    """The first page of an assessment, for its own people."""
    return reverse("assessments:overview", args=[assessment.pk])
