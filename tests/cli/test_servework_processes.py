"""Desks as processes of their own: several of one plan, and how they end."""

from __future__ import annotations

import json
import re
import signal
import socket
import stat
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread

import pytest

from tests.support import smallplan
from tests.support.desk import Serving, serving

pytestmark = pytest.mark.heavy
ANOTHER = re.compile(
    r"Another desk of this plan is open since \S+Z, by .+ on .+ \(process (\d+)\)\. "
)
PLAN = {"title": "Plan", "language": "en"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan, for desks whose state is kept beside it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"})


def told(desk: Serving) -> set[int]:
    """Return the processes of other desks that a desk names when it begins."""
    desk.get("")  # it answers when it has said everything
    return {int(number) for number in ANOTHER.findall(desk.said)}


def kept(place: Path) -> list[Path]:
    return [*(place / "state").rglob("desk-*")]


def test_a_second_desk_of_the_plan_names_the_first_and_both_work(place: Path):
    with serving(place, "first") as first, serving(place, "second") as second:
        assert (told(first), told(second)) == (set(), {first.process.pid})
        form = {**PLAN, "place": "a:body/text", "value": "Other words.", "do": "save"}
        version = re.search(r'name="version" value="(.*?)"', first.get("edit", **form))
        assert version, first.get("edit", **form)
        assert "Other words." in first.post("value", {**form, "version": version[1]})
        assert "Other words." in second.get("parts", **PLAN)
        tokens = [each.address.rpartition("/")[0].rpartition("/")[2] for each in (first, second)]
        for path in kept(place):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert not any(token in path.read_text() for token in tokens)
        assert len(kept(place)) == 2
        first.process.send_signal(signal.SIGINT)
        assert (first.ended(), len(kept(place))) == (0, 1)


def test_a_desk_that_was_killed_is_open_no_more_and_keeps_no_other_from_beginning(place: Path):
    with serving(place, "first") as first, serving(place, "second") as second:
        assert told(second) == {first.process.pid}
        first.process.kill()
        first.ended()
        with serving(place, "third") as third:
            assert told(third) == {second.process.pid}
            assert len(kept(place)) == 2


def test_of_desks_that_begin_at_once_the_later_ones_name_the_earlier(place: Path):
    names = [f"desk{number}" for number in range(3)]
    with ExitStack() as until_the_end:
        desks = [until_the_end.enter_context(serving(place, name)) for name in names]
        known = {each.process.pid: told(each) for each in desks}
        for one in known:
            for other in known.keys() - {one}:
                assert one in known[other] or other in known[one]


def test_a_desk_of_another_plan_is_none_of_this_one(place: Path, tmp_path: Path):
    other = smallplan.write(tmp_path / "other", {"a": "Text."})
    with serving(place), serving(other) as second:
        assert told(second) == set()


def test_where_no_state_can_be_kept_it_works_without(place: Path):
    (place / "state").write_text("")
    with serving(place) as desk:
        assert told(desk) == set()


def meanwhile(do: Callable[[], object]) -> None:
    """Ask for something, whatever becomes of the answer."""

    def run() -> None:
        with suppress(OSError):
            do()

    Thread(target=run, daemon=True).start()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_while_a_page_is_rendered_and_tabs_are_open(number: signal.Signals, place: Path):
    asked, pandoc = place / "asked", place / "pandoc"
    pandoc.write_text(f"#!/bin/sh\ntouch {asked}\nwhile [ -e {asked} ]; do sleep 0.1; done\n")
    pandoc.chmod(0o755)
    before = {path: path.read_bytes() for path in (place / "data").rglob("*.*")}
    with serving(place, PYPANDOC_PANDOC=str(pandoc)) as desk:
        tabs = [socket.create_connection(desk.place) for _ in range(3)]  # type: ignore[arg-type]
        for tab in tabs:
            path = desk.address.partition(str(desk.place[1]))[2]
            tab.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert tab.recv(12) == b"HTTP/1.1 200"
        meanwhile(lambda: desk.get("frame", **PLAN))
        while not asked.exists():
            time.sleep(0.02)
        meanwhile(lambda: desk.get("parts", **PLAN))  # waits for the page
        desk.process.send_signal(number)
        start = time.monotonic()
        assert desk.ended() == 0
        print(f"{number.name}: ended after {time.monotonic() - start:.2f} s")
        lines = desk.said.splitlines()
        assert lines[0].startswith("The desk: ") and len(lines) == 2, desk.said
        assert json.loads(desk.report.read_text())["outcome"] == "nothing"
        for tab in tabs:
            tab.close()
    assert before == {path: path.read_bytes() for path in (place / "data").rglob("*.*")}
    asked.unlink()
