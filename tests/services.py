"""The database and cache of production, started for one test run and thrown away after it.

A pytest plugin, used as ``python -m pytest -p tests.services``: the settings read DATABASE_URL once, when they are first
imported, and that is before any conftest.py or fixture could have its say. A value that is already in the environment
is respected, so ``DATABASE_URL=postgres://... python -m pytest`` uses a server of your own.
"""

import atexit
import base64
import contextlib
import fcntl
import functools
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path

import psycopg
import pytest
import redis

# Not in var/: PostgreSQL refuses to run as root, and its own user may not be able to reach the project's folder.
PREFIX = "waymark-test-"
CACHE = Path(__file__).resolve().parent.parent / "var" / "test"
SECONDS_TO_START = 30
REDIS_DATABASES = 16  # that one process of the tests may use
MOST_PROCESSES = 8  # of one run, and the one that divides the work


@pytest.hookimpl(wrapper=True)  # a wrapper runs ahead of pytest-django, which imports the settings in this same hook
def pytest_load_initial_conftests() -> Generator[None]:
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _set_apart(int(worker.removeprefix("gw")))
        return (yield)
    # Ends the run in good order, servers included, instead of on the spot.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = start_postgres()
        os.environ.setdefault("KEYRING_URL", os.environ["DATABASE_URL"] + "_keyring")
    if "CACHE_URL" not in os.environ:
        os.environ["CACHE_URL"] = start_redis()
    os.environ.setdefault("CELERY_BROKER_URL", _beside(os.environ["CACHE_URL"]))
    # What `make run` has made (paper copies, pages in the cache) is not what the tests are about.
    os.environ.setdefault("WAYMARK_VAR", str(_home() / "var"))
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("VAULT_ROOT_KEYS", f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}")
    os.environ.setdefault("FIELD_KEYS", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
    os.environ.setdefault("SITE_ADDRESS", "http://localhost")
    os.environ.setdefault("WAYMARK_TESTING", "1")
    return (yield)


def _set_apart(worker: int) -> None:
    """One of several processes that share the run: pytest-django gives it databases of its own, this the rest."""
    for name in ("CACHE_URL", "CELERY_BROKER_URL"):
        server, _, number = os.environ[name].rpartition("/")
        os.environ[name] = f"{server}/{int(number) + REDIS_DATABASES * (worker + 1)}"
    os.environ["WAYMARK_VAR"] += f"-{worker}"


def start_postgres() -> str:
    """Start a PostgreSQL of our own and return its DATABASE_URL. It ends with this process."""
    programs = _postgres_programs()
    data = _home() / "postgres"
    _make_cluster(programs, data)
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(data),
        # Nothing here outlives the run, so nothing has to reach the disk.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    command = [str(programs / "postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]

    def create_database(port: int) -> None:
        with psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE waymark")
            connection.execute("CREATE DATABASE waymark_keyring")

    port = _start("postgres", lambda port: [*command, f"--port={port}"], create_database, psycopg.OperationalError)
    return f"postgres://postgres@127.0.0.1:{port}/waymark"


def start_redis() -> str:
    """Start a Redis of our own and return its CACHE_URL. It ends with this process."""
    program = _found(shutil.which("redis-server"), "redis-server")
    # Its usual process title would hide from _remove_left_overs() which folder it belongs to.
    options = ["--bind", "127.0.0.1", "--dir", str(_home()), "--save", "", "--appendonly", "no", "--set-proc-title", "no"]
    options += ["--databases", str(REDIS_DATABASES * (MOST_PROCESSES + 1))]

    def ping(port: int) -> None:
        redis.Redis(host="127.0.0.1", port=port).ping()

    port = _start("redis", lambda port: [program, *options, "--port", str(port)], ping, redis.ConnectionError)
    return f"rediscache://127.0.0.1:{port}/0"


def _beside(cache: str) -> str:
    """The broker's URL for the Redis of ``cache``: its database number 1, apart from the cache's."""
    return f"{cache.replace('rediscache://', 'redis://').rpartition('/')[0]}/1"


def _start(name: str, command: Callable[[int], list[str]], probe: Callable[[int], object], not_yet: type[Exception]) -> int:
    """Run a server and return its port once the probe succeeds."""
    log = _home() / f"{name}.log"
    for _attempt in range(3):  # between our asking for a free port and its taking it, another program may be quicker
        port = _free_port()
        with log.open("wb") as output:
            server = subprocess.Popen(
                command(port),
                cwd=_home(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=_database_user() if name == "postgres" else None,
                start_new_session=True,  # so that Ctrl-C reaches us only, and tests in their last moments still have it
            )
        (_home() / f"{name}.pid").write_text(str(server.pid))
        _at_exit(functools.partial(_stop, server))
        deadline = time.monotonic() + SECONDS_TO_START
        while server.poll() is None and time.monotonic() < deadline:
            try:
                probe(port)
            except not_yet:
                time.sleep(0.05)
            else:
                return port
        _stop(server)
    raise pytest.UsageError(f"{name} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)  # to PostgreSQL this says "without waiting for those still connected"
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _at_exit(act: Callable[[], object]) -> None:
    """Like atexit, but not in a copy of this process that a test may have forked."""
    owner = os.getpid()
    atexit.register(lambda: act() if os.getpid() == owner else None)


@functools.cache
def _home() -> Path:
    """The folder of this run's servers, marked as in use for as long as this process lives."""
    _remove_left_overs()
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    home.chmod(0o711)  # PostgreSQL's user passes through to its own part; nobody can list it
    _at_exit(functools.partial(shutil.rmtree, home, ignore_errors=True))
    # The kernel drops the lock when we end, however we end. Locked before it gets its name, so that no other run
    # can find it unlocked.
    mark = os.open(home / "in-use.new", os.O_CREAT | os.O_WRONLY, 0o600)
    fcntl.flock(mark, fcntl.LOCK_EX)
    (home / "in-use.new").rename(home / "in-use")
    return home


def _remove_left_overs() -> None:
    """End the servers, and remove the folders, of runs that were killed before they could do so."""
    for mark in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/in-use"):
        home = mark.parent
        if home.stat().st_uid != os.getuid():
            continue
        with mark.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            for pid_file in home.glob("*.pid"):
                with contextlib.suppress(OSError):
                    pid = int(pid_file.read_text())
                    # By now the number may have gone to an unrelated process.
                    if str(home).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                        os.kill(pid, signal.SIGKILL)
            shutil.rmtree(home, ignore_errors=True)


def _make_cluster(programs: Path, data: Path) -> None:
    """Make an empty cluster, from a packed one of an earlier run when there is one: it takes a fifth of the time."""
    data.mkdir(mode=0o700)
    user = _database_user()
    if user is not None:
        shutil.chown(data, user)
    version = subprocess.run([programs / "initdb", "--version"], check=True, capture_output=True, text=True).stdout.split()[2]
    packed = CACHE / f"postgres-{version}-{user or 'own'}.tar"
    if packed.exists():
        with tarfile.open(packed) as archive:
            archive.extractall(data)
        return
    options = ["-U", "postgres", "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
    initdb = [str(programs / "initdb"), "-D", str(data), *options]
    made = subprocess.run(initdb, check=False, user=user, cwd=data.parent, capture_output=True, text=True)
    if made.returncode:
        raise pytest.UsageError(f"initdb failed:\n{made.stderr}")
    CACHE.mkdir(parents=True, exist_ok=True)
    unfinished = packed.with_suffix(f".{os.getpid()}")
    with tarfile.open(unfinished, "w") as archive:
        archive.add(data, arcname=".")
    unfinished.rename(packed)


def _postgres_programs() -> Path:
    """The folder of initdb and postgres: of the newest version, where several are installed side by side."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    newest = installed[-1] if installed else shutil.which("initdb")
    return Path(_found(newest, "postgresql")).parent


def _database_user() -> str | None:
    """Whom to run PostgreSQL as: it refuses root."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise pytest.UsageError("as root, PostgreSQL needs its user 'postgres'; installing the package makes it.") from None


def _found(program: Path | str | None, package: str) -> str:
    if program is None:
        raise pytest.UsageError(f"{package} is not installed; make test installs it, or says how.")
    return str(program)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
