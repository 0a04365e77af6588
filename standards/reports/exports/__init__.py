"""A rendition as a file: one content, several formats."""
