"""Celery: carries the ids of jobs to a worker. What must happen stands in the database (``portal.audit``)."""

from celery import Celery

app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
