"""Databases for tests with threads and processes of their own, which a test's transaction would hide from each other."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from psycopg import sql


@contextmanager
def own_copy(request: pytest.FixtureRequest, suffix: str) -> Iterator[str]:
    """A copy of the seeded database, which the whole of this process uses meanwhile. Yields its DATABASE_URL. For fixtures of a module.

    Tests that stand on it take no ``db``: they commit, and see what others committed. pytest-django makes a test database only
    for a run in which at least one test takes ``db``, so their module has one such test too.
    """
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        place = connections["default"].settings_dict
        original, params = place["NAME"], connections["default"].get_connection_params()
        name = f"{original}_{suffix}"
        connections.close_all()
        server = {key: params[key] for key in ("host", "port", "user")}
        _administer(
            server,
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)),
            # A thread of an earlier test may have left its connection open, and a database in use cannot be copied.
            sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(sql.Literal(original)),
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(original)),
        )
        place["NAME"] = name
        try:
            yield f"postgres://{server['user']}@{server['host']}:{server['port']}/{name}"
        finally:
            connections.close_all()
            place["NAME"] = original
            _administer(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def empty_keyring(name: str) -> str:
    """A keyring for a portal on a copy of the seeded database: its KEYRING_URL. ``migrate vault --database keyring`` makes the table."""
    params = connections["default"].get_connection_params()
    server = {key: params[key] for key in ("host", "port", "user")}
    _administer(
        server,
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)),
        sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)),
    )
    return f"postgres://{server['user']}@{server['host']}:{server['port']}/{name}"


@contextmanager
def own_keyring(name: str) -> Iterator[str]:
    """A keyring that this process and a portal both use: what is committed there stays in nobody's way. Inside ``own_copy``."""
    address, place = empty_keyring(name), connections["keyring"].settings_dict
    original = place["NAME"]
    connections["keyring"].close()
    place["NAME"] = name
    try:
        call_command("migrate", "vault", database="keyring", verbosity=0)
        yield address
    finally:
        connections.close_all()
        place["NAME"] = original


def at_once(acts: Sequence[Callable[[], Any]], *, refused: tuple[type[Exception], ...], seconds: float) -> list[Any]:
    """Run all at the same moment, each on a connection of its own. What they gave back, or were refused with."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(at: int) -> None:
        try:
            gate.wait(30)
            results[at] = acts[at]()
        except refused as problem:
            results[at] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    return results


def _administer(server: dict[str, Any], *statements: sql.Composed) -> None:
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
