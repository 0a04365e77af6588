"""Tests of the providers' room that need a database."""
