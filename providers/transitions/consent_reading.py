"""What pages about agreements show: who agreed to what, towards whom, in which state now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from providers.transitions import consents, needs
from providers.transitions.codes import Item, Purpose
from providers.transitions.models import ConsentItem, Offer, Transition
from providers.transitions.models.agreement import State

TONES = {State.GIVEN: "good", State.INDEFINITE: "good", State.EXPIRED: "care", State.WITHDRAWN: "danger", State.ABSENT: "plain"}


@dataclass(frozen=True)
class Line:
    """One item towards one receiver. ``rows``: all agreements about it, the newest first."""

    key: str
    item: str
    state: State
    rows: tuple[ConsentItem, ...]

    @property
    def label(self) -> str:
        """What it is called."""
        return str(Item(self.item).label)

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return TONES[self.state]

    @property
    def until(self) -> date | None:
        """The day that the newest names."""
        return self.rows[0].consent.until

    @property
    def newest(self) -> ConsentItem:
        """The agreement that decides."""
        return self.rows[0]

    @property
    def may_withdraw(self) -> bool:
        """Whether there is anything to take back: also what has run out may have been read."""
        return self.state in {State.GIVEN, State.INDEFINITE, State.EXPIRED}


@dataclass(frozen=True)
class Agreement:
    """Everything towards one receiver for one purpose."""

    receiver: str
    purpose: str
    lines: tuple[Line, ...]


def agreements(transition: Transition, at: datetime, *, towards: Any = None) -> list[Agreement]:
    """All of them, by receiver and purpose. ``towards``: an organisation's id, to see only its own. One query."""
    items = ConsentItem.objects.of(transition).select_related("consent__explained_by").order_by("-consent__given_at")
    if towards is not None:
        items = items.filter(consent__organisation=towards)
    rows = list(items)
    states = consents.states(rows, at)
    groups: dict[tuple[str, str], dict[str, list[ConsentItem]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[receiver_of(row), row.consent.purpose][row.item].append(row)
    return [
        Agreement(receiver, str(Purpose(purpose).label), tuple(_lines(found, states)))
        for (receiver, purpose), found in sorted(groups.items(), key=lambda group: group[0])
    ]


def _lines(found: dict[str, list[ConsentItem]], states: Any) -> Iterable[Line]:
    for code in Item.values:
        if code in found:
            row = found[code][0]
            consent = row.consent
            state = states[consent.organisation_id, consent.offer_id, consent.purpose, code]
            yield Line(str(row.pk), code, state, tuple(found[code]))


def receiver_of(row: ConsentItem) -> str:
    """To whom, in words."""
    organisation = row.consent.organisation
    return organisation.name if organisation else _("The receiver without an account")


def receiver_of_offer(offer: Offer) -> str:
    """To whom an offer goes, in words."""
    return offer.organisation.name if offer.organisation else _("The receiver without an account")


def now() -> datetime:
    """The instant of this page."""
    return timezone.now()


def shown(item: str, value: Any) -> list[tuple[str, str]]:
    """The content of a section as pairs of words, whatever shape it was sealed in. Never markup: templates escape it."""
    if not isinstance(value, dict):
        return [("", _text(value))]
    known = {question.key for question in needs.QUESTIONS.get(item, ())}
    rest = {name: inner for name, inner in value.items() if name not in known and inner not in (None, "", [], {})}
    asked = [(str(label), said) for label, said in needs.words_of(item, value)]
    return asked + [(_words(name), _text(inner)) for name, inner in rest.items()]


def _words(name: Any) -> str:
    return str(name).replace("_", " ").capitalize()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{_words(name)}: {_text(inner)}" for name, inner in value.items())
    return str(value)
