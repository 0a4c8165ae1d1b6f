"""plan_calendar and plan_announce, run as a person does, on a folder wiki."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import eventcases
from tests.support.people import FolderPeople
from tests.support.running import script

EVENTS = """\
  - key: plans
    start: 2021-07-15T18:00
    zone: Europe/Berlin
    topic: {text: The annual plans}
  - {key: weekly, start: 2021-07-01T16:00Z, repeats: FREQ=WEEKLY;COUNT=3}"""
PAGE = "Community Resilience and Sustainability/Calendar"
CALENDAR = f"calendar: {{id: crs, page: {PAGE}}}\n"
TALK = 'talk-pages: [{page: "Talk:A"}, {page: "Talk:B", language: de}, {page: "Talk:C"}]\n'


def run(name: str, *words: str, directory: Path, now: str = "2021-07-01T00:00Z"):
    return script(name, *words, "-wiki:wiki", f"-now:{now}", directory=directory)


def with_plan(directory: Path, more: str = "") -> Path:
    eventcases.with_events(directory, EVENTS, more)
    return directory


def test_calendars_go_into_a_folder_or_onto_pages_and_stay_until_something_changes(tmp_path: Path):
    with_plan(tmp_path, CALENDAR)
    first = run("plan_calendar", "-out:calendars", directory=tmp_path)
    assert first.status == 0, first.err
    assert first.out.splitlines()[0] == "calendars/events.en.ics: made"
    file = tmp_path / "calendars" / "events.en.ics"
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    again = run("plan_calendar", "-out:calendars", directory=tmp_path, now="2021-07-01T01:00Z")
    assert again.out.splitlines()[0] == "The calendars are in step with the plan."
    pages = run("plan_calendar", "-always", directory=tmp_path)
    assert pages.status == 0, pages.err
    page = FolderPeople(tmp_path / "wiki").text(f"{PAGE}/events.en.ics")
    assert f"{page}\n".encode().replace(b"\n", b"\r\n") == file.read_bytes()
    later = run("plan_calendar", "-always", directory=tmp_path, now="2021-07-01T01:00Z")
    assert later.report["outcome"] == "nothing"


def test_a_calendar_that_people_edited_is_left_alone_and_told(tmp_path: Path):
    with_plan(tmp_path, CALENDAR)
    run("plan_calendar", "-always", directory=tmp_path)
    people, title = FolderPeople(tmp_path / "wiki"), f"{PAGE}/events.en.ics"
    people.edit(title, people.text(title).replace("annual", "yearly"))
    done = run("plan_calendar", "-always", directory=tmp_path)
    assert (done.status, done.actions[title]) == (1, "refused")
    assert "somebody edited it" in done.reasons[title]
    assert "yearly" in people.text(title)


@pytest.mark.parametrize(
    ("command", "words", "more", "told"),
    [
        ("plan_calendar", [], "",
         "office-hours.yaml says nothing of calendars; write “calendar: {id: NAME}” there"),
        ("plan_calendar", [], "calendar: {id: crs}\n", "where to? say -out:DIR, or name a page in"),
        ("plan_announce", [], "", "which event? give its key from office-hours.yaml"),
        ("plan_announce", ["plan"], "", "has no event “plan”; did you mean “plans”?"),
        ("plan_announce", ["plans", "-post"], "", "names no pages; list them under “talk-pages:”"),
        ("plan_announce", ["plans", "-as:html"], "",
         "-as:html: no such form; there are wikitext, text, markdown"),
    ],
)  # fmt: skip
def test_what_is_missing_or_misspelt_is_told(
    tmp_path: Path, command: str, words: list[str], more: str, told: str
):
    done = run(command, *words, directory=with_plan(tmp_path, more))
    assert done.status == 1
    assert told in done.err


def test_an_event_is_announced_in_the_wanted_languages_and_forms(tmp_path: Path):
    with_plan(tmp_path)
    done = run("plan_announce", "plans", "-language:de", "-as:wikitext", directory=tmp_path)
    assert done.out.startswith('== Einladung: <span lang="en" dir="ltr">The annual plans</span> ==')
    files = run("plan_announce", "plans", "-out:out", directory=tmp_path)
    assert files.status == 0
    assert len(list((tmp_path / "out").iterdir())) == 7 * 3
    text = (tmp_path / "out" / "plans.en.md").read_text(encoding="utf-8")
    assert text.startswith("## Invitation: The annual plans\n")


def test_an_announcement_is_put_onto_talk_pages_once_and_taken_back(tmp_path: Path):
    with_plan(tmp_path, TALK)
    people = FolderPeople(tmp_path / "wiki")
    for page in ("Talk:A", "Talk:B"):
        people.edit(page, "Hello.")
    for status in (1, 1):  # one of the three is not there
        done = run("plan_announce", "plans", "-post", "-always", directory=tmp_path)
        assert done.status == status
        assert done.actions["Talk:C"] == "refused"
    assert "== Invitation: " in people.text("Talk:A")
    assert "== Einladung: " in people.text("Talk:B")
    assert people.text("Talk:A").count("wikiplan:begin announcement-plans ") == 1
    undone = run("plan_undo", first_run(people), "-always", directory=tmp_path)
    assert undone.status == 0, undone.out + undone.err
    assert people.text("Talk:A").strip() == "Hello."
    again = run("plan_announce", "plans", "-post", "-always", directory=tmp_path)
    assert "announced already" in again.reasons["Talk:A"]


def first_run(people: FolderPeople) -> str:
    from wikiplan.wiki.folder import Folder

    newest = Folder(people.directory).history(0, "Talk:A", 0)[0]
    return newest.summary.partition("[run ")[2].rstrip("]")


def test_nothing_is_announced_that_is_over(tmp_path: Path):
    with_plan(tmp_path, TALK)
    over = run("plan_announce", "plans", "-post", directory=tmp_path, now="2021-07-15T17:00Z")
    assert (over.status, "plans is over; nothing is announced" in over.err) == (1, True)
    first = run("plan_announce", "weekly", "-post", directory=tmp_path, now="2021-07-02T00:00Z")
    assert "is over" not in first.err
    date = run(
        "plan_announce", "weekly-2021-07-01", "-post", directory=tmp_path, now="2021-07-02T00:00Z"
    )
    assert "weekly-2021-07-01 is over" in date.err
