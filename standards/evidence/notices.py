"""What people are told about evidence: that it has to be looked at again, and that a file was refused."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.history import call
from portal.audit.models import Event
from portal.audit.notices import Telling, on, say
from standards.evidence.models import EvidenceFile

say("evidence.review_due", _("Evidence has to be looked at again: its review date is near or has passed."))
say("evidence.file_refused", _("A file of evidence was refused: it carries malicious code. Nobody can take it. Bring a clean copy."))

call("evidence.evidence.add", _("Added"))
call("evidence.evidence.edit", _("Changed"))
call("evidence.evidence.add_file", _("Added a version of the file"))
call("evidence.evidence.scan_file", _("A file was looked at by the scanner"))
call("evidence.evidence.download", _("Took a copy of a file"))
call("evidence.evidence.retire", _("Put aside"))
call("evidence.evidence.restore", _("Taken back into use"))


@on("evidence.evidence.scan_file")
def file_refused(event: Event) -> Iterable[Telling]:
    """Whoever brought a file hears that it was refused."""
    if event.after != EvidenceFile.Scan.INFECTED:
        return
    for file in EvidenceFile.objects.filter(pk=event.codes.get("file"), scan=EvidenceFile.Scan.INFECTED).select_related("added_by"):
        yield Telling(to=file.added_by, kind="evidence.file_refused", link=reverse("evidence:show", args=[file.evidence_id]))
