"""Finding the text that wikiplan last wrote, on a folder and on a real wiki."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import Place
from wikiplan.changes import sectionhistory
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import Action, PageChange, SectionState
from wikiplan.changes.drift import PlanPart
from wikiplan.changes.sectionhistory import BaseText, PageHistory
from wikiplan.wikitext import sections

WORDS = "* Trees.\n* Herbs.\n* Sheds."
LIST = "{% for each in data.lines %}\n* {{ each.text }}\n{% endfor %}\n"


class Page:
    """A page with the section ``a``, the plan behind it, and people."""

    def __init__(self, directory: Path, place: Place, title: str) -> None:
        self.directory, self.place, self.title = directory, place, title

    def plan(self, text: str) -> PageChange:
        """Let the plan say this; returns what that would do."""
        more = {self.title: "missing-page: create"}
        smallplan.write(self.directory, {"a": ""}, more, "most-shrink: 100\n")
        (self.directory / "templates" / "line.wiki").write_text(LIST)
        lines = [
            {"key": f"n{number}", "text": line.removeprefix("* ")}
            for number, line in enumerate(text.split("\n"))
        ]
        (self.directory / "data" / "a.yaml").write_text(json.dumps({"lines": lines}))
        self.changes = smallplan.compare(self.directory, self.place.wiki)
        return self.changes.pages[0]

    def write(self, text: str) -> None:
        """Let the plan say this, and write it."""
        self.plan(text)
        (outcome,) = Application(self.changes, self.place.wiki, sleep=lambda _: None).run()
        assert outcome.action in (Action.CREATE, Action.UPDATE), outcome.reason

    def edit(self, old: str, new: str) -> None:
        """Let a person replace some words."""
        (now,) = self.place.wiki.read([self.title]).values()
        assert now.text.count(old) == 1
        self.place.people.edit(self.title, now.text.replace(old, new))

    def base(self, present: str = "") -> BaseText | None:
        (now,) = self.place.wiki.read([self.title]).values()
        (section,) = sections.find(now.text)
        history = PageHistory(self.place.wiki, now, self.place.wiki.account().name)
        return history.base("a", section.digest or "", present, PlanPart().own_if)


@pytest.fixture
def page(tmp_path: Path, place: Place, title: str) -> Page:
    return Page(tmp_path, place, title)


def head(page: Page) -> int:
    return next(iter(page.place.wiki.heads([page.title]).values())).number


def test_the_base_is_found_in_the_history(page):
    page.write("* Trees.")
    page.write(WORDS)
    written = head(page)
    page.edit("Herbs", "Spices")
    page.place.save(page.title, page.place.people.text(page.title) + "\nBelow.")
    assert page.base() == BaseText(WORDS, written)


def test_what_was_taken_back_counts_as_never_done(page):
    page.write(WORDS)
    page.edit("Herbs", "Vandals")
    page.place.save(page.title, page.place.people.text(page.title).replace("Vandals", "Herbs"))
    reverted = head(page)
    page.edit("Sheds", "Barns")
    assert page.base() == BaseText(WORDS, reverted)
    change = page.plan(WORDS)
    assert [each.sections["a"] for each in change.sections[0].drift.edits] == [
        (WORDS, WORDS.replace("Sheds", "Barns"))
    ]


def test_a_text_that_nobody_wrote_has_no_base(page):
    page.place.people.edit(page.title, "<!-- wikiplan:begin a | sha256:0123456789abcdef -->\n"
                           "Text.\n<!-- wikiplan:end a -->")  # fmt: skip
    assert page.base("Another text.") is None


def test_the_base_after_a_merge_is_put_together_again(page):
    page.write(WORDS)
    written = head(page)
    page.edit("Trees", "Oaks")
    assert page.plan(WORDS + "\n* Moss.").sections[0].state is SectionState.MERGED
    page.write(WORDS + "\n* Moss.")
    assert "Oaks.\n* Herbs.\n* Sheds.\n* Moss.\n" in page.place.people.text(page.title)
    assert page.base() == BaseText(WORDS + "\n* Moss.", written)
    assert page.base(WORDS + "\n* Moss.") == BaseText(WORDS + "\n* Moss.", written)
    page.edit("Herbs", "Spices")
    page.write(WORDS + "\n* Moss.\n* Fern.")
    assert "Oaks.\n* Spices.\n* Sheds.\n* Moss.\n* Fern.\n" in page.place.people.text(page.title)
    assert page.base() == BaseText(WORDS + "\n* Moss.\n* Fern.", written)


def test_a_page_that_is_as_the_plan_says_costs_no_request_for_its_history(page, monkeypatch):
    page.write(WORDS)
    asked = counted(page, monkeypatch)
    assert page.plan(WORDS).sections[0].state is SectionState.UNCHANGED
    assert asked == {"history": 0, "text_of": 0, "revisions": 0}


def test_a_change_costs_only_the_text_before(page, monkeypatch):
    page.write(WORDS)
    page.write(WORDS + "\n* Moss.")
    asked = counted(page, monkeypatch)
    assert page.plan(WORDS + "\n* Fern.").sections[0].state is SectionState.CHANGED
    assert asked == {"history": 0, "text_of": 0, "revisions": 1}


def test_what_people_edited_often_is_looked_up_in_the_history(page, monkeypatch):
    page.write(WORDS)
    page.write(WORDS + "\n* Moss.")
    for number in range(sectionhistory.MOST_STEPS_BACK + 1):
        page.place.people.edit(page.title, page.place.people.text(page.title) + f"\n{number}")
        page.place.save(page.title, page.place.people.text(page.title))
    asked = counted(page, monkeypatch)
    assert page.plan(WORDS + "\n* Fern.").sections[0].state is SectionState.CHANGED
    assert asked == {"history": 1, "text_of": 0, "revisions": sectionhistory.MOST_STEPS_BACK + 1}


def test_drift_costs_one_for_the_history_and_one_for_texts(page, monkeypatch):
    page.write(WORDS)
    asked = counted(page, monkeypatch)
    page.edit("Herbs", "Spices")
    assert page.plan(WORDS).sections[0].state is SectionState.DRIFT
    assert asked == {"history": 1, "text_of": 0, "revisions": 1}


def test_a_page_that_was_edited_very_often_is_not_read_to_its_beginning(page, monkeypatch):
    monkeypatch.setattr(sectionhistory, "MOST_TEXTS", 3)
    page.write(WORDS)
    for number in range(6):
        text = page.place.people.text(page.title)
        page.place.save(page.title, text.replace("Herbs.", f"Herbs.{number}"))
    page.edit("Sheds", "Barns")
    asked = counted(page, monkeypatch)
    change = page.plan(WORDS)
    assert change.sections[0].drift.base == WORDS
    assert asked == {"history": 1, "text_of": 0, "revisions": 2}


def test_a_text_of_another_account_s_run_that_was_taken_back_is_known(page):
    page.write(WORDS)
    before = page.place.people.text(page.title)
    page.write(WORDS + "\n* Moss.")
    written = head(page)
    page.place.people.edit(page.title, before)
    (now,) = page.place.wiki.read([page.title]).values()
    for account in (page.place.wiki.account().name, "Another account"):
        history = PageHistory(page.place.wiki, now, account)
        assert history.taken_back("a", lambda text, digest: "Moss." in text) == written
        assert history.taken_back("a", lambda text, digest: "Fern." in text) == 0


def counted(page: Page, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, int]:
    """Count what is asked of the page's history from now on."""
    asked = {"history": 0, "text_of": 0, "revisions": 0}
    for name in asked:
        monkeypatch.setattr(page.place.wiki, name, counting(page.place.wiki, name, asked))
    return asked


def counting(wiki: object, name: str, asked: dict[str, int]) -> Callable[..., object]:
    method = getattr(wiki, name)

    def call(*arguments: object) -> object:
        asked[name] += 1
        return method(*arguments)

    return call
