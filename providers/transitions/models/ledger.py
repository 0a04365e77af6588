"""The ledger: who is responsible from when on. It is passed on by confirmed first contact, and by nothing a message says."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.organisations.models import Organisation
from providers.transitions.codes import Destination


class LedgerQuerySet(models.QuerySet["Responsibility"]):
    """Entries, and the only two ways to add one. The caller holds the lock of the transition: a step does."""

    def at(self, moment: datetime) -> "LedgerQuerySet":
        """The entries that had begun by ``moment``; the last of them is who was responsible."""
        return self.filter(from_at__lte=moment).order_by("-number")

    def pass_to(self, transition: Any, organisation: Organisation | None, *, because: str, by: Any, outside: str = "") -> "Responsibility":
        """From now on this organisation is responsible, or the kind of service ``outside``. The one before ends at the same instant."""
        return self._add(transition, organisation=organisation, outside=outside, because=because, by=by)

    def end(self, transition: Any, *, by: Any) -> "Responsibility":
        """The transition has ended: from now on nobody is responsible by it."""
        return self._add(transition, because=Responsibility.Because.ENDED, by=by)

    def _add(self, transition: Any, **fields: Any) -> "Responsibility":
        last = Responsibility.objects.filter(transition=transition).latest("number")
        # A clock that was set back must not stop anybody from being responsible: time in the ledger only goes on.
        begins = max(timezone.now(), last.from_at + timedelta(microseconds=1))
        row: Responsibility = Responsibility.objects.create(transition=transition, number=last.number + 1, from_at=begins, **fields)
        return row


class Responsibility(models.Model):
    """From ``from_at`` on, ``organisation`` is responsible, until the next row begins.

    An entry has no end of its own, so a gap or an overlap cannot be written down. The database itself (migration 0002) writes the
    first entry with the transition, refuses one that does not follow the last, and refuses to change or delete any.
    ``organisation`` is empty where the service is outside the network, and in the last entry of a transition that has ended.
    """

    class Because(models.TextChoices):
        BEGAN = "began", _("The transition began")
        CONTACT_CONFIRMED = "contact_confirmed", _("First contact was confirmed")
        RE_ENTERED = "re_entered", _("Support was taken up again")
        ENDED = "ended", _("The transition ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey("transitions.Transition", models.PROTECT, related_name="ledger")
    number = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    outside = models.CharField(max_length=40, blank=True)  # a code of Destination, where the next service is outside the network
    from_at = models.DateTimeField()
    because = models.CharField(max_length=20, choices=Because.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        verbose_name = _("entry of responsibility")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transition", "number"], name="transitions_ledger_number"),
            models.UniqueConstraint(fields=["transition", "from_at"], name="transitions_ledger_instant"),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) | ~models.Q(outside="") | models.Q(because="ended"),
                name="transitions_ledger_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(number=1, because="began", organisation__isnull=False)
                | (models.Q(number__gt=1) & ~models.Q(because="began")),
                name="transitions_ledger_begins_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(because="ended") | models.Q(organisation__isnull=True, outside=""), name="transitions_ledger_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def holder(self) -> str:
        """In words: the organisation, the kind of service outside, or nobody any more."""
        if self.organisation_id:
            return str(self.organisation)
        return str(Destination(self.outside).label) if self.outside else str(_("Nobody: it has ended"))
