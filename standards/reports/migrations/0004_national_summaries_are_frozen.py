"""The yearly national summary: the database itself refuses to change what was frozen, or to delete it (STAT-06)."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


POSTGRESQL = """
CREATE FUNCTION reports_nationalsummary_is_frozen() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a national summary never changes'; END $$;
CREATE TRIGGER reports_nationalsummary_no_delete BEFORE DELETE ON reports_nationalsummary
FOR EACH ROW EXECUTE FUNCTION reports_nationalsummary_is_frozen();
CREATE TRIGGER reports_nationalsummary_no_change BEFORE UPDATE ON reports_nationalsummary FOR EACH ROW
WHEN (OLD.content IS DISTINCT FROM NEW.content OR OLD.basis IS DISTINCT FROM NEW.basis OR OLD.year <> NEW.year OR OLD.sha256 <> NEW.sha256)
EXECUTE FUNCTION reports_nationalsummary_is_frozen();
"""
SQLITE = (
    """CREATE TRIGGER reports_nationalsummary_no_delete BEFORE DELETE ON reports_nationalsummary
    BEGIN SELECT RAISE(ABORT, 'a national summary never changes'); END""",
    """CREATE TRIGGER reports_nationalsummary_no_change BEFORE UPDATE ON reports_nationalsummary
    WHEN OLD.content IS NOT NEW.content OR OLD.basis IS NOT NEW.basis OR OLD.year <> NEW.year OR OLD.sha256 <> NEW.sha256
    BEGIN SELECT RAISE(ABORT, 'a national summary never changes'); END""",
)


def freeze(apps, schema_editor):
    """From now on a row is what it was when it was made, but for its status."""
    for statement in [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def thaw(apps, schema_editor):
    """The way back."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER reports_nationalsummary_no_change ON reports_nationalsummary")
        schema_editor.execute("DROP TRIGGER reports_nationalsummary_no_delete ON reports_nationalsummary")
        schema_editor.execute("DROP FUNCTION reports_nationalsummary_is_frozen")


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_good_practice_exchange"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NationalSummary",
            fields=[
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("prepared", "Made, not released"),
                            ("released", "Public"),
                            ("discarded", "Discarded"),
                            ("withdrawn", "Taken down"),
                        ],
                        default="prepared",
                        max_length=40,
                    ),
                ),
                ("content", models.JSONField()),
                ("basis", models.JSONField(blank=True, default=list)),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "national summary",
                "ordering": ("-year", "-made_at"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "discarded"), _negated=True), fields=("year",), name="reports_national_once_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_by__isnull", True), models.Q(("released_by", models.F("made_by")), _negated=True), _connector="OR"
                        ),
                        name="reports_national_second",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "released"), _negated=True), ("released_by__isnull", False), _connector="OR"
                        ),
                        name="reports_national_by",
                    ),
                ],
            },
        ),
        migrations.RunPython(freeze, thaw),
    ]
