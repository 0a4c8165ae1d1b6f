"""Marking sections of a page that stands: found by heading, nothing else of the page changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import wikicases
from tests.support.people import FolderPeople
from tests.support.wikicases import Case
from wikiplan.adopt import wrapping
from wikiplan.adopt.wrapping import PageWrapping
from wikiplan.changes.changeset import Action, PageChange
from wikiplan.errors import WikiplanError
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.translate import NoTranslate
from wikiplan.wikitext import sections

PAGE, LANGUAGE = "Dept", "de"


def changes_of(case: Case, directory: Path) -> tuple[PageChange, ...]:
    """Return what marking a case's page, and its German version, would do."""
    people = FolderPeople(directory)
    people.edit(PAGE, case.blocks["page"])
    if "version" in case.blocks:
        people.edit(f"{PAGE}/{LANGUAGE}", case.blocks["version"])
    wiki = Folder(directory)
    choices = wrapping.parse_choices(case.blocks["sections"].split("\n"))
    nowhere = NoTranslate(wiki.name)
    adoption = PageWrapping(
        wiki, nowhere, wiki.account(), choices, lambda code, names: f"{code}: {', '.join(names)}"
    )
    return adoption.changes(PAGE)


def shown(text: str) -> str:
    """Return a page with short markers; one with a digest that is not its text's stays as it is."""
    for section in reversed(sections.find(text)):
        begin = "BEGIN" if section.digest is None else "BEGIN unlike its digest"
        if section.digest == sections.digest(sections.body_of(text, section)):
            begin = "BEGIN with digest"
        end = f"<END {section.name}>"
        text = f"{text[: section.end.start]}{end}{text[section.end.stop :]}"
        start = f"<{begin} {section.name}>"
        text = f"{text[: section.begin.start]}{start}{text[section.begin.stop :]}"
    return text


def visible(text: str) -> str:
    """Return the text as a case file has it: with signs for blanks at the ends of lines."""
    blanks = {" ": "␠", "\t": "⇥"}
    return re.sub(r"[ \t]+$", lambda m: "".join(map(blanks.get, m[0])), text, flags=re.MULTILINE)


def told(change: PageChange) -> dict[str, str]:
    """Return what a case says came of it."""
    if change.action is Action.REFUSED:
        return {f"refused {change.told.code}": change.told.reason}
    if change.action is Action.NONE:
        return {"nothing to do": ""}
    return {"after": shown(change.after)} | (
        {"told": change.told.reason} if change.told.reason else {}
    )


def expected(case: Case) -> dict[str, str]:
    return {k: v for k, v in case.blocks.items() if k not in ("page", "version", "sections")}


@wikicases.each("adoption/plain.cases", "adoption/translatable.cases")
def test_marking_a_page(case: Case, tmp_path: Path):
    (change,) = changes_of(case, tmp_path)
    assert told(change) == expected(case)


@wikicases.each("adoption/versions.cases")
def test_marking_a_language_version_by_its_counterparts(case: Case, tmp_path: Path):
    source, version = changes_of(case, tmp_path)
    assert source.action is Action.UPDATE
    assert told(version) == expected(case)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("mission", "names no heading; write"),
        ("My mission=Goals", "is no name for a section; write"),
        ("mission/xx-none=Ziele", "MediaWiki has no language “xx-none”"),
    ],
)
def test_a_choice_that_cannot_be_meant_is_told(option: str, message: str):
    with pytest.raises(WikiplanError, match=message):
        wrapping.parse_choices([option])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("<div><ul><li>a</li></ul>\n</div>", "<div><ul><li>a</li></ul></div>", True),
        ("<p>a\n</p>\n<h2>b</h2>", "<p>a</p><h2>b</h2>", True),
        ("<p>a <b>b</b></p>", "<p>a<b>b</b></p>", False),
        ("<p>a b</p>", "<p>a\nb</p>", False),
        ("<pre>a\n</pre>", "<pre>a</pre>", False),
        ("<p>a</p>\n<pre>a</pre>", "<p>a</p><pre>a</pre>", True),
        ("<p>a</p>", "<div>a</div>", False),
    ],
)
def test_html_reads_alike_where_only_white_space_beside_blocks_differs(one, other, alike):
    assert wrapping.read_alike(one, other) is alike
