"""The pathways that come with the portal, and the demo's transitions: pseudonymous, one of every stage, begun only once."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.accounts.models import User
from providers.organisations.models import Organisation
from providers.services.models import Service
from providers.transitions import beginning, checklists, offering, package, pathways, sections
from providers.transitions.beginning import Start
from providers.transitions.codes import Destination, Item, Trigger
from providers.transitions.models import Consent, ConsentItem, Offer, Transition

SENDER, RECEIVER = "assessor@harbour.example", "manager@rowan.example"
NEEDS: dict[str, dict[str, Any]] = {
    Item.CONTACT: {
        "channels": ["call", "text"], "details": "demo: no number", "days": [0, 1, 2, 3, 4], "from": "10:00", "to": "16:00",
        "voicemail": False, "letters": False, "code_word": "blue door",
    },
    Item.LANGUAGE: {"language": "ti", "interpreter": "woman", "reads": True},
    Item.HEALTH: {"needs": ["medicine", "sleep"]},
    Item.SAFETY: {"needs": ["unsafe_area", "no_sharing"]},
    Item.WISHES: {"wishes": ["english", "work"], "words": ""},
}  # fmt: skip
AGREED = (Item.LANGUAGE, Item.HEALTH, Item.SAFETY)


@dataclass(frozen=True)
class Sample:
    """One transition of the demo: how it began, and how far it went (a name in ``STAGES``)."""

    trigger: str
    days_ago: int
    destination: str
    stage: str


SAMPLES = (
    Sample(Trigger.OWN_WISH, 1, "", "draft"),
    Sample(Trigger.CG_POSITIVE, 10, Destination.PRIVATE_RENTED, "planning"),
    Sample(Trigger.CG_POSITIVE, 12, Destination.LONGER_TERM, "consented"),
    Sample(Trigger.CG_POSITIVE, 20, Destination.LONGER_TERM, "offered"),
    Sample(Trigger.ASYLUM_GRANTED, 18, Destination.SUPPORTED, "accepted"),
    Sample(Trigger.CG_NEGATIVE, 8, Destination.ASYLUM_S95, "moved"),
    Sample(Trigger.CG_POSITIVE, 40, Destination.LONGER_TERM, "met"),
)


def seed() -> str:
    """Bring every version of the pathway that is not there yet. One that is there must be the same."""
    done = [pathways.bring(path.read_text(encoding="utf-8")) for path in pathways.files()]
    return f"pathways: {sum(is_new for _row, is_new in done)} added, {len(done)} in all"


def demo() -> str:
    """Only where there is no transition at all: what somebody did in the demo stays."""
    worker, other = (User.objects.filter(email=email).first() for email in (SENDER, RECEIVER))
    if worker is None or other is None or Transition.objects.exists():
        return "transitions: as they were"
    service = Service.objects.filter(organisation__name="Harbour Trust", name="Lantern").get()
    receiver = Organisation.objects.get(name="Rowan House")
    for sample in SAMPLES:
        _walk(sample, service, receiver, worker, other)
    return f"transitions: {len(SAMPLES)} begun"


def _walk(sample: Sample, service: Service, receiver: Organisation, worker: User, other: User) -> None:
    """From the beginning to the stage of the sample, by the steps that people take."""
    start = Start(service, sample.trigger, timezone.localdate() - timedelta(days=sample.days_ago), sample.destination)
    row = beginning.begin(start, key=uuid.uuid4(), by=worker)
    state: dict[str, Offer] = {}

    def agreed() -> None:
        _agreement(row, receiver, worker)
        row.agree("recorded", by=worker)

    def offered() -> None:
        state["offer"] = offering.send(row, receiver, by=worker)
        package.keep(state["offer"], AGREED, by=worker)

    def moved() -> None:
        _fresh(row).book(timezone.localdate(), by=worker)
        _tick(row, worker)
        _fresh(row).move(by=worker)

    def planning() -> None:
        _write(row, worker)
        row.plan(by=worker)

    acts: dict[str, Callable[[], Any]] = {
        "planning": planning,
        "consented": agreed,
        "offered": offered,
        "accepted": lambda: offering.take(state["offer"], "accept", timezone.localdate(), by=other),
        "moved": moved,
        "met": lambda: offering.take(state["offer"], "confirm_contact", timezone.now(), by=other),
    }
    if sample.stage in acts:
        for name, act in acts.items():
            act()
            if name == sample.stage:
                return


def _fresh(row: Transition) -> Transition:
    found: Transition = Transition.objects.get(pk=row.pk)
    return found


def _write(row: Transition, by: User) -> None:
    for item, value in NEEDS.items():
        sections.write(row, item, value, base=0, by=by)


def _agreement(row: Transition, receiver: Organisation, by: User) -> None:
    consent = Consent._base_manager.create(
        transition=row, purpose="hand_over", organisation=receiver, given_at=timezone.now(), form="spoken", language="ti", interpreter=True,
        explained_by=by, until=timezone.localdate() + timedelta(days=90),
    )  # fmt: skip
    ConsentItem._base_manager.bulk_create(ConsentItem(consent=consent, item=item) for item in AGREED)


def _tick(row: Transition, by: User) -> None:
    for check in _fresh(row).checks.filter(state="open"):
        is_optional = checklists.may_be_not_needed(check)
        checklists.answer(check, "not_needed" if is_optional else "done", "no_need" if is_optional else "", base=check.version, by=by)
