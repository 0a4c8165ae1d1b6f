"""What a run did: the wiki's list of edits, and the texts that the journal knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.people import FolderPeople, Place
from wikiplan.changes import journal
from wikiplan.changes.journal import EditResult, JournalEntry
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.report.report import new_run_id
from wikiplan.value import replace
from wikiplan.wiki.answers import sha1
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext.restoring import SectionEdit

OLD = "<!-- wikiplan:begin a -->\nOld.\n<!-- wikiplan:end a -->"
NEW = OLD.replace("Old", "New")


def edit(place, title: str, text: str, run: str, mention: str = ""):
    """Save as a run does; returns the edit's answer."""
    return place.wiki.save(place.edit(title, text, f"update{mention} [run {run}]"))


@pytest.fixture
def run() -> str:
    return new_run_id(datetime.now(UTC))


def test_the_wiki_lists_a_runs_edits_newest_first(place, title, run):
    other = new_run_id(datetime.now(UTC))
    first, second = f"{title} 1", f"{title} 2"
    place.people.edit(first, OLD)
    one = edit(place, first, NEW, run)
    two = edit(place, second, NEW, run)
    edit(place, second, OLD, other, mention=f" after run {run}")
    since = datetime.now(UTC) - timedelta(hours=1)
    found = place.wiki.contributions(run, since)
    assert [(c.title, c.number, c.parent) for c in found] == [
        (second, two.number, 0),
        (first, one.number, one.parent),
    ]
    assert [c.page_id for c in found] == [
        place.wiki.read([page])[page].page_id for page in (second, first)
    ]
    assert [c.number for c in place.wiki.contributions(run, since + timedelta(days=1))] == []


def test_without_the_journal_the_texts_are_read_from_the_wiki(place, title, run):
    place.people.edit(title, OLD)
    saved = edit(place, title, NEW, run)
    (found,) = journal.run_edits(run, place.wiki, ())
    assert (found.number, found.sections) == (saved.number, (SectionEdit("a", OLD, NEW),))
    assert (found.created, found.sha1_before, found.language) == (False, sha1(OLD), "")


def test_the_journal_saves_reading_and_knows_of_pages_that_are_gone(tmp_path, run):
    class Unread(Folder):
        def text_of(self, number):
            raise AssertionError("the journal has the texts")

    wiki = Unread(tmp_path / "wiki")
    place = Place(wiki, FolderPeople(wiki.directory))
    place.people.edit("Plan", OLD)
    saved = edit(place, "Plan", NEW, run)
    whole = SectionEdit("a", OLD, NEW)
    entry = JournalEntry(run, "Plan", "ar", 5, saved.parent, "0a", "0b", "", (whole,))
    known = replace(entry, result=EditResult.SAVED, revision=saved.number, parent=saved.parent)
    gone = replace(known, title="Gone", revision=99)
    unknown = replace(entry, title="Not saved", result=EditResult.NOT_SAVED)
    one, two = journal.run_edits(run, wiki, (known, gone, unknown))
    assert (one.title, one.sections) == ("Plan", (whole,))
    assert (one.language, one.sha1_before) == ("ar", "0a")
    assert one.page_id == wiki.read(["Plan"])["Plan"].page_id, "the wiki's, not the journal's"
    assert (two.title, two.number) == ("Gone", 99)


def test_a_revision_that_cannot_be_read_is_told(tmp_path, run):
    class Hidden(Folder):
        def text_of(self, number):
            raise Refusal("text-hidden", f"revision {number}: hidden")

    wiki = Hidden(tmp_path / "wiki")
    place = Place(wiki, FolderPeople(wiki.directory))
    place.people.edit("Plan", OLD)
    saved = edit(place, "Plan", NEW, run)
    (found,) = journal.run_edits(run, wiki, ())
    assert found.damage == f"revision {saved.parent}: hidden"


def test_an_id_says_when_its_run_began():
    assert journal.started("20261122T143543Z-b1b696") == datetime(
        2026, 11, 22, 14, 35, 43, tzinfo=UTC
    )
    with pytest.raises(WikiplanError, match="run-1: no id of a run"):
        journal.started("run-1")
