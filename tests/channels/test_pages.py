"""Announcements on talk pages, once each whatever happens, and calendars on pages."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.support.people import FolderPeople
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import Action, ChangeSet, PageChange
from wikiplan.changes.journal import Journal, settle
from wikiplan.channels.announcement import Announcement
from wikiplan.channels.pages import ChannelPages, Post
from wikiplan.errors import Unclear
from wikiplan.wiki.folder import PROGRAM, Folder
from wikiplan.wiki.interface import Edit, Saved
from wikiplan.wikitext import sections

SAID = Announcement("en", "Invitation: Watering", "Come.\n\n– Gardens")
PAGES = ("Talk:A", "Talk:B", "Talk:C")
BEFORE = "== Old ==\nHello. --[[User:Ada|Ada]]"


class Killed(BaseException):
    """What ends a process at once."""


class Unlucky:
    """A wiki that loses the answer of a save, or whose caller is killed, at a step."""

    def __init__(self, wiki: Folder, at: int, mishap: Callable[[], None], *, after: bool) -> None:
        self._wiki, self._at, self._mishap, self._after = wiki, at, mishap, after
        self.saves = 0

    def __getattr__(self, name: str):
        return getattr(self._wiki, name)

    def save(self, edit: Edit) -> Saved:
        number, self.saves = self.saves, self.saves + 1
        if number == self._at and not self._after:
            self._mishap()
        saved = self._wiki.save(edit)
        if number == self._at:
            self._mishap()
        return saved


def lost() -> None:
    raise Unclear("the answer was lost")


def killed() -> None:
    raise Killed


@pytest.fixture
def people(tmp_path: Path) -> FolderPeople:
    found = FolderPeople(tmp_path / "wiki")
    for page in PAGES:
        found.edit(page, BEFORE)
    return found


runs = (f"20210701T{number:06}Z-abc123" for number in count())


def post(
    wiki: Folder, tmp_path: Path, said: Announcement = SAID, unlucky: Unlucky | None = None
) -> list[PageChange]:
    """Post as a run of its own does, with the journal that runs have together."""
    run = next(runs)
    journal = Journal(tmp_path / "journal", say=lambda words: None)
    settle(journal, wiki)
    read = wiki.read(PAGES)
    writing = ChannelPages(wiki, wiki.account(), run)
    changes = [writing.announcement(read[page], ("watering",), "en", said) for page in PAGES]
    whole = ChangeSet(run, wiki.name, wiki.account(), tuple(changes))
    try:
        Application(whole, unlucky or wiki, sleep=lambda s: None, journal=journal).run()
    finally:
        journal.close()
    return changes


def sections_on(people: FolderPeople, page: str, name: str = "announcement-watering") -> int:
    return people.text(page).count(f"wikiplan:begin {name} ")


def test_an_announcement_is_a_section_at_the_end_of_a_talk_page(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    first = post(wiki, tmp_path)
    assert [each.action for each in first] == [Action.UPDATE] * 3
    text = people.text("Talk:A")
    assert text.startswith(f"{BEFORE}\n\n<!-- wikiplan:begin announcement-watering | ")
    (section,) = sections.find(text)
    assert sections.body_of(text, section) == SAID.wikitext
    assert [each.action for each in post(wiki, tmp_path)] == [Action.NONE] * 3


@pytest.mark.parametrize("mishap", [lost, killed])
@pytest.mark.parametrize("after", [False, True], ids=["before the save", "after the save"])
@pytest.mark.parametrize("at", range(3))
def test_whatever_happens_each_page_has_one_section_in_the_end(people, tmp_path, mishap, after, at):
    wiki = Folder(tmp_path / "wiki")
    unlucky = Unlucky(wiki, at, mishap, after=after)
    try:
        post(wiki, tmp_path, unlucky=unlucky)
    except Killed:
        assert mishap is killed
    for _ in range(2):
        post(wiki, tmp_path)
    assert [sections_on(people, page) for page in PAGES] == [1, 1, 1]
    histories = [wiki.history(0, page, 0) for page in PAGES]
    assert [len(each) for each in histories] == [2, 2, 2], "one edit by people, one by us"


def test_what_was_taken_away_or_archived_does_not_come_back(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    post(wiki, tmp_path)
    people.edit("Talk:A", BEFORE)
    (change, *_) = post(wiki, tmp_path)
    assert (change.action, sections_on(people, "Talk:A")) == (Action.NONE, 0)
    assert change.told.reason.startswith("posted already, in revision ")


def test_news_bring_an_announcement_up_to_date_unless_people_edited_it(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    post(wiki, tmp_path)
    people.edit("Talk:A", people.text("Talk:A").replace("Come.", "Do come."))
    moved = Announcement("en", "New date: Watering", "Come later.\n\n– Gardens")
    changes = post(wiki, tmp_path, moved)
    assert [each.action for each in changes] == [Action.NONE, Action.UPDATE, Action.UPDATE]
    assert changes[0].told.reason == ("posted already, and people edited it; left alone")
    assert "Do come." in people.text("Talk:A")
    assert "Come later." in people.text("Talk:B")
    assert [sections_on(people, page) for page in PAGES] == [1, 1, 1]


def test_an_event_with_another_key_is_not_announced_again(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    post(wiki, tmp_path)
    people.edit("Talk:A", BEFORE)
    read = wiki.read(PAGES)
    writing = ChannelPages(wiki, wiki.account(), next(runs))
    found = [writing.announcement(r, ("rain", "watering"), "en", SAID) for r in read.values()]
    assert [each.action for each in found] == [Action.NONE] * 3


GERMAN = Post(("new-year-2022-de",), "== 2022 ==\n\nNeu.")
ARABIC = Post(("new-year-2022-ar", "new-year-2022-arz"), "== 2022 ==\n\nجديد.")


def notify(wiki: Folder, tmp_path: Path, *posts: Post) -> PageChange:
    """Put posts onto a talk page, each of which does not follow what it says."""
    run = next(runs)
    revision = wiki.read(["Talk:A"])["Talk:A"]
    change = ChannelPages(wiki, wiki.account(), run).posts(revision, "de", posts)
    Application(ChangeSet(run, wiki.name, wiki.account(), (change,)), wiki).run()
    return change


def test_a_page_gets_several_posts_in_one_edit_and_each_once(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    assert notify(wiki, tmp_path, GERMAN).action is Action.UPDATE
    assert notify(wiki, tmp_path, GERMAN, ARABIC).action is Action.UPDATE
    assert [each.name for each in sections.find(people.text("Talk:A"))] == [
        "new-year-2022-de", "new-year-2022-ar",
    ]  # fmt: skip
    again = notify(wiki, tmp_path, Post(GERMAN.names, "Otherwise."), ARABIC)
    assert (again.action, again.told.reason) == (Action.NONE, "")
    assert len(wiki.history(0, "Talk:A", 0)) == 3


def test_a_post_under_a_former_name_is_the_same(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    notify(wiki, tmp_path, Post(("new-year-2022-arz",), "Old."))
    assert notify(wiki, tmp_path, ARABIC).action is Action.NONE
    people.edit("Talk:A", BEFORE)
    assert notify(wiki, tmp_path, ARABIC).told.reason.startswith("posted already, in revision ")


@pytest.mark.parametrize(
    "wish",
    [
        "{{bots|optout=all}}",
        "{{nobots}}",
        "{{bots|deny=wikiplan}}",
        "[[Category:Opted-out of message delivery]]",
    ],
)
def test_who_wants_no_messages_gets_none(people, tmp_path, wish):
    people.edit("Talk:A", f"{BEFORE}\n{wish}")
    change = notify(Folder(tmp_path / "wiki"), tmp_path, GERMAN)
    told = "those of the page want no messages; left alone"
    assert (change.action, change.told.reason) == (Action.NONE, told)


class BusyTalk:
    """A wiki on which a talk page has had more revisions since than a history shows."""

    def __init__(self, wiki: Folder) -> None:
        self._wiki = wiki

    def __getattr__(self, name: str):
        return getattr(self._wiki, name)

    def history(self, page_id: int, title: str, since: int, user: str = ""):
        found = self._wiki.history(page_id, title, since, user)
        return found if user else [each for each in found if each.user != PROGRAM] * 500


def test_a_post_that_left_a_busy_page_long_ago_does_not_come_back(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    notify(wiki, tmp_path, GERMAN)
    people.edit("Talk:A", BEFORE)
    assert notify(BusyTalk(wiki), tmp_path, GERMAN).action is Action.NONE


def test_answers_below_an_announcement_stay(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    post(wiki, tmp_path)
    answered = f"{people.text('Talk:A')}\n:Thanks! --[[User:Ada|Ada]]"
    people.edit("Talk:A", answered)
    post(wiki, tmp_path, Announcement("en", "New date: Watering", "Come later."))
    assert people.text("Talk:A").endswith("\n:Thanks! --[[User:Ada|Ada]]")


def test_a_page_that_does_not_exist_or_leads_elsewhere_is_refused(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    people.edit("Talk:Old", "#REDIRECT [[Talk:A]]")
    read = wiki.read(["Talk:Nowhere", "Talk:Old"])
    writing = ChannelPages(wiki, wiki.account(), next(runs))
    found = [writing.announcement(each, ("watering",), "en", SAID) for each in read.values()]
    assert [(each.action, each.told.code) for each in found] == [
        (Action.REFUSED, "missing-page"), (Action.REFUSED, "redirect"),
    ]  # fmt: skip


def test_a_page_with_something_else_than_our_calendar_is_refused(people, tmp_path):
    wiki = Folder(tmp_path / "wiki")
    writing = ChannelPages(wiki, wiki.account(), next(runs))
    found = writing.calendar(wiki.read(["Talk:A"])["Talk:A"], "events.en.ics", "en", "X")
    assert (found.action, found.told.code) == (Action.REFUSED, "edited-calendar")
    new = writing.calendar(wiki.read(["New"])["New"], "events.en.ics", "en", "BEGIN:VCALENDAR")
    assert (new.action, new.after) == (Action.CREATE, "BEGIN:VCALENDAR")
    assert "events.en.ics" in new.told.summary
