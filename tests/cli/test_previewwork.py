"""A preview says what an update would do, also that it would do nothing."""

from __future__ import annotations

from pathlib import Path

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from wikiplan.cli import previewwork
from wikiplan.report import ExitStatus


def stopped(tmp_path: Path) -> OwnRun:
    """Write a plan whose stop page has text."""
    pages = {"Plan": "missing-page: create", "Other": "missing-page: create"}
    smallplan.write(tmp_path, {"a": "Text."}, pages, top="stop-page: Stop\n")
    FolderPeople(tmp_path / "wiki").edit("Stop", "Please wait.")
    return OwnRun(tmp_path)


TOLD = (
    "'Stop' has text (last edited by editor), which asks this bot to stop; read it, and blank it "
    "when all is well"
)


def test_a_preview_says_that_people_asked_the_bot_to_stop(tmp_path: Path):
    own = stopped(tmp_path)
    run = own.run()
    assert previewwork.preview(run) is ExitStatus.FAILED
    assert (run.report.result(), run.report.error) == ("stopped", TOLD)
    assert f"An update would write nothing: {TOLD}." in own.said
    assert own.said[-2] == (
        f"Run {run.report.run} on folder:wiki: stopped ({TOLD}). 2 to create; 0 requests."
    )
