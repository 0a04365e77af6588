"""B10, PERM-06: whatever happens in whatever order, a package holds an item only because of an agreement that stands or a disclosure.

The oracle keeps its own books, in plain lists, and knows nothing of the code under test.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from providers.transitions import consents, disclosing, package
from providers.transitions.codes import Item
from providers.transitions.consent_states import LONDON
from providers.transitions.models import ConsentItem, Disclosure, Offer
from tests.integration.providers.transitions import movers

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

ITEMS = ["health", "safety", "contact", "card"]
SEEN = {"steps": 0, "packages": 0, "items": 0}
LATE = frozenset({"contact", "card", "legal"})


class Book:
    """What was said, as a careful clerk would write it."""

    def __init__(self) -> None:
        self.given: list[tuple[str, datetime, Any]] = []
        self.taken_back: list[tuple[str, datetime]] = []
        self.going: set[str] = set()
        self.disclosed: list[list[Any]] = []  # item, from, until
        self.status = "accepted"

    def agrees(self, item: str, at: datetime) -> bool:
        """Whether an agreement stands at that instant."""
        said = sorted(
            (when, until) for name, when, until in ((n, w, u or date.max) for n, w, u in self.given) if name == item and when <= at
        )
        if not said:
            return False
        when, until = said[-1]
        is_taken_back = any(name == item and when <= taken <= at for name, taken in self.taken_back)
        return not is_taken_back and at.astimezone(LONDON).date() <= until

    def may_read(self, at: datetime) -> set[str]:
        """Everything that may be in the package."""
        if self.status not in {"offered", "accepted", "contact_confirmed"}:
            return set()
        agreed = {item for item in self.going if self.agrees(item, at) and not (self.status == "offered" and item in LATE)}
        return agreed | {item for item, since, until in self.disclosed if since <= at and (until is None or at < until)}


class Moves(RuleBasedStateMachine):
    """Agreeing, taking back, choosing, disclosing, reviewing and offers that change, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.cast, self.book = movers.world(), Book()

    @rule(item=st.sampled_from(ITEMS), days=st.integers(0, 5), until=st.none() | st.integers(0, 4))
    def agree(self, item: str, days: int, until: int | None) -> None:
        given_at = timezone.now() - timedelta(days=days)
        ends = None if until is None else given_at.astimezone(LONDON).date() + timedelta(days=until)
        movers.agreed(self.cast, item, given_at=given_at, until=ends, keep=False)
        self.book.given.append((item, given_at, ends))

    @rule(item=st.sampled_from(ITEMS))
    def take_back(self, item: str) -> None:
        rows = [row for row in ConsentItem.objects.of(self.cast.move) if row.item == item]
        consents.withdraw(self.cast.move, rows, by=self.cast.worker)
        for row in ConsentItem.objects.filter(pk__in=[row.pk for row in rows]):
            assert row.withdrawn_at is not None
            self.book.taken_back.append((item, row.withdrawn_at))
        if rows:
            self.book.going.discard(item)

    @rule(items=st.sets(st.sampled_from(ITEMS)))
    def choose(self, items: set[str]) -> None:
        now = timezone.now()
        is_fine = self.book.status in {"offered", "accepted", "contact_confirmed"} and all(self.book.agrees(item, now) for item in items)
        if is_fine:
            package.keep(self.cast.offer, items, by=self.cast.worker)
            self.book.going = items
        else:
            with pytest.raises(ValidationError):
                package.keep(self.cast.offer, items, by=self.cast.worker)

    @rule(item=st.sampled_from(ITEMS))
    def disclose(self, item: str) -> None:
        words: dict[str, Any] = {"basis": "safeguarding", "reason": "A threat tonight at the place.", "organisation": self.cast.receiver}
        found = disclosing.disclose(self.cast.move, [item], **words, by=self.cast.worker)
        self.book.disclosed.append([item, found.at, None])

    @rule(outcome=st.sampled_from(["upheld", "too_much", "not_upheld"]))
    def review(self, outcome: str) -> None:
        found = Disclosure.objects.filter(transition=self.cast.move, reviewed_at__isnull=True).order_by("at").first()
        if found is None:
            return
        disclosing.review(found, outcome, by=self.cast.manager)
        for line in self.book.disclosed:
            if line[1] == found.at and outcome != "upheld":
                line[2] = found.reviewed_at

    @rule(status=st.sampled_from(["offered", "accepted", "accepted", "contact_confirmed", "declined", "withdrawn"]))
    def offer_changes(self, status: str) -> None:
        Offer.objects.filter(pk=self.cast.offer.pk).update(status=status)
        self.book.status = status

    @invariant()
    def the_package_is_what_the_book_says(self) -> None:
        now = timezone.now()
        SEEN["steps"] += 1
        for at in (now, now + timedelta(days=2), now + timedelta(days=4), now - timedelta(days=1), now - timedelta(days=3)):
            found = package.package_for(self.cast.offer, at)
            items = {part.item for part in found.parts}
            assert items == self.book.may_read(at)
            words = str([part.value for part in found.parts])
            assert {item for item in Item.values if movers.CANARY.format(item) in words} == items
            SEEN["packages"] += 1
            SEEN["items"] += len(items)


def test_b10_no_item_ever_appears_without_an_agreement_that_stands_or_a_disclosure() -> None:
    run_state_machine_as_test(
        Moves, settings=settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    )
    print(f"steps {SEEN['steps']}, packages computed {SEEN['packages']}, items in them {SEEN['items']}")
    assert SEEN["packages"] > 300
    assert SEEN["items"] > 100
