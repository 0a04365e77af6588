"""Puts together what two people did to the same words without seeing each other. Pure: plain values in, plain values out.

What only one side changed is taken from that side. What both changed is a conflict: nobody is overwritten, a person chooses.
"""

from collections.abc import Iterable, Mapping
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
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], together: Iterable[tuple[str, ...]] = ()
) -> Merged:  # fmt: skip
    """``base``: as both had seen it; a field that it lacks was changed by both. ``together``: fields that only make sense as one.

    If one side changed one field of such a group and the other side another, each differing field of the group is a conflict.
    """
    values: dict[str, Any] = {}
    conflicts: set[str] = set()
    by_me: set[str] = set()
    by_them: set[str] = set()
    for name in theirs:
        was, my, their = base.get(name, MISSING), mine.get(name, theirs[name]), theirs[name]
        if is_same(my, their):
            values[name] = their
            continue
        by_me |= set() if is_same(my, was) else {name}
        by_them |= set() if is_same(their, was) else {name}
        values[name] = my if name in by_me else their
    conflicts |= by_me & by_them
    for group in together:
        if by_me & set(group) and by_them & set(group):
            conflicts |= (by_me | by_them) & set(group)
    return Merged(values, tuple(name for name in theirs if name in conflicts))
