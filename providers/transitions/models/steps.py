"""The steps of a transition: states, guards and clocks of the domain research on entitlements, part 7.4.

What moves responsibility stands in one place, ``Responsibility.objects``: these steps call it when contact is confirmed, when she is
taken back, and when it ends.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.steps import Stepped, step
from providers.services.models import Outdated
from providers.transitions import checklists, clocks, follow_up_reading, permissions
from providers.transitions.models.agreed import anything_holds

BEFORE_MOVE = ("draft", "planning", "consented", "referred", "declined", "accepted", "handover_booked")
OFFERED = ("referred", "accepted", "handover_booked")
LEFT = ("moved", "at_risk", "contact_lost")  # gone, and perhaps not met yet
ENDED = ("withdrawn", "cancelled", "expired", "closed_lost", "closed_reentered", "closed_sustained")
CHANGEABLE = ("destination", "exit_on", "is_open_case", "wants_follow_up", "worker")
ASK_ONLY = "ask"


class Course(Stepped):
    """From draft to the end. Mixed into ``Transition``."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        pathway: Any
        clocks: Any
        checks: Any
        ledger: Any
        offers: Any
        consents: Any
        follow_ups: Any
        exit_on: dt.date | None
        escalated_from: str
        is_held: bool
        closed_at: dt.datetime | None
        organisation: Any

        @property
        def has_been_met(self) -> bool: ...

        destination: str
        family: uuid.UUID | None
        next_due_on: dt.date | None

    # --- Planning -----------------------------------------------------------------------------------------------------------

    @step(*BEFORE_MOVE, "moved", "confirmed_safe", "settling", to=None, may=permissions.can_work_on, label=gettext_lazy("Change"))
    def change(self, values: Mapping[str, Any], *, base: int, by: Any) -> dict[str, Any]:
        """Where to, when, who works with her. ``base``: the version that was read. Raises ``Outdated``."""
        if self.version != base:
            raise Outdated(self)
        changed = sorted(name for name in CHANGEABLE if name in values and getattr(self, name) != values[name])
        if "destination" in changed and self.offers.live().exists():
            raise ValidationError({"destination": _("It has been offered to a service. Take the offer back first.")})
        for name in changed:
            setattr(self, name, values[name])
        if "exit_on" in changed:
            clocks.start_from(self, "exit", self.exit_on)  # type: ignore[arg-type]
            clocks.settle(self)  # type: ignore[arg-type]
        if {"destination", "is_open_case"} & set(changed):
            checklists.extend(self)  # type: ignore[arg-type]
        return {"fields": changed}

    @step(
        "draft", to="planning", may=permissions.can_work_on, label=gettext_lazy("Start planning"),
        explain=gettext_lazy("Her needs and wishes are talked through with her; the checklist and the dates run."),
    )  # fmt: skip
    def plan(self, *, by: Any) -> None:
        """The trigger happened and the two of them have begun."""
        self._arrive("planning")

    @step(
        "planning", to="consented", may=permissions.can_work_on, label=gettext_lazy("Sharing is agreed"),
        explain=gettext_lazy("She has agreed what is shared, with whom, and how she may be contacted. Her agreement must be on record."),
    )  # fmt: skip
    def agree(self, extent: str, *, by: Any) -> dict[str, str]:
        """Nothing is offered before. ``ask``: she agrees that a service outside the network is asked, and to no detail yet."""
        if extent != ASK_ONLY and not anything_holds(self):
            raise ValidationError(
                _("No agreement of hers is on record, or none of it holds now. Record it first: nothing is shared before.")
            )
        self._arrive("consented")
        return {"extent": extent}

    @step("declined", to="planning", may=permissions.can_work_on, label=gettext_lazy("Plan another way"))
    def plan_again(self, *, by: Any) -> None:
        """A refusal is not the end: another destination."""
        self._arrive("planning")

    @step(
        "draft", to="cancelled", may=permissions.can_work_on, label=gettext_lazy("Cancel this draft"), is_grave=True,
        explain=gettext_lazy("It was begun by mistake. It is closed and cannot be opened again."),
    )  # fmt: skip
    def cancel(self, *, by: Any) -> None:
        """Begun by mistake."""
        self._end("cancelled", by)

    @step("draft", to="expired", may=permissions.only_waymark, label=gettext_lazy("Draft ran out"))
    def run_out(self, *, by: Any) -> None:
        """Nobody took the draft up; who began it was told in time (C5)."""
        self._end("expired", by)

    @step(
        "planning", "consented", "confirmed_safe", "settling", to="withdrawn", may=permissions.can_work_on, is_grave=True,
        label=gettext_lazy("She wants no more of this"),
        explain=gettext_lazy("She does not want this move to be planned or followed. Only the proof of her wish is kept."),
    )  # fmt: skip
    def withdraw(self, *, by: Any) -> None:
        """Her wish, at once."""
        self._end("withdrawn", by)

    # --- What follows from an offer (taken by ``Offer``, in its transaction) --------------------------------------------------

    @step("consented", to="referred", may=permissions.follows_an_offer, label=gettext_lazy("Offered to the next service"))
    def refer(self, *, by: Any) -> None:
        """An offer was sent."""
        self._arrive("referred")

    @step("referred", "escalated", to=None, may=permissions.follows_an_offer, label=gettext_lazy("Declined"))
    def note_declined(self, *, by: Any) -> None:
        """The service said no."""
        self._follow("declined", {"referred"})

    @step(*OFFERED, "escalated", to=None, may=permissions.follows_an_offer, label=gettext_lazy("Offer ended"))
    def note_offer_ended(self, *, by: Any) -> None:
        """Taken back or run out: whoever is responsible stays so, and plans anew."""
        self._follow("planning", OFFERED)

    @step("referred", "escalated", to=None, may=permissions.follows_an_offer, label=gettext_lazy("Accepted"))
    def note_accepted(self, *, by: Any) -> None:
        """A named person takes her. It moves nothing yet."""
        self._follow("accepted", {"referred"})

    @step(*LEFT, "escalated", to=None, may=permissions.follows_an_offer, label=gettext_lazy("Arrived safely"))
    def note_met(self, offer: Any, *, by: Any) -> None:
        """First contact was confirmed: this alone moves responsibility to the next service."""
        if offer.transition_id != self.pk or offer.status != "accepted":
            raise ValidationError(_("Only the service that has accepted can say that it has met her."))
        self._follow("confirmed_safe", LEFT)
        outside = "" if offer.organisation_id else self.destination
        self.ledger.pass_to(self, offer.organisation, outside=outside, because="contact_confirmed", by=by)

    # --- The move -----------------------------------------------------------------------------------------------------------

    @step(
        "accepted", "handover_booked", to="handover_booked", may=permissions.can_book, label=gettext_lazy("Book meeting and move"),
        explain=gettext_lazy("The joint meeting and the day of the move are fixed with her."),
    )  # fmt: skip
    def book(self, exit_on: dt.date, *, by: Any) -> dict[str, Any]:
        """The day she moves. Dates counted from it are counted anew."""
        self.exit_on = exit_on
        clocks.start_from(self, "exit", exit_on)  # type: ignore[arg-type]
        self._arrive("handover_booked")
        return {"exit": exit_on.isoformat()}

    @step(
        "handover_booked", to="moved", may=permissions.can_work_on, label=gettext_lazy("She has moved"),
        explain=gettext_lazy("You stay responsible until the next service has met her and says so."),
    )  # fmt: skip
    def move(self, *, by: Any) -> None:
        """She has left. Nobody leaves while something that matters is open."""
        if self.family and self._family_elsewhere():
            raise ValidationError(_("Somebody of the family is to move on another day or to another place. Bring them together first."))
        if open_ones := checklists.blockers(self):  # type: ignore[arg-type]
            raise ValidationError(_("She cannot leave yet: %d points of the checklist that matter are still open.") % len(open_ones))
        self._arrive("moved")

    @step(*BEFORE_MOVE, to=None, may=permissions.can_work_on, label=gettext_lazy("Moves without the family"), is_grave=True,
          explain=gettext_lazy("This person no longer moves together with the others."))  # fmt: skip
    def leave_family(self, *, by: Any) -> None:
        """By her own wish, or because it would not be safe."""
        if not self.family:
            raise ValidationError(_("Nobody else moves along."))
        self.family = None

    def _family_elsewhere(self) -> bool:
        """Whether somebody who moves along is not going to the same kind of place on the same day."""
        manager: Any = type(self)._base_manager
        others = manager.filter(family=self.family, status__in=BEFORE_MOVE).exclude(pk=self.pk)
        return bool(others.exclude(exit_on=self.exit_on, destination=self.destination).exists())

    # --- Afterwards ---------------------------------------------------------------------------------------------------------

    @step("confirmed_safe", to="settling", may=permissions.can_work_on, label=gettext_lazy("Begin follow-up"))
    def settle(self, *, by: Any) -> None:
        """The time of asking how it goes."""
        self._arrive("settling")

    @step(
        "moved", "confirmed_safe", "settling", to="at_risk", may=permissions.can_work_on, label=gettext_lazy("She is at risk"),
        explain=gettext_lazy("Safety, money, home or health: something has to happen today."),
    )  # fmt: skip
    def flag_risk(self, theme: str, *, by: Any) -> dict[str, str]:
        """Today."""
        self.escalated_from = self.status  # where to go on when the danger is over
        self._arrive("at_risk")
        return {"theme": theme}

    @step("at_risk", to=None, may=permissions.can_work_on, label=gettext_lazy("The risk is over"))
    def ease(self, *, by: Any) -> None:
        """Back to where it was: before she was met that is the move, never past it."""
        self._go_back()

    @step(
        "moved", "confirmed_safe", "settling", "at_risk", to="contact_lost", may=permissions.can_work_on,
        label=gettext_lazy("Contact lost"),
        explain=gettext_lazy("What was agreed was tried and nobody answers. Five working days to find her; then the manager decides."),
    )  # fmt: skip
    def lose_contact(self, *, by: Any) -> None:
        """What was agreed was tried, often enough and over long enough."""
        if not follow_up_reading.contact_is_lost(self):  # type: ignore[arg-type]
            raise ValidationError(
                _("Not enough has been tried: three attempts in the agreed way, at different times, over five working days.")
            )
        self._arrive("contact_lost")

    @step("contact_lost", to=None, may=permissions.can_work_on, label=gettext_lazy("Found again"))
    def find(self, *, by: Any) -> None:
        """To follow-up if the next service has met her before, otherwise to the move: who is responsible stays responsible."""
        state = "settling" if self.has_been_met else "moved"
        self._arrive(state)
        self.status = state

    @step(*BEFORE_MOVE[1:], *LEFT, "confirmed_safe", "settling", to="escalated", may=permissions.can_escalate,
          label=gettext_lazy("Put before the manager"))  # fmt: skip
    def escalate(self, because: str = "asked", *, by: Any) -> dict[str, str]:
        """The manager owns it until they decide."""
        if self.status != "at_risk":
            self.escalated_from = self.status
        self._arrive("escalated")
        return {"because": because}

    @step("escalated", to=None, may=permissions.can_manage, label=gettext_lazy("Go on where it was"))
    def hand_back(self, *, by: Any) -> None:
        """The manager has decided: it goes on."""
        self._go_back()

    @step("confirmed_safe", "settling", "at_risk", "contact_lost", to="re_entry_requested", may=permissions.can_work_on,
          label=gettext_lazy("She asks to come back"))  # fmt: skip
    def ask_to_return(self, *, by: Any) -> None:
        """She asks for specialist support again. An answer within a working day."""
        self._arrive("re_entry_requested")

    @step("re_entry_requested", to="planning", may=permissions.can_take_back, label=gettext_lazy("Take her back"))
    def take_back(self, *, by: Any) -> None:
        """The service that she left is responsible again, from now on."""
        for offer in self.offers.live():
            offer.end(by=None)
        self.ledger.pass_to(self, self.organisation, because="re_entered", by=by)
        self._arrive("planning")

    @step("re_entry_requested", to="closed_reentered", may=permissions.can_manage, label=gettext_lazy("She is back in support elsewhere"),
          is_grave=True)  # fmt: skip
    def close_reentered(self, *, by: Any) -> None:
        """Another specialist service has taken her in."""
        self._end("closed_reentered", by)

    @step("settling", to="sustained", may=permissions.can_work_on, label=gettext_lazy("Stable, in her own view"))
    def sustain(self, *, by: Any) -> None:
        """Only she can say so, at six or twelve months. Silence never does."""
        if not follow_up_reading.may_be_called_stable(self):  # type: ignore[arg-type]
            raise ValidationError(_("She has not said so herself at six or twelve months. Silence does not make anybody stable."))
        self._arrive("sustained")

    @step("sustained", to="closed_sustained", may=permissions.can_work_on, label=gettext_lazy("Close"), is_grave=True)
    def close_sustained(self, *, by: Any) -> None:
        """It has ended well."""
        self._end("closed_sustained", by)

    @step("contact_lost", "escalated", to="closed_lost", may=permissions.can_manage, is_grave=True,
          label=gettext_lazy("Close: contact lost"),
          explain=gettext_lazy("Everything that was agreed was tried. How to come back stays open to her."))  # fmt: skip
    def close_lost(self, *, by: Any) -> None:
        """The manager's decision alone."""
        self._end("closed_lost", by)

    # --- Keeping and erasing (``erasing``) -----------------------------------------------------------------------------------

    @step(*ENDED, to="purging", may=permissions.only_waymark, label=gettext_lazy("Erase"), is_grave=True)
    def purge(self, *, by: Any) -> None:
        """From now on nobody finds it; its key and its rows follow."""
        if self.is_held:
            raise ValidationError(_("A legal hold keeps this record. Nothing of it is erased before the hold is lifted."))

    @step(*ENDED, to=None, may=permissions.only_waymark, label=gettext_lazy("Legal hold"))
    def hold(self, *, by: Any) -> None:
        """A court or a claim needs it: no rule of time erases it."""
        self.is_held = True

    @step(*ENDED, to=None, may=permissions.only_waymark, label=gettext_lazy("Legal hold lifted"))
    def let_go(self, *, by: Any) -> None:
        """The rules of time count again."""
        self.is_held = False

    # --- Pieces -------------------------------------------------------------------------------------------------------------

    def _arrive(self, state: str) -> None:
        clocks.arrive(self, state)  # type: ignore[arg-type]

    def _follow(self, state: str, sources: Any) -> None:
        """Go on to ``state``; while the manager has it, note where it will go on."""
        if self.status != "escalated":
            self._arrive(state)
            self.status = state
        elif self.escalated_from in sources:
            self.escalated_from = state
        else:
            raise ValidationError(_("It is with the manager, and was not at a point from which this leads on."))

    def _go_back(self) -> None:
        state = self.escalated_from or "planning"
        self.escalated_from = ""
        self._arrive(state)
        self.status = state

    def _end(self, state: str, by: Any) -> None:
        for offer in self.offers.filter(status__in=("offered", "accepted")):
            offer.end(by=None)
        self.clocks.filter(met_at__isnull=True, dropped_at__isnull=True).update(dropped_at=timezone.now())
        self._arrive(state)
        self.next_due_on, self.closed_at = None, timezone.now()
        self.ledger.end(self, by=by)
