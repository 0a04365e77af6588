"""Pure parts of reports."""
