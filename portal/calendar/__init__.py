"""Working days of the three calendars of the United Kingdom, and deadlines counted in them. Pure: no database."""
