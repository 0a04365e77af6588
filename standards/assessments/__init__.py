"""A service assesses itself: answers, evidence, actions, review."""
