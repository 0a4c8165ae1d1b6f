"""An update writes nothing when people ask it to stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_previewwork import TOLD, stopped
from tests.support.people import FolderPeople
from wikiplan.cli import previewwork, updatework
from wikiplan.report import ExitStatus


@pytest.mark.parametrize("options", [{"always": True}, {"always": True, "simulate": True}], ids=str)
def test_a_run_that_people_stop_writes_nothing_and_is_no_failure_of_its_pages(
    tmp_path: Path, options: dict[str, bool]
):
    own = stopped(tmp_path)
    run = own.run(**options)
    assert updatework.update(run) is ExitStatus.FAILED
    assert (run.report.result(), run.report.error) == ("stopped", TOLD)
    told = {(page["code"], page["reason"]) for page in run.report.pages}
    not_tried = ("stop-page", f"not tried: {TOLD}")
    assert told == {("", "") if "simulate" in options else not_tried}
    assert not FolderPeople(tmp_path / "wiki").path("Plan").exists()


def test_a_run_with_nothing_to_write_looks_at_no_stop_page(tmp_path: Path):
    own = stopped(tmp_path)
    people = FolderPeople(tmp_path / "wiki")
    people.edit("Stop", "")
    assert updatework.update(own.run(always=True)) is ExitStatus.DONE
    people.edit("Stop", "Please wait.")
    run = own.run()
    assert previewwork.preview(run) is ExitStatus.DONE
    assert run.report.result() == "nothing"
