"""Shards have an account's rate of edits together: each waits longer between two of its own."""

from __future__ import annotations

import pytest
from pywikibot import config
from pywikibot.throttle import Throttle

from wikiplan.wiki import site


@pytest.fixture
def throttle(monkeypatch: pytest.MonkeyPatch) -> Throttle:
    """Pywikibot's, of a configuration with 10 seconds between edits and 60 at most."""
    monkeypatch.setattr(config, "put_throttle", 10)
    monkeypatch.setattr(config, "maxthrottle", 60)
    return Throttle("")


@pytest.mark.parametrize(("shards", "seconds"), [(2, 20), (20, 200)])
def test_each_of_so_many_shards_waits_so_many_times_longer(throttle, shards, seconds):
    assert throttle.get_delay(write=True) == 10
    site._share_the_rate(throttle, shards)
    assert throttle.get_delay(write=True) == seconds


def test_other_processes_of_the_machine_do_not_count_a_second_time(throttle):
    throttle.process_multiplicity = 20
    throttle.checktime = 0  # long ago: it would count them anew
    site._share_the_rate(throttle, 20)
    assert throttle.get_delay(write=True) == 200


def test_reading_does_not_wait_longer(throttle):
    before = throttle.get_delay(write=False)
    site._share_the_rate(throttle, 20)
    assert throttle.get_delay(write=False) == before


def test_no_wait_stays_none(throttle, monkeypatch):
    monkeypatch.setattr(config, "put_throttle", 0)
    site._share_the_rate(throttle, 20)
    assert throttle.get_delay(write=True) == 0
