"""Pure rules of transitions."""
