"""The walk of docs/owner/adopting.md comes out as it is shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

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
