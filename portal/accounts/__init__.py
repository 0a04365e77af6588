"""People who sign in. Readers of the guide never do."""
