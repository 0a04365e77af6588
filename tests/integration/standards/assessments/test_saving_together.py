"""Many people save at the same moment, against the database of production: nothing is lost, nobody is overwritten unseen."""

import random
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection, connections, transaction

from portal.accounts.models import User
from standards.assessments.models import Answer, AnswerVersion, Assessment
from standards.assessments.saving import Outcome, Sent, Text, save
from tests.integration.standards.assessments import asked
from tests.integration.standards.assessments.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = (
    "assessments_", "actions_", "evidence_", "catalogue_", "services_", "organisations_", "audit_"
)  # fmt: skip


@pytest.fixture(autouse=True)
def _as_it_was(world: Cast) -> Any:
    """The seeded content stays: only what this test made is taken away again."""
    return


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run all at once, each on a connection of its own. What they gave back or raised."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(at: int) -> None:
        close_old_connections()
        try:
            gate.wait(30)
            results[at] = acts[at]()
        except (Sent, ValidationError) as problem:
            results[at] = problem  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results
