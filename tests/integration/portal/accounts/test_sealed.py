"""What the database holds: no secret of an app, no recovery code, no session key, no token of a link, no password. And keys that change."""

from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection

from portal.accounts import invitations
from portal.accounts.models import TOTPDevice
from portal.accounts.roles import Role
from tests.builders import PASSWORD, member, organisation, person, second_factor
from tests.integration.portal.accounts.walks import key_of, links_of, recovery_codes, sign_in

pytestmark = pytest.mark.django_db


def rows_with(*texts: str) -> list[str]:
    """The tables of which a row, written out whole, holds one of these."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            for text in texts:
                cursor.execute(f"SELECT count(*) FROM {quoted} AS r WHERE position(lower(%s) in lower(r::text)) > 0", [text])  # noqa: S608
                found += [table] if cursor.fetchone()[0] else []
    return found


def test_a_dump_of_every_table_holds_no_secret(mailoutbox: list[Any]) -> None:
    home = organisation()
    manager = member(home, Role.MANAGER)
    client = sign_in(manager)
    device = second_factor(manager)
    codes = recovery_codes(manager)
    row = invitations.invite("new@people.example", home.pk, "reader", by=manager)
    links = links_of(mailoutbox)
    assert invitations.token_of(row) in links[0]
    plain = [code.replace("-", "") for code in codes]
    assert rows_with(manager.email) != [], "the search finds what is there"
    assert rows_with(device.secret, device.address(), key_of(client), invitations.token_of(row), PASSWORD, *codes, *plain) == []


def test_the_secret_is_sealed_anew_each_time_and_comes_back_whole() -> None:
    device = second_factor(person())
    sealed = raw(device)
    assert device.secret not in sealed
    assert TOTPDevice.objects.get(pk=device.pk).secret == device.secret
    device.save()
    assert raw(device) != sealed


def raw(device: TOTPDevice) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_totpdevice WHERE id = %s", [device.pk])
        return str(cursor.fetchone()[0])


def test_a_new_key_seals_the_old_one_opens_until_all_are_moved(settings: Any) -> None:
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    device = second_factor(person())
    secret = device.secret
    settings.FIELD_KEYS = [new, old]
    moved = TOTPDevice.objects.get(pk=device.pk)
    assert moved.secret == secret
    moved.save()
    settings.FIELD_KEYS = [new]
    assert TOTPDevice.objects.get(pk=device.pk).secret == secret
    settings.FIELD_KEYS = [old]
    with pytest.raises(InvalidToken):
        TOTPDevice.objects.get(pk=device.pk)


def test_without_a_key_nothing_is_kept_in_the_clear(settings: Any) -> None:
    user = person()
    settings.FIELD_KEYS = []
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        TOTPDevice.objects.create(user=user, name="App", confirmed=True)


def test_a_value_that_was_changed_in_the_database_is_not_taken() -> None:
    device = second_factor(person())
    sealed = raw(device)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_totpdevice SET secret = %s WHERE id = %s", [sealed[:-6] + "AAAA==", device.pk])
    with pytest.raises(InvalidToken):
        TOTPDevice.objects.get(pk=device.pk)


def test_nobody_searches_by_the_secret() -> None:
    with pytest.raises((FieldError, TypeError)):
        TOTPDevice.objects.filter(secret="x").exists()
