"""Runs that remember find just what runs find that read everything, whatever happened meanwhile.

Each history is a plan of a few pages on a real wiki, and a dozen things that happen in an order of
chance: people edit, move, delete or protect pages, the plan, the clock or the program changes, what
is remembered gets lost, damaged or old. Every run compares twice, once with what it remembers and
once anew, and both must come to the same, before it writes.

A sample runs in ``make test``, 2,000 histories in ``make histories``.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.mediawiki import ApiError, MediaWiki
from tests.support.samples import WHOLE
from wikiplan.changes import inputs, memoryfile
from wikiplan.changes.apply import Application
from wikiplan.report.report import Report, new_run_id
from wikiplan.report.terminal import Terminal
from wikiplan.session import loading, remembering
from wikiplan.session.options import Options
from wikiplan.session.session import Session
from wikiplan.value import replace
from wikiplan.wiki.interface import Wiki

HISTORIES = 2000 if WHOLE else 6
WORKERS = 2
STEPS = 12
RUN_EVERY = 3  # steps, on average
BEGIN = datetime(2021, 7, 1, tzinfo=UTC)
WORDS = ("Trees", "Herbs", "Sheds", "Roses", "Vines", "Tools")

TOP = "languages: [en, de]\nmost-pages: 1000\nmost-shrink: 100\nmost-lost: 100\n"
CLOCK = """\
{% for each in data.events | coming %}
* {{ each.text }}
{% endfor %}
That is all.
"""
CATALOG = """\
msgid ""
msgstr ""
"Language: de\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Wikiplan-Entries: 1\\n"

msgctxt "a.body"
msgid "{english}"
msgstr "{german}"
"""
SECTIONS = """\
Above.

<!-- wikiplan:begin a -->
<!-- wikiplan:end a -->

<!-- wikiplan:begin clock -->
<!-- wikiplan:end clock -->

Below."""


@dataclass
class History:
    """One plan, its pages, and the chance that makes their history."""

    number: int
    directory: Path
    lab: MediaWiki
    wiki: Wiki
    chance: random.Random = field(init=False)
    now: datetime = BEGIN
    english: str = "Trees."
    german: str = "Bäume."
    line: str = "{{ data.body.text }}\n"
    events: int = 3
    versions: dict[str, str] = field(default_factory=lambda: dict(inputs.versions()))
    runs: int = 0
    told: list[str] = field(default_factory=list)
    old_memory: bytes = b""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)
        self.titles = [f"History {self.number} {name}" for name in ("One", "Two")]
        for title in self.pages:
            self.lab.edit(title, SECTIONS)

    @property
    def pages(self) -> list[str]:
        return [f"{title}{version}" for title in self.titles for version in ("", "/de")]

    @property
    def memory_path(self) -> Path:
        return next(self.directory.glob("state/wikiplan/*.memory"), self.directory / "none")

    def write_plan(self) -> None:
        smallplan.write(self.directory, {"a": self.english}, dict.fromkeys(self.titles, ""), TOP)
        data, templates = self.directory / "data", self.directory / "templates"
        (templates / "line.wiki").write_text(self.line)
        (templates / "clock.wiki").write_text(CLOCK)
        events = "".join(
            f"  - {{key: e{n}, start: 2021-07-0{n + 2}T12:00Z, minutes: 60, text: Event {n}.}}\n"
            for n in range(self.events)
        )
        (data / "clock.yaml").write_text(f"events:\n{events}")
        pages = (data / "pages.yaml").read_text()
        section = "      - {name: a, template: line, data: a}\n"
        clock = "      - {name: clock, template: clock, data: clock}\n"
        (data / "pages.yaml").write_text(pages.replace(section, section + clock))
        (data / "locale").mkdir(exist_ok=True)
        german = CATALOG.format(english=self.english, german=self.german)
        (data / "locale/de.po").write_text(german)

    def step(self) -> None:
        if self.chance.randrange(RUN_EVERY) == 0:
            self.run()
            return
        happening = self.chance.choice(HAPPENINGS)
        self.told.append(happening.__name__)
        try:
            happening(self)
        except (ApiError, IndexError) as error:  # what is not there cannot be moved, say
            self.told.append(f"  {error}")

    def run(self, **options: Any) -> None:
        """Compare with what is remembered and anew, write what differs, and remember."""
        self.runs += 1
        self.write_plan()
        work = self.session(**options)
        full = replace(work, options=replace(work.options, full=True)).compare()
        changes = work.compare()
        self.told.append(f"run {options}: {len(work.in_step)} pages left out")
        for ours, theirs in zip(changes.pages, full.pages, strict=True):
            assert ours == theirs, "\n".join([*self.told, ours.title])
        LEFT_OUT.update({True: len(work.in_step), False: len(changes.pages) - len(work.in_step)})
        work.report.add_changes(page for page in changes.pages if not page.to_write)
        application = Application(changes, self.wiki, sleep=lambda seconds: None)
        work.report.add_outcomes(application.run())
        remembering.keep(work, changes)

    def session(self, **options: Any) -> Session:
        chosen = Options(
            data=self.directory / "data",
            templates=self.directory / "templates",
            always=True,
            now=self.now,
            trust=timedelta(days=1000),
            **options,
        )
        report = Report(new_run_id(self.now), site=self.wiki.name, started=self.now)

        known = (chosen, Terminal, report, self.wiki)
        return Session(*known, loaded=loading.load(chosen), site="lab:lab")

    def any_page(self) -> str:
        return self.chance.choice(self.pages)

    def words(self) -> str:
        return f"{self.chance.choice(WORDS)} {self.chance.randrange(1000)}."


LEFT_OUT: Counter[bool] = Counter()
"""How many pages runs left out, and how many they compared."""


# What people do on the wiki.


def edit_outside(history: History) -> None:
    title = history.any_page()
    history.lab.edit(title, f"{history.words()}\n{history.lab.text(title)}")


def edit_inside(history: History) -> None:
    title = history.any_page()
    end = "\n<!-- wikiplan:end a"
    text = history.lab.text(title).replace(end, f" {history.words()}{end}")
    history.lab.edit(title, text)


def undo_the_last_edit(history: History) -> None:
    title = history.any_page()
    newest = history.lab.history(title)[0]["revid"]
    history.lab.api(action="edit", title=title, undo=newest, token=True)


def take_a_section_out(history: History) -> None:
    title = history.any_page()
    history.lab.edit(title, history.lab.text(title).partition("<!-- wikiplan:begin clock")[0])


def put_the_sections_back(history: History) -> None:
    history.lab.edit(history.any_page(), SECTIONS)


def move_away(history: History) -> None:
    title = history.any_page()
    history.lab.move(title, f"{title} {history.words()}", redirect=history.chance.random() < 0.5)


def move_away_and_back(history: History) -> None:
    title = history.any_page()
    history.lab.move(title, f"{title} there", redirect=False)
    history.lab.move(f"{title} there", title, redirect=False)


def swap(history: History) -> None:
    one, two = history.titles
    history.lab.move(one, f"{one} between", redirect=False)
    history.lab.move(two, one, redirect=False)
    history.lab.move(f"{one} between", two, redirect=False)


def delete(history: History) -> None:
    history.lab.delete(history.any_page())


def delete_and_restore(history: History) -> None:
    title = history.any_page()
    history.lab.delete(title)
    history.lab.undelete(title)


def restore(history: History) -> None:
    history.lab.undelete(history.any_page())


def import_over(history: History) -> None:
    history.lab.import_page(history.any_page(), SECTIONS)


def protect(history: History) -> None:
    history.lab.protect(history.any_page())


def hide_an_old_revision(history: History) -> None:
    title = history.any_page()
    history.lab.hide(history.lab.history(title)[-1]["revid"])


def change_the_page_language(history: History) -> None:
    history.lab.page_language(history.any_page(), history.chance.choice(["de", "fr", "en"]))


# What happens to the plan, the clock and the program.


def change_a_text(history: History) -> None:
    history.english = history.words()


def change_a_translation(history: History) -> None:
    history.german = history.words()


def change_a_template(history: History) -> None:
    history.line = f"{{{{ data.body.text }}}} {history.words()}\n"


def change_the_events(history: History) -> None:
    history.events = history.chance.randrange(1, 5)


def let_time_pass(history: History) -> None:
    history.now += timedelta(hours=history.chance.choice([1, 25, 50]))


def change_a_library(history: History) -> None:
    history.versions = {**history.versions, "Babel": history.words()}


# What happens to what is remembered.


def run_for_some_pages(history: History) -> None:
    history.run(page=(history.chance.choice(history.titles),))


def run_for_a_language(history: History) -> None:
    history.run(language=("de",))


def run_for_a_section(history: History) -> None:
    history.run(section=("a",))


def lose_the_memory(history: History) -> None:
    history.memory_path.unlink(missing_ok=True)


def damage_the_memory(history: History) -> None:
    path = history.memory_path
    if path.exists():
        data = bytearray(path.read_bytes())
        for _ in range(20):
            data[history.chance.randrange(len(data))] = history.chance.randrange(256)
        path.write_bytes(data)


def put_an_old_memory_back(history: History) -> None:
    path = history.memory_path
    if path.exists():
        old, history.old_memory = history.old_memory, path.read_bytes()
        if old:
            path.write_bytes(old)


def be_older_than_the_wiki_remembers(history: History) -> None:
    path = history.memory_path
    before = memoryfile.read(path)
    if before.cursor:
        long_ago = replace(before.cursor, listed=before.cursor.listed - timedelta(days=400))
        memoryfile.write(path, before, replace(before, cursor=long_ago))


HAPPENINGS: tuple[Callable[[History], None], ...] = (
    edit_outside, edit_inside, undo_the_last_edit, take_a_section_out, put_the_sections_back,
    move_away, move_away_and_back, swap, delete, delete_and_restore, restore, import_over, protect,
    hide_an_old_revision, change_the_page_language, change_a_text, change_a_translation,
    change_a_template, change_the_events, let_time_pass, change_a_library, run_for_some_pages,
    run_for_a_language, run_for_a_section, lose_the_memory, damage_the_memory,
    put_an_old_memory_back, be_older_than_the_wiki_remembers,
)  # fmt: skip


@pytest.mark.wiki
@pytest.mark.parametrize("part", range(WORKERS))
def test_a_run_that_remembers_finds_what_a_run_finds_that_reads_everything(
    part, tmp_path, mediawiki, site_of, monkeypatch
):
    wiki = site_of()
    for number in range(part, HISTORIES, WORKERS):
        directory = tmp_path / f"{number}"
        monkeypatch.setenv("XDG_STATE_HOME", str(directory / "state"))
        history = History(number, directory, mediawiki, wiki)
        monkeypatch.setattr(loading, "versions", lambda history=history: history.versions)
        history.run()
        history.run()
        for _ in range(STEPS):
            history.step()
        history.run()
        shutil.rmtree(directory)
    print(f"pages left out: {LEFT_OUT[True]}, compared: {LEFT_OUT[False]}")
    assert LEFT_OUT[True] > LEFT_OUT[False] / 4
