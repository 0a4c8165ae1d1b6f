"""Faults that are prepared for the doctor: ``tests/cases/doctor.yaml`` says what is done."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.running import ROOT
from tests.support.smallplan import NOW
from wikiplan import files
from wikiplan.changes import Journal, memoryfile
from wikiplan.changes import journal as journals
from wikiplan.changes.memory import Memory
from wikiplan.nightly import memory as nights
from wikiplan.nightly.memory import PastRun
from wikiplan.setup import hostexam
from wikiplan.wiki import Cursor

CASES: list[dict[str, Any]] = YAML(typ="safe").load(
    (ROOT / "tests" / "cases" / "doctor.yaml").read_text(encoding="utf-8")
)
SITE, ACCOUNT = "meta:meta", "GardenBot"
IDENTITY = ("-c", "user.name=Ops", "-c", "user.email=ops@example.org")


class Prepared:
    """A plan's folder ``here`` and an operator's ``home``, to which a case does something."""

    def __init__(self, here: Path, home: Path, title: str, patch: pytest.MonkeyPatch) -> None:
        self.here, self.home, self.title, self.patch = here, home, title, patch

    def filled(self, text: str) -> str:
        values = {"HERE": str(self.here), "HOME": str(self.home), "TITLE": self.title}
        return re.sub("HERE|HOME|TITLE", lambda name: values[name[0]], text)

    def path(self, written: str) -> Path:
        return Path(self.filled(written))

    def do(self, case: Mapping[str, Any]) -> None:
        """Do what a case says on this machine, in the order of this function."""
        for step in case.get("git", ()):
            getattr(self, f"_{step}")()
        for name, text in case.get("write", {}).items():
            self._write(self.path(name), text)
        for name, mode in case.get("mode", {}).items():
            self.path(name).chmod(int(mode, 8))
        if "remove" in case:
            self.path(case["remove"]).unlink()
        if "old" in case:
            os.utime(self.path(case["old"]), (0, 0))
        for name, value in case.get("environment", {}).items():
            self.patch.setenv(name, self.filled(value))
        self._patch(case)
        self._keep(case)

    def _patch(self, case: Mapping[str, Any]) -> None:
        for name, value in case.get("patch", {}).items():
            wanted = tuple(value) if isinstance(value, list) else lambda *_, value=value: value
            self.patch.setattr(name, wanted)
        if "packages" in case:
            self.patch.syspath_prepend(self.path(case["packages"]))
        if "free" in case:
            usage = SimpleNamespace(free=case["free"])
            self.patch.setattr(hostexam.shutil, "disk_usage", lambda _: usage)

    def _keep(self, case: Mapping[str, Any]) -> None:
        folder = files.state_folder(None)
        if "early-end" in case:
            journal = Journal(journals.path_of(folder, SITE, ACCOUNT))
            with journal._writing() as written:
                journal._add_run(written, case["early-end"])
            journal.close()
        if "last-run" in case:
            self.has_run(datetime.fromisoformat(case["last-run"]))

        if "night" in case:
            run = PastRun("20210701T000000Z-abc123", NOW, NOW, case["night"])
            path = nights.path_of(None, self.here / "data")
            nights.write(path, nights.Memory(runs=(run,)))

    def has_run(self, when: datetime) -> None:
        """Let a run of this plan have ended then."""
        path = memoryfile.path_of(files.state_folder(None), SITE, ACCOUNT)
        path.unlink(missing_ok=True)
        memoryfile.write(path, Memory(), Memory(cursor=Cursor(when, when)))

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    # Git: the plan is a clone of what stands beside it.

    def _git(self, *arguments: str, at: Path | None = None) -> None:
        subprocess.run(["git", *arguments], cwd=at or self.here, check=True, capture_output=True)

    def _clone(self) -> None:
        origin = self.home / "origin"
        shutil.copytree(self.here, origin)
        self._git("init", "-q", at=origin)
        self._git("add", "-A", at=origin)
        self._commit(origin)
        self._git("clone", "-q", str(origin), str(self.home / "clone"))
        shutil.move(self.home / "clone" / ".git", self.here / ".git")

    def _commit(self, at: Path) -> None:
        self._git(*IDENTITY, "commit", "-q", "--allow-empty", "-m", f"In {at.name}", at=at)

    def _elsewhere(self) -> None:
        self._commit(self.home / "origin")
        self._git("fetch", "-q")

    def _here(self) -> None:
        self._commit(self.here)
