"""Shape of what is asked about reports."""
