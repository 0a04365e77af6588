"""The organisations that support survivors (to come)."""
