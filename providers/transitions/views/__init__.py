"""Pages of transitions."""
