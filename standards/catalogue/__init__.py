"""Frameworks, their editions, standards and indicators: data, immutable once in use."""
