"""The doctor names each fault on this machine, and finds none where none is; nothing is written."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.setup.test_beginning import GARDENS, files_in
from tests.support.doctorcases import CASES, Prepared
from wikiplan.session.options import Options
from wikiplan.setup import hostexam
from wikiplan.setup.beginning import begin
from wikiplan.setup.findings import State

HERE = [case for case in CASES if "on-wiki" not in case]
PASSWORD = '("GardenBot", BotPassword("wikiplan", "0123456789abcdef0123456789abcdef"))\n'


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan's folder as it was begun, to be copied."""
    directory = tmp_path_factory.mktemp("begun") / "plan"
    begin(directory, GARDENS)
    return directory


@pytest.fixture
def prepared(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    """A plan in order: begun, with a password, a line of cron, and a run last night."""
    here, home = tmp_path / "plan", tmp_path / "home"
    shutil.copytree(begun, here)
    (home / "bin").mkdir(parents=True)
    crontab = home / "bin" / "crontab"
    crontab.write_text(f"#!/bin/sh\necho '17 4 * * * {here}/schedule/night'\n")
    crontab.chmod(0o755)
    for name in ("systemctl",):  # of the machine that runs the tests nothing is told
        (home / "bin" / name).symlink_to("/bin/false")
    password = home / ".config" / "wikiplan" / "user-password.py"
    password.parent.mkdir(parents=True)
    password.write_text(PASSWORD)
    password.chmod(0o600)
    for name in ("XDG_STATE_HOME", "WIKIPLAN_SECRETS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYWIKIBOT_DIR", str(here))
    monkeypatch.chdir(here)
    made = Prepared(here, home, "", monkeypatch)
    made.has_run(datetime.now(UTC) - timedelta(hours=20))
    return made


def lines(prepared: Prepared) -> list[str]:
    options = Options(data=prepared.here / "data", templates=prepared.here / "templates")
    found, first = hostexam.look_at_plan(options)
    return [str(each) for each in (*first, *hostexam.examine(options, found))]


def test_a_plan_in_order_has_no_fault(prepared: Prepared):
    found = lines(prepared)
    assert [line for line in found if not line.startswith(f"{State.OK:<6}  ")] == []
    assert [line[8:].partition(":")[0] for line in found] == [
        *("plan", "python", "libraries", "run.yaml", "configuration", "password", "state"),
        *("lock", "journal", "last run", "git", "schedule"),
    ]


@pytest.mark.parametrize("case", HERE, ids=lambda case: case["fault"])
def test_a_fault_is_named_with_the_way_out_and_alone(case, prepared: Prepared):
    if "git" in case and not shutil.which("git"):
        pytest.skip("git is not installed")
    prepared.do(case)
    before = files_in(prepared.here.parent)
    found = lines(prepared)
    told = prepared.filled(case["told"])
    wrong = [line for line in found if not line.startswith(f"{State.OK:<6}  ")]
    assert [line[: len(told)] for line in wrong] == [told], "\n".join(found)
    assert "; " in wrong[0], "it says what to do"
    assert files_in(prepared.here.parent) == before


def test_the_table_has_twenty_five_faults_and_more():
    assert len({case["fault"] for case in CASES}) == len(CASES) >= 25


def test_a_folder_needs_neither_configuration_nor_password(prepared: Prepared):
    options = Options(data=prepared.here / "data", wiki=prepared.here / "trial")
    found = {each.about for each in hostexam.examine(options, None)}
    assert found.isdisjoint({"configuration", "password"})


def test_a_run_at_work_is_no_fault(prepared: Prepared):
    path = prepared.home / ".local" / "state" / "wikiplan" / "meta:meta_GardenBot.lock"
    path.write_text("somebody")
    assert "ok      lock: a run is at work" in lines(prepared)
