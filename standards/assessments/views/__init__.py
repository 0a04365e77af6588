"""Pages of self-assessments, a module for each part of the work."""
