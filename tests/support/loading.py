"""Which modules a script loads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

CODE = """\
import sys
before = {{*sys.modules}}
from wikiplan_scripts import {name}
status = {name}.main(*sys.argv[1:])
with open("loaded.txt", "w") as file:
    print(*sorted({{*sys.modules}} - before), sep="\\n", file=file)
sys.exit(status)
"""


def loaded_by(name: str, *arguments: str, directory: Path, told: str = "") -> frozenset[str]:
    """Return the modules that a process has after a script, beyond those that Python starts with.

    ``told`` is part of what it tells of an error, if one is expected.
    """
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(name=name), *arguments],
        cwd=directory, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (bool(done.stderr), told in done.stderr) == (bool(told), True), done.stderr
    return frozenset((directory / "loaded.txt").read_text(encoding="utf-8").split())


def packages(modules: Collection[str]) -> set[str]:
    """Return the packages of modules, Python's own and private ones left out."""
    names = {module.partition(".")[0] for module in modules}
    return {name for name in names - sys.stdlib_module_names if not name.startswith("_")}
