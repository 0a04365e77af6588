"""Pathways: reading a version from its file, checking it, keeping it. A version that is there never changes (C36)."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError

from providers.services.places import Nation
from providers.transitions.clocks import UNITS
from providers.transitions.codes import Trigger
from providers.transitions.models import Pathway, Transition

DATA = Path(__file__).parent / "data"
APPLIES = frozenset({"all", "if_needed", "no_home", "open_case", "asylum", "turning_18"})
BASES = frozenset({"official", "proposal"})
ORIGINS = frozenset({"trigger", "exit", "own", *Transition.Status.values})


def problems_of(read: Any) -> list[str]:
    """What is wrong with a file's content, in words for whoever wrote it."""
    if not isinstance(read, dict) or not {"version", "valid_from", "clocks", "checklist", "offers", "follow_up"} <= set(read):
        return ["version, valid_from, clocks, checklist, offers and follow_up are needed"]
    found = [f"clock {rule.get('key')}: {wrong}" for rule in read["clocks"] for wrong in _of_clock(rule)]
    found += [f"check {item.get('key')}: applies to nothing known" for item in read["checklist"] if item.get("applies") not in APPLIES]
    keys = [item.get("key") for item in read["checklist"]]
    found += [f"check {key}: twice" for key in {key for key in keys if keys.count(key) > 1}]
    return found + _twice(read["clocks"])


def _of_clock(rule: dict[str, Any]) -> list[str]:
    found = []
    if not isinstance(rule.get("count"), int) or rule.get("unit") not in UNITS:
        found.append("a whole number of days, working_days or years is needed")
    elif rule["unit"] == "working_days" and rule["count"] < 1:
        found.append("a number of working days is at least 1")
    if rule.get("from") not in ORIGINS:
        found.append("counted from nothing known")
    if rule.get("basis") not in BASES or (rule["basis"] == "official" and not (rule.get("mark") and rule.get("source"))):
        found.append("an official clock needs its mark and source; any other is a proposal")
    if not set(rule.get("triggers", ())) <= set(Trigger.values) or not set(rule.get("nations", ())) <= set(Nation.values):
        found.append("an unknown trigger or nation")
    if not set(rule.get("met_by", ())) <= set(Transition.Status.values):
        found.append("met by an unknown state")
    return found


def _twice(rules: list[dict[str, Any]]) -> list[str]:
    """Two rules of one key for the same trigger in the same nation would be two dates for one duty."""
    seen: set[tuple[str, str, str]] = set()
    found = []
    for rule in rules:
        for trigger in rule.get("triggers", Trigger.values):
            for nation in rule.get("nations", Nation.values):
                place = (str(rule.get("key")), trigger, nation)
                if place in seen:
                    found.append("clock {}: two rules for {} in {}".format(*place))
                seen.add(place)
    return found


def bring(text: str) -> tuple[Pathway, bool]:
    """Keep the version that ``text`` holds. Returns it, and whether it is new. Raises ``ValidationError``."""
    read = yaml.safe_load(text)
    if problems := problems_of(read):
        raise ValidationError(problems)
    content = {name: read[name] for name in ("clocks", "checklist", "offers", "follow_up")}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    fields = {"valid_from": read["valid_from"], "content": content, "sha256": digest}
    row, is_new = Pathway.objects.get_or_create(version=read["version"], defaults=fields)
    if row.sha256 != digest:
        raise ValidationError(f"Version {row.version} is there with other content. Transitions may run on it: write a new version.")
    return row, is_new


def files() -> list[Path]:
    """The versions that come with the portal, the first first."""
    return sorted(DATA.glob("pathway-*.yaml"), key=lambda path: int(path.stem.rpartition("-")[2]))


def in_force(day: date) -> Pathway:
    """The newest version that is valid on ``day``. Raises ``Pathway.DoesNotExist`` where none was brought."""
    row: Pathway = Pathway.objects.filter(valid_from__lte=day).latest("version")
    return row
