"""Puts together what two people did to the same words without seeing each other. Pure: plain values in, plain values out.

What only one side changed is taken from that side. What both changed is a conflict: nobody is overwritten, a person chooses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MISSING = object()  # a value that nothing is the same as: of a field whose earlier state nobody knows


@dataclass(frozen=True)
class Merged:
    """``values``: as it should stand, where nothing is in conflict. ``conflicts``: fields for a person to choose, in their order."""

    values: dict[str, Any]
    conflicts: tuple[str, ...]


def plain(value: Any) -> Any:
    """A value as it is compared: the order of a list, the ends of lines and blanks around a text say nothing."""
    if isinstance(value, list | tuple):
        return frozenset(str(one) for one in value)
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in value.replace("\r\n", "\n").split("\n")).strip()
    return value


def is_same(one: Any, other: Any) -> bool:
    """Whether two values say the same. A tick is never a number."""
    return type(plain(one)) is type(plain(other)) and bool(plain(one) == plain(other))


def all_same(one: Mapping[str, Any], other: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Whether two sets of values say the same in all these fields."""
    return all(is_same(one.get(name, MISSING), other.get(name, MISSING)) for name in names)


def merge(
    bases: Sequence[Mapping[str, Any]], mine: Mapping[str, Any], theirs: Mapping[str, Any], together: Iterable[tuple[str, ...]] = ()
) -> Merged:
    """``bases``: every state that I may have changed from. An answer that was lost leaves two: before the sending, and what was sent.

    I changed a field unless it is as in all of them; they did if it stands as in none. Without any, both did. ``together``: fields
    that only make sense as one: if each side changed another field of such a group, every one of them is a conflict.
    """
    values: dict[str, Any] = {}
    by_me: set[str] = set()
    by_them: set[str] = set()
    for name, their in theirs.items():
        known, my = [base.get(name, MISSING) for base in bases] or [MISSING], mine.get(name, their)
        if is_same(my, their):
            values[name] = their
            continue
        by_me |= set() if all(is_same(my, was) for was in known) else {name}
        by_them |= set() if any(is_same(their, was) for was in known) else {name}
        values[name] = my if name in by_me else their
    conflicts = by_me & by_them
    for group in together:
        if by_me & set(group) and by_them & set(group):
            conflicts |= (by_me | by_them) & set(group)
    return Merged(values, tuple(name for name in theirs if name in conflicts))
