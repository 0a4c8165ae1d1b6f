"""The shape of the library: one way, one door for each package, every room on the map."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path.stem for path in (ROOT / "wikiplan").glob("*.py") if path.stem != "__init__")
MAP = ROOT / "docs" / "rooms.md"
DOORS = {
    "babel": {"localise"},
    "jinja2": {"htmlpage", "render"},
    "markupsafe": {"escape", "htmlpage"},
    "merge3": {"threeway"},
    "mwparserfromhell": {"wikitext"},
    "pydantic": {"model", "schema"},
    "pydantic_core": {"model"},
    "pywikibot": {"site"},
    "requests": {"site"},
    "rich": {"tables", "terminal"},
    "ruamel": {"yamlfile"},
    "sqlite3": {"history", "journal"},
    "translate": {"catalog", "qualitychecks", "suggestions", "xlifffile"},
}
"""Which modules may import an outside package: the door, and its rooms in docs/rooms.md."""

MOST_LINES_OF_FUNCTION = 40


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / "wikiplan" / f"{module}.py").read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[str]:
    """Yield the dotted names that a module imports, also inside of functions."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "wikiplan":
                yield from (f"wikiplan.{alias.name}" for alias in node.names)


def neighbours(module: str) -> set[str]:
    names = {name.split(".")[1] for name in imports(module) if name.startswith("wikiplan.")}
    return names & set(MODULES)


def test_imports_have_no_cycle():
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " → ".join([*above, module])
        if module not in done:
            for other in neighbours(module):
                visit(other, (*above, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())


@pytest.mark.parametrize("package", DOORS)
def test_each_outside_package_has_its_door(package):
    users = {m for m in MODULES if any(name.split(".")[0] == package for name in imports(m))}
    assert users <= DOORS[package]


def test_only_the_session_and_the_door_know_pywikibots_site():
    users = {module for module in MODULES if "site" in neighbours(module)}
    assert users == {"session"}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_stands_on_the_map_with_what_it_is(module):
    first = (ast.get_docstring(tree(module)) or "").partition("\n")[0]
    words = re.sub(r":\w+:`~?(?:wikiplan\.)?([^`]+)`", r"`\1`", first).replace("``", "`")
    assert f"| `{module}` | {words} |" in MAP.read_text(encoding="utf-8")


@pytest.mark.parametrize("module", MODULES)
def test_functions_are_short(module):
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > MOST_LINES_OF_FUNCTION
    ]
    assert long == []
