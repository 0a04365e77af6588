"""Shape of what inspectors and their planners type, by part of the work."""
