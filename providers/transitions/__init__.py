"""A survivor moves on: exactly one organisation is responsible at every moment, and she decides what is shared."""
