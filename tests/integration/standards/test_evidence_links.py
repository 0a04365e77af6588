"""Evidence under answers, one item under many indicators, and the coverage map (B7)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from portal.audit.models import Event
from standards.assessments import linking
from standards.assessments.models import Answer, Assessment, EvidenceUse
from tests.builders import sign_in
from tests.integration.standards.evidence_cast import Cast, cast, evidence
from tests.integration.standards.plans import assessment_of, edition_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.EVIDENCE_DIR, settings.CLAMD_ADDRESS = tmp_path / "evidence", ""
    yield


@pytest.fixture
def assessment(people: Cast) -> Assessment:
    return assessment_of(people.service, edition_of(), people.assessor)


def first(assessment: Assessment) -> Answer:
    answer: Answer = assessment.answers.order_by("indicator__code")[0]
    return answer


def for_answer(answer: Answer) -> str:
    return reverse("assessments:evidence_for", args=[answer.pk])


def under(assessment: Assessment, item: Any) -> str:
    return reverse("assessments:evidence_under", args=[assessment.pk, item.pk])


def test_b7_several_items_are_put_under_one_answer_at_once(people: Cast, assessment: Assessment) -> None:
    items = [evidence(people.harbour, people.assessor, title=f"Item {number}") for number in range(3)]
    answer, client = first(assessment), sign_in(people.assessor)
    assert all(item.title in client.get(for_answer(answer)).text for item in items)
    sent = {"link": "1", "evidence": [str(item.pk) for item in items[:2]]}
    assert client.post(for_answer(answer), sent).status_code == 302
    assert client.post(for_answer(answer), {"link": "1"}).status_code == 422
    assert set(answer.evidence.all()) == set(items[:2])
    assert Event.objects.about(answer).filter(verb="assessments.answer.link_evidence").count() == 2
    assert client.post(for_answer(answer), {"unlink": str(items[0].pk)}).status_code == 302
    assert set(answer.evidence.all()) == {items[1]}
    assert client.post(for_answer(answer), {"unlink": str(items[0].pk)}).status_code == 404
    assert client.post(for_answer(answer), {"unlink": "nonsense"}).status_code == 404
    shown = client.get(reverse("evidence:show", args=[items[1].pk])).text
    assert answer.indicator.code in shown
    assert assessment.title in shown


def test_b7_one_item_stands_under_many_indicators(people: Cast, assessment: Assessment) -> None:
    item = evidence(people.harbour, people.assessor)
    answers = list(assessment.answers.order_by("indicator__code"))
    client = sign_in(people.assessor)
    assert client.post(under(assessment, item), {"answers": [str(answer.pk) for answer in answers[:4]]}).status_code == 302
    assert set(EvidenceUse.objects.values_list("answer", flat=True)) == {answer.pk for answer in answers[:4]}
    page = client.get(under(assessment, item)).text
    assert page.count(" checked>") == 4
    assert client.post(under(assessment, item), {"answers": [str(answers[3].pk), str(answers[5].pk)]}).status_code == 302
    assert set(EvidenceUse.objects.values_list("answer", flat=True)) == {answers[3].pk, answers[5].pk}
    assert client.post(under(assessment, item), {"answers": ["nonsense"]}).status_code == 422


def test_only_what_fits_is_offered_and_taken(people: Cast, assessment: Assessment) -> None:
    rowan = people.rival.memberships.get().organisation
    theirs = evidence(rowan, people.rival, title="Item of the rival")
    aside = evidence(people.harbour, people.assessor, title="Item aside", status="retired")
    answer, client = first(assessment), sign_in(people.assessor)
    page = client.get(for_answer(answer)).text
    for item in (theirs, aside):
        assert item.title not in page
        assert client.post(for_answer(answer), {"link": "1", "evidence": [str(item.pk)]}).status_code == 422
        assert client.get(under(assessment, item)).status_code == 404
    evidence(people.harbour, people.assessor, title="Rota of the night staff")
    found = client.get(for_answer(answer) + "?q=night+rota").text
    assert "Rota of the night staff" in found
    assert "Rota of the night staff" not in client.get(for_answer(answer) + "?q=kitchen").text


def test_perm_outsiders_find_nothing_and_readers_change_nothing(people: Cast, assessment: Assessment) -> None:
    item, answer = evidence(people.harbour, people.assessor), first(assessment)
    coverage = reverse("assessments:coverage", args=[assessment.pk])
    sent = {"link": "1", "evidence": [str(item.pk)], "answers": [str(answer.pk)]}
    before = Event.objects.count()
    for user in people.outsiders.values():
        client = sign_in(user)
        for address in (for_answer(answer), under(assessment, item), coverage):
            assert client.get(address).status_code == 404
            assert client.post(address, sent).status_code in {404, 405}
    reader = sign_in(people.reader)
    assert reader.get(coverage).status_code == reader.get(for_answer(answer)).status_code == 200
    assert "you only read it" in reader.get(for_answer(answer)).text
    assert reader.post(for_answer(answer), sent).status_code == reader.post(under(assessment, item), sent).status_code == 403
    assert reader.post(coverage).status_code == 405
    assert sign_in(people.assessor).delete(for_answer(answer)).status_code == 405
    assert not EvidenceUse.objects.exists()
    assert Event.objects.count() == before


def test_what_was_sent_for_review_keeps_its_evidence(people: Cast, assessment: Assessment) -> None:
    item, answer = evidence(people.harbour, people.assessor), first(assessment)
    linking.link(assessment, [(answer, item)], by=people.assessor)
    assert linking.link(assessment, [(answer, item)], by=people.assessor) == 0, "twice is once"
    type(assessment)._base_manager.filter(pk=assessment.pk).update(status="in_review")  # as a colleague's step would have left it
    client = sign_in(people.assessor)
    assert client.post(for_answer(answer), {"unlink": str(item.pk)}).status_code == 403
    assert client.post(under(assessment, item), {"answers": []}).status_code == 403
    with pytest.raises(PermissionDenied):
        linking.unlink(assessment, [(answer, item)], by=people.assessor)
    assert answer.evidence.count() == 1


def test_b7_the_coverage_map_names_what_is_weak(people: Cast, assessment: Assessment) -> None:
    today = timezone.localdate()
    answers = list(assessment.answers.order_by("indicator__code"))
    policy = evidence(people.harbour, people.assessor, title="P", kind="policy", review_on=today)
    aside = evidence(people.harbour, people.assessor, title="A", status="retired")
    linking.link(assessment, [(answers[0], policy), (answers[0], aside)], by=people.assessor)
    client, address = sign_in(people.reader), reverse("assessments:coverage", args=[assessment.pk])
    rows = {row.standard: (standard.code, gaps) for standard, row, gaps in client.get(address).context["rows"]}
    found = dict(rows.values())
    assert [gap for gap, _label in found["PRI-01"]] == ["stale", "single", "policy_only", "no_voice"]
    assert [gap for gap, _label in found["RSK-01"]] == ["none"]
    text = client.get(address).text
    assert "Only out of date:" in text
    assert "0 of 2 standards have nothing to mend" in text
    assert [standard.code for standard, _row, _gaps in client.get(address + "?gap=none").context["rows"]] == ["RSK-01"]
    assert [standard.code for standard, _row, _gaps in client.get(address + "?gap=policy_only").context["rows"]] == ["PRI-01"]
    assert len(client.get(address + "?gap=any").context["rows"]) == len(client.get(address + "?gap=rubbish").context["rows"]) == 2
    assessment.answers.filter(indicator__code__startswith="RSK").update(value="not_applicable", comment="No such rooms.")
    assert [standard.code for standard, _row, _gaps in client.get(address).context["rows"]] == ["PRI-01"]


def test_c38_coverage_asks_the_same_few_questions_of_any_size(people: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    assessment = assessment_of(people.service, edition_of(indicators=10), people.assessor)
    day = timezone.localdate() + timedelta(days=90)
    items = [evidence(people.harbour, people.assessor, title=f"I{number}", review_on=day) for number in range(12)]
    pairs = [(answer, item) for answer in assessment.answers.all() for item in items]
    linking.link(assessment, pairs, by=people.assessor)
    client = sign_in(people.reader)
    client.get(reverse("assessments:coverage", args=[assessment.pk]))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("assessments:coverage", args=[assessment.pk])).status_code == 200
    with django_assert_max_num_queries(14):
        assert client.get(for_answer(first(assessment))).status_code == 200
