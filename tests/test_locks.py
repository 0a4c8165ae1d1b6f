"""The locks hold all that setup.cfg asks for, by hash, and nothing of the machine they are from."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.running import ROOT
from wikiplan.yaml import yamlfile

LOCKS = ("run", "desk", "dev", "lock")
PIN = re.compile(
    r"^([a-z0-9.-]+)==(\S+)(?: ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)"
)


def pins(lock: str) -> dict[str, str]:
    """Return name and version of a lock's packages; each has hashes."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    rest = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)
    found: dict[str, str] = {}
    while rest:
        match = PIN.match(rest)
        assert match, f"not a package with hashes: {rest[:80]}"
        assert match[1] not in found, f"{match[1]} depends on the machine"
        found[match[1]] = match[2]
        rest = rest[match.end() :]
    return found


def asked_for(*extras: str) -> list[Requirement]:
    """Return what setup.cfg and pyproject.toml ask for in an installation."""
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    extra = config["options.extras_require"]
    lines = [config["options"]["install_requires"], *(extra[name] for name in extras)]
    return [Requirement(line) for text in lines for line in text.strip().splitlines()]


def named_in(file: str) -> list[Requirement]:
    lines = (ROOT / "requirements" / file).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("run", asked_for() + named_in("build.in")),
        ("desk", asked_for("desk") + named_in("build.in")),
        ("dev", asked_for("desk", "test", "lint") + named_in("build.in")),
        ("lock", named_in("lock.in")),
    ],
)
def test_a_lock_has_all_that_is_asked_for(lock: str, wanted: list[Requirement]) -> None:
    locked = pins(lock)
    found = {each.name: locked[canonicalize_name(each.name)] for each in wanted}
    assert [each for each in wanted if not each.specifier.contains(found[each.name])] == []


def test_the_program_runs_with_what_is_tested() -> None:
    assert pins("run").items() <= pins("desk").items() <= pins("dev").items()


def test_the_backend_that_builds_is_the_one_that_is_locked() -> None:
    (line,) = re.findall(r'^requires = \["(.+)"\]$', (ROOT / "pyproject.toml").read_text(), re.M)
    assert [Requirement(line)] == named_in("build.in")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert (
        re.findall(r"(?i)^.*(?:https?:|file:|@|--index|--find|\./|/home|/tmp).*$", text, re.M) == []
    )


def test_the_hooks_have_no_versions_of_their_own() -> None:
    document, faults = yamlfile.read(ROOT / ".pre-commit-config.yaml", "hooks")
    assert document and not faults
    hooks = [hook for repo in document.data["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in document.data["repos"]} == {"local"}
    assert {hook["language"] for hook in hooks} == {"system"}
    assert {hook["entry"].split()[0] for hook in hooks} == {
        ".venv/bin/ruff", ".venv/bin/mypy", ".venv/bin/lint-imports",
    }  # fmt: skip


@pytest.mark.heavy
def test_the_wheel_has_all_that_the_program_reads(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for folder in ("wikiplan", "scripts", "templates", "docs/operator", "data"):
        shutil.copytree(ROOT / folder, source / folder)
    for file in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    command = ["-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([sys.executable, *command, str(source)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("wikiplan-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    wanted = {
        f"wikiplan_templates/{path.relative_to(ROOT / 'templates')}"
        for path in files
        if "__pycache__" not in path.parts
    }
    wanted |= {
        "wikiplan/py.typed",
        "wikiplan/l10n/languages.json",
        "wikiplan_docs/messages.md",
        "wikiplan_scripts/plan_update.py",
    }
    assert wanted - names == set()
