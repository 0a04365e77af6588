"""Somebody who has just been invited, in the running portal's own database. Run by ``manage.py shell`` in its environment."""

import json
import os
import secrets
import subprocess
import sys

from django.conf import settings

from portal.accounts import invitations
from portal.accounts.roles import Kind, Role
from providers.organisations.models import Membership
from tests import builders


def invite() -> None:
    """An invitation to a new assessor: prints the path of its link and the address it is for."""
    name = secrets.token_hex(6)  # the counter of the builders begins again in every process
    home = builders.organisation(Kind.PROVIDER, name=f"Provider {name}")
    manager = builders.member(home, Role.MANAGER, f"manager-{name}@people.example")
    row = invitations.invite(f"{name}@people.example", home.pk, Role.ASSESSOR, by=manager)
    assert Membership.objects.filter(user=manager).exists()
    print("ANSWER " + json.dumps({"email": row.email, "link": f"/accounts/invitation/{invitations.token_of(row)}/"}))


def invited(database: str) -> dict[str, str]:
    """Invite somebody into the portal whose database this is."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "shell", "--no-imports", "-c"]
    asked = subprocess.run(
        [*command, "from tests.browser.newcomers import invite; invite()"],
        env={**os.environ, "DATABASE_URL": database, "WAYMARK_TESTING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    found: dict[str, str] = json.loads(asked.stdout.rpartition("ANSWER ")[2])
    return found
