"""One run at a time writes to a site as an account."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import portalocker
import pytest

from tests.support import smallplan
from tests.support.running import script
from wikiplan import files
from wikiplan.errors import Stop, WikiplanError
from wikiplan.session import filelock

HOLD = """
import sys, pathlib
from wikiplan import files
from wikiplan.session import filelock
with filelock.held(pathlib.Path(sys.argv[1]), "lab:lab", "PlanBot", "run-1", print):
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=Path(__file__).parents[2],
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
    with filelock.held(folder, site, account, "run-2", said.append):
        assert files.lock_path(folder, site, account).exists()
    assert not files.lock_path(folder, site, account).exists()
    return said


def refused(folder: Path) -> str:
    with pytest.raises(Stop) as stopped:
        take(folder)
    assert stopped.value.code == "locked"
    return str(stopped.value)


KILLED = "run run-1 by ada on elsewhere (process 5, 2021-07-01T12:00:00Z)"


def left(folder: Path) -> Path:
    """Leave the lock of a run on another host that was killed."""
    path = files.lock_path(folder, "lab:lab", "PlanBot")
    folder.mkdir(exist_ok=True)
    path.write_text(f"{KILLED}\n")
    return path


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


def test_a_run_is_refused_while_a_rival_holds_its_lock(tmp_path):
    process = holding(tmp_path)
    rival = files.lock_path(tmp_path, "lab:lab", "PlanBot")

    def take_shard() -> None:
        with filelock.held(tmp_path, "lab:lab", "PlanBot #0 of 2", "run-2", print, lambda: [rival]):
            pass

    with pytest.raises(Stop, match=r"^lab:lab as PlanBot #0 of 2: run run-1 by .* is writing;"):
        take_shard()
    assert sorted(path.name for path in tmp_path.iterdir()) == [rival.name]
    process.communicate("")
    take_shard()
    rival.write_text(f"{KILLED}\n")
    take_shard()
    assert rival.exists(), "it is another's to take over"


def test_the_lock_of_a_killed_run_is_taken_over_and_told(tmp_path):
    process = holding(tmp_path)
    process.kill()
    process.wait()
    (said,) = take(tmp_path)
    assert said.startswith("lab:lab as PlanBot: took over the lock of run run-1 by ")
    assert said.endswith("which has died.")


def test_the_lock_of_a_run_that_was_killed_on_another_host_is_taken_over_and_told(tmp_path):
    left(tmp_path)
    assert take(tmp_path) == [
        f"lab:lab as PlanBot: took over the lock of {KILLED}, which has died."
    ]


@pytest.mark.parametrize("data", [b"", b"\n"])
def test_a_run_that_was_killed_before_it_wrote_its_name_holds_nobody_up(tmp_path, data):
    left(tmp_path).write_bytes(data)
    assert take(tmp_path) == []


def test_a_lock_file_that_holds_no_text_is_no_obstacle(tmp_path):
    left(tmp_path).write_bytes(b"\xff")
    assert take(tmp_path) == ["lab:lab as PlanBot: took over the lock of \ufffd, which has died."]


# Other machines, which may share the folder


def signed_elsewhere(path: Path, age: timedelta) -> None:
    """Leave what a run on another machine signed, whose last heartbeat was so long ago."""
    holder = filelock.Holder("run-1", "ada", "pod-1", 5, "another kernel", "2021-07-01T12:00:00Z")
    path.parent.mkdir(exist_ok=True)
    path.write_text(holder.as_json())
    then = time.time() - age.total_seconds()
    os.utime(path, (then, then))


ALIVE, DEAD = filelock.EXPIRY / 2, filelock.EXPIRY * 2


def test_a_run_on_another_machine_holds_the_lock_while_its_heart_beats(tmp_path):
    """Also where the file system keeps the locks of each machine to itself."""
    path = files.lock_path(tmp_path, "lab:lab", "PlanBot")
    signed_elsewhere(path, ALIVE)
    told, free = refused(tmp_path).rsplit(" a run after ", 1)
    assert told == (
        f"lab:lab as PlanBot: {KILLED.replace('elsewhere', 'pod-1')} is writing; nothing was "
        "written: wait until it ends, or end it; if it was killed,"
    )
    until = datetime.fromisoformat(free.removesuffix(" takes the lock over"))
    assert timedelta() < until - datetime.now(UTC) <= filelock.EXPIRY
    signed_elsewhere(path, DEAD)
    assert take(tmp_path) == [
        f"lab:lab as PlanBot: took over the lock of {KILLED.replace('elsewhere', 'pod-1')}, which "
        "has died."
    ]


def test_a_lock_that_a_machine_left_which_is_gone_is_taken_over_and_its_run_writes_no_more(
    tmp_path, monkeypatch
):
    """The file system may keep a lock for a machine that never comes back, or one that sleeps."""
    said: list[str] = []
    with filelock.held(tmp_path, "lab:lab", "PlanBot", "run-1", print) as first:
        first.check()
        monkeypatch.setattr(filelock, "machine", lambda: "another kernel")
        assert "run run-1 by " in refused(tmp_path)
        os.utime(first.path, (0, 0))
        with filelock.held(tmp_path, "lab:lab", "PlanBot", "run-2", said.append) as second:
            second.check()
            with pytest.raises(
                Stop, match=r"^lab:lab as PlanBot: run run-2 by .* took the"
            ) as stop:
                first.check()
            assert stop.value.code == "lock-lost"
            assert second.killed and second.killed.run == "run-1"
    assert len(said) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_heart_beats_while_a_run_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(filelock, "BEAT_SECONDS", 0.001)
    with filelock.held(tmp_path, "lab:lab", "PlanBot", "run-1", print) as lock:
        os.utime(lock.path, (0, 0))
        while not lock.path.stat().st_mtime:
            time.sleep(0.001)
    assert "heartbeat" not in {thread.name for thread in threading.enumerate()}


def test_the_lock_of_another_run_stays_when_ours_ends(tmp_path):
    """On a file system without locks between machines both have the same file open."""
    with filelock.held(tmp_path, "lab:lab", "PlanBot", "run-1", print) as lock:
        signed_elsewhere(lock.path, ALIVE)
        with pytest.raises(Stop, match="took the lock over"):
            lock.check()
    assert lock.path.exists()


@pytest.mark.parametrize("text", ["", "{}", "[1]", "5", '{"run": 5}', "run 5 by ada", '"run"'])
def test_a_text_that_names_no_run_is_nobodys(text):
    assert filelock.Holder.read(text) is None


def test_a_holder_is_read_as_it_was_written():
    holder = filelock.Holder.of("run-1")
    assert filelock.Holder.read(holder.as_json(seen="now")) == holder


def test_where_the_holder_cannot_be_read_the_lock_holds_all_the_same(tmp_path):
    process = holding(tmp_path)
    files.lock_path(tmp_path, "lab:lab", "PlanBot").write_text("")
    assert refused(tmp_path) == (
        "lab:lab as PlanBot: another run is writing; nothing was written: wait until it ends, or "
        "end it"
    )
    process.communicate("")


def test_a_file_system_without_locks_is_told(tmp_path, monkeypatch):
    def no_locks(file: object, flags: int) -> None:  # as NFS without its lock service answers
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(portalocker.portalocker, "LOCKER", no_locks)
    with pytest.raises(WikiplanError) as refused:
        take(tmp_path)
    assert str(refused.value) == (
        f"{files.lock_path(tmp_path, 'lab:lab', 'PlanBot')}: the file system there gives no locks "
        "([Errno 37] No locks available), so nothing was written; for a site set XDG_STATE_HOME "
        "to a directory on a local disk, and move a folder wiki to one"
    )


def test_the_lock_is_given_back_when_the_run_fails(tmp_path):
    with pytest.raises(ValueError, match="broken"), filelock.held(tmp_path, "a", "b", "c", print):
        raise ValueError("broken")
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_that_took_the_place_of_ours_is_not_removed(tmp_path):
    with filelock.held(tmp_path, "lab:lab", "PlanBot", "run-2", print):
        files.lock_path(tmp_path, "lab:lab", "PlanBot").unlink()
        path = left(tmp_path)
    assert path.exists()


def test_a_cleared_folder_is_no_mistake_of_the_run(tmp_path):
    with filelock.held(tmp_path / "state", "lab:lab", "PlanBot", "run-2", print):
        shutil.rmtree(tmp_path / "state")
    assert list(tmp_path.iterdir()) == []


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
            command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE,
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
    with filelock.held(folder, "folder:wiki", "wikiplan", "run-1", print):
        done = script("plan_update", "-always", f"-wiki:{tmp_path / 'wiki'}", directory=tmp_path)
    assert (done.status, done.report["outcome"]) == (1, "failed")
    assert done.report["error"].startswith("folder:wiki as wikiplan: run run-1 by ")
    assert not list((tmp_path / "wiki").glob("*.wiki"))
    done = script("plan_update", "-always", f"-wiki:{tmp_path / 'wiki'}", directory=tmp_path)
    ours = ("folder%3Awiki_wikiplan.journal", "folder%3Awiki_wikiplan.memory")
    kept = sorted((*ours, "history.sqlite", "loaded.cache"))
    assert (done.status, sorted(path.name for path in folder.iterdir())) == (0, kept)
