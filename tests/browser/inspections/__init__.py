"""Inspections in a real browser."""
