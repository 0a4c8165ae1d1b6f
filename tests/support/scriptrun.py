"""A run of a command's work inside the test's own process, on a folder wiki."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.support.smallplan import NOW, RUN
from wikiplan.report.report import Report
from wikiplan.report.terminal import Terminal
from wikiplan.session.command import Run
from wikiplan.session.options import Options


@dataclass
class OwnRun:
    """A run on the folder ``wiki`` below a directory; ``said`` is what its terminal shows.

    Nobody can be asked on it.
    """

    directory: Path
    shown: io.StringIO = field(default_factory=io.StringIO)

    def run(self, id: str = RUN, **options: Any) -> Run:
        places = {
            "data": self.directory / "data",
            "templates": self.directory / "templates",
            "wiki": self.directory / "wiki",
            "now": NOW,
        }
        console = Console(file=self.shown, width=200, emoji=False)
        report = Report(id, "", NOW)
        return Run(Options(**places | options), lambda: Terminal(console, console), report)

    @property
    def said(self) -> list[str]:
        return [line.rstrip() for line in self.shown.getvalue().splitlines()]
