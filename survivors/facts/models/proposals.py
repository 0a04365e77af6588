"""A proposed change of the register: one person proposes, a second person accepts, and only then does a reader see it."""

import copy
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from survivors.facts import permissions
from survivors.facts.models.facts import Fact, Kind
from survivors.facts.uses import obstacle

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User

CHECKS = ("verified_on", "verified_by", "review_by")


class FactProposalQuerySet(models.QuerySet["FactProposal"]):
    """Proposals, by who may see them and how they stand."""

    def visible_to(self, user: "User | AnonymousUser") -> "FactProposalQuerySet":
        """All or none: whoever may propose or decide sees everything that anybody proposed."""
        return self if permissions.may_see(user) else self.none()

    def open(self) -> "FactProposalQuerySet":
        """Waiting for a second person, the oldest first."""
        return self.filter(status=FactProposal.Status.PROPOSED).order_by("proposed_at")

    def history(self) -> "FactProposalQuerySet":
        """Accepted, refused and withdrawn, the newest first."""
        return self.exclude(status=FactProposal.Status.PROPOSED).order_by("-proposed_at")

    def about(self, key: str) -> "FactProposalQuerySet":
        """Everything ever proposed for the fact ``key``."""
        return self.filter(key=key)


class FactProposal(models.Model):
    """One proposal. It is written once, decided once, and never edited."""

    class Action(models.TextChoices):
        """What it would do."""

        NEW = "new", "New fact"
        CHANGE = "change", "Change"
        REMOVAL = "removal", "Removal"

    class Status(models.TextChoices):
        """Only ``PROPOSED`` is open; the others are for good."""

        PROPOSED = "proposed", "Waits for a second person"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    wagtail_reference_index_ignore = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.CharField("what", max_length=10, choices=Action)
    fact = models.ForeignKey(Fact, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals")
    key = models.SlugField("key", max_length=60, help_text="The fact's key when this was proposed; it stays when the fact is gone.")
    values = models.JSONField("proposed values", default=dict, blank=True)
    before = models.JSONField("values when it was proposed", default=dict, blank=True)
    reason = models.TextField("reason", max_length=500)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField("reason for the decision", max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(FactProposalQuerySet)()

    class Meta:
        ordering: ClassVar = ["-proposed_at"]
        default_permissions = ("add", "view")
        permissions: ClassVar = [("accept_factproposal", "Can accept or refuse what another person proposed")]
        verbose_name = "proposed change of a fact"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="facts_factproposal_two_people"),
            models.CheckConstraint(
                condition=Q(status__in=["accepted", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(status__in=["proposed", "withdrawn"], decided_by=None, decided_at=None, decision_reason=""),
                name="facts_factproposal_decided_by_somebody_or_not",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) | ~Q(status="withdrawn") & Q(withdrawn_at=None),
                name="facts_factproposal_withdrawn_some_day_or_not",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(status="refused", decision_reason=""), name="facts_factproposal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.key} ({self.get_status_display()})"

    @property
    def is_open(self) -> bool:
        """Whether it can still be decided or withdrawn."""
        return self.status == self.Status.PROPOSED

    # --- Steps. Each locks the row, asks who may, and changes everything or nothing -------------------------------------

    @classmethod
    def propose(
        cls, *, by: "User", reason: str, fact: Fact | None = None, values: Mapping[str, Any] | None = None, removal: bool = False
    ) -> "FactProposal":
        """A new fact (no ``fact``), new ``values`` for one, or its ``removal``. Only what differs is kept.

        Raises ``PermissionDenied``, or ``ValidationError`` by field with what is wrong.
        """
        if not permissions.may_propose(by):
            raise PermissionDenied
        before = fact.guarded() if fact else {}
        action = cls.Action.REMOVAL if removal else cls.Action.CHANGE if fact else cls.Action.NEW
        different = {} if removal else {name: value for name, value in (values or {}).items() if not _same(value, before.get(name))}
        key = before.get("key") or different.get("key", "")
        made = cls(action=action, fact=fact, key=key, values=different, before=before, reason=reason.strip(), proposed_by=by)
        problems = made._problems(fact)
        if not made.reason:
            problems["reason"] = ["Say why, for the person who decides and for those who read the history."]
        elif len(made.reason) > 500:
            problems["reason"] = ["At most 500 characters."]
        if action == cls.Action.CHANGE and not different:
            problems.setdefault(NON_FIELD_ERRORS, []).append("Nothing differs from what stands in the register.")
        if problems:
            raise ValidationError(problems)
        made.save(force_insert=True)
        return made

    def accept(self, *, by: "User") -> None:
        """Make it so, for all readers in all languages at once.

        Raises ``PermissionDenied`` for the wrong person and ``ValidationError`` when it cannot be made so any more; then it stays open.
        """
        try:
            with transaction.atomic():
                row = self._locked(by, permissions.may_decide)
                fact = row._unchanged_fact()
                if problems := row._problems(fact):
                    raise ValidationError([message for messages in problems.values() for message in messages])
                row._carry_out(fact)
                row.status, row.decided_by, row.decided_at = self.Status.ACCEPTED, by, timezone.now()
                row.save(update_fields=["status", "decided_by", "decided_at", "fact"])
        except IntegrityError as clash:
            raise ValidationError(f"A fact with the key {self.key} was added a moment ago.") from clash
        self.refresh_from_db()

    def refuse(self, *, by: "User", reason: str) -> None:
        """Close it without any change. Raises as ``accept``; a reason is required."""
        if not (reason := reason.strip()):
            raise ValidationError({"decision_reason": "Say why: the person who proposed it will read this."})
        with transaction.atomic():
            row = self._locked(by, permissions.may_decide)
            row.status, row.decided_by, row.decided_at, row.decision_reason = self.Status.REFUSED, by, timezone.now(), reason[:500]
            row.save(update_fields=["status", "decided_by", "decided_at", "decision_reason"])
        self.refresh_from_db()

    def withdraw(self, *, by: "User") -> None:
        """Take it back; only who proposed it can. Raises as ``accept``."""
        with transaction.atomic():
            row = self._locked(by, permissions.may_withdraw)
            row.status, row.withdrawn_at = self.Status.WITHDRAWN, timezone.now()
            row.save(update_fields=["status", "withdrawn_at"])
        self.refresh_from_db()

    def _locked(self, by: "User", may: "Callable[[User, FactProposal], bool]") -> "FactProposal":
        row = FactProposal.objects.select_for_update().get(pk=self.pk)
        if not row.is_open:
            raise ValidationError(f"This was {row.get_status_display().lower()} already.")
        if not may(by, row):
            raise PermissionDenied
        return row

    def _unchanged_fact(self) -> Fact | None:
        """The fact, locked, as it stood when this was proposed."""
        if self.action == self.Action.NEW:
            return None
        fact = Fact.objects.select_for_update().filter(proposals=self.pk).first()
        if wrong := self.stale(fact):
            raise ValidationError(wrong)
        return fact

    def stale(self, fact: Fact | None) -> str:
        """What has happened to ``fact`` since this was proposed, in words; empty when nothing has."""
        if self.action == self.Action.NEW:
            return ""
        if fact is None:
            return f"The fact {self.key} has been removed since this was proposed."
        now = fact.guarded()
        changed = [name for name in Fact.GUARDED if not _same(now[name], self.before.get(name))]
        if not changed:
            return ""
        what = "; ".join(f"{name} was {self.before.get(name) or 'empty'} and is {now[name] or 'empty'} now" for name in changed)
        return f"The fact has changed since this was proposed: {what}. Nothing is lost: refuse this, or let it be proposed again."

    def _problems(self, fact: Fact | None) -> dict[str, list[str]]:
        """What is wrong with the result, by field."""
        if self.action == self.Action.REMOVAL:
            return {NON_FIELD_ERRORS: [wrong]} if (wrong := obstacle(self.key)) else {}
        result = copy.copy(fact) if fact else Fact()
        try:
            result.take(self.values)
            checked = {*Fact.GUARDED, *(() if fact else ("name_en",))}
            result.full_clean(exclude={field.name for field in Fact._meta.get_fields() if field.name not in checked})
        except ValidationError as wrong:
            return {"name" if field == "name_en" else field: messages for field, messages in wrong.message_dict.items()}
        found: dict[str, list[str]] = {}
        if not fact and not result.english_name:
            found["name"] = ["Write its name in English. Other languages follow later."]
        renamed = "key" in self.values or self.values.get("kind") == Kind.EXIT  # no words may refer to a page for leaving
        if fact and renamed and (wrong_key := obstacle(fact.key)):
            found["key"] = [wrong_key]
        return found

    def _carry_out(self, fact: Fact | None) -> None:
        if fact is None:
            self.fact = Fact()
            self.fact.take(self.values)
            self.fact.save(force_insert=True)
        elif self.action == self.Action.REMOVAL:
            fact.delete()
            self.fact = None
        else:
            fact.take(self.values)
            fact.save(update_fields=[*self.values, *CHECKS])


def _same(one: Any, other: Any) -> bool:
    """Equal; the order of ticked boxes does not count."""
    return sorted(one) == sorted(other) if isinstance(one, list) and isinstance(other, list) else bool(one == other)
