"""A report through its whole life: who moves it on, what has to hold, what nothing moves (domain research, part 4.5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portal.audit import working
from portal.audit.models import Event, Job, Notice
from portal.steps import WrongState
from standards.inspections.models import Finding, Inspection, TeamMember
from standards.reports import building, editing, filing, tasks
from standards.reports.models import Report, Statement
from tests.integration.standards.reports.cast import ORDER, Cast

pytestmark = pytest.mark.django_db


def test_the_usual_way_leads_through_every_state_and_closes_the_inspection(world: Cast) -> None:
    assert world.to("closed").status == "closed"
    assert Inspection.objects.get(pk=world.inspection.pk).status == "closed"
    states = list(Event.objects.about(world.report).exclude(before="").order_by("pk").values_list("after", flat=True))
    assert [state for state in dict.fromkeys(states) if state] == list(ORDER[1:])


WHO_MAY = {
    "send_to_review": ("drafting", {"lead", "inspector"}),
    "return_to_team": ("internal_review", {"reviewer"}),
    "approve_draft": ("internal_review", {"reviewer"}),
    "issue_draft": ("internal_review", {"lead"}),
    "extend": ("comments_open", {"lead"}),
    "send_answers": ("comments_open", {"manager"}),
    "begin_decisions": ("comments_closed", {"reviewer"}),
    "sign_decisions": ("comments_review", {"reviewer"}),
    "agree_final": ("comments_review", {"lead"}),
    "begin_check": ("final_agreed", {"publisher", "publisher_2"}),
    "issue_restricted": ("publication_check", {"publisher", "publisher_2"}),
    "publish": ("publication_check", {"publisher", "publisher_2"}),
    "withhold": ("publication_check", {"publisher", "publisher_2"}),
    "issue_more": ("shared_restricted", {"publisher", "publisher_2"}),
    "withdraw": ("shared_restricted", {"publisher", "publisher_2"}),
    "ask_for_answers": ("shared_restricted", {"lead"}),
    "agree_answers": ("action_plan_due", {"lead"}),
    "begin_follow_up": ("action_plan_agreed", {"lead"}),
    "close": ("follow_up", {"lead"}),
    "pause": ("drafting", {"lead"}),
    "give_up": ("drafting", {"lead"}),
}


@pytest.mark.parametrize("step", WHO_MAY)
def test_perm_13_each_step_is_open_to_whom_it_belongs_and_to_nobody_else(world: Cast, step: str) -> None:
    state, allowed = WHO_MAY[step]
    report = world.to(state)
    assert {name for name in world.people if Report.STEPS[step].may(world.who(name), report)} == allowed


def test_the_clock_is_nobody(world: Cast) -> None:
    world.to("draft_issued")
    for name in world.people:
        with pytest.raises(PermissionDenied):
            world.report.open_comments(by=world.who(name))


def test_a_judgement_without_a_finding_does_not_go_to_review(world: Cast) -> None:
    Finding.objects.filter(inspection=world.inspection, standard=world.facts()[-1].standard).update(status="draft")
    with pytest.raises(ValidationError, match="agreed finding"):
        world.take("send_to_review", by="inspector")
    assert world.report.status == "drafting"


def test_the_lead_cannot_send_what_nobody_approved(world: Cast) -> None:
    world.to("internal_review")
    with pytest.raises(ValidationError, match="approves the draft first"):
        world.take("issue_draft", [world.who("manager")], by="lead")


def test_perm_13_an_approval_is_bound_to_the_words_that_were_read(world: Cast) -> None:
    world.to("internal_review")
    world.take("approve_draft", by="reviewer")
    Statement.objects.filter(pk=world.facts()[0].pk).update(text="Something else entirely.")
    with pytest.raises(ValidationError, match="approved again"):
        world.take("issue_draft", [world.who("manager")], by="lead")


def test_words_do_not_change_while_somebody_reads_them(world: Cast) -> None:
    world.to("internal_review")
    statement = world.facts()[0]
    with pytest.raises(ValidationError, match="cannot change"):
        editing.change(statement, editing.Words("New", True, False, ()), base=statement.version, by=world.who("lead"))


def test_a_reviewer_who_joined_the_team_for_a_day_reviews_no_more(world: Cast) -> None:
    world.to("internal_review")
    ended = timezone.now()
    TeamMember.objects.create(inspection=world.inspection, user=world.people["reviewer"], ends_at=ended, ended_at=ended, conflict="none")
    with pytest.raises(PermissionDenied):
        world.take("approve_draft", by="reviewer")


@pytest.mark.parametrize("bad", ["reader", "rival", "inspector"])
def test_recipients_are_those_who_can_answer(world: Cast, bad: str) -> None:
    world.to("internal_review")
    world.take("approve_draft", by="reviewer")
    for people in ([], [world.who(bad)]):
        with pytest.raises(ValidationError):
            world.take("issue_draft", people, by="lead")
    assert world.report.versions.count() == 0


# --- Clocks -------------------------------------------------------------------------------------------------------------


def test_time_05_c16_the_clock_waits_for_proof_for_every_named_recipient(world: Cast, mailoutbox: list[Any]) -> None:
    from portal.accounts.roles import Role
    from tests import builders

    world.people["manager_2"] = builders.member(world.provider, Role.MANAGER)
    world.to("internal_review")
    world.take("approve_draft", by="reviewer")
    world.take("issue_draft", [world.who("manager"), world.who("manager_2")], by="lead")
    first, second = world.report.recipients.order_by("user__email")
    filing.tell(str(first.pk))
    assert (world.report.status, world.report.comments_due_at) == ("draft_issued", None)
    filing.confirm(world.report, second)
    report = world.report
    second.refresh_from_db()
    assert report.status == "comments_open"
    assert report.comments_from == second.opened_at
    assert [mail.to for mail in mailoutbox] == [[first.user.email]]


def test_ten_working_days_from_the_day_after_the_last_proof(world: Cast) -> None:
    world.to("draft_issued")
    recipient = world.report.recipients.get()
    recipient.opened_at = timezone.make_aware(timezone.datetime(2026, 12, 18, 15, 0))
    recipient.save()
    assert filing.start_clock(world.report)
    # From Friday 18 December 2026: Christmas Day, the substitute for Boxing Day and New Year's Day do not count.
    assert f"{timezone.localtime(world.report.comments_due_at):%Y-%m-%d %H:%M:%S}" == "2027-01-06 23:59:59"


def test_a_mail_that_the_relay_refuses_starts_no_clock(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    world.to("draft_issued")

    def refuse(*_args: Any, **_more: Any) -> None:
        raise OSError("refused")

    monkeypatch.setattr("portal.audit.mail.send", refuse)
    with pytest.raises(OSError, match="refused"):
        filing.tell(str(world.report.recipients.get().pk))
    assert world.report.status == "draft_issued"


def test_what_hangs_on_the_events_tells_mails_and_ends_the_clock(world: Cast, mailoutbox: list[Any]) -> None:
    world.to("draft_issued")
    working.run_due()
    assert world.report.status == "comments_open"  # the mail was taken, which is the proof
    assert Notice.objects.filter(to=world.people["manager"], kind="reports.draft").count() == 1
    working.run_due()
    closing = Job.objects.get(task="reports.close_comments")
    due = world.report.comments_due_at
    assert due is not None
    assert closing.run_at == due + tasks.A_MOMENT
    Report.objects.filter(pk=world.report.pk).update(comments_due_at=timezone.now() - timedelta(seconds=2))
    tasks.close_comments(**closing.arguments)
    assert world.report.status == "comments_closed"


def test_nothing_closes_before_its_time_and_more_time_moves_the_end(world: Cast) -> None:
    report = world.to("comments_open")
    with pytest.raises(ValidationError, match="still time"):
        report.close_comments(by=None)
    until = timezone.localdate(report.comments_due_at) + timedelta(days=7)
    with pytest.raises(ValidationError):
        world.take("extend", until, " ", by="lead")
    with pytest.raises(ValidationError):
        world.take("extend", timezone.localdate(), "Illness", by="lead")
    world.take("extend", until, "Illness at the provider.", by="lead")
    assert timezone.localdate(world.report.comments_due_at) == until
    page = world.client("manager").get(f"/workspace/reports/{report.pk}/facts/").content.decode()
    assert "Illness at the provider." in page


@pytest.mark.parametrize("state", [state for state in ORDER if state != "comments_open"])
def test_nothing_moves_by_silence(world: Cast, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world.to(state)
    Report.objects.filter(pk=world.report.pk).update(due_at=timezone.now() - timedelta(days=200))
    if state == "draft_issued":
        world.report.recipients.update(opened_at=None, mail_accepted_at=None)
        monkeypatch.setattr("portal.audit.mail.send", lambda *_a, **_m: (_ for _ in ()).throw(OSError("down")))
    before = Event.objects.about(world.report).exclude(before="").count()
    tasks.look_at_clocks(day=timezone.localdate().isoformat())
    working.run_due(timezone.now() + timedelta(days=200))
    assert world.report.status == state
    assert Event.objects.about(world.report).exclude(before="").count() == before
    assert world.report.is_late()


def test_a_pause_keeps_the_days_that_were_left(world: Cast) -> None:
    report = world.to("comments_open")
    regime = world.regime
    paused = timezone.now() - timedelta(days=14)
    due = timezone.now() - timedelta(days=4)
    Report.objects.filter(pk=report.pk).update(comments_due_at=due, due_at=due)
    world.take("pause", "The police asked for it.", by="lead")
    assert not tasks.close_if_over(world.report)
    Report.objects.filter(pk=report.pk).update(paused_at=paused)
    world.take("resume", by="lead")
    from standards.reports.deadlines import days_left

    left = days_left(regime, due, paused)
    assert world.report.status == "comments_open"
    moved = world.report.comments_due_at
    assert moved is not None
    assert days_left(regime, moved, timezone.now()) == left


def test_pausing_and_going_on_from_every_state_that_can_be_paused(world: Cast) -> None:
    for state in Report.OPEN_TO_PAUSE:
        world.to(state)
        world.take("pause", "Safeguarding.", by="lead")
        with pytest.raises(WrongState):
            world.take("send_to_review", by="lead")
        assert world.take("resume", by="lead").status == state


# --- Corrected, withdrawn, given up ---------------------------------------------------------------------------------------


def test_c14_a_corrected_report_goes_the_same_way_and_then_replaces_the_old_one(world: Cast) -> None:
    world.to("shared_restricted")
    old = world.report
    with pytest.raises(PermissionDenied):
        building.correct(old, "A date is wrong.", by=world.who("inspector"))
    new = building.correct(old, "A date is wrong.", by=world.who("lead"))
    assert [row.number for row in new.statements.order_by("number")] == [row.number for row in old.statements.order_by("number")]
    with pytest.raises(ValidationError, match="already"):
        building.correct(old, "Again.", by=world.who("lead"))
    world.made = [new]
    world.to("publication_check")
    old.refresh_from_db()
    assert old.status == "shared_restricted"  # it stands until the other is issued
    world.to("shared_restricted")
    old.refresh_from_db()
    assert old.status == "superseded"
    first = old.final_version().renditions.get(kind="full")
    assert first.superseded_by == world.report.final_version().renditions.get(kind="full")
    page = world.client("commissioner").get(f"/workspace/reports/issued/{first.pk}/").content.decode()
    assert "was replaced by a corrected one" in page


def test_a_report_that_was_withdrawn_is_read_by_nobody_it_was_issued_to(world: Cast) -> None:
    report = world.to("shared_restricted")
    rendition = report.final_version().renditions.get(kind="full")
    commissioner = world.client("commissioner")
    assert commissioner.get(f"/workspace/reports/issued/{rendition.pk}/").status_code == 200
    world.take("withdraw", "It names a place.", by="publisher")
    assert commissioner.get(f"/workspace/reports/issued/{rendition.pk}/").status_code == 404
    assert world.client("manager").get(f"/workspace/reports/{report.pk}/").status_code == 404
    assert world.client("publisher").get(f"/workspace/reports/{report.pk}/").status_code == 200


def test_what_was_given_up_lets_another_begin(world: Cast) -> None:
    world.take("give_up", "The visit has to be repeated.", by="lead")
    assert building.begin(world.inspection, by=world.who("lead")).status == "drafting"


def test_grave_steps_ask_for_a_recent_sign_in(world: Cast) -> None:
    from portal.accounts import recent

    world.to("internal_review")
    client = world.client("reviewer")
    session = client.session
    session[recent.KEY] = 0
    session.save()
    answer = client.post(f"/workspace/reports/{world.report.pk}/steps/approve_draft/")
    assert answer.status_code == 403
    assert world.report.reviewed_by is None
