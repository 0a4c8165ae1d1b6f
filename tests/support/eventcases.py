"""Reads the case files of tests/cases/events: what they are is told in the README.md there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from wikiplan.catalogs import catalog
from wikiplan.plan import plan
from wikiplan.render.renderer import Renderer

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parents[1] / "cases" / "events"


def cases(folder: str) -> list[Path]:
    return sorted((CASES / folder).glob("*.case"))


def parts(case: Path) -> list[tuple[str, str]]:
    """Return the parts of a case below its ``=`` lines."""
    _, *found = re.split(r"^= ", case.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [(part.partition("\n")[0], part.partition("\n")[2].strip("\n")) for part in found]


def with_events(directory: Path, events: str, more: str = "") -> Path:
    """Write the sample plan with other events; ``more`` comes before them."""
    data = directory / "data"
    shutil.copytree(ROOT / "data", data, dirs_exist_ok=True)
    file = data / "office-hours.yaml"
    start = (ROOT / "data" / "office-hours.yaml").read_text(encoding="utf-8")
    start = start.partition("\nevents:\n")[0]
    file.write_text(f"{start}\n{more}events:\n{events}\n", encoding="utf-8")
    return data


def renderer_of(data: Path, now: datetime) -> Renderer:
    loaded = plan.load(data)
    catalogs = catalog.load_all(data / "locale", loaded.languages)
    return Renderer(loaded, catalogs, ROOT / "templates", now)


def compare(case: Path, found: Callable[[str], str]) -> None:
    """Hold what comes out for each head to the case; with ``WIKIPLAN_CASES`` write it there."""
    first, *wanted = parts(case)
    shown = [(head, found(head)) for head, _ in wanted]
    if shown != wanted and "WIKIPLAN_CASES" in os.environ:
        body = "\n\n".join(f"= {head}\n{text}" for head, text in [first, *shown])
        case.write_text(f"{body}\n", encoding="utf-8")
    assert shown == wanted
