"""A run's time is up, or somebody ends it: at once, or behind the edit at hand."""

from __future__ import annotations

import signal
import time

import pytest

from wikiplan.nightly.timelimit import TimeLimit
from wikiplan.session.command import interruptible


def test_a_run_ends_when_its_time_is_up():
    limit = TimeLimit(0.0001)
    with pytest.raises(KeyboardInterrupt), limit.kept():
        time.sleep(20)
    assert limit.why == "the run took the 0.0001 minutes that run.yaml gives it"


def test_what_is_being_written_is_brought_to_its_end():
    limit = TimeLimit(0.0001)
    with limit.kept(), interruptible() as interrupt:
        while not interrupt.reason:
            time.sleep(0.001)
    assert limit.reached


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_too(number: signal.Signals):
    limit = TimeLimit(5)
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), limit.kept():
        signal.raise_signal(number)
    assert limit.why == f"interrupted by {number.name}"
    assert signal.getsignal(number) is before
