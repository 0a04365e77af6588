"""The record: its reference, its sealing, its dates, its checklist, and what a dump of the database tells (CRY, C5, C34, C36)."""

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from psycopg import sql

from portal.accounts.roles import Role
from portal.audit.models import Event, Notice, View
from portal.audit.notices import deliver
from portal.vault import keyring
from portal.vault.sealing import Unreadable
from providers.services.models import Outdated
from providers.transitions import checklists, clocks, dates, needs, offering, pathways, reference, sections, tasks
from providers.transitions.codes import Destination, Item
from providers.transitions.models import Check, Pathway, SealedSection, Transition
from tests import builders
from tests.integration.providers.transitions.cast import CANARY, VALUES, World

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


# --- Reference -----------------------------------------------------------------------------------------------------------------------


def test_cry_06_a_record_is_found_by_its_reference_however_it_is_typed_and_only_by_who_may_see_it(world: World) -> None:
    row = world.begin()
    named = sections.references([row])[row.pk]
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]", named)
    spoken = named.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert sections.find(world.who("worker"), spoken) == row
    assert sections.find(world.who("rival"), named) is None
    assert bytes(row.reference_index) not in {named.encode(), reference.normalised(named).encode()}
    wrong = named[:-1] + ("A" if named[-1] != "A" else "B")
    assert sections.find(world.who("worker"), wrong) is None


def test_cry_11_a_reference_without_the_keyring_cannot_be_tried(world: World) -> None:
    row = world.begin()
    named = sections.references([row])[row.pk]
    keyring.destroy_key(sections.INDEX)
    assert sections.index_of(named) != bytes(row.reference_index)


def test_the_same_form_sent_twice_is_one_record_and_another_person_cannot_send_it(world: World) -> None:
    from providers.transitions import beginning
    from providers.transitions.beginning import Start

    start, key = Start(world.service, "own_wish", timezone.localdate()), uuid.uuid4()
    rows = {beginning.begin(start, key=key, by=world.who("worker")).pk for _number in range(2)}
    assert rows == {key}
    assert Transition.objects.count() == 1
    with pytest.raises(ValidationError):
        beginning.begin(start, key=key, by=world.who("colleague"))
    with pytest.raises(PermissionDenied):
        beginning.begin(start, key=uuid.uuid4(), by=world.who("reader"))


# --- Sealing -------------------------------------------------------------------------------------------------------------------------


def every_row() -> str:
    """Every row of every table of the database, as a dump would hold it: text as text, bytes as they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT t.*::text FROM {} t").format(sql.Identifier(table)).as_string(cursor.connection))
            found += [str(line) for line in cursor.fetchall()]
    return "\n".join(found)


def in_any_form(text: str, dump: str) -> list[str]:
    """In which encodings ``text`` stands in the dump."""
    import base64

    forms = {"plain": text, "hex": text.encode().hex(), "base64": base64.b64encode(text.encode()).decode().rstrip("=")[:-1]}
    return [name for name, form in forms.items() if form in dump]


def test_cry_09_ret_02_a_dump_of_the_database_holds_no_word_about_her(world: World) -> None:
    offer = world.offered()
    named = reference.normalised(sections.references([world.row])[world.row.pk])
    question = offering.ask(offer, f"{CANARY} question", by=world.who("their_worker"))
    offering.reply(question, f"{CANARY} reply", by=world.who("worker"))
    heard = offering.Heard(f"{CANARY} Mrs Heard", f"{CANARY} role", timezone.now())
    offering.hear_acceptance(offer, timezone.localdate(), heard, by=world.who("worker"))
    assert offering.conversation(offer)[0]["question"] == f"{CANARY} question"
    assert sections.read(world.now(), [Item.WISHES])[Item.WISHES]["words"] == f"{CANARY}-wish"
    dump = every_row()
    assert str(world.row.pk) in dump, "the dump is a dump"
    for text in (CANARY, named, reference.spaced(named), "Mrs Heard", '"ti"'):
        assert in_any_form(text, dump) == [], text


def test_cry_02_a_section_put_elsewhere_or_back_does_not_open(world: World) -> None:
    row = world.begin()
    world.write()
    health = SealedSection.objects.get(transition=row, item=Item.HEALTH)
    SealedSection.objects.filter(transition=row, item=Item.WISHES).update(blob=health.blob)
    with pytest.raises(Unreadable):
        sections.read(world.now())


def test_ret_09_without_its_key_a_record_is_gone_and_no_page_fails(world: World) -> None:
    row = world.begin()
    world.write()
    keyring.destroy_key(row.pk)
    assert sections.read(world.now()) == {}
    assert sections.references([row]) == {}
    assert world.client("worker").get(f"/workspace/transitions/{row.pk}/").status_code == 200


def test_int_01_two_who_write_the_same_section_the_second_reads_both(world: World) -> None:
    world.begin()
    sections.write(world.now(), Item.HEALTH, {"needs": ["sleep"]}, base=0, by=world.who("worker"))
    with pytest.raises(Outdated):
        sections.write(world.now(), Item.HEALTH, {"needs": ["medicine"]}, base=0, by=world.who("colleague"))
    address = f"/workspace/transitions/{world.row.pk}/needs/health/"
    answer = world.client("colleague").post(address, {"base": 0, "needs": ["medicine"]})
    assert answer.status_code == 409
    assert b"Sleep" in answer.content
    assert b"Takes medicine every day" in answer.content
    assert sections.read(world.now(), [Item.HEALTH]) == {Item.HEALTH: {"needs": ["sleep"]}}


def test_c34_a_change_after_sending_is_a_new_row_with_a_reason(world: World) -> None:
    world.offered()
    with pytest.raises(ValidationError):
        sections.write(world.now(), Item.HEALTH, {"needs": ["sleep"]}, base=1, by=world.who("worker"))
    sections.write(world.now(), Item.HEALTH, {"needs": ["sleep"]}, base=1, by=world.who("worker"), reason="corrected")
    rows = list(SealedSection.objects.filter(transition=world.row, item=Item.HEALTH).values_list("version", "is_current", "reason"))
    assert rows == [(1, False, ""), (2, True, "corrected")]
    assert sections.read(world.now(), [Item.HEALTH]) == {Item.HEALTH: {"needs": ["sleep"]}}
    assert Event.objects.filter(verb="transitions.section.amend", subject_id=world.row.pk).count() == 1


@pytest.mark.parametrize("text", ["call 07700 900123", "12 Harbour Street", "see her at www.example.org", "SW1A 1AA"])
def test_texts_in_her_own_words_hold_no_place_and_no_number(world: World, text: str) -> None:
    world.begin()
    answer = world.client("worker").post(f"/workspace/transitions/{world.row.pk}/needs/wishes/", {"base": 0, "words": text})
    assert answer.status_code == 422
    assert text.encode() in answer.content, "nothing that was typed is lost"
    assert sections.read(world.now(), [Item.WISHES]) == {}


def test_every_coded_answer_survives_its_form(world: World) -> None:
    world.begin()
    browser = world.client("worker")
    for item in needs.EDITED:
        data: dict[str, Any] = {"base": 0}
        for question in needs.QUESTIONS[item]:
            kinds = {"many": [code for code, _label in question.choices], "one": question.choices[-1][0] if question.choices else "",
                     "yes_no": "yes", "time": "09:30", "text": "two words"}  # fmt: skip
            data[question.key] = kinds[question.kind]
        assert browser.post(f"/workspace/transitions/{world.row.pk}/needs/{item}/", data).status_code == 302, item
    held = sections.read(world.now())
    assert held[Item.CONTACT]["voicemail"] is True
    assert held[Item.CONTACT]["days"] == [0, 1, 2, 3, 4, 5, 6]
    assert held[Item.CONTACT]["from"] == "09:30"
    page = browser.get(f"/workspace/transitions/{world.row.pk}/").content.decode()
    for item in needs.EDITED:
        for label, said in needs.words_of(item, held[item]):
            assert str(label) in page
            assert all(word in page.replace("&#x27;", "'") for word in said.split(", "))


# --- Dates ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trigger", "nation", "since", "kind", "due"),
    [
        ("cg_positive", "england", date(2026, 11, 2), "support_ends", date(2026, 12, 17)),  # 45 days
        ("cg_negative", "wales", date(2025, 12, 22), "support_ends", date(2026, 1, 7)),  # 9 working days over Christmas and New Year
        ("cg_negative", "england", date(2026, 11, 2), "reconsideration_nrm", date(2026, 12, 2)),
        ("asylum_refused", "scotland", date(2026, 11, 2), "support_ends", date(2026, 11, 23)),
        ("cg_negative", "scotland", date(2025, 12, 30), "referral_sent", date(2026, 1, 5)),  # 2 January is a holiday there
        ("cg_negative", "england", date(2025, 12, 30), "referral_sent", date(2026, 1, 2)),
        ("cg_positive", "northern_ireland", date(2026, 3, 16), "plan_started", date(2026, 3, 19)),  # St Patrick's Day between
        ("cg_positive", "england", date(2026, 3, 16), "plan_started", date(2026, 3, 18)),
    ],
)
def test_7_3_dates_by_rule_and_nation(world: World, trigger: str, nation: str, since: date, kind: str, due: date) -> None:
    world.service.nation = nation
    world.service.save()
    world.begin(trigger=trigger, trigger_on=since)
    assert world.row.clocks.get(kind=kind).due_on == due


def test_7_3_scotland_has_no_rule_for_the_end_of_support_so_only_the_letter_says(world: World) -> None:
    world.service.nation = "scotland"
    world.service.save()
    world.begin(trigger="cg_positive")
    assert not world.row.clocks.filter(kind="support_ends").exists()
    assert world.row.exit_on is None
    kinds = {rule["key"] for rule in clocks.optional_rules(world.row)}
    assert {"statutory_support", "injuries_claim"} <= kinds


def test_7_3_the_date_in_her_letter_wins_and_moves_what_hangs_on_it(world: World) -> None:
    today = timezone.localdate()
    world.begin()
    assert world.row.exit_on == today + timedelta(days=45)
    assert world.row.clocks.get(kind="joint_meeting").due_on == today + timedelta(days=38)
    dates.say_letter(world.now(), "support_ends", today + timedelta(days=60), by=world.who("worker"))
    clock = world.row.clocks.get(kind="support_ends")
    assert (clock.due_on, clock.computed_on) == (today + timedelta(days=60), today + timedelta(days=45))
    assert world.now().exit_on == today + timedelta(days=60)
    assert world.row.clocks.get(kind="joint_meeting").due_on == today + timedelta(days=53)
    with pytest.raises(PermissionDenied):
        dates.say_letter(world.now(), "support_ends", None, by=world.who("reader"))


def test_c36_a_running_transition_keeps_the_version_it_began_with(world: World) -> None:
    world.begin()
    first = world.row.pathway
    content = {**first.content, "clocks": [{**rule, "count": rule["count"] + 1} for rule in first.content["clocks"]]}
    newer = Pathway.objects.create(version=99, valid_from=timezone.localdate(), content=content, sha256="0" * 64)
    old = world.row
    dates.say_letter(old, "support_ends", None, by=world.who("worker"))
    assert old.pathway == first
    assert old.clocks.get(kind="support_ends").computed_on == timezone.localdate() + timedelta(days=45)
    assert world.begin().pathway == newer
    assert world.row.clocks.get(kind="support_ends").computed_on == timezone.localdate() + timedelta(days=46)


def test_c36_a_version_that_is_there_cannot_become_another() -> None:
    text = pathways.files()[0].read_text(encoding="utf-8")
    assert pathways.bring(text)[1] is False
    with pytest.raises(ValidationError, match="write a new version"):
        pathways.bring(
            text.replace(
                "count: 45, unit: days, basis: official, mark: A, source: S05",
                "count: 46, unit: days, basis: official, mark: A, source: S05",
            )
        )
    with pytest.raises(ValidationError, match="mark and source"):
        pathways.bring(text.replace("basis: official, mark: A, source: S05", "basis: official"))
    with pytest.raises(ValidationError, match="two rules"):
        pathways.bring(
            text.replace("triggers: [asylum_granted], from: trigger, count: 28", "triggers: [cg_positive], from: trigger, count: 28")
        )


def test_7_3_every_clock_says_whether_it_is_law_or_a_proposal(world: World) -> None:
    world.begin()
    page = world.client("worker").get(f"/workspace/transitions/{world.row.pk}/dates/").content.decode()
    bases = [rule["basis"] for one in world.row.clocks.all() if (rule := clocks.rule_of(world.row, one.kind))]
    assert page.count("Official rule") == bases.count("official") >= 1
    assert page.count("Proposed by this project") == bases.count("proposal") >= 5


# --- Checklist -----------------------------------------------------------------------------------------------------------------------


def test_7_5_the_list_follows_the_destination(world: World) -> None:
    world.begin(destination=Destination.PRIVATE_RENTED)
    keys = set(world.row.checks.values_list("key", flat=True))
    assert "housing_papers" not in keys
    assert not any(key.startswith(("asylum_", "age18_")) for key in keys)
    world.now().change({"destination": Destination.ASYLUM_S95}, base=world.now().version, by=world.who("worker"))
    keys = set(world.row.checks.values_list("key", flat=True))
    assert {"housing_papers", "asylum_unsafe_areas", "asylum_room_sharing"} <= keys
    world.begin(trigger="turning_18")
    assert {"age18_stays_in_nrm", "age18_adult_support"} <= set(world.row.checks.values_list("key", flat=True))


def test_7_5_nobody_leaves_while_a_point_that_matters_is_open(world: World) -> None:
    world.accepted()
    world.now().book(timezone.localdate(), by=world.who("worker"))
    with pytest.raises(ValidationError, match="cannot leave yet"):
        world.now().move(by=world.who("worker"))
    world.tick_all()
    last = Check.objects.get(transition=world.row, key="first_night")
    checklists.answer(last, "open", "", base=last.version, by=world.who("worker"))
    with pytest.raises(ValidationError, match="1 points"):
        world.now().move(by=world.who("worker"))
    last.refresh_from_db()
    checklists.answer(last, "done", "", base=last.version, by=world.who("worker"))
    world.now().move(by=world.who("worker"))
    assert world.now().status == "moved"


def test_7_5_what_may_be_waived_and_what_is_for_everybody(world: World) -> None:
    world.begin()
    world.now().plan(by=world.who("worker"))

    def said(key: str, state: str, reason: str = "") -> str:
        check = Check.objects.get(transition=world.row, key=key)
        try:
            checklists.answer(check, state, reason, base=check.version, by=world.who("worker"))
        except ValidationError:
            return "refused"
        return "kept"

    assert said("joint_meeting", "waived") == "refused"  # no reason
    assert said("joint_meeting", "waived", "she_declined") == "kept"
    assert said("first_night", "waived", "she_declined") == "refused"
    assert said("first_night", "not_needed", "no_need") == "refused"
    assert said("interpreter_booked", "not_needed", "no_need") == "kept"
    assert said("consent_recorded", "done") == "refused"  # nothing is on record
    assert said("named_receiver", "done") == "refused"  # nobody has accepted
    world.consent()
    assert said("consent_recorded", "done") == "kept"


def test_family_moves_together(world: World) -> None:
    from providers.transitions import beginning
    from providers.transitions.beginning import Start

    world.accepted()
    world.now().book(timezone.localdate(), by=world.who("worker"))
    world.tick_all()
    start = Start(world.service, "own_wish", timezone.localdate(), Destination.LONGER_TERM, family=world.now())
    other = beginning.begin(start, key=uuid.uuid4(), by=world.who("worker"))
    assert other.family == world.now().family is not None
    with pytest.raises(ValidationError, match="family"):
        world.now().move(by=world.who("worker"))
    other.change({"exit_on": timezone.localdate()}, base=other.version, by=world.who("worker"))
    world.now().move(by=world.who("worker"))


# --- Time passing ----------------------------------------------------------------------------------------------------------------------


def test_c5_a_draft_that_nobody_takes_up_ends_with_notice(world: World) -> None:
    world.begin()
    today = timezone.localdate()
    for days, status in ((75, "draft"), (77, "draft"), (91, "expired")):
        Transition.objects.filter(pk=world.row.pk).update(created_at=timezone.now() - timedelta(days=days))
        tasks.close_what_ran_out(today.isoformat())
        assert world.now().status == status
        told = world.people["worker"].notices.filter(kind="transitions.draft_ends").count()
        assert told == (0 if days == 75 else 1)


def test_7_4_a_day_of_leaving_that_passed_is_the_managers(world: World) -> None:
    world.accepted()
    Transition.objects.filter(pk=world.row.pk).update(exit_on=timezone.localdate() - timedelta(days=1))
    tasks.look_for_gaps(timezone.localdate().isoformat())
    row = world.now()
    assert (row.status, row.escalated_from, row.responsible_id) == ("escalated", "accepted", world.sender.pk)
    with pytest.raises(PermissionDenied):
        row.hand_back(by=world.who("worker"))
    row.hand_back(by=world.who("manager"))
    assert world.now().status == "accepted"


def test_every_view_writes_one_row_in_the_same_transaction(world: World) -> None:
    world.offered()
    for number, (name, sight) in enumerate([("worker", "full"), ("reader", "outline"), ("their_worker", "minimum")], 1):
        assert world.client(name).get(f"/workspace/transitions/{world.row.pk}/").status_code == 200
        rows = list(View.objects.filter(subject_id=world.row.pk).order_by("pk"))
        assert len(rows) == number
        assert (rows[-1].by, rows[-1].why) == (world.people[name], f"record:{sight}")
    assert world.client("rival").get(f"/workspace/transitions/{world.row.pk}/").status_code == 404
    assert View.objects.filter(subject_id=world.row.pk).count() == 3


def test_the_pathway_is_brought_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed", languages=["ar"])
    assert "pathways: 0 added, 1 in all" in capsys.readouterr().out
    assert "transitions_pathway" not in connections["keyring"].introspection.table_names()
    assert set(VALUES) <= set(needs.EDITED)


def test_auth_16_twenty_wrong_references_an_hour_and_the_managers_are_told(world: World) -> None:
    row, manager = world.begin(), builders.member(world.elsewhere, Role.MANAGER)
    typed = sections.references([row])[row.pk]
    client, path = world.client("rival"), "/workspace/transitions/find/"
    for number in range(20):
        wrong = typed if number % 2 else f"{number:05d}-00000-0"  # nobody learns from the limit which of the two exists
        assert client.post(path, {"reference": wrong}).status_code == 422, number
    assert client.post(path, {"reference": typed}).status_code == 429
    event = Event.objects.filter(verb="transitions.transition.guessing").get()
    deliver(event)
    assert [notice.to for notice in Notice.objects.filter(kind="transitions.guessing")] == [manager]
    mine = world.client("worker")
    for _number in range(25):  # right ones cost nothing
        assert mine.post(path, {"reference": typed}).status_code == 302
