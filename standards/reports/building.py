"""Makes a report from what an inspection found: the system brings the statements with their links, people edit them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.roles import Can
from portal.audit.trail import record
from providers.organisations.permissions import can
from providers.services.places import Kind
from standards.inspections.models import Activity, Finding, Inspection, Judgement
from standards.reports.models import Link, Report, Statement, StatementVersion

SMALL = 5  # a smaller number of people is not told
Section = Statement.Section


def begin(inspection: Inspection, *, by: Any, language: str = "en") -> Report:
    """The report of an inspection, with a first text. Raises ``PermissionDenied``, and ``ValidationError`` if there is one already."""
    if not (can(by, Can.INSPECT, inspection.organisation_id) and inspection.is_open_to(by)):
        raise PermissionDenied
    with transaction.atomic():
        Inspection.objects.select_for_update().get(pk=inspection.pk)
        if inspection.status != Inspection.Status.REPORTING:
            raise ValidationError(_("A report begins when feedback was given and the inspection is being written up."))
        if Report.objects.alive().filter(inspection=inspection).exists():
            raise ValidationError(_("This inspection has a report already."))
        with translation.override(language):
            title = _("Inspection of %(service)s, %(number)s") % {"service": inspection.service.name, "number": inspection.number}
        report = Report(inspection=inspection, organisation_id=inspection.organisation_id, title=title, language=language, drafted_by=by)
        report.now_due("drafting", _end_of_visit(inspection))
        report.save(force_insert=True)
        gather(report, by=by)
        record("reports.report.begin", report, by=by, after=report.status)
    return report


def _end_of_visit(inspection: Inspection) -> Any:
    from datetime import datetime, time  # only here

    day = inspection.feedback_on or inspection.ends_on
    return timezone.make_aware(datetime.combine(day, time(12)))


def correct(report: Report, note: str, *, by: Any) -> Report:
    """A new report that corrects an issued one: the same words to begin with, through the same states. Its numbers stay."""
    from standards.reports import permissions  # beside the others it would hide that only this act asks it

    if not permissions.can_lead(by, report):
        raise PermissionDenied
    if not note.strip():
        raise ValidationError({"reason": _("Say what is corrected.")})
    if report.status not in Report.ISSUED:
        raise ValidationError(_("Only a report that has been issued is corrected."))
    with transaction.atomic():
        Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if Report.objects.alive().filter(replaces=report).exists():
            raise ValidationError(_("A corrected report is being written already."))
        new = Report(
            inspection=report.inspection, organisation_id=report.organisation_id, title=report.title, language=report.language,
            drafted_by=by, replaces=report, correction_note=note,
        )  # fmt: skip
        new.now_due("drafting")
        new.save(force_insert=True)
        _copy(report, new, by)
        record("reports.report.begin", new, by=by, after=new.status, codes={"corrects": report.pk})
    return new


def _copy(old: Report, new: Report, by: Any) -> None:
    for row in old.statements.prefetch_related("links"):
        links = list(row.links.all())
        row.pk, row.report, row.by, row.at, row.version, row.new_since = Statement._meta.pk.get_default(), new, by, timezone.now(), 1, 0
        row._state.adding = True
        row.save(force_insert=True)
        StatementVersion.objects.create(statement=row, version=1, text=row.text, by=by)
        Link.objects.bulk_create(Link(statement=row, finding_id=link.finding_id) for link in links)
    for item in old.items.prefetch_related("findings"):
        findings = list(item.findings.all())
        item.pk, item.report, item.status, item.version = item._meta.pk.get_default(), new, "open", 1
        item._state.adding = True
        item.save(force_insert=True)
        item.findings.set(findings)


def gather(report: Report, *, by: Any) -> int:
    """Bring into the text what the inspection has and the report has not: again, it adds only what is new. Returns how many statements."""
    if not report.is_writable:
        raise ValidationError(_("The text cannot change now."))
    known = set(Link.objects.filter(statement__report=report).values_list("finding", flat=True))
    told = set(report.statements.values_list("section", "key_question", "standard", "asserts_fact"))
    with translation.override(report.language):
        drafts = [draft for draft in _drafts(report) if _is_new(draft, known, told)]
    number = report.statements.order_by("-number").values_list("number", flat=True).first() or 0
    rows = []
    for at, (row, _findings) in enumerate(drafts, 1):
        row.report, row.by, row.number, row.order = report, by, number + at, 0
        rows.append(row)
    Statement.objects.bulk_create(rows)
    StatementVersion.objects.bulk_create(StatementVersion(statement=row, version=1, text=row.text, by=by) for row in rows)
    Link.objects.bulk_create(Link(statement=row, finding=finding) for row, findings in drafts for finding in findings)
    put_in_order(report)
    return len(rows)


Draft = tuple[Statement, list[Finding]]


def _is_new(draft: Draft, known: set[Any], told: set[Any]) -> bool:
    row, findings = draft
    if row.section == Section.STANDARD and len(findings) == 1 and row.asserts_fact:
        return findings[0].pk not in known
    return (row.section, row.key_question, row.standard_id, row.asserts_fact) not in told


def _drafts(report: Report) -> Iterable[Draft]:
    inspection = report.inspection
    findings = list(
        inspection.findings.filter(status=Finding.Status.AGREED).select_related("standard__chapter").prefetch_related("activities")
    )
    judgements = list(inspection.judgements.select_related("standard__chapter"))
    yield _summary(judgements)
    yield _about(inspection)
    if voice := [finding for finding in findings if any(one.method == Activity.Method.SURVIVOR for one in finding.activities.all())]:
        yield _voice(inspection, voice)
    for narrative in inspection.narratives.exclude(text="").order_by("key_question"):
        under = [finding for finding in findings if finding.standard.key_question == narrative.key_question]
        yield Statement(section=Section.KEY_QUESTION, key_question=narrative.key_question, text=narrative.text.strip()), under
    for judgement in judgements:
        yield _judgement(judgement, [finding for finding in findings if finding.standard_id == judgement.standard_id])
    for finding in findings:
        is_good = finding.kind == Finding.Kind.GOOD_PRACTICE
        question = finding.standard.key_question
        yield Statement(
            section=Section.STANDARD, standard=finding.standard, key_question=question, text=finding.text.strip(), is_good_practice=is_good
        ), [finding]  # fmt: skip


def _summary(judgements: list[Judgement]) -> Draft:
    counts = [(Judgement.Value(value).label, sum(row.value == value for row in judgements)) for value in Judgement.Value.values]
    said = ", ".join(f"{label}: {count}" for label, count in counts if count)
    text = ngettext("We judged one standard.", "We judged %(number)d standards.", len(judgements)) % {"number": len(judgements)}
    return Statement(section=Section.SUMMARY, asserts_fact=False, text=f"{text} {said}." if said else text), []


def _about(inspection: Inspection) -> Draft:
    methods = dict.fromkeys(Activity.Method.labels, 0)
    for row in inspection.activities.all():
        methods[row.get_method_display()] += 1
    done = ", ".join(f"{label}: {count}" for label, count in methods.items() if count)
    text = _("We inspected this service (%(kind)s) from %(start)s to %(end)s under “%(regime)s”.") % {
        "kind": Kind(inspection.service.kind).label, "start": date_format(inspection.starts_on, "j F Y"),
        "end": date_format(inspection.ends_on, "j F Y"), "regime": inspection.regime.name,
    }  # fmt: skip
    return Statement(section=Section.ABOUT, text=f"{text} {_('What we did')}: {done}." if done else text), []


def _voice(inspection: Inspection, findings: list[Finding]) -> Draft:
    heads = sum(row.headcount for row in inspection.activities.filter(method=Activity.Method.SURVIVOR))
    who = _("Fewer than five survivors") if heads < SMALL else _("%(number)d survivors") % {"number": heads}
    codes = ", ".join(finding.code for finding in findings)
    return Statement(
        section=Section.VOICE, text=_("%(who)s talked with us. What they told us is part of %(codes)s.") % {"who": who, "codes": codes}
    ), findings


def _judgement(row: Judgement, findings: list[Finding]) -> Draft:
    text = _("We judge this standard as: %(value)s. %(reason)s") % {"value": row.get_value_display().lower(), "reason": row.reason.strip()}
    if row.difference:
        text += " " + _("Why this differs from the service's own view: %(words)s") % {"words": row.difference.strip()}
    return Statement(
        section=Section.STANDARD, standard=row.standard, key_question=row.standard.key_question, text=text, asserts_fact=False
    ), findings  # fmt: skip


def put_in_order(report: Report) -> None:
    """Summary, the inspection, survivors' voice, key questions, then standard by standard: the judgement first, then its findings."""
    sections = [Section.SUMMARY, Section.ABOUT, Section.VOICE, Section.KEY_QUESTION, Section.STANDARD, Section.ITEMS]
    questions = [row["code"] for row in report.inspection.regime.edition.key_questions]

    def place(row: Statement) -> tuple[Any, ...]:
        question = questions.index(row.key_question) if row.key_question in questions else len(questions)
        standard = (row.standard.chapter.order, row.standard.order) if row.standard else (0, 0)
        return sections.index(Section(row.section)), *standard, question, row.asserts_fact, row.number

    rows = sorted(report.statements.select_related("standard__chapter"), key=place)
    for at, row in enumerate(rows, 1):
        row.order = at
    Statement.objects.bulk_update(rows, ["order"])
