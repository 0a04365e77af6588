"""Limits on guessing: how many tries an account gets, counted in the database by one statement (AUTH-05, AUTH-06).

A count goes back to nothing only after a whole ``seconds`` without a counted try, so that no stretch of that length ever sees more
than ``most``, wherever it begins. Refused tries are not counted: they cannot keep the owner out longer.
"""

import hashlib
import time
from dataclasses import dataclass

from django.db import connection

from portal.accounts.models.tallies import Tally

TAKE = """
INSERT INTO accounts_tally (key, count, last_at) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN accounts_tally.last_at <= %(before)s THEN 1
                 WHEN accounts_tally.count > %(most)s THEN accounts_tally.count
                 ELSE accounts_tally.count + 1 END,
    last_at = CASE WHEN accounts_tally.last_at <= %(before)s OR accounts_tally.count < %(most)s THEN %(now)s
                   ELSE accounts_tally.last_at END
RETURNING count
"""


@dataclass(frozen=True)
class Limit:
    """At most ``most`` tries in any ``seconds``."""

    name: str
    most: int
    seconds: int

    def key(self, whom: str) -> str:
        """Under which this person's tries are counted: nobody can read from it whose they are."""
        return f"{self.name}:{hashlib.sha256(whom.encode()).hexdigest()}"

    def take(self, whom: str) -> bool:
        """Count one try. Whether it is still one of the allowed ones."""
        now = time.time()
        with connection.cursor() as cursor:
            cursor.execute(TAKE, {"key": self.key(whom), "now": now, "before": now - self.seconds, "most": self.most})
            row: tuple[int] = cursor.fetchone()
        return row[0] <= self.most

    def is_used_up(self, whom: str) -> bool:
        """Whether the next try would be refused. Counts nothing."""
        return Tally.objects.filter(key=self.key(whom), count__gte=self.most, last_at__gt=time.time() - self.seconds).exists()

    def forget(self, whom: str) -> None:
        """They have proved who they are."""
        Tally.objects.filter(key=self.key(whom)).delete()


PASSWORD = (Limit("password", 10, 5 * 60),)
CODE = (Limit("code", 5, 15 * 60), Limit("code-day", 10, 24 * 60 * 60))
RECOVERY = (Limit("recovery", 5, 15 * 60), Limit("recovery-day", 10, 24 * 60 * 60))


def take(limits: tuple[Limit, ...], whom: str) -> bool:
    """Count one try under each limit, the strictest first; whether all allow it. A refused one is not counted under the next."""
    return all(limit.take(whom) for limit in limits)


def is_used_up(limits: tuple[Limit, ...], whom: str) -> bool:
    """Whether any of them refuses the next try."""
    return any(limit.is_used_up(whom) for limit in limits)


def forget(limits: tuple[Limit, ...], whom: str) -> None:
    """Begin anew under all of them."""
    for limit in limits:
        limit.forget(whom)
