"""Invitations: the only way in. Once, seven days, bound to address, organisation and role, revocable (AUTH-14, IDOR-01, IDOR-04)."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts import invitations
from portal.accounts.models import Invitation, User
from portal.accounts.roles import Kind, Role
from portal.audit.models import Event, Job
from providers.organisations.models import Membership, Organisation
from tests.builders import PASSWORD, enter, member, organisation, person, second_factor, sign_in
from tests.integration.portal.accounts.walks import (
    NEW_PASSWORD,
    SECOND,
    browser,
    come_in,
    is_signed_in,
    link_of,
    send,
    type_password,
)

pytestmark = pytest.mark.django_db
NEW = "nia@people.example"


@pytest.fixture
def home() -> Organisation:
    return organisation(name="Harbour House")


@pytest.fixture
def manager(home: Organisation) -> User:
    return member(home, Role.MANAGER)


def invited(client: Client, home: Organisation, email: str = NEW, role: str = "assessor") -> Invitation:
    """By the page."""
    answer = client.post(f"/workspace/people/{home.pk}/invite/", {"email": email, "role": role})
    assert answer.status_code == 302, answer.context["form"].errors
    found: Invitation = Invitation.objects.get(email=email.strip().lower(), organisation_id=home.pk, role=role)
    return found


def roles_of(email: str) -> set[tuple[str, str]]:
    rows = Membership.objects.current().filter(user__email=email)
    return {(row.organisation.name, row.role) for row in rows}


def test_auth_14_from_the_mail_to_the_start_page(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    row = invited(sign_in(manager), home, "  Nia@People.example ")
    link = link_of(mailoutbox, row)
    client = browser()
    assert client.get(link).headers["Location"] == "/accounts/invitation/", "the token goes out of the address at once"
    page = client.get("/accounts/invitation/")
    assert b"Harbour House" in page.content
    assert b"Assessor" in page.content
    assert link.split("/")[-2].encode() not in page.content
    assert come_in(client, link).headers["Location"] == "/accounts/enrol/"
    assert roles_of(NEW) == {("Harbour House", "assessor")}
    assert client.get("/workspace/").headers["Location"] == "/accounts/enrol/", "the second factor comes first"
    user = User.objects.get(email=NEW)
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    verbs = set(Event.objects.filter(verb__startswith="accounts.invitation").values_list("verb", flat=True))
    assert verbs == {"accounts.invitation.invite", "accounts.invitation.accept"}


def test_auth_14_the_mail_names_nobody_and_no_organisation(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    link_of(mailoutbox, invited(sign_in(manager), home))
    words = mailoutbox[0].subject + mailoutbox[0].body
    assert "Harbour" not in words
    assert manager.email not in words
    assert "assessor" not in words.lower()


def test_auth_14_the_database_holds_the_hash_of_the_token_only(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    row = invited(sign_in(manager), home)
    token = link_of(mailoutbox, row).split("/")[-2]
    assert len(token) == 64
    assert Invitation.objects.get(pk=row.pk).digest == hashlib.sha256(token.encode()).hexdigest()
    assert not [job for job in Job.objects.all() if token in str(job.arguments)]


def gone(link: str) -> bool:
    """The link answers 410, and no form behind it opens."""
    client = browser()
    return client.get(link).status_code == 410 and client.get("/accounts/invitation/").status_code == 410


def test_auth_14_works_once(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    link = link_of(mailoutbox, invited(sign_in(manager), home))
    late = browser()
    late.get(link)
    page = late.get("/accounts/invitation/")
    come_in(browser(), link)
    assert gone(link)
    typed = {"first_name": "Eve", "last_name": "Evil", "password": NEW_PASSWORD, "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    assert late.post("/accounts/invitation/", typed).status_code == 410
    assert User.objects.get(email=NEW).first_name == "Nia"


def test_auth_14_after_seven_days_it_is_over(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    row = invited(sign_in(manager), home)
    link = link_of(mailoutbox, row)
    left = Invitation.objects.get(pk=row.pk).expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() + timedelta(seconds=20))
    assert not gone(link)
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert gone(link)


def test_auth_14_taken_back_it_is_over(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    client = sign_in(manager)
    row = invited(client, home)
    link = link_of(mailoutbox, row)
    assert client.get(f"/workspace/people/{home.pk}/invitations/{row.pk}/revoke/").status_code == 405
    assert client.post(f"/workspace/people/{home.pk}/invitations/{row.pk}/revoke/").status_code == 302
    assert gone(link)
    assert client.post(f"/workspace/people/{home.pk}/invitations/{row.pk}/revoke/").status_code == 404


def test_auth_14_sent_again_the_old_link_is_dead_and_the_new_one_works(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    client = sign_in(manager)
    row = invited(client, home)
    old = link_of(mailoutbox, row)
    assert client.get(f"/workspace/people/{home.pk}/invitations/{row.pk}/resend/").status_code == 405
    client.post(f"/workspace/people/{home.pk}/invitations/{row.pk}/resend/")
    new = link_of(mailoutbox, row)
    assert new != old
    assert gone(old)
    assert come_in(browser(), new).status_code == 302
    assert roles_of(NEW) == {("Harbour House", "assessor")}


def test_the_same_invitation_twice_is_one_with_a_new_link(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    client = sign_in(manager)
    old = link_of(mailoutbox, invited(client, home))
    new = link_of(mailoutbox, invited(client, home))
    assert Invitation.objects.count() == 1
    assert gone(old)
    assert not gone(new)


def test_auth_14_a_mail_that_was_not_sent_yet_is_not_sent_after_taking_back(
    home: Organisation, manager: User, mailoutbox: list[Any]
) -> None:
    client = sign_in(manager)
    row = invited(client, home)
    client.post(f"/workspace/people/{home.pk}/invitations/{row.pk}/revoke/")
    with pytest.raises(IndexError):
        link_of(mailoutbox, row)


@pytest.mark.parametrize("token", ["", "0" * 64, "x", "a" * 5000, "%00"])
def test_a_guessed_token_opens_nothing(token: str) -> None:
    assert Client().get(f"/accounts/invitation/{token}/").status_code in {404, 410}


# --- Bound to an address ----------------------------------------------------------------------------------------------


def test_auth_14_somebody_with_an_account_signs_in_and_says_yes(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    known = person(NEW)
    device = second_factor(known)
    link = link_of(mailoutbox, invited(sign_in(manager), home))
    client = browser()
    client.get(link)
    assert client.get("/accounts/invitation/").headers["Location"] == "/accounts/login/?next=/accounts/invitation/"
    type_password(client, NEW, PASSWORD, next="/accounts/invitation/")
    assert send(client, SECOND, code=device.code()).headers["Location"] == "/accounts/invitation/"
    assert roles_of(NEW) == set(), "not before they said yes"
    assert send(client, "/accounts/invitation/").headers["Location"] == "/workspace/"
    assert roles_of(NEW) == {("Harbour House", "assessor")}


def test_auth_14_who_holds_the_link_of_another_persons_account_gets_nothing(
    home: Organisation, manager: User, mailoutbox: list[Any]
) -> None:
    known, thief = person(NEW), person()
    link = link_of(mailoutbox, invited(sign_in(manager), home))
    client = sign_in(thief)
    client.get(link)
    page = client.get("/accounts/invitation/")
    assert page.headers["Location"].startswith("/accounts/login/")
    assert not is_signed_in(client)
    assert client.post("/accounts/invitation/").status_code == 302
    with pytest.raises(invitations.PermissionDenied):
        invitations.accept(Invitation.objects.get(), by=thief)
    assert roles_of(NEW) | roles_of(thief.email) == set()
    known.refresh_from_db()
    assert known.check_password(PASSWORD), "a link changes no password"


def test_auth_14_a_password_alone_accepts_nothing_for_who_has_an_account(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    person(NEW)
    link = link_of(mailoutbox, invited(sign_in(manager), home))
    client = browser()
    client.get(link)
    type_password(client, NEW, PASSWORD)
    assert client.get("/accounts/invitation/").headers["Location"] == "/accounts/enrol/"
    assert roles_of(NEW) == set()


def test_idor_04_what_else_is_sent_along_changes_nothing(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    rival = organisation()
    more = {
        "is_staff": "1", "is_superuser": "1", "role": "manager", "organisation": str(rival.pk), "organisation_id": str(rival.pk),
        "email": "else@people.example", "id": str(manager.pk), "invited_by": "", "groups": "1", "is_active": "1", "session_epoch": "9",
    }  # fmt: skip
    link = link_of(mailoutbox, invited(sign_in(manager), home, role="reader"))
    come_in(browser(), link, **more)
    assert roles_of(NEW) == {("Harbour House", "reader")}
    user = User.objects.get(email=NEW)
    assert (user.is_staff, user.is_superuser, user.session_epoch, user.groups.count()) == (False, False, 0, 0)
    assert not User.objects.filter(email="else@people.example").exists()


@pytest.mark.parametrize("password", ["short-pass1", "waymark-password-2026", "nia-nia-nia-nia-people"])
def test_auth_17_a_weak_password_makes_nobody(password: str, home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    link = link_of(mailoutbox, invited(sign_in(manager), home))
    assert come_in(browser(), link, password=password).status_code == 200
    assert not User.objects.filter(email=NEW).exists()
    assert come_in(browser(), link).status_code == 302


# --- Who may invite whom ----------------------------------------------------------------------------------------------

OUTSIDE = ["lead_inspector", "inspector", "administrator", "editor", "commissioner", "nothing", ""]


@pytest.mark.parametrize("role", OUTSIDE)
def test_auth_14_a_role_that_is_not_of_the_kind_of_organisation_is_refused(role: str, home: Organisation, manager: User) -> None:
    answer = sign_in(manager).post(f"/workspace/people/{home.pk}/invite/", {"email": NEW, "role": role})
    assert answer.status_code == 200
    assert "role" in answer.context["form"].errors
    assert not Invitation.objects.exists()


def test_auth_14_nobody_grants_what_they_may_not_do_themselves() -> None:
    inspectorate = organisation(Kind.INSPECTORATE)
    lead = sign_in(member(inspectorate, Role.LEAD_INSPECTOR))
    offered = [value for value, _label in lead.get(f"/workspace/people/{inspectorate.pk}/invite/").context["form"].fields["role"].choices]
    assert offered == ["lead_inspector", "inspector"]
    for role in ("quality_reviewer", "publisher"):
        assert lead.post(f"/workspace/people/{inspectorate.pk}/invite/", {"email": NEW, "role": role}).status_code == 200
    assert not Invitation.objects.exists()


def test_idor_01_another_organisation_is_not_there(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    rival = organisation()
    theirs = sign_in(member(rival, Role.MANAGER))
    row = invited(theirs, rival)
    link = link_of(mailoutbox, row)
    their_reader = Membership.objects.get(user=member(rival, Role.READER))
    mine = sign_in(manager)
    absent = "00000000-0000-4000-8000-000000000000"
    for there in (rival.pk, absent):
        people = f"/workspace/people/{there}"
        assert mine.get(f"{people}/").status_code == 404
        assert mine.get(f"{people}/invite/").status_code == 404
        assert mine.post(f"{people}/invite/", {"email": NEW, "role": "manager"}).status_code == 404
    for base in (rival.pk, home.pk):  # and with one's own organisation before the rival's row
        people = f"/workspace/people/{base}"
        assert mine.post(f"{people}/invitations/{row.pk}/resend/").status_code == 404
        assert mine.post(f"{people}/invitations/{row.pk}/revoke/").status_code == 404
        assert mine.get(f"{people}/roles/{their_reader.pk}/remove/").status_code == 404
        assert mine.post(f"{people}/roles/{their_reader.pk}/remove/").status_code == 404
    assert not gone(link)
    assert Membership.objects.current().filter(pk=their_reader.pk).exists()


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.READER])
def test_perm_15_who_may_read_but_not_manage_is_refused(role: Role, home: Organisation, manager: User) -> None:
    client = sign_in(member(home, role))
    assert client.get(f"/workspace/people/{home.pk}/").status_code == 403
    assert client.post(f"/workspace/people/{home.pk}/invite/", {"email": NEW, "role": "reader"}).status_code == 403
    assert not Invitation.objects.exists()


def test_auth_14_what_an_inviter_gave_is_worth_nothing_once_they_may_not_give_it(
    home: Organisation, manager: User, mailoutbox: list[Any]
) -> None:
    member(home, Role.MANAGER)
    link = link_of(mailoutbox, invited(sign_in(manager), home))
    Membership.objects.filter(user=manager).update(ended_at=timezone.now())
    answer = come_in(browser(), link)
    assert answer.status_code == 410
    assert b"ask whoever invited you" in answer.content
    assert not User.objects.filter(email=NEW).exists()


def test_auth_14_a_closed_organisation_lets_nobody_in(home: Organisation, manager: User, mailoutbox: list[Any]) -> None:
    link = link_of(mailoutbox, invited(sign_in(manager), home))
    Organisation.objects.filter(pk=home.pk).update(status=Organisation.Status.CLOSED)
    assert come_in(browser(), link).status_code == 410
    assert not User.objects.filter(email=NEW).exists()


def test_an_account_made_meanwhile_by_another_invitation_leads_to_signing_in(
    home: Organisation, manager: User, mailoutbox: list[Any]
) -> None:
    row = invited(sign_in(manager), home)
    link = link_of(mailoutbox, row)
    client = browser()
    client.get(link)
    page = client.get("/accounts/invitation/")
    person(NEW)
    with pytest.raises(invitations.Known):
        invitations.accept(row, by=None, password=NEW_PASSWORD, first_name="Nia", last_name="New")
    typed = {"first_name": "Nia", "last_name": "New", "password": NEW_PASSWORD, "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    assert client.post("/accounts/invitation/", typed).headers["Location"] == "/accounts/login/?next=/accounts/invitation/"
    assert Invitation.objects.get().accepted_at is None


def test_a_role_that_somebody_has_already_is_not_offered_twice(home: Organisation, manager: User) -> None:
    reader = member(home, Role.READER)
    answer = sign_in(manager).post(f"/workspace/people/{home.pk}/invite/", {"email": reader.email, "role": "reader"})
    assert b"has that role here already" in answer.content


def test_an_administrator_brings_an_organisation_in_and_its_first_manager(mailoutbox: list[Any]) -> None:
    client = enter(Client(), member(organisation(Kind.OFFICE), Role.ADMINISTRATOR))
    made = client.post("/workspace/people/new/", {"name": "Newcomer", "kind": "provider"})
    fresh = Organisation.objects.get(name="Newcomer")
    assert made.headers["Location"] == f"/workspace/people/{fresh.pk}/invite/"
    come_in(browser(), link_of(mailoutbox, invited(client, fresh, role="manager")))
    assert roles_of(NEW) == {("Newcomer", "manager")}
