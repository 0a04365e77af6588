"""What a team writes down: names given out once, alerts at once, words that are looked through, pictures without metadata."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal.audit import notices
from portal.audit.models import Event, Job, Notice
from portal.steps import WrongState
from standards.actions.models import Outdated
from standards.evidence import store, sweeping
from standards.inspections import planning, recording, wordings
from standards.inspections.models import Activity, Alert, Finding, Photo
from tests.integration.standards.inspections.cast import Cast, activity, finding, join

pytestmark = pytest.mark.django_db


def typed(world: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "standard": str(world.standards()[0].pk), "kind": "shortfall", "text": "Two of five plans had no review date.",
        "severity": "medium", "likelihood": "", "evidence": "", "sample": "", "repeats": "", "key": str(uuid.uuid4()),
        "base": "0", **fields,
    }  # fmt: skip


def write(world: Cast, **fields: Any) -> Any:
    return world.client("cleared").post(reverse("inspections:add_finding", args=[world.row.pk]), typed(world, **fields))


def test_a_finding_gets_a_name_for_ever_and_the_same_sending_is_one(world: Cast) -> None:
    world.fieldwork()
    key = str(uuid.uuid4())
    assert [write(world, key=key).status_code for _twice in range(2)] == [302, 302]
    first = Finding.objects.get()
    assert first.code == f"{world.row.number}-F01"
    first.withdraw(by=world.who("cleared"))
    write(world)
    assert sorted(Finding.objects.values_list("code", flat=True)) == [f"{world.row.number}-F01", f"{world.row.number}-F02"]
    assert first.code.startswith("T-")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"severity": ""}, "Say how severe it is"),
        ({"kind": "strength"}, "Only a shortfall or a serious concern has a severity"),
        ({"text": "   "}, "required"),
        ({"text": "Amina Hassan cried."}, "somebody’s name"),
        ({"text": "A 17-year-old was there."}, "somebody’s age"),
        ({"evidence": "Near 12 Harbour Street."}, "a street or a house number"),
        ({"text": "Her number is AB 12 34 56 C."}, "a National Insurance number"),
    ],
)
def test_what_is_wrong_or_tells_too_much_is_said_and_nothing_is_lost(world: Cast, fields: dict[str, Any], says: str) -> None:
    world.fieldwork()
    answer = write(world, **fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert fields.get("evidence", fields.get("text", "")).strip() in answer.text
    assert not Finding.objects.exists()


def test_who_has_looked_may_go_on_but_only_for_what_was_found(world: Cast) -> None:
    world.fieldwork()
    answer = write(world, text="The Quiet Garden Room was clean.", kind="strength", severity="")
    looked = answer.context["form"].fields["looked"].widget.attrs["value"]
    assert (
        write(world, text="The Quiet Garden Room was clean. Amina Hassan too.", kind="strength", severity="", looked=looked).status_code
        == 422
    )
    assert write(world, text="The Quiet Garden Room was clean.", kind="strength", severity="", looked=looked).status_code == 302


def test_there_is_no_field_for_who_somebody_is() -> None:
    words = {"name", "initials", "nationality", "age", "dob", "birth", "gender", "quote", "person", "survivor", "address"}
    for model in (Activity, Finding, Photo, Alert):
        fields = {field.name for field in model._meta.get_fields() if isinstance(field, models.Field)}
        assert not {name for name in fields if words & set(name.split("_"))} - {"stored_name"}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Records were reviewed monthly and the Home Office was told.", set()),
        ("The Modern Slavery lead keeps the log.", set()),
        ("Mr Okafor said so.", {"person"}),
        ("A resident called Lien left.", {"person"}),
        ("She is in her thirties.", {"age"}),
        ("aged 19", {"age"}),
        ("Opposite Station Road.", {"street", "person"}),
        ("At ///table.chair.lamp", {"place", "url"}),
        ("M14 5RT", {"postcode"}),
    ],
)
def test_words_are_looked_through(text: str, kinds: set[str]) -> None:
    assert {hit.kind for hit in wordings.look(text)} - ({"url"} if "url" in kinds else set()) == kinds - {"url"}


def test_a_serious_concern_alerts_at_once_and_once(world: Cast) -> None:
    world.fieldwork()
    before = Job.objects.filter(task="audit.deliver_event").count()
    write(world, kind="serious_concern", severity="critical", text="The fire exit was locked at night.")
    alert = Alert.objects.get()
    event = Event.objects.get(verb="inspections.alert.raise")
    assert Job.objects.filter(task="audit.deliver_event").count() > before
    told = notices.deliver(event)
    kinds = {(row.to, row.kind) for row in Notice.objects.filter(event=event)}
    assert kinds == {(world.people["lead"], "inspections.concern_lead"), (world.people["manager"], "inspections.concern_provider")}
    assert (told, alert.to_provider) == (2, True)
    assert "fire exit" not in str(list(Notice.objects.values())) + str(event.codes)
    page = world.client("manager").get(f"/workspace/inspections/ours/{world.row.pk}/").text
    assert "The fire exit was locked at night." in page
    for name in ("reader", "assessor"):
        assert "fire exit" not in world.client(name).get(f"/workspace/inspections/ours/{world.row.pk}/").text
    row = Finding.objects.get()
    recording.rewrite(row, {"likelihood": "likely"}, [], [], base=row.version, by=world.who("cleared"))
    assert Event.objects.filter(verb="inspections.alert.raise").count() == 1


def test_a_concern_about_managers_can_be_held_back(world: Cast) -> None:
    world.fieldwork()
    write(world, kind="serious_concern", severity="critical", hold_back="on")
    notices.deliver(Event.objects.get(verb="inspections.alert.raise"))
    assert not Notice.objects.filter(to=world.people["manager"]).exists()
    assert "serious concern" not in world.client("manager").get(f"/workspace/inspections/ours/{world.row.pk}/").text
    assert Notice.objects.filter(to=world.people["lead"], kind="inspections.concern_lead").exists()


def test_a_draft_that_becomes_a_serious_concern_alerts_too_and_both_sides_say_that_they_saw_it(world: Cast) -> None:
    world.fieldwork()
    write(world)
    row = Finding.objects.get()
    link = reverse("inspections:change_finding", args=[world.row.pk, row.pk])
    answer = world.client("cleared").post(link, typed(world, kind="serious_concern", severity="high", key=str(row.key), base=row.version))
    assert answer.status_code == 302
    alert = Alert.objects.get()
    assert world.client("cleared").post(reverse("inspections:alert_seen", args=[world.row.pk, alert.pk])).status_code == 403
    assert world.client("lead").post(reverse("inspections:alert_seen", args=[world.row.pk, alert.pk])).status_code == 302
    assert world.client("manager").post(reverse("inspections:provider_seen", args=[world.row.pk, alert.pk])).status_code == 302
    alert.refresh_from_db()
    assert (alert.lead_seen_by, alert.provider_seen_by) == (world.people["lead"], world.people["manager"])
    page = world.client("lead").get(f"/workspace/inspections/{world.row.pk}/").text
    assert "The provider’s managers saw it" in page


def test_c3_two_write_at_one_finding_and_both_texts_are_shown(world: Cast) -> None:
    world.fieldwork()
    write(world)
    row = Finding.objects.get()
    base = row.version
    recording.rewrite(row, {"text": "The other text."}, [], [], base=base, by=world.who("lead"))
    link = reverse("inspections:change_finding", args=[world.row.pk, row.pk])
    answer = world.client("cleared").post(link, typed(world, text="My own text.", key=str(row.key), base=base))
    assert (answer.status_code, "The other text." in answer.text, "My own text." in answer.text) == (409, True, True)
    row.refresh_from_db()
    assert row.text == "The other text."
    again = answer.context["form"].data
    assert world.client("cleared").post(link, again).status_code == 302
    row.refresh_from_db()
    assert row.text == "My own text."
    with pytest.raises(Outdated):
        recording.rewrite(row, {"text": "Late."}, [], [], base=base, by=world.who("lead"))


def test_a_finding_is_agreed_with_evidence_only_and_an_agreed_one_is_not_changed(world: Cast) -> None:
    world.fieldwork()
    write(world)
    row = Finding.objects.get()
    with pytest.raises(ValidationError, match="Nothing shows this yet"):
        row.agree(by=world.who("cleared"))
    act = activity(world)
    recording.rewrite(row, {}, [], [act], base=row.version, by=world.who("cleared"))
    row = Finding.objects.get()
    assert row.is_thin
    row.agree(by=world.who("cleared"))
    with pytest.raises(WrongState):
        recording.rewrite(row, {"text": "New."}, [], [act], base=row.version, by=world.who("cleared"))
    assert world.client("cleared").get(reverse("inspections:change_finding", args=[world.row.pk, row.pk])).status_code == 409


def test_nobody_writes_once_it_is_paused_or_closed(world: Cast) -> None:
    for status in ("planned", "paused", "closed", "called_off"):
        world.to(status)
        assert write(world).status_code == 403, status
    assert not Finding.objects.exists()


def test_indicators_are_those_of_the_standard(world: Cast) -> None:
    world.fieldwork()
    first, second = world.standards()
    wrong = write(world, indicators=[str(second.indicators.get(order=0).pk)])
    assert (wrong.status_code, "Choose indicators of the standard above" in wrong.text) == (422, True)
    assert write(world, indicators=[str(first.indicators.get(order=0).pk)]).status_code == 302


def test_an_activity_knows_a_headcount_and_no_future(world: Cast) -> None:
    world.fieldwork()
    client, link = world.client("cleared"), reverse("inspections:add_activity", args=[world.row.pk])
    given = {
        "method": "survivor",
        "on": timezone.localdate().isoformat(),
        "headcount": "4",
        "interpreter": "on",
        "language_group": "african",
        "base": "0",
    }
    assert client.post(link, given | {"on": (timezone.localdate() + timedelta(days=1)).isoformat()}).status_code == 422
    assert client.post(link, given | {"headcount": "-1"}).status_code == 422
    assert client.post(link, given).status_code == 302
    row = Activity.objects.get()
    assert (row.headcount, row.interpreter, row.version) == (4, True, 1)
    change = reverse("inspections:change_activity", args=[world.row.pk, row.pk])
    assert client.post(change, given | {"headcount": "5", "base": "1"}).status_code == 302
    late = client.post(change, given | {"headcount": "6", "base": "1"})
    assert (late.status_code, Activity.objects.get().headcount) == (409, 5)


def picture(kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Telephone of an inspector"
    exif.get_ifd(0x8825)[2] = (53.0, 28.0, 12.0)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()


def test_upl_a_picture_keeps_its_pixels_and_nothing_else(world: Cast) -> None:
    world.fieldwork()
    row = finding(world)
    client, link = world.client("cleared"), reverse("inspections:add_photo", args=[world.row.pk, row.pk])
    raw = picture()
    assert b"Telephone of an inspector" in raw
    assert client.post(link, {"caption": "A fire door", "file": SimpleUploadedFile("door.jpg", raw)}).status_code == 302
    photo = Photo.objects.get()
    kept = store.opened(photo.stored_name).read()
    assert b"Telephone" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (dict(image.getexif()), image.size) == ({}, (40, 30))
    shown = client.get(reverse("inspections:photo", args=[world.row.pk, photo.pk]))
    assert (shown.status_code, shown.headers["Content-Type"], shown.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert b"".join(shown) == kept
    for name in ("other_lead", "unassigned", "manager", "barred"):
        assert world.client(name).get(reverse("inspections:photo", args=[world.row.pk, photo.pk])).status_code == 404
    sweeping.sweep(seconds=-1)
    assert store.is_there(photo.stored_name), "the sweep knows whose file this is"
    Photo.objects.filter(pk=photo.pk).delete()
    sweeping.sweep(seconds=-1)
    assert not store.is_there(photo.stored_name)


@pytest.mark.parametrize(
    ("name", "content"), [("plan.pdf", b"%PDF-1.4 nothing"), ("note.txt", b"words"), ("door.jpg", b"<svg onload=x>"), ("door.png", b"")]
)
def test_upl_what_is_no_picture_is_not_taken(world: Cast, name: str, content: bytes) -> None:
    world.fieldwork()
    link = reverse("inspections:add_photo", args=[world.row.pk, finding(world).pk])
    assert world.client("cleared").post(link, {"caption": "A door", "file": SimpleUploadedFile(name, content)}).status_code == 422
    assert not Photo.objects.exists()


def test_the_next_inspection_opens_with_the_old_findings(world: Cast) -> None:
    old = finding(world, kind="shortfall", severity="high")
    earlier = world.now()
    world.to("closed")
    day = timezone.localdate() + timedelta(days=60)
    values = {"kind": "follow_up", "notice": "none", "reason": "", "starts_on": day, "ends_on": day, "safe_talk_plan": "A room."}
    later = planning.plan(world.regime, world.service, values, by=world.who("other_lead"))
    assert later.earlier_id == earlier.pk
    join(later, world.people["unassigned"], is_lead=False)
    type(later).objects.filter(pk=later.pk).update(status="fieldwork")
    client = world.client("unassigned")
    assert old.code in client.get(f"/workspace/inspections/{later.pk}/findings/").text
    answer = client.post(reverse("inspections:add_finding", args=[later.pk]), typed(world, repeats=str(old.pk)))
    assert answer.status_code == 302
    assert Finding.objects.get(inspection=later).repeats_id == old.pk


def test_c38_a_page_of_150_findings_is_at_most_20_queries(world: Cast) -> None:
    world.fieldwork()
    for number in range(150):
        finding(world, number + 1)
    client, counts = world.client("cleared"), []
    client.get("/workspace/")  # the first request of a session writes that it is there
    for part in ("findings/", "visit/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/workspace/inspections/{world.row.pk}/{part}").status_code == 200
        counts.append(len(queries))
    assert max(counts) <= 22, counts  # with those of the frame: session, roles, rail, notices
