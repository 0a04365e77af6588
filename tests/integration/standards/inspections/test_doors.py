"""Who reads and does what: the matrix of every page about a row that exists × everybody in some relation to it (PERM-02, -05, -12, -14)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.roles import Role
from portal.workspace.needs import needs_of
from standards.inspections import planning, sampling, teams
from standards.inspections.models import Activity, Alert, Finding, Inspection, Judgement, Photo, Population, Sample, TeamMember
from tests import builders
from tests.integration.standards.inspections.cast import CANARY, PEOPLE, Cast, activity, clear_the_rest, finding, join

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|seconds="\d+"')  # what differs from one second to the next
TEAM = {"lead", "cleared"}
PLANNERS = {"other_lead"}


@pytest.fixture
def full(world: Cast) -> dict[str, Any]:
    """One of everything, in an inspection that is being written up and whose second views were given."""
    world.fieldwork()
    act = activity(world)
    found = finding(world, kind="serious_concern", severity="critical")
    alert = Alert.objects.create(
        inspection=world.row, organisation_id=world.inspectorate.pk, finding=found, to_provider=True, raised_by=world.people["lead"]
    )
    population = sampling.freeze(world.now(), "Plans", ["A1", "A2"], by=world.who("lead"))
    sample = sampling.draw(population, 1, by=world.who("lead"))
    photo = Photo.objects.create(
        inspection=world.row, finding=found, caption=CANARY, media_type="image/png", size=1, width=1, height=1, sha256="0" * 64,
        by=world.people["lead"],
    )  # fmt: skip
    Judgement.objects.create(
        inspection=world.row, standard=world.standards()[0], value="partly_met", reason=CANARY, by=world.people["lead"]
    )
    world.reporting()
    world.now().blind_views.update(at=timezone.now(), by=world.people["reviewer"], kind="meets", reason="Mine.")
    remark = world.now().review_remarks.create(text=f"{CANARY} of the review", by=world.people["reviewer"])
    return {
        "pk": world.row.pk, "activity": act.pk, "finding": found.pk, "alert": alert.pk, "population": population.pk, "sample": sample.pk,
        "photo": photo.pk, "remark": remark.pk, "code": world.standards()[0].code, "member": world.member("cleared").pk,
    }  # fmt: skip


# Route -> names of its ids besides pk, and who is answered 200 by GET in an inspection that is being written up.
READ: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "show": ((), TEAM | PLANNERS | {"reviewer"}), "history": ((), TEAM | PLANNERS | {"reviewer"}),
    "team": ((), TEAM | PLANNERS | {"reviewer"}),
    "visit": ((), TEAM | {"reviewer"}), "findings": ((), TEAM | {"reviewer"}), "finding": (("finding",), TEAM | {"reviewer"}),
    "finding_history": (("finding",), TEAM | {"reviewer"}), "sample": (("sample",), TEAM | {"reviewer"}),
    "judgements": ((), TEAM | {"reviewer"}), "review": ((), TEAM | {"reviewer"}), "blind": ((), {"reviewer"}),
    "announced": ((), {"manager", "assessor", "reader"}),
    "add_activity": ((), TEAM), "change_activity": (("activity",), TEAM), "add_finding": ((), TEAM), "add_photo": (("finding",), TEAM),
    "freeze": ((), TEAM), "draw": (("population",), TEAM), "judge": (("code",), TEAM),
    "declare": ((), TEAM | {"undeclared", "declared", "future"}),
    "change_member": (("member",), PLANNERS | {"lead"}),
}  # fmt: skip


def address(name: str, ids: dict[str, Any], names: tuple[str, ...]) -> str:
    return reverse(f"inspections:{name}", args=[ids["pk"], *(ids[one] for one in names)])


def test_perm_02_14_every_page_of_a_row_that_exists_and_everybody(
    world: Cast, full: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    clients = {name: world.client(name) for name in PEOPLE}
    wrong: list[tuple[str, str, Any]] = []
    count = 0
    for name, (names, may) in READ.items():
        for who, client in clients.items():
            answer = client.get(address(name, full, names))
            count += 1
            sees_plan = who in TEAM | PLANNERS | {"reviewer"}
            refused = {403, 404} if sees_plan else {404}
            if (answer.status_code == 200) != (who in may) or (who not in may and answer.status_code not in refused):
                wrong.append((name, who, answer.status_code))
            if who not in TEAM | {"reviewer"} and CANARY in answer.text and not (name == "announced" and who == "manager"):
                wrong.append((name, who, "canary"))
    with capsys.disabled():
        print(f" [{count} cells of inspections]", end="")
    assert wrong == []


def test_perm_04_what_is_closed_answers_like_what_is_not_there(world: Cast, full: dict[str, Any]) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    for who in ("undeclared", "barred", "expired", "unassigned", "rival", "stranger"):
        client = world.client(who)
        closed, absent = (
            client.get(f"/workspace/inspections/{full['pk']}/findings/"),
            client.get(f"/workspace/inspections/{missing}/findings/"),
        )
        assert (closed.status_code, absent.status_code) == (404, 404)
        assert TOKEN.sub("", closed.text.replace(str(full["pk"]), "")) == TOKEN.sub("", absent.text.replace(missing, ""))


def test_perm_03_every_act_is_refused_to_whoever_is_not_meant(world: Cast, full: dict[str, Any]) -> None:
    from django.db import connection  # the footprint of this test only

    acts = {
        "take_off": ("member",), "decide": ("member",), "alert_seen": ("alert",), "settle": ("remark",), "approve": (),
        "provider_seen": ("alert",),
    }  # fmt: skip
    may = {
        "take_off": PLANNERS | {"lead"}, "decide": PLANNERS | {"lead"}, "alert_seen": {"lead"}, "settle": TEAM | {"reviewer"},
        "approve": {"reviewer"}, "provider_seen": {"manager"},
    }  # fmt: skip
    for name, names in acts.items():
        for who in PEOPLE:
            if who in may[name]:
                continue
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM audit_event")
                before = cursor.fetchone()
                answer = world.client(who).post(address(name, full, names))
                cursor.execute("SELECT count(*) FROM audit_event")
                assert answer.status_code in {403, 404}, (name, who, answer.status_code)
                assert cursor.fetchone() == before


@pytest.mark.parametrize(
    ("model", "name"), [(Finding, "finding"), (Activity, "activity"), (Population, "population"), (Sample, "sample"), (Photo, "photo")]
)
def test_c19_rows_of_another_inspection_are_not_there(world: Cast, full: dict[str, Any], model: Any, name: str) -> None:
    """/mine/…/theirs is 404, also for who may read both."""
    day = timezone.localdate() + timedelta(days=50)
    values = {"kind": "full", "notice": "none", "reason": "", "starts_on": day, "ends_on": day, "safe_talk_plan": ""}
    other = planning.plan(world.regime, world.service, values, by=world.who("lead"))
    join(other, world.people["lead"], is_lead=True)
    route = {"finding": "finding", "activity": "change_activity", "population": "draw", "sample": "sample", "photo": "photo"}[name]
    assert model.objects.filter(pk=full[name]).exists()
    assert world.client("lead").get(reverse(f"inspections:{route}", args=[other.pk, full[name]])).status_code == 404


def test_perm_14_two_inspections_of_one_provider_are_two_doors(world: Cast) -> None:
    day = timezone.localdate() + timedelta(days=50)
    values = {"kind": "full", "notice": "none", "reason": "", "starts_on": day, "ends_on": day, "safe_talk_plan": ""}
    other = planning.plan(world.regime, builders.service(world.provider), values, by=world.who("other_lead"))
    join(other, world.people["unassigned"])
    client = world.client("unassigned")
    assert client.get(f"/workspace/inspections/{other.pk}/findings/").status_code == 200
    assert client.get(f"/workspace/inspections/{world.row.pk}/findings/").status_code == 404
    assert world.client("cleared").get(f"/workspace/inspections/{other.pk}/").status_code == 404


def test_perm_14_a_place_ends_at_its_instant(world: Cast) -> None:
    world.fieldwork()
    member = world.member("cleared")
    assert world.now().is_open_to(world.who("cleared"), member.ends_at - timedelta(microseconds=1))
    assert not world.now().is_open_to(world.who("cleared"), member.ends_at)
    assert not world.now().is_open_to(world.who("cleared"), member.starts_at - timedelta(microseconds=1))


CLOSING: dict[str, Callable[[Cast], Any]] = {
    "taken off": lambda world: teams.take_off(world.member("cleared"), by=world.who("other_lead")),
    "declares a conflict": lambda world: teams.declare(world.member("cleared"), True, "I know them.", by=world.who("cleared")),
    "barred": lambda world: TeamMember.objects.filter(pk=world.member("cleared").pk).update(conflict="barred"),
    "role ended": lambda world: world.people["cleared"].memberships.update(ended_at=timezone.now()),
    "inspectorate closed": lambda world: type(world.inspectorate).objects.filter(pk=world.inspectorate.pk).update(status="closed"),
}


@pytest.mark.parametrize("how", list(CLOSING))
def test_perm_07_it_closes_with_the_next_request(world: Cast, how: str) -> None:
    world.fieldwork()
    client = world.client("cleared")
    links = [f"/workspace/inspections/{world.row.pk}/{part}/" for part in ("findings", "visit", "judgements", "review")]
    assert [client.get(link).status_code for link in links] == [200] * 4
    CLOSING[how](world)
    assert [client.get(link).status_code for link in links] == [404] * 4


def test_perm_14_nothing_opens_before_the_declaration_and_everything_after(world: Cast) -> None:
    world.fieldwork()
    client, link = world.client("undeclared"), f"/workspace/inspections/{world.row.pk}/"
    assert client.get(link).status_code == 404
    page = client.get(f"{link}declare/")
    assert page.status_code == 200
    assert world.now().safe_talk_plan not in page.text
    assert client.post(f"{link}declare/", {"conflict": ""}).status_code == 422
    assert client.post(f"{link}declare/", {"conflict": "no"}).headers["Location"] == link
    assert client.get(f"{link}findings/").status_code == 200


def test_perm_14_a_declared_conflict_closes_until_another_decides(world: Cast) -> None:
    client, link = world.client("undeclared"), f"/workspace/inspections/{world.row.pk}/"
    assert client.post(f"{link}declare/", {"conflict": "yes", "declaration": ""}).status_code == 422
    client.post(f"{link}declare/", {"conflict": "yes", "declaration": "My sister works for them."})
    assert client.get(link).status_code == 404
    member = world.member("undeclared")
    with pytest.raises(PermissionDenied):
        teams.decide(member, True, "Fine.", by=world.who("undeclared"))
    with pytest.raises(PermissionDenied):
        teams.decide(member, True, "Fine.", by=world.who("barred"))
    with pytest.raises(ValidationError, match="Say why"):
        teams.decide(member, True, " ", by=world.who("other_lead"))
    answer = world.client("other_lead").post(f"{link}team/{member.pk}/decide/", {"decision": "barred", "reason": "Too close."})
    assert answer.status_code == 302
    assert [client.get(f"{link}{part}").status_code for part in ("", "declare/", "findings/")] == [404] * 3
    with pytest.raises(ValidationError):
        teams.add(
            world.now(),
            world.who("undeclared"),
            is_lead=False,
            first=timezone.localdate(),
            last=timezone.localdate(),
            by=world.who("other_lead"),
        )


def test_who_worked_for_the_provider_cannot_join_and_who_comes_back_declares_anew(world: Cast) -> None:
    former = world.people["unassigned"]
    builders.member(world.provider, Role.ASSESSOR, user=former)
    former.memberships.filter(organisation=world.provider).update(ended_at=timezone.now())
    assert former.pk not in set(teams.candidates(world.now()).values_list("pk", flat=True))
    today = timezone.localdate()
    teams.take_off(world.member("cleared"), by=world.who("other_lead"))
    teams.add(world.now(), world.who("cleared"), is_lead=False, first=today, last=today, by=world.who("other_lead"))
    assert world.member("cleared").conflict == "undeclared"
    assert not world.now().is_open_to(world.who("cleared"))


def test_there_is_one_lead_and_only_who_may_lead(world: Cast) -> None:
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="may not lead"):
        teams.change(world.member("cleared"), is_lead=True, first=today, last=today, by=world.who("other_lead"))
    teams.add(world.now(), world.who("other_lead"), is_lead=True, first=today, last=today, by=world.who("other_lead"))
    assert list(TeamMember.objects.filter(inspection=world.row, is_lead=True).values_list("user", flat=True)) == [
        world.people["other_lead"].pk
    ]


def test_perm_05_a_provider_knows_nothing_of_an_unannounced_visit_before_it(world: Cast) -> None:
    client, link = world.client("manager"), f"/workspace/inspections/ours/{world.row.pk}/"
    assert client.get(link).status_code == 404
    assert world.row.number not in client.get("/workspace/inspections/ours/").text
    world.fieldwork()
    Inspection.objects.filter(pk=world.row.pk).update(notified_at=None, reason=CANARY)
    finding(world)
    page = client.get(link)
    assert page.status_code == 200
    assert CANARY not in page.text
    assert world.row.number in client.get("/workspace/inspections/ours/").text
    assert world.row.number not in world.client("rival").get("/workspace/inspections/ours/").text


def test_perm_05_tasks_show_each_their_own_and_no_words_of_a_finding(world: Cast, full: dict[str, Any]) -> None:
    day = timezone.localdate()
    shown = {name: [(need.title, need.url) for need in needs_of(world.who(name), day) if str(world.row.pk) in need.url] for name in PEOPLE}
    assert {name for name, found in shown.items() if found} == {"lead", "cleared", "undeclared", "other_lead", "reviewer", "manager"}
    assert CANARY not in str(shown)
    assert [url for _title, url in shown["undeclared"]] == [reverse("inspections:declare", args=[world.row.pk])]
    assert [url for _title, url in shown["other_lead"]] == [reverse("inspections:team", args=[world.row.pk])]


def test_a_reviewer_reads_nothing_before_it_is_written_up(world: Cast) -> None:
    world.fieldwork()
    finding(world)
    client = world.client("reviewer")
    for part in ("", "findings/", "review/", "second-views/"):
        assert client.get(f"/workspace/inspections/{world.row.pk}/{part}").status_code == 404


def test_perm_13_whoever_was_on_the_team_never_reviews_it(world: Cast) -> None:
    both = builders.member(world.inspectorate, Role.QUALITY_REVIEWER, user=world.people["taken_off"])
    world.reporting()
    assert not Inspection.objects.reviewable_by(both).filter(pk=world.row.pk).exists()
    with pytest.raises(PermissionDenied):
        world.now().approve_judgements("0" * 64, by=both)


def test_the_steps_go_through_their_pages(world: Cast) -> None:
    clear_the_rest(world)
    first = timezone.localdate() + timedelta(days=30)
    world.to("planned", starts_on=first, ends_on=first)
    link = f"/workspace/inspections/{world.row.pk}/step/"
    assert world.client("cleared").post(f"{link}announce/").status_code == 403
    assert world.client("other_lead").post(f"{link}announce/").status_code == 302
    world.to("notified", starts_on=timezone.localdate())
    assert world.client("other_lead").post(f"{link}begin_visit/").status_code == 403  # not on the team
    lead: Client = world.client("lead")
    for name in ("begin_visit", "pause", "resume"):
        assert lead.get(f"{link}{name}/").status_code == 200
        assert lead.post(f"{link}{name}/").status_code == 302
    assert (world.now().status, lead.post(f"{link}close/").status_code) == ("fieldwork", 404)
