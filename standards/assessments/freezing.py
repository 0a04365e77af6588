"""Freezes an assessment when it is sent: a complete copy, its hash and a receipt."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import hashing
from standards.actions.models import Action, NoActionReason, Source
from standards.assessments import readiness, scoring
from standards.catalogue.wording import wording

if TYPE_CHECKING:
    from standards.assessments.models import Answer, Assessment, Snapshot

FORMAT = 1  # of the content; a reader of old copies asks for it
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is misread
LENGTH = 9  # of a receipt: 32 to the ninth, said in three groups of three

Content = dict[str, Any]


def freeze(assessment: "Assessment", *, by: Any) -> dict[str, Any]:
    """Write the snapshot of this revision, under the lock of ``submit``. Returns the codes of the event.

    The answers are locked too: whoever is saving one now comes before, and whoever comes after finds the assessment sent.
    Raises ``ValidationError`` that names every answer in the way.
    """
    list(assessment.answers.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    answers = answers_of(assessment)
    found = readiness.problems(assessment, answers)
    if found or not answers:
        raise readiness.refusal(found) if found else ValidationError(_("There is nothing to send: no question applies."))
    content = content_of(assessment, answers, by=by)
    snapshot = assessment.snapshots.create(
        revision=assessment.revision, content=content, sha256=hashing.digest(content), receipt=_receipt(assessment), made_by=by,
        made_at=assessment.submitted_at or timezone.now(),
    )  # fmt: skip
    return {"receipt": snapshot.receipt, "sha256": snapshot.sha256, "revision": snapshot.revision}


def refuse_if_changed(assessment: "Assessment", snapshot: "Snapshot") -> None:
    """An approval is bound to what was read. Raises ``ValidationError`` unless the copy is intact and the answers are still those."""
    if not hashing.is_intact(snapshot):
        raise ValidationError(_("The frozen copy does not match its hash. Nothing was approved; tell an administrator."), code="damaged")
    frozen = {row["code"]: _essence(row["answer"]) for row in indicators_of(snapshot.content)}
    live = {answer.indicator.code: _essence(_answer(answer, [], None)) for answer in answers_of(assessment)}
    changed = sorted(code for code in {*frozen, *live} if frozen.get(code) != live.get(code))
    if changed:
        raise ValidationError(
            _("These answers are not what was sent: %(codes)s. Nothing was approved; return it to its authors."),
            code="changed", params={"codes": ", ".join(changed)},
        )  # fmt: skip


def _essence(answer: Mapping[str, Any]) -> tuple[Any, ...]:
    """What an approver judges. Evidence may be reviewed and renewed meanwhile: which items stand here may not change."""
    return answer["value"], answer["comment"], answer["confidence"], answer["version"], sorted(item["id"] for item in answer["evidence"])


def indicators_of(content: Content) -> Iterable[Content]:
    """Every indicator of a copy, in reading order."""
    return (row for chapter in content["chapters"] for standard in chapter["standards"] for row in standard["indicators"])


def answers_of(assessment: "Assessment") -> list["Answer"]:
    """All answers in reading order, with their indicators, authors, evidence and its files. Three queries."""
    rows = assessment.answers.select_related("indicator__standard__chapter", "answered_by", "confirmed_by")
    in_order = rows.order_by("indicator__standard__chapter__order", "indicator__standard__order", "indicator__order")
    return list(in_order.prefetch_related("evidence__files"))


def items_of(answers: Iterable["Answer"]) -> list[scoring.Item]:
    """What scoring asks for."""
    return [
        scoring.Item(
            answer.indicator.code, answer.indicator.standard.code, answer.indicator.standard.chapter.code, answer.value,
            answer.indicator.weight, answer.indicator.is_critical, not answer.is_unconfirmed,
        )
        for answer in answers
    ]  # fmt: skip


def content_of(assessment: "Assessment", answers: list["Answer"], *, by: Any) -> Content:
    """The complete copy: whoever holds it needs nothing else to read it, and every figure in it says how it was worked out."""
    service, edition = assessment.service, assessment.edition
    return {
        "format": FORMAT,
        "assessment": {
            "id": str(assessment.pk), "title": assessment.title, "revision": assessment.revision,
            "period_start": _day(assessment.period_start), "period_end": _day(assessment.period_end),
            "previous": _id(assessment.previous_id), "begun_at": _moment(assessment.created_at), "begun_by": str(assessment.author),
        },
        "organisation": {"id": str(assessment.organisation_id), "name": assessment.organisation.name},
        "service": {
            "id": str(service.pk), "name": service.name, "kind": assessment.service_kind,
            "nation": service.nation, "region": service.region,
        },
        "edition": {
            "id": str(edition.pk), "code": edition.code, "year": edition.year, "digest": edition.digest, "scale": edition.scale,
            "framework": edition.framework.code, "framework_name": edition.framework.name, "owner": edition.framework.owner,
            "is_official_text": edition.is_official_text, "provenance": edition.provenance,
        },
        "sent": {"at": _moment(assessment.submitted_at), "by": str(by), "by_id": str(by.pk)},
        "chapters": _chapters(answers),
        "sections": [
            {"chapter": section.chapter.code, "to": str(section.to), "due_on": _day(section.due_on), "status": section.status}
            for section in assessment.sections.select_related("chapter", "to").order_by("chapter__order")
        ],
        "scores": _scores(scoring.work_out(items_of(answers))),
        "rules": {
            "scores": dict(scoring.SCORES), "caps": dict(scoring.CAPS), "bands": [list(band) for band in scoring.BANDS],
            "not_applicable": scoring.NOT_APPLICABLE,
        },
    }  # fmt: skip


def _chapters(answers: list["Answer"]) -> list[Content]:
    ids = [answer.pk for answer in answers]
    actions: dict[UUID | None, list[Action]] = defaultdict(list)
    for action in Action.objects.of_source(Source.ANSWER, ids).select_related("owner").order_by("due_on", "created_at", "pk"):
        actions[action.source_id].append(action)
    reasons = {reason.source_id: reason for reason in NoActionReason.objects.of_source(Source.ANSWER, ids).select_related("given_by")}
    chapters: dict[UUID, Content] = {}
    standards: dict[UUID, Content] = {}
    for answer in answers:
        indicator, standard = answer.indicator, answer.indicator.standard
        chapter = standard.chapter
        if chapter.pk not in chapters:
            chapters[chapter.pk] = _words(chapter, "title") | {"provenance": chapter.provenance, "standards": []}
        if standard.pk not in standards:
            standards[standard.pk] = _words(standard, "title", "statement") | {"key_question": standard.key_question, "indicators": []}
            chapters[chapter.pk]["standards"].append(standards[standard.pk])
        standards[standard.pk]["indicators"].append(
            _words(indicator, "text")
            | {"critical": indicator.is_critical, "weight": indicator.weight}
            | {"answer": _answer(answer, actions[answer.pk], reasons.get(answer.pk))}
        )
    return list(chapters.values())


def _words(thing: Any, *fields: str) -> Content:
    """Its code and its words in English and Welsh, as a reader has them today, with the date's corrections."""
    words = {"code": thing.code}
    for field in fields:
        words[field] = wording(thing, field, "en").text
        welsh = wording(thing, field, "cy")
        words[f"{field}_cy"] = "" if welsh.is_english_instead else welsh.text
    return words


def _answer(answer: "Answer", actions: list[Action], reason: NoActionReason | None) -> Content:
    return {
        "id": str(answer.pk), "value": answer.value, "comment": answer.comment, "confidence": answer.confidence,
        "version": answer.version, "by": _name(answer.answered_by), "by_id": _id(answer.answered_by_id), "at": _moment(answer.answered_at),
        "carried_from": _id(answer.carried_from_id), "confirmed_by": _name(answer.confirmed_by),
        "confirmed_at": _moment(answer.confirmed_at),
        "evidence": [_evidence(item) for item in sorted(answer.evidence.all(), key=lambda item: (item.title, str(item.pk)))],
        "actions": [_action(action) for action in actions],
        "no_action": reason and {"reason": reason.reason, "by": str(reason.given_by), "at": _moment(reason.given_at)},
    }  # fmt: skip


def _evidence(item: Any) -> Content:
    return {
        "id": str(item.pk), "kind": item.kind, "title": item.title, "shows": item.shows, "reference": item.reference,
        "period_start": _day(item.period_start), "period_end": _day(item.period_end), "review_on": _day(item.review_on),
        "is_anonymised": item.is_anonymised, "retired_at": _moment(item.retired_at), "version": item.version,
        "files": [
            {"number": file.number, "name": file.shown_name, "size": file.size, "media_type": file.media_type, "sha256": file.sha256}
            for file in item.files.all()
        ],
    }  # fmt: skip


def _action(action: Action) -> Content:
    return {
        "id": str(action.pk), "what": action.what, "owner_role": action.owner_role, "owner": _name(action.owner),
        "start_on": _day(action.start_on), "due_on": _day(action.due_on), "priority": action.priority, "status": action.status,
        "completion": action.completion, "cancelled_reason": action.cancelled_reason,
    }  # fmt: skip


def _scores(result: scoring.Result) -> Content:
    whole = _score(result.whole)
    chapters = whole.pop("parts")
    return {"whole": whole, "chapters": chapters, "critical_gaps": [item.indicator for item in result.critical_gaps]}


def _score(score: scoring.Score) -> Content:
    return {
        "code": score.code, "percent": score.percent, "exact": _fraction(score.exact), "uncapped": _fraction(score.uncapped),
        "answered": score.answered, "applicable": score.applicable, "excluded": score.excluded, "capped_by": list(score.capped_by),
        "earned": score.earned, "possible": score.possible, "parts": [_score(part) for part in score.parts],
    }  # fmt: skip


def _receipt(assessment: "Assessment") -> str:
    known = assessment.snapshots.model.objects
    while True:
        receipt = "".join(secrets.choice(LETTERS) for _at in range(LENGTH))
        if not known.filter(receipt=receipt).exists():
            return receipt


def _fraction(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")


def _id(value: Any) -> str | None:
    return None if value is None else str(value)


def _name(person: Any) -> str:
    return "" if person is None else str(person)
