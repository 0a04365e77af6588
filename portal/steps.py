"""``@step``: the only way a status changes.

    class Assessment(Stepped):
        @step("draft", to="in_review", may=permissions.can_submit, label=_("Send for review"))
        def submit(self, *, by: User) -> None:
            ...

In one transaction it locks the row, asks ``may(by, row)`` about the freshly locked row, checks the state, runs the body,
validates, saves, and writes the audit event. Mail and documents hang on the event, never on the body.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.audit.trail import record

Body = TypeVar("Body", bound=Callable[..., Any])
May = Callable[[Any, Any], bool]


class WrongState(Exception):  # noqa: N818 - it is no error of the program: somebody else was quicker
    """The record is not in a state from which this step leads on. ``str()`` is for people."""

    def __init__(self, row: "Stepped", step: "Step") -> None:
        self.row, self.step = row, step
        words = _("This is “%(state)s” already, so that cannot be done now. Nothing was changed.")
        super().__init__(words % {"state": row.get_status_display()})


@dataclass(frozen=True)
class Step:
    """One step of a model: from which states, to which, and who may. ``to`` None keeps the state, unless the body names another."""

    name: str
    sources: frozenset[str]
    to: str | None
    may: May
    label: Any
    explain: Any = ""
    is_grave: bool = False  # asks for confirmation and a recent sign-in

    def check(self, row: Any, by: Any) -> None:
        """Raises ``PermissionDenied`` or ``WrongState`` unless ``by`` may take it on ``row`` now. For pages that ask before they act."""
        if not self.may(by, row):
            raise PermissionDenied
        if row.status not in self.sources:
            raise WrongState(row, self)


class Stepped(models.Model):
    """A record whose ``status`` changes by steps alone. The model names the field's choices itself."""

    status = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    STEPS: ClassVar[dict[str, Step]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        members = ((name, getattr(getattr(cls, name, None), "step", None)) for name in dir(cls))
        cls.STEPS = {name: described for name, described in members if isinstance(described, Step)}

    def get_status_display(self) -> str:
        """In words."""
        field = self._meta.get_field("status")
        return str(dict(getattr(field, "flatchoices", ())).get(self.status, self.status))

    def open_to(self, user: Any) -> list[Step]:
        """The steps this person may take now: the buttons."""
        return [step for step in self.STEPS.values() if self.status in step.sources and step.may(user, self)]


def _taken(row: Any, step: Step, act: Callable[[], Any], by: Any) -> Any:
    """Ask, act, check and save the locked row, and write what happened. What ``act`` gave back."""
    step.check(row, by)
    before = row.status
    result = act()
    row.status = step.to or row.status  # without a fixed aim the body may name one: where a paused record goes on
    row.version += 1
    row.full_clean(validate_unique=False)
    row.save()
    codes = result if isinstance(result, Mapping) else None
    record(f"{row._meta.label_lower}.{step.name}", row, by=by, before=before, after=row.status, codes=codes)
    return result


def step(
    *sources: str,
    to: str | None,
    may: May,
    label: Any,
    explain: Any = "",
    is_grave: bool = False,
) -> Callable[[Body], Body]:
    """Make a method the step of its name. The body may return a mapping of codes for the event.

    The method must be called with ``by=`` (``None`` is the system, which ``may`` must allow). Raises ``PermissionDenied``,
    ``WrongState`` or ``ValidationError``; then nothing has changed.
    """

    def decorate(body: Body) -> Body:
        described = Step(body.__name__, frozenset(sources), to, may, label, explain, is_grave)

        @functools.wraps(body)
        def take(self: Any, *args: Any, by: Any, **kwargs: Any) -> Any:
            with transaction.atomic():
                row = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
                result = _taken(row, described, lambda: body(row, *args, by=by, **kwargs), by)
            for field in self._meta.concrete_fields:
                setattr(self, field.attname, getattr(row, field.attname))
            return result

        take.step = described  # type: ignore[attr-defined]
        return take  # type: ignore[return-value]

    return decorate
