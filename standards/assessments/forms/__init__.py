"""Shape of what people send about self-assessments, a module for each part of the work."""
