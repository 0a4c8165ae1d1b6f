"""Announcements and calendars on a real wiki: kills at every request, and lost answers."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.runs.test_events import DEPARTMENT, HOURS, LINKS, labels
from tests.support.mediawiki import MediaWiki
from tests.support.proxy import Proxy
from tests.support.running import forked, script
from tests.support.samples import WHOLE

EVENT = {"key": "talk", "start": "2021-07-15T16:00Z", "topic": {"text": "Watering"}}
NOW = "-now:2021-07-01T00:00Z"
PAGES = 2
SITE = "lab:lab"


def plan(directory: Path, title: str) -> Path:
    """Write a plan with an event that is announced on talk pages of these titles."""
    data = directory / title / "data"
    data.mkdir(parents=True)
    pages = f"""
site: {SITE}
source-language: en
languages: [en]
pages:
  - title: {title}
    missing-page: create
    sections: [{{name: event, template: event, data: office-hours, item: talk}}]
"""
    texts = {"pages": pages, "department": DEPARTMENT, "links": LINKS, "labels": labels()}
    for name, text in texts.items():
        (data / f"{name}.yaml").write_text(text, encoding="utf-8")
    hours = {
        **HOURS,
        "talk-pages": [{"page": page} for page in talk_pages(title)],
        "events": [EVENT],
    }
    hours["calendar"] = {"id": "gardens", "page": f"{title}/Calendar"}
    with (data / "office-hours.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(hours, file)
    return directory / title


def talk_pages(title: str) -> list[str]:
    return [f"Talk:{title}/{number}" for number in range(PAGES)]


def posting(directory: Path) -> int:
    return forked("plan_announce", "talk", "-post", "-always", NOW, directory=directory)


@pytest.mark.wiki
def test_a_kill_at_any_request_leaves_one_section_on_each_page(
    mediawiki: MediaWiki, proxy: Proxy, site_of: Any, tmp_path: Path, title: str
):
    site_of()  # Pywikibot is loaded once, for all processes
    whole = plan(tmp_path, f"{title} whole")
    mediawiki.fill(dict.fromkeys(talk_pages(f"{title} whole"), "Hello."))
    script("plan_preview", NOW, directory=whole)  # logs in
    before = len(proxy.seen)
    assert os.waitpid(posting(whole), 0)[1] == 0, (whole / "out.txt").read_text()
    requests = len(proxy.seen) - before
    moments = [(number, when) for number in range(requests) for when in ("before", "after")]
    if not WHOLE:
        moments = moments[-5:-1:2]  # right before and after the last edit
    names = {moment: f"{title} {moment[0]} {moment[1]}" for moment in moments}
    mediawiki.fill({page: "Hello." for name in names.values() for page in talk_pages(name)})
    for moment, name in names.items():
        directory = plan(tmp_path, name)
        proxy.kill(partial(posting, directory), *moment)
        proxy.watch = lambda number, when: False
        for _ in range(2):
            assert os.waitpid(posting(directory), 0)[1] == 0, (directory / "out.txt").read_text()
        assert json.loads((directory / "report.json").read_text())["outcome"] == "nothing"
        for page in talk_pages(name):
            assert mediawiki.text(page).count("wikiplan:begin announcement-talk ") == 1
            assert len(mediawiki.history(page)) == 2


@pytest.mark.wiki
def test_a_calendar_is_on_the_wiki_as_it_was_written_and_stays_so(
    mediawiki: MediaWiki, site_of: Any, tmp_path: Path, title: str
):
    site_of()
    directory = plan(tmp_path, title)
    first = script("plan_calendar", "-always", NOW, directory=directory)
    assert first.status == 0, first.out + first.err
    page = f"{title}/Calendar/events.en.ics"
    text = mediawiki.text(page)
    assert text.startswith("BEGIN:VCALENDAR\nVERSION:2.0\n")
    assert text.endswith("\nEND:VCALENDAR")
    assert "\nURL:http://" in text
    again = script("plan_calendar", "-always", NOW, directory=directory)
    assert again.report["outcome"] == "nothing"
