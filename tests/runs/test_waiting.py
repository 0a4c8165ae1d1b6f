"""Waiting: a signal ends it, a wiki gets no more patience than it is given, a dead one little."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.proxy import Exchange, Fault, Proxy, Reply
from tests.support.running import script, started

pytestmark = pytest.mark.wiki

SECONDS = 40
"""What a run may take here that would wait for minutes otherwise; starting it takes some."""
LAGGING = {"code": "maxlag", "text": "Waiting for a database server."}


def asks_for(seconds: int) -> Fault:
    """Return a wiki whose databases lag, and that wants to be asked later."""
    headers = {"Content-Type": "application/json", "Retry-After": str(seconds)}

    def spoil(exchange: Exchange) -> Reply:
        answer = {"errors": [LAGGING], "requestid": exchange.asked.get("requestid", "")}
        return Reply(200, headers, json.dumps(answer).encode())

    return Fault("lag", spoil, reaches=False)


@pytest.fixture
def plan(tmp_path: Path, title: str) -> Path:
    made = "missing-page: create\nmissing-section: bottom"
    pages = {f"{title} {number}": made for number in range(10)}
    return smallplan.write(tmp_path, {"mission": "Our mission."}, pages)


def test_a_signal_ends_a_wait(mediawiki: MediaWiki, proxy: Proxy, plan: Path, title: str):
    proxy.fail("edit", asks_for(200))
    began = time.monotonic()
    with started("plan_update", "-always", "-brief", directory=plan) as run:
        while "edit" not in proxy.seen and time.monotonic() - began < SECONDS:
            time.sleep(0.05)
        time.sleep(1)
        run.terminate()
        done = run.done()
    assert time.monotonic() - began < SECONDS
    assert (done.status, done.report["outcome"]) == (1, "failed")
    assert set(done.reasons.values()) == {"not tried: interrupted by SIGTERM"}
    assert mediawiki.history(f"{title} 0") == []


def test_a_wiki_that_asks_for_too_much_patience_ends_the_run(
    mediawiki: MediaWiki, proxy: Proxy, plan: Path, title: str
):
    proxy.fail("edit", asks_for(200))
    done = script("plan_update", "-always", "-brief", "-patience:60", directory=plan)
    assert done.status == 1
    for reason in done.reasons.values():
        assert "lab:lab asks to be left alone for 200 seconds, and -patience: is 60" in reason
    assert proxy.seen.count("edit") == 1
    assert mediawiki.history(f"{title} 0") == []


def test_a_wiki_that_dies_keeps_a_run_of_ten_pages_waiting_as_long_as_one(
    mediawiki: MediaWiki, proxy: Proxy, plan: Path, title: str
):
    proxy.watch = lambda _number, _when: proxy.seen.count("edit") > 1
    began = time.monotonic()
    done = script("plan_update", "-always", "-brief", directory=plan)
    assert time.monotonic() - began < 2 * SECONDS
    assert (done.status, done.report["outcome"]) == (1, "failed")
    assert proxy.seen.count("edit") == 2
    assert mediawiki.history(f"{title} 0") != []
    assert done.actions[f"{title} 9"] == "failed"
    assert "Traceback" not in done.err
