"""Taking an assessment away: who may, what the worker makes, and how long it is kept."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from portal.audit import working
from portal.audit.models import Event, Job
from providers.organisations.models import Membership
from standards.assessments.exports import making
from standards.assessments.exports.gathering import document_for
from standards.assessments.models import Assessment, Share
from tests.builders import sign_in
from tests.integration.standards import plans
from tests.integration.standards.full import Full

pytestmark = pytest.mark.django_db


@pytest.fixture
def full() -> Full:
    return Full()


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "exports"


def address(full: Full, tail: str = "") -> str:
    return f"/workspace/assessments/{full.assessment.pk}/exports/{tail}"


def people(full: Full) -> dict[str, User]:
    harbour = full.service.organisation
    return {
        "mary": full.mary, "joe": full.joe, "rita": plans.person("rita", harbour, Role.READER),
        "rival": plans.person("rival", plans.provider()),
        "nobody": plans.person("nobody"),
    }  # fmt: skip


@pytest.mark.parametrize(("who", "status"), [("mary", 200), ("rita", 200), ("rival", 404), ("nobody", 404)])
@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_perm_16_who_may_read_it_may_take_it(full: Full, who: str, status: int, kind: str) -> None:
    answer = sign_in(people(full)[who]).get(address(full, f"now/{kind}/"))
    assert answer.status_code == status
    assert Event.objects.filter(verb="assessments.assessment.export").count() == (1 if status == 200 else 0)
    if status == 200:
        assert answer["Cache-Control"].startswith("no-store")
        assert answer["Content-Disposition"].startswith('attachment; filename="waymark-')


@pytest.mark.parametrize("tail", ["now/pdf/", "now/exe/", "order/csv/", "order/xyz/"])
def test_formats_that_do_not_exist_there(full: Full, tail: str) -> None:
    client = sign_in(full.mary)
    ask: Callable[..., Any] = client.post if tail.startswith("order") else client.get
    assert ask(address(full, tail)).status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_c40_a_slow_format_is_made_by_the_worker_and_fetched(full: Full, store: Path, kind: str) -> None:
    client = sign_in(full.mary)
    waiting = client.post(address(full, f"order/{kind}/"))
    assert waiting.status_code == 302
    page = client.get(waiting["Location"])
    assert "Look again" in page.content.decode()
    assert client.get(waiting["Location"] + "file/").status_code == 404
    working.run_due()
    assert "Download" in client.get(waiting["Location"]).content.decode()
    assert client.get(waiting["Location"], headers={"HX-Request": "true"}).content.decode().lstrip().startswith('<div id="export"')
    answer = client.get(waiting["Location"] + "file/")
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"%PDF" if kind == "pdf" else b"PK")
    assert [oct(path.stat().st_mode & 0o777) for path in store.iterdir()] == ["0o600"]


def test_c15_two_orders_are_two_files(full: Full, store: Path) -> None:
    client = sign_in(full.mary)
    addresses = {client.post(address(full, "order/docx/"))["Location"] for _time in range(3)}
    working.run_due()
    assert len(addresses) == 3
    assert len(list(store.iterdir())) == 3


def test_perm_07_a_role_that_ends_ends_the_order_too(full: Full, store: Path) -> None:
    client = sign_in(full.joe)
    early, late = (client.post(address(full, "order/docx/"))["Location"] for _time in range(2))
    making.make(**Job.objects.get(key=f"export:{early.rstrip('/').split('/')[-1]}").arguments)
    Membership.objects.filter(user=full.joe).update(ended_at=timezone.now())
    working.run_due()
    assert client.get(early + "file/").status_code == 404
    assert client.get(late).status_code == 404
    assert len(list(store.iterdir())) == 1, "the late one was never made (PERM-16)"


@pytest.mark.parametrize("who", ["joe", "rita", "rival"])
def test_nobody_collects_what_another_asked_for(full: Full, store: Path, who: str) -> None:
    where = sign_in(full.mary).post(address(full, "order/docx/"))["Location"]
    working.run_due()
    other = sign_in(people(full)[who])
    assert other.get(where).status_code == other.get(where + "file/").status_code == 404


def test_a_file_is_kept_for_a_day(full: Full, store: Path) -> None:
    client = sign_in(full.mary)
    where = client.post(address(full, "order/docx/"))["Location"]
    working.run_due()
    Job.objects.filter(key__startswith="export:").update(done_at=timezone.now() - timedelta(hours=25))
    assert client.get(where + "file/").status_code == 404
    assert "not kept any more" in client.get(where).content.decode()
    working.run_due(timezone.now() + timedelta(hours=25))
    assert list(store.iterdir()) == []


def test_int_05_making_it_twice_makes_one_file(full: Full, store: Path) -> None:
    sign_in(full.mary).post(address(full, "order/docx/"))
    arguments = Job.objects.get(key__startswith="export:").arguments
    making.make(**arguments)
    first = [path.stat().st_mtime_ns for path in store.iterdir()]
    making.make(**arguments)
    assert [path.stat().st_mtime_ns for path in store.iterdir()] == first


def test_a_failure_is_shown_as_a_failure(full: Full, store: Path) -> None:
    client = sign_in(full.mary)
    where = client.post(address(full, "order/docx/"))["Location"]
    Job.objects.filter(key__startswith="export:").update(failed_at=timezone.now())
    assert "could not be made" in client.get(where).content.decode()


def test_what_was_shared_is_taken_by_its_reader_until_it_is_not(full: Full) -> None:
    inspectorate = plans.provider("Inspectorate", Kind.INSPECTORATE)
    inspector = sign_in(plans.person("inspector", inspectorate, Role.INSPECTOR))
    assert inspector.get(address(full, "now/json/")).status_code == 404
    full.assessment.submit(by=full.joe)
    full.assessment.approve(by=full.mary)
    full.assessment.share([inspectorate], by=full.mary)
    assert inspector.get(address(full, "now/json/")).status_code == 200
    Share.objects.update(ended_at=timezone.now())
    assert inspector.get(address(full, "now/json/")).status_code == 404


def test_an_export_costs_the_same_queries_however_much_it_holds(full: Full, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(25):
        document_for(Assessment.objects.get(pk=full.assessment.pk), User.objects.get(pk=full.mary.pk))
