import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

STATUSES = [("in_use", "In use"), ("retired", "Put aside")]


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("evidence", "status", models.CharField(choices=STATUSES, default="in_use", max_length=20)),
        migrations.RunSQL("UPDATE evidence_evidence SET status = 'retired' WHERE retired_at IS NOT NULL", migrations.RunSQL.noop),
        migrations.AddField("evidencefile", "scanned_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "evidencefile",
            "scan",
            models.CharField(
                choices=[
                    ("waiting", "Not checked yet"),
                    ("clean", "Checked"),
                    ("infected", "Refused: it carries malicious code"),
                    ("not_required", "No scanner is set up here"),
                    ("missing", "The file is gone from the disk"),
                ],
                default="waiting",
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("to", models.CharField(choices=STATUSES, max_length=20)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "evidence",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="evidence.evidence"),
                ),
            ],
            options={"verbose_name": "decision about evidence", "ordering": ("-at",)},
        ),
    ]
