"""The services of an organisation: what kind, in which nation and region. Never an address."""
