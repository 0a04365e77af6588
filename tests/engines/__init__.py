"""Browsers filmed from outside: what a person beside the reader would have seen, frame by frame."""
