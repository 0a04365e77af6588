"""The report of an inspection in real browsers."""
