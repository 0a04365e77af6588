"""How every figure was worked out, in words, from the frozen scores. Nothing is worked out again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

Raw = Mapping[str, Any]


def completeness(score: Raw) -> int:
    """Answered of what asks for an answer, in percent, rounded down: the rule of ``scoring.Score``."""
    asked = score["applicable"] + score["excluded"]
    return 100 if not asked else (score["answered"] + score["excluded"]) * 100 // asked


def standard(score: Raw) -> str:
    """A standard: points, and what holds it down."""
    if score["percent"] is None:
        return _("Nothing is scored yet.")
    said = _("%(earned)s of %(possible)s points: %(percent)s%%.") % {**score, "percent": _percent(score["uncapped"])}
    if score["capped_by"]:
        held = {"percent": score["percent"], "codes": ", ".join(score["capped_by"])}
        said += " " + _("Held at %(percent)s%% by a critical gap: %(codes)s.") % held
    if score["excluded"]:
        said += " " + _("Left out because it does not apply: %(count)s.") % {"count": score["excluded"]}
    if score["answered"] < score["applicable"]:
        said += " " + _("Still without an answer: %(count)s.") % {"count": score["applicable"] - score["answered"]}
    return said


def mean(parts: Iterable[Raw]) -> str:
    """A chapter or the whole: the mean of what was scored."""
    scored = [f"{part['code']} {part['percent']}%" for part in parts if part["percent"] is not None]
    return _("The mean of %(parts)s.") % {"parts": ", ".join(scored)} if scored else _("Nothing is scored yet.")


def method(rules: Raw) -> tuple[str, ...]:
    """The rules that were in force."""
    return (
        _("Not met counts 0, partly met 1, mostly met 2, fully met 3. A standard is the sum of weight times score, of the most possible."),
        _("A critical indicator that is not met holds its standard at %(low)s%%, one that is partly met at %(middle)s%%.")
        % {"low": rules["caps"]["not_met"], "middle": rules["caps"]["partly_met"]},
        _("A chapter is the mean of its standards, the whole the mean of its chapters. What is unanswered is not counted as zero."),
        _("This is the service's own judgement. It is not a rating and is not published."),
    )


def _percent(fraction: str | None) -> int:
    upper, _slash, lower = (fraction or "0/1").partition("/")
    return (int(upper) * 200 + int(lower)) // (2 * int(lower))
