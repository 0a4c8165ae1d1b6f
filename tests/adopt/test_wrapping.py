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
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.translate import NoTranslate
from wikiplan.wikitext import sections

PAGE, LANGUAGE = "Dept", "de"


def adoption_of(directory: Path, *options: str) -> PageWrapping:
    wiki = Folder(directory)
    nowhere, choices = NoTranslate(wiki.name), wrapping.parse_choices(options)
    return PageWrapping(
        wiki, nowhere, wiki.account(), choices, lambda code, names: f"{code}: {', '.join(names)}"
    )


@pytest.mark.parametrize(
    ("title", "language", "reason"),
    [
        (
            "Dept",
            "fr",
            "Dept is in en and has no version in fr; name another language, or leave -language: "
            "out",
        ),
        (
            "Dept/de",
            "de",
            "Dept/de is in en and has no version in de; say -page: with the page itself, perhaps "
            "“Dept”",
        ),
        ("None", "de", "the page does not exist; look at its title, or at where it was moved"),
    ],
)
def test_a_language_that_the_page_does_not_have_is_told(
    title: str, language: str, reason: str, tmp_path: Path
):
    people = FolderPeople(tmp_path)
    people.edit("Dept", "== Goals ==\nText.\n")
    people.edit("Dept/de", "== Ziele ==\nText.\n")
    adoption = adoption_of(tmp_path, "goals=Goals")
    (change,) = (each for each in adoption.changes(title, [language]) if each.told.reason)
    assert (change.action, change.told.reason) == (Action.REFUSED, reason)
    if title != "None":
        with pytest.raises(Refusal, match=re.escape(reason)):
            adoption.texts(title, [language])


def changes_of(case: Case, directory: Path) -> tuple[PageChange, ...]:
    """Return what marking a case's page, and its German version, would do."""
    people = FolderPeople(directory)
    people.edit(PAGE, case.blocks["page"])
    if "version" in case.blocks:
        people.edit(f"{PAGE}/{LANGUAGE}", case.blocks["version"])
    return adoption_of(directory, *case.blocks["sections"].split("\n")).changes(PAGE)


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
        return {"nothing to do": change.told.reason}
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
