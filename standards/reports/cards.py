"""The way of a good-practice card: proposed from an issued report, agreed to by its provider, checked by a second person (B8)."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import hashing
from portal.audit.trail import record
from standards.assessments.beside import Example
from standards.reports import leaks, permissions
from standards.reports.renditions import NOTHING

if TYPE_CHECKING:
    from standards.reports.models import CardHit, GoodPracticeCard, Statement

BESIDE = 3  # cards shown under a standard while it is answered; the list has them all


@dataclass(frozen=True)
class Words:
    """What a card says, and whether it says whose it is."""

    title: str
    text: str
    names_provider: bool = False


def propose(statement: "Statement", words: Words, *, by: Any) -> "GoodPracticeCard":
    """Ask the provider whether others may learn from this. Raises ``PermissionDenied`` or ``ValidationError``."""
    from standards.reports.models import GoodPracticeCard, Report  # the models act by this module

    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).select_related("inspection").get(pk=statement.report_id)
        if not permissions.can_draft(by, report):
            raise PermissionDenied
        if report.status not in report.ISSUED:
            raise ValidationError(_("Good practice is proposed from a report that was issued."))
        if not is_ripe(statement):
            raise ValidationError(_("Only a statement under a standard that is marked as good practice can be proposed."))
        if GoodPracticeCard.objects.filter(statement=statement).exists():
            raise ValidationError(_("This was proposed already."))
        card = GoodPracticeCard(
            statement=statement, standard=statement.standard, provider_id=report.inspection.provider_id, title=words.title,
            text=words.text, offered_by=by,
        )  # fmt: skip
        card.full_clean(validate_unique=False)
        card.save(force_insert=True)
        record("reports.goodpracticecard.propose", card, by=by, after=card.status, codes={"statement": statement.number})
    return card


def is_ripe(statement: "Statement") -> bool:
    """Whether it tells of good practice under a standard, and stands."""
    return bool(statement.is_good_practice and statement.standard_id and not statement.is_removed)


def take(card: "GoodPracticeCard", words: Words, base: int) -> None:
    """Put the words in. ``base``: the version their writer had seen. Raises ``editing.Outdated``."""
    from standards.reports.editing import Outdated  # it knows the models, which act by this module

    same = (card.title, card.text, card.names_provider) == (words.title, words.text, words.names_provider)
    if card.version != base and not same:
        raise Outdated(card)
    card.title, card.text, card.names_provider = words.title, words.text, words.names_provider


def digest(card: "GoodPracticeCard") -> str:
    """Over what was agreed to."""
    return hashing.digest({"title": card.title, "text": card.text, "names_provider": card.names_provider})


def look(card: "GoodPracticeCard") -> int:
    """Look through the words as they stand. Earlier hits were about earlier words: they go. Returns how many were found."""
    report = card.statement.report
    texts = {"heading": card.title, "text": card.text}
    found = leaks.look(texts, names=names_of(card), has_few_services=leaks.has_few_services(report))
    card.hits.all().delete()
    for hit in {(hit.kind, hit.excerpt[:200], hit.place[:60]): hit for hit in found}:
        card.hits.create(kind=hit[0], excerpt=hit[1], place=hit[2])
    return int(card.hits.count())


def names_of(card: "GoodPracticeCard") -> list[str]:
    """What must not stand there: people of both sides, the service under either name, and the provider unless it chose to be named."""
    report = card.statement.report
    service = report.inspection.service
    names = {*leaks.names_of(report), service.name, service.public_alias, card.provider.name}
    return sorted(names - {"", *([card.provider.name] if card.names_provider else [])})


def resolve(hit: "CardHit", reason: str, *, by: Any) -> None:
    """A second person says why one hit can do no harm. If it can, the card goes back to the provider instead."""
    card = hit.card
    if not permissions.can_check_card(by, card):
        raise PermissionDenied
    if card.status != card.Status.AGREED:
        raise ValidationError(_("There is nothing to check here now."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why nobody can come to harm by this.")})
    with transaction.atomic():
        hit.resolution, hit.reason, hit.resolved_by, hit.resolved_at = hit.Resolution.HARMLESS, reason.strip(), by, timezone.now()
        hit.save()
        record("reports.goodpracticecard.resolve_hit", card, by=by, codes={"hit": hit.pk, "kind": hit.kind})


def refuse_if_unready(card: "GoodPracticeCard", typed: str) -> None:
    """Raises unless every hit is resolved and the words are, to the letter, those that the provider agreed to."""
    if not hmac.compare_digest(digest(card), card.consented_sha256):
        raise ValidationError(_("These are not the words that the provider agreed to. Nothing was shown; tell an administrator."))
    if card.hits.filter(resolution="").exists():
        raise ValidationError(_("Every hit of the disclosure check has to be resolved first."))
    if not card.hits.exists() and typed.strip().upper() != NOTHING:
        raise ValidationError({"typed": _("Type “%(words)s” to say that you have read it all.") % {"words": NOTHING}})


def reason_given(reason: str) -> None:
    """Raises without one."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})


def beside(user: Any, standards: Iterable[Any]) -> Mapping[Any, list[Example]]:
    """For the page on which a standard is answered: its newest cards, by the standard's id. One query."""
    from standards.reports.models import GoodPracticeCard  # as above

    found: dict[Any, list[Example]] = {}
    for card in GoodPracticeCard.objects.visible_to(user).newest_of_each(list(standards), BESIDE).select_related("provider"):
        example = Example(card.title, card.text, card.shared_by, card.shown_at, reverse("reports:card", args=[card.pk]))
        found.setdefault(card.standard_id, []).append(example)
    return found
