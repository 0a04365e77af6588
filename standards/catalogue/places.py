"""YAML that knows its lines: reads one mapping at a time, and notes every mistake with where it stands and how to mend it."""

import datetime
import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import yaml

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
KINDS = {"str": "text", "int": "a whole number", "bool": "true or false", "null": "nothing", "float": "a number", "timestamp": "a date"}


@dataclass(frozen=True)
class Problem:
    """One mistake: the line (from 1), what is wrong, how to mend it."""

    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.line}: {self.what}. {self.mend}"


@dataclass
class Findings:
    """Everything found in one file. ``problems`` stop the import, ``warnings`` do not."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def kind(node: yaml.Node) -> str:
    """What a node is, in plain words."""
    if isinstance(node, yaml.MappingNode):
        return "a group of keys"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return KINDS.get(str(node.tag).rpartition(":")[2], "something else")


def line_of(node: yaml.Node) -> int:
    """Line of the file, from 1."""
    return int(node.start_mark.line) + 1


class Table:
    """A mapping of the file, asked key by key. What is missing or of the wrong kind is noted and answered with an empty value.

    ``name`` says what it is in messages ("indicator PRI-01-a"); ``keys`` are all that may stand here.
    """

    def __init__(self, node: yaml.Node, name: str, keys: Collection[str], findings: Findings) -> None:
        self.node, self.name, self.findings = node, name, findings
        self.line = line_of(node)
        self.values: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"is {kind(node)}", "Write keys and values here")
            return
        for key, value in node.value:
            word = str(key.value)
            if word in self.values:
                self.wrong(key, f"`{word}` stands here twice", "Keep one of them")
            elif word not in keys:
                near = difflib.get_close_matches(word, keys, 1)
                guess = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(sorted(keys))}"
                self.wrong(key, f"`{word}` is not known here", guess)
            self.values[word] = value

    def wrong(self, node: yaml.Node | None, what: str, mend: str) -> None:
        """Note a mistake at ``node``, or at the beginning of the table."""
        self.findings.problems.append(Problem(line_of(node or self.node), f"{self.name}: {what}", mend))

    def at(self, key: str) -> yaml.Node | None:
        """Where the value of ``key`` stands."""
        return self.values.get(key)

    def has(self, key: str) -> bool:
        """Whether ``key`` has a value."""
        return key in self.values and kind(self.values[key]) != "nothing"

    def _scalar(self, key: str, tag: str, *, required: bool) -> yaml.ScalarNode | None:
        node = self.values.get(key)
        if node is None or kind(node) == "nothing":
            if required:
                self.wrong(node, f"`{key}` is missing", f"Add `{key}:`")
            return None
        if not isinstance(node, yaml.ScalarNode) or kind(node) != KINDS[tag]:
            quotes = " (in quotation marks if need be)" if tag == "str" else ""
            self.wrong(node, f"`{key}` is {kind(node)}", f"Write {KINDS[tag]}{quotes}")
            return None
        return node

    def text(self, key: str, longest: int | None, *, required: bool = False) -> str:
        """A text of at most ``longest`` characters; white space at its ends and line breaks are smoothed."""
        node = self._scalar(key, "str", required=required)
        words = " ".join(node.value.split()) if node else ""
        if node and not words and required:
            self.wrong(node, f"`{key}` is empty", "Write the words")
        if longest and len(words) > longest:
            self.wrong(node, f"`{key}` has {len(words)} characters", f"At most {longest}: shorten it")
        return words

    def code(self, key: str, longest: int | None, *, required: bool = True) -> str:
        """A code of letters, digits and hyphens."""
        words = self.text(key, longest, required=required)
        if words and not CODE.fullmatch(words):
            self.wrong(self.at(key), f"`{key}` is “{words}”", "Use letters, digits, hyphens and underscores only")
        return words

    def choice(self, key: str, values: Collection[str], *, otherwise: str | None = None) -> str:
        """One of ``values``; ``otherwise`` when the key is missing, or a mistake when there is no ``otherwise``."""
        words = self.text(key, None, required=otherwise is None) or otherwise or ""
        return self._known(self.at(key), key, words, values)

    def choices(self, key: str, values: Collection[str]) -> list[str]:
        """A list of ``values``, or one of them alone."""
        node = self.values.get(key)
        if node is None or kind(node) == "nothing":
            return []
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found = []
        for item in nodes:
            if kind(item) != "text":
                self.wrong(item, f"`{key}` holds {kind(item)}", "Write codes")
            else:
                found.append(self._known(item, key, item.value, values))
        return [word for word in found if word]

    def _known(self, node: yaml.Node | None, key: str, word: str, values: Collection[str]) -> str:
        if not word or word in values:
            return word
        near = difflib.get_close_matches(word, values, 1)
        guess = f"Did you mean `{near[0]}`?" if near else f"Choose one of: {', '.join(sorted(values)) or 'none are declared'}"
        self.wrong(node, f"`{key}` “{word}” is not known", guess)
        return ""

    def number(self, key: str, low: int, high: int, *, otherwise: int | None = None, required: bool = False) -> int | None:
        """A whole number from ``low`` to ``high``."""
        node = self._scalar(key, "int", required=required)
        if node is None:
            return otherwise
        value = int(node.value, 0)
        if not low <= value <= high:
            self.wrong(node, f"`{key}` is {value}", f"Write a number from {low} to {high}")
            return otherwise
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when it is not said."""
        node = self._scalar(key, "bool", required=False)
        return node is not None and node.value.lower() in {"true", "yes", "on"}

    def date(self, key: str) -> datetime.date | None:
        """A day, as 2018-10-15."""
        node = self._scalar(key, "timestamp", required=False)
        try:
            return datetime.date.fromisoformat(node.value) if node else None
        except ValueError:
            self.wrong(node, f"`{key}` is “{node.value if node else ''}”", "Write a day as 2018-10-15")
            return None

    def tables(self, key: str, name: str, keys: Collection[str], *, required: bool = False) -> "Iterator[Table]":
        """Each mapping of the list ``key``. ``name`` is said in messages, with the code if there is one."""
        node = self.values.get(key)
        if node is None or kind(node) == "nothing":
            if required:
                self.wrong(node, f"`{key}` is missing", f"Add `{key}:` and a list below it")
            return
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"`{key}` is {kind(node)}", "Begin each entry with a hyphen")
            return
        for number, item in enumerate(node.value, 1):
            yield Table(item, f"{name} {_code_in(item) or number}", keys, self.findings)

    def table(self, key: str, keys: Collection[str], *, required: bool = False) -> "Table | None":
        """The mapping under ``key``."""
        if not self.has(key):
            if required:
                self.wrong(self.at(key), f"`{key}` is missing", f"Add `{key}:` and its keys below it")
            return None
        return Table(self.values[key], key if self.name == "file" else f"{self.name}, {key}", keys, self.findings)


def _code_in(node: yaml.Node) -> str:
    if not isinstance(node, yaml.MappingNode):
        return ""
    return next((str(value.value) for key, value in node.value if key.value == "code" and isinstance(value, yaml.ScalarNode)), "")


def open_table(text: str, keys: Collection[str], findings: Findings) -> Table | None:
    """The file as a table; nothing when it is no YAML or is empty (which is noted)."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        findings.problems.append(
            Problem(line, f"this is no YAML: {error.problem}", "Look at indents, colons and quotation marks here and above")
        )
        return None
    except yaml.YAMLError as error:
        findings.problems.append(Problem(1, f"this cannot be read: {error}", "Save the file as plain text in UTF-8"))
        return None
    if node is None:
        findings.problems.append(Problem(1, "the file is empty", "Begin with a copy of an edition that is there"))
        return None
    return Table(node, "file", keys, findings)
