"""What the plan drops leaves a translatable page, and what people added stays in its place."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople, People
from tests.support.samples import WHOLE
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import ChangeSet
from wikiplan.translate import PageUnit, markup
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import sections, unitmerge

pytestmark = pytest.mark.heavy

SEQUENCES = range(500)
EVERY = 1 if WHOLE else 100
"""``make test`` tries one sequence of 100, ``make ownership`` all."""
STEPS = 12

TITLE = "Plan"
TEMPLATE = """\
== {{ data.heading.text }} ==

{{ data.intro.text }}

{% for team in data.teams %}
* {{ team.text }}
{% for item in team["items"] %}
** {{ item.text }}{% if item.about is defined %} ({{ item.about.text }}){% endif %}

{% endfor %}
{% endfor %}
"""
WITH_MORE = {"oaks", "beds", "tools", "new1", "new3"}
"""Items with a second unit on their line."""
ADDITION = re.compile(r"Addition (\d+)\.")


@dataclass
class Owner:
    """The plan's owner. ``teams`` are the keys of each section's teams, with those of their items;
    ``editions`` count how often a text changed.
    """

    year: int = 2021
    teams: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: {
            "goals": {"trees": ["oaks", "elms"], "herbs": ["beds", "tea"]},
            "more": {"sheds": ["tools", "roofs"]},
        }
    )
    numbers: dict[str, int] = field(
        default_factory=lambda: {
            "heading": 1,
            "trees": 2,
            "oaks": 3,
            "oaks.about": 4,
            "elms": 5,
            "tea": 6,
        }
    )
    editions: dict[str, int] = field(default_factory=dict)
    dropped: list[tuple[str, str, str, list[str], dict[str, int]]] = field(default_factory=list)
    made: int = 0
    title: str = TITLE

    def file(self, section: str) -> str:
        return f"goals-{self.year}" if section == "goals" else section

    def write(self, directory: Path) -> None:
        entry = "kind: translatable\nmissing-page: create\nmissing-section: bottom\n"
        ids = {f"{self.file('goals')}.{self._path(key)}": n for key, n in self.numbers.items()}
        entry += f"ids: {json.dumps(ids)}"
        smallplan.write(directory, {}, {self.title: entry}, "most-shrink: 100\n")
        (directory / "templates" / "list.wiki").write_text(TEMPLATE)
        for path in (directory / "data").glob("[gm]o*.yaml"):
            path.unlink()
        for section in self.teams:
            path = directory / "data" / f"{self.file(section)}.yaml"
            path.write_text(json.dumps(self._data(section)))
        spec = "".join(
            f"      - {{name: {name}, template: list, data: {self.file(name)}}}\n"
            for name in self.teams
        )
        pages = directory / "data" / "pages.yaml"
        pages.write_text(pages.read_text() + spec)

    def _data(self, section: str) -> dict[str, object]:
        return {
            "heading": {"text": self.text(section, "heading")},
            "intro": {"text": self.text(section, "intro")},
            "teams": [
                {
                    "key": team,
                    "text": self.text(section, team),
                    "items": [
                        {"key": item, "text": self.text(section, item)} | self._about(section, item)
                        for item in items
                    ],
                }
                for team, items in self.teams[section].items()
            ],
        }

    def _about(self, section: str, item: str) -> dict[str, object]:
        if item not in WITH_MORE:
            return {}
        return {"about": {"text": self.text(section, f"{item}.about")}}

    def text(self, section: str, key: str) -> str:
        edition = self.editions.get(key, 0)
        return f"The {key} of {section}" + f", edition {edition}" * bool(edition)

    def _path(self, key: str) -> str:
        """Return a key with those of what it stands in, as it was when it was dropped."""
        item = key.partition(".")[0]
        for teams in self.teams.values():
            for team, items in teams.items():
                if item in items:
                    return f"{team}.{key}"
        return key

    # What the owner does

    def rename_the_file(self, rng: random.Random) -> None:
        self.year += 1
        if rng.random() < 0.3:
            self.numbers.clear()

    def drop_an_item(self, rng: random.Random) -> None:
        section = rng.choice(list(self.teams))
        team = rng.choice(list(self.teams[section]))
        if len(self.teams[section][team]) > 1:
            item = rng.choice(self.teams[section][team])
            self.teams[section][team].remove(item)
            self.dropped.append((section, team, item, [], self._without([item])))

    def drop_a_team(self, rng: random.Random) -> None:
        section = rng.choice(list(self.teams))
        if len(self.teams[section]) > 1:
            team = rng.choice(list(self.teams[section]))
            items = self.teams[section].pop(team)
            self.dropped.append((section, team, "", items, self._without([team, *items])))

    def _without(self, keys: Sequence[str]) -> dict[str, int]:
        """Take the lines of ``ids`` away that are of these keys; return them."""
        gone = {k: n for k, n in self.numbers.items() if k.partition(".")[0] in keys}
        self.numbers = {k: n for k, n in self.numbers.items() if k not in gone}
        return gone

    def drop_a_line_of_ids(self, rng: random.Random) -> None:
        if self.numbers:
            del self.numbers[rng.choice(list(self.numbers))]

    def put_something_back(self, rng: random.Random) -> None:
        if not self.dropped:
            return
        section, team, item, items, numbers = self.dropped.pop(rng.randrange(len(self.dropped)))
        teams = self.teams[section]
        if not item:
            teams[team] = items
        elif team in teams:
            teams[team].insert(rng.randint(0, len(teams[team])), item)
        else:
            return
        self.numbers |= numbers

    def add_an_item(self, rng: random.Random) -> None:
        section = rng.choice(list(self.teams))
        items = self.teams[section][rng.choice(list(self.teams[section]))]
        self.made += 1
        items.insert(rng.randint(0, len(items)), f"new{self.made}")

    def change_a_text(self, rng: random.Random) -> None:
        section = rng.choice(list(self.teams))
        team = rng.choice(list(self.teams[section]))
        key = rng.choice(["intro", team, *self.teams[section][team]])
        self.editions[key] = self.editions.get(key, 0) + 1

    def move_an_item(self, rng: random.Random) -> None:
        section = rng.choice(list(self.teams))
        rng.shuffle(self.teams[section][rng.choice(list(self.teams[section]))])


@dataclass
class Editors:
    """People on the wiki, who only add units of their own, and mark the page."""

    people: People
    added: set[int] = field(default_factory=set)
    count: int = 0
    next_number: int = 100
    title: str = TITLE

    @property
    def text(self) -> str:
        return self.people.text(self.title)

    def save(self, text: str) -> None:
        assert not markup.mark_errors(markup.parse(text))
        self.people.edit(self.title, text)

    def add(self, rng: random.Random) -> None:
        """Add a unit behind a random one: on its line, below it, or in its block."""
        page = markup.parse(self.text)
        spans = [section.body for section in sections.find(self.text)]
        places = [
            (block, unit)
            for block in page.blocks
            for unit in block.units
            if any(start <= unit.start < stop for start, stop in spans)
        ]
        block, unit = rng.choice(places)
        self.count += 1
        self.added.add(self.count)
        words = f"Addition {self.count}."
        inline = f"<translate>{words}</translate>"
        line_end = (self.text + "\n").index("\n", block.stop)
        ways = [(line_end, f"\n\n{inline}") if not block.inline else (line_end, f"\n** {inline}")]
        ways += [(block.stop, f" {inline}")] if block.inline else [(unit.stop, f"\n\n{words}")]
        place, text = rng.choice(ways)
        self.save(self.text[:place] + text + self.text[place:])

    def mark(self, rng: random.Random) -> None:
        page = markup.parse(self.text)
        new = sum(unit.new for unit in page.units)
        self.save(markup.marked(page, self.next_number))
        self.next_number += new

    def edit_an_addition(self, rng: random.Random) -> None:
        if self.added:
            old = rng.choice(sorted(self.added))
            self.count += 1
            self.save(self.text.replace(f"Addition {old}.", f"Addition {self.count}."))
            self.added = self.added - {old} | {self.count}

    def remove_an_addition(self, rng: random.Random) -> None:
        text = self.text
        found = rng.choice(sections.find(text))
        start, stop = found.body
        theirs = ADDITION.findall(text[start:stop])
        if theirs:
            gone = rng.choice(theirs)
            rest, _ = unitmerge.lift(text[start:stop], lambda unit: number_of(unit) != gone)
            self.added.discard(int(gone))
            self.save(text[:start] + rest + text[stop:])


@dataclass
class Scene:
    """A plan, its page, and those who work on both."""

    directory: Path
    owner: Owner
    editors: Editors
    wiki: Folder

    def drop_a_section(self, rng: random.Random) -> None:
        """Take a section out of ``pages.yaml``, and with all that is in it off the page."""
        if "more" not in self.owner.teams:
            return
        text = self.editors.text
        self.owner.dropped = [each for each in self.owner.dropped if each[0] != "more"]
        del self.owner.teams["more"]
        for found in sections.find(text):
            if found.name == "more":
                gone = ADDITION.findall(sections.body_of(text, found))
                self.editors.added -= set(map(int, gone))
                text = text[: found.begin.start] + text[found.end.stop :]
                self.editors.save(text.rstrip("\n"))

    def put_the_section_back(self, rng: random.Random) -> None:
        if "more" not in self.owner.teams:
            self.owner.teams["more"] = {"sheds": ["tools", "roofs"]}

    def step(self, rng: random.Random) -> None:
        owner, editors = self.owner, self.editors
        rng.choice(
            [
                owner.rename_the_file, owner.drop_an_item, owner.drop_an_item, owner.drop_a_team,
                owner.put_something_back, owner.put_something_back, owner.add_an_item,
                owner.change_a_text, owner.move_an_item, owner.drop_a_line_of_ids,
                self.drop_a_section, self.put_the_section_back, editors.add, editors.add,
                editors.add, editors.mark, editors.edit_an_addition, editors.remove_an_addition,
            ]
        )(rng)  # fmt: skip

    def compare(self, answer: str = "") -> ChangeSet:
        self.owner.write(self.directory)
        return smallplan.compare(self.directory, self.wiki, drift=answer)

    def run(self) -> None:
        """Update the page. What nobody edited but by additions does not wait for anybody."""
        changes = self.compare()
        (page,) = changes.pages
        states = {section.name: section.state.value for section in page.sections}
        if states.get("more") == "removed":
            del states["more"]
            changes = self.compare("reclaim")
        for section in page.sections:
            if section.drift and section.drift.stranded:
                del states[section.name]
                changes = self.compare("reclaim")
        assert set(states.values()) <= {"unchanged", "changed", "new"}, page.told.reason
        assert changes.pages[0].action in ("none", "update", "create"), changes.pages[0].told
        Application(changes, self.wiki, sleep=lambda seconds: None).run()
        assert self.compare().pages[0].action == "none"

    def units(self) -> dict[str, list[PageUnit]]:
        """Return the units of each section as they stand on the page."""
        text = self.editors.text
        return {
            section.name: list(markup.parse(sections.body_of(text, section)).units)
            for section in sections.find(text)
        }


def key_of(unit: PageUnit) -> str:
    """Return what a unit of the plan is, whatever its id and its edition: its words say it."""
    found = re.match(r"(?:== )?The (\S+) of", unit.text)
    assert found, unit.text
    return found[1]


def number_of(unit: PageUnit) -> str:
    found = ADDITION.fullmatch(unit.text)
    return found[1] if found else ""


def stays(old: PageUnit, new: PageUnit) -> bool:
    """Whether a unit of the plan can be known as the same one: by its id, its key, or its text."""
    keys = [str(unit.id).partition(".")[2] for unit in (old, new)]
    return old.id == new.id or old.text == new.text or (keys[0] == keys[1] != "")


def places(before: Sequence[PageUnit], after: Sequence[PageUnit]) -> Iterator[tuple[str, str]]:
    """Yield each addition with the unit of the plan that it stands behind in ``before``.

    Only units count that stand on the page in ``after`` as well.
    """
    now = {key_of(unit): unit for unit in after if not number_of(unit)}
    then = {key_of(unit): unit for unit in before if not number_of(unit)}
    kept = {key for key in then if key in now and stays(then[key], now[key])}
    anchor = ""
    for unit in before:
        if number := number_of(unit):
            yield number, anchor
        elif key_of(unit) in kept:
            anchor = key_of(unit)


@pytest.fixture
def scene(tmp_path: Path, folder: Folder) -> Scene:
    return Scene(tmp_path, Owner(), Editors(FolderPeople(folder.directory)), folder)


@pytest.mark.parametrize("seed", SEQUENCES[::EVERY])
def test_the_page_ends_with_the_plans_units_and_peoples_additions(scene: Scene, seed: int):
    rng = random.Random(seed)
    scene.run()
    for _ in range(STEPS):
        for _ in range(rng.randint(1, 4)):
            scene.step(rng)
        before = scene.units()
        scene.run()
        after = scene.units()
        units = [unit for found in after.values() for unit in found]
        assert sorted(map(number_of, filter(number_of, units))) == sorted(
            map(str, scene.editors.added)
        )
        for name, found in after.items():
            assert [key_of(unit) for unit in found if not number_of(unit)] == list(
                keys_of(scene.owner, name)
            )
            old = before.get(name, [])
            assert list(places(found, old)) == sorted(places(old, found), key=order(found))


def keys_of(owner: Owner, section: str) -> Iterator[str]:
    yield from ("heading", "intro")
    for team, items in owner.teams[section].items():
        yield team
        for item in items:
            yield item
            if item in WITH_MORE:
                yield f"{item}.about"


def order(units: Sequence[PageUnit]) -> object:
    numbers = [number_of(unit) for unit in units]
    return lambda place: numbers.index(place[0])
