"""What a wiki said of translations: kept for later runs, until something touches it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wikiplan.wiki.interface import Account, Cursor, Event, Recent
from wikiplan.wiki.translatememory import (
    EVERY_LANGUAGE,
    PAGE,
    SETTLED,
    TRUSTED,
    AskedPage,
    Question,
    TranslateMemory,
    touched_languages,
)

NOW = datetime(2021, 7, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ACCOUNT = Account("PlanBot", frozenset())
KNOWN = AskedPage(4, "en")
TEXT = Question("Meta:Plan", PAGE, "text")
NAMES = Question("Meta:Plan", EVERY_LANGUAGE, "names")
GERMAN = Question("Meta:Plan", "de", "states")
ARABIC = Question("Meta:Plan", "ar", "states")
OTHER = Question("Other", "de", "states")
ALL = (TEXT, NAMES, GERMAN, ARABIC, OTHER)


@dataclass
class Wiki:
    """A wiki's recent changes, and its clock; ``asked`` is with what it was asked for them."""

    now: datetime = NOW
    events: tuple[Event, ...] | None = ()
    asked: list[tuple[Cursor | None, Mapping[str, int]]] = field(default_factory=list)

    def changes_since(self, cursor: Cursor | None, pages: Mapping[str, int]) -> Recent:
        self.asked.append((cursor, pages))
        events = self.events if cursor else None
        return Recent(ACCOUNT, Cursor(self.now, self.now), events)


@dataclass
class Runs:
    """Runs that ask all the questions, and how they are answered: with the number of the run."""

    path: Path
    number: int = 0

    def run(self, wiki: Wiki, *, generator: str = "MediaWiki 1.43.9", **told: Any) -> set[Question]:
        """Return what had to be asked."""
        self.number += 1
        asked = set()

        def ask(question: Question) -> Any:
            asked.add(question)
            return {"run": self.number}

        with closing(TranslateMemory(self.path)) as memory:
            memory.recent(wiki)  # type: ignore[arg-type]
            memory.begin(generator, tells_all=told.get("tells_all", True))
            for question in ALL:
                memory.note(question.title, KNOWN)
                memory.once(question, lambda question=question: ask(question))
            for title in told.get("doubted", ()):
                memory.doubt(title)
            memory.store()
        return asked


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """One run that asked everything lies behind."""
    found = Runs(tmp_path / "state" / "lab.translations")
    assert found.run(Wiki()) == set(ALL)
    return found


def edit(title: str, age: timedelta = -timedelta(minutes=1)) -> Event:
    """Return an edit after the first run, or before it."""
    return Event("edit", (title,), 1, 2, NOW - age)


def test_nothing_is_asked_again_when_nothing_happened(runs: Runs):
    assert runs.run(Wiki(LATER)) == set()
    assert runs.run(Wiki(LATER)) == set()
    assert runs.path.stat().st_mode & 0o777 == 0o600


def test_a_run_asks_what_happened_in_the_namespaces_of_its_pages_and_of_their_units(runs: Runs):
    wiki = Wiki(LATER)
    runs.run(wiki)
    runs.run(wiki)
    namespaces = {"Meta:Plan": 4, "Other": 4, "Translations:": 1198, "Special:": -1}
    assert wiki.asked == [
        (Cursor(NOW, NOW), namespaces),
        (Cursor(LATER, LATER), namespaces),
    ]


def test_within_a_run_everything_is_asked_once(runs: Runs):
    with closing(TranslateMemory()) as memory:
        answers = iter("ab")
        assert memory.once(TEXT, lambda: next(answers)) == "a"
        assert memory.once(TEXT, lambda: next(answers)) == "a"
        memory.drop(TEXT)
        assert memory.once(TEXT, lambda: next(answers)) == "b"


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Translations:Meta:Plan/goal/de", {NAMES, GERMAN}),
        ("Übersetzungen:Meta:Plan/goal/de", {NAMES, GERMAN}),
        ("Translations:Meta:Plan/Page display title/ar", {NAMES, ARABIC}),
        ("Translations:Meta:Plan/goal/fr", {NAMES}),
        ("Meta:Plan/de", {NAMES, GERMAN}),
        ("Translations:Meta:Plan/goal/en", {TEXT, NAMES, GERMAN, ARABIC}),
        ("Meta:Plan", {TEXT, NAMES, GERMAN, ARABIC}),
        ("Translations:Other/goal/de", {OTHER}),
        ("Plan", set()),
        ("Translations:Plan/goal/de", set()),
        ("Translations:Meta:Plan/part/goal/de", set()),
        ("Translations:Meta:Plan", set()),
    ],
)
def test_an_event_touches_what_was_said_of_its_language_or_of_its_page(
    runs: Runs, title: str, asked: set[Question]
):
    assert runs.run(Wiki(LATER, (edit(title),))) == asked
    assert runs.run(Wiki(LATER, (edit(title),))) == set(), "known by now"


def test_both_titles_of_a_move_are_touched(runs: Runs):
    moved = Event("move/move", ("Elsewhere", "Translations:Meta:Plan/goal/ar"), 1, 0, LATER)
    assert runs.run(Wiki(LATER, (moved,))) == {NAMES, ARABIC}


def test_an_event_that_the_last_run_may_not_have_seen_counts_and_an_older_one_does_not(runs: Runs):
    unit = "Translations:Meta:Plan/goal/de"
    assert runs.run(Wiki(NOW, (edit(unit, SETTLED),))) == set()
    assert runs.run(Wiki(NOW, (edit(unit, SETTLED - timedelta(seconds=1)),))) == {NAMES, GERMAN}
    assert runs.run(Wiki(NOW, (replace(edit(unit), time=None),))) == {NAMES, GERMAN}


def test_everything_is_asked_where_nobody_knows_what_happened(runs: Runs):
    assert runs.run(Wiki(LATER, None)) == set(ALL)
    assert runs.run(Wiki(LATER)) == set()


def test_what_is_a_week_old_is_asked_again(runs: Runs):
    assert runs.run(Wiki(NOW + TRUSTED - timedelta(minutes=1))) == set()
    assert runs.run(Wiki(NOW + TRUSTED)) == set(ALL)


def test_another_version_of_the_wiki_is_asked_and_one_that_tells_too_little_always(runs: Runs):
    assert runs.run(Wiki(LATER), generator="MediaWiki 1.44.0") == set(ALL)
    assert runs.run(Wiki(LATER), tells_all=False, generator="MediaWiki 1.39.17") == set(ALL)
    assert runs.run(Wiki(LATER), tells_all=False, generator="MediaWiki 1.39.17") == set(ALL)


def test_nothing_is_kept_of_a_page_that_the_wiki_is_at_work_on(tmp_path: Path):
    runs = Runs(tmp_path / "state" / "lab.translations")
    assert runs.run(Wiki(), doubted=["Meta:Plan"]) == set(ALL)
    assert runs.run(Wiki(LATER)) == set(ALL) - {OTHER}
    assert runs.run(Wiki(LATER), doubted=["Other"]) == set()
    assert runs.run(Wiki(LATER)) == {OTHER}


def test_what_earlier_runs_were_told_is_not_believed_where_somebody_is_to_write(runs: Runs):
    with closing(TranslateMemory(runs.path)) as memory:
        memory.recent(Wiki(LATER))  # type: ignore[arg-type]
        memory.begin("MediaWiki 1.43.9", tells_all=True)
        assert memory.once(GERMAN, lambda: "new") == {"run": 1}
        memory.freshen("Meta:Plan")
        assert memory.once(GERMAN, lambda: "new") == "new"
        memory.freshen("Meta:Plan")
        assert memory.once(GERMAN, lambda: "newer") == "new"
        assert memory.once(OTHER, lambda: "new") == {"run": 1}
        memory.forget("Meta:Plan")
        assert memory.once(GERMAN, lambda: "newest") == "newest"
        memory.store()
    assert runs.run(Wiki(LATER)) == set(ALL) - {OTHER}


def test_a_run_goes_on_where_no_folder_can_be_made_for_it(tmp_path: Path):
    (tmp_path / "state").write_text("a file")
    assert Runs(tmp_path / "state" / "lab.translations").run(Wiki()) == set(ALL)


def test_what_is_not_stored_changes_nothing(runs: Runs):
    before = runs.path.read_bytes()
    with closing(TranslateMemory(runs.path)) as memory:
        memory.recent(Wiki(LATER, (edit("Meta:Plan"),)))  # type: ignore[arg-type]
        memory.begin("MediaWiki 1.43.9", tells_all=True)
        memory.once(TEXT, lambda: "new")
    assert runs.path.read_bytes() == before


def test_all_is_asked_anew_where_that_is_wanted(runs: Runs):
    with closing(TranslateMemory(runs.path, anew=True)) as memory:
        memory.recent(Wiki(LATER))  # type: ignore[arg-type]
        memory.begin("MediaWiki 1.43.9", tells_all=True)
        assert memory.once(TEXT, lambda: "new") == "new"
        memory.store()
    assert runs.run(Wiki(LATER)) == set(), "the other answers are kept"


@pytest.mark.parametrize("damage", [b"", b"no database", b"\0" * 5000])
def test_a_damaged_file_costs_its_questions(runs: Runs, damage: bytes):
    runs.path.write_bytes(damage)
    assert runs.run(Wiki(LATER)) == set(ALL)
    assert runs.run(Wiki(LATER)) == set()


def test_every_byte_of_the_file_may_be_wrong(runs: Runs):
    sound = runs.path.read_bytes()
    for place in range(0, len(sound), 97):
        flipped = bytes([sound[place] ^ 0xFF])
        runs.path.write_bytes(sound[:place] + flipped + sound[place + 1 :])
        with closing(TranslateMemory(runs.path)) as memory:
            memory.recent(Wiki(LATER))  # type: ignore[arg-type]
            memory.begin("MediaWiki 1.43.9", tells_all=True)
            assert memory.once(GERMAN, lambda: "asked") in ({"run": 1}, "asked")


def test_a_page_of_an_unknown_language_is_touched_by_every_unit():
    pages = {"Plan": AskedPage(0, ""), "Plan/part": KNOWN}
    events = [edit("Translations:Plan/goal/de"), edit("Plan/part"), edit("Nowhere")]
    assert touched_languages(events, pages) == {"Plan": {PAGE}, "Plan/part": {PAGE}}
