"""What steps of a report do to replies, renditions and audiences: sealing answers, issuing, publishing, taking back, moving clocks."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal import hashing
from portal.accounts.roles import Kind
from portal.cms import pagecache
from standards.reports import deadlines, renditions

if TYPE_CHECKING:
    from standards.reports.models import Rendition, Report

FULL_READERS = (Kind.OVERSIGHT,)  # beside the provider: they read the full report without a check for wider audiences
AUDIENCES = (Kind.OVERSIGHT, Kind.INSPECTORATE, Kind.PROVIDER)


def seal_round(report: "Report") -> int:
    """What the provider wrote counts as sent. Returns how many statements were answered."""
    from standards.reports.models import Reply  # the models act by this module

    rows = Reply.objects.filter(statement__report=report, round=1, sent_at__isnull=True).exclude(verdict="")
    return int(rows.update(sent_at=timezone.now()))


def shift_clocks(report: "Report", now: datetime) -> None:
    """After a pause every clock that ran has as much left as when it stopped."""
    from standards.reports.models import Reply  # as above

    paused, regime = report.paused_at or now, report.inspection.regime
    if report.due_at:
        report.due_at = deadlines.after_pause(regime, report.due_at, paused, now)
    if report.comments_due_at and report.paused_from == "comments_open":
        report.comments_due_at = deadlines.after_pause(regime, report.comments_due_at, paused, now)
    for row in Reply.objects.filter(statement__report=report, sent_at__isnull=True, due_at__gte=paused):
        row.due_at = deadlines.after_pause(regime, row.due_at or now, paused, now)
        row.save(update_fields=["due_at"])


def issue_to(report: "Report", organisations: Iterable[Any], *, by: Any) -> dict[str, Any]:
    """The full report to the provider and commissioners, the approved shared summary to others. Raises when a check is missing."""
    version = _final(report)
    full = renditions.full(version, by=by)
    wanted = {report.inspection.provider_id: full}
    for organisation in organisations:
        if organisation.kind not in AUDIENCES or organisation.status != "active":
            raise ValidationError({"organisations": _("This organisation cannot be chosen.")})
        if organisation.pk != report.inspection.provider_id:
            wanted[organisation.pk] = full if organisation.kind in FULL_READERS else approved(version, "shared")
    issued = []
    for pk, rendition in wanted.items():
        _row, is_new = rendition.issues.get_or_create(organisation_id=pk, ended_at=None, defaults={"issued_by": by})
        issued += [str(pk)] if is_new else []
    return {"with": issued}


def publish(report: "Report", *, by: Any) -> dict[str, Any]:
    """The approved public summary, as it was approved, goes out; the provider gets the full report."""
    version = _final(report)
    issued = issue_to(report, [], by=by)
    public = approved(version, "public")
    public.published_at = timezone.now()
    public.slug = slugify(f"{public.content['title']}-{public.code}")[:80]
    public.save(update_fields=["published_at", "slug"])
    return {**issued, "sha256": public.sha256, "code": public.code}


def approved(version: Any, kind: str) -> "Rendition":
    """The rendition of this kind, if a second person approved exactly what it says now."""
    rendition: Rendition | None = version.renditions.filter(kind=kind, withdrawn_at__isnull=True).first()
    if rendition is None or rendition.approved_by_id is None:
        words = {
            "shared": _("Prepare the summary for named organisations first, and have it approved by a second person."),
            "public": _("Prepare the summary for everybody first, and have it approved by a second person."),
        }
        raise ValidationError(words[kind])
    renditions.refuse_if_unready(rendition)
    return rendition


def _final(report: "Report") -> Any:
    version = report.final_version()
    if version is None or not hashing.is_intact(version):
        raise ValidationError(_("The final text does not match its hash. Nothing was issued; tell an administrator."))
    return version


def take_back(report: "Report") -> dict[str, Any]:
    """Every rendition is withdrawn, every issue ended. Returns who had it."""
    from standards.reports.models import Issue, Rendition  # as above

    now = timezone.now()
    readers = Issue.objects.filter(rendition__version__report=report, ended_at__isnull=True)
    told = sorted({str(pk) for pk in readers.values_list("organisation", flat=True)})
    readers.update(ended_at=now)
    Rendition.objects.filter(version__report=report, withdrawn_at__isnull=True).update(withdrawn_at=now)
    pagecache.clear()
    return {"with": told}


def point_on(old: "Report", newer: "Report") -> None:
    """Renditions of the old report lead to the corrected ones. A public summary without a successor is taken down: it is wrong."""
    from standards.reports.models import Rendition  # as above

    successors = {row.kind: row for row in Rendition.objects.filter(version=newer.final_version(), withdrawn_at__isnull=True)}
    for row in Rendition.objects.filter(version__report=old, withdrawn_at__isnull=True):
        row.superseded_by = successors.get(row.kind)
        if row.kind == "public" and (row.superseded_by is None or row.superseded_by.published_at is None):
            row.withdrawn_at = timezone.now()
        row.save(update_fields=["superseded_by", "withdrawn_at"])
