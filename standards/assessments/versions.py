"""The history of one answer, as people read it: not every half sentence, but what somebody wrote in one sitting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from standards.assessments.differences import Piece, difference
from standards.assessments.models import Answer, AnswerVersion

SITTING = timedelta(minutes=10)  # a pause as long as this begins another
PAGE = 20


@dataclass(frozen=True)
class Sitting:
    """What one person wrote without a long pause. ``was`` is how it stood before, ``last`` how it ended after ``saves`` saves.

    Without ``is_taken`` it met somebody else's newer text, and was kept beside it.
    """

    was: AnswerVersion
    last: AnswerVersion
    saves: int

    @property
    def is_taken(self) -> bool:
        """Whether it became the answer."""
        return self.last.version is not None

    @property
    def is_value_new(self) -> bool:
        """Another value than before."""
        return self.was.value != self.last.value

    @property
    def is_confidence_new(self) -> bool:
        """It can be shown better, or worse."""
        return self.was.confidence != self.last.confidence

    @property
    def is_comment_new(self) -> bool:
        """Other words than before."""
        return self.was.comment != self.last.comment

    @property
    def changes(self) -> list[Piece]:
        """The words before and after, woven into one. Worked out only for what a page shows."""
        return difference(self.was.comment, self.last.comment)


def sittings(answer: Answer) -> list[Sitting]:
    """All of them, the newest first. One query, and one for what came along from last time."""
    was = AnswerVersion(confidence="none")
    if answer.carried_from:
        carried = answer.carried_from
        was = AnswerVersion(value=carried.value, comment=carried.comment, confidence=carried.confidence)
    found = []
    for group in _groups(answer.versions.select_related("by").order_by("at", "version")):
        found.append(Sitting(was, group[-1], len(group)))
        was = group[-1] if group[-1].version is not None else was
    return found[::-1]


def _groups(rows: Iterable[AnswerVersion]) -> list[list[AnswerVersion]]:
    groups: list[list[AnswerVersion]] = []
    for row in rows:
        last = groups[-1][-1] if groups else None
        if last and last.by_id == row.by_id and (last.version is None) == (row.version is None) and row.at - last.at < SITTING:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
