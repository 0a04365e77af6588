"""The tone of a status: with its word it gives the shape and the colour of a chip. Pure data."""

TONES: dict[str, str] = {
    "draft": "plain",
    "in_review": "steady",
    "approved": "good",
    "shared": "good",
    "private": "plain",
    "kept_private": "plain",
    "archived": "plain",
    "returned": "care",
    "open": "steady",
    "in_progress": "steady",
    "done": "care",  # somebody else has to verify it
    "verified": "good",
    "cancelled": "plain",
    "active": "good",
    "paused": "care",
    "closed": "plain",
    "invited": "steady",
    "expired": "care",
    "failed": "danger",
    "overdue": "danger",
}

# One shape per tone, on a 16 × 16 grid: who cannot tell the colours apart tells the shapes.
SHAPES: dict[str, str] = {
    "plain": '<circle cx="8" cy="8" r="5"/>',
    "steady": '<circle cx="8" cy="8" r="5"/><path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor"/>',
    "good": '<path d="m3 9 3 3 7-8"/>',
    "care": '<path d="M8 3 2 13h12z"/>',
    "danger": '<path d="M3 3h10v10H3zM6 6l4 4M10 6l-4 4"/>',
}
