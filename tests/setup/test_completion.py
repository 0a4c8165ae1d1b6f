"""Completion, asked of the shells themselves; a shell that is not here is skipped."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from wikiplan.setup.completion import Completed, Shell, script

COMMANDS = [
    Completed(
        "preview",
        "Show it, and don't write.",
        {"-data:": "the data", "-brief": "a table"},
        ("-data:",),
    ),
    Completed(
        "translations", "Look after them.", {"pull": "bring", "push": "send", "-page:": "one"}, ()
    ),
]
IN_BASH = """\
source ./completion
COMP_WORDS=({words}) COMP_CWORD={last}
_wikiplan {command}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
IN_ZSH = """\
autoload -Uz compinit; compinit -u -d ./dump
source ./completion 2>/dev/null
print -r -- ${{_comps[wikiplan]}} ${{_comps[plan_preview]}}
"""


def run(shell: str, text: str, directory: Path, *arguments: str) -> list[str]:
    """Return the lines that a shell prints."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run(
        [shell, *arguments, "-c", text],
        cwd=directory,
        env={"PATH": "/usr/bin:/bin", "HOME": str(directory), "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder with some files."""
    (tmp_path / "plan").mkdir()
    (tmp_path / "other").write_text("")
    return tmp_path


TYPED = [
    (["wikiplan", "pre"], ["preview"]),
    (["wikiplan", "preview", "-"], ["-data:", "-brief"]),
    (["wikiplan", "translations", "pu"], ["pull", "push"]),
    (["plan_preview", "-b"], ["-brief"]),
]


@pytest.mark.parametrize(("typed", "found"), TYPED)
def test_bash_completes_commands_words_and_options(typed, found, place: Path):
    (place / "completion").write_text(script(Shell.BASH, COMMANDS))
    words = " ".join(typed)
    text = IN_BASH.format(words=words, last=len(typed) - 1, command=typed[0])
    assert run("bash", text, place) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [(["-data", ":", "pl"], ["plan"]), (["-page", ":", "pl"], [""]), (["-data", ":"], 3)],
)
def test_bash_completes_files_behind_the_colon_of_an_option_that_takes_one(typed, found, place):
    (place / "completion").write_text(script(Shell.BASH, COMMANDS))
    words = " ".join(["wikiplan", "preview", *typed])
    text = IN_BASH.format(words=words, last=len(typed) + 1, command="wikiplan")
    lines = run("bash", text, place)
    assert lines == found or len(lines) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("wikiplan pre", ["preview\tShow it, and don't write."]),
        ("wikiplan translations pu", ["pull\tbring", "push\tsend"]),
        ("wikiplan preview -data:pl", ["-data:plan/"]),
        ("plan_preview -b", ["-brief\ta table"]),
    ],
)
def test_fish_completes_with_what_each_says(line: str, found, place: Path):
    (place / "completion").write_text(script(Shell.FISH, COMMANDS))
    lines = run("fish", f"source ./completion; complete -C '{line}'", place, "--no-config")
    assert [each for each in lines if not each.startswith("-data:plan/\t")] in (found, []), lines
    assert [each.partition("\t")[0] for each in lines] == [f.partition("\t")[0] for f in found]


def test_zsh_reads_it_and_completes_the_commands_by_it(place: Path):
    (place / "functions").mkdir()
    (place / "functions" / "_wikiplan").write_text(script(Shell.ZSH, COMMANDS))
    text = "fpath=(./functions $fpath); autoload -Uz compinit; compinit -u -d ./dump; "
    text += "print -r -- $_comps[wikiplan] $_comps[plan_translations]; autoload +X _wikiplan"
    assert run("zsh", text, place, "-f") == ["_wikiplan _wikiplan"]
