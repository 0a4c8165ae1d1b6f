"""The board's page: the bot's part is kept, and what people write stays, on a real wiki too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.people import FolderPeople, Place
from wikiplan.errors import Refusal, Stop
from wikiplan.nightly.boardpage import BoardPage
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Edit, Saved
from wikiplan.wikitext import sections

RUN = "20210701T000000Z-abc123"


def save(place: Place, title: str, body: str, run: str = RUN, stop_page: str = "") -> int:
    page = BoardPage(place.wiki, title, run, stop_page)
    return page.save(lambda code: f"{body} ({code})", lambda code: f"Board [run {run}-board]")


def bodies(text: str) -> list[str]:
    return [sections.body_of(text, each) for each in sections.find(text)]


def test_the_board_is_made_and_brought_up_to_date_and_not_saved_without_need(
    place: Place, title: str
):
    assert save(place, title, "One.")
    assert not save(place, title, "One.")
    assert save(place, title, "Two.")
    assert bodies(place.people.text(title)) == ["Two. (en)"]
    summaries = [each.summary for each in place.wiki.history(0, title, 0)]
    assert summaries == [f"Board [run {RUN}-board]"] * 2


def test_what_people_write_on_the_page_stays_where_it_is(place: Place, title: str):
    place.people.edit(title, "People's page.")
    save(place, title, "One.")
    text = place.people.text(title)
    assert text.endswith("\n\nPeople's page.")
    place.people.edit(title, f"Above.\n{text}\n\n* edits-1a2b3c4d: keep")
    save(place, title, "Two.")
    now = place.people.text(title)
    assert bodies(now) == ["Two. (en)"]
    assert now.startswith("Above.\n<!-- wikiplan:begin board ")
    assert now.endswith("\n\nPeople's page.\n\n* edits-1a2b3c4d: keep")


def test_what_people_write_inside_of_the_bots_part_is_moved_below_and_counts_for_them(
    place: Place, title: str
):
    save(place, title, "One.\n\nMore.")
    text = place.people.text(title)
    place.people.edit(title, text.replace("One.", "One.\n* edits-1a2b3c4d: keep"))
    (before,) = BoardPage(place.wiki, title, RUN).answers(("editor", "Trans")).counting
    save(place, title, "Two.")
    now = place.people.text(title)
    assert bodies(now) == ["Two. (en)"]
    assert now.endswith("<!-- wikiplan:end board -->\n\n* edits-1a2b3c4d: keep")
    (after,) = BoardPage(place.wiki, title, RUN).answers(("editor", "Trans")).counting
    assert after == before


def test_a_board_that_somebody_took_away_stays_away(place: Place, title: str):
    save(place, title, "One.")
    place.people.edit(title, "No board, please.")
    with pytest.raises(Refusal, match="somebody took the board away") as refused:
        save(place, title, "Two.")
    assert refused.value.code == "board-removed"
    assert place.people.text(title) == "No board, please."


@pytest.fixture
def here(folder: Folder) -> Place:
    folder.directory.mkdir()
    return Place(folder, FolderPeople(folder.directory))


def test_somebody_who_edits_the_page_in_the_same_moment_loses_nothing(
    here: Place, monkeypatch: pytest.MonkeyPatch
):
    save(here, "Board", "One.")
    real: Callable[[Edit], Saved] = here.wiki.save
    moments = iter(["* edits-1a2b3c4d: keep"])

    def late(edit: Edit) -> Saved:
        if line := next(moments, ""):
            here.people.edit("Board", f"{here.people.text('Board')}\n\n{line}")
        return real(edit)

    monkeypatch.setattr(here.wiki, "save", late)
    assert save(here, "Board", "Two.")
    text = here.people.text("Board")
    assert (bodies(text), text[-23:]) == (["Two. (en)"], "\n* edits-1a2b3c4d: keep")


def test_the_board_is_not_saved_while_people_stop_the_bot(here: Place):
    here.people.edit("Stop", "Stop!")
    with pytest.raises(Stop, match="asks this bot to stop"):
        save(here, "Board", "One.", stop_page="Stop")
    assert not here.wiki.read(["Board"])["Board"].exists


def test_a_page_that_leads_elsewhere_is_no_board(here: Place):
    here.people.edit("Board", "#REDIRECT [[Other]]")
    with pytest.raises(Refusal, match="the page is a redirect to 'Other'"):
        save(here, "Board", "One.")


def test_damaged_markers_are_told_and_nothing_is_saved(here: Place):
    save(here, "Board", "One.")
    text = here.people.text("Board").replace("<!-- wikiplan:end board -->", "")
    here.people.edit("Board", text)
    with pytest.raises(Refusal, match="no end marker"):
        save(here, "Board", "Two.")
    assert here.people.text("Board") == text.rstrip()
