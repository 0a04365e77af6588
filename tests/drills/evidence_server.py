"""What the drill of broken-off uploads asks of the portal's own database: ``prepare`` prints a cookie, ``look`` what is left.

Run by ``manage.py shell`` in the environment of the running portal, so that nothing of the tests' process is in between.
"""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.accounts.roles import Role
from standards.evidence import store, sweeping
from standards.evidence.models import Evidence, EvidenceFile
from tests import builders


def prepare() -> None:
    """An assessor, signed in, and their organisation."""
    name = secrets.token_hex(6)  # the counter of the builders begins again in every process
    provider = builders.organisation(name=f"Provider {name}")
    client = builders.sign_in(builders.member(provider, Role.ASSESSOR, f"{name}@people.example"))
    print("ANSWER " + json.dumps({"cookie": client.cookies.output(attrs=[], header="", sep=";").strip(), "organisation": str(provider.pk)}))


def look() -> None:
    """Sweeps whatever is older than nothing, and counts."""
    swept = sweeping.sweep(0)
    rows = {str(name) for name in EvidenceFile.objects.values_list("stored_name", flat=True)}
    files = {path.name for path in store.folder().rglob("*") if path.is_file()}
    passing = [path.name for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()]
    items = Evidence.objects.filter(reference="").count()
    left = {"files without a row": len(files - rows), "rows without a file": len(rows - files), "passing": len(passing)}
    print("ANSWER " + json.dumps({"left": left, "rows": len(rows), "items without either": items - len(rows), "swept": swept}))


def ask(database: str, var: Path, what: str) -> dict[str, Any]:
    """Run a function of this module beside the portal whose database and folder these are."""
    variables = {**os.environ, "DATABASE_URL": database, "WAYMARK_TESTING": "1", "WAYMARK_VAR": str(var)}
    code = f"from tests.drills.evidence_server import {what}; {what}()"
    asked = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "shell", "--no-imports", "-c", code],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    found: dict[str, Any] = json.loads(asked.stdout.rpartition("ANSWER ")[2])
    return found
