"""wikiplan as people get it: the wheel, built and installed into an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from tests.support.running import ROOT

SOURCES = (
    *("wikiplan", "scripts", "templates", "data", "docs"),
    *("setup.cfg", "pyproject.toml", "README.md", "LICENSE"),
)


def built(directory: Path) -> Path:
    """Build the wheel out of a copy of the sources, without a network; returns the file."""
    copy = directory / "sources"
    copy.mkdir(parents=True)
    for name in SOURCES:
        ignored = shutil.ignore_patterns("__pycache__")
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, copy / name)
    _pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(directory), str(copy))
    (wheel,) = directory.glob("wikiplan-*.whl")
    return wheel


def installed(wheel: Path, directory: Path) -> Path:
    """Install a wheel into a new environment; returns the folder of its commands.

    What it needs is taken from where the tests run, as no network is there to fetch it.
    """
    venv.create(directory, with_pip=False, symlinks=True)
    python = directory / "bin" / "python"
    _pip("--python", str(python), "install", "--no-deps", "--no-index", "--no-compile", str(wheel))
    (packages,) = directory.glob("lib/python*/site-packages")
    # A .pth file in a folder that another one names is not read: so not that of the checkout.
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return directory / "bin"


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, capture_output=True)
