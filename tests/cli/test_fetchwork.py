"""plan_fetch with a real server, and with a page of a folder wiki."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from tests.support.sheets import CSV, Sheet, serving
from wikiplan.cli import fetchwork
from wikiplan.errors import Faults, WikiplanError
from wikiplan.plan import plan
from wikiplan.report import ExitStatus
from wikiplan.report.terminal import Terminal
from wikiplan.session.options import Allowance
from wikiplan.sources import Limits

HOURS = """\
# Ours.
heading: {text: Office hours}
goal: {text: Come and ask.}
events:
  - key: spring
    start: 2021-04-15T16:00
    zone: Europe/Berlin
    topic: {text: Seeds}
    ways: [ada]
"""
SOURCES = """\
office-hours:
  sheet: {address}/hours.csv
  rows: events
  columns: {{key: ID, start: Start, zone: Zone, topic.text: Topic}}
"""
HEAD = "ID,Start,Zone,Topic\n"
SPRING = "spring,2021-04-15T16:00,Europe/Berlin,{}\n"
LOCAL = (Allowance.LOCAL,)


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    with serving(Sheet(table("Seeds"))) as server:
        yield server


def table(*topics: str) -> bytes:
    rows = (SPRING.format(topic).replace("spring", f"spring{at or ''}", 1)
            for at, topic in enumerate(topics))  # fmt: skip
    return f"{HEAD}{''.join(rows)}".encode()


@pytest.fixture
def own(tmp_path: Path, sheet: Sheet) -> OwnRun:
    smallplan.write(tmp_path, {"a": "Text."})
    (tmp_path / "data" / "office-hours.yaml").write_text(HOURS)
    (tmp_path / "data" / "sources.yaml").write_text(SOURCES.format(address=sheet.address))
    return OwnRun(tmp_path)


def fetched(own: OwnRun, **options: Any) -> tuple[ExitStatus, dict[str, Any]]:
    run = own.run(**{"always": True, "allow": LOCAL} | options)
    status = fetchwork.fetch(run)
    return status, json.loads(run.report.as_json())


def hours(own: OwnRun) -> str:
    return (own.directory / "data" / "office-hours.yaml").read_text(encoding="utf-8")


def files_of(own: OwnRun) -> dict[str, bytes]:
    data = own.directory / "data"
    return {str(path): path.read_bytes() for path in data.rglob("*") if path.is_file()}


def test_a_row_that_changes_changes_its_item_and_nothing_else(own: OwnRun, sheet: Sheet):
    before = hours(own)
    sheet.body = table("Seeds & bulbs")
    status, report = fetched(own)
    assert status is ExitStatus.DONE
    assert hours(own) == before.replace("topic: {text: Seeds}", "topic: {text: Seeds & bulbs}")
    (entry,) = report["sources"]
    assert entry["file"].endswith("data/office-hours.yaml")
    assert {**entry, "file": ""} == {
        "file": "",
        "outcome": "done",
        "reason": "",
        "code": "",
        "gone": [],
    }
    assert [line for line in own.said if line[:1] in ("+", "-")] == [
        "-    topic: {text: Seeds}",
        "+    topic: {text: Seeds & bulbs}",
    ]
    assert plan.load(own.directory / "data").units["office-hours.spring.topic"].text == (
        "Seeds & bulbs"
    )


def test_a_sheet_that_is_as_it_was_is_not_sent_again(own: OwnRun, sheet: Sheet):
    sheet.headers = {**CSV, "ETag": '"v1"'}
    first, second = fetched(own), fetched(own)
    assert [status for status, _ in (first, second)] == [ExitStatus.DONE, ExitStatus.DONE]
    assert [report["outcome"] for _, report in (first, second)] == ["nothing", "nothing"]
    assert [asked.get("If-None-Match") for asked in sheet.asked] == [None, '"v1"']


IDS = (
    "slow-source", "huge-source", "no-answer-of-source", "uneven-row", "html-source",
    "html-for-csv", "no-time",
    "no-column", "source-without-rows", "unknown-variable", "http-status-of-source",
)  # fmt: skip
PUBLISH = "publish the sheet as CSV, and write the address that you are given"
BAD = {
    "slow": ({"trickle": True}, "127.0.0.1 gave no whole answer in 0.2 seconds; try again later"),
    "huge": (
        {"body": b"x" * (1024 * 1024 + 1)},
        "127.0.0.1 gives more than 1024 KiB; make several sheets of it",
    ),
    "truncated": ({"missing": 9}, "127.0.0.1: the answer was cut off; try again later"),
    "truncated by the sheet itself": (
        {"body": table("Seeds", "Leaves")[:-20]},
        "row 3 has 3 of 4 cells: it is cut off, or no CSV; look at it",
    ),
    "html": (
        {"headers": {"Content-Type": "text/html"}, "body": b"<!doctype html><title>Log in"},
        f"127.0.0.1 gives a web page and no sheet; {PUBLISH}",
    ),
    "html that says it is CSV": (
        {"body": b"<!doctype html><title>Log in"},
        "it is a web page and no sheet; publish the sheet as CSV",
    ),
    "a column less": (
        {"body": table("Seeds").replace(b"Topic", b"Topics")},
        "it has no column “Topic”; did you mean “Topics”?",
    ),
    "no rows": (
        {"body": HEAD.encode()},
        "it has no rows; to have none, take the source out of sources.yaml",
    ),
    "no sense": (
        {"body": table("Seeds", "Of $what?")},
        "row 3: events.spring1.topic.text: the variable $what is not defined; "
        "define it under “variables:” or in links.yaml ($$ is a dollar sign)",
    ),
    "no good time": (
        {"body": table("Seeds").replace(b"T16:00", b" 4pm")},
        "row 2: events.spring.start: “2021-04-15 4pm” is not a time; "
        "write it like 2021-07-15T16:00",
    ),
    "gone": (
        {"status": 404},
        f"127.0.0.1 answers with the HTTP status 404: there is nothing; {PUBLISH}",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_sheet_that_is_no_good_is_told_and_the_last_good_copy_stays(
    what: str, own: OwnRun, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
):
    change, told = BAD[what]
    for name, value in change.items():
        setattr(sheet, name, value)
    if sheet.trickle:
        monkeypatch.setattr(fetchwork, "Limits", lambda local: Limits(0.2, local=local))
    before = files_of(own)
    status, report = fetched(own)
    assert files_of(own) == before
    assert (status, report["sources"][0]["reason"]) == (ExitStatus.FAILED, told)
    assert report["sources"][0]["code"] in IDS
    assert f"{report['sources'][0]['file']}: the last good copy stays." in own.said


def test_a_sheet_that_loses_half_its_rows_waits_for_a_person(own: OwnRun, sheet: Sheet):
    sheet.body = table("Seeds", "Leaves", "Snow", "Ice")
    assert fetched(own)[0] is ExitStatus.DONE
    before = files_of(own)
    sheet.body = table("Seeds", "Leaves")
    status, report = fetched(own)
    assert (status, files_of(own) == before) == (ExitStatus.WAITING, True)
    (entry,) = report["sources"]
    assert (entry["outcome"], entry["gone"]) == ("waiting", ["events.spring2", "events.spring3"])
    assert "are gone; if that is meant, -allow:gone" in entry["reason"]
    assert fetched(own, always=False)[0] is ExitStatus.WAITING
    assert files_of(own) == before
    assert fetched(own, allow=(*LOCAL, Allowance.GONE))[0] is ExitStatus.DONE
    assert "spring2" not in hours(own)


@pytest.mark.parametrize("answer", [True, False])
def test_a_person_is_asked_and_told_what_is_gone(
    answer: bool, own: OwnRun, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
):
    sheet.body = table("Seeds", "Leaves")
    fetched(own)
    asked: list[str] = []
    monkeypatch.setattr(Terminal, "can_ask", True)
    monkeypatch.setattr(
        Terminal, "confirm", lambda _, question: bool(asked.append(question)) or answer
    )
    sheet.body = table("Seeds")
    status, _ = fetched(own, always=False)
    assert status is (ExitStatus.DONE if answer else ExitStatus.WAITING)
    assert ("spring1" in hours(own)) is not answer
    name = own.directory / "data" / "office-hours.yaml"
    assert asked == [
        f"{name}: 1 row or part of one is gone; if that is meant, -allow:gone. "
        f"Write {name}, without the 1 that are gone?"
    ]


def test_a_change_of_the_plan_s_own_copy_is_not_lost_unseen(own: OwnRun, sheet: Sheet):
    sheet.body = table("Bulbs")
    fetched(own)
    file = own.directory / "data" / "office-hours.yaml"
    file.write_text(
        hours(own).replace("Bulbs", "Bulbs of ours").replace("ways", "# Ways.\n    ways")
    )
    sheet.body = table("Bulbs of theirs")
    status, report = fetched(own)
    assert (status, "Bulbs of ours" in hours(own)) == (ExitStatus.WAITING, True)
    assert "the plan's copy was changed since it was fetched" in report["sources"][0]["reason"]
    assert fetched(own, allow=(*LOCAL, Allowance.CHANGED))[0] is ExitStatus.DONE
    assert "Bulbs of theirs" in hours(own)


def test_a_simulation_and_a_run_without_a_person_show_and_write_nothing(own: OwnRun, sheet: Sheet):
    sheet.body, before = table("Bulbs"), files_of(own)
    run = own.run(allow=LOCAL, simulate=True)
    run.report.preview = True
    assert fetchwork.fetch(run) is ExitStatus.PENDING
    assert "+    topic: {text: Bulbs}" in own.said
    assert fetched(own, always=False)[0] is ExitStatus.WAITING
    assert files_of(own) == before


LINKS = {
    "office": {"page": "Office", "title": "The office"},
    "ada": {"page": "User:Ada", "title": "Ada"},
}
PEOPLE = """\
office-hours:
  sheet: {address}/hours.csv
  rows: events
  columns: {{key: ID, start: Start, zone: Zone, host: {{column: Who, as: list}}}}
cards/staff:
  sheet: {address}/people.csv
  rows: cards
  columns: {{key: Who, person: Who}}
people:
  sheet: {address}/people.csv
  columns: {{key: Who, name.text: Name}}
"""
CARDS = "heading: {text: Staff}\ncards:\n  - {key: x, person: x}\n"


@pytest.mark.parametrize("simulate", [False, True])
def test_sources_that_need_each_other_are_taken_whatever_their_order(
    own: OwnRun, sheet: Sheet, simulate: bool
):
    data = own.directory / "data"
    (data / "sources.yaml").write_text(PEOPLE.format(address=sheet.address))
    (data / "cards").mkdir()
    (data / "cards" / "staff.yaml").write_text(CARDS)
    (data / "people.yaml").write_text("x: {name: {text: X}}\n")
    texts = {
        "/hours.csv": b"ID,Start,Zone,Who\nspring,2021-04-15T16:00,Europe/Berlin,ada\n",
        "/people.csv": b"Who,Name\nada,Ada Green\n",
    }
    sheet.answer = lambda path: (200, CSV, texts[path])
    allow = (*LOCAL, Allowance.GONE)
    _, report = fetched(own, simulate=simulate, always=not simulate, allow=allow)
    assert [each["outcome"] for each in report["sources"]] == ["done"] * 3
    assert ("Ada Green" in (data / "people.yaml").read_text()) is not simulate


def test_one_that_fails_keeps_none_of_the_others_from_being_done(own: OwnRun, sheet: Sheet):
    sources = own.directory / "data" / "sources.yaml"
    sources.write_text(
        f"grants: {{sheet: '{sheet.address}/none', rows: rounds, columns: {{key: ID}}}}\n"
        + SOURCES.format(address=sheet.address)
    )
    sheet.answer = lambda path: (404, {}, b"") if path == "/none" else (200, CSV, table("Bulbs"))
    status, report = fetched(own)
    assert status is ExitStatus.FAILED
    assert [each["outcome"] for each in report["sources"]] == ["failed", "done"]
    assert "Bulbs" in hours(own)
    assert any("grants.yaml: there is no copy yet." in line for line in own.said)


def test_a_page_of_the_wiki_is_a_source_and_its_revision_the_version(own: OwnRun):
    data, people = own.directory / "data", FolderPeople(own.directory / "wiki")
    (data / "sources.yaml").write_text(
        "office-hours: {page: Hours.json, rows: events,"
        " columns: {key: ID, start: Start, topic.text: Topic}}\n"
    )
    status, report = fetched(own)
    assert (status, report["sources"][0]["reason"]) == (
        ExitStatus.FAILED, "there is no such page; correct the title, or make the page",
    )  # fmt: skip
    people.edit("Hours.json", '[{"ID": "spring", "Start": "2021-04-15T16:00", "Topic": "Bulbs"}]')
    assert fetched(own)[0] is ExitStatus.DONE
    assert "Bulbs" in hours(own)
    assert fetched(own)[1]["outcome"] == "nothing"


def test_a_page_may_stand_on_another_wiki(own: OwnRun):
    (own.directory / "data" / "sources.yaml").write_text(
        'links: {page: "Data:Links.json", site: "commons:commons"}\n'
    )
    commons = FolderPeople(own.directory / "wiki" / "commons-commons")
    links = (own.directory / "data" / "links.yaml").read_text()
    commons.edit("Data:Links.json", json.dumps(LINKS))
    assert fetched(own)[0] is ExitStatus.DONE
    changed = (own.directory / "data" / "links.yaml").read_text()
    assert changed == links.replace("title: Office}", "title: The office}")


@pytest.mark.parametrize(
    ("words", "sources", "told"),
    [
        (("office-hour",), SOURCES, "has no source of office-hour; did you mean “office-hours”?"),
        ((), "{}\n", "names no sources; say there where data files come from"),
        ((), "office-hours: {rows: events}\n", "office-hours: has none of sheet, page; add one"),
    ],
)
def test_what_cannot_be_fetched_at_all_is_told(own: OwnRun, sheet, words, sources, told: str):
    text = sources.format(address=sheet.address) if "{address}" in sources else sources
    (own.directory / "data" / "sources.yaml").write_text(text)
    with pytest.raises((WikiplanError, Faults)) as error:
        fetched(own, words=words)
    assert told in str(error.value)
