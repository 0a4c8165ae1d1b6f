"""The shape of the library, where no linter tells it: its rooms and their sizes.

The layers, and the one door of each outside package, are kept by ``lint-imports``.
"""

from __future__ import annotations

import ast
import os
import re
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
MOST_PACKAGES = 20
MOST_MODULES_BESIDE_PACKAGES = 11
IMPORTED_WHERE_NEEDED = {
    *(("changes", name) for name in "changefile recheck".split()),
    *(("desk", name) for name in "answering approximation desk pages server views".split()),
    *(("plan", name) for name in "checks model schema shapes".split()),
    *(
        ("session", name)
        for name in (
            "applying changesets command commandline counting crediting filelock loading lockpage "
            "looks options remembering saving session sites translatorfiles undoing whereabouts "
            "writes"
        ).split()
    ),
    *(("nightly", name) for name in "checkout memory night runfile steps".split()),
    *(
        ("setup", name)
        for name in "beginning completion findings hostexam schedules wikiexam".split()
    ),
    *(("wiki", name) for name in "folder site".split()),
    *(
        ("catalogs", name)
        for name in (
            "catalog csvfile exchange formats moving newyear reuse sametexts trial typedfacts "
            "xliff yearpages"
        ).split()
    ),
    *(
        ("report", name)
        for name in (
            "annotations htmldiff inspection planimport review shardreports statuspage summary "
            "terminal webpage"
        ).split()
    ),
}
"""Modules that no ``__init__`` imports, and that offer their names themselves: Pywikibot wants its
configuration first, and the others load what most runs do without.
"""


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


NO_VALUES = {
    "plan/model.py": "pydantic asks each of them, not their class",
    "plan/plan.py": "a mapping in it does not count for its hash",
    "render/renderer.py": "what it was made of does not count where two are compared",
    "session/commands.py": "-help loads no other package",
    "wiki/interface.py": "the time does not count where two events are compared",
}
"""Modules with dataclasses that never change, and why they are no values."""


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_what_never_changes_is_a_value(module):
    decorators = [
        ast.unparse(each)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ClassDef)
        for each in node.decorator_list
    ]
    has_some = any("dataclass(frozen=True" in each for each in decorators)
    assert has_some == (module.relative_to("wikiplan").as_posix() in NO_VALUES)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_the_fields_of_a_value_are_not_those_of_a_dataclass(module):
    """Such a field would be the value itself, wherever nothing else is given."""
    imports = [node for node in tree(module).body if isinstance(node, ast.ImportFrom)]
    if any(n.module == "dataclasses" and "field" in {a.name for a in n.names} for n in imports):
        mistaken = [
            node.name
            for node in tree(module).body
            if isinstance(node, ast.ClassDef) and not node.decorator_list
            for line in node.body
            if isinstance(line, ast.AnnAssign) and "field(" in ast.unparse(line)
        ]
        assert mistaken == []


@cache
def packages_imports(module: Path) -> tuple[tuple[str, str, str], ...]:
    """Return what a module imports from other packages: package, module in it, name."""
    return tuple(_packages_imports(module))


def _packages_imports(module: Path) -> Iterator[tuple[str, str, str]]:
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
        if (package, below or name) not in IMPORTED_WHERE_NEEDED
        and (below or name not in offered(package))
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
    folders = [path.parent for path in LIBRARY.glob("*/**/__init__.py")]
    sizes = {folder.name: len(list(folder.glob("[!_]*.py"))) for folder in folders}
    assert len(PACKAGES) <= MOST_PACKAGES
    assert {name: size for name, size in sizes.items() if size > MOST_MODULES_OF_PACKAGE} == {}
    assert len(list(LIBRARY.glob("[!_]*.py"))) <= MOST_MODULES_BESIDE_PACKAGES


def own_tests(module: str) -> list[Path]:
    """Return a module's test files: ``test_NAME.py``, and ``test_NAME_*.py`` where it has several.

    What begins with the name of a longer-named module is that one's.
    """
    folder, name = ROOT / "tests" / Path(module).parent, Path(module).name
    others = [each for each in NAMES if each.startswith(f"{module}_")]
    return [
        path
        for path in folder.glob(f"test_{name}*.py")
        if re.fullmatch(f"test_{name}(_.*)?", path.stem)
        and not any(path.stem.startswith(f"test_{Path(other).name}") for other in others)
    ]


NAMES = sorted(
    module.relative_to("wikiplan").with_suffix("").as_posix()
    for module in MODULES
    if not module.name.startswith("__")
)


def test_every_module_has_a_test_of_its_name():
    missing = {name for name in NAMES if not own_tests(name)}
    assert missing == set(), "write tests/PACKAGE/test_MODULE.py"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_test_beside_a_package_is_that_of_a_module(package):
    found = {path for name in NAMES if name.startswith(f"{package}/") for path in own_tests(name)}
    assert set((ROOT / "tests" / package).glob("test_*.py")) - found == set()


def test_the_picture_shows_the_imports():
    """``make pictures`` draws it anew."""
    if os.environ.get("WIKIPLAN_PICTURES"):
        layers.PICTURE.write_text(layers.drawn(), encoding="utf-8")
    assert layers.PICTURE.read_text(encoding="utf-8") == layers.drawn()


PAGES = sorted((ROOT / "docs" / "developer").glob("*.md"))
NAMED = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_pages_for_developers_name_what_there_is(page):
    text = page.read_text(encoding="utf-8")
    assert [name for name in NAMED.findall(text) if not _is_there(name)] == []


def _is_there(name: str) -> bool:
    package, module, *below = name.split(".")
    path = Path("wikiplan", package, f"{module}.py")
    if not (ROOT / path).exists():
        return False
    defined = {
        target
        for node in ast.walk(tree(path))
        for target in (
            [node.name] if isinstance(node, ast.ClassDef | ast.FunctionDef)
            else [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            else []
        )
    }  # fmt: skip
    return set(below) <= defined
