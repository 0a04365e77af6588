"""Signing short texts: names of services, easy words, the rights finder. All that fit are signed in one act, by a second person."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from modeltranslation.translator import translator

from portal.cms import texts
from portal.cms.models.languages import TextState
from portal.cms.translation_checks import problems
from portal.languages import SOURCE


@dataclass(frozen=True)
class Line:
    """One thing's words in English and in the language, and what keeps them from being signed."""

    pk: str
    pairs: list[tuple[str, str]]
    state: str
    faults: list[str]

    @property
    def can_be_signed(self) -> bool:
        """Complete, without a fault that a machine sees, and not signed already."""
        return self.state in {"draft", "behind"} and not self.faults


def worded_models() -> list[type[models.Model]]:
    """Every model with short translated texts."""
    return [model for model in apps.get_models() if hasattr(model, "WORDS") and model in translator.get_registered_models()]


def lines(model: Any, language: str) -> list[Line]:
    """Every thing of ``model`` with its words. Two queries."""
    things = list(model._default_manager.order_by("pk"))
    states = texts.states(model, things, language)
    found = []
    for thing in things:
        words = [(getattr(thing, f"{field}_{SOURCE}") or "", getattr(thing, f"{field}_{language}") or "") for field in model.WORDS]
        pairs = [(english, own) for english, own in words if english or own]
        faults = [fault for english, own in pairs if own for fault in problems(english, own, language)]
        found.append(Line(str(thing.pk), pairs, states[str(thing.pk)], faults))
    return found


def fingerprint(rows: list[Line]) -> str:
    """What the person has read: it must be the same when they sign."""
    return hashlib.sha256(repr([(row.pk, row.pairs) for row in rows if row.can_be_signed]).encode()).hexdigest()


@transaction.atomic
def sign(model: Any, language: str, read: str, reviewer: str, by: AbstractBaseUser | AnonymousUser) -> int:
    """Vouch for every text of ``model`` that fits. Returns how many; raises ``ValueError`` when words changed since they were read."""
    assert isinstance(by, get_user_model())  # noqa: S101 - the view asked for the right to sign, which nobody unnamed has
    list(model._default_manager.select_for_update().order_by("pk").values_list("pk"))
    rows = lines(model, language)
    if fingerprint(rows) != read:
        raise ValueError("Some words have changed while you read. Read them again.")
    content_type = ContentType.objects.get_for_model(model)
    things = {str(thing.pk): thing for thing in model._default_manager.all()}
    fitting = [row for row in rows if row.can_be_signed]
    for row in fitting:
        TextState.objects.update_or_create(
            content_type=content_type,
            object_id=row.pk,
            language=language,
            defaults={
                "source_hash": texts.english_hash(things[row.pk]),
                "signed_by": by,
                "reviewer": reviewer,
                "signed_on": timezone.localdate(),
            },
        )
    return len(fitting)
