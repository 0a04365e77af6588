"""The worker of ``make run``: Celery with its beat in one session, ended together with the script that started this one.

Killed rather than waited for when it does not end within five seconds: what it had in hand is a row, and is done again.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time

PATIENCE = 5.0  # seconds
ROUND = 0.2
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")
COMMAND = [sys.executable, "-m", "celery", "-A", "portal", "worker", "-B", "-P", "threads", "-c", "2", "-l", "WARNING", *QUIET]


def main() -> int:
    """Run until we are told to end, or nobody is there any more who could tell us. Returns the exit code."""
    starter = os.getppid()
    asked: list[int] = []
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: asked.append(number))
    worker = subprocess.Popen(COMMAND, start_new_session=True)  # noqa: S603 - words of ours
    while worker.poll() is None and not asked and os.getppid() == starter:
        time.sleep(ROUND)
    end(worker)
    return 0 if asked else 1


def end(worker: "subprocess.Popen[bytes]") -> None:
    """End the worker and its beat: politely, then not."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(PATIENCE)


if __name__ == "__main__":
    sys.exit(main())
