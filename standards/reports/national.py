"""Makes the national summary of a year: from issued reports as they were frozen, counted in memory, kept only as what may be shown."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import hashing
from portal.audit.trail import record
from portal.suppression import ORGANISATIONS, SMALLEST, STEP
from standards.catalogue.models import Standard
from standards.inspections.models import Finding, Regime
from standards.reports import permissions, suppression
from standards.reports.suppression import Inspected

if TYPE_CHECKING:
    from standards.reports.models import NationalSummary, Report

LONDON = ZoneInfo("Europe/London")
FORMAT = 1
FIRST = 2015  # the Act; nothing was inspected here before


def last_finished(day: date | None = None) -> int:
    """The newest year that is over."""
    return (day or timezone.localdate()).year - 1


def prepare(year: int, *, by: Any) -> "NationalSummary":
    """Freeze the figures of ``year``. Raises ``PermissionDenied`` or ``ValidationError``; a year is made once."""
    from standards.reports.models import NationalSummary  # the model acts by this module

    if not permissions.publishes(by):
        raise PermissionDenied
    if not FIRST <= year <= last_finished():
        raise ValidationError({"year": _("A summary is made of a year that is over.")})
    with transaction.atomic():
        if NationalSummary.objects.select_for_update().filter(year=year).exclude(status=NationalSummary.Status.DISCARDED).exists():
            raise ValidationError({"year": _("The summary of this year was made already. A year is never published twice.")})
        content, basis = _figures(year)
        made: NationalSummary = NationalSummary.objects.create(
            year=year, content=content, basis=basis, sha256=hashing.digest(content), made_by=by
        )
        record("reports.nationalsummary.prepare", made, by=by, after=made.status, codes={"year": year, "sha256": made.sha256})
    return made


def refuse_unless_intact(row: "NationalSummary") -> None:
    """Raises unless it is, to the letter, what was frozen."""
    if not hashing.is_intact(row):
        raise ValidationError(_("The figures do not match their hash. Nothing was released; tell an administrator."))


def reason_given(reason: str) -> None:
    """Raises without one."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})


def _figures(year: int) -> tuple[dict[str, Any], list[str]]:
    reports = list(_reports(year))
    by_regime: dict[Any, list[Report]] = {}
    for report in reports:
        by_regime.setdefault(report.inspection.regime_id, []).append(report)
    regimes = [_regime(regime, by_regime.get(regime.pk, [])) for regime in _regimes(year)]
    content = {
        "format": FORMAT, "year": year, "taken_on": timezone.localdate().isoformat(), "step": STEP,
        "smallest": SMALLEST, "organisations": ORGANISATIONS, "regimes": regimes,
    }  # fmt: skip
    return content, sorted(str(report.inspection_id) for report in reports)


def _regimes(year: int) -> Iterable[Regime]:
    """Every regime in force at any time of the year, whether anything was inspected or not (STAT-07)."""
    rows = Regime.objects.filter(valid_from__lte=date(year, 12, 31)).exclude(valid_to__lt=date(year, 1, 1))
    found: Iterable[Regime] = rows.select_related("edition__framework").order_by("name", "code")
    return found


def _reports(year: int) -> "Iterable[Report]":
    """The report that stands of each inspection whose first report was issued in ``year``. So an inspection is in one year only."""
    from standards.reports.models import NationalSummary, Report  # as above

    begin, end = (datetime.combine(date(at, 1, 1), time(), LONDON) for at in (year, year + 1))
    firsts = Report.objects.values("inspection").annotate(first=Min("versions__renditions__issues__issued_at"))
    inside = firsts.filter(first__gte=begin, first__lt=end).values("inspection")
    used = {pk for basis in NationalSummary.objects.filter(released_at__isnull=False).values_list("basis", flat=True) for pk in basis}
    rows = Report.objects.filter(status__in=Report.ISSUED, inspection__in=inside).exclude(inspection__in=used)
    found: Iterable[Report] = rows.select_related("inspection__regime").prefetch_related("items", "versions")
    return found


def _regime(regime: Regime, reports: "list[Report]") -> dict[str, Any]:
    standards = Standard.objects.filter(chapter__edition=regime.edition_id).order_by("chapter__order", "order")
    titles = dict(standards.values_list("code", "title"))
    kinds = _kinds([report.inspection_id for report in reports])
    figures = suppression.release([_inspected(report, kinds) for report in reports], list(titles))
    for row in figures["judgements"]:
        row["title"] = titles[row["standard"]]
    edition = f"{regime.edition.framework.name} ({regime.edition.year})"
    return {"code": regime.code, "name": regime.name, "standards": edition, **figures}


def _kinds(inspections: list[Any]) -> dict[Any, Counter[str]]:
    found: dict[Any, Counter[str]] = {}
    rows = Finding.objects.filter(inspection__in=inspections, status=Finding.Status.AGREED).values_list("inspection", "kind")
    for inspection, kind in rows:
        found.setdefault(inspection, Counter())[kind] += 1
    return found


def _inspected(report: "Report", kinds: dict[Any, Counter[str]]) -> Inspected:
    finals = [version for version in report.versions.all() if version.kind == "final"]
    judgements = {row["standard"]: row["value"] for row in finals[-1].content["judgements"]} if finals else {}
    return Inspected(
        inspection=str(report.inspection_id), organisation=str(report.inspection.provider_id), judgements=judgements,
        findings=kinds.get(report.inspection_id, Counter()), items=Counter(item.status for item in report.items.all()),
    )  # fmt: skip
