"""Change sets for the tests of the review page: the sample plan after a few things happened."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from tests.support import smallplan
from tests.support.people import People
from tests.support.running import ROOT
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import (
    Action,
    ChangeSet,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.report import review
from wikiplan.report.review import Occasion
from wikiplan.wiki.interface import Account, Wiki

OCCASION = Occasion(datetime(2021, 7, 1, 12, tzinfo=UTC), "0" * 64, ("plan_update",))
DEPARTMENT = "Community Resilience and Sustainability"
PRIORITIES = f"{DEPARTMENT}/Priorities 2021–2022"
NEWS = {
    "target: 2022-01\n        status: under-way": "target: 2022-03\n        status: done",
    "Turn the online programs into courses": "Turn the online programs into free courses",
}


def sample(directory: Path, wiki: Wiki, people: People) -> ChangeSet:
    """Write the sample plan to a wiki, let news come and people edit, and compare again."""
    for name in ("data", "templates"):
        shutil.copytree(ROOT / name, directory / name)
    pages = directory / "data" / "pages.yaml"
    pages.write_text(pages.read_text().replace("meta:meta", wiki.name))
    Application(smallplan.compare(directory, wiki), wiki).run()
    french = people.text(f"{PRIORITIES}/fr")
    people.edit(f"{PRIORITIES}/fr", french.replace("2022", "2023", 1))
    people.edit(f"{PRIORITIES}/ja", "<!-- wikiplan:begin teams -->")
    file = directory / "data" / "priorities" / "2021-2022.yaml"
    text = file.read_text()
    for old, new in NEWS.items():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)
    return smallplan.compare(directory, wiki)


def written(directory: Path, changes: ChangeSet, wiki: Wiki | None = None) -> Path:
    """Write the review of a change set; returns the page's path."""
    seen = review.previews(changes, wiki) if wiki else {}
    review.write(directory, changes, OCCASION, seen)
    return directory / review.NAME


def many(count: int) -> ChangeSet:
    """Return a change set of so many pages, each with two sections of forty lines."""
    return ChangeSet(
        smallplan.RUN, "lab:lab", Account("Bot", frozenset()), tuple(map(_page, range(count)))
    )


def _page(number: int) -> PageChange:
    sections = tuple(_section(name, number) for name in ("mission", "priorities"))
    language = ("ar", "de", "en", "he", "ja")[number % 5]
    title = f"Plan {number}/{language}"
    return PageChange(
        base=PageBase(title, language, number + 1, number + 1),
        action=Action.UPDATE,
        before="b",
        after="a",
        sections=sections,
        told=Told(summary="Update"),
    )


def _section(name: str, number: int) -> SectionChange:
    lines = [f"* Line {line} of page {number}, {name}: some words to read" for line in range(40)]
    before = "\n".join(lines)
    after = before.replace("Line 7 of", "Row 7 of").replace("Line 30 of", "Line thirty of")
    return SectionChange(name, SectionState.CHANGED, before, after)
