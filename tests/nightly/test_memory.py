"""What is remembered from night to night, and what becomes of it when it is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.nightly.test_messages import BROKEN, EDITED, MARK, SINCE
from wikiplan.nightly import memory
from wikiplan.nightly.memory import MOST_RUNS, Memory, PastEdit, PastRun
from wikiplan.nightly.waiting import Kind
from wikiplan.value import replace

NIGHT = datetime(2021, 7, 1, 4, tzinfo=UTC)
RUN = PastRun("RUN", NIGHT, NIGHT + timedelta(minutes=3), "done", (PastEdit("Plan", 8, "lab:lab"),))
WHOLE = Memory((EDITED,), {"talk Talk:A": {"edits-1": NIGHT}}, (RUN,), NIGHT, {"data/a.po": "ab"})


def test_what_is_written_is_read_again(tmp_path: Path):
    path = tmp_path / "state" / "nights.json"
    memory.write(path, WHOLE)
    assert memory.read(path) == WHOLE
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_missing_or_damaged_counts_as_nothing(tmp_path: Path):
    (tmp_path / "damaged").write_text('{"waiting": [{')
    (tmp_path / "other").write_text('{"waiting": [], "more": 1}')
    for name in ("missing", "damaged", "other"):
        assert memory.read(tmp_path / name) == Memory()


def test_each_plan_has_a_file_of_its_own(tmp_path: Path):
    one, other = (memory.path_of(tmp_path, tmp_path / name) for name in "ab")
    assert one != other
    assert one == memory.path_of(tmp_path, tmp_path / "b" / ".." / "a")


def test_a_thing_waits_since_it_was_first_found():
    tonight = replace(EDITED, since=NIGHT)
    assert WHOLE.since([tonight, replace(MARK, since=NIGHT)]) == (
        replace(EDITED, since=SINCE),
        replace(MARK, since=NIGHT),
    )


def test_what_nobody_looked_at_tonight_still_waits_but_not_what_broke_a_run_off():
    at = {"lab:lab", ""}
    marking, refused = (
        replace(MARK, site="lab:lab"),
        replace(BROKEN, kind=Kind.REFUSED, key="refused-1"),
    )
    known = Memory((EDITED, marking, BROKEN, refused))
    assert known.still([], at) == (EDITED, marking, refused)
    assert known.still([EDITED, refused], at) == (marking,)
    assert known.still([], {"other:other"}) == ()


def test_of_what_is_done_nobody_needs_to_know_more():
    told = {"talk Talk:A": {"edits-1": NIGHT, "marking-1": NIGHT}}
    after = replace(WHOLE, told=told).after((MARK,), replace(RUN, run="NEXT"))
    assert after.told == {"talk Talk:A": {"marking-1": NIGHT}}
    assert [each.run for each in after.runs] == ["NEXT", "RUN"]
    assert len(replace(WHOLE, runs=(RUN,) * MOST_RUNS).after((), RUN).runs) == MOST_RUNS
