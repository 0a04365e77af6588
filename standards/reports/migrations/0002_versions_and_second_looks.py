"""Versions of statements, later rounds of the check of facts, words for the shared summary, what approvals are bound to."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="disclosurehit",
            options={"ordering": ("place", "kind"), "verbose_name": "hit of the disclosure check"},
        ),
        migrations.AlterModelOptions(
            name="reply",
            options={"ordering": ("round",), "verbose_name": "reply to a statement"},
        ),
        migrations.AlterModelOptions(
            name="replyfile",
            options={"ordering": ("added_at",), "verbose_name": "file of a reply"},
        ),
        migrations.AddField(
            model_name="reply",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reply",
            name="opened_for",
            field=models.CharField(blank=True, max_length=300, verbose_name="what is new"),
        ),
        migrations.AddField(
            model_name="reply",
            name="shown",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="report",
            name="comments_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="correction_note",
            field=models.CharField(blank=True, max_length=500, verbose_name="what is corrected"),
        ),
        migrations.AddField(
            model_name="report",
            name="decided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="decided_sha256",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="report",
            name="paused_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="paused_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="why it is paused"),
        ),
        migrations.AddField(
            model_name="report",
            name="reviewed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="reviewed_sha256",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="statement",
            name="for_shared",
            field=models.TextField(blank=True, verbose_name="words for named organisations"),
        ),
        migrations.AlterField(
            model_name="statement",
            name="asserts_fact",
            field=models.BooleanField(default=True, verbose_name="it asserts a fact"),
        ),
        migrations.AlterField(
            model_name="statement",
            name="for_public",
            field=models.TextField(blank=True, verbose_name="words for everybody"),
        ),
        migrations.AlterField(
            model_name="statement",
            name="is_good_practice",
            field=models.BooleanField(default=False, verbose_name="good practice"),
        ),
        migrations.AlterField(
            model_name="statement",
            name="section",
            field=models.CharField(
                choices=[
                    ("summary", "Summary"),
                    ("about", "About the inspection"),
                    ("key_question", "Key question"),
                    ("standard", "Standard"),
                    ("items", "What should change"),
                    ("voice", "What survivors said"),
                ],
                max_length=20,
                verbose_name="section",
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="text",
            field=models.TextField(verbose_name="words"),
        ),
        migrations.CreateModel(
            name="StatementVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(null=True)),
                ("text", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "statement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="reports.statement"),
                ),
            ],
            options={
                "verbose_name": "version of a statement",
                "ordering": ("-at",),
            },
        ),
    ]
