"""One source, three renditions. A summary is destructive: what nobody put into it is not in it (B3, C25)."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal import hashing
from portal.audit.trail import record
from providers.services.places import Kind, Nation
from standards.reports import freezing, leaks, permissions

if TYPE_CHECKING:
    from standards.reports.models import DisclosureHit, Rendition, Report, Version

NOTHING = "NOTHING TO REDACT"  # typed by who resolves, when the check found nothing (C25)
Content = dict[str, Any]


def full(version: "Version", *, by: Any) -> "Rendition":
    """The whole text for the provider and the commissioners. Made once for a version."""
    row, _new = version.renditions.get_or_create(
        kind="full", language=version.content["report"]["language"], defaults=_row(dict(version.content) | {"rendition": "full"}, by)
    )
    found: Rendition = row
    return found


def prepare(report: "Report", kind: str, *, by: Any) -> "Rendition":
    """Make a summary from the words written for it, or make it anew. Whatever was checked or approved before counts no more.

    Raises ``PermissionDenied``, and ``ValidationError`` where there are no words yet or the old one has been issued.
    """
    version = report.final_version()
    if not permissions.can_prepare(by, report):
        raise PermissionDenied
    if version is None or report.status not in ("final_agreed", "publication_check", *report.ISSUED):
        raise ValidationError(_("A summary is made from the final text."))
    content = summary_of(report, version, kind)
    if not content["statements"]:
        raise ValidationError(_("No statement has words for this audience yet. Write them first."))
    with transaction.atomic():
        row = version.renditions.select_for_update().filter(kind=kind, language=report.language).first()
        if row and (row.published_at or row.issues.exists()):
            raise ValidationError(_("This summary has been issued. Correct the report to change it."))
        if row:
            row.harm_answers.all().delete()
            for name, value in (_row(content, by) | {"approved_by": None, "approved_at": None, "code": row.code}).items():
                setattr(row, name, value)
            row.save()
        else:
            row = version.renditions.create(kind=kind, language=report.language, **_row(content, by))
        _note_hits(row, report)
        record("reports.rendition.prepare", row, by=by, codes={"kind": kind, "sha256": row.sha256}, organisation=report.organisation_id)
    found: Rendition = row
    return found


def _row(content: Content, by: Any) -> dict[str, Any]:
    return {"content": content, "sha256": hashing.digest(content), "code": freezing.new_code(), "made_by": by, "made_at": timezone.now()}


def _note_hits(rendition: "Rendition", report: "Report") -> None:
    """A hit of before that is gone stays, for the second person to say so; one that is there again is asked about again."""
    found = leaks.look(places_of(rendition.content), names=leaks.names_of(report), has_few_services=leaks.has_few_services(report))
    known = {(row.kind, row.excerpt, row.place): row for row in rendition.hits.all()}
    for hit in found:
        key = (hit.kind, hit.excerpt[:200], hit.place[:60])
        if row := known.get(key):
            row.resolution, row.reason, row.resolved_by, row.resolved_at = "", "", None, None
            row.save()
        else:
            known[key] = rendition.hits.create(kind=key[0], excerpt=key[1], place=key[2])


def places_of(content: Content) -> dict[str, str]:
    """Every text in a summary, by where it stands."""
    texts = {"title": content["title"], "about": " ".join(str(value) for value in content["about"].values())}
    return texts | {f"statement-{row['number']}": row["text"] for row in content["statements"]}


def summary_of(report: "Report", version: "Version", kind: str) -> Content:
    """The destructive summary: built up from nothing, never cut down from everything."""
    frozen, service = version.content, report.inspection.service
    field = "for_public" if kind == "public" else "for_shared"
    allowed = {row["number"] for row in frozen["statements"]}
    rows = [row for row in report.statements.standing().in_full().order_by("order", "number") if row.number in allowed]
    with translation.override(report.language):
        return {
            "format": freezing.FORMAT, "rendition": kind, "language": report.language,
            "title": _title(report, kind), "about": _about(report, service, kind),
            "key_questions": frozen["key_questions"],
            "judgements": [{"standard": row["standard"], "title": row["title"], "value": row["value"]} for row in frozen["judgements"]],
            "ratings": [{"key_question": row["key_question"], "title": row["title"]} for row in frozen["ratings"]],
            "statements": [
                {"number": row.number, "section": row.section, "key_question": row.key_question,
                 "standard": row.standard.code if row.standard else "", "text": getattr(row, field).strip()}
                for row in rows if getattr(row, field).strip()
            ],
            "items": len(frozen["items"]), "correction": bool(report.replaces_id),
        }  # fmt: skip


def _title(report: "Report", kind: str) -> str:
    service = report.inspection.service
    name = service.public_alias if kind == "public" else service.name
    return _("Inspection of %(service)s: summary") % {"service": name or Kind(service.kind).label}


def _about(report: "Report", service: Any, kind: str) -> dict[str, str]:
    """For everybody: kind and nation, month and year. For named organisations also whose service it is."""
    inspection = report.inspection
    about = {
        "inspectorate": inspection.organisation.name,
        "kind": str(Kind(service.kind).label),
        "nation": str(Nation(service.nation).label),
        "month": f"{inspection.ends_on:%Y-%m}",
        "standards": f"{inspection.regime.edition.framework.name} ({inspection.regime.edition.year})",
    }
    provider = service.public_organisation if kind == "public" else inspection.provider.name
    return about | ({"provider": provider} if provider else {})


# --- The checks before it leaves -----------------------------------------------------------------------------------------


def resolve(hit: "DisclosureHit", resolution: str, reason: str, *, by: Any) -> None:
    """A second person says what becomes of one hit. Removing and rewording are proven: the words must be gone."""
    rendition = hit.rendition
    report = rendition.version.report
    _refuse_author(rendition, report, by)
    if resolution == "harmless" and not reason.strip():
        raise ValidationError({"reason": _("Say why nobody can come to harm by this.")})
    if resolution in ("removed", "reworded") and hit.excerpt in places_of(rendition.content).get(hit.place, ""):
        raise ValidationError({"resolution": _("These words still stand there. Change the words of the summary, and prepare it again.")})
    hit.resolution, hit.reason, hit.resolved_by, hit.resolved_at = resolution, reason, by, timezone.now()
    hit.save()
    codes = {"hit": hit.pk, "kind": hit.kind, "resolution": resolution}
    record("reports.rendition.resolve_hit", rendition, by=by, codes=codes, organisation=report.organisation_id)


def answer_harm(rendition: "Rendition", question: str, *, is_safe: bool, note: str, by: Any) -> None:
    """One question of the harm check. Each answer says something: also that it is safe needs its words."""
    report = rendition.version.report
    _refuse_author(rendition, report, by)
    if question not in leaks.HARM or not note.strip():
        raise ValidationError({"note": _("Say what you looked at.")})
    rendition.harm_answers.update_or_create(question=question, defaults={"is_safe": is_safe, "note": note, "by": by, "at": timezone.now()})
    if rendition.approved_by_id and not is_safe:
        rendition.approved_by = rendition.approved_at = None
        rendition.save(update_fields=["approved_by", "approved_at"])


def approve(rendition: "Rendition", typed: str, *, by: Any) -> None:
    """A second person approves exactly this text, after every hit and every question. "Nothing to redact" is typed, never ticked."""
    report = rendition.version.report
    _refuse_author(rendition, report, by)
    if not rendition.hits.exists() and typed.strip().upper() != NOTHING:
        raise ValidationError({"typed": _("Type “%(words)s” to say that you have read it all.") % {"words": NOTHING}})
    _refuse_open(rendition)
    with transaction.atomic():
        rendition.approved_by, rendition.approved_at = by, timezone.now()
        rendition.save(update_fields=["approved_by", "approved_at"])
        codes = {"kind": rendition.kind, "sha256": rendition.sha256}
        record("reports.rendition.approve", rendition, by=by, codes=codes, organisation=report.organisation_id)


def withdraw(rendition: "Rendition", *, by: Any) -> None:
    """At once: nobody reads it any more, its public page answers 410. The report itself stays as it is."""
    report = rendition.version.report
    if not permissions.can_publish(by, report):
        raise PermissionDenied
    if rendition.kind == "full" or rendition.withdrawn_at:
        raise ValidationError(_("The full report is withdrawn as a whole, with its reason."))
    with transaction.atomic():
        rendition.withdrawn_at = timezone.now()
        rendition.save(update_fields=["withdrawn_at"])
        rendition.issues.filter(ended_at__isnull=True).update(ended_at=rendition.withdrawn_at)
        record("reports.rendition.withdraw", rendition, by=by, codes={"kind": rendition.kind}, organisation=report.organisation_id)


def refuse_if_unready(rendition: "Rendition") -> None:
    """Raises unless it is, to the letter, what was checked and approved."""
    if not hashing.is_intact(rendition):
        raise ValidationError(_("The summary does not match its hash. Nothing was issued; tell an administrator."))
    _refuse_open(rendition)


def _refuse_open(rendition: "Rendition") -> None:
    if rendition.hits.filter(resolution="").exists():
        raise ValidationError(_("Every hit of the disclosure check has to be resolved first."))
    answers = dict(rendition.harm_answers.values_list("question", "is_safe"))
    if missing := [question for question in leaks.HARM if not answers.get(question)]:
        words = ", ".join(str(leaks.HARM[question]) for question in missing)
        raise ValidationError(_("The harm check is not passed yet: %(questions)s") % {"questions": words})


def _refuse_author(rendition: "Rendition", report: "Report", by: Any) -> None:
    if not permissions.can_publish(by, report):
        raise PermissionDenied
    if by.pk == rendition.made_by_id:
        raise ValidationError(_("You prepared this summary, so somebody else checks it."))
