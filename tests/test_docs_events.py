"""What the owner's page about events shows is done in its order, and the wiki follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.people import FolderPeople
from tests.support.running import script
from tests.test_docs import FENCE, blocks, desk, example, previewed_and_updated, text_of

__all__ = ["desk", "example"]

EVENTS = "docs/owner/events.md"
MORE = re.compile(r"# more of (data/[\w.-]+)\n")


def add_as_shown(body: str, directory: Path) -> None:
    """Append a block of YAML to the file that its first line names."""
    found = MORE.match(body)
    assert found, body
    with (directory / found[1]).open("a", encoding="utf-8") as file:
        file.write(body[found.end() :])


def change_lines_as_shown(diff: str, directory: Path) -> None:
    """Replace the lines of a diff that go by those that come."""
    head, *lines = diff.splitlines()
    file = directory / head.removeprefix("--- ")
    old, new = (
        "".join(f"{line[1:]}\n" for line in lines if line[0] == sign) for sign in ("-", "+")
    )
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def section_of(name: str, heading: str) -> str:
    return text_of(name).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.fixture
def with_words(desk: Path) -> Path:
    """The desk with the words that the page says to take."""
    add_as_shown(blocks(EVENTS, "yaml")[0], desk)
    return desk


def test_an_event_moves_as_the_page_says(with_words: Path):
    assert script("plan_update", "-wiki:wiki", "-always", directory=with_words).status == 0
    shown = dict(FENCE.findall(section_of(EVENTS, "An event moves")))
    change_lines_as_shown(shown["diff"], with_words)
    assert previewed_and_updated(with_words) == [2, 0, 0]
    page = (with_words / "wiki" / "Department of Gardens.wiki").read_text(encoding="utf-8")
    assert shown["wikitext"] in page


def test_a_series_is_sound_as_the_page_shows_it(with_words: Path):
    (series,) = (body for body in blocks(EVENTS, "yaml") if "repeats" in body)
    add_as_shown(f"# more of data/office-hours.yaml\n{series}", with_words)
    checked = script("plan_check", directory=with_words)
    assert (checked.status, checked.err) == (0, "")


def test_a_page_per_event_turns_from_invitation_to_notes(with_words: Path):
    shown = dict(FENCE.findall(section_of(EVENTS, "A page per event")))
    add_as_shown(shown["yaml"], with_words)
    assert shown["console"].split() == ["$", "plan_preview", "$", "plan_update"]
    page = with_words / "wiki" / "Department of Gardens" / "Events" / "2021-07.wiki"
    texts = []
    for now in ("2021-07-01T00:00Z", "2021-07-15T17:00Z"):
        done = script("plan_update", "-wiki:wiki", "-always", f"-now:{now}", directory=with_words)
        assert done.status == 0, done.out + done.err
        texts.append(page.read_text(encoding="utf-8"))
    assert "your local time" in texts[0] and "Notes will follow here." not in texts[0]
    assert "your local time" not in texts[1] and "Notes will follow here." in texts[1]


# Calendars and announcements.


ANNOUNCING = "docs/owner/announcing.md"
AT_THE_TOP = re.compile(r"# at the top of (data/[\w.-]+)\n")


def begin_as_shown(body: str, directory: Path) -> None:
    """Put a block of YAML before the rest of the file that its first line names."""
    found = AT_THE_TOP.match(body)
    assert found, body
    file = directory / found[1]
    file.write_text(body[found.end() :] + file.read_text(encoding="utf-8"), encoding="utf-8")


def runs_as_shown(shown: str, directory: Path, *more: str) -> None:
    """Run a command and hold what it prints to what the page shows."""
    command, _, told = shown.partition("\n")
    name, *words = command.removeprefix("$ ").split()
    done = script(name, *words, "-wiki:wiki", "-now:2021-07-01T00:00Z", *more, directory=directory)
    assert done.status == 0, done.out + done.err
    assert done.out.startswith(told.rstrip("\n")), done.out


@pytest.fixture
def with_all_words(with_words: Path) -> Path:
    add_as_shown(next(b for b in blocks(ANNOUNCING, "yaml") if "everybody" in b), with_words)
    return with_words


def test_calendars_are_written_as_the_page_shows(with_all_words: Path):
    shown = dict(FENCE.findall(section_of(ANNOUNCING, "Calendars")))
    begin_as_shown(shown["yaml"], with_all_words)
    runs_as_shown(shown["console"], with_all_words)


def test_an_event_is_announced_as_the_page_shows(with_all_words: Path):
    runs_as_shown(blocks(ANNOUNCING, "console")[1], with_all_words)


def test_an_event_is_announced_on_talk_pages_as_the_page_says(with_all_words: Path):
    begin_as_shown(section_yaml("On talk pages"), with_all_words)
    people = FolderPeople(with_all_words / "wiki")
    for page in ("Talk:Department of Gardens", "Talk:Gärten"):
        people.edit(page, "Talk.")
    runs_as_shown(f"{blocks(ANNOUNCING, 'console')[2].strip()} -always", with_all_words)
    texts = [people.text(page) for page in ("Talk:Department of Gardens", "Talk:Gärten")]
    assert [text.count("wikiplan:begin announcement-2021-07 ") for text in texts] == [1, 1]
    assert all("Watering in summer" in text for text in texts)


def section_yaml(heading: str) -> str:
    return dict(FENCE.findall(section_of(ANNOUNCING, heading)))["yaml"]
