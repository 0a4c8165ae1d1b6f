"""docs/adopting.md shows what comes out when its commands are typed, one after the other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.support.running import ROOT, script

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


def test_the_walk_through_adopting_comes_out_as_it_is_shown(tmp_path: Path):
    text = (ROOT / "docs" / "adopting.md").read_text("utf-8")
    pages = PAGE.findall(text)
    assert len(pages) == 2
    for name, page in pages:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(page, "utf-8")
    commands = COMMAND.findall(text)
    assert len(commands) == 5
    for command, output in commands:
        name, *arguments = shlex.split(command)
        done = script(name, *arguments, directory=tmp_path)
        assert lasting(done.out) == lasting(output), command
