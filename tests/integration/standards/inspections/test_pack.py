"""B14, C49: the visit pack. Who may take and send it, what is in it, and that each entry arrives once, merged, or not at all."""

import json
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import Event
from standards.inspections import packing, recording
from standards.inspections.models import Activity, Alert, Finding, Inspection
from standards.inspections.views import pack
from tests.integration.standards.inspections.cast import CANARY, PEOPLE, Cast, activity, finding

pytestmark = pytest.mark.django_db
PAGES = ("pack", "pack_worker", "pack_take", "pack_file", "pack_paper", "pack_send")
TEAM = {"lead", "cleared"}


def at(world: Cast, name: str) -> str:
    return reverse(f"inspections:{name}", args=[world.row.pk])


def values(world: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "standard": str(world.standards()[0].pk), "indicators": [], "kind": "shortfall", "text": "Two of five plans had no review date.",
        "severity": "medium", "likelihood": "", "is_urgent": False, "evidence": "", "activities": [], "sample": "", "repeats": "",
        "hold_back": False, **fields,
    }  # fmt: skip


def entry(values: dict[str, Any], kind: str = "finding", **fields: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": kind, "target": "", "bases": [], "values": values, **fields}


def done(**fields: Any) -> dict[str, Any]:
    given = {"method": "staff", "on": f"{timezone.localdate()}", "headcount": "3", "interpreter": False, "language_group": "", "note": ""}
    return {**given, **fields}


def send(world: Cast, sent: dict[str, Any], who: str = "cleared", client: Client | None = None, **more: Any) -> Any:
    body = {"writer": str(world.people[who].pk), "entry": sent, **more}
    return (client or world.client(who)).post(at(world, "pack_send"), json.dumps(body), content_type="application/json")


# --- Who may ------------------------------------------------------------------------------------------------------------


def test_perm_14_b14_only_its_cleared_team_opens_takes_or_sends_a_pack(world: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    world.fieldwork()
    finding(world, status="draft", by=world.people["cleared"])
    wrong: list[Any] = []
    for who in PEOPLE:
        client = world.client(who)
        allowed = {200} if who in TEAM else {404}
        answers = {name: client.get(at(world, name)) for name in PAGES}
        answers["contents"] = client.post(at(world, "pack_contents"))
        answers["send"] = send(world, entry(values(world)), who, client)
        wrong += [(who, name, found.status_code) for name, found in answers.items() if found.status_code not in allowed]
        if who not in TEAM:
            wrong += [(who, name, "canary") for name, found in answers.items() if CANARY in found.text or world.row.number in found.text]
    with capsys.disabled():
        print(f" [{len(PEOPLE) * (len(PAGES) + 2)} cells of the visit pack]", end="")
    assert wrong == []
    assert set(Finding.objects.filter(text__startswith="Two of five").values_list("by", flat=True)) == {
        world.people[who].pk for who in TEAM
    }


@pytest.mark.parametrize("status", ["planned", "paused", "called_off", "closed"])
def test_b14_in_a_state_in_which_nobody_writes_there_is_no_pack(world: Cast, status: str) -> None:
    world.to(status, notified_at=timezone.now())
    client = world.client("cleared")
    assert {name: client.get(at(world, name)).status_code for name in PAGES if name != "pack_send"} == dict.fromkeys(PAGES[:-1], 403)
    assert client.post(at(world, "pack_contents")).status_code == 403
    assert send(world, entry(values(world))).status_code == 403
    assert client.get(at(world, "pack_send")).json()["may"] is False
    assert not Finding.objects.exists()
    assert not Event.objects.filter(verb="inspections.inspection.take_pack").exists()


def test_b14_a_reviewer_reads_but_takes_no_pack(world: Cast) -> None:
    world.fieldwork()
    world.reporting()
    client = world.client("reviewer")
    assert client.get(at(world, "findings")).status_code == 200
    assert {client.get(at(world, name)).status_code for name in PAGES[:-1]} == {403}
    assert send(world, entry(values(world)), "reviewer").status_code == 403


def test_b14_whoever_is_signed_out_is_told_so_and_a_script_in_its_own_way(world: Cast, nobody: Client) -> None:
    world.fieldwork()
    assert nobody.get(at(world, "pack")).status_code == 302
    refused = nobody.get(at(world, "pack_send"), headers={"accept": "application/json"})
    assert (refused.status_code, refused.headers["X-Signed-Out"]) == (403, "1")


def test_b14_a_pack_is_sent_by_whoever_took_it(world: Cast) -> None:
    world.fieldwork()
    body = {"writer": str(world.people["lead"].pk), "entry": entry(values(world))}
    answer = world.client("cleared").post(at(world, "pack_send"), json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()) == (403, {"kind": "other"})
    assert not Finding.objects.exists()


# --- What is kept on the device ------------------------------------------------------------------------------------------


def test_b14_the_pack_holds_the_scope_and_ones_own_drafts_and_names_nobody(world: Cast) -> None:
    world.fieldwork()
    activity(world, note="The rota.")
    own = finding(world, 1, status="draft", by=world.people["cleared"])
    finding(world, 2, status="draft", by=world.people["lead"])
    answer = world.client("cleared").post(at(world, "pack_contents"))
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json()
    assert [row["code"] for row in found["standards"]] == [one.code for one in world.standards()]
    assert len(found["indicators"]) == len(packing.indicators(world.row)) > 0
    assert [(row["id"], row["values"]["text"]) for row in found["findings"]] == [(str(own.pk), own.text)]
    assert [row["note"] for row in found["activities"]] == ["The rota."]
    names = [
        str(world.provider),
        str(world.service),
        *(part for one in world.people.values() for part in (one.last_name, one.email) if part),
    ]
    assert not [name for name in names if name in answer.text]
    event = Event.objects.get(verb="inspections.inspection.take_pack")
    assert (event.by, event.codes) == (world.people["cleared"], {"findings": 1})


def test_b14_the_page_that_is_kept_says_nothing_of_anybody_and_is_the_same_for_the_team(world: Cast) -> None:
    world.fieldwork()
    finding(world, status="draft", by=world.people["cleared"])
    activity(world, note=CANARY)
    pages = {who: world.client(who).get(at(world, "pack")) for who in TEAM}
    one, other = (page.text for page in pages.values())
    assert one == other
    assert "csrfmiddlewaretoken" not in one
    secret = [CANARY, world.row.number, str(world.provider), str(world.service), world.standards()[0].title]
    secret += [part for person in world.people.values() for part in (person.first_name, person.last_name, person.email) if part]
    assert not [word for word in secret if re.search(rf"\b{re.escape(word)}\b", one)]
    assert not Finding.objects.filter(pk__in=re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", one)).exists()
    linked = set(re.findall(r'(?:src|href)="/static/([^"]+)"', one))
    assert linked == set(pack.FILES), "the worker keeps exactly the files of the page"


def test_b14_the_worker_reaches_the_packs_page_and_nothing_else(world: Cast) -> None:
    world.fieldwork()
    client = world.client("cleared")
    worker = client.get(at(world, "pack_worker"))
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in worker.headers, "its own folder is the widest it can reach"
    told = json.loads(worker.text.splitlines()[0].removeprefix("const PACK = ").removesuffix(";"))
    assert told["shell"] == at(world, "pack")
    assert at(world, "pack_worker") == f"{told['shell']}worker.js"
    assert all(name.startswith("/static/") for name in told["files"])
    for name in ("pack_take", "pack_file", "pack"):
        assert "worker-src 'self'" in client.get(at(world, name)).headers["Content-Security-Policy"]
    for address in (at(world, "visit"), at(world, "pack_paper"), "/workspace/"):
        assert "worker-src 'none'" in client.get(address).headers["Content-Security-Policy"]
    assert "worker-src 'none'" in Client().get("/en/").headers["Content-Security-Policy"]


def test_b14_the_worker_is_a_new_one_when_a_file_of_the_page_changes(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fieldwork()
    client = world.client("cleared")
    first = client.get(at(world, "pack_worker")).text
    assert client.get(at(world, "pack_worker")).text == first
    monkeypatch.setattr(pack, "_bytes_of", lambda name: name.encode())
    assert client.get(at(world, "pack_worker")).text != first


def test_b14_the_paper_form_lists_the_whole_scope(world: Cast) -> None:
    world.fieldwork()
    page = world.client("cleared").get(at(world, "pack_paper")).text
    for one in (*world.standards(), *packing.indicators(world.row)):
        assert f"{one.code} · " in page


# --- Sending -------------------------------------------------------------------------------------------------------------


def test_b14_sent_twice_it_is_one_finding_and_one_activity(world: Cast) -> None:
    world.fieldwork()
    noted, found = entry(done(note="The rota."), "activity"), entry(values(world))
    answers = [send(world, one) for one in (noted, noted, found, found)]
    assert [one.status_code for one in answers] == [200] * 4
    assert answers[0].json() == answers[1].json()
    assert answers[2].json() == answers[3].json()
    row, did = Finding.objects.get(), Activity.objects.get()
    assert (row.by, did.by, did.note) == (world.people["cleared"], world.people["cleared"], "The rota.")
    assert answers[2].json()["name"] == row.code == f"{world.row.number}-F01"


def test_b14_an_id_of_another_inspection_meets_nothing(world: Cast) -> None:
    world.fieldwork()
    sent = entry(values(world))
    assert send(world, sent).status_code == 200
    key = Finding.objects.get().key
    assert str(key) != sent["id"]
    again = entry(values(world), id=str(key))
    assert send(world, again).status_code == 200
    assert Finding.objects.count() == 2


def test_b14_edited_after_a_lost_answer_it_is_changed_and_not_doubled(world: Cast) -> None:
    world.fieldwork()
    first = values(world)
    sent = entry(first, bases=[first])
    send(world, sent)
    later = values(world, text="Three of five plans had no review date.")
    assert send(world, sent | {"values": later, "bases": [first, later]}).status_code == 200
    assert Finding.objects.get().text == later["text"]
    last = values(world, text="Four of five plans had no review date.")
    assert send(world, sent | {"values": last, "bases": [first, later, last]}).status_code == 200, "whichever of them arrived"
    assert Finding.objects.get().text == last["text"]


@pytest.mark.parametrize(
    ("fields", "at_field"),
    [
        ({"severity": ""}, "severity"), ({"text": " "}, "text"), ({"standard": ""}, "standard"), ({"kind": "strength"}, "severity"),
        ({"text": "Amina Hassan cried."}, "looked"), ({"text": "A 17-year-old was there."}, "looked"),
        ({"evidence": "Near 12 Harbour Street."}, "looked"), ({"text": "Her number is AB 12 34 56 C."}, "text"),
        ({"activities": [str(uuid.uuid4())]}, "activities"),
    ],
)  # fmt: skip
def test_b14_what_the_form_online_refuses_is_refused_by_field(world: Cast, fields: dict[str, Any], at_field: str) -> None:
    world.fieldwork()
    answer = send(world, entry(values(world, **fields)))
    assert (answer.status_code, answer.json()["kind"]) == (422, "refused")
    assert at_field in answer.json()["errors"]
    assert not Finding.objects.exists()


def test_b14_who_has_looked_may_go_on_but_only_for_what_was_found(world: Cast) -> None:
    world.fieldwork()
    given = values(world, text="The Quiet Garden Room was clean.", kind="strength", severity="")
    asked = send(world, entry(given)).json()["asks"]
    assert "Garden Room" in asked["found"]
    assert send(world, entry(given | {"text": f"{given['text']} Amina Hassan too.", "looked": asked["value"]})).status_code == 422
    assert send(world, entry(given | {"looked": asked["value"]})).status_code == 200


def test_b14_a_day_that_has_not_come_is_refused(world: Cast) -> None:
    world.fieldwork()
    answer = send(world, entry(done(on="2100-01-01"), "activity"))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["on"])


def test_b14_a_serious_concern_raises_its_alert_when_it_arrives_once_and_holds_back_if_asked(world: Cast) -> None:
    world.fieldwork()
    sent = entry(values(world, kind="serious_concern", severity="critical", text="The fire exit was locked.", hold_back=True))
    for _twice in range(2):
        assert send(world, sent).status_code == 200
    assert Alert.objects.get().to_provider is False


@pytest.mark.parametrize(
    "broken",
    [
        {}, {"entry": {}}, {"entry": []}, {"entry": {"id": "x", "kind": "finding", "values": {}}},
        {"entry": {"id": str(uuid.uuid4()), "kind": "judgement", "values": {}}},
        {"entry": {"id": str(uuid.uuid4()), "kind": "finding", "values": {"text": {"a": 1}}}},
        {"entry": {"id": str(uuid.uuid4()), "kind": "activity", "target": str(uuid.uuid4()), "values": {}}},
    ],
)  # fmt: skip
def test_b14_what_our_script_would_not_send_is_no_failure(world: Cast, broken: dict[str, Any]) -> None:
    world.fieldwork()
    client = world.client("cleared")
    body = {"writer": str(world.people["cleared"].pk), **broken}
    for sent in (json.dumps(body), "no json", "[]"):
        assert client.post(at(world, "pack_send"), sent, content_type="application/json").status_code == 400


# --- Changed on both sides ------------------------------------------------------------------------------------------------


def taken_along(world: Cast, **fields: Any) -> tuple[Finding, dict[str, Any]]:
    """A draft of ``cleared``, and its values as their pack has them."""
    world.fieldwork()
    given = {"status": "draft", "by": world.people["cleared"], "kind": "shortfall", "severity": "low", **fields}
    row = finding(world, **given)
    found = world.client("cleared").post(at(world, "pack_contents")).json()["findings"]
    return row, found[0]["values"]


def rewrite(world: Cast, row: Finding, **fields: Any) -> None:
    """A colleague changes it online."""
    now = Finding.objects.get(pk=row.pk)
    changed = {name: fields.get(name, getattr(now, name)) for name in Finding.WRITTEN}
    recording.rewrite(now, changed, now.indicators.all(), now.activities.all(), base=now.version, by=world.who("lead"))


def test_b14_fields_changed_on_one_side_only_are_merged(world: Cast) -> None:
    row, base = taken_along(world)
    rewrite(world, row, evidence="Seen again by the lead.")
    answer = send(world, entry({**base, "text": "Written in the cellar."}, target=str(row.pk), bases=[base]))
    assert answer.status_code == 200
    now = Finding.objects.get(pk=row.pk)
    assert (now.text, now.evidence) == ("Written in the cellar.", "Seen again by the lead.")


def test_b14_fields_changed_on_both_sides_are_shown_and_nothing_is_overwritten(world: Cast) -> None:
    row, base = taken_along(world)
    rewrite(world, row, text="Written by the lead.", evidence="Seen again by the lead.")
    mine = {**base, "text": "Written in the cellar.", "is_urgent": True}
    answer = send(world, entry(mine, target=str(row.pk), bases=[base, mine]))
    said = answer.json()
    assert (answer.status_code, said["kind"], said["fields"]) == (409, "conflict", ["text"])
    assert said["theirs"]["text"] == Finding.objects.get(pk=row.pk).text == "Written by the lead."
    assert said["merged"] | {"text": ""} == {**base, "text": "", "is_urgent": True, "evidence": "Seen again by the lead."}
    assert Finding.objects.get(pk=row.pk).text == "Written by the lead."
    chosen = {**mine, **said["merged"], "text": "Written by both."}
    assert send(world, entry(chosen, target=str(row.pk), bases=[said["theirs"]])).status_code == 200
    now = Finding.objects.get(pk=row.pk)
    assert (now.text, now.evidence, now.is_urgent) == ("Written by both.", "Seen again by the lead.", True)


def test_b14_what_was_agreed_meanwhile_is_not_changed_behind_the_teams_back(world: Cast) -> None:
    row, base = taken_along(world, evidence="Seen in the rota.")
    row.agree(by=world.who("lead"))
    answer = send(world, entry({**base, "text": "Written in the cellar."}, target=str(row.pk), bases=[base]))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [""])
    assert Finding.objects.get(pk=row.pk).text == base["text"]
    assert send(world, entry(base, target=str(row.pk), bases=[base])).status_code == 200, "nothing to change is no refusal"


def test_b14_the_findings_of_others_and_of_other_inspections_cannot_be_changed(world: Cast) -> None:
    row, base = taken_along(world)
    sent = entry({**base, "text": "Mine now."}, target=str(row.pk), bases=[base])
    assert send(world, sent, "lead").status_code == 422
    assert send(world, sent | {"target": str(uuid.uuid4())}).status_code == 422
    assert Finding.objects.get(pk=row.pk).text == base["text"]


def test_b14_whoever_is_off_the_team_meanwhile_sends_nothing(world: Cast) -> None:
    world.fieldwork()
    client = world.client("cleared")
    member = world.member("cleared")
    member.ended_at = timezone.now()
    member.save()
    assert send(world, entry(values(world)), client=client).status_code == 404
    assert Inspection.objects.get(pk=world.row.pk).findings.count() == 0
