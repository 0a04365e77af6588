"""Populations that are frozen and samples that anybody of the team can draw again.

The database itself refuses to change or delete either (migration 0002). References are pseudonyms that the provider uses: letters,
digits and signs, with at least one digit, so that no plain name fits.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.trail import record
from standards.evidence import personal_data
from standards.inspections import drawing
from standards.inspections.models import Inspection, Population, Sample
from standards.inspections.recording import locked

REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9/_.-]{0,29}")
MOST = 5000
BIRTH = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Check:
    """What redrawing a sample came to."""

    is_population_intact: bool
    is_sample_same: bool
    redrawn: tuple[tuple[str, str], ...]  # reference, and the hash it was sorted by

    @property
    def is_good(self) -> bool:
        """Both hold."""
        return self.is_population_intact and self.is_sample_same


def references_in(text: str) -> list[str]:
    """One a line. Raises ``ValidationError`` that names what cannot be a pseudonym."""
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not found:
        raise ValidationError(_("Write one reference a line."))
    if len(found) > MOST:
        raise ValidationError(_("At most 5,000 references. Split the population."))
    wrong = [one for one in found if not REFERENCE.fullmatch(one) or _tells(one)]
    if wrong:
        words = _(
            "These are no pseudonyms: %(some)s. A reference has no spaces, at least one digit, and is no date, case or insurance number."
        )
        raise ValidationError(words % {"some": ", ".join(one[:30] for one in wrong[:5])})
    twice = sorted({one for one in found if found.count(one) > 1}) if len(set(found)) != len(found) else []
    if twice:
        raise ValidationError(
            _("These stand there twice: %(some)s. Each must be one person or one record.") % {"some": ", ".join(twice[:5])}
        )
    return found


def _tells(reference: str) -> bool:
    return bool(BIRTH.fullmatch(reference)) or any(hit.kind in ("ni_number", "phone") for hit in personal_data.look(reference))


@transaction.atomic
def freeze(inspection: Inspection, name: str, references: Iterable[str], *, by: Any) -> Population:
    """Freeze a population: the order it came in is forgotten, so nothing hangs on it."""
    row = locked(inspection, by)
    listed = sorted(references)
    population: Population = row.populations.create(name=name, references=listed, sha256=drawing.fingerprint(listed), frozen_by=by)
    record("inspections.inspection.freeze_population", row, by=by, codes={"sha256": population.sha256, "size": len(listed)})
    return population


@transaction.atomic
def draw(population: Population, size: int, *, by: Any) -> Sample:
    """Draw by a seed made now. Nobody chooses the seed, and every draw stays to be seen: drawing until it suits shows."""
    row = locked(population.inspection, by)
    if not 1 <= size <= len(population.references):
        raise ValidationError({"size": _("Choose a number from 1 to %(most)d.") % {"most": len(population.references)}})
    seed = secrets.token_hex(16)
    drawn = drawing.draw(population.references, seed, size)
    sample: Sample = row.samples.create(population=population, seed=seed, size=size, drawn=drawn, drawn_by=by)
    record("inspections.inspection.draw_sample", row, by=by, codes={"seed": seed, "size": size, "sample": sample.pk})
    return sample


def verify(sample: Sample) -> Check:
    """Draw it again from the frozen population."""
    population = sample.population
    again = drawing.draw(population.references, sample.seed, sample.size)
    return Check(
        drawing.fingerprint(population.references) == population.sha256, again == sample.drawn,
        tuple((reference, drawing.rank(reference, sample.seed)) for reference in again),
    )  # fmt: skip
