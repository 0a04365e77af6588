"""What happens every morning, and the mail with a guest's link."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.roles import Can, roles_that
from portal.audit.notices import Telling, tell
from portal.audit.outbox import daily, job
from portal.steps import WrongState
from providers.organisations.models import Membership
from providers.transitions import erasing, freezing, gap, guests, offering
from providers.transitions.models import Guest, Offer, Transition
from providers.transitions.models.steps import BEFORE_MOVE

DRAFT_DAYS, DRAFT_NOTICE = 90, 76  # a draft that nobody takes up ends; who began it hears two weeks before (C5)


def managers_of(organisations: Iterable[Any]) -> Any:
    """People who approve there now."""
    members = Membership.objects.current().filter(organisation__in=list(organisations), role__in=roles_that(Can.APPROVE))
    return User.objects.filter(pk__in=members.values("user"))


@daily("transitions.close_what_ran_out")
def close_what_ran_out(day: str) -> None:
    """Offers without an answer run out, and drafts that nobody took up end."""
    today = date.fromisoformat(day)
    for offer in Offer.objects.unanswered_since(timezone.now()).select_related("transition__pathway"):
        if offering.runs_out_on(offer) < today:
            _quietly(offering.take, offer, "expire", by=None)
    drafts = Transition.objects.filter(status=Transition.Status.DRAFT)
    for row in drafts.filter(created_at__date__lte=today - timedelta(days=DRAFT_NOTICE)).select_related("worker"):
        if timezone.localdate(row.created_at) <= today - timedelta(days=DRAFT_DAYS):
            _quietly(row.run_out, by=None)
        else:
            tell(Telling(row.worker, "transitions.draft_ends", reverse("transitions:show", args=[row.pk])), once=f"draft:{row.pk}")


def _quietly(act: Any, *words: Any, **named: Any) -> None:
    """Somebody answered in this very moment: nothing ran out."""
    try:
        act(*words, **named)
    except WrongState:
        return


@daily("transitions.look_for_gaps")
def look_for_gaps(day: str) -> None:
    """Managers of both sides hear of each case once for each reason and date; a day of leaving that passed is theirs to decide."""
    today = date.fromisoformat(day)
    passed = Transition.objects.filter(status__in=BEFORE_MOVE[1:], exit_on__lt=today)
    for row in passed:
        _quietly(row.escalate, "exit_passed", by=None)
    for key in gap.PILES:
        for row in gap.rows_in(Transition.objects.all(), key, today):
            if key != "unanswered" or any(offer.status == "offered" and offer.answer_due_at < timezone.now() for offer in row.offers.all()):
                _tell_managers(row, key)


@daily("transitions.erase_what_is_due", lease=1800)
def erase_what_is_due(day: str) -> None:
    """Records and contact details whose time is over, and what broke off yesterday."""
    erasing.work_through(date.fromisoformat(day))


@daily("transitions.freeze_quarters", lease=900)
def freeze_quarters(day: str) -> None:
    """The figures of a quarter, once, three months after its end; on every other morning they are there already."""
    freezing.freeze_what_is_ripe(date.fromisoformat(day))


def _tell_managers(row: Transition, key: str) -> None:
    sides = {row.organisation_id, row.responsible_id, *(offer.organisation_id for offer in row.live_offers)} - {None}
    link = f"{reverse('transitions:gap')}?pile={key}"
    for person in managers_of(sides):
        once = f"gap:{key}:{row.pk}:{row.next_due_on}:{person.pk}"
        tell(Telling(person, f"transitions.gap_{key}", link), once=once)


@job("transitions.mail_guest", lease=60)
def mail_guest(guest: str, serial: int) -> None:
    """The link of this serial, unless a newer one was asked for or the door is shut. It names nobody and says nothing."""
    row = Guest.objects.select_related("offer__transition").filter(pk=guest, serial=serial).first()
    if row is None or not guests.is_open(row):
        return
    body = _(
        "A support service asks you something. To read it, open this link and type the code that they tell you on the telephone:"
        "\n\n%(link)s\n\n"
        "It works once. If you do not know what this is about, do nothing."
    ) % {"link": guests.link_of(row)}
    send_mail(_("A question for your service"), body, None, [guests.mailbox_of(row)])
