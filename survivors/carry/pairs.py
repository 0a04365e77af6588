"""Blocks of one page in two languages, side by side. Pure: the same block has the same id in every language."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class HasId(Protocol):
    """A block of a page."""

    @property
    def id(self) -> str: ...


Block = TypeVar("Block", bound=HasId)


def pairs(own: Sequence[Block], english: Sequence[Block]) -> list[tuple[Block | None, Block | None]]:
    """``own`` and ``english`` paired by id, in the order of ``own``. What stands on one side only has nothing beside it."""
    twins = {block.id: block for block in english}
    mine = {block.id for block in own}
    found: list[tuple[Block | None, Block | None]] = []
    waiting = list(english)
    for block in own:
        if block.id in twins:
            while waiting and waiting[0].id not in mine:  # English blocks without a twin keep their place
                found.append((None, waiting.pop(0)))
            waiting = [other for other in waiting if other.id != block.id]
        found.append((block, twins.get(block.id)))
    return found + [(None, block) for block in waiting]
