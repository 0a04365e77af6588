"""Notices: each person apart from the others, once, in words from a list; e-mails that name nobody (C22, C47, PRIV-20, REL-08, TIME-10)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as live
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import notices, working
from portal.audit.apps import kinds_have_words
from portal.audit.models import Event, Job, Notice, NoticeChoice
from portal.audit.notices import Telling, by_day, forget, morning_of, remind
from portal.audit.trail import record
from tests.integration.standards.plans import person, provider

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
VERB = "organisations.organisation.test"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds with words, and nobody else's mornings."""
    monkeypatch.setitem(notices.SENTENCES, "test.news", "There is news.")
    monkeypatch.setitem(notices.SENTENCES, "test.due", "Something is due.")
    monkeypatch.setattr(working, "DAILY", ["audit.digests"])


def tell(monkeypatch: pytest.MonkeyPatch, people: list[User]) -> Event:
    """An event of which these people are told, each with a link of their own."""

    def teller(event: Event) -> Iterable[Telling]:
        for at, user in enumerate(people):
            yield Telling(to=user, kind="test.news", link=f"/workspace/things/{at}/")

    monkeypatch.setitem(notices.TELLERS, VERB, [teller])
    return record(VERB, provider("Harbour House"), by=person("actor"))


def do_what_is_due(at: Any = None) -> None:
    working.run_due(at)


# --- Telling ----------------------------------------------------------------------------------------------------------


def test_c22_three_people_three_notices_three_mails_three_links(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> None:
    people = [person(name) for name in ("ann", "bob", "cas")]
    tell(monkeypatch, people)
    do_what_is_due()
    assert {(notice.to, notice.link) for notice in Notice.objects.all()} == {
        (user, f"/workspace/things/{at}/") for at, user in enumerate(people)
    }
    assert sorted(message.to for message in mailoutbox) == sorted([user.email] for user in people)
    for message in mailoutbox:
        own = Notice.objects.get(to__email=message.to[0])
        assert f"/workspace/notices/{own.pk}/" in message.body
        assert message.body.count("/workspace/") == 1
        assert (message.cc, message.bcc, message.attachments) == ([], [], [])
    assert len({message.extra_headers["Message-ID"] for message in mailoutbox}) == 3


def test_priv_20_a_mail_names_nobody_and_nothing(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> None:
    reader = User.objects.create_user("r@plans.example", first_name="Canary", last_name="Bird")
    event = tell(monkeypatch, [reader])
    do_what_is_due()
    words = mailoutbox[0].subject + mailoutbox[0].body
    for secret in ("Canary", "Bird", "Harbour", "Actor", "news", str(event.subject_id), VERB, "/things/"):
        assert secret not in words
    assert mailoutbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_int_05_the_same_event_delivered_again_changes_nothing(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> None:
    event = tell(monkeypatch, [person("ann"), person("bob")])
    for _time in range(5):
        notices.deliver(event)
        do_what_is_due()
    assert (Notice.objects.count(), len(mailoutbox)) == (2, 2)


def test_nobody_is_told_of_their_own_act(monkeypatch: pytest.MonkeyPatch) -> None:
    actor = person("ann")
    monkeypatch.setitem(notices.TELLERS, VERB, [lambda event: [Telling(actor, "test.news", "/workspace/")]])
    record(VERB, provider(), by=actor)
    do_what_is_due()
    assert Notice.objects.count() == 0


def test_events_that_nobody_listens_to_make_no_work() -> None:
    record("organisations.organisation.unheard", provider(), by=person("ann"))
    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    ("telling", "refusal"),
    [
        (("test.unsaid", "/workspace/"), LookupError),
        (("test.news", "https://elsewhere.example/"), ValueError),
        (("test.news", "//e.example/"), ValueError),
    ],
)
def test_a_kind_has_words_and_a_link_leads_nowhere_else(telling: tuple[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        notices.tell(Telling(person("ann"), *telling), once="x")


def test_every_kind_of_the_portal_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kinds_have_words(None) == []

    def teller(event: Event) -> Iterable[Telling]:
        yield Telling(to=None, kind="test.nobody_said_this", link="/")

    monkeypatch.setitem(notices.TELLERS, "a.b.c", [teller])
    found = kinds_have_words(None)
    assert {error.id for error in found} == {"audit.E001"}
    assert any("test.nobody_said_this" in error.msg for error in found)


def test_a_kind_is_said_once() -> None:
    with pytest.raises(ValueError, match="has a sentence already"):
        notices.say("test.news", "Something else.")


# --- E-mail -----------------------------------------------------------------------------------------------------------


def test_rel_08_a_mail_server_that_is_down_for_a_day_then_up_sends_one_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, [person("ann")])
    now, failures = timezone.now(), 0
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1):
        for hour in range(25):
            failures += working.run_due(now + timedelta(hours=hour))[1]
    notice = Notice.objects.get()
    assert failures > 20
    assert (notice.mailed_at, Job.objects.failed().count()) == (None, 0)
    assert Job.objects.get(task="audit.mail_notice").problem == "ConnectionRefusedError"
    for _time in range(3):
        do_what_is_due(now + 2 * DAY)
    assert len(mail.outbox) == 1
    notice.refresh_from_db()
    assert notice.mailed_at


def test_what_was_read_meanwhile_and_who_has_left_get_no_mail(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> None:
    reader, leaver = person("ann"), person("bob")
    notices.deliver(tell(monkeypatch, [reader, leaver]))
    assert notices.mark_read(reader) == 1
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    do_what_is_due()
    assert mailoutbox == []


def test_c47_one_mail_a_day_for_who_wants_it_and_none_for_who_does_not(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> None:
    daily, never = person("ann"), person("bob")
    NoticeChoice.objects.create(user=daily, mail="daily")
    NoticeChoice.objects.create(user=never, mail="none")
    for _event in range(3):
        tell(monkeypatch, [daily, never])
    do_what_is_due()
    assert (Notice.objects.count(), mailoutbox) == (6, [])
    tomorrow = morning_of(timezone.localdate() + DAY)
    for moment in (tomorrow, tomorrow, tomorrow + timedelta(hours=5), tomorrow + DAY):
        working.plan_the_day(moment)
        do_what_is_due(moment)
    assert [message.to for message in mailoutbox] == [[daily.email]]
    assert mailoutbox[0].body.count("/workspace/notices/\n") == 1
    assert Notice.objects.filter(to=daily, mailed_at__isnull=True).count() == 0


# --- Reminders --------------------------------------------------------------------------------------------------------


def reminded(user: User) -> list[str]:
    return list(Notice.objects.filter(to=user, kind="test.due").values_list("link", flat=True))


def test_time_10_a_reminder_comes_in_the_morning_of_its_day_in_summer_and_winter() -> None:
    assert morning_of(date(2026, 3, 28)).utcoffset() == timedelta(0)
    assert morning_of(date(2026, 3, 29)).utcoffset() == timedelta(hours=1)
    user, day = person("ann"), date(2027, 3, 28)  # the clocks change in this night
    job = remind("test.due", to=user, link="/workspace/x/", at=day, key="thing:1")
    assert job.run_at == datetime(2027, 3, 28, 6, 0, tzinfo=ZoneInfo("UTC"))
    do_what_is_due(job.run_at - timedelta(seconds=1))
    assert reminded(user) == []
    for hours in (0, 0, 1, 30):
        do_what_is_due(job.run_at + timedelta(hours=hours))
    assert reminded(user) == ["/workspace/x/"]


@pytest.mark.parametrize(("hour", "day", "then"), [(3, 10, 7), (7, 10, 7), (12, 10, 12), (19, 10, 19), (20, 11, 7), (23, 11, 7)])
def test_c47_nobody_is_reminded_at_night(hour: int, day: int, then: int) -> None:
    assert by_day(datetime(2026, 6, 10, hour, tzinfo=LONDON)) == datetime(2026, 6, day, then, tzinfo=LONDON)


def test_c47_another_date_moves_it_another_person_takes_it_and_done_ends_it() -> None:
    first, second, today = person("ann"), person("bob"), timezone.localdate()
    remind("test.due", to=first, link="/workspace/x/", at=today + 5 * DAY, key="thing:2")
    remind("test.due", to=first, link="/workspace/x/", at=today + 9 * DAY, key="thing:2")
    do_what_is_due(morning_of(today + 8 * DAY))
    assert reminded(first) == []
    remind("test.due", to=second, link="/workspace/x/", at=today + 9 * DAY, key="thing:2")
    do_what_is_due(morning_of(today + 9 * DAY))
    assert (reminded(first), len(reminded(second))) == ([], 1)
    remind("test.due", to=second, link="/workspace/x/", at=today + 20 * DAY, key="thing:2")
    do_what_is_due(morning_of(today + 20 * DAY))
    assert len(reminded(second)) == 2, "a new date is a new reminder, also after the first went out"
    remind("test.due", to=second, link="/workspace/x/", at=today + 30 * DAY, key="thing:2")
    forget("thing:2")
    do_what_is_due(morning_of(today + 31 * DAY))
    assert len(reminded(second)) == 2


def test_a_reminder_needs_words_before_it_is_planned() -> None:
    with pytest.raises(LookupError):
        remind("test.unsaid", to=person("ann"), link="/", at=timezone.localdate(), key="thing:3")
    assert live.TIME_ZONE == "Europe/London"
