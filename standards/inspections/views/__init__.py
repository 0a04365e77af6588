"""Pages of inspections, by part of the work."""
