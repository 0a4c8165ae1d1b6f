"""The walk of docs/owner/adopting.md comes out as it is shown, and leaves reports as explained."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.running import ROOT, Done, script

WALK = ("docs/owner/adopting.md", "docs/owner/adopting-markers.md")
PAGE = re.compile(r"`(wiki/[^`\n]+\.wiki)`:\n\n```wikitext\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^```console\n\$ ([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PASSING = (
    (re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}"), "RUN"),
    (re.compile(r"(?<=last )(edited )?\d{4}-\d\d-\d\d"), "DATE"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)
BY_NAME = ("conflicts", "counts", "items", "versions")
"""Fields of a report whose own fields are keys of units, states, depths or packages."""
AFTERWARDS = (
    ("plan_preview", "-wiki:wiki", "-data:plan", "-drift:import"),
    ("plan_translations", "update", "-data:plan"),
    ("plan_translations", "status", "-wiki:wiki", "-data:plan"),
)


def lasting(text: str) -> str:
    """Return output without what differs from run to run."""
    for pattern, instead in PASSING:
        text = pattern.sub(instead, text)
    return text.strip("\n")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("walk")


@pytest.fixture(scope="module")
def walk(directory: Path) -> list[tuple[str, str, Done]]:
    """Each command of the walk, the output that is shown, and what came of it."""
    text = "\n".join((ROOT / page).read_text("utf-8") for page in WALK)
    pages = PAGE.findall(text)
    assert len(pages) == 2
    for name, page in pages:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(page, "utf-8")
    commands = COMMAND.findall(text)
    assert len(commands) == 5
    return [
        (command, output, script(*shlex.split(command), directory=directory))
        for command, output in commands
    ]


def test_the_walk_through_adopting_comes_out_as_it_is_shown(walk: list[tuple[str, str, Done]]):
    for command, output, done in walk:
        assert lasting(done.out) == lasting(output), command


def fields(value: Any) -> Iterator[str]:
    """Yield the names of all fields of a report."""
    if isinstance(value, list):
        for each in value:
            yield from fields(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            if name not in BY_NAME:
                yield from fields(each)


def test_every_field_of_a_report_is_explained(walk: list[tuple[str, str, Done]], directory: Path):
    page = directory / "wiki" / "Department of Gardens.wiki"
    page.write_text(page.read_text("utf-8").replace("We plant,", "We plant and prune,"), "utf-8")
    later = [script(*arguments, directory=directory) for arguments in AFTERWARDS]
    assert "drift" in later[0].report["pages"][0]
    reports = [done.report for done in (*(done for *_, done in walk), *later)]
    pages = [ROOT / "docs" / "operator" / name for name in ("report.md", "report-adopt.md")]
    told = [each for page in pages for each in re.findall(r"`(\w+)`", page.read_text("utf-8"))]
    assert {"looks", "plans", "catalogs", "progress"} <= set(fields(reports))
    assert set(fields(reports)) - set(told) == set()
