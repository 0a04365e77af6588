"""The start page: what needs this person now, by role, in order; the list of all tasks; few queries, however much there is."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from portal.workspace import views
from portal.workspace.needs import Need, in_order
from standards.actions.models import Action
from tests.builders import member, organisation, person, service, sign_in
from tests.integration.standards.assessments.cast import cast
from tests.integration.standards.plans import action_of

pytestmark = pytest.mark.django_db
START, TASKS = "/workspace/", "/workspace/tasks/"
NOTHING = "Nothing waits for you."
# By role: the entries of the rail after Start, Tasks and Notices. What somebody may not do is not offered.
PROVIDER = [
    "Services", "Self-assessments", "Evidence", "Action plan", "Standards", "Comparison", "Inspections of our services",
    "Inspection reports", "Good practice", "Transitions", "Nobody in the gap",
]  # fmt: skip
INSPECTORATE = ["Inspections", "Inspection reports", "Good practice", "Standards"]
RAILS: dict[Role, list[str]] = {
    Role.MANAGER: [*PROVIDER, "People"],
    Role.ASSESSOR: PROVIDER,
    Role.READER: PROVIDER,
    Role.INSPECTOR: [*INSPECTORATE, "Shared with us"],
    Role.LEAD_INSPECTOR: [*INSPECTORATE, "Shared with us", "People"],
    Role.QUALITY_REVIEWER: [*INSPECTORATE, "Shared with us"],
    Role.PUBLISHER: ["Inspection reports", "Good practice", "National summary", "Standards"],
    Role.COMMISSIONER: ["Standards", "Comparison", "Inspection reports", "Good practice", "Transitions in numbers"],
    Role.EDITOR: ["Standards"],
    Role.TRANSLATOR: ["Standards"],
    Role.LEGAL_CHECKER: ["Standards"],
    Role.ADMINISTRATOR: ["Standards", "People"],
}
HOME = {role: kind for kind, roles in {
    Kind.PROVIDER: (Role.MANAGER, Role.ASSESSOR, Role.READER),
    Kind.INSPECTORATE: (Role.INSPECTOR, Role.LEAD_INSPECTOR, Role.QUALITY_REVIEWER, Role.PUBLISHER),
    Kind.OVERSIGHT: (Role.COMMISSIONER,),
    Kind.OFFICE: (Role.EDITOR, Role.TRANSLATOR, Role.LEGAL_CHECKER, Role.ADMINISTRATOR),
}.items() for role in roles}  # fmt: skip


def rail(client: Client, address: str = START) -> list[str]:
    desk = client.get(address).context["desk"]
    return [entry.label for entry in desk.entries]


def titles(client: Client, address: str = START) -> list[str]:
    context = client.get(address).context
    return [need.title for need in (context["needs"] if address == START else context["page"])]


# --- By role ----------------------------------------------------------------------------------------------------------


def test_every_role_has_its_line() -> None:
    assert set(RAILS) == set(HOME) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_each_role_begins_on_a_page_of_its_own(role: Role) -> None:
    client = sign_in(member(organisation(HOME[role]), role))
    answer = client.get(START)
    assert answer.status_code == 200
    assert "What needs you now" in answer.content.decode()
    assert NOTHING in answer.content.decode()
    assert rail(client)[:3] == ["Start", "Tasks", "Notices"]
    assert sorted(rail(client)[3:]) == sorted(RAILS[role])


@pytest.mark.parametrize("role", Role)
def test_whatever_is_offered_opens(role: Role) -> None:
    client = sign_in(member(organisation(HOME[role]), role))
    desk = client.get(START).context["desk"]
    for entry in desk.entries:
        page = client.get(entry.address, follow=True)
        assert page.status_code == 200, entry
        current = [shown.label for shown in page.context["desk"].entries if shown.is_current]
        assert current == [entry.label], "the rail says where one is"
        assert page.content.decode().count("aria-current=") >= 1


def test_somebody_with_no_role_has_a_calm_page_and_no_room() -> None:
    client = sign_in(person())
    answer = client.get(START)
    assert answer.status_code == 200
    assert NOTHING in answer.content.decode()
    assert rail(client) == ["Start", "Tasks", "Notices", "Standards"]


def test_somebody_who_is_not_signed_in_is_led_to_sign_in() -> None:
    assert Client().get(START).headers["Location"] == "/accounts/login/?next=/workspace/"


def test_somebody_with_several_roles_has_every_entry_once_and_every_need() -> None:
    made = cast()
    made.share()
    user = member(made.inspectorate, Role.INSPECTOR)
    other = organisation()
    member(other, Role.MANAGER, user=user)
    member(organisation(Kind.OVERSIGHT), Role.COMMISSIONER, user=user)
    action_of(service(other), user, what="Mend the lock", owner=user, due_on=timezone.localdate())
    client = sign_in(user)
    entries = rail(client)
    assert len(entries) == len(set(entries))
    assert set(entries) == {"Start", "Tasks", "Notices", *PROVIDER, "People", "Shared with us", "Inspections", "Transitions in numbers"}
    assert titles(client) == ["Mend the lock", f"{made.row.title} · {made.provider}"]


# --- What needs them --------------------------------------------------------------------------------------------------


def test_a_submitted_assessment_waits_for_the_manager_and_nobody_else() -> None:
    made = cast()
    made.send()
    page = made.client("manager").get(START).content.decode()
    assert reverse("assessments:review", args=[made.row.pk]) in page
    assert "It waits for your review." in page
    for name in ("assessor", "reader", "rival_manager", "inspector", "stranger"):
        assert NOTHING in made.client(name).get(START).content.decode(), name


def test_what_is_shared_waits_for_the_inspectorate_and_goes_with_the_share() -> None:
    made = cast()
    made.share()
    assert titles(made.client("inspector")) == [f"{made.row.title} · {made.provider}"]
    for name in ("reader", "rival_manager", "stranger"):
        assert titles(made.client(name)) == [], name


def test_an_assessor_reads_own_actions_and_a_manager_those_that_nobody_has() -> None:
    made = cast()
    today = timezone.localdate()
    action_of(made.service, made.manager, what="Mine", owner=made.assessor, due_on=today + timedelta(days=3))
    action_of(made.service, made.manager, what="Nobody's", owner=None, due_on=today + timedelta(days=3))
    assert "Mine" in titles(made.client("assessor"))
    assert "Actions that nobody has: 1" not in titles(made.client("assessor"))
    assert "Actions that nobody has: 1" in titles(made.client("manager"))
    assert titles(made.client("reader")) == titles(made.client("rival_manager")) == []


def test_perm_07_needs_end_with_the_role() -> None:
    made = cast()
    made.send()
    client = made.client("manager")
    assert titles(client) == [made.row.title]
    made.manager.memberships.update(ended_at=timezone.now())
    assert titles(client) == []
    assert rail(client) == ["Start", "Tasks", "Notices", "Standards"]


def test_overdue_first_then_what_is_due_soon_then_weight_then_date() -> None:
    today = date(2026, 6, 1)
    made = [
        Need("no date, heavy", "", None, 90), Need("later, heavy", "", date(2026, 7, 1), 90), Need("soon, light", "", date(2026, 6, 8), 10),
        Need("soon, heavy", "", date(2026, 6, 8), 80), Need("today", "", today, 10), Need("late, light", "", date(2026, 5, 31), 10),
        Need("later, light", "", date(2026, 6, 9), 10), Need("late, heavy", "", date(2026, 5, 30), 80),
    ]  # fmt: skip
    expected = ["late, heavy", "late, light", "soon, heavy", "today", "soon, light", "later, heavy", "no date, heavy", "later, light"]
    assert [need.title for need in in_order(made, today)] == expected
    assert [need.title for need in in_order(made[::-1], today)] == expected


def test_a_need_leads_where_it_says_and_an_overdue_one_says_so_in_words() -> None:
    made = cast()
    late = action_of(
        made.service, made.manager, what="Late <b>one</b>", owner=made.assessor, due_on=timezone.localdate() - timedelta(days=2)
    )
    client = made.client("assessor")
    page = client.get(START).content.decode()
    address = reverse("actions:show", args=[late.pk])
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
    assert "Overdue" in page
    assert "was due" in page
    assert "Late &lt;b&gt;one&lt;/b&gt;" in page


def plenty(user: User, many: int) -> None:
    """So many actions of this person, due today."""
    row = service(organisation())
    member(row.organisation, Role.ASSESSOR, user=user)
    for number in range(many):
        action_of(row, user, what=f"Action {number:02}", owner=user, due_on=timezone.localdate() + timedelta(days=number % 3))


def test_the_start_page_shows_a_few_and_says_how_many_more() -> None:
    user = person()
    plenty(user, 9)
    page = sign_in(user).get(START)
    assert len(page.context["needs"]) == views.FIRST
    assert "3 more tasks" in page.content.decode()
    assert f'href="{TASKS}"' in page.content.decode()


# --- The list of tasks ------------------------------------------------------------------------------------------------


def test_the_list_has_pages_and_a_page_too_far_is_the_last() -> None:
    user = person()
    plenty(user, views.PAGE + 3)
    client = sign_in(user)
    first, second = titles(client, TASKS), titles(client, f"{TASKS}?page=2")
    assert (len(first), len(second)) == (views.PAGE, 3)
    assert len({*first, *second}) == views.PAGE + 3
    assert titles(client, f"{TASKS}?page=99") == second
    assert titles(client, f"{TASKS}?page=x") == first


@pytest.fixture
def narrowed() -> Client:
    made = cast()
    today = timezone.localdate()
    for name, days in (("late", -3), ("soon", 3), ("later", 12)):
        action_of(made.service, made.manager, what=name, owner=made.manager, due_on=today + timedelta(days=days))
    made.send()
    return made.client("manager")


@pytest.mark.parametrize(("query", "expected"), [
    ("", {"late", "soon", "later", "A"}), ("?kind=Actions", {"late", "soon", "later"}), ("?kind=Self-assessments", {"A"}),
    ("?when=overdue", {"late"}), ("?when=soon", {"late", "soon"}), ("?kind=Actions&when=overdue", {"late"}),
    ("?kind=Self-assessments&when=overdue", set()),
    ("?kind=nonsense", {"late", "soon", "later", "A"}), ("?when=%27%3B--", {"late", "soon", "later", "A"}),
])  # fmt: skip
def test_it_is_narrowed_by_kind_and_date_and_nonsense_narrows_nothing(narrowed: Client, query: str, expected: set[str]) -> None:
    answer = narrowed.get(f"{TASKS}{query}")
    found = {"A" if need.kind == "Self-assessments" else need.title for need in answer.context["page"]}
    assert found == expected
    if not expected:
        assert "No task is like that." in answer.content.decode()


# --- Where one is -----------------------------------------------------------------------------------------------------


def test_breadcrumbs_lead_from_the_start_down_to_the_page_above() -> None:
    made = cast()
    client = made.client("manager")
    show = reverse("services:show", args=[made.service.pk])
    trails = {
        TASKS: [START],
        reverse("services:index"): [START],
        show: [START, reverse("services:index")],
        reverse("services:edit", args=[made.service.pk]): [START, reverse("services:index"), show],
        reverse("services:history", args=[made.service.pk]): [START, reverse("services:index"), show],
        reverse("services:take_step", args=[made.service.pk, "pause"]): [START, reverse("services:index"), show],
        reverse("organisations:invite", args=[made.provider.pk]): [START, reverse("organisations:people_of", args=[made.provider.pk])],
    }
    for address, expected in trails.items():
        page = client.get(address).content.decode()
        crumbs = page.partition('<ol class="crumbs">')[2].partition("</ol>")[0]
        assert [part.partition('"')[0] for part in crumbs.split('href="')[1:]] == expected, address
        assert all(client.get(crumb).status_code == 200 for crumb in expected)
    assert '<ol class="crumbs">' not in client.get(START).content.decode(), "the start is above nothing"


# --- Queries ----------------------------------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_start_page_and_the_list_take_the_same_queries_however_much_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    made = cast()
    today = timezone.localdate()
    counts: dict[str, list[int]] = {}
    for more in (1, 30):
        for number in range(more):
            action_of(made.service, made.manager, what=f"{more} {number}", owner=made.manager, due_on=today)
            action_of(made.service, made.assessor, what=f"Left {more} {number}", owner=None, due_on=today)
        for address in (START, TASKS):
            counts.setdefault(address, []).append(queries(made.client("manager"), address))
    with capsys.disabled():
        print(f"\n  queries with 1 and with 31 rows of each kind: {counts}")
    assert Action.objects.count() == 62
    assert all(first == second <= 20 for first, second in counts.values())


@pytest.mark.parametrize("role", Role)
def test_no_role_has_a_dear_start_page(role: Role) -> None:
    assert queries(sign_in(member(organisation(HOME[role]), role)), START) <= 20


def test_the_start_page_says_nothing_to_caches(admin: Any) -> None:
    answer = sign_in(person()).get(START)
    assert "no-store" in answer.headers["Cache-Control"]
