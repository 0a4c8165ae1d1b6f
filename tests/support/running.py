"""Runs the scripts as a person or a schedule does: as processes of their own."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.support import scripthost
from tests.support.people import forget_connections, forget_sites
from tests.support.scripthost import ROOT
from wikiplan.cli import start
from wikiplan.session import COMMANDS

REPORT = Draft202012Validator(
    json.loads((ROOT / "docs" / "operator" / "report-schema.json").read_text(encoding="utf-8"))
)
"""Every report that a test reads must be of the form that is published."""


@dataclass
class Done:
    """A finished script. ``report`` is what ``-report:`` wrote, empty without a file."""

    status: int
    out: str
    err: str
    report: dict[str, Any]

    @property
    def actions(self) -> dict[str, str]:
        return {page["title"]: page["action"] for page in self.report["pages"]}

    @property
    def reasons(self) -> dict[str, str]:
        return {page["title"]: page["reason"] for page in self.report["pages"]}


class Process:
    """A script at work."""

    def __init__(self, name: str, arguments: Sequence[str], directory: Path) -> None:
        self.report = Path(tempfile.mkdtemp(prefix="wikiplan-report-")) / "report.json"
        silent = name in ("plan_check", "plan_move", "plan_year")
        asked = [] if silent else [f"-report:{self.report}"]
        path = ROOT / "scripts" / f"{name}.py"
        self.out, self.err = (self.report.with_name(each) for each in ("out.txt", "err.txt"))
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = scripthost.start(path, [*arguments, *asked], directory, out, err)

    def terminate(self) -> None:
        self.process.terminate()

    def done(self) -> Done:
        status = self.process.wait()
        out, err = self.out.read_text(encoding="utf-8"), self.err.read_text(encoding="utf-8")
        told = json.loads(self.report.read_text()) if self.report.exists() else {}
        if told:
            REPORT.validate(told)
        shutil.rmtree(self.report.parent)
        return Done(status, out, err, told)


LONGEST_SECONDS = 120
"""When a forked script is taken to hang, and is killed."""


def forked(
    name: str, *arguments: str, directory: Path, first: Callable[[], None] = lambda: None
) -> int:
    """Start a script as a process of its own, without loading the program anew; returns its id.

    ``first`` is done in that process before. What it says goes to ``out.txt``, its report to
    ``report.json``.
    """
    module = importlib.import_module(f"wikiplan_scripts.{name}")
    start.work_of(COMMANDS[name.removeprefix("plan_")])
    child = os.fork()
    if child:
        return child
    status = 99
    try:
        signal.alarm(LONGEST_SECONDS)
        forget_sites()
        forget_connections()  # of the parent: a killed child would leave half a reply in them
        os.chdir(directory)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        sys.stdout = sys.stderr = Path("out.txt").open("w", encoding="utf-8")  # noqa: SIM115
        first()
        status = module.main(*arguments, "-report:report.json")
        sys.stdout.flush()
    finally:
        os._exit(status)


@contextmanager
def started(name: str, *arguments: str, directory: Path) -> Iterator[Process]:
    """Start a script; it is killed if the test fails while it runs."""
    process = Process(name, arguments, directory)
    try:
        yield process
    except BaseException:
        process.process.kill()
        raise


def script(name: str, *arguments: str, directory: Path) -> Done:
    """Run a script in ``directory``, where it also finds ``data`` and ``templates``."""
    return Process(name, arguments, directory).done()
