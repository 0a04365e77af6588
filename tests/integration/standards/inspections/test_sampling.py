"""Populations frozen by hash, samples that anybody of the team can draw again, with this program or with another."""

import hashlib
import json
import subprocess
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from standards.inspections import drawing, sampling
from standards.inspections.models import Population, Sample
from tests.integration.standards.inspections.cast import Cast, finding

LISTED = [f"HT-{number:03d}" for number in range(1, 61)]
references = st.lists(st.from_regex(r"[A-Z]{1,3}-[0-9]{1,4}", fullmatch=True), unique=True, min_size=1, max_size=60)


@settings(max_examples=300, deadline=None)
@given(references, st.text("0123456789abcdef", min_size=1, max_size=32), st.integers(1, 80), st.randoms(use_true_random=False))
def test_b14_the_same_list_and_seed_draw_the_same_whatever_the_order(listed: list[str], seed: str, size: int, random: Any) -> None:
    drawn = drawing.draw(listed, seed, size)
    mixed = listed[:]
    random.shuffle(mixed)
    assert drawing.draw(mixed, seed, size) == drawn
    assert len(drawn) == min(size, len(listed)) == len(set(drawn))
    assert set(drawn) <= set(listed)
    assert drawing.draw(listed, seed, size + 1)[: len(drawn)] == drawn  # a larger sample continues the smaller one
    assert drawing.fingerprint(mixed) == drawing.fingerprint(listed)


def test_b14_another_program_draws_the_same() -> None:
    script = 'for r in $REFS; do echo "$(printf %s "$SEED:$r" | sha256sum | cut -d" " -f1) $r"; done | sort | head -n 7 | cut -d" " -f2'
    environment = {"REFS": " ".join(LISTED), "SEED": "5eed", "PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    found = subprocess.run(["/bin/sh", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.split() == drawing.draw(LISTED, "5eed", 7)
    plain = hashlib.sha256(json.dumps(sorted(LISTED), separators=(",", ":")).encode()).hexdigest()
    assert drawing.fingerprint(LISTED) == plain


def test_b14_every_reference_has_the_same_chance() -> None:
    counts = dict.fromkeys(LISTED, 0)
    for number in range(3000):
        for reference in drawing.draw(LISTED, f"seed-{number}", 6):
            counts[reference] += 1
    expected = 3000 * 6 / len(LISTED)
    spread = sum((count - expected) ** 2 / expected for count in counts.values())
    assert spread < 102.7  # chi-squared, 59 degrees of freedom: one honest draw in two thousand lies above


@pytest.mark.parametrize(
    ("number", "percent", "share"), [(0, 10, 0), (1, 10, 1), (10, 10, 1), (11, 10, 2), (150, 10, 15), (7, 0, 0), (7, 100, 7)]
)
def test_a_share_of_anything_is_at_least_one(number: int, percent: int, share: int) -> None:
    assert drawing.share(number, percent) == share


@pytest.mark.parametrize(
    "text", ["Amina", "Amina Hassan 3", "12/03/1990", "1990-03-12", "AB123456C", "07700900123", "x" * 31 + "1", "A1\nA1", "", "=1+1"]
)
def test_names_dates_and_numbers_of_people_are_no_pseudonyms(text: str) -> None:
    with pytest.raises(ValidationError):
        sampling.references_in(text)


def test_pseudonyms_are_taken() -> None:
    assert sampling.references_in("HT-001\n\n plan/7 \nX9") == ["HT-001", "plan/7", "X9"]


@pytest.mark.django_db
def test_b14_a_population_is_frozen_a_sample_drawn_and_anybody_of_the_team_verifies_it(world: Cast) -> None:
    world.fieldwork()
    client = world.client("cleared")
    typed = {"name": "Plans open in May", "references": "\n".join(reversed(LISTED))}
    assert client.post(reverse("inspections:freeze", args=[world.row.pk]), typed).status_code == 302
    population = Population.objects.get()
    assert (population.references, population.sha256) == (LISTED, drawing.fingerprint(LISTED))
    answer = client.post(reverse("inspections:draw", args=[world.row.pk, population.pk]), {"size": "5"})
    sample = Sample.objects.get()
    assert sample.drawn == drawing.draw(LISTED, sample.seed, 5)
    for name in ("lead", "cleared"):
        page = world.client(name).get(answer.headers["Location"])
        assert "it is the same" in page.text
        assert all(reference in page.text for reference in sample.drawn)
        assert sample.seed in page.text
    row = finding(world, sample=sample)
    assert row.code in world.client("lead").get(answer.headers["Location"]).text
    assert client.post(reverse("inspections:draw", args=[world.row.pk, population.pk]), {"size": "61"}).status_code == 422


@pytest.mark.django_db
def test_b14_the_database_keeps_what_is_frozen_and_a_change_would_show(world: Cast) -> None:
    world.fieldwork()
    population = sampling.freeze(world.now(), "Plans", LISTED, by=world.who("lead"))
    sample = sampling.draw(population, 4, by=world.who("lead"))
    for model, field in ((Population, "name"), (Sample, "seed")):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**{field: "changed"})
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all()._raw_delete("default")
    assert sampling.verify(sample).is_good
    sample.drawn = [*sample.drawn[:3], "HT-999"]
    assert not sampling.verify(sample).is_sample_same
    population.references = [*LISTED[:-1], "HT-999"]
    sample.population = population
    assert not sampling.verify(sample).is_population_intact


@pytest.mark.django_db
def test_only_who_writes_freezes_and_draws(world: Cast) -> None:
    world.fieldwork()
    for name in ("reviewer", "other_lead", "undeclared", "manager"):
        with pytest.raises(PermissionDenied):
            sampling.freeze(world.now(), "Plans", LISTED, by=world.who(name))
    assert not Population.objects.exists()
