"""``wikiplan run`` as a command: its file, its exit status, and steps that are there."""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from wikiplan_scripts import plan_run

from tests.support import smallplan
from wikiplan.cli.runwork import WORKS
from wikiplan.nightly.runfile import RunFile


def test_every_step_has_its_work():
    steps = get_args(get_args(get_type_hints(RunFile)["steps"])[0])
    assert {*WORKS, "check"} == set(steps)


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"}))
    return tmp_path


def test_it_needs_no_file_and_asks_nobody(plan: Path):
    assert plan_run.main("-wiki:wiki") == 0
    assert (plan / "wiki" / "Plan.wiki").exists()


def test_a_file_that_is_named_must_be_there(plan: Path, capsys: pytest.CaptureFixture[str]):
    assert plan_run.main("-wiki:wiki", "-run:night.yaml") == 1
    assert "night.yaml:0:0: is missing; add it, or name another file" in capsys.readouterr().err
    assert not (plan / "wiki").exists()


def test_the_exit_status_is_what_a_scheduler_wants(plan: Path):
    assert plan_run.main("-wiki:wiki") == 0
    page = plan / "wiki" / "Plan.wiki"
    page.write_text(page.read_text().replace("Text.", "People's."))
    assert plan_run.main("-wiki:wiki") == 3
    assert plan_run.main("-wiki:wiki", "-exit:waiting=0", "-exit:failed=7") == 0
    (plan / "run.yaml").write_text("steps: []\n")
    assert plan_run.main("-wiki:wiki", "-exit:waiting=0", "-exit:failed=7") == 7
