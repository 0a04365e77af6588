"""An edition that somebody was assessed under keeps its wording: what may still change in it, and the guard that refuses the rest.

The guard stands in the models and their querysets, because an editor's slip comes through the admin or the shell as
easily as through an import. Translations, promises and notes on provenance may change at any time: nobody answered them.
"""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

PinnedModel = TypeVar("PinnedModel", bound="Pinned")


class EditionIsPinned(ValidationError):  # noqa: N818 - named like steps' WrongState: what happened
    """Somebody was assessed under this edition: its wording stays. Make a new edition, or an erratum."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: somebody was assessed under this edition, so its wording stays. Make a new edition, or an erratum.")


class PinnedQuerySet(models.QuerySet[PinnedModel]):
    """Refuses in bulk what ``Pinned`` refuses one by one."""

    def _pinned(self) -> models.QuerySet[PinnedModel]:
        return self.order_by().filter(**{f"{self.model.EDITION}pinned_at__isnull": False})

    def update(self, **values: Any) -> int:
        """As Django's; raises ``EditionIsPinned`` when wording of a pinned edition would change."""
        if self.model.CONTENT & set(values) and self._pinned().exists():
            raise EditionIsPinned(str(self.model._meta.verbose_name))
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's; raises ``EditionIsPinned`` when a row of a pinned edition would go."""
        if self._pinned().exists():
            raise EditionIsPinned(str(self.model._meta.verbose_name))
        return super().delete()

    def bulk_create(self, objs: Iterable[PinnedModel], *args: Any, **options: Any) -> list[PinnedModel]:
        """As Django's; raises ``EditionIsPinned`` when a row would be added to a pinned edition."""
        rows = list(objs)
        owners = {row.owner_filter() for row in rows}
        if any(model._base_manager.filter(**dict([pair]), **pinned).exists() for model, pair, pinned in map(_question, owners)):
            raise EditionIsPinned(str(self.model._meta.verbose_name))
        return super().bulk_create(rows, *args, **options)


def _question(owner: tuple[type[models.Model], uuid.UUID | None, str]) -> tuple[type[models.Model], tuple[str, Any], dict[str, bool]]:
    model, key, path = owner
    return model, ("pk", key), {f"{path}pinned_at__isnull": False}


class Pinned(models.Model):
    """A row whose ``CONTENT`` may not change, come or go once its edition is pinned.

    ``EDITION`` is the look-up path to the edition with its dunder ("" on the edition itself), ``OWNER`` the field that
    names the row above ("" on the edition, which stands alone).
    """

    CONTENT: ClassVar[frozenset[str]] = frozenset()
    EDITION: ClassVar[str] = "edition__"
    OWNER: ClassVar[str] = "edition"

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """As Django's; raises ``EditionIsPinned`` when wording of a pinned edition would change."""
        manager = type(self)._base_manager
        stored = manager.filter(pk=self.pk, **{f"{self.EDITION}pinned_at__isnull": False}).first()
        if stored is not None and any(getattr(stored, name) != getattr(self, name) for name in self._attributes()):
            self._refuse()
        model, key, path = self.owner_filter()
        if stored is None and self.OWNER and model._base_manager.filter(pk=key, **{f"{path}pinned_at__isnull": False}).exists():
            self._refuse()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """As Django's; raises ``EditionIsPinned`` for a row of a pinned edition."""
        if type(self)._base_manager.filter(pk=self.pk, **{f"{self.EDITION}pinned_at__isnull": False}).exists():
            self._refuse()
        return super().delete(*args, **options)

    def owner_filter(self) -> tuple[type[models.Model], uuid.UUID | None, str]:
        """Model and key of the row above, and the path from there to the edition."""
        if not self.OWNER:
            return type(self), self.pk, ""
        model = self._meta.get_field(self.OWNER).related_model
        assert isinstance(model, type)  # noqa: S101 - a foreign key to a model of this app
        return model, getattr(self, f"{self.OWNER}_id"), self.EDITION.removeprefix(f"{self.OWNER}__")

    def _refuse(self) -> None:
        raise EditionIsPinned(f"{self._meta.verbose_name} {getattr(self, 'code', self.pk)}")

    @classmethod
    def _attributes(cls) -> list[str]:
        columns = {field.name: field.attname for field in cls._meta.concrete_fields}
        return [columns[name] for name in sorted(cls.CONTENT)]
