"""Alerts, approvals, where a regime holds, beside which own view a judgement stands; and rows that the database itself keeps frozen."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


TABLES = ("inspections_population", "inspections_sample", "inspections_approval")

POSTGRES_FUNCTION = """
CREATE FUNCTION inspections_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is frozen', ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRES = "CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION inspections_frozen()"
SQLITE = "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_FUNCTION, params=None)  # a "%" stands in it
        for table in TABLES:
            schema_editor.execute(POSTGRES.format(table=table))
    else:
        for table in TABLES:
            for act in ("UPDATE", "DELETE"):
                schema_editor.execute(SQLITE.format(table=table, act=act))


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER {table}_frozen ON {table}")
        schema_editor.execute("DROP FUNCTION inspections_frozen()")
    else:
        for table in TABLES:
            for act in ("UPDATE", "DELETE"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{act}")


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="blindview",
            options={"ordering": ("finding__code",), "verbose_name": "blind view"},
        ),
        migrations.AddField(
            model_name="inspection",
            name="blind_seed",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="judgement",
            name="own_receipt",
            field=models.CharField(blank=True, editable=False, max_length=12),
        ),
        migrations.AddField(
            model_name="judgement",
            name="own_value",
            field=models.CharField(
                blank=True,
                choices=[
                    ("met", "Met"),
                    ("mostly_met", "Mostly met"),
                    ("partly_met", "Partly met"),
                    ("not_met", "Not met"),
                    ("not_inspected", "Not inspected"),
                ],
                editable=False,
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="regime",
            name="nations",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField(editable=False)),
                ("to_provider", models.BooleanField(verbose_name="tell the provider’s managers now")),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("lead_seen_at", models.DateTimeField(blank=True, null=True)),
                ("provider_seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "finding",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="alert", to="inspections.finding"),
                ),
                (
                    "inspection",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="inspections.inspection"),
                ),
                (
                    "lead_seen_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "provider_seen_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "alert",
                "ordering": ("raised_at",),
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "inspection",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="inspections.inspection"),
                ),
            ],
            options={
                "verbose_name": "approval of judgements",
                "ordering": ("-at",),
            },
        ),
        migrations.RunPython(forbid, allow),
    ]
