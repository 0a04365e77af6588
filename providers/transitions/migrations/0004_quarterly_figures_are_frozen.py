"""Figures of a quarter: the database itself refuses to change or delete what was frozen (STAT-06)."""

import uuid

import django.utils.timezone
from django.db import migrations, models

POSTGRESQL = """
CREATE FUNCTION transitions_figures_are_frozen() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'figures of a quarter never change'; END $$;
CREATE TRIGGER transitions_figures_stay BEFORE UPDATE OR DELETE ON transitions_quarterfigures
FOR EACH ROW EXECUTE FUNCTION transitions_figures_are_frozen();
"""
SQLITE = (
    """CREATE TRIGGER transitions_figures_no_delete BEFORE DELETE ON transitions_quarterfigures
    BEGIN SELECT RAISE(ABORT, 'figures of a quarter never change'); END""",
    """CREATE TRIGGER transitions_figures_no_change BEFORE UPDATE ON transitions_quarterfigures
    BEGIN SELECT RAISE(ABORT, 'figures of a quarter never change'); END""",
)


def freeze(apps, schema_editor):
    """From now on a row is what it was when it was made."""
    for statement in [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def thaw(apps, schema_editor):
    """The way back. In SQLite the triggers go with their table."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER transitions_figures_stay ON transitions_quarterfigures")
        schema_editor.execute("DROP FUNCTION transitions_figures_are_frozen")


class Migration(migrations.Migration):
    dependencies = [("transitions", "0003_merge_ledger_and_consent")]

    operations = [
        migrations.CreateModel(
            name="QuarterFigures",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("quarter", models.CharField(max_length=7, unique=True, verbose_name="quarter")),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("frozen_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={"verbose_name": "figures of a quarter", "ordering": ("-quarter",)},
        ),
        migrations.RunPython(freeze, thaw),
    ]
