"""Section kinds and kinds of files: what is declared fits what stands in the folders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wikiplan.adopt.readers import READERS
from wikiplan.plan.kinds import FILE_KINDS, IMPLIED, OF_THE_PLAN, SECTION_KINDS, kind_of

TEMPLATES = Path(__file__).parents[2] / "templates" / "sections"
IMPORT = re.compile(r'{% import "(.+?)"')
LABEL = re.compile(r'label\("([a-z-]+)"(?: ~)?|\blabels\.(\w+)|group\(labels\.(\w+)')


def test_every_section_kind_has_its_template() -> None:
    assert {path.stem for path in TEMPLATES.glob("[!_]*.wiki")} == {*SECTION_KINDS}


def test_every_reader_is_of_a_section_kind() -> None:
    assert {*READERS} < {*SECTION_KINDS}


@pytest.mark.parametrize("kind", SECTION_KINDS)
def test_a_section_kind_has_words_for_every_label_of_its_template(kind: str) -> None:
    template = (TEMPLATES / f"{kind}.wiki").read_text(encoding="utf-8")
    for imported in IMPORT.findall(template):
        template += (TEMPLATES / imported).read_text(encoding="utf-8")
    named = {found.replace("_", "-") for each in LABEL.findall(template) for found in each if found}
    known = SECTION_KINDS[kind].labels
    assert [name for name in named if not any(label.startswith(name) for label in known)] == []


@pytest.mark.parametrize(
    ("stem", "kind"),
    [
        ("department", "department"),
        ("department/x", "own"),
        ("priorities/2020-2021", "priorities"),
        ("priorities", "own"),
        ("text/about", "text"),
        ("text", "own"),
        ("own", "own"),
        ("recipes/soups", "own"),
        ("office-hours", "office-hours"),
    ],
)
def test_the_name_of_a_file_says_its_kind(stem: str, kind: str) -> None:
    assert kind_of(stem) == kind


def test_a_section_kind_shows_a_kind_of_file_that_has_texts() -> None:
    assert {kind.file for kind in SECTION_KINDS.values()} <= {
        name for name, file in FILE_KINDS.items() if file.has_units
    }


def test_files_and_items_define_variables_by_their_facts() -> None:
    beside = [(name, each.name) for name, kind in FILE_KINDS.items() for each in kind.implied]
    assert beside == [
        ("metrics", "year"), ("metrics", "quarter"), ("notices", "starts"), ("notices", "ends"),
        ("office-hours", "start"), ("office-hours", "minutes"), ("okrs", "year"),
        ("priorities", "year"),
        ("priorities", "last_year"), ("priorities", "next_year"), ("priorities", "target"),
    ]  # fmt: skip
    assert (*dict.fromkeys(name for _, name in beside), *OF_THE_PLAN) == IMPLIED
