"""The providers' room."""
