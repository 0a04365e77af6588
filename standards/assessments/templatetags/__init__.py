"""Tags of self-assessments."""
