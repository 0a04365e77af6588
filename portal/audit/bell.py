"""The bell: tells a worker that a job waits. It may fail, ring twice or not at all; the sweeper rings again."""

import logging
import threading
import time
from uuid import UUID

from django.conf import settings
from kombu import Connection, pools
from kombu.exceptions import KombuError

from portal.celery import app

logger = logging.getLogger("waymark.audit")
SILENCE = 30.0  # seconds for which a broken broker is not tried again, so that one request waits for it and not each


class Broken:
    """Until when this process leaves the broker alone (``time.monotonic``)."""

    until = 0.0
    lock = threading.Lock()


def ring(job: UUID) -> bool:
    """Send the id of a job to the broker. False when it cannot be reached: then the sweeper will, and nobody waits meanwhile."""
    if time.monotonic() < Broken.until:
        return False
    prepare_folders()
    connection: Connection = app.connection_for_write(transport_options=settings.BELL_TRANSPORT_OPTIONS)
    try:
        with pools.producers[connection].acquire(block=True, timeout=1) as producer:
            app.send_task("audit.run", (str(job),), producer=producer, retry=False, ignore_result=True)
    except (KombuError, OSError, *connection.connection_errors, *connection.channel_errors) as problem:
        with Broken.lock:
            Broken.until = time.monotonic() + SILENCE
        logger.warning("the broker cannot be reached (%s); the sweeper will send what waits", type(problem).__name__)
        return False
    return True


def prepare_folders() -> None:
    """Make the folders of the file-system broker, which does not make its own. For other brokers there are none."""
    for folder in settings.BROKER_FOLDERS:
        folder.mkdir(parents=True, exist_ok=True)
