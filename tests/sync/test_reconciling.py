"""Which side of a translation is newer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wikiplan.catalogs.exchange import digest
from wikiplan.sync.lastseen import LastSeen
from wikiplan.sync.reconciling import SideState, decide

CASES = Path(__file__).parents[1] / "cases" / "reconciling" / "steps.txt"
NOW, BEFORE = digest("The English."), digest("The English before.")
SEEN = re.compile(
    r"(?P<texts>[^,]+)(?P<english>, changed English)?(, kept (?P<kept>\w+))?(?P<gone> and is gone)?"
)


def cases() -> list[tuple[str, ...]]:
    lines = (line.partition("#")[0] for line in CASES.read_text().splitlines())
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines if line.strip()]


def side(cell: str) -> SideState:
    return (
        SideState() if cell == "-" else SideState(cell.rstrip("~"), current=not cell.endswith("~"))
    )


def seen(cell: str) -> tuple[LastSeen | None, list[str]]:
    """Return what was last seen, and the texts that the catalog keeps beside its own."""
    found = SEEN.fullmatch(cell)
    assert found, cell
    kept = found["kept"] or ""
    beside = [kept] if kept and not found["gone"] else []
    if found["texts"] == "never":
        return (LastSeen(kept=digest(kept)) if kept else None), beside
    wiki, _, catalog = found["texts"].partition("/")
    sides = side(wiki), side(catalog or wiki)
    english = BEFORE if found["english"] else NOW
    kept = digest(kept) if kept else ""
    return LastSeen(sides[0].digest, sides[1].digest, english, sides[0].current, kept=kept), beside


@pytest.mark.parametrize("case", cases(), ids=" | ".join)
def test_the_newer_side_is_told_from_what_was_last_seen(case: tuple[str, ...]):
    wiki, catalog, last, step = case
    base, beside = seen(last)
    assert decide(side(wiki), side(catalog), NOW, base, beside) == step
