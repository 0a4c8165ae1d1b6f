"""Answers of the newest Translate, where they differ from those of 1.43.

They are recorded ones of 1.43, changed as the source of 1.46 and of 1.47.0-wmf.16 says: no server
of these versions ran here. Without high limits ``messagecollection`` gives 500 units a request, and
a message has its revision among its properties alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wikiplan.wiki.api import Site
from wikiplan.wiki.interface import Account, Recent
from wikiplan.wiki.rememberingsite import RememberingSite
from wikiplan.wiki.translate import Status
from wikiplan.wiki.translatememory import TranslateMemory

CASE = Path(__file__).parents[1] / "cases/translateanswers/27-collection-all-props.json"
MOST = 500
UNITS = 1200
WRITTEN = "2021-07-01T12:00:00Z"


class Newest:
    """A wiki with many units of one page; ``sent`` are the requests."""

    name = "lab:lab"
    query = Site.query
    _following = Site._following

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        answer = json.loads(CASE.read_text(encoding="utf-8"))["response"]["query"]
        self.message = next(m for m in answer["messagecollection"] if m["tags"] == ["fuzzy"])

    def changes_since(self, cursor: object, pages: object) -> Recent:
        return Recent(Account("PlanBot", frozenset()), None, None)

    def ask(self, **parameters: str) -> dict[str, Any]:
        self.sent.append(parameters)
        assert parameters["mclimit"] == parameters["gmclimit"] == "max"
        assert "revision" not in parameters["mcprop"].split("|")
        begin = int(parameters.get("mcoffset", "0"))
        numbers = range(begin, min(begin + MOST, UNITS))
        answer: dict[str, Any] = {
            "limits": {"messagecollection": MOST},
            "query": self._part(numbers),
        }
        if numbers.stop < UNITS:
            offset = str(numbers.stop)
            answer["continue"] = {"mcoffset": offset, "gmcoffset": offset, "continue": "-||"}
        return answer

    def _part(self, numbers: range) -> dict[str, Any]:
        titles = [f"Translations:Plan/u{number}/ar" for number in numbers]
        return {
            "metadata": {"state": "ready", "resultsize": UNITS, "remaining": UNITS - numbers.stop},
            "messagecollection": list(self._messages(titles)),
            "pages": [
                {"title": title, "revisions": [{"revid": 7, "timestamp": WRITTEN}]}
                for title in titles
            ],
        }

    def _messages(self, titles: list[str]) -> Iterator[dict[str, Any]]:
        for title in titles:
            yield self.message | {"key": title.split(":")[1].rpartition("/")[0], "title": title}


def test_a_page_of_more_units_than_a_request_gives_is_read_whole_and_in_order():
    wiki, memory = Newest(), TranslateMemory()
    site = RememberingSite(wiki, "MediaWiki 1.46.0", "https://x.org/w/index.php", memory)  # type: ignore[arg-type]
    memory.doubt("Plan")  # asked nothing but its units
    states = site.states("Plan", "ar")
    assert list(states) == [f"u{number}" for number in range(UNITS)]
    assert {state.status for state in states.values()} == {Status.OUTDATED}
    assert {state.revision for state in states.values()} == {2829}
    assert {state.written for state in states.values()} == {datetime(2021, 7, 1, 12, tzinfo=UTC)}
    assert site.review_state("Plan", "ar") == "ready"
    assert [request.get("mcoffset") for request in wiki.sent] == [None, "500", "1000"]
