"""``manage.py run_jobs``: do what is due here and now, without broker and worker."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.audit.working import run_due, sweep


class Command(BaseCommand):
    """For a day on which the broker is lost, or for a host that has cron only. Harmless beside running workers."""

    help = "Do all jobs that are due, in this process."

    def handle(self, *args: Any, **options: Any) -> None:
        """Plans the morning's work, then does everything that is due."""
        sweep()
        done, failed = run_due()
        self.stdout.write(f"{done} done, {failed} failed")
