"""Answers come back from our workbook: what would change is shown, mistakes name their place, nothing is half done."""

import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from portal.accounts.roles import Role
from standards.assessments.exports import bringing, workbook
from standards.assessments.exports.gathering import document_for
from standards.assessments.models import Answer, AnswerVersion, Assessment
from standards.assessments.saving import Text, save
from tests.builders import sign_in
from tests.integration.standards import plans

pytestmark = pytest.mark.django_db
Edit = Callable[[Any], None]


class World:
    """A draft of six answers and its people; the rival has a draft of her own."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.harbour = plans.provider()
        self.mary, self.joe = plans.person("mary", self.harbour, Role.MANAGER), plans.person("joe", self.harbour)
        self.rita, self.rival = plans.person("rita", self.harbour, Role.READER), plans.person("rival", plans.provider())
        self.edition = plans.edition_of()
        self.assessment = plans.assessment_of(plans.service_of(self.harbour), self.edition, self.mary, values="not_met")
        self.where = f"/workspace/assessments/{self.assessment.pk}/exports/bring/"

    def made(self, *edits: Edit, language: str = "en") -> bytes:
        with translation.override(language):
            book = openpyxl.load_workbook(io.BytesIO(workbook.workbook(document_for(self.assessment, self.mary), self.assessment.pk)))
        for edit in edits:
            edit(book)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def reading(self, *edits: Edit) -> bringing.Reading:
        return bringing.read(self.assessment, io.BytesIO(self.made(*edits)), "answers.xlsx")

    def answer(self, code: str = "PRI-01-a") -> Answer:
        return self.assessment.answers.get(indicator__code=code)

    def send(self, *edits: Edit, who: str = "joe") -> Any:
        file = SimpleUploadedFile("answers.xlsx", self.made(*edits))
        return sign_in(getattr(self, who)).post(self.where, {"workbook": file})

    def apply(self, token: str, who: str = "joe", **more: Any) -> Any:
        return sign_in(getattr(self, who)).post(self.where + "apply/", {"token": token, **more})

    def state(self) -> list[Any]:
        return list(self.assessment.answers.order_by("pk").values())


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.VAR_DIR = tmp_path
    return World(tmp_path)


def put(row: int, **cells: Any) -> Edit:
    def edit(book: Any) -> None:
        for name, value in cells.items():
            book[workbook.ANSWERS].cell(row, workbook.COLUMNS.index(name) + 1).value = value

    return edit


def about(name: str, value: Any) -> Edit:
    def edit(book: Any) -> None:
        for row in book[workbook.ABOUT].iter_rows():
            if row[0].value == name:
                row[1].value = value

    return edit


def older(book: Any) -> None:
    about("format", 1)(book)
    book[workbook.ANSWERS].delete_cols(8, 2)


def test_the_workbook_as_it_left_changes_nothing(world: World) -> None:
    Answer.objects.filter(assessment=world.assessment).update(comment="=1+1\n  two lines \x0b", confidence="observed", version=3)
    reading = world.reading()
    assert (reading.changes, reading.problems, reading.unchanged) == ([], [], 6)
    assert "Nothing would change" in world.send().content.decode()


def test_a_preview_shows_exactly_what_would_change_and_changes_nothing(world: World) -> None:
    before = world.state()
    answer = world.send(put(3, answer="Mostly met", comment="New words", confidence="A document shows it"))
    assert answer.status_code == 200
    changes = answer.context["reading"].changes
    assert [(change.answer.indicator.code, change.before, change.after) for change in changes] == [
        ("PRI-01-a", Text("not_met", "", "none"), Text("mostly_met", "New words", "document"))
    ]
    assert world.state() == before


def test_what_was_shown_is_saved_through_the_one_act_of_saving(world: World) -> None:
    shown = world.send(put(3, answer="Mostly met", comment="New words"), put(4, answer="Does not apply", comment="Outreach only"))
    assert world.apply(shown.context["token"]).status_code == 302
    first, second = world.answer(), world.answer("PRI-01-b")
    assert (first.value, first.comment, first.version, first.answered_by) == ("mostly_met", "New words", 1, world.joe)
    assert (second.value, second.comment) == ("not_applicable", "Outreach only")
    assert AnswerVersion.objects.filter(answer__assessment=world.assessment).count() == 2


def test_int_03_saying_yes_twice_saves_once(world: World) -> None:
    token = world.send(put(3, comment="New words")).context["token"]
    for _time in range(2):
        assert world.apply(token).status_code == 302
    assert AnswerVersion.objects.count() == 1


@pytest.mark.parametrize(("language", "value"), [("en", "Fully met"), ("cy", ""), ("en", "fully_met"), ("en", "3"), ("en", " FULLY MET ")])
def test_answers_are_understood_in_words_codes_and_points(world: World, language: str, value: str) -> None:
    if not value:
        from standards.assessments.models.answers import Value

        with translation.override(language):
            value = str(Value.FULLY_MET.label)
    assert world.reading(put(3, answer=value)).changes[0].after.value == "fully_met"


@pytest.mark.parametrize(
    ("edits", "place", "words"),
    [
        ([put(5, answer="Rather good")], "Sheet Answers, cell F5", "Choose one of: Not met"),
        ([put(5, confidence="Very")], "Sheet Answers, cell H5", "Choose one of"),
        ([put(5, comment="=A1")], "Sheet Answers, cell G5", "A formula stands here"),
        ([put(5, code="XXX-01-z")], "Sheet Answers, cell A5", "is not asked in this self-assessment"),
        ([put(5, code="PRI-01-a")], "Sheet Answers, cell A5", "a second time"),
        ([put(5, version="x", comment="y")], "Sheet Answers, cell I5", "Download it anew"),
        ([put(5, version=99, comment="y")], "Sheet Answers, cell I5", "Download it anew"),
        ([put(1, code="other")], "Answers, 1", "code"),
        ([about("assessment", str(uuid.uuid4()))], "Workbook", "belongs to another"),
        ([about("format", 3)], "Workbook", "newer version"),
        ([lambda book: book.remove(book[workbook.ABOUT])], "Workbook", "not a workbook from here"),
    ],
)
def test_c41_a_mistake_names_its_place_and_how_to_mend_it(world: World, edits: list[Edit], place: str, words: str) -> None:
    before = world.state()
    answer = world.send(put(3, comment="Good words"), *edits)
    assert answer.status_code == 422
    problem = answer.context["reading"].problems[0]
    assert problem.place == place
    assert words in problem.words
    assert words.split(":")[0] in answer.content.decode()
    assert world.state() == before
    assert not (world.store / "exports").exists()


def test_every_mistake_is_named_at_once(world: World) -> None:
    problems = world.reading(put(3, answer="a"), put(4, answer="b", confidence="c"), put(6, code="d")).problems
    assert [problem.place[-2:] for problem in problems] == ["F3", "F4", "H4", "A6"]


def test_c41_an_older_workbook_is_taken_with_a_word(world: World) -> None:
    reading = world.reading(put(3, answer="Fully met", confidence="Described"), older)
    assert reading.problems == []
    assert "older workbook" in reading.notes[0]
    assert [(change.after.value, change.after.confidence) for change in reading.changes] == [("fully_met", "none")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answers.xlsx", b"not a zip"),
        ("answers.xlsx", b"PK\x03\x04 broken"),
        ("answers.xlsm", b"PK\x03\x04"),
        ("notes.txt", b"plain words"),
        ("answers.csv", b"a,b\n1,2\n"),
        ("answers.xlsx", b"%PDF-1.7\n"),
        ("big.xlsx", b"PK\x03\x04" + b"0" * (5 * 1024 * 1024)),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(world: World, name: str, content: bytes) -> None:
    reading = bringing.read(world.assessment, io.BytesIO(content), name)
    assert reading.changes == []
    assert len(reading.problems) == 1
    assert reading.problems[0].words[-1] == "."


def test_int_01_what_changed_since_the_download_is_shown_and_not_overwritten(world: World) -> None:
    content = world.made(put(3, comment="From the train"))
    save(world.answer().pk, Text("partly_met", "From the office", "none"), base=0, key=uuid.uuid4(), by=world.mary)
    client = sign_in(world.joe)
    shown = client.post(world.where, {"workbook": SimpleUploadedFile("answers.xlsx", content)})
    assert [change.is_conflict for change in shown.context["reading"].changes] == [True]
    text = shown.content.decode()
    assert "From the office" in text
    assert "From the train" in text
    done = world.apply(shown.context["token"])
    assert done.status_code == 409
    assert world.answer().comment == "From the office"
    kept = AnswerVersion.objects.get(comment="From the train")
    assert (kept.version, kept.by) == (None, world.joe), "kept beside it, not lost"


def test_int_01_who_has_read_both_may_put_theirs_in_place(world: World) -> None:
    content = world.made(put(3, comment="From the train"))
    save(world.answer().pk, Text("partly_met", "From the office", "none"), base=0, key=uuid.uuid4(), by=world.mary)
    shown = sign_in(world.joe).post(world.where, {"workbook": SimpleUploadedFile("answers.xlsx", content)})
    assert world.apply(shown.context["token"], mine=["PRI-01-a"]).status_code == 302
    assert (world.answer().comment, world.answer().version) == ("From the train", 2)


def test_int_01_a_change_between_looking_and_saying_yes_is_met(world: World) -> None:
    token = world.send(put(3, comment="From the train"), put(4, comment="Undisturbed")).context["token"]
    save(world.answer().pk, Text("not_met", "From the office", "none"), base=0, key=uuid.uuid4(), by=world.mary)
    done = world.apply(token)
    assert done.status_code == 409
    assert [change.answer.indicator.code for change in done.context["met"]] == ["PRI-01-a"]
    assert (world.answer().comment, world.answer("PRI-01-b").comment) == ("From the office", "Undisturbed")


def test_int_09_whatever_fails_leaves_everything_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from standards.assessments.exports import applying

    token = world.send(*(put(row, comment=f"Words {row}") for row in range(3, 9))).context["token"]
    before, count = world.state(), 0

    def failing(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        if count == 4:
            raise RuntimeError("the power went")
        return save(*args, **kwargs)

    monkeypatch.setattr(applying, "save", failing)
    with pytest.raises(RuntimeError):
        world.apply(token)
    assert world.state() == before
    assert not AnswerVersion.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("rita", 403), ("rival", 404)])
def test_perm_03_who_may_not_answer_brings_nothing(world: World, who: str, status: int) -> None:
    token = world.send(put(3, comment="Words")).context["token"]
    before = world.state()
    assert world.send(put(3, comment="Words"), who=who).status_code == status
    assert world.apply(token, who=who).status_code == status
    assert sign_in(getattr(world, who)).get(world.where).status_code == status
    assert world.state() == before


def test_a_token_belongs_to_its_bringer_and_its_assessment(world: World) -> None:
    token = world.send(put(3, comment="Words")).context["token"]
    assert world.apply(token, who="mary").status_code == 409
    assert world.apply(token[:-2] + "xx").status_code == 409
    assert world.apply("").status_code == 409
    assert world.answer().comment == ""


def test_nothing_is_brought_into_what_was_sent(world: World) -> None:
    token = world.send(put(3, comment="Words")).context["token"]
    Assessment.objects.filter(pk=world.assessment.pk).update(status="in_review")
    assert world.apply(token).status_code == 409
    assert world.send(put(3, comment="Words")).status_code == 409
    assert world.answer().comment == ""


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_saying_yes_is_posted(world: World, method: str) -> None:
    assert getattr(sign_in(world.joe), method)(world.where + "apply/").status_code == 405
