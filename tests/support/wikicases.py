"""Case files of wikitext: readable, and addable to, without Python.

A line ``%% case SENTENCE`` begins a case, a line ``%% WORD…`` a block of it; the lines up to the
next ``%%`` are the block's text, without the newline at its end. ``␠`` stands for a blank and
``⇥`` for a tab where an editor would take them away from a line's end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "cases"
SHARED = Path(__file__).parents[3] / "shared"


@dataclass
class Case:
    """``blocks`` by the words of their line: ``before``, ``body priorities``, …"""

    sentence: str
    blocks: dict[str, str] = field(default_factory=dict)

    def named(self, word: str) -> dict[str, str]:
        """The blocks ``WORD NAME`` by their names."""
        found = (title.partition(" ") for title in self.blocks)
        return {name: self.blocks[f"{first} {name}"] for first, _, name in found if first == word}


def read(path: Path) -> list[Case]:
    cases: list[Case] = []
    block = ""
    for line in path.read_text("utf-8").split("\n")[:-1]:
        if line.startswith("%% case "):
            cases.append(Case(line.removeprefix("%% case ")))
        elif line.startswith("%% "):
            block = line.removeprefix("%% ")
            cases[-1].blocks[block] = ""
        elif cases and block:
            cases[-1].blocks[block] += f"{line}\n".replace("␠", " ").replace("⇥", "\t")
    for case in cases:
        case.blocks = {title: text.removesuffix("\n") for title, text in case.blocks.items()}
    return cases


def each(*files: str) -> pytest.MarkDecorator:
    """Run a test on each case of the files."""
    cases = [case for file in files for case in read(CASES / file)]
    return pytest.mark.parametrize("case", cases, ids=[case.sentence for case in cases])


def shared(path: str) -> Path:
    """Return a file of the shared folder beside the checkout, or skip."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"{found.name} is missing: it lies beside the checkout, in ../shared/")
    return found
