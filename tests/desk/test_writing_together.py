"""Browsers, an editor and scripts write at once: what was confirmed stands, and files are whole.

The law, for each value of a file:

- An edit that the desk confirmed stands, until a later confirmed edit has the value, or another
  program writes the file with what it had read before. That one looks at nothing, so the desk keeps
  nothing from it; it shows what is there then, and its undoing leaves it alone.
- What another program has written stands, until somebody edits that value at the desk, having
  been shown it.
- The last edit that is undone gives way to what it replaced, unless its value is another by then.
- Every byte besides is as somebody wrote it. At each moment the file is whole, unless its editor
  writes it piece by piece; nothing is written over such a piece.
"""

from __future__ import annotations

import html
import json
import os
import random
import re
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import pytest
import requests

from tests.desk.conftest import WHOLE, session
from tests.support import smallplan
from tests.support.desk import answering
from tests.support.running import LONGEST_SECONDS, forked
from wikiplan.catalogs.catalog import Catalog
from wikiplan.desk.desk import Desk
from wikiplan.plan import plan as plans
from wikiplan.wiki.folder import Folder
from wikiplan.yaml import parsed

LINES = 8
OURS, THEIRS = range(5), range(3, LINES)
"""The lines that browsers edit, and those of the editor: of two they both have ideas."""
EDITS = 3
SHORT = 0.03
"""The longest pause, in seconds."""
INTERLEAVINGS = 300 if WHOLE else 6
LINE = re.compile(r"^link(\d): \{page: (\w+), title: T\}$", re.MULTILINE)
CONFIRMED = re.compile(r'role="status">links › link\d › page is “(\w+)” now\.')


class Written(NamedTuple):
    """What was written to lines of the file, between two moments; by the editor to all of them."""

    start: float
    end: float
    values: dict[int, str]


class Plan:
    """A plan on a folder wiki, with links in lines of their own, and a catalog."""

    def __init__(self, folder: Path) -> None:
        self.folder = smallplan.write(folder, {"a": "Text."}, {"Plan": "missing-page: create"},
                                      "languages: [en, de]\n")  # fmt: skip
        self.links, self.catalog = folder / "data/links.yaml", folder / "data/locale/de.po"
        self.log = folder / "editor.json"
        lines = "".join(f"link{n}: {{page: start{n}, title: T}}\n" for n in range(LINES))
        self.links.write_text(self.links.read_text() + lines)
        self.catalog.parent.mkdir()
        Catalog.create(self.catalog).save()
        self.around = self.masked(self.links.read_text())

    @staticmethod
    def values(text: str) -> dict[int, str]:
        return {int(number): value for number, value in LINE.findall(text)}

    @staticmethod
    def masked(text: str) -> str:
        return LINE.sub(r"link\1", text)


class Browser(Thread):
    """Edits some lines at the desk by its forms, one after the other."""

    def __init__(self, desk: Desk, address: str, name: str, luck: random.Random) -> None:
        super().__init__()
        self._writing = desk.writing
        self.name, self._address, self._luck = name, address, luck
        self._session = requests.Session()
        self._session.headers["Origin"] = address.rsplit("/", 2)[0]
        self.confirmed: list[Written] = []
        self.refused, self.undone = 0, 0
        self.translated = ""

    def run(self) -> None:
        for number in range(EDITS):
            time.sleep(self._luck.uniform(0, SHORT))
            self._edit(self._luck.choice(OURS), f"{self.name}x{number}")
            if self._luck.randrange(3) == 0:
                self._undo()
        if self.name == "one":
            self._translate()

    def _edit(self, line: int, value: str) -> None:
        place = {"place": f"links:link{line}/page"}
        if not (form := self._form("edit", place)):
            return
        time.sleep(self._luck.uniform(0, SHORT))
        start = time.monotonic()
        said = self._sent("value", {**place, **form, "value": value, "do": "save"})
        if found := CONFIRMED.search(said):
            assert found[1] == value
            self.confirmed.append(Written(start, time.monotonic(), {line: value}))
        else:
            self.refused += 1

    def _undo(self) -> None:
        """Take the last edit of the plan back, whoever made it."""
        step = self._writing.undoable
        if step is None or step.of_texts:
            return
        start = time.monotonic()
        if "Undone: " in self._sent("undo", {"step": step.number, "here": ""}):
            (change,) = step.changes
            assert change.before is not None
            old, new = (Plan.values(each.decode()) for each in (change.before, change.after))
            back = {line: value for line, value in old.items() if new[line] != value}
            self.confirmed.append(Written(start, time.monotonic(), back))
            self.undone += 1
        else:
            self.refused += 1

    def _translate(self) -> None:
        place = {"language": "de", "unit": "a.body"}
        if form := self._form("translation", place):
            text = f"{self.name} {self._luck.random()}"
            if "saved" in self._sent("translation", {**place, **form, "text": text}).lower():
                self.translated = text

    def _form(self, path: str, place: dict[str, str]) -> dict[str, str]:
        """Return the hidden fields of a form, none where the plan cannot be read just now."""
        shown = self._session.get(f"{self._address}{path}", params=place).text
        inputs = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)"', shown)
        return {name: html.unescape(value) for name, value in inputs if name != "here"}

    def _sent(self, path: str, form: dict[str, str]) -> str:
        return html.unescape(self._session.post(f"{self._address}change/{path}", data=form).text)


def edit_in_an_editor(place: Plan, luck: random.Random, whole: bool) -> None:
    """Read, change and write a file without looking; a program of its own, which logs what it did.

    ``whole`` says that it puts a new file in place of the old one; otherwise it empties that first.
    """
    path, done = place.links, []
    for number in range(EDITS):
        time.sleep(luck.uniform(0, 3 * SHORT))
        text = path.read_text()
        line = luck.choice(THEIRS)
        time.sleep(luck.uniform(0, SHORT))
        old, new = place.values(text)[line], f"editorx{number}"
        text = text.replace(f"link{line}: {{page: {old},", f"link{line}: {{page: {new},")
        start = time.monotonic()
        if whole:
            beside = path.with_name(".links.yaml.swp")
            beside.write_text(text)
            beside.rename(path)
        else:
            with path.open("w") as file:
                for at in range(0, len(text), 100):
                    file.write(text[at : at + 100])
                    file.flush()
                    time.sleep(luck.uniform(0, SHORT / 10))
        done.append([start, time.monotonic(), text])
    place.log.write_text(json.dumps(done))


def in_a_process(do: Callable[..., None], *given: object) -> int:
    child = os.fork()
    if not child:
        status = 1
        try:
            do(*given)
            status = 0
        finally:
            os._exit(status)
    return child


class Seen(NamedTuple):
    """What was read between two moments."""

    start: float
    end: float
    text: str


class Looking(Thread):
    """Reads the file all the while, as any other program may."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path, self.over, self.seen = path, Event(), list[Seen]()

    def run(self) -> None:
        while not self.over.wait(SHORT / 10):
            start, text = time.monotonic(), self._path.read_text()
            if text not in [each.text for each in self.seen[-1:]]:
                self.seen.append(Seen(start, time.monotonic(), text))


def explained(value: str, line: int, events: Sequence[Written]) -> bool:
    """Tell whether somebody wrote a value, and nobody another one later."""
    ours = [each for each in events if each.values.get(line) == value]
    others = [each for each in events if each.values.get(line, value) != value]
    return any(not any(other.start > own.end for other in others) for own in ours)


def scripts_at(place: Plan, luck: random.Random) -> list[int]:
    """Start scripts that update the catalogs and the wiki, a little later; returns their ids."""
    own = [f"-data:{place.folder / 'data'}", f"-templates:{place.folder / 'templates'}"]
    words = {"plan_translations": ["update"], "plan_update": ["-always", "-wiki:wiki"]}
    found = []
    for name, given in words.items():
        folder, pause = place.folder / name, luck.uniform(0, 3 * SHORT)
        folder.mkdir()
        first = partial(time.sleep, pause)
        found.append(forked(name, *given, *own, directory=folder, first=first))
    return found


def all_at_once(place: Plan, luck: random.Random, *, whole: bool) -> tuple[list[Browser], Looking]:
    """Let everybody work until all have ended."""
    desk = Desk(session(place.folder, Folder(place.folder / "wiki")))
    with answering(desk) as address:
        scripts = scripts_at(place, luck)
        editor = in_a_process(edit_in_an_editor, place, random.Random(luck.random()), whole)
        looking = Looking(place.links)
        browsers = [
            Browser(desk, address, name, random.Random(luck.random())) for name in ("one", "two")
        ]
        for thread in (looking, *browsers):
            thread.start()
        for browser in browsers:
            browser.join(LONGEST_SECONDS)
        assert os.waitpid(editor, 0)[1] == 0
        for script in scripts:  # which may find the plan in pieces, and refuse
            assert os.waitstatus_to_exitcode(os.waitpid(script, 0)[1]) in (0, 1)
        looking.over.set()
        looking.join()
    return browsers, looking


@pytest.mark.heavy
@pytest.mark.parametrize("seed", range(INTERLEAVINGS))
def test_what_was_confirmed_stands_and_every_file_is_whole(seed: int, tmp_path: Path):
    place, whole = Plan(tmp_path), bool(seed % 2)
    begun = Written(0, 0, place.values(place.links.read_text()))
    browsers, looking = all_at_once(place, random.Random(seed), whole=whole)
    logged = json.loads(place.log.read_text())
    by_editor = [Written(start, end, place.values(text)) for start, end, text in logged]
    events = [begun, *by_editor, *(each for browser in browsers for each in browser.confirmed)]
    text = place.links.read_text()
    assert place.masked(text) == place.around
    for line, value in place.values(text).items():
        assert explained(value, line, events), (line, value, events)
    for start, end, seen in looking.seen:
        in_pieces = not whole and any(each.start < end and start < each.end for each in by_editor)
        assert in_pieces or (place.masked(seen) == place.around and not parsed(seen, "", [])[1])
    unit = plans.load(tmp_path / "data").units["a.body"]
    assert Catalog.load(place.catalog).get(unit).text == browsers[0].translated
    counts = [(len(each.confirmed), each.undone, each.refused) for each in browsers]
    print(f"{seed}: confirmed, undone and refused {counts}, {len(looking.seen)} states of the file")
