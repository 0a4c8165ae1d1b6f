"""plan_calendar and plan_announce on a folder wiki; the owner's page about them runs as scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support import eventcases
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from wikiplan.cli import channelwork, undowork
from wikiplan.errors import WikiplanError
from wikiplan.l10n import parse_time
from wikiplan.report import ExitStatus
from wikiplan.session.options import Form
from wikiplan.wiki.folder import Folder

EVENTS = """\
  - key: plans
    start: 2021-07-15T18:00
    zone: Europe/Berlin
    topic: {text: The annual plans}
  - {key: weekly, start: 2021-07-01T16:00Z, repeats: FREQ=WEEKLY;COUNT=3}"""
PAGE = "Community Resilience and Sustainability/Calendar"
CALENDAR = f"calendar: {{id: crs, page: {PAGE}}}\n"
TALK = 'talk-pages: [{page: "Talk:A"}, {page: "Talk:B", language: de}, {page: "Talk:C"}]\n'
SECOND = "20210702T000000Z-def456"


def with_plan(directory: Path, more: str = "") -> OwnRun:
    eventcases.with_events(directory, EVENTS, more)
    return OwnRun(directory)


def reasons(run: Any) -> dict[str, str]:
    return {page["title"]: page["reason"] for page in run.report.pages}


def test_calendars_go_into_a_folder_and_stay_until_something_changes(tmp_path: Path):
    own, out = with_plan(tmp_path, CALENDAR), tmp_path / "calendars"
    assert channelwork.calendar(own.run(out=out)) is ExitStatus.DONE
    assert own.said[0] == f"{out}/events.en.ics: made"
    assert (out / "events.en.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    channelwork.calendar(own.run(out=out, now=parse_time("2021-07-01T01:00Z")))
    assert own.said[-1] == "The calendars are in step with the plan."


def test_calendars_go_onto_pages_and_one_that_people_edited_is_left_alone(tmp_path: Path):
    own = with_plan(tmp_path, CALENDAR)
    assert channelwork.calendar(own.run(always=True)) is ExitStatus.DONE
    people, title = FolderPeople(tmp_path / "wiki"), f"{PAGE}/events.en.ics"
    assert people.text(title).startswith("BEGIN:VCALENDAR\nVERSION:2.0\n")
    later = own.run(SECOND, always=True, now=parse_time("2021-07-01T01:00Z"))
    assert channelwork.calendar(later) is ExitStatus.DONE
    assert [page["action"] for page in later.report.pages] == ["none"] * 7
    people.edit(title, people.text(title).replace("annual", "yearly"))
    again = own.run(SECOND, always=True)
    assert channelwork.calendar(again) is ExitStatus.FAILED
    assert "somebody edited it" in reasons(again)[title]
    assert "yearly" in people.text(title)


@pytest.mark.parametrize(
    ("command", "options", "more", "told"),
    [
        ("calendar", {}, "",
         "office-hours.yaml says nothing of calendars; write “calendar: {id: NAME}” there"),
        ("calendar", {}, "calendar: {id: crs}\n", "where to? say -out:DIR, or name a page in"),
        ("announce", {}, "", "which event? give its key from office-hours.yaml"),
        ("announce", {"words": ("plan",)}, "", "has no event “plan”; did you mean “plans”?"),
        ("announce", {"words": ("plans",), "post": True}, "",
         "names no pages; list them under “talk-pages:”"),
        ("announce", {"words": ("plans",), "post": True, "now": parse_time("2021-07-15T17:00Z")},
         TALK, "plans is over; nothing is announced"),
        ("announce",
         {"words": ("weekly-2021-07-01",), "post": True, "now": parse_time("2021-07-02T00:00Z")},
         TALK, "weekly-2021-07-01 is over; nothing is announced"),
    ],
)  # fmt: skip
def test_what_is_missing_misspelt_or_over_is_told(
    tmp_path: Path, command: str, options: dict[str, Any], more: str, told: str
):
    own = with_plan(tmp_path, more)
    with pytest.raises(WikiplanError) as refused:
        getattr(channelwork, command)(own.run(**options))
    assert told in str(refused.value)


def test_an_event_is_announced_in_the_wanted_languages_and_forms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    own, out = with_plan(tmp_path), tmp_path / "out"
    channelwork.announce(own.run(words=("plans",), language=("de",), as_=Form.WIKITEXT))
    shown = capsys.readouterr().out + own.shown.getvalue()
    assert '== Einladung: <span lang="en" dir="ltr">The annual plans</span> ==' in shown
    channelwork.announce(own.run(words=("plans",), out=out))
    assert len(list(out.iterdir())) == 7 * 3
    text = (out / "plans.en.md").read_text(encoding="utf-8")
    assert text.startswith("## Invitation: The annual plans\n")


def test_an_announcement_is_put_onto_talk_pages_once_and_taken_back(tmp_path: Path):
    own, people = with_plan(tmp_path, TALK), FolderPeople(tmp_path / "wiki")
    for page in ("Talk:A", "Talk:B"):
        people.edit(page, "Hello.")
    for _ in range(2):
        run = own.run(words=("plans",), post=True, always=True)
        assert channelwork.announce(run) is ExitStatus.FAILED, "one page is not there"
        assert "does not exist" in reasons(run)["Talk:C"]
    assert "== Invitation: " in people.text("Talk:A")
    assert "== Einladung: " in people.text("Talk:B")
    assert people.text("Talk:A").count("wikiplan:begin announcement-plans ") == 1
    newest = Folder(tmp_path / "wiki").history(0, "Talk:A", 0)[0]
    posted = newest.summary.partition("[run ")[2].rstrip("]")
    undowork.undo(own.run(SECOND, words=(posted,), always=True))
    assert people.text("Talk:A").strip() == "Hello."
    again = own.run(words=("plans",), post=True, always=True)
    channelwork.announce(again)
    assert "posted already" in reasons(again)["Talk:A"]
