"""Who answered what on a page: by its history on a real wiki, and by what a line looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.mediawiki import MediaWiki
from tests.support.people import FolderPeople, Place
from tests.support.wikicases import Case, each
from wikiplan.nightly import answers
from wikiplan.nightly.answers import Answer, Answers
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import PastRevision, Wiki

MAY = ("Admin",)


def told(found: Answers, numbers: dict[int, int]) -> list[str]:
    def line(one: Answer) -> str:
        return f"{one.key}: {one.word}, {numbers[one.revision]} by {one.account}"

    return [*map(line, found.counting), *(f"not: {line(one)}" for one in found.others)]


@pytest.mark.wiki
@each("board/answers.cases")
def test_an_answer_counts_for_the_account_that_brought_it_in(
    mediawiki: MediaWiki, site: Wiki, title: str, case: Case
):
    numbers = {}
    for block, text in case.blocks.items():
        word, *rest = block.split()
        if word == "edit":
            numbers[mediawiki.edit(title, text, rest[1])] = int(rest[0])
    found = answers.read(site, site.read([title])[title], MAY)
    assert told(found, numbers) == case.blocks["read"].replace("nothing", "").strip().splitlines()


@pytest.fixture
def here(folder: Folder) -> Place:
    folder.directory.mkdir()
    return Place(folder, FolderPeople(folder.directory))


def test_where_the_history_cannot_be_read_back_an_answer_counts_for_nobody(
    here: Place, monkeypatch: pytest.MonkeyPatch
):
    here.save("Board", "First.")
    here.people.edit("Board", "* edits-1a2b3c4d: keep")
    page = here.wiki.read(["Board"])["Board"]
    assert len(answers.read(here.wiki, page, ["editor"]).counting) == 1
    real: Callable[..., Any] = here.wiki.revisions

    def hidden(numbers: list[int]) -> dict[int, PastRevision]:
        return {n: past for n, past in real(numbers).items() if past.text != "First."}

    monkeypatch.setattr(here.wiki, "revisions", hidden)
    assert answers.read(here.wiki, page, ["editor"]) == Answers()
    monkeypatch.setattr(here.wiki, "history", lambda *which: [])
    assert answers.read(here.wiki, page, ["editor"]) == Answers()


def test_a_page_without_answers_costs_no_look_into_its_history(
    here: Place, monkeypatch: pytest.MonkeyPatch
):
    here.people.edit("Board", "Nothing to say.")
    monkeypatch.setattr(here.wiki, "history", None)
    assert answers.read(here.wiki, here.wiki.read(["Board"])["Board"], MAY) == Answers()


@pytest.mark.parametrize("name", ["editor", "Editor", "Editor "])
def test_accounts_are_told_apart_as_the_wiki_does(here: Place, name: str):
    here.people.edit("Board", "* edits-1a2b3c4d: keep")
    found = answers.read(here.wiki, here.wiki.read(["Board"])["Board"], [name])
    assert found.word("edits-1a2b3c4d") == "keep"
    assert found.word("edits-99999999") == ""


def test_a_hostile_page_is_read_in_the_length_of_its_lines():
    text = "\n".join(("=" * 20_000, "edits-" + "a" * 20_000, " :" * 20_000, "<!--" * 20_000))
    assert answers.said_in(text, frozenset()) == Counter()


@pytest.mark.wiki
def test_an_answer_whose_revision_is_hidden_counts_for_nobody(
    mediawiki: MediaWiki, site: Wiki, title: str
):
    mediawiki.edit(title, "First.", "Admin")
    hidden = mediawiki.edit(title, "* edits-1a2b3c4d: reclaim", "Trans")
    mediawiki.edit(title, "* edits-1a2b3c4d: reclaim\n\nHm.", "Admin")
    with mediawiki.settings("$wgGroupPermissions['sysop']['deleterevision'] = true;"):
        mediawiki.hide(hidden)
    assert answers.read(site, site.read([title])[title], MAY) == Answers()
