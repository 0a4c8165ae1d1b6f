"""The owner's page about sources: its sheet changes its plan as it shows."""

from __future__ import annotations

from pathlib import Path

from tests.support.running import script
from tests.support.sheets import Sheet, serving
from tests.test_docs import blocks, desk, example, previewed_and_updated

__all__ = ["desk", "example"]

PAGE = "docs/owner/sources.md"


def test_a_sheet_changes_the_plan_as_its_page_shows(desk: Path):
    sources = desk / "data" / "sources.yaml"
    named, told = sources.read_text(encoding="utf-8"), blocks(PAGE, "console")[0]
    command, _, shown = told.partition("\n")
    with serving(Sheet(blocks(PAGE, "csv")[0].encode())) as sheet:
        address = next(line for line in named.splitlines() if "sheet:" in line).split()[1]
        sources.write_text(named.replace(address, sheet.address), encoding="utf-8")
        name, *words = command.removeprefix("$ ").split()
        previewed = script(name, *words, "-allow:local", "-wiki:wiki", directory=desk)
        fetched = script(name, "-always", "-allow:local", "-wiki:wiki", directory=desk)
    assert (previewed.status, fetched.status) == (2, 0), previewed.err + fetched.err
    assert previewed.out.partition("Run 2")[0].strip() == shown.strip()
    assert fetched.out.partition("Run 2")[0] == previewed.out.partition("Run 2")[0]
    assert previewed_and_updated(desk) == [2, 0, 0]
    page = (desk / "wiki" / "Department of Gardens.wiki").read_text(encoding="utf-8")
    assert "Watering when it is hot" in page
