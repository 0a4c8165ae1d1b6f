"""A page of a real wiki as the source of a data file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.running import script

HOURS = "heading: {text: Office hours}\ngoal: {text: Come.}\nevents: []\n"


@pytest.mark.wiki
def test_what_stands_on_a_page_is_taken_and_asked_for_once_a_revision(
    mediawiki: MediaWiki, site_of: Any, tmp_path: Path, title: str
):
    site_of()
    page = f"{title}.json"
    smallplan.write(tmp_path, {"a": "Text."})
    data = tmp_path / "data"
    (data / "office-hours.yaml").write_text(HOURS)
    (data / "sources.yaml").write_text(
        json.dumps({"office-hours": {"page": page, "rows": "events"}})
    )
    event = {"key": "spring", "start": "2021-07-15T16:00Z", "topic": {"text": "Café"}}
    mediawiki.edit(page, json.dumps([event]), contentmodel="json")
    first = script("plan_fetch", "-always", directory=tmp_path)
    assert (first.status, first.report["sources"][0]["outcome"]) == (0, "done"), (
        first.out + first.err
    )
    text = (data / "office-hours.yaml").read_text(encoding="utf-8")
    assert text.endswith(
        "events:\n  - key: spring\n    start: 2021-07-15T16:00Z\n    topic: {text: Café}\n"
    )
    again = script("plan_fetch", "-always", directory=tmp_path)
    assert (again.status, again.report["outcome"]) == (0, "nothing")
    mediawiki.edit(page, "[]", contentmodel="json")
    empty = script("plan_fetch", "-always", directory=tmp_path)
    assert (empty.status, "it has no rows" in empty.err) == (1, True)
    assert (data / "office-hours.yaml").read_text(encoding="utf-8") == text
