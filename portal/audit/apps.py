"""Starts the audit trail: imports every noun's ``notices.py`` and ``tasks.py``, and checks that every kind has its words."""

import ast
import inspect
import sys
from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, register
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    """The audit trail."""

    name = "portal.audit"

    def ready(self) -> None:
        """Once all models are there."""
        autodiscover_modules("notices", "tasks")
        register(kinds_have_words)


def kinds_have_words(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Every kind that is written in a ``Telling`` or a ``remind`` has been said."""
    from portal.audit.notices import SENTENCES  # models are not loaded when this module is

    return [
        Error(f"The notice “{kind}” has no words.", hint=f'say("{kind}", _("…")) in notices.py', obj=where, id="audit.E001")
        for where, kind in sorted(set(_kinds()))
        if kind not in SENTENCES
    ]


def _kinds() -> Iterator[tuple[str, str]]:
    from portal.audit.notices import TELLERS  # models are not loaded when this module is

    for name in {teller.__module__ for tellers in TELLERS.values() for teller in tellers}:
        for node in ast.walk(ast.parse(inspect.getsource(sys.modules[name]))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"Telling", "remind"}:
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                place = 0 if ast.unparse(node.func).endswith("remind") else 1
                value = given.get("kind") or (node.args[place] if len(node.args) > place else None)
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield name, value.value
