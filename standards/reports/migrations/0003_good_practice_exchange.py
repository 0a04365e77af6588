"""Good-practice cards get a way of their own: who proposed, who agreed, who checked. The table was empty until now: nothing wrote to it."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("organisations", "0001_initial"),
        ("reports", "0002_versions_and_second_looks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CardHit",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.SlugField(max_length=30)),
                ("excerpt", models.CharField(max_length=200)),
                ("place", models.CharField(max_length=60)),
                (
                    "resolution",
                    models.CharField(
                        blank=True,
                        choices=[("removed", "Removed"), ("reworded", "Reworded"), ("harmless", "Harmless, for the reason given")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "hit in a good-practice card",
                "ordering": ("place", "kind"),
            },
        ),
        migrations.AddField(
            model_name="goodpracticecard",
            name="consented_sha256",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="goodpracticecard",
            name="offered_by",
            field=models.ForeignKey(
                default=None, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="goodpracticecard",
            name="reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="goodpracticecard",
            name="shown_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="goodpracticecard",
            name="shown_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="goodpracticecard",
            name="status",
            field=models.CharField(
                choices=[
                    ("offered", "The provider is asked"),
                    ("declined", "The provider declined"),
                    ("agreed", "Agreed, to be checked"),
                    ("shown", "Others can read it"),
                    ("withdrawn", "Taken back"),
                ],
                default="offered",
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="goodpracticecard",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddIndex(
            model_name="goodpracticecard",
            index=models.Index(fields=["standard", "status"], name="reports_card_shown"),
        ),
        migrations.AddConstraint(
            model_name="goodpracticecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "shown"), _negated=True),
                    models.Q(("consented_at__isnull", False), ("shown_by__isnull", False)),
                    _connector="OR",
                ),
                name="reports_card_shown_with_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodpracticecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shown_by__isnull", True),
                    models.Q(
                        models.Q(("shown_by", models.F("consented_by")), _negated=True),
                        models.Q(("shown_by", models.F("offered_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="reports_card_second_person",
            ),
        ),
        migrations.AddField(
            model_name="cardhit",
            name="card",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="hits", to="reports.goodpracticecard"),
        ),
        migrations.AddField(
            model_name="cardhit",
            name="resolved_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
