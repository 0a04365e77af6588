"""Which question comes next. Pure; the browser does the same.

A question is asked only where it makes sense (``when`` of ``data/questions.yaml``) and only while some rule could still turn on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import yaml

from survivors.entitlements.rules import DATA, rule_book


@dataclass(frozen=True)
class Question:
    """A fact to ask for. ``when``: earlier fact → values for which the question makes sense."""

    fact: str
    when: Mapping[str, tuple[object, ...]]


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((DATA / "questions.yaml").read_text(encoding="utf-8"))
    return data


@cache
def questions() -> tuple[Question, ...]:
    """All questions in the order of asking."""
    rows = _data()["order"]
    return tuple(Question(row["fact"], MappingProxyType({name: tuple(v) for name, v in row.get("when", {}).items()})) for row in rows)


def ask_about(page: str) -> str:
    """The register's key of the service that knows most about what ``page`` says."""
    return str(_data()["ask"].get(page, "helpline"))


def makes_sense(question: Question, given: Mapping[str, object]) -> bool:
    """Whether the answers so far leave room for this question. What was not asked counts with its default."""
    facts = rule_book().complete(given)
    return all(facts[name] in values for name, values in question.when.items())


def next_question(given: Mapping[str, object]) -> Question | None:
    """The first question that was not answered or skipped, makes sense and can still change the outcome; ``None`` at the end."""
    for question in questions():
        if question.fact not in given and makes_sense(question, given) and rule_book().can_still_matter(question.fact, given):
            return question
    return None


@cache
def urgent_warnings() -> frozenset[str]:
    """Warnings that stand above everything else."""
    return frozenset(_data()["urgent_warnings"])
