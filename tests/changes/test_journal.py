"""The journal: written ahead, harmless to lose, and told when it is damaged."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.damage import DAMAGES, Damage
from wikiplan import files
from wikiplan.changes import journal
from wikiplan.changes.journal import EditResult, Journal, JournalEntry
from wikiplan.value import replace
from wikiplan.wikitext.restoring import SectionEdit

RUN, LATER = "20210701T000000Z-abc123", "20210702T000000Z-abc123"
ENTRY = JournalEntry(
    run=RUN,
    title="Plan/ar",
    language="ar",
    page_id=7,
    base=12,
    sha1_before="0a",
    sha1_after="0b",
    summary=f"update [run {RUN}]",
    sections=(SectionEdit("a", "before", "after\n"), SectionEdit("b", "", "كلام")),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return journal.path_of(tmp_path / "state", "lab:lab", "Plan Bot")


def test_reading_makes_no_file(path):
    book = Journal(path)
    assert (book.unsettled(), book.entries(RUN)) == ((), ())
    book.end(RUN)
    assert not path.parent.exists()


def test_what_an_earlier_version_kept_is_read_where_it_is(path):
    Journal(path).intend([ENTRY])
    old = path.rename(path.with_name("lab:lab_Plan_Bot.journal"))
    assert journal.path_of(path.parent, "lab:lab", "Plan Bot") == old
    assert journal.paths(path.parent, "lab:lab") == [old]
    assert [each.name for each in path.parent.iterdir()] == [old.name], "a preview writes nothing"


def test_who_writes_goes_on_with_it_under_a_name_that_windows_allows(path):
    Journal(path).intend([ENTRY])
    old = path.rename(path.with_name("lab:lab_Plan_Bot.journal"))
    files.lock_path(path.parent, "lab:lab", "Plan Bot")
    assert journal.path_of(path.parent, "lab:lab", "Plan Bot") == path
    assert Journal(path).entries(RUN) and not old.exists()
    old.write_text("what a version before left behind")
    files.lock_path(path.parent, "lab:lab", "Plan Bot")
    assert journal.paths(path.parent, "lab:lab") == [path]
    assert old.exists(), "nothing is replaced"


def test_each_account_on_a_site_has_its_own_file(path):
    assert path.name == "lab%3Alab_Plan_Bot.journal"
    Journal(path).intend([ENTRY])
    other = journal.path_of(path.parent, "lab:lab", "Ada")
    Journal(other).intend([ENTRY])
    Journal(journal.path_of(path.parent, "lab:labs", "Ada")).intend([ENTRY])
    assert journal.paths(path.parent, "lab:lab") == [other, path]


def test_an_edit_stands_in_it_before_it_is_sent_and_its_end_after(path):
    book = Journal(path)
    (number,) = book.intend([ENTRY])
    assert Journal(path).entries(RUN) == (replace(ENTRY, id=number),)
    assert Journal(path).unsettled() == (RUN,)
    book.saved(number, 13, 12)
    (second,) = book.intend([replace(ENTRY, title="Plan/de")])
    book.not_saved(second)
    assert [each.result for each in Journal(path).entries(RUN)] == ["saved", "open"]
    one, two = book.entries(RUN)
    assert (one.result, one.revision, one.parent) == (EditResult.SAVED, 13, 12)
    assert (two.result, two.revision, two.title) == (EditResult.NOT_SAVED, 0, "Plan/de")
    assert Journal(path).unsettled() == (RUN,)
    book.end(RUN)
    assert Journal(path).unsettled() == ()


def test_a_run_that_ended_without_knowing_is_unsettled(path):
    book = Journal(path)
    book.intend([ENTRY])
    book.end(RUN)
    assert book.unsettled() == (RUN,)


def test_a_killed_process_leaves_what_it_wrote(path):
    child = os.fork()
    if not child:
        book = Journal(path)
        book.saved(*book.intend([ENTRY]), 13, 12)
        book.intend([replace(ENTRY, title="Plan/de")])
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert [each.result for each in Journal(path).entries(RUN)] == [
        EditResult.SAVED,
        EditResult.OPEN,
    ]


def test_runs_of_long_ago_are_forgotten_with_all_that_they_did(path):
    book = Journal(path)
    book.intend([ENTRY])
    book.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE run SET started = '2020-01-01T00:00:00Z'")
        database.commit()
    book.intend([replace(ENTRY, run=LATER)])
    assert (book.entries(RUN), len(book.entries(LATER))) == ((), 1)
    book.close()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM section").fetchone() == (2,)


OF_A_JOURNAL = (
    Damage("another version", sql="PRAGMA user_version = 99"),
    Damage("an odd result", sql="UPDATE entry SET result = 'odd'"),
    Damage("bytes for a text", sql="UPDATE entry SET title = x'00'"),
)


@pytest.mark.parametrize("damage", [*DAMAGES, *OF_A_JOURNAL], ids=str)
def test_a_damaged_journal_is_put_aside_and_a_new_one_begun(path, damage):
    book = Journal(path)
    for number in range(50):
        book.intend([replace(ENTRY, sections=(SectionEdit("a", "x" * 500, str(number)),))])
    book.close()
    damage.do(path)
    said: list[str] = []
    reader = Journal(path, said.append)
    assert (reader.entries(RUN), reader.unsettled()) == ((), ())
    aside = path.with_name(f"{path.name}.damaged")
    assert not aside.exists()
    (told,) = said
    assert told.startswith(f"{path}: the journal cannot be read (")
    assert told.endswith("; the next run that writes puts it aside.")
    book = Journal(path, said.append)
    book.mend()
    book.intend([replace(ENTRY, run=LATER)])
    assert [each.run for each in book.entries(LATER)] == [LATER]
    assert said[1:] == [
        f"{path}: the journal is damaged; it is kept as {aside.name}, and a new one is begun."
    ]
    assert aside.exists()


def test_a_journal_that_another_program_holds_is_told_while_it_holds_it(path):
    Journal(path).intend([ENTRY])
    said: list[str] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        book = Journal(path, said.append)
        assert (book.unsettled(), book.entries(RUN)) == ((), ())
        book.mend()
        book.end(RUN)
        assert book.intend([ENTRY, ENTRY]) == (0, 0)
    assert said == [
        f"{path}: the journal cannot be read (another program has it open and locked), so nothing "
        "is known from it of runs that were killed.",
        f"{path}: the journal cannot be written (another program has it open and locked); the run "
        "goes on without it, and plan_undo would work from the wiki's own history.",
    ]


def test_a_journal_is_for_its_owner_alone(path):
    Journal(path).intend([ENTRY])
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_journal_that_cannot_be_written_is_told_once_and_the_run_goes_on(path):
    path.mkdir(parents=True)
    said: list[str] = []
    book = Journal(path, said.append)
    for (number,) in (book.intend([ENTRY]), book.intend([ENTRY])):
        assert number == 0
        book.saved(number, 13, 12)
    book.end(RUN)
    assert (book.entries(RUN), book.unsettled()) == ((), ())
    (told,) = said
    assert told.startswith(f"{path}: the journal cannot be written (")
    assert told.endswith(
        "); the run goes on without it, and plan_undo would work from the wiki's own history."
    )
