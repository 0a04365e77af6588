"""Starting from last time: what comes along is unconfirmed, says what changed since, and counts once somebody says "still true"."""

import time
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import Event
from standards.actions.models import Outdated, Source
from standards.assessments import carrying, reading, since
from standards.assessments.models import Answer, Assessment
from standards.catalogue.models import Crosswalk, Edition, Erratum, Indicator
from tests.integration.standards import plans
from tests.integration.standards.assessments.cast import Cast, draft, evidence, in_use

NEXT: dict[str, Any] = {"title": "Next year", "period_start": date(2026, 7, 1), "period_end": date(2027, 6, 30)}


def again(world: Cast, **more: Any) -> Assessment:
    """Approved, and begun again."""
    if world.now().status != "approved":
        world.approve()
    return carrying.begin_from(world.now(), by=world.who("assessor"), **(NEXT | more))


def at(name: str, row: Assessment, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[row.pk, *more])


def test_c8_what_was_carried_counts_for_nothing_until_it_is_confirmed(world: Cast) -> None:
    item = evidence(world.row.answers.get(indicator__code="PRI-01-b"), world.assessor)
    row = again(world)
    old, new = (one.answers.get(indicator__code="PRI-01-b") for one in (world.row, row))
    assert (new.value, new.comment, new.confidence, new.carried_from, new.version) == (old.value, old.comment, old.confidence, old, 0)
    assert list(new.evidence.all()) == [item]
    assert reading.score(row).whole.answered == 0
    assert reading.score(row).whole.percent is None
    carrying.confirm(new, base=0, by=world.who("manager"))
    assert reading.score(row).whole.answered == 1
    assert row.answers.get(pk=new.pk).confirmed_by == world.manager


def test_what_was_never_answered_does_not_come_along(world: Cast) -> None:
    world.approve()
    Answer.objects.filter(assessment=world.row, indicator__code="PRI-01-b").update(value="")
    row = carrying.begin_from(world.now(), by=world.who("assessor"), **NEXT)
    new = row.answers.get(indicator__code="PRI-01-b")
    assert (new.carried_from, new.comment) == (None, "")


def test_the_same_form_sent_twice_is_one_assessment(world: Cast) -> None:
    key = uuid.uuid4()
    assert again(world, key=key) == again(world, key=key)
    assert Assessment.objects.filter(previous=world.row).count() == 1
    event = Event.objects.get(verb="assessments.assessment.begin_from")
    assert event.codes == {"previous": str(world.row.pk), "carried": 6}


@pytest.mark.parametrize("who", ["reader", "rival_manager", "inspector", "stranger"])
def test_perm_others_start_nothing_from_it(world: Cast, who: str) -> None:
    world.approve()
    with pytest.raises(PermissionDenied):
        carrying.begin_from(world.now(), by=world.who(who), **NEXT)
    client = world.client(who)
    expected = 403 if who == "reader" else 404
    said = {"title": "x", "period_start": "2026-01-01", "period_end": "2026-02-01", "edition": world.edition.pk, "key": uuid.uuid4()}
    assert client.post(at("begin_again", world.row), said).status_code == expected
    assert not Assessment.objects.filter(previous=world.row).exists()


def test_one_starts_from_what_is_finished(world: Cast) -> None:
    with pytest.raises(ValidationError):
        carrying.begin_from(world.now(), by=world.who("assessor"), **NEXT)
    assert world.client("assessor").get(at("begin_again", world.row)).status_code == 409


def test_the_pages_lead_from_last_time_to_still_true(world: Cast) -> None:
    world.approve()
    client = world.client("assessor")
    page = client.get(at("begin_again", world.row))
    assert b"What would come along" in page.content
    said = {
        "title": "Next year",
        "period_start": "2026-07-01",
        "period_end": "2027-06-30",
        "edition": world.edition.pk,
        "key": uuid.uuid4(),
    }
    assert client.post(at("begin_again", world.row), said | {"period_end": "2025-01-01"}).status_code == 422
    answer = client.post(at("begin_again", world.row), said)
    row = Assessment.objects.get(previous=world.row)
    assert answer.url == at("still_true", row)
    shown = client.get(answer.url).content.decode()
    assert shown.count("data-carried ") == 6
    assert shown.count('name="act" value="confirm"') == 6
    assert "0 of 6 answers of last time decided" in shown


# --- What changed since ---------------------------------------------------------------------------------------------------


def kinds(row: Assessment, code: str, day: date | None = None) -> list[str]:
    found = {one.answer.indicator.code: one for one in since.carried(row, day or date(2026, 7, 1))}
    return [change.kind for change in found[code].changes]


def test_b5_each_answer_says_what_changed_since(world: Cast) -> None:
    answer = world.row.answers.get(indicator__code="PRI-01-b")
    evidence(answer, world.assessor, title="Outside", period_end=date(2026, 6, 1), review_on=date(2030, 1, 1))
    evidence(answer, world.assessor, title="Put aside", retired_at=timezone.now())
    evidence(answer, world.assessor, title="Late", period_end=date(2026, 12, 1), review_on=date(2026, 6, 30))
    evidence(answer, world.assessor, title="Good", period_end=date(2026, 12, 1), review_on=date(2030, 1, 1))
    plans.action_of(world.service, world.assessor, source=Source.ANSWER, source_id=answer.pk, what="Do it", due_on=date(2026, 6, 1),
                    start_on=date(2026, 5, 1))  # fmt: skip
    row = again(world)
    assert sorted(kinds(row, "PRI-01-b")) == ["action", "outside", "retired", "review"]
    assert kinds(row, "PRI-01-c") == []
    world.assessor.memberships.update(ended_at=timezone.now())
    assert kinds(row, "PRI-01-c") == ["left"]
    page = world.client("manager").get(at("still_true", row)).content.decode()
    for words in ("Evidence was put aside", "An action is overdue", "does not work on assessments here any more"):
        assert words in page


def test_b5_an_erratum_since_then_is_shown_word_by_word(world: Cast) -> None:
    row = again(world)
    Erratum.objects.create(
        edition=world.edition,
        item_code="PRI-01-b",
        field="text",
        before="Show PRI 1",
        after="Show PRI one",
        reason="Typing",
        dated=date(2026, 7, 1),
    )
    found = {one.answer.indicator.code: one for one in since.carried(row, date(2026, 7, 1))}
    assert [(piece.kind, piece.text) for piece in found["PRI-01-b"].wording] == [("same", "Show PRI "), ("gone", "1"), ("new", "one")]
    assert found["PRI-01-c"].is_quiet


# --- Still true? ----------------------------------------------------------------------------------------------------------


def test_still_true_and_not_any_more_by_the_form(world: Cast) -> None:
    evidence(world.row.answers.get(indicator__code="PRI-01-c"), world.assessor)
    row = again(world)
    client = world.client("assessor")
    first, second = (row.answers.get(indicator__code=code) for code in ("PRI-01-b", "PRI-01-c"))
    assert client.post(at("decide", row, first.pk), {"act": "confirm", "base": 0, "next": "PRI-01-b"}).status_code == 302
    assert (
        client.post(at("decide", row, second.pk), {"act": "discard", "base": 0}, headers={"X-Requested-With": "fetch"}).status_code == 204
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_unconfirmed, first.version, first.value) == (False, 1, "fully_met")
    assert (second.is_unconfirmed, second.value, second.comment, second.evidence.count()) == (False, "", "", 0)
    assert [one.comment for one in second.versions.order_by("version")][-1] == "What we do about PRI-01-c."  # nothing typed is lost
    assert Event.objects.filter(verb__in=("assessments.answer.confirm", "assessments.answer.discard")).count() == 2


def test_the_same_click_twice_is_one_and_a_stale_one_overwrites_nothing(world: Cast) -> None:
    row = again(world)
    answer = row.answers.get(indicator__code="PRI-01-b")
    for _again in range(2):
        carrying.confirm(answer, base=0, by=world.who("assessor"))
    assert Event.objects.filter(verb="assessments.answer.confirm").count() == 1
    with pytest.raises(Outdated):
        carrying.discard(answer, base=0, by=world.who("manager"))
    page = world.client("manager").post(at("decide", row, answer.pk), {"act": "discard", "base": 0})
    assert page.status_code == 409
    assert b"Nothing of it was overwritten" in page.content
    assert row.answers.get(pk=answer.pk).value == "fully_met"


def test_what_did_not_come_from_last_time_is_not_confirmed(world: Cast) -> None:
    answer = world.row.answers.get(indicator__code="PRI-01-a")
    with pytest.raises(ValidationError):
        carrying.confirm(answer, base=1, by=world.who("assessor"))


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("rival_manager", 404), ("inspector", 404), ("reader", 403)])
def test_perm_others_confirm_nothing(world: Cast, who: str, status: int) -> None:
    row = again(world)
    answer = row.answers.get(indicator__code="PRI-01-b")
    assert world.client(who).post(at("decide", row, answer.pk), {"act": "confirm", "base": 0}).status_code == status
    assert row.answers.get(pk=answer.pk).is_unconfirmed


def test_deciding_has_its_limits(world: Cast) -> None:
    row = again(world)
    answer, client = row.answers.get(indicator__code="PRI-01-b"), world.client("assessor")
    assert client.get(at("decide", row, answer.pk)).status_code == 405
    assert client.post(at("decide", row, answer.pk), {"act": "all", "base": 0}).status_code == 400
    assert client.post(at("decide", row, answer.pk), {"act": "confirm", "base": "x"}).status_code == 400
    assert client.post(at("decide", world.row, answer.pk), {"act": "confirm", "base": 0}).status_code == 404
    Answer.objects.filter(assessment=row).update(confirmed_at=timezone.now(), confirmed_by=world.assessor)
    for gap in row.answers.filter(indicator__is_critical=True):
        from standards.actions.models import NoActionReason

        NoActionReason.objects.create(
            organisation=world.provider, source=Source.ANSWER, source_id=gap.pk, reason="x", given_by=world.assessor
        )
    row.submit(by=world.who("assessor"))
    assert client.post(at("decide", row, answer.pk), {"act": "confirm", "base": 0}).status_code == 409


# --- Another edition ------------------------------------------------------------------------------------------------------


def newer(world: Cast) -> Edition:
    """Of the same framework: one indicator reworded, one moved by the crosswalk, two merged into one, one dropped, one new."""
    edition = Edition.objects.create(framework=world.edition.framework, code=f"newer-{uuid.uuid4().hex[:8]}", year=2025, status="in_use")
    for order, chapter in enumerate(world.edition.chapters.all()):
        copy = edition.chapters.create(code=chapter.code, order=order, title=chapter.title, provenance="from_memory")
        copy.standards.create(code=f"{chapter.code}-01", order=0, title="Standard", statement="Holds.", key_question="safe")
    texts = {
        "PRI-01-a": "Show PRI 0", "PRI-01-b": "Show PRI one", "PRI-01-z": "Show PRI 2", "RSK-01-m": "Show RSK, both",
        "RSK-01-n": "Something new",
    }  # fmt: skip
    for order, (code, text) in enumerate(texts.items()):
        standard = edition.chapters.get(code=code[:3]).standards.get()
        Indicator.objects.create(edition=edition, standard=standard, code=code, order=order, text=text)
    for old, new, relation in (("PRI-01-c", "PRI-01-z", "same"), ("RSK-01-a", "RSK-01-m", "merged"), ("RSK-01-b", "RSK-01-m", "merged")):
        Crosswalk.objects.create(from_edition=world.edition, to_edition=edition, from_code=old, to_code=new, relation=relation)
    return edition


def test_b6_another_edition_carries_by_crosswalk_and_code(world: Cast) -> None:
    edition = newer(world)
    ahead = carrying.look_ahead(world.now(), edition)
    assert {match.indicator.code: match.relation for match in ahead.matches} == {
        "PRI-01-a": "same", "PRI-01-b": "changed", "PRI-01-z": "same", "RSK-01-m": "changed", "RSK-01-n": "new",
    }  # fmt: skip
    assert [indicator.code for indicator in ahead.dropped] == ["RSK-01-c"]
    row = again(world, edition=edition)
    answers = {answer.indicator.code: answer for answer in row.answers.select_related("indicator")}
    assert answers["PRI-01-z"].comment == "What we do about PRI-01-c."
    assert answers["RSK-01-m"].value == "partly_met"  # of the two that became one, the more cautious
    assert answers["RSK-01-m"].comment == "RSK-01-a: What we do about RSK-01-a.\n\nRSK-01-b: What we do about RSK-01-b."
    assert answers["RSK-01-n"].carried_from is None
    found = {one.answer.indicator.code: one for one in since.carried(row, date(2026, 7, 1))}
    assert [(piece.kind, piece.text) for piece in found["PRI-01-b"].wording] == [("same", "Show PRI "), ("gone", "1"), ("new", "one")]
    assert found["PRI-01-a"].wording == ()


def test_an_edition_of_another_framework_is_refused(world: Cast) -> None:
    with pytest.raises(ValidationError, match="another set of standards"):
        again(world, edition=plans.edition_of())


# --- How fast -------------------------------------------------------------------------------------------------------------


def test_d_300_answers_come_along_in_bulk_and_in_less_than_five_seconds(world: Cast, django_assert_max_num_queries: Any) -> None:
    edition = in_use(plans.edition_of(indicators=10, critical=0))
    base = edition.chapters.get(code="PRI").standards.get()
    for order in range(280):
        Indicator.objects.create(edition=edition, standard=base, code=f"BIG-{order}", order=100 + order, text=f"Big {order}")
    big = draft(world.service, edition, world.assessor)
    for answer in big.answers.all()[:200]:
        evidence(answer, world.assessor, title=f"For {answer.pk}")
    Assessment.objects.filter(pk=big.pk).update(status="approved", submitted_at=timezone.now() - timedelta(days=1))
    big.refresh_from_db()
    began = time.perf_counter()
    with django_assert_max_num_queries(30):
        row = carrying.begin_from(big, by=world.who("assessor"), **NEXT)
    assert time.perf_counter() - began < 5
    assert row.answers.unconfirmed().count() == 300
    assert Answer.evidence.through.objects.filter(answer__assessment=row).count() == 200
    client = world.client("assessor")
    with django_assert_max_num_queries(25):
        assert client.get(at("still_true", row)).status_code == 200
