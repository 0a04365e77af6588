"""Editions of any size that are in use, empty assessments of them, and how a page sends an answer."""

import itertools
import uuid
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from providers.services.models import Service
from standards.assessments.models import Answer, Assessment
from standards.catalogue.models import Chapter, Edition, Framework, Indicator, Standard

COUNT = itertools.count()
PERIOD = date(2026, 1, 1), date(2026, 6, 30)
JSON = {"accept": "application/json"}


def edition(questions: int, *, critical_every: int = 6, **fields: Any) -> Edition:
    """An edition in use: six indicators a standard, three standards a chapter, every sixth critical."""
    number = next(COUNT)
    framework = Framework.objects.create(code=f"set-{number}", name=f"Set {number}", owner="Nobody")
    made = Edition.objects.create(framework=framework, code=f"set-{number}-2018", year=2018, status=Edition.Status.IN_USE, **fields)
    indicators = []
    for at in range(questions):
        chapter_at, standard_at = divmod(at // 6, 3)
        if at % 18 == 0:
            chapter = Chapter.objects.create(
                edition=made, code=f"C{chapter_at:02}", order=chapter_at, title=f"Chapter {chapter_at}", provenance="from_memory"
            )
        if at % 6 == 0:
            standard = Standard.objects.create(
                chapter=chapter, code=f"{chapter.code}-{standard_at:02}", order=standard_at, title=f"Standard {standard_at}",
                statement="Something holds.", key_question="safe",
            )  # fmt: skip
        indicators.append(
            Indicator(
                edition=made,
                standard=standard,
                code=f"{standard.code}-{'abcdef'[at % 6]}",
                order=at % 6,
                text=f"Staff can show thing {at}.",
                is_critical=at % critical_every == 0,
                good_practice="It is done.",
                weak_practice="It is not.",
                evidence_hints="A record.",
            )
        )
    Indicator.objects.bulk_create(indicators)
    return made


def empty(service: Service, of: Edition, author: Any, **fields: Any) -> Assessment:
    """A draft in which nobody has answered anything."""
    row = Assessment.objects.create(
        organisation=service.organisation, service=service, service_kind=service.kind, edition=of, title=f"Year {next(COUNT)}",
        period_start=PERIOD[0], period_end=PERIOD[1], author=author, **fields,
    )  # fmt: skip
    Answer.objects.bulk_create(Answer(assessment=row, indicator=indicator) for indicator in of.indicators.all())
    return row


def sent(base: int = 0, **fields: Any) -> dict[str, Any]:
    """What the form of an answer sends."""
    return {"value": "mostly_met", "comment": "We look each week.", "confidence": "described", "base": base, "key": uuid.uuid4()} | fields


def save(client: Client, answer: Answer, base: int = 0, **fields: Any) -> Any:
    """Send it as the script does."""
    return client.post(reverse("assessments:answer", args=[answer.pk]), sent(base, **fields), headers=JSON)
