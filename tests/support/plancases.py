"""Reads the case files of tests/cases/plan: what they are is told in the README.md there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases" / "plan"


def all_cases() -> list[Path]:
    return sorted(CASES.glob("*.case"))


def sentence(case: Path) -> str:
    return case.stem


def build(case: Path, directory: Path) -> str:
    """Make the case's plan in a folder and return the text of the faults that it should have."""
    shutil.copytree(CASES / "base", directory, dirs_exist_ok=True)
    *changes, (last, faults) = _parts(case.read_text(encoding="utf-8"))
    assert last == "faults", f"{case.name} must end in “= faults”"
    for name, body in changes:
        _change(directory / name, body)
    return faults.strip()


def _parts(text: str) -> list[tuple[str, str]]:
    """Return the parts below the ``=`` lines by their names."""
    _, *parts = re.split(r"^= ", text, flags=re.MULTILINE)
    return [(part.partition("\n")[0].split()[0], part.partition("\n")[2]) for part in parts]


def _change(path: Path, body: str) -> None:
    hunks = [hunk.split("\n") for hunk in body.strip("\n").split("\n\n") if hunk.strip()]
    if not hunks:
        path.unlink()
    for hunk in hunks:
        before = [line[1:] for line in hunk if line.startswith("-")]
        after = [line[1:] for line in hunk if line.startswith("+")]
        assert len(before) + len(after) == len(hunk), f"lines begin with - or +: {hunk}"
        _replace(path, _bytes(before), _bytes(after))


def _bytes(lines: list[str]) -> bytes:
    joined = "".join(f"{line}\n" for line in lines).encode()
    hexadecimal = "⟦([0-9A-F ]+)⟧".encode()
    return re.sub(hexadecimal, lambda match: bytes.fromhex(match[1].decode()), joined)


def _replace(path: Path, before: bytes, after: bytes) -> None:
    if not before:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(after)
        return
    text = path.read_bytes()
    assert text.count(before) == 1, f"{path.name} must hold this once: {before!r}"
    path.write_bytes(text.replace(before, after))
