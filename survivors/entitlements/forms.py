"""Answers of the plain form. They live for one request: nothing is stored, nothing is logged."""

from collections.abc import Mapping

from survivors.entitlements.content import value_code
from survivors.entitlements.rules import rule_book


def given(answers: Mapping[str, str]) -> dict[str, object]:
    """Facts out of posted answers. Empty ones were not given; what is not a known answer counts as not given either."""
    facts: dict[str, object] = {}
    for name, fact in rule_book().facts.items():
        posted = answers.get(name, "")
        for value in fact.values:
            if posted == value_code(value):
                facts[name] = value
    return facts
