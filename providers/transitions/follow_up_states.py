"""Follow-up after the move (7.6, 7.7): when she is asked, what, and what may be concluded from answers and from silence. Pure.

Silence concludes nothing: neither that she is well nor that she is not. Only three attempts in the agreed way, at different times
over five working days, mean that contact is lost; only her own word at six or twelve months means that she is stable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.calendar.working_days import Calendar, add_working_days

LONDON = ZoneInfo("Europe/London")
POINTS = ("48h", "7d", "28d", "56d", "3m", "6m", "12m")  # the proposal of 7.6; she may choose fewer
LASTING = frozenset({"6m", "12m"})
DAYS: Mapping[str, int] = {"48h": 2, "7d": 7, "28d": 28, "56d": 56}
MONTHS: Mapping[str, int] = {"3m": 3, "6m": 6, "12m": 12}
QUESTIONS = ("safe", "place", "doctor", "food", "person")
ANSWERS = ("yes", "partly", "no", "not_said")
OUTCOMES = ("housing", "safety", "support", "services", "purpose", "treatment", "education")  # the seven of the core outcome set
SCALE = ("1", "2", "3", "4", "5")
THEMES: Mapping[str, str] = {"safe": "safety", "place": "housing", "doctor": "health", "food": "money"}  # what a "no" is a sign of
ATTEMPTS, OVER = 3, 5  # how often, and over how many working days
APART = timedelta(hours=3)  # two attempts nearer to each other are the same time of day


def due_on(moved_on: date, point: str) -> date:
    """The day of a point. Months are calendar months; the last day of a shorter month stands for a day that it does not have."""
    if point in DAYS:
        return moved_on + timedelta(days=DAYS[point])
    months = moved_on.month - 1 + MONTHS[point]
    year, month = moved_on.year + months // 12, months % 12 + 1
    for day in range(moved_on.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, min(moved_on.day, 28))


@dataclass(frozen=True)
class Answered:
    """What she said at one point. ``stable``: in her own view things are and stay well; only asked at six and twelve months."""

    point: str
    answers: Mapping[str, str]
    stable: str = ""

    @property
    def risks(self) -> tuple[str, ...]:
        """Themes in which she said no. To be dealt with on the same day."""
        return tuple(theme for question, theme in THEMES.items() if self.answers.get(question) == "no")


def problems(point: str, content: Mapping[str, Any]) -> list[str]:
    """What is wrong with the content of a follow-up before it is sealed: codes only, the lists of this module."""
    found = []
    answers = content.get("answers") or {}
    if not set(answers) <= set(QUESTIONS) or not set(answers.values()) <= set(ANSWERS):
        found.append("answers")
    if not any(answer in {"yes", "partly", "no"} for answer in answers.values()):
        found.append("silence")  # nothing answered is no answer: it is an attempt
    outcomes = content.get("outcomes") or {}
    if not set(outcomes) <= set(OUTCOMES) or not set(outcomes.values()) <= set(SCALE):
        found.append("outcomes")
    if content.get("stable", "") not in {"", "yes", "no"} or (content.get("stable") and point not in LASTING):
        found.append("stable")
    return found


def may_be_called_stable(answered: Iterable[Answered]) -> bool:
    """Whether "sustained" may be said: her newest answer at six or twelve months says so, and no answer in it is a no."""
    lasting = [answer for answer in answered if answer.point in LASTING and answer.answers]
    newest = max(lasting, key=lambda answer: POINTS.index(answer.point), default=None)
    return newest is not None and newest.stable == "yes" and not newest.risks


@dataclass(frozen=True)
class Tried:
    """One attempt. ``result``: reached, no_answer, unsafe or wrong."""

    at: datetime
    result: str


def failed_since_reached(attempts: Iterable[Tried]) -> list[Tried]:
    """The attempts after the last time somebody spoke to her, the oldest first."""
    found: list[Tried] = []
    for attempt in sorted(attempts, key=lambda one: one.at):
        found = [] if attempt.result == "reached" else [*found, attempt]
    return found


def contact_is_lost(attempts: Iterable[Tried], now: datetime, calendar: Calendar) -> bool:
    """Three attempts at three different times of day, and five working days since the first of them have passed."""
    failed = failed_since_reached(attempts)
    if not failed or not _different_times(failed):
        return False
    last_day = add_working_days(failed[0].at.astimezone(LONDON).date(), OVER, calendar)
    return now.astimezone(LONDON).date() >= last_day


def _different_times(failed: list[Tried]) -> bool:
    """Whether ``ATTEMPTS`` of them lie on different days or hours apart: the same minute three times is one attempt."""
    kept: list[datetime] = []
    for attempt in failed:
        if all(_differs(attempt.at, other) for other in kept):
            kept.append(attempt.at)
    clocks = {attempt.astimezone(LONDON).hour // 3 for attempt in kept}
    return len(kept) >= ATTEMPTS and len(clocks) >= 2


def _differs(one: datetime, other: datetime) -> bool:
    return abs(one - other) >= APART
