"""Reads a frozen copy: its figures as scoring gave them, and what each audience sees of it. Nothing is worked out again."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language

from standards.assessments import scoring

Content = Mapping[str, Any]

# What an audience reads of an answer. Who wrote it, its drafts, the division of work and remarks are not among it.
SHOWN_OF_ANSWER = ("value", "comment", "confidence", "no_action")
SHOWN_OF_EVIDENCE = ("kind", "title", "shows", "period_start", "period_end", "review_on")
SHOWN_OF_ACTION = ("what", "owner_role", "start_on", "due_on", "priority", "status")
SHOWN = ("format", "assessment", "organisation", "service", "edition", "scores", "rules")


def result_of(content: Content) -> scoring.Result:
    """The figures of the copy, as they were worked out then."""
    scores = content["scores"]
    whole = _score(scores["whole"] | {"parts": scores["chapters"]})
    items = {row["code"]: _item(chapter, standard, row) for chapter, standard, row in rows_of(content)}
    return scoring.Result(whole, tuple(items[code] for code in scores["critical_gaps"]))


def rows_of(content: Content) -> Iterable[tuple[Content, Content, Content]]:
    """Chapter, standard and indicator of every answer, in reading order."""
    return (
        (chapter, standard, row) for chapter in content["chapters"] for standard in chapter["standards"] for row in standard["indicators"]
    )


def words(thing: Content, field: str) -> str:
    """The words of ``field`` as they stood then, in the reader's language if the copy has it."""
    own = thing.get(f"{field}_{get_language()}", "")
    return str(own or thing[field])


def for_audience(content: Content) -> dict[str, Any]:
    """What those read with whom it was shared: a list of what they see, so that nothing new is shown by forgetting it."""
    assessment = {name: content["assessment"][name] for name in ("id", "title", "revision", "period_start", "period_end")}
    shown = {name: content[name] for name in SHOWN} | {"assessment": assessment, "sent": {"at": content["sent"]["at"]}}
    shown["chapters"] = [
        chapter
        | {
            "standards": [
                standard | {"indicators": [row | {"answer": _shown(row["answer"])} for row in standard["indicators"]]}
                for standard in chapter["standards"]
            ]
        }
        for chapter in content["chapters"]
    ]
    return shown


def dated(content: Any) -> Any:
    """The copy with its dates as dates, so that templates write them as everywhere else."""
    if isinstance(content, Mapping):
        return {name: _when(name, value) for name, value in content.items()}
    if isinstance(content, list):
        return [dated(part) for part in content]
    return content


def _when(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return dated(value)
    if name.endswith(("_on", "period_start", "period_end")):
        return parse_date(value)
    return parse_datetime(value) if name == "at" or name.endswith("_at") else value


def _shown(answer: Content) -> dict[str, Any]:
    shown = {name: answer[name] for name in SHOWN_OF_ANSWER}
    if shown["no_action"]:
        shown["no_action"] = {"reason": answer["no_action"]["reason"]}
    shown["evidence"] = [{name: item[name] for name in SHOWN_OF_EVIDENCE} | {"files": []} for item in answer["evidence"]]
    shown["actions"] = [{name: action[name] for name in SHOWN_OF_ACTION} for action in answer["actions"]]
    return shown


def _item(chapter: Content, standard: Content, row: Content) -> scoring.Item:
    return scoring.Item(row["code"], standard["code"], chapter["code"], row["answer"]["value"], row["weight"], row["critical"])


def _score(node: Content) -> scoring.Score:
    return scoring.Score(
        node["code"], _fraction(node["exact"]), node["answered"], node["applicable"], node["excluded"], tuple(node["capped_by"]),
        _fraction(node["uncapped"]), node["earned"], node["possible"], tuple(_score(part) for part in node["parts"]),
    )  # fmt: skip


def _fraction(written: str | None) -> Fraction | None:
    return None if written is None else Fraction(written)
