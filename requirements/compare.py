"""Show what differs between two folders that requirements/render filled: compare.py OLD NEW."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

PARTS = ("versions.txt", "pages", "languages")
HEADER_LINES = 2
"""Of a unified diff: the names of both files."""


def differences(old: Path, new: Path, part: str) -> dict[tuple[str, ...], list[str]]:
    """Return changed lines, and which files of a part change in just this way."""
    found: dict[tuple[str, ...], list[str]] = {}
    names = {path.relative_to(folder) for folder in (old, new) for path in _files(folder / part)}
    for name in sorted(names, key=lambda name: name.with_suffix("")):
        if changed := _changed_lines(_lines(old / name), _lines(new / name)):
            found.setdefault(changed, []).append(name.stem if part == "languages" else str(name))
    return found


def told(old: Path, new: Path) -> Iterator[str]:
    """Yield the differences as lines to read, and how many they are."""
    counts: list[int] = []
    for part in PARTS:
        found = differences(old, new, part)
        counts.append(sum(map(len, found.values())))
        for changed, names in found.items():
            yield from (f"{' '.join(names)}:", *changed, "")
    _, pages, languages = counts
    if any(counts):
        yield f"Written otherwise: {pages} of the sample's pages, facts in {languages} languages."
    else:
        yield "Nothing changes: the locks have the newest versions already."


def _files(place: Path) -> Iterator[Path]:
    """Yield a part's files without what a folder wiki keeps for itself."""
    paths = [place] if place.is_file() else place.rglob("*")
    yield from (path for path in paths if path.is_file() and ".wikiplan" not in path.parts)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _changed_lines(before: list[str], after: list[str]) -> tuple[str, ...]:
    lines = list(unified_diff(before, after, n=0, lineterm=""))[HEADER_LINES:]
    return tuple(line for line in lines if not line.startswith("@@"))


if __name__ == "__main__":
    print("\n".join(told(Path(sys.argv[1]), Path(sys.argv[2]))))
