"""From nothing to the first rendered pages, with what people get: the wheel."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.support import wheel

ANSWERS = ("Department of Gardens", "", "GardenBot", "de ar", "cron")
"""The department, the wiki (the usual one), the account, the languages, the schedule."""


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel."""
    directory = tmp_path_factory.mktemp("wheel")
    return wheel.installed(wheel.built(directory), directory / "environment")


def typed(command: list[str], answers: tuple[str, ...], directory: Path) -> tuple[int, str]:
    """Run a command at a terminal at which somebody types; returns its status and what it says."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, cwd=directory, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    )
    os.close(theirs)
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    said = b""
    try:
        while data := os.read(ours, 4096):
            said += data
    except OSError:  # what Linux says at the end of a terminal
        pass
    os.close(ours)
    return process.wait(), said.decode()


@pytest.mark.heavy
def test_five_answers_lead_from_the_wheel_to_rendered_pages(commands: Path, tmp_path: Path):
    status, said = typed([str(commands / "wikiplan"), "init", "plan"], ANSWERS, tmp_path)
    assert (status, "wikiplan preview -wiki:trial" in said) == (0, True), said
    done = subprocess.run(
        [commands / "wikiplan", "preview", "-wiki:trial"],
        cwd=tmp_path / "plan",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "")
    assert "+'''Department of Gardens''' has 1 team: First team.\n" in done.stdout
    assert "(Ziel: März" in done.stdout, "words that come with wikiplan are in each language"
    assert "pending. 3 to create" in done.stdout
