"""``manage.py explain_rules``: the effect of a changed rule on every example person, printed."""

from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from survivors.entitlements.rules import DATA

EXAMPLES = yaml.safe_load((DATA / "examples.yaml").read_text(encoding="utf-8"))
Output = pytest.CaptureFixture[str]


def other_rules(folder: Path, old: str, new: str) -> str:
    """Rules in which ``old`` reads ``new``, once."""
    text = (DATA / "rules.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = folder / "rules.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return str(path)


def test_it_prints_every_person_with_what_they_get_and_why(capsys: Output) -> None:
    call_command("explain_rules")
    said = capsys.readouterr().out
    people = [line for line in said.splitlines() if not line.startswith(" ")]
    assert [line.split()[0] for line in people] == [row["id"] for row in (*EXAMPLES["personas"], *EXAMPLES["cases"])]
    assert "P01 Woman who has just got away; nobody has referred her yet\n" in said
    assert "  gives nrm_choice (R010 A)\n" in said
    assert "  may   emergency_accommodation_ew (R017 A)\n" in said
    assert "  warn  warn_no_new_work_right (R063 C)\n" in said


def test_the_same_rules_make_no_difference(capsys: Output) -> None:
    call_command("explain_rules", against=DATA / "rules.yaml")
    people = len(EXAMPLES["personas"]) + len(EXAMPLES["cases"])
    assert capsys.readouterr().out == f"0 of {people} example people see a difference.\n"


def test_it_prints_only_what_differs(capsys: Output, tmp_path: Path) -> None:
    before = other_rules(tmp_path, "{in_danger: [true]}, gives: [emergency_999]", "{in_danger: [true]}, may: [rna], gives: []")
    call_command("explain_rules", "--against", before)
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("C01 in_danger True")
    assert said[1:-1] == ["  gives + emergency_999", "  may   - rna"]
    assert said[-1].startswith("1 of ")


def test_a_moved_warning_and_right_are_seen_by_everybody_they_concern(capsys: Output, tmp_path: Path) -> None:
    before = other_rules(tmp_path, "gives: [helpline_advice, interpreter, data_rights, nhs_gp_emergency]", "may: [helpline_advice]")
    call_command("explain_rules", "--against", before)
    said = capsys.readouterr().out
    people = len(EXAMPLES["personas"]) + len(EXAMPLES["cases"])
    assert f"{people} of {people} example people see a difference." in said
    assert said.count("  gives + helpline_advice\n") == said.count("  may   - helpline_advice\n") == people


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("gives: [emergency_999]", "gives: [a_pony]", "R002: gives a_pony is not declared"),
        ("  wants_return:         {", "  wants_to_stay:        {", "when wants_return"),
        ("facts:\n  nation:", "facts: [\n  nation:", "cannot be used as rules"),
        ("\nrules:\n", "\nrulez:\n", "KeyError"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("explain_rules", "--against", other_rules(tmp_path, old, new))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be used as rules"):
        call_command("explain_rules", "--against", str(tmp_path / "nothing.yaml"))


def test_an_example_that_the_other_rules_do_not_know_is_named(tmp_path: Path) -> None:
    before = other_rules(
        tmp_path,
        "values: [england, wales, scotland, northern_ireland, unknown], default",
        "values: [wales, scotland, northern_ireland, unknown], default",
    )
    text = Path(before).read_text(encoding="utf-8")
    Path(before).write_text(
        text.replace("[england, wales, scotland]", "[wales, scotland]")
        .replace("[england, wales]", "[wales]")
        .replace("[england]", "[wales]")
    )
    with pytest.raises(CommandError, match=r"P01 .*: nation cannot be 'england'"):
        call_command("explain_rules", "--against", before)
