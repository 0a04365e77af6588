"""The house rules of the architecture, held against every file of the repository."""

import ast
import graphlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.utils import get_app_template_dirs

from portal import release

ROOT: Path = settings.BASE_DIR
ROOMS = ("portal", "survivors", "providers", "standards")
TOP_LEVEL = {
    *ROOMS, "locale", "templates", "tests", "docs", "deploy", ".ci", "manage.py", "pyproject.toml", "Makefile", "README.md",
    "LICENSE", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", ".gitignore",
}  # fmt: skip
LEFT_BY_TOOLS = {
    ".git",
    "var",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    "__pycache__",
    "node_modules",
    "uv.lock",
    ".env",
}
MODULES = [
    path
    for path in sorted((*ROOT.glob("*.py"), *(path for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("*.py"))))
    if "migrations" not in path.parts
]
ROOM_MODULES = [path for path in MODULES if path.relative_to(ROOT).parts[0] in ROOMS]
TEMPLATES = [path for root in (*ROOMS, "templates") for path in sorted((ROOT / root).rglob("*.html"))]
STYLES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.css"))]
SCRIPTS = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.js"))]
PURE_DATA = {"portal/design/icons.py"}
GROUPS = {"Moderators", "Editors", "Translators", "Language reviewers"}

# Every field of the survivors' room. "editorial": words that editors write. "fact": a registered value, its source and check.
# "structure": order, links between rows, vocabulary. Nothing a visitor typed has a place here: that would need a class of its own.
EDITORIAL, FACT, STRUCTURE = "editorial", "fact", "structure"
PAGE = {
    "browser_title": EDITORIAL, "summary": EDITORIAL, "mark": FACT, "checked_on": FACT, "checked_by": FACT, "review_by": FACT,
    "seed_digest": STRUCTURE,
}  # fmt: skip
ARTICLE = PAGE | {
    "icon": EDITORIAL, "step": STRUCTURE, "stages": STRUCTURE, "nations": STRUCTURE, "ages": STRUCTURE, "now": EDITORIAL,
    "search_words": EDITORIAL, "body": EDITORIAL, "sources": FACT,
}  # fmt: skip
FIELDS: dict[str, dict[str, str]] = {
    "facts.Source": dict.fromkeys(("code", "title", "publisher", "dated", "address", "official"), FACT),
    "facts.Fact": {
        **dict.fromkeys(("key", "kind", "value", "unit", "nations", "source", "seen", "mark"), FACT),
        **dict.fromkeys(("verified_on", "verified_by", "review_by"), FACT),
        **dict.fromkeys(("name", "for_whom", "hours", "languages"), EDITORIAL),
    },
    "facts.FactProposal": {
        **dict.fromkeys(("action", "fact", "key", "status"), STRUCTURE),
        **dict.fromkeys(("proposed_by", "proposed_at", "decided_by", "decided_at", "withdrawn_at"), STRUCTURE),
        **dict.fromkeys(("values", "before"), FACT),
        **dict.fromkeys(("reason", "decision_reason"), EDITORIAL),
    },
    "guide.GuideHome": PAGE | dict.fromkeys(
        ("danger_title", "danger_text", "signs_title", "signs_text", "ask_title", "ask_text"), EDITORIAL
    ),
    "guide.TopicPage": PAGE | {"icon": EDITORIAL},
    "guide.GuidePage": ARTICLE,
    "guide.GlossaryPage": ARTICLE,
    "guide.Term": {"key": STRUCTURE, "word": EDITORIAL, "meaning": EDITORIAL, "mark": FACT},
    "entitlements.FinderText": {"kind": STRUCTURE, "key": STRUCTURE, "text": EDITORIAL, "detail": EDITORIAL},
}  # fmt: skip


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(paths: list[Path]) -> Iterator[tuple[str, ast.AST]]:
    for path in paths:
        for node in ast.walk(tree(path)):
            yield f"{name(path)}:{getattr(node, 'lineno', 0)}", node


def test_the_files_were_found() -> None:
    assert len(ROOM_MODULES) > 50
    assert len(TEMPLATES) > 20
    assert STYLES
    assert SCRIPTS


# --- Size and shape ---------------------------------------------------------------------------------------------------


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES if name(path) not in PURE_DATA}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    functions = ((where, node) for where, node in nodes(MODULES) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    assert [f"{where} {node.name}" for where, node in functions if (node.end_lineno or 0) - node.lineno + 1 > 40] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [name(path) for path in MODULES if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    nothing = {"core", "common", "utils", "util", "helpers", "misc", "services", "selectors", "managers", "base", "lib"}
    noun = ("providers", "services")  # here it is the sector's word: a safehouse is a service
    parts = {path: path.relative_to(ROOT).with_suffix("").parts for path in ROOM_MODULES}
    assert [name(path) for path in ROOM_MODULES if nothing & {*(parts[path][2:] if parts[path][:2] == noun else parts[path])}] == []


def test_the_top_level_holds_nothing_else() -> None:
    assert {path.name for path in ROOT.iterdir()} - TOP_LEVEL - LEFT_BY_TOOLS == set()


def test_no_import_goes_round_in_a_circle() -> None:
    modules = {name(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in ROOM_MODULES}
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        wanted: set[str] = set()
        for node in tree(path).body:
            if isinstance(node, ast.ImportFrom):
                wanted |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
            elif isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
        graph[module] = {found for found in wanted if found in modules and not module.startswith(found)}
    assert any(graph.values())
    list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError and names the circle


def test_an_import_inside_a_function_says_why() -> None:
    silent = []
    for path in ROOM_MODULES:
        lines = path.read_text(encoding="utf-8").splitlines()
        for function in (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)):
            inside = (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))
            silent += [f"{name(path)}:{node.lineno}" for node in inside if "#" not in lines[node.lineno - 1]]
    assert silent == []


# --- What code does not do --------------------------------------------------------------------------------------------


def test_no_failure_is_swallowed_whole() -> None:
    swallowed = []
    for where, node in nodes(MODULES):
        if isinstance(node, ast.ExceptHandler):
            caught = {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)} if node.type else {"Exception"}
            if caught & {"Exception", "BaseException"} and not any(isinstance(part, ast.Raise) for part in ast.walk(node)):
                swallowed.append(where)
    assert swallowed == []


def test_we_have_no_signals_of_our_own() -> None:
    made = [where for where, node in nodes(ROOM_MODULES) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Signal")]
    assert made == []


def test_inj_04_only_the_design_vouches_for_html() -> None:
    vouching = {
        where
        for where, node in nodes([path for path in ROOM_MODULES if "portal/design/" not in name(path)])
        if (isinstance(node, ast.Name | ast.Attribute | ast.alias) and ast.unparse(node).split(".")[-1] in {"mark_safe", "SafeText"})
        or (isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in {"SafeString", "RawSQL"})
    }
    assert vouching == set()
    in_templates = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off")
    assert [name(path) for path in TEMPLATES if in_templates.search(path.read_text(encoding="utf-8"))] == []


def test_inj_04_no_block_or_page_takes_raw_html() -> None:
    refused = {
        "RawHTMLBlock",
        "RawHTMLField",
        "TableBlock",
        "TypedTableBlock",
        "EmbedBlock",
        "FormPage",
        "AbstractEmailForm",
        "AbstractForm",
    }
    assert [
        where
        for where, node in nodes(ROOM_MODULES)
        if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).split(".")[-1] in refused
    ] == []


def test_inj_04_no_script_makes_html_from_strings() -> None:
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|setTimeout\(\s*['\"]")
    assert [name(path) for path in SCRIPTS if risky.search(path.read_text(encoding="utf-8"))] == []


def test_views_ask_for_rows_by_who_may_see_them() -> None:
    found = [
        where
        for where, node in nodes([path for path in ROOM_MODULES if path.name == "views.py" or path.parent.name == "views"])
        if isinstance(node, ast.Attribute)
        and node.attr in {"get", "filter", "all", "exclude", "first", "last", "in_bulk", "values", "values_list"}
        and ast.unparse(node.value).endswith(".objects")
    ]
    assert found == [], "a view begins with .visible_to(user) or .public(), or a named queryset method"


def test_groups_are_named_in_one_room_only() -> None:
    outside = [path for path in ROOM_MODULES if not name(path).startswith("portal/accounts/")]
    assert [where for where, node in nodes(outside) if isinstance(node, ast.Constant) and node.value in GROUPS] == []


def test_no_table_in_the_survivors_room_can_hold_what_a_visitor_typed() -> None:
    real: dict[str, set[str]] = {}
    for model in (model for config in apps.get_app_configs() if config.name.startswith("survivors.") for model in config.get_models()):
        own = {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many) if not field.primary_key}
        real[model._meta.label] = {field for field in own if not any(field.startswith(f"{base}_") and f"{base}_en" in own for base in own)}
    assert real == {label: set(fields) for label, fields in FIELDS.items()}, "class every new field; visitor input has no class"
    assert {kind for fields in FIELDS.values() for kind in fields.values()} == {EDITORIAL, FACT, STRUCTURE}


# --- Templates and styles ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_template_is_reached(path: Path) -> None:
    called = str(path.relative_to(ROOT / "templates")) if path.is_relative_to(ROOT / "templates") else path.name
    quoted = re.compile(rf"""["']{re.escape(called)}["']""")
    callers = [other for other in (*ROOM_MODULES, *TEMPLATES) if other != path]
    replaces_one_of_a_package = any((folder / called).exists() for folder in get_app_template_dirs("templates"))
    assert replaces_one_of_a_package or any(quoted.search(other.read_text(encoding="utf-8")) for other in callers)


@pytest.mark.parametrize("path", [*STYLES, *TEMPLATES], ids=name)
def test_layout_has_no_left_and_right(path: Path) -> None:
    physical = re.compile(
        r"(?<![\w-])(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b|(?<![\w-])(?:left|right)\s*:(?!:)"
        r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b|border-(?:top|bottom)-(?:left|right)-radius"
    )
    text = path.read_text(encoding="utf-8")
    styles = text if path.suffix == ".css" else "\n".join(re.findall(r'style="[^"]*"|<style.*?</style>', text, re.DOTALL))
    whole_screen = "left: 0; width: 100%"  # the same in both directions; says it to browsers that do not know inset
    assert physical.findall(styles.replace(whole_screen, "")) == []


def test_public_templates_have_no_inline_handlers_and_styles() -> None:
    inline = re.compile(r"\son\w+\s*=|\sstyle\s*=|javascript:|<(?:iframe|object|embed|base)\b|http-equiv", re.IGNORECASE)
    assert [name(path) for path in TEMPLATES if inline.search(path.read_text(encoding="utf-8"))] == []


# --- The repository ---------------------------------------------------------------------------------------------------


def test_no_file_names_this_machine_or_a_registry() -> None:
    machine = re.compile(
        "|".join(
            (
                r"(?<![\w.])/(?:work|root|home|Users|mnt)" + "/",
                r"[A-Z]:\\\\",
                "pypi" + r"\.org",
                "registry" + r"\.npmjs",
                "python" + "hosted",
                "index-url" + "=",
            )
        )
    )
    kinds = {".py", ".html", ".css", ".js", ".md", ".sh", ".toml", ".yaml", ".yml", ".txt", ".in", ".po", ".cfg", ""}
    folders = [path for path in ROOT.iterdir() if path.name in TOP_LEVEL]
    files = [path for top in folders for path in (top.rglob("*") if top.is_dir() else [top]) if path.is_file() and path.suffix in kinds]
    assert len(files) > 100
    assert [name(path) for path in files if "__pycache__" not in path.parts and machine.search(path.read_text(encoding="utf-8"))] == []


def test_the_changelog_names_the_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", release.version(ROOT / "CHANGELOG.md"))
    assert release.version(ROOT / "CHANGELOG.md") == settings.VERSION
    dated = re.compile(r"^## \[(?:Unreleased|\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$)")
    headings = [line for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert [line for line in headings if not dated.match(line)] == []


def test_a_changelog_without_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n")
    with pytest.raises(ValueError, match="names no version"):
        release.version(tmp_path / "CHANGELOG.md")
