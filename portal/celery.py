"""Celery: carries the ids of jobs to a worker. What must happen stands in the database (``portal.audit``).

``celery -A portal worker`` finds ``app`` here. Its tasks stand in ``portal.audit.tasks``, which Django's start-up imports.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
