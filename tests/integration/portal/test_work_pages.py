"""The pages of notices, of the work in the background, and the history of a record."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from portal.audit import history, notices, working
from portal.audit.models import Job, Notice, NoticeChoice
from portal.audit.trail import record
from tests.builders import member, organisation, sign_in
from tests.integration.standards.plans import action_of, person, provider, service_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(notices.SENTENCES, "test.news", "There is news.")
    monkeypatch.setattr(working, "ring", lambda pk: True)


def notice_for(user: User, link: str = "/workspace/somewhere/") -> Notice:
    return Notice.objects.create(to=user, kind="test.news", link=link)


@pytest.fixture
def worker() -> User:
    return member(organisation(), Role.ASSESSOR)


@pytest.fixture
def administrator() -> User:
    return member(organisation(Kind.OFFICE), Role.ADMINISTRATOR)


# --- Notices ----------------------------------------------------------------------------------------------------------


def test_one_sees_ones_own_notices_and_nobody_elses(worker: User, administrator: User) -> None:
    notice_for(worker)
    notice_for(administrator, "/workspace/theirs/")
    page = sign_in(worker).get(reverse("audit:notices"))
    assert page.content.decode().count("There is news.") == 1
    assert "1 is new." in page.content.decode()


def test_nobody_is_sent_to_sign_in_and_nothing_is_written(worker: User) -> None:
    notice = notice_for(worker)
    for name, arguments in (("notices", []), ("open_notice", [notice.pk]), ("work", [])):
        assert Client().get(reverse(f"audit:{name}", args=arguments)).status_code == 302
    for name, arguments in (("open_notice", [notice.pk]), ("read_all", []), ("choose", []), ("retry", [notice.pk])):
        assert Client().post(reverse(f"audit:{name}", args=arguments), {"mail": "none"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.read_at, NoticeChoice.objects.count()) == (None, 0)


def test_opening_from_the_list_reads_it_and_from_an_email_writes_nothing(worker: User) -> None:
    notice, client = notice_for(worker), sign_in(worker)
    address = reverse("audit:open_notice", args=[notice.pk])
    assert client.get(address).headers["Location"] == "/workspace/somewhere/"
    notice.refresh_from_db()
    assert notice.read_at is None
    assert client.post(address).headers["Location"] == "/workspace/somewhere/"
    notice.refresh_from_db()
    assert notice.read_at


def test_another_persons_notice_is_not_there(worker: User, administrator: User) -> None:
    notice = notice_for(worker)
    for method in ("get", "post"):
        assert getattr(sign_in(administrator), method)(reverse("audit:open_notice", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_are_read_at_once_and_only_ones_own(worker: User, administrator: User) -> None:
    for _number in range(3):
        notice_for(worker)
    notice_for(administrator)
    assert sign_in(worker).post(reverse("audit:read_all")).status_code == 302
    assert (Notice.objects.visible_to(worker).unread().count(), Notice.objects.visible_to(administrator).unread().count()) == (0, 1)


def test_the_choice_of_mail_is_kept_and_nonsense_is_refused(worker: User) -> None:
    client = sign_in(worker)
    assert NoticeChoice.of(worker) == "at_once"
    assert client.post(reverse("audit:choose"), {"mail": "daily"}).status_code == 302
    assert client.post(reverse("audit:choose"), {"mail": "hourly"}).status_code == 422
    assert NoticeChoice.of(worker) == "daily"
    assert client.post(reverse("audit:choose"), {"mail": "none"}).status_code == 302
    assert NoticeChoice.of(worker) == "none"


@pytest.mark.parametrize(
    ("name", "method"), [("notices", "post"), ("read_all", "get"), ("choose", "get"), ("work", "post"), ("open_notice", "put")]
)
def test_a_wrong_method_is_refused(administrator: User, name: str, method: str) -> None:
    arguments = [notice_for(administrator).pk] if name == "open_notice" else []
    assert getattr(sign_in(administrator), method)(reverse(f"audit:{name}", args=arguments)).status_code == 405


def test_the_list_of_notices_asks_no_more_for_many(worker: User, django_assert_max_num_queries: Any) -> None:
    for _number in range(60):
        notice_for(worker)
    client = sign_in(worker)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("audit:notices"))
    assert page.content.decode().count("There is news.") == 25


# --- Work -------------------------------------------------------------------------------------------------------------


def failed_job(key: str = "notice:1") -> Job:
    return Job.objects.create(
        key=key,
        task="audit.mail_notice",
        attempts=12,
        failed_at=timezone.now(),
        problem="ConnectionRefusedError",
        arguments={"secret": "canary"},
    )


def test_an_administrator_sees_what_failed_and_no_arguments(administrator: User, django_assert_max_num_queries: Any) -> None:
    failed_job()
    Job.objects.create(key="later", task="audit.remind", run_at=timezone.now() + timezone.timedelta(days=1))
    client = sign_in(administrator)
    with django_assert_max_num_queries(16):
        words = client.get(reverse("audit:work")).content.decode()
    assert "ConnectionRefusedError" in words
    assert "audit.remind" in words
    assert "canary" not in words
    assert "worker or the broker seems to be down" not in words


def test_work_that_waits_too_long_says_that_no_worker_is_there(administrator: User) -> None:
    Job.objects.create(key="old", task="audit.remind", run_at=timezone.now() - timezone.timedelta(minutes=6))
    assert "worker or the broker seems to be down" in sign_in(administrator).get(reverse("audit:work")).content.decode()


def test_a_job_that_was_given_up_is_tried_again(administrator: User) -> None:
    job, client = failed_job(), sign_in(administrator)
    assert client.post(reverse("audit:retry", args=[job.pk])).status_code == 302
    job.refresh_from_db()
    assert (job.failed_at, job.attempts) == (None, 0)
    assert client.post(reverse("audit:retry", args=[job.pk])).status_code == 404, "not given up any more"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_perm_for_everybody_else_there_is_no_such_page(role: Role) -> None:
    job, client = failed_job(), sign_in(member(organisation(), role))
    assert client.get(reverse("audit:work")).status_code == 404
    assert client.post(reverse("audit:retry", args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.failed_at


def test_perm_a_superuser_without_the_role_has_no_such_page(admin: User) -> None:
    assert sign_in(admin).get(reverse("audit:work")).status_code == 404


# --- History ----------------------------------------------------------------------------------------------------------


def test_a_history_says_who_did_what_and_when_in_words(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    house = provider()
    wendy = person("wendy", house)
    action = action_of(service_of(house), wendy)
    action.begin(by=wendy)
    record("actions.action.looked_over", action, by=None)
    monkeypatch.setattr(history, "EVENT_WORDS", {"actions.action.called": "Somebody called it"})
    record("actions.action.called", action, by=wendy)
    with django_assert_num_queries(1):
        lines = history.history_of(action)
    assert [(line.what, line.who, line.before, line.after) for line in lines] == [
        ("Somebody called it", "Wendy", "", ""),
        ("Looked over", "", "", ""),
        ("Start", "Wendy", "Open", "In progress"),
    ]


def test_the_page_of_a_history_shows_its_lines(worker: User) -> None:
    house = provider()
    action = action_of(service_of(house), person("wendy", house), what="Write <b>it</b> down")
    request = RequestFactory().get("/workspace/actions/")
    request.user = worker
    assert "Nothing has happened yet" in history.history_page(request, action, crumbs=[("/workspace/", "Actions")]).content.decode()
    action.begin(by=person("wendy", house))
    words = history.history_page(request, action, crumbs=[("/workspace/", "Actions")]).content.decode()
    assert "from “Open” to “In progress”" in words
    assert "Write &lt;b&gt;it&lt;/b&gt; down" in words
