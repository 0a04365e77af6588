"""How she may be contacted, and what would break that. Pure: it blocks templates, exports, guests' pages and attempts alike.

Nothing agreed means nothing allowed. A rule that cannot be read counts as not agreed: a wrong call can cost a life, a call
that was not made can be made later.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Channel(StrEnum):
    """Ways to reach somebody."""

    CALL = "call"
    TEXT = "text"
    MESSENGER = "messenger"
    EMAIL = "email"
    LETTER = "letter"
    WORKER = "worker"  # through a person she trusts, who then speaks to her
    MEETING = "meeting"


class Breach(StrEnum):
    """Why a contact must not be made as intended."""

    NOTHING_AGREED = "nothing_agreed"
    CHANNEL = "channel"
    LETTERS = "letters"
    VOICEMAIL = "voicemail"
    DAY = "day"
    HOUR = "hour"
    CODE_WORD = "code_word"
    TELLS = "tells"


WRITTEN = frozenset({Channel.TEXT, Channel.MESSENGER, Channel.EMAIL, Channel.LETTER})
DISTURBING = frozenset({Channel.CALL, Channel.TEXT, Channel.MESSENGER, Channel.MEETING})  # at a wrong hour others notice them
# Word beginnings that show what a message is about. Whoever reads over her shoulder must learn nothing.
TELLING = re.compile(
    r"\b(?:slave|slavery|traffick|exploit|surviv|victim|nrm\b|national referral|safe\s?house|refuge|asylum|home office|police"
    r"|salvation army|support worker|immigration|conclusive|reasonable grounds|waymark|modern)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rules:
    """What she agreed. ``days``: 0 is Monday. ``code_word``: what the caller says first, so that she knows who it is."""

    channels: frozenset[Channel] = frozenset()
    voicemail: bool = False
    letters: bool = False
    days: frozenset[int] = frozenset(range(7))
    begins: time | None = None
    ends: time | None = None
    code_word: str = ""

    @property
    def is_agreed(self) -> bool:
        """Whether there is any way at all."""
        return bool(self.channels)

    @property
    def allowed(self) -> tuple[Channel, ...]:
        """The channels in the order of the list; letters only if they are allowed as well."""
        return tuple(channel for channel in Channel if channel in self.channels and (channel is not Channel.LETTER or self.letters))


@dataclass(frozen=True)
class Contact:
    """A contact as somebody intends it. ``message``: words that would be left or sent; ``knows_code``: the caller has the word ready."""

    channel: str
    at: datetime
    leaves_voicemail: bool = False
    message: str = ""
    knows_code: bool = False


def rules_of(value: Any) -> Rules:
    """The rules in the section "contact", as the form of the record seals it. What is missing or unreadable allows nothing.

    ``channels`` and ``days`` are lists (no day named: any day), ``from`` and ``to`` clock times (one alone: from or until then),
    ``voicemail`` and ``letters`` true or not, ``code_word`` a text.
    """
    if not isinstance(value, Mapping):
        return Rules()
    try:
        channels = frozenset(Channel(code) for code in value.get("channels") or ())
        days = frozenset(int(day) for day in value.get("days") or range(7))
        begins, ends = _clock(value.get("from")), _clock(value.get("to"))
    except (TypeError, ValueError, AttributeError):
        return Rules()
    if not days <= frozenset(range(7)):
        return Rules()
    if begins or ends:
        begins, ends = begins or time.min, ends or time.max
    return Rules(
        channels=channels, days=days, begins=begins, ends=ends, voicemail=value.get("voicemail") is True,
        letters=value.get("letters") is True, code_word=str(value.get("code_word") or ""),
    )  # fmt: skip


def _clock(written: Any) -> time | None:
    return time.fromisoformat(written) if written else None


def breaches(rules: Rules, contact: Contact) -> list[Breach]:
    """Everything about ``contact`` that would break what she agreed. Empty: it may be made."""
    if not rules.is_agreed:
        return [Breach.NOTHING_AGREED]
    found: list[Breach] = []
    if contact.channel not in rules.channels:
        found.append(Breach.CHANNEL)
    if contact.channel == Channel.LETTER and not rules.letters:
        found.append(Breach.LETTERS)
    if contact.leaves_voicemail and not rules.voicemail:
        found.append(Breach.VOICEMAIL)
    if contact.channel in DISTURBING:
        found += _untimely(rules, contact.at.astimezone(LONDON))
    if rules.code_word and contact.channel == Channel.CALL and not contact.knows_code:
        found.append(Breach.CODE_WORD)
    if contact.message and TELLING.search(contact.message):
        found.append(Breach.TELLS)
    return found


def _untimely(rules: Rules, local: datetime) -> list[Breach]:
    """Hours from ``begins`` to ``ends``; a span over midnight belongs to the day on which it begins."""
    if rules.begins is None or rules.ends is None:
        return [] if local.weekday() in rules.days else [Breach.DAY]
    clock, day = local.time().replace(tzinfo=None), local.weekday()
    if rules.begins <= rules.ends:
        in_time = rules.begins <= clock < rules.ends
    else:
        in_time = clock >= rules.begins or clock < rules.ends
        day = (day - 1) % 7 if clock < rules.ends else day
    return ([] if day in rules.days else [Breach.DAY]) + ([] if in_time else [Breach.HOUR])
