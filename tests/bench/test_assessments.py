"""What self-assessments cost: queries, and the server's time from request to answer. Prints one table with the bars beside.

Queries are asserted, for they are the same on every machine; times are printed only. "Peer" is the leading open-source compliance
platform as it was measured for the specification: its list, one save and its PDF, on the same kind of machine.
"""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.roles import Role
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.assessments.exports import making
from standards.assessments.exports.gathering import document_for
from standards.assessments.models import Assessment, EvidenceUse, Remark
from standards.catalogue.models import Edition
from standards.evidence.models import Evidence
from tests import builders
from tests.bench.test_exports import full_assessment
from tests.integration.standards.assessments import asked
from tests.integration.standards.assessments.cast import evidence

pytestmark = pytest.mark.django_db
RUNS, SAVES, PDFS = 15, 60, 3
ROWS = 5_000


@dataclass(frozen=True)
class Line:
    """One measurement beside its bar. ``peer``: queries and milliseconds of the other platform, where it was measured."""

    name: str
    queries: int | None
    ms: float
    cpu: float
    bar_queries: int | None = None
    bar_ms: float | None = None
    peer: tuple[int | None, float] | None = None

    def __str__(self) -> str:
        bar = f"{self.bar_ms:8,.0f} {self.ms / self.bar_ms:6.2f}" if self.bar_ms else f"{'–':>8} {'–':>6}"
        peer = f"{self.peer[0] or '–':>5} {self.peer[1]:7,.0f} {self.peer[1] / self.ms:6.1f}x" if self.peer else ""
        return f"{self.name:44} {self.queries or '–':>7} {self.bar_queries or '–':>5} {self.ms:9,.1f} {self.cpu:7,.1f} {bar}  {peer}"


HEAD = f"\n{'':44} {'queries':>7} {'bar':>5} {'median ms':>9} {'of CPU':>7} {'bar':>8} {'of bar':>6}  {'peer: queries, ms, times ours':>20}"


def measured(act: Callable[[int], Any], runs: int = RUNS) -> tuple[int, float, float]:
    """Queries, and the medians of ``runs``: milliseconds on the clock and of this process's own work (which others on the machine do
    not lengthen). ``act`` is told which run it is. The first one warms up and is counted nowhere.
    """
    act(0)
    with CaptureQueriesContext(connection) as queries:
        act(1)
        count = len(queries)
    times, work = [], []
    for run in range(2, runs + 2):
        begun, worked = time.perf_counter(), time.process_time()
        act(run)
        times.append((time.perf_counter() - begun) * 1000)
        work.append((time.process_time() - worked) * 1000)
    return count, statistics.median(times), statistics.median(work)


def opened(client: Client, address: str) -> Callable[[int], None]:
    """Reads a page."""

    def act(_run: int) -> None:
        reply = client.get(address)
        assert reply.status_code == 200
        assert reply.content.endswith(b"</html>\n")

    return act


def filled(row: Assessment, by: Any) -> Assessment:
    """Everything that can stand on a page stands there: words, evidence under every answer, a remark on every third."""
    row.answers.update(value="mostly_met", comment="We look each week. " * 12, answered_by=by, version=1)
    for at, answer in enumerate(row.answers.all()):
        evidence(answer, by)
        if at % 3 == 0:
            Remark.objects.create(assessment=row, organisation_id=row.organisation_id, answer=answer, text="Say more.", by=by)
    return row


def pages(client: Client, name: str, row: Assessment) -> list[Line]:
    """All questions on one page, the overview, and one chapter."""
    chapter = row.answers.in_order().values_list("indicator__standard__chapter__code", flat=True)[0]
    addresses = {
        "all questions": reverse("assessments:all_answers", args=[row.pk]),
        "overview": reverse("assessments:overview", args=[row.pk]),
        "one chapter": reverse("assessments:chapter", args=[row.pk, chapter]),
    }
    return [
        Line(f"{what}, {name}", *measured(opened(client, address)), bar_queries=15, bar_ms=150 if row.answers.count() <= 120 else None)
        for what, address in addresses.items()
    ]


def saving(client: Client, row: Assessment) -> Line:
    """One answer, other words each time, as the script sends them."""
    answer = row.answers.in_order()[0]
    base = answer.version

    def act(run: int) -> None:
        reply = asked.save(client, answer, base + run, comment=f"Words {run}. " + "We look each week. " * 12)
        assert (reply.status_code, reply.json()["version"]) == (200, base + run + 1)

    return Line("one answer saved", *measured(act, SAVES), bar_queries=10, bar_ms=25, peer=(35, 90))


def many(organisation: Organisation, edition: Edition, author: Any) -> list[Service]:
    """Five thousand assessments of 40 services over ten years, each with an answer to all 120 indicators."""
    services = [builders.service(organisation, f"House {at}") for at in range(40)]
    states = ("draft", "in_review", "approved", "shared", "kept_private", "archived")
    Assessment.objects.bulk_create(
        Assessment(
            organisation=organisation, service=services[at % 40], service_kind=services[at % 40].kind, edition=edition, author=author,
            title=f"Spring {at}", period_start=f"{2016 + at % 10}-01-01", period_end=f"{2016 + at % 10}-12-31", status=states[at % 6],
        )
        for at in range(ROWS)
    )  # fmt: skip
    with connection.cursor() as cursor:  # 600,000 rows: made where they are needed
        cursor.execute(
            """INSERT INTO assessments_answer (id, assessment_id, indicator_id, value, comment, confidence, version)
               SELECT gen_random_uuid(), a.id, i.id, (ARRAY['not_met', 'partly_met', 'mostly_met', 'fully_met', ''])[1 + random() * 4],
                      repeat('We look each week. ', 12), 'described', 1
               FROM assessments_assessment a, catalogue_indicator i WHERE a.service_id = ANY(%s) AND i.edition_id = %s""",
            [[service.pk for service in services], edition.pk],
        )
        cursor.execute("ANALYZE assessments_assessment, assessments_answer")
    return services


def lists(client: Client, services: list[Service], edition: Edition) -> list[Line]:
    """The list as it opens, narrowed in several ways, and its last page."""
    asked_for = {
        "as it opens": "",
        "a service, a status, a year": f"service={services[4].pk}&status=draft&year=2020",
        "standards and words": f"edition={edition.pk}&text=spring+house+1",
        "words that none has": "text=nothing+of+the+kind",
        "the last page, by service": f"sort=service&page={ROWS // 25}",
    }
    return [
        Line(
            f"list of {ROWS:,}: {name}", *measured(opened(client, f"{reverse('assessments:index')}?{query}")),
            bar_queries=12, bar_ms=300, peer=(574, 576),
        )
        for name, query in asked_for.items()
    ]  # fmt: skip


def pdf() -> Line:
    """The tagged PDF of 120 answers with words, evidence and actions: what the worker does."""
    row, mary = full_assessment()

    def act(_run: int) -> None:
        assert making.KINDS["pdf"].make(document_for(row, mary), row.pk).startswith(b"%PDF")

    return Line("PDF of a full assessment", *measured(act, PDFS), bar_ms=5000, peer=(None, 6400))


def shipped() -> Edition:
    """All 120 indicators, as they are shipped."""
    if not Edition.objects.filter(code="scs-2018").exists():
        call_command("seed", verbosity=0)
    edition = Edition.objects.get(code="scs-2018")
    assert edition.indicators.count() == 120
    return edition


def test_c38_what_self_assessments_cost(capsys: pytest.CaptureFixture[str]) -> None:
    provider, edition = builders.organisation(), shipped()
    person = builders.member(provider, Role.MANAGER)
    client, service = builders.sign_in(person), builders.service(provider)
    whole = filled(asked.empty(service, edition, person), person)
    short, long = (filled(asked.empty(service, asked.edition(number), person), person) for number in (30, 300))
    lines = [*pages(client, "all 120 indicators", whole), saving(client, whole)]
    assert Evidence.objects.count() == EvidenceUse.objects.count() == 450
    few, lots = pages(client, "30 indicators", short), pages(client, "300 indicators", long)
    lines += [*few, *lots, *lists(client, many(provider, edition, person), edition), pdf()]
    with capsys.disabled():
        print("\n".join([HEAD, *map(str, lines)]))
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; times mean something below a load of 1")
    assert [line.queries for line in few] == [line.queries for line in lots], "the same for thirty questions as for three hundred"
    assert [line.name for line in lines if line.queries and line.bar_queries and line.queries > line.bar_queries] == []
