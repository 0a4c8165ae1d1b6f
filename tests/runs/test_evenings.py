"""Evenings of chance on a translatable page, with everybody at work at the same time.

The owner changes texts, values, keys and files, people add and edit units of their own, translators
translate and doubt, saved change sets are applied late, and after each run the page is marked. What
the forecast said is what the wiki then has; no translation is lost, or shown for another text; and
what people added stays where it was. A model of the extension has 300 evenings (``make evenings``),
and 30 of them happen on the real one too, which must say what the model says.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.runs.test_ownership import (
    Editors,
    Owner,
    Scene,
    key_of,
    keys_of,
    number_of,
    order,
    places,
)
from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.samples import WHOLE
from tests.support.translatelab import TranslateWiki
from tests.support.translatemodel import TranslateModel
from wikiplan.changes import changefile, check_translations, guards
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import Action, ChangeSet, PageChange
from wikiplan.changes.effects import LanguageEffect, Limits
from wikiplan.changes.recheck import recheck_saved
from wikiplan.translate import TITLE_UNIT, english, has_outdated_mark
from wikiplan.wiki.translate import Status
from wikiplan.wiki.translatesite import open_translate

EVENINGS = range(300)
"""``make test`` tries one of 30, and one on the real extension."""
ON_THE_WIKI = EVENINGS[::10]
ROUNDS = 5
LANGUAGES = ("ar", "de")
LIMITS = Limits(most_orphaned=1000, most_outdated=100)
WITH_A_LINK = {"elms", "tea", "trees", "roofs", "intro"}
MEANING = {"elms", "roofs"}
"""Texts of which a change of their values alone outdates translations."""
WORDS = {"The": "Von", "Addition": "Zusatz", "edition": "Ausgabe", "by": "bei"}


class Planner(Owner):
    """An owner whose texts have links, too. ``lost`` are keys of texts that have none any more."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title)
        self.beds = 1
        self.lost: set[str] = set()
        self.kept: set[str] = set()

    def text(self, section: str, key: str) -> str:
        link = " by [[$beds|beds]]" if key in WITH_A_LINK - self.lost else ""
        return super().text(section, key) + link

    def _data(self, section: str) -> dict[str, object]:
        data = super()._data(section)
        for text in texts_in(data):
            key = str(text["text"]).split(" ")[1]
            beds = {"beds": {"page": f"Beds {self.beds}"}}
            if "$beds" in str(text["text"]):
                text |= {"variables": beds}
                text |= {"change": "meaning"} if key in MEANING else {}
            elif key in self.kept:
                text |= {"variables": beds, "keep-variables": ["beds"]}
        return data

    # What the owner does

    def change_a_value(self, rng: random.Random) -> None:
        self.beds += 1

    def lose_a_link(self, rng: random.Random) -> None:
        self.lost.add(rng.choice(sorted(WITH_A_LINK)))

    def find_a_link(self, rng: random.Random) -> None:
        if self.lost:
            key = rng.choice(sorted(self.lost))
            self.lost.discard(key)
            self.kept.discard(key)

    def keep_it_no_more(self, rng: random.Random) -> None:
        if self.kept:
            self.kept.discard(rng.choice(sorted(self.kept)))


def texts_in(data: object) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        if "text" in data:
            yield data
        for value in list(data.values()):
            yield from texts_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts_in(value)


def translated(text: str) -> str:
    """Return a translation that tells which English it was made for."""
    return re.sub(r"\b[A-Za-z]+\b", lambda word: WORDS.get(word[0], word[0]), text)


@dataclass
class Told:
    """What an evening tells in the end, for the sum of all."""

    forecasts: int = 0
    outdated: int = 0
    orphaned: int = 0
    new: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    late: int = 0
    unseen: int = 0


@dataclass
class Evening(Scene):
    """A scene with translators and an administrator. ``extension`` is what the program asks.

    ``saved`` is what translators wrote last, by id and language.
    """

    extension: Any = None
    model: Any = None
    saved: dict[tuple[str, str], str] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    story: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.editors.title

    # What happens

    def translate(self, rng: random.Random) -> None:
        """Let a translator translate some of what is missing or outdated."""
        language = rng.choice(LANGUAGES)
        states = self.model.states(self.title, language)
        open_ones = [id for id, state in states.items() if not state.current]
        for id in rng.sample(open_ones, min(len(open_ones), rng.randint(1, 6))):
            text = self.model.units[id] if id == TITLE_UNIT else english(self.model.units[id])
            self.save_translation(id, language, translated(text))

    def doubt(self, rng: random.Random) -> None:
        language = rng.choice(LANGUAGES)
        states = self.model.states(self.title, language)
        if current := [id for id, state in states.items() if state.current and id != TITLE_UNIT]:
            id = rng.choice(current)
            self.save_translation(id, language, f"!!FUZZY!!{states[id].text}")

    def save_translation(self, id: str, language: str, text: str) -> None:
        self.model.translate(id, language, text)
        self.saved[id, language] = text

    def mark(self, spared: tuple[str, ...] = (), meant: tuple[str, ...] = ()) -> None:
        self.model.mark(spared, meant)

    def statuses(self, language: str) -> Mapping[str, Status]:
        """Return the status of each unit, as the wiki says."""
        return {id: s.status for id, s in self.model.states(self.title, language).items()}

    def kept_texts(self) -> Mapping[tuple[str, str], str]:
        return {unit: page.text for unit, page in self.model.pages.items()}

    def step(self, rng: random.Random) -> None:
        owner = self.owner
        assert isinstance(owner, Planner)
        happening = rng.choice(
            [
                owner.rename_the_file, owner.drop_an_item, owner.drop_an_item, owner.drop_a_team,
                owner.put_something_back, owner.put_something_back, owner.add_an_item,
                owner.change_a_text, owner.change_a_text, owner.change_a_value, owner.lose_a_link,
                owner.find_a_link, owner.keep_it_no_more, owner.move_an_item,
                owner.drop_a_line_of_ids, self.drop_a_section, self.put_the_section_back,
                *self.of_people, self.translate, self.translate, self.doubt,
            ]
        )  # fmt: skip
        self.story.append(happening.__name__)
        happening(rng)

    @property
    def of_people(self) -> list[Any]:
        editors = self.editors
        return [editors.add, editors.add, editors.edit_an_addition, editors.remove_an_addition]

    # What wikiplan does

    def compare(self, answer: str = "") -> ChangeSet:
        self.owner.write(self.directory)
        return smallplan.compare(
            self.directory, self.wiki, drift=answer, translate=self.extension, limits=LIMITS
        )

    def decided(self) -> ChangeSet:
        """Return the change set once everything is decided that a person has to decide."""
        answer = ""
        for _ in range(20):
            changes = self.compare(answer)
            (page,) = changes.pages
            if page.action is Action.REFUSED:
                self.told.refused[page.told.code] = self.told.refused.get(page.told.code, 0) + 1
                self.decide(page)
            elif any(
                section.state.value in ("removed", "drift", "conflict") for section in page.sections
            ):
                assert not answer, page.told.reason
                assert all(
                    section.state.value == "removed" or (section.drift and section.drift.stranded)
                    for section in page.sections
                    if section.state.value in ("removed", "drift", "conflict")
                ), page.told.reason
                answer = "reclaim"
            else:
                return changes
        raise AssertionError(f"nothing helps: {page.told.reason}")

    def decide(self, page: PageChange) -> None:
        """Do what a refusal says."""
        owner = self.owner
        assert isinstance(owner, Planner)
        if page.told.code == "breaks-translations":
            keys = {id.rpartition(".")[2] for id in re.findall(r"(\S+) \$beds", page.told.reason)}
            numbers = {str(number): key for key, number in owner.numbers.items()}
            owner.kept |= {numbers.get(key, key) for key in keys}
            return
        assert page.told.code == "id-reused", page.told.reason
        found = re.search(r"unit (\S+): this id once had another text", page.told.reason)
        assert found, page.told.reason
        numbers = {str(number): key for key, number in owner.numbers.items()}
        had = english(self.extension.used_ids(self.title)[found[1]] or "")
        key = numbers.get(found[1], had.removeprefix("== ").split(" ")[1])
        edition = re.search(r"edition (\d+)", had)
        owner.editions[key] = int(edition[1]) if edition else 0
        (owner.lost.discard if "$beds" in had else owner.lost.add)(key)

    def run(self) -> None:
        changes = self.decided()
        self.apply(changes)

    def run_late(self, rng: random.Random) -> None:
        """Apply a saved change set after people were at work: as reviewed, or not at all."""
        changes = self.decided()
        made = datetime(2021, 7, 1, 12, tzinfo=UTC)
        path = changefile.write(self.directory / "out", changes, made, "")
        before = self.editors.text if self.wiki.read([self.title])[self.title].exists else ""
        for _ in range(2):
            happening = rng.choice([*self.of_people, *[self.translate] * 4, self.doubt])
            if before and self.model.texts:
                self.story.append(f"late {happening.__name__}")
                happening(rng)
        late = recheck_saved(changefile.read(path), self.wiki, smallplan.summary)
        (page,) = late.pages
        moved = before and self.editors.text != before
        if changes.pages[0].to_write and moved:
            assert page.action is Action.CONFLICT, page.told.reason
            text = self.editors.text
            Application(late, self.wiki, sleep=lambda seconds: None).run()
            assert self.editors.text == text
            self.run()
            return
        self.told.late += 1
        outcome = self.apply(late)
        if outcome is Action.REFUSED:
            self.run()

    def apply(self, changes: ChangeSet) -> Action:
        application = Application(changes, self.wiki, sleep=lambda seconds: None)
        application.check = lambda change: check_translations(changes, change, self.wiki)
        done = application.run()
        assert application.ended is None, application.ended
        for outcome in done:
            if outcome.action is Action.REFUSED:
                assert outcome.code == "breaks-translations", outcome.reason
                return outcome.action
            assert outcome.action in (Action.UPDATE, Action.CREATE), outcome.reason
        return Action.UPDATE

    def round(self, rng: random.Random) -> None:
        """Let things happen, run, have the page marked, and compare what came of it."""
        for _ in range(rng.randint(1, 4)):
            self.step(rng)
        before = self.units() if self.model.texts else {}
        late = rng.random() < 0.3
        self.story.append("late run" if late else "run")
        if late:
            self.run_late(rng)
        else:
            self.run()
        after = self.units()
        if not late:
            self.check_additions(before, after)
        (page,) = self.compare().pages
        assert page.action is Action.NONE, page.told.reason
        self.mark_and_compare(page)

    def mark_and_compare(self, page: PageChange) -> None:
        effect = page.effect
        assert effect is not None
        if not self.model.texts:
            self.mark()
            return
        before = {language: self.statuses(language) for language in LANGUAGES}
        self.mark(effect.spared, effect.meant)
        told = {each.language: each for each in effect.languages}
        for language in LANGUAGES:
            after = self.statuses(language)
            found = outcome(before[language], after)
            came = [id for id in after if id not in before[language]]
            unseen = sum(self.unseen(id, language) for id in came)
            self.told.unseen += sum(bool(self.unseen(id, language)) for id in came)
            found |= {"kept": found["kept"] + unseen, "new": found["new"] - unseen}
            if language in told:
                assert counts(told[language]) == found, self.tell(language)
                self.add_up(found)
            elif effect.changes:
                assert not any(found[name] for name in ("kept", "outdated", "orphaned")), self.tell(
                    f"{language} {found} {before[language]} {after}"
                )
            else:
                assert before[language] == after, self.tell(language)
            self.check_translations(language, after)
        assert {*self.saved.items()} <= {*self.kept_texts().items()}, self.tell("lost")

    def unseen(self, id: str, language: str) -> int:
        """Return how many more translations seem current than are, of a unit that came back.

        Of one that left, no API says whether it is outdated: what outdated it may have been its
        values alone, and a change after it may have been one that left translations current.
        """
        page = self.model.pages.get((id, language))
        if page is None or has_outdated_mark(page.text):
            return 0
        return int(self.model.is_left(id, language)) - int(not page.outdated)

    def add_up(self, found: Mapping[str, int]) -> None:
        self.told.forecasts += 1
        self.told.outdated += found["outdated"]
        self.told.orphaned += found["orphaned"]
        self.told.new += found["new"]

    def check_translations(self, language: str, statuses: Mapping[str, Status]) -> None:
        """No unit shows as current what was made for another text."""
        texts = self.kept_texts()
        for id, status in statuses.items():
            if status is Status.TRANSLATED:
                now = self.model.units[id]
                wanted = now if id == TITLE_UNIT else english(now)
                assert texts[id, language] == translated(wanted), self.tell(f"{language} {id}")

    def check_additions(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """What people added is there, in its place, and the plan's units are the plan's."""
        units = [unit for found in after.values() for unit in found]
        assert sorted(map(number_of, filter(number_of, units))) == sorted(
            map(str, self.editors.added)
        ), self.tell("additions")
        for name, found in after.items():
            assert [key_of(unit) for unit in found if not number_of(unit)] == list(
                keys_of(self.owner, name)
            )
            old = before.get(name, [])
            assert list(places(found, old)) == sorted(places(old, found), key=order(found))

    def tell(self, what: str) -> str:
        return "\n".join([what, *self.story, self.editors.text])


def counts(told: LanguageEffect) -> dict[str, int]:
    return {name: getattr(told, name) for name in ("kept", "outdated", "new", "orphaned")}


def outcome(before: Mapping[str, Status], after: Mapping[str, Status]) -> dict[str, int]:
    """Return what became of a language's units, as a forecast counts them."""
    current, none = Status.TRANSLATED, Status.UNTRANSLATED
    stayed = [id for id in after if id in before]
    came = [after[id] for id in after if id not in before]
    return {
        "kept": sum(before[id] is after[id] is current for id in stayed) + came.count(current),
        "outdated": sum(before[id] is current and after[id] is Status.OUTDATED for id in stayed),
        "new": len(came) - came.count(current),
        "orphaned": sum(before[id] is not none for id in before if id not in after),
    }


@pytest.mark.heavy
@pytest.mark.parametrize("seed", EVENINGS if WHOLE else EVENINGS[::30])
def test_what_a_forecast_says_is_what_the_model_then_has(
    seed: int, tmp_path: Path, folder: Any, monkeypatch: pytest.MonkeyPatch
):
    people = FolderPeople(folder.directory)
    editors = Editors(people)
    model = TranslateModel(editors.title, lambda: editors.text, editors.save)
    monkeypatch.setattr(guards, "open_translate", lambda wiki: model)
    evening = Evening(tmp_path, Planner(editors.title), editors, folder, model, model)
    play(evening, seed)
    print(f"{seed}: {evening.told}")


@dataclass
class Lab:
    """The page on the real wiki, and its translations: what people see and do there."""

    lab: TranslateWiki
    title: str

    def text(self, title: str) -> str:
        return self.lab.text(title)

    def edit(self, title: str, text: str) -> None:
        self.lab.edit(title, text)


@dataclass
class RealEvening(Evening):
    """An evening on the real extension, with the model beside it: both must say the same."""

    lab: Any = None

    def save_translation(self, id: str, language: str, text: str) -> None:
        super().save_translation(id, language, text)
        self.lab.translate(self.title, id.replace(" ", "_"), language, text)

    def mark(self, spared: tuple[str, ...] = (), meant: tuple[str, ...] = ()) -> None:
        expected = self.model.marked_text(self.editors.text)
        options = {"fuzzyunits": "|".join(meant)} if meant else {}
        self.lab.mark(self.title, spared=spared, **options)
        self.lab.run_jobs()
        assert self.editors.text == expected, self.tell("numbers")
        self.model.note_marking(expected, spared, meant)
        names = {"fuzzy": Status.OUTDATED}
        for language in LANGUAGES:
            found = self.lab.states(self.title, language)
            real = {id: names.get(status) or Status(status) for id, status in found.items()}
            assert real == self.statuses(language), self.tell(f"the model of {language}")
        pages = {
            unit: self.lab.text(f"Translations:{self.title}/{unit[0]}/{unit[1]}")
            for unit in self.saved
        }
        assert pages == self.saved, self.tell("translations")


@pytest.mark.wiki
@pytest.mark.translate
@pytest.mark.parametrize("seed", ON_THE_WIKI if WHOLE else ON_THE_WIKI[:1])
def test_the_real_extension_has_what_the_forecast_and_the_model_say(
    seed: int,
    tmp_path: Path,
    translate_wiki: TranslateWiki,
    translate_site: Any,
    title: str,
):
    if not translate_wiki.marks_through_api:
        pytest.skip("the model is of 1.43")
    site = translate_site()
    editors = Editors(Lab(translate_wiki, title), title=title)
    model = TranslateModel(title, lambda: editors.text, editors.save)
    evening = RealEvening(
        tmp_path, Planner(title), editors, site, open_translate(site), model, lab=translate_wiki
    )
    play(evening, seed)
    print(f"{seed}: {evening.told}")


def play(evening: Evening, seed: int) -> None:
    rng = random.Random(seed)
    evening.run()
    evening.mark_and_compare(evening.compare().pages[0])
    for _ in range(3):
        evening.translate(rng)
    for _ in range(ROUNDS):
        evening.round(rng)
