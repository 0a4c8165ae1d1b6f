"""The shape of the library, where no linter tells it: its rooms and their sizes.

The layers, and the one door of each outside package, are kept by ``lint-imports``.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support import layers

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "wikiplan"
MODULES = sorted(path.relative_to(ROOT) for path in LIBRARY.rglob("*.py"))

PACKAGES = sorted(path.name for path in LIBRARY.iterdir() if (path / "__init__.py").exists())

MOST_LINES_OF_FUNCTION = 40
MOST_MODULES_OF_PACKAGE = 20
MOST_PACKAGES = 12
MOST_MODULES_BESIDE_PACKAGES = 8
IMPORTED_WHERE_NEEDED = {("wiki", "site")}
"""Pywikibot wants its configuration before it is imported; so no ``__init__`` may do it."""


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_functions_are_short(module):
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > MOST_LINES_OF_FUNCTION
    ]
    assert long == []


def packages_imports(module: Path) -> Iterator[tuple[str, str, str]]:
    """Yield what a module imports from other packages: package, module in it, name."""
    own = module.parts[1] if module.parts[0] == "wikiplan" and len(module.parts) > 2 else ""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("wikiplan."):
            _, package, *below = node.module.split(".")
            if package in PACKAGES and package != own:
                yield from ((package, ".".join(below), alias.name) for alias in node.names)


@cache
def offered(package: str) -> frozenset[str]:
    """Return what the ``__init__`` of a package imports."""
    nodes = tree(Path("wikiplan", package, "__init__.py")).body
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return frozenset(alias.name for node in imports for alias in node.names)


SCRIPTS = sorted(path.relative_to(ROOT) for path in (ROOT / "scripts").glob("*.py"))


@pytest.mark.parametrize("module", [*MODULES, *SCRIPTS], ids=str)
def test_packages_take_from_each_other_what_is_offered(module):
    hidden = [
        ".".join(filter(None, (package, below, name)))
        for package, below, name in packages_imports(module)
        if below or (name not in offered(package) and (package, name) not in IMPORTED_WHERE_NEEDED)
    ]
    assert hidden == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_offers_what_others_use_and_no_more(package):
    used = {
        name
        for module in (*MODULES, *SCRIPTS)
        for used_package, _, name in packages_imports(module)
        if used_package == package
    }
    assert offered(package) - used == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_it_is_for(package):
    assert ast.get_docstring(tree(Path("wikiplan", package, "__init__.py")))


def test_packages_are_few_and_small():
    sizes = {package: len(list((LIBRARY / package).glob("[!_]*.py"))) for package in PACKAGES}
    assert len(sizes) <= MOST_PACKAGES
    assert {name: size for name, size in sizes.items() if size > MOST_MODULES_OF_PACKAGE} == {}
    assert len(list(LIBRARY.glob("[!_]*.py"))) <= MOST_MODULES_BESIDE_PACKAGES


def test_the_picture_shows_the_imports():
    """``make pictures`` draws it anew."""
    if os.environ.get("WIKIPLAN_PICTURES"):
        layers.PICTURE.write_text(layers.drawn(), encoding="utf-8")
    assert layers.PICTURE.read_text(encoding="utf-8") == layers.drawn()
