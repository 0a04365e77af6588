"""Pages of transitions: records, dates and checklist, offers, the board, guests."""
