"""The keyring: erasing, rotating, being stopped half way (CRY-04, CRY-08, RET-09's core)."""

import base64
import secrets
import uuid
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections

from portal.vault import keyring
from portal.vault.models import RecordKey
from portal.vault.sealing import Unreadable

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


def root(version: int) -> str:
    return f"{version}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def sealed_records(count: int) -> dict[uuid.UUID, bytes]:
    return {
        record: keyring.make_key(record).seal(f"secret {record}", field="f", version=1) for record in (uuid.uuid4() for _ in range(count))
    }


def readable(records: dict[uuid.UUID, bytes]) -> int:
    return sum(keyring.open_key(record).unseal(blob, field="f", version=1) == f"secret {record}" for record, blob in records.items())


def test_keys_live_in_the_keyring_and_nowhere_else() -> None:
    assert "vault_recordkey" in connections["keyring"].introspection.table_names()
    assert "vault_recordkey" not in connections["default"].introspection.table_names()
    assert "accounts_user" not in connections["keyring"].introspection.table_names()


def test_a_destroyed_key_erases_the_record_for_good() -> None:
    records = sealed_records(3)
    gone, *left = records
    assert keyring.destroy_key(gone)
    assert not keyring.destroy_key(gone)
    with pytest.raises(Unreadable, match="erased"):
        keyring.open_key(gone)
    assert set(keyring.open_keys(list(records))) == set(left)
    assert readable({record: records[record] for record in left}) == 2


def test_cry_04_rotation_goes_on_where_it_was_stopped(settings: Any) -> None:
    records = sealed_records(25)
    settings.VAULT_ROOT_KEYS = [*settings.VAULT_ROOT_KEYS, root(2)]
    assert keyring.rewrap(limit=10) == 10  # stopped here
    assert readable(records) == 25
    records |= sealed_records(5)  # made meanwhile: with the new root already
    call_command("rotate_root_key", verbosity=0)
    assert RecordKey.objects.exclude(root_version=2).count() == 0
    settings.VAULT_ROOT_KEYS = [entry for entry in settings.VAULT_ROOT_KEYS if entry.startswith("2:")]
    assert readable(records) == 30
    assert keyring.rewrap() == 0


def test_cry_04_a_key_destroyed_during_rotation_does_not_come_back(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    [record] = sealed_records(1)
    settings.VAULT_ROOT_KEYS = [*settings.VAULT_ROOT_KEYS, root(2)]
    opened = keyring._opened

    def destroyed_meanwhile(row: RecordKey, roots: dict[int, bytes]) -> keyring.Key:
        key = opened(row, roots)
        keyring.destroy_key(record)
        return key

    monkeypatch.setattr(keyring, "_opened", destroyed_meanwhile)
    assert keyring.rewrap() == 0
    assert not RecordKey.objects.filter(record=record).exists()


def test_an_old_root_key_that_was_removed_too_early_is_named(settings: Any) -> None:
    [record] = sealed_records(1)
    settings.VAULT_ROOT_KEYS = [root(2)]
    with pytest.raises(Unreadable, match="root key 1 is missing"):
        keyring.open_key(record)


@pytest.mark.parametrize("wrong", [[], ["1:short"], ["1:" + base64.b64encode(b"too short").decode()], ["x:" + "A" * 44]])
def test_unusable_root_keys_stop_everything(settings: Any, wrong: list[str]) -> None:
    settings.VAULT_ROOT_KEYS = wrong
    with pytest.raises(ImproperlyConfigured):
        keyring.make_key(uuid.uuid4())
    assert RecordKey.objects.count() == 0


def test_cry_08_a_key_shows_nothing_of_itself() -> None:
    key = keyring.make_key(uuid.uuid4())
    row = RecordKey.objects.get(record=key.record)
    shown = f"{key!r} {key} {row} {row!r}"
    assert key.secret.hex() not in shown
    assert base64.b64encode(key.secret).decode() not in shown
    assert key.secret not in bytes(row.wrapped)


def test_many_keys_are_found_in_one_query(django_assert_num_queries: object) -> None:
    records = sealed_records(40)
    with django_assert_num_queries(1, using="keyring"):  # type: ignore[operator]
        assert len(keyring.open_keys(list(records))) == 40
