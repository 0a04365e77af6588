"""How sure we are of a statement: the marks A to D of the research on entitlements. Pure."""

MARKS = (
    ("A", "A: read in an official text"),
    ("B", "B: read in a reputable secondary text"),
    ("C", "C: background knowledge, not read again"),
    ("D", "D: sources conflict, or the rule is moving"),
)
UNSETTLED = frozenset("CD")


def worst(*marks: str) -> str:
    """The least sure of ``marks``; empty ones do not count. ``"D"`` when none is given: what is unmarked is not settled."""
    return max((mark for mark in marks if mark), default="D")


def is_settled(mark: str) -> bool:
    """Whether a statement with this mark may stand as a fact. Source: docs/writing-pages.md, "Marks"."""
    return mark not in UNSETTLED
