"""Finding out from the wiki what a killed run did."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changes.test_journal import ENTRY, RUN
from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.running import script
from wikiplan import files
from wikiplan.changes import journal
from wikiplan.changes.apply import Application
from wikiplan.changes.journal import EditResult, Journal
from wikiplan.errors import Refusal, Stop, Unclear
from wikiplan.session import filelock
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Edit

PAIR = "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->"


class LosesAnswers(Folder):
    """A folder whose answers to saves never arrive, and whose history cannot be read then."""

    saves = True

    def save(self, edit: Edit):
        if self.saves:
            super().save(edit)
        raise Unclear("no answer came")

    def history(self, page_id, title, since, user=""):
        raise Stop("unreachable", "no answer")


@pytest.mark.parametrize("saved", [True, False])
def test_an_edit_whose_answer_was_lost_is_looked_up_by_the_next_run(tmp_path, saved):
    wiki = LosesAnswers(tmp_path / "wiki")
    wiki.saves = saved
    plan = smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"})
    book = Journal(journal.path_of(files.state_folder(wiki.directory), wiki.name, "wikiplan"))
    changes = smallplan.compare(plan, wiki)
    (outcome,) = Application(changes, wiki, sleep=lambda seconds: None, journal=book).run()
    assert outcome.action == "failed"
    assert book.unsettled() == (RUN,)

    folder = Folder(wiki.directory)
    (killed,) = journal.settle(book, folder)
    (entry,) = book.entries(RUN)
    assert (entry.result, book.unsettled()) == (
        EditResult.SAVED if saved else EditResult.NOT_SAVED,
        (),
    )
    number = folder.read(["Plan"])["Plan"].number
    assert entry.revision == number
    what = f"saved as revision {number}" if saved else "not saved"
    assert killed.told == (
        f"Run {RUN} ended early, with 0 edits known to be saved; "
        f"Plan: {what}, as its history shows."
    )


def test_a_history_that_cannot_be_read_is_told(tmp_path):
    class Hidden(Folder):
        def history(self, page_id, title, since, user=""):
            raise Refusal("hidden", "people may not see it")

    book = Journal(tmp_path / "x.journal")
    book.saved(*book.intend([replace(ENTRY, title="Other")]), 5, 4)
    book.intend([ENTRY])
    (killed,) = journal.settle(book, Hidden(tmp_path / "wiki"))
    assert killed.told == (
        f"Run {RUN} ended early, with 1 edit known to be saved; "
        "Plan/ar: its history cannot be read (people may not see it)."
    )
    assert journal.settle(book, Hidden(tmp_path / "wiki")) == ()


def test_the_next_update_tells_of_a_killed_one_although_nothing_is_left_to_do(tmp_path: Path):
    wiki = tmp_path / "wiki"
    smallplan.write(tmp_path, {"a": "Text."})
    FolderPeople(wiki).edit("Plan", PAIR)
    options = ("-always", f"-wiki:{wiki}")
    run = script("plan_update", *options, directory=tmp_path).report["run"]
    path = journal.path_of(files.state_folder(wiki), "folder:wiki", "wikiplan")
    (entry,) = Journal(path).entries(run)
    path.unlink()
    Journal(path).intend([entry])  # as if it had been killed after the edit

    simulated = script("plan_update", "-simulate", *options, directory=tmp_path)
    assert "killed_runs" not in simulated.report
    done = script("plan_update", *options, directory=tmp_path)
    assert (done.status, done.report["outcome"]) == (0, "nothing"), done.err
    (told,) = done.report["killed_runs"]
    assert told == {
        "run": run,
        "saved": 0,
        "pages": [
            {
                "title": "Plan",
                "revid": entry.revision,
                "reason": f"saved as revision {entry.revision}, as its history shows",
            }
        ],
    }
    assert f"Run {run} ended early" in done.out
    again = script("plan_update", *options, directory=tmp_path)
    assert "killed_runs" not in again.report


def test_a_run_that_is_at_work_is_not_taken_for_a_killed_one(tmp_path: Path):
    wiki = tmp_path / "wiki"
    smallplan.write(tmp_path, {"a": "Text."})
    FolderPeople(wiki).edit("Plan", PAIR)
    options = ("-always", f"-wiki:{wiki}")
    script("plan_update", *options, directory=tmp_path)
    path = journal.path_of(files.state_folder(wiki), "folder:wiki", "wikiplan")
    Journal(path).intend([ENTRY])
    with filelock.held(path.parent, "folder:wiki", "wikiplan", RUN, print):
        done = script("plan_update", *options, directory=tmp_path)
    assert (done.status, done.report["outcome"], done.report["pages"]) == (1, "failed", [])
    assert "is writing; nothing was written: wait until it ends, or end it" in done.err
    assert Journal(path).unsettled() == (RUN,)
