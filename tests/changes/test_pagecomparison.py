"""What is asked of a wiki between the steps of a comparison, and how often, on both wikis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.people import Place
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import Action, ChangeSet, SectionState
from wikiplan.changes.sectionhistory import MOST_STEPS_BACK

QUESTIONS = ("read", "read_to_edit", "refusals", "history", "revisions", "text_of")
PAGES = 5


class Department:
    """A plan of one section for five pages, on a wiki."""

    def __init__(self, directory: Path, place: Place, title: str) -> None:
        self.directory, self.wiki, self.people = directory, place.wiki, place.people
        self.titles = [f"{title} {number}" for number in range(PAGES)]
        self.save = place.save
        for each in self.titles:
            self.people.edit(each, "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->\n\nBelow.")

    def compare(self, text: str) -> ChangeSet:
        smallplan.write(self.directory, {"a": text}, dict.fromkeys(self.titles, ""))
        return smallplan.compare(self.directory, self.wiki)

    def write(self, text: str) -> None:
        outcomes = Application(self.compare(text), self.wiki, sleep=lambda _: None).run()
        assert {each.action for each in outcomes} == {Action.UPDATE}

    def edit_below(self) -> None:
        """Let a person edit each page, outside of the section."""
        for title in self.titles:
            self.save(title, f"{self.people.text(title)}\n\nMore.")

    @contextmanager
    def asked(self) -> Iterator[dict[str, int]]:
        """Count the questions inside of the ``with`` block."""
        counts: dict[str, int] = {}
        with pytest.MonkeyPatch.context() as patch:
            for name in QUESTIONS:
                patch.setattr(self.wiki, name, _counting(self.wiki, name, counts))
            yield counts


def _counting(wiki: Any, name: str, counts: dict[str, int]) -> Any:
    ask = getattr(wiki, name)

    def counted(*arguments: Any) -> Any:
        counts[name] = counts.get(name, 0) + 1
        return ask(*arguments)

    return counted


@pytest.fixture
def department(tmp_path: Path, place: Place, title: str) -> Department:
    return Department(tmp_path, place, title)


def test_pages_in_step_are_read_and_nothing_else_is_asked(department):
    department.write("Trees.")
    with department.asked() as counts:
        assert not department.compare("Trees.").to_write
    assert counts["read"] == 1
    assert counts.keys() <= {"read", "read_to_edit"}


def test_pages_that_change_are_asked_about_together(department):
    department.write("Trees.")
    with department.asked() as counts:
        assert len(department.compare("Herbs.").to_write) == PAGES
    assert (counts["refusals"], counts["revisions"]) == (1, 1)
    assert counts.keys().isdisjoint({"history", "text_of"})


def test_one_step_back_in_the_history_is_one_question_for_all_pages(department):
    department.write("Trees.")
    department.edit_below()
    with department.asked() as counts:
        assert len(department.compare("Herbs.").to_write) == PAGES
    assert counts["revisions"] == 2
    assert counts.keys().isdisjoint({"history", "text_of"})


def test_where_people_edited_often_the_history_of_each_page_is_asked_for(department):
    department.write("Trees.")
    for _ in range(MOST_STEPS_BACK + 1):
        department.edit_below()
    with department.asked() as counts:
        assert len(department.compare("Herbs.").to_write) == PAGES
    assert counts["history"] == PAGES


def test_what_people_took_back_on_some_pages_waits_there_and_nowhere_else(department):
    department.write("Trees.")
    before = {title: department.people.text(title) for title in department.titles}
    department.write("Herbs.")
    for title in department.titles[:2]:
        department.people.edit(title, before[title])
    changes = department.compare("Herbs.")
    waiting = {
        page.title for page in changes.pages if page.sections[0].state is SectionState.REVERTED
    }
    assert waiting == set(department.titles[:2])
    assert not changes.to_write
