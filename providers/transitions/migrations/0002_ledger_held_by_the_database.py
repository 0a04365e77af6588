"""The database holds the ledger of responsibility: no gap, no overlap, no second thoughts. And links of guests that work once.

Beside the transition itself its first entry is written, so that there is none without somebody responsible. Each later entry follows
the one before: its number is the next, it begins later, and nothing follows the end. None is changed; one is deleted only with a
record that is being erased.
"""

from django.db import migrations, models

POSTGRES = """
CREATE FUNCTION transitions_ledger_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO transitions_responsibility (id, transition_id, number, organisation_id, outside, from_at, because, by_id)
    VALUES (gen_random_uuid(), NEW.id, 1, NEW.organisation_id, '', NEW.created_at, 'began', NEW.worker_id);
    RETURN NULL;
END $$;
CREATE TRIGGER transitions_ledger_begin AFTER INSERT ON transitions_transition
    FOR EACH ROW EXECUTE FUNCTION transitions_ledger_begin();

CREATE FUNCTION transitions_ledger_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous transitions_responsibility%ROWTYPE;
BEGIN
    SELECT * INTO previous FROM transitions_responsibility WHERE transition_id = NEW.transition_id ORDER BY number DESC LIMIT 1;
    IF FOUND AND (NEW.number <> previous.number + 1 OR NEW.from_at <= previous.from_at OR previous.because = 'ended') THEN
        RAISE EXCEPTION 'an entry of the ledger follows the last one' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF NOT FOUND AND NEW.number <> 1 THEN
        RAISE EXCEPTION 'the ledger begins with its first entry' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transitions_ledger_follow BEFORE INSERT ON transitions_responsibility
    FOR EACH ROW EXECUTE FUNCTION transitions_ledger_follow();

CREATE FUNCTION transitions_ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM transitions_transition WHERE id = OLD.transition_id AND status = 'purging') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER transitions_ledger_stays BEFORE UPDATE OR DELETE ON transitions_responsibility
    FOR EACH ROW EXECUTE FUNCTION transitions_ledger_stays()
"""

SQLITE = (
    """
CREATE TRIGGER transitions_ledger_begin AFTER INSERT ON transitions_transition BEGIN
    INSERT INTO transitions_responsibility (id, transition_id, number, organisation_id, outside, from_at, because, by_id)
    VALUES (lower(hex(randomblob(16))), NEW.id, 1, NEW.organisation_id, '', NEW.created_at, 'began', NEW.worker_id);
END
""",
    """
CREATE TRIGGER transitions_ledger_follow BEFORE INSERT ON transitions_responsibility BEGIN
    SELECT RAISE(ABORT, 'an entry of the ledger follows the last one') WHERE EXISTS (
        SELECT 1 FROM transitions_responsibility previous WHERE previous.transition_id = NEW.transition_id
        AND (previous.number >= NEW.number OR previous.from_at >= NEW.from_at OR previous.because = 'ended')
    ) OR (NEW.number > 1 AND NOT EXISTS (
        SELECT 1 FROM transitions_responsibility previous WHERE previous.transition_id = NEW.transition_id
        AND previous.number = NEW.number - 1
    ));
END
""",
    """
CREATE TRIGGER transitions_ledger_no_update BEFORE UPDATE ON transitions_responsibility BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END
""",
    """
CREATE TRIGGER transitions_ledger_no_delete BEFORE DELETE ON transitions_responsibility BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only') WHERE NOT EXISTS (
        SELECT 1 FROM transitions_transition WHERE id = OLD.transition_id AND status = 'purging'
    );
END
""",
)
NAMES = ("begin", "follow", "stays")


def hold(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES, params=None)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)


def let_go(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in NAMES:
            table = "transition" if name == "begin" else "responsibility"
            schema_editor.execute(f"DROP TRIGGER transitions_ledger_{name} ON transitions_{table}")
            schema_editor.execute(f"DROP FUNCTION transitions_ledger_{name}()")
    else:
        for name in ("begin", "follow", "no_update", "no_delete"):
            schema_editor.execute(f"DROP TRIGGER transitions_ledger_{name}")


class Migration(migrations.Migration):
    dependencies = [("transitions", "0001_initial")]

    operations = [
        migrations.AddField(model_name="guest", name="serial", field=models.PositiveSmallIntegerField(default=1)),
        migrations.AlterField(
            model_name="offer",
            name="status",
            field=models.CharField(
                choices=[
                    ("offered", "Waiting for an answer"),
                    ("accepted", "Accepted, not yet met"),
                    ("contact_confirmed", "Met"),
                    ("declined", "Declined"),
                    ("withdrawn", "Taken back"),
                    ("expired", "Ran out"),
                    ("ended", "Ended"),
                ],
                default="offered",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(number=1, because="began", organisation__isnull=False)
                | (models.Q(number__gt=1) & ~models.Q(because="began")),
                name="transitions_ledger_begins_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=~models.Q(because="ended") | models.Q(organisation__isnull=True, outside=""),
                name="transitions_ledger_ended",
            ),
        ),
        migrations.RunPython(hold, let_go),
    ]
