"""Waiting: as long as is allowed, and not a moment longer than a signal takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from wikiplan.errors import Stop
from wikiplan.wiki import waits


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    yield
    waits.allow(waits.LONGEST_SECONDS)


def test_a_wait_lasts_as_long_as_it_is_told():
    began = time.monotonic()
    waits.wait(0.05)
    assert time.monotonic() - began >= 0.05


def test_a_long_wait_ends_with_the_run():
    reasons: list[str] = []
    threading.Timer(0.1, reasons.append, ["interrupted by SIGTERM"]).start()
    began = time.monotonic()
    with (
        waits.ended_by(lambda: "".join(reasons)),
        pytest.raises(Stop, match=r"^interrupted by SIGTERM$") as stopped,
    ):
        waits.wait(60)
    assert stopped.value.code == "interrupted"
    assert time.monotonic() - began < 60


def test_a_pause_between_two_questions_is_slept_to_its_end():
    with waits.ended_by(lambda: "interrupted by SIGINT"):
        waits.wait(0.01)


def test_nobody_ends_a_wait_when_the_run_is_over(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(waits, "SHORT_SECONDS", 0)
    with waits.ended_by(lambda: "interrupted by SIGINT"):
        pass
    waits.wait(0.01)


def test_a_wiki_that_asks_for_more_patience_than_there_is_ends_the_run():
    waits.check_allowed(300, "meta:meta")
    waits.allow(60)
    with pytest.raises(Stop) as stopped:
        waits.check_allowed(300, "meta:meta")
    assert (stopped.value.code, str(stopped.value)) == (
        "asked-to-wait",
        "meta:meta asks to be left alone for 300 seconds, and -patience: is 60; nothing more was "
        "sent: run again after that time",
    )
