"""One run at a time writes to a site as an account."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.running import script
from wikiplan import files
from wikiplan.errors import Stop, WikiplanError

HOLD = """
import sys, pathlib
from wikiplan import lock
with lock.held(pathlib.Path(sys.argv[1]), "lab:lab", "PlanBot", "run-1", print):
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def take(folder: Path, site: str = "lab:lab", account: str = "PlanBot") -> list[str]:
    """Take the lock and give it back; returns what was said."""
    said: list[str] = []
    with files.held(folder, site, account, "run-2", said.append):
        assert files.lock_path(folder, site, account).exists()
    assert not files.lock_path(folder, site, account).exists()
    return said


def refused(folder: Path) -> str:
    with pytest.raises(Stop) as stopped:
        take(folder)
    assert stopped.value.code == "locked"
    return str(stopped.value)


def left(folder: Path, **changes: object) -> Path:
    """Leave the lock of a run on another host."""
    path = files.lock_path(folder, "lab:lab", "PlanBot")
    holder = {
        "owner": "ada", "host": "elsewhere", "pid": 5, "born": "", "time": ago(hours=2),
        "run": "run-1",
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    path.write_text(json.dumps(holder | changes))
    return path


def ago(**time: int) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat(timespec="seconds")


def test_a_second_run_is_refused_until_the_first_ends(tmp_path):
    process = holding(tmp_path)
    told = refused(tmp_path)
    assert told.startswith("lab:lab as PlanBot: run run-1 by ")
    assert f"(process {process.pid}, 20" in told
    assert told.endswith("is writing; nothing was written: wait until it ends, or end it")
    process.communicate("")
    assert take(tmp_path) == []


def test_other_sites_and_accounts_are_not_held_up(tmp_path):
    process = holding(tmp_path)
    assert take(tmp_path, site="meta:meta") == take(tmp_path, account="Other/Bot") == []
    process.communicate("")


def test_the_lock_of_a_killed_run_is_taken_over_and_told(tmp_path):
    process = holding(tmp_path)
    process.kill()
    process.wait()
    (said,) = take(tmp_path)
    assert said.startswith("lab:lab as PlanBot: took over the lock of run run-1 by ")
    assert said.endswith("which has died.")


def test_a_later_process_with_the_same_id_does_not_hold_the_lock(tmp_path):
    host = files._host()
    left(tmp_path, host=host, pid=os.getpid(), born="another boot:1")
    assert len(take(tmp_path)) == 1
    left(tmp_path, host=host, pid=os.getpid(), born=files._born(os.getpid()))
    assert "is writing" in refused(tmp_path)


def test_somebody_elses_process_is_alive(tmp_path):
    left(tmp_path, host=files._host(), pid=1, born="")
    assert "is writing" in refused(tmp_path)


def test_another_hosts_lock_is_left_and_named_with_what_to_do(tmp_path):
    path = left(tmp_path)
    assert refused(tmp_path).endswith(
        "is writing; nothing was written: wait until it ends; if it was killed there, delete "
        f"{path}"
    )
    left(tmp_path, time=ago(hours=26))
    assert refused(tmp_path).endswith(
        "left its lock 26 hours ago, and this host cannot see whether it runs; look on elsewhere, "
        f"and if it does not, delete {path}"
    )
    assert path.exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", "\xff", '{"pid": 5}'])
def test_another_file_in_its_place_is_never_removed(tmp_path, text):
    path = left(tmp_path)
    path.write_text(text)
    told = f"{path} is no lock of wikiplan's; if no run is at work, delete it"
    assert refused(tmp_path) == f"lab:lab as PlanBot: {told}"
    assert path.read_text() == text


def test_the_lock_is_given_back_when_the_run_fails(tmp_path):
    with pytest.raises(ValueError, match="broken"), files.held(tmp_path, "a", "b", "c", print):
        raise ValueError("broken")
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_a_person_gave_to_another_run_is_not_removed(tmp_path):
    with files.held(tmp_path, "lab:lab", "PlanBot", "run-2", print):
        path = left(tmp_path)
    assert path.exists()


def test_a_place_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WikiplanError, match=r"cannot be written \(.*\), so nothing was; give"):
        take(tmp_path / "file" / "state")


def test_of_twenty_runs_at_once_one_at_a_time_holds_the_lock_of_a_dead_one(tmp_path):
    process = holding(tmp_path)
    process.kill()
    process.wait()
    once = HOLD.replace('    print("held", flush=True)\n    sys.stdin.read()', '    print("held")')
    command = [sys.executable, "-c", once, str(tmp_path)]
    runs = [
        subprocess.Popen(
            command, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        for _ in range(20)
    ]  # fmt: skip
    told = [run.communicate() for run in runs]
    assert sum("took over" in out for out, _ in told) == 1
    assert all("held" in out or "is writing" in err for out, err in told)
    assert list(tmp_path.iterdir()) == []


def test_locks_stand_in_the_state_directory_or_in_the_folder_wiki(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert files.state_folder(None) == tmp_path / "wikiplan"
    assert files.state_folder(Path("demo/wiki")) == Path("demo/wiki/.wikiplan")
    for value in ("", "relative/path"):
        monkeypatch.setenv("XDG_STATE_HOME", value)
        assert files.state_folder(None) == Path.home() / ".local" / "state" / "wikiplan"


def test_an_update_writes_nothing_while_another_run_holds_the_lock(tmp_path):
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"})
    folder = tmp_path / "wiki" / ".wikiplan"
    folder.mkdir(parents=True)
    path = files.lock_path(folder, "folder:wiki", "wikiplan")
    left(tmp_path / "other").rename(path)
    done = script("plan_update", "-always", f"-wiki:{tmp_path / 'wiki'}", directory=tmp_path)
    assert (done.status, done.report["outcome"]) == (1, "failed")
    assert done.report["error"].startswith("folder:wiki as wikiplan: run run-1 by ada on elsewhere")
    assert not list((tmp_path / "wiki").glob("*.wiki"))
    path.unlink()
    done = script("plan_update", "-always", f"-wiki:{tmp_path / 'wiki'}", directory=tmp_path)
    assert (done.status, sorted(folder.iterdir())) == (
        0,
        [folder / "folder:wiki_wikiplan.journal", folder / "history.sqlite"],
    )
