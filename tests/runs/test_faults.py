"""Every kind of fault at every request: the report is the wiki's history, and the next run is done.

A sample is run always, the whole by ``make faults`` (``WIKIPLAN_WHOLE=1``).
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.faultkinds import KINDS, TIMEOUT
from tests.support.mediawiki import MediaWiki
from tests.support.people import forget_sites, open_site
from tests.support.proxy import Fault, Proxy
from tests.support.running import forked
from tests.support.samples import WHOLE
from tests.support.translatelab import TranslateWiki
from wikiplan.catalogs.catalog import Catalog
from wikiplan.plan import plan
from wikiplan.report.report import STATUS, RunOutcome
from wikiplan.wikitext import sections

pytestmark = pytest.mark.wiki

MADE = sections.new_page({"a": "New text."})
EMPTY = "Before\n<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->\nafter"
FULL = (
    f"Before\n<!-- wikiplan:begin a | sha256:{sections.digest('New text.')} -->\n"
    "New text.\n<!-- wikiplan:end a -->\nafter"
)


@dataclass
class Case:
    """One kind of fault at one request, with a directory and pages of its own."""

    number: int
    fault: Fault | None
    directory: Path
    title: str
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"request {self.number}, {self.fault}"

    def report(self) -> Mapping[str, Any]:
        return dict(json.loads((self.directory / "report.json").read_text("utf-8")))

    @property
    def out(self) -> str:
        return (self.directory / "out.txt").read_text("utf-8")

    def expect(self, holds: object, what: str) -> None:
        if not holds:
            self.wrong.append(f"{self}: {what}")


def without_waits(case: Case) -> Callable[[], None]:
    """Return what makes a process wait for nothing, and keep its state in the case's directory."""

    def hurry() -> None:
        from pywikibot import config

        os.environ["XDG_STATE_HOME"] = str(case.directory / "state")
        config.socket_timeout = (TIMEOUT, TIMEOUT)
        time.sleep = lambda seconds: None

    return hurry


def run(case: Case, name: str, *arguments: str) -> int:
    """Run a script; returns its exit status, negative for the signal that ended it."""
    for file in ("report.json", "out.txt"):
        (case.directory / file).unlink(missing_ok=True)
    child = forked(name, *arguments, directory=case.directory, first=without_waits(case))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@dataclass
class Drill:
    """A command on which faults are tried: how a case is prepared, run, and what it wants."""

    wiki: MediaWiki
    proxy: Proxy
    directory: Path
    title: str
    command: tuple[str, ...] = ()
    made: int = 0

    def case(self, number: int = -1, fault: Fault | None = None) -> Case:
        self.made += 1
        name = f"{self.title} {self.made}"
        return Case(number, fault, self.directory / f"case {self.made}", name)

    def prepare(self, cases: Sequence[Case]) -> None:
        """Make the pages of all cases."""
        raise NotImplementedError

    def ready(self, case: Case) -> None:
        """Do what has to be done right before a case."""

    def pages(self, case: Case) -> Mapping[str, tuple[str, str]]:
        """Return the texts of a case's pages before and after the run, by title."""
        raise NotImplementedError

    def told(self, case: Case) -> Mapping[str, Told]:
        """Return what the report says of pages, by title."""
        return {
            page["title"]: Told(page["new_revid"], page["action"] in SAVED, page["reason"])
            for page in case.report()["pages"]
        }

    def run(self, case: Case) -> int:
        return run(case, *self.command)

    def is_own(self, case: Case, entry: Mapping[str, Any]) -> bool:
        """Say whether a revision is one that a run of this case made."""
        raise NotImplementedError


SAVED = ("create", "update")


@dataclass(frozen=True)
class Told:
    """What a report says of one page."""

    revision: int
    saved: bool
    reason: str

    @property
    def not_known(self) -> bool:
        return not self.saved and not self.revision and "not known" in self.reason


@dataclass
class Update(Drill):
    """A page to be updated, and one to be made."""

    command: tuple[str, ...] = ("plan_update", "-always")

    def prepare(self, cases: Sequence[Case]) -> None:
        for case in cases:
            old, new = self.pages(case)
            pages = {old: "", new: "missing-page: create"}
            smallplan.write(case.directory, {"a": "New text."}, pages)
        self.wiki.fill({f"{case.title} old": EMPTY for case in cases})

    def pages(self, case: Case) -> Mapping[str, tuple[str, str]]:
        return {f"{case.title} old": (EMPTY, FULL), f"{case.title} new": ("", MADE)}

    def is_own(self, case: Case, entry: Mapping[str, Any]) -> bool:
        return bool(entry["user"] == "PlanBot")


@dataclass
class Undo(Drill):
    """Two pages that a run has edited."""

    command: tuple[str, ...] = ("plan_undo", "-always")

    def prepare(self, cases: Sequence[Case]) -> None:
        pages = [(page, case) for case in cases for page in self.pages(case)]
        for case in cases:
            smallplan.write(case.directory, {"a": "New text."}, dict.fromkeys(self.pages(case), ""))
        self.wiki.fill({page: EMPTY for page, _ in pages})
        summaries = {page: f"Updated [run {self.undone(case)}]" for page, case in pages}
        self.wiki.fill({page: FULL for page, _ in pages}, "PlanBot", summaries)

    def undone(self, case: Case) -> str:
        return f"{datetime.now(UTC):%Y%m%dT000000Z}-{int(case.title.rpartition(' ')[2]):06x}"

    def pages(self, case: Case) -> Mapping[str, tuple[str, str]]:
        return {f"{case.title} {name}": (FULL, EMPTY) for name in ("a", "b")}

    def run(self, case: Case) -> int:
        return run(case, *self.command, self.undone(case), "-site:lab:lab")

    def is_own(self, case: Case, entry: Mapping[str, Any]) -> bool:
        return bool(entry["user"] == "PlanBot" and entry["comment"].startswith("Took back"))


@dataclass
class Push(Drill):
    """Two texts of one marked page, which each case replaces by its own."""

    command: tuple[str, ...] = ("plan_translations", "push", "-always", "-take:catalog")
    stood: dict[str, int] = field(default_factory=dict)
    """The newest revisions before the case at hand."""
    texts: dict[str, str] = field(default_factory=dict)

    def publish(self) -> None:
        """Make the page, and have it marked."""
        case = Case(-1, None, self.directory / "page", self.title)
        self._plan(case)
        assert run(case, "plan_update", "-always") in (0, 3), case.out
        self.wiki.mark(self.title, translatetitle="no")
        self.wiki.run_jobs()
        for page in self.units:
            self.wiki.edit(page, "نص قديم", "PlanBot")

    def _plan(self, case: Case) -> None:
        page = {self.title: "kind: translatable\nmissing-page: create\nmissing-section: bottom"}
        texts = {"a": "English a.", "b": "English b."}
        smallplan.write(case.directory, texts, page, "languages: [en, ar]\n")

    @property
    def units(self) -> tuple[str, str]:
        return f"Translations:{self.title}/a.body/ar", f"Translations:{self.title}/b.body/ar"

    def prepare(self, cases: Sequence[Case]) -> None:
        for case in cases:
            self._plan(case)

    def ready(self, case: Case) -> None:
        self.texts = {page: self.wiki.text(page) for page in self.units}
        self.stood = {page: self.wiki.history(page)[0]["revid"] for page in self.units}
        units = plan.load(case.directory / "data").units
        catalog = Catalog.create(case.directory / "data" / "locale" / "ar.po")
        catalog.path.parent.mkdir()
        catalog.update(units.values())
        for key in ("a.body", "b.body"):
            catalog.set(units[key], self.wanted(case))
        catalog.save()

    def wanted(self, case: Case) -> str:
        return f"نص {case.title.rpartition(' ')[2]}"

    def pages(self, case: Case) -> Mapping[str, tuple[str, str]]:
        return {page: (self.texts[page], self.wanted(case)) for page in self.units}

    def told(self, case: Case) -> Mapping[str, Told]:
        found: dict[str, Told] = {}
        for each in case.report().get("catalogs", ()):
            not_known = "not known" if each["counts"].get("not known") else ""
            found |= dict.fromkeys(self.units, Told(0, saved=False, reason=not_known))
            found |= {e["title"]: Told(e["revid"], saved=True, reason="") for e in each["edits"]}
        return found

    def is_own(self, case: Case, entry: Mapping[str, Any]) -> bool:
        return bool(entry["user"] == "PlanBot" and entry["revid"] > max(self.stood.values()))


def cases_of(drill: Drill, asked: Sequence[str], nth: int) -> list[Case]:
    """Return all cases, or every twentieth kind from the ``nth``, half of them at a write."""
    if WHOLE:
        return [drill.case(number, kind) for kind in KINDS for number in range(len(asked))]
    writes = [number for number, action in enumerate(asked) if action == "edit"]
    sample = list(enumerate(KINDS))[nth::20]
    return [
        drill.case(writes[i % len(writes)] if n % 2 else i % len(asked), kind)
        for n, (i, kind) in enumerate(sample)
    ]


def matrix(drill: Drill, nth: int) -> None:
    """See what a run without faults asks, then try faults at each request."""
    warm, whole = drill.case(), drill.case()
    drill.prepare([warm, whole])
    for case in (warm, whole):
        drill.proxy.begin({})
        drill.ready(case)
        assert drill.run(case) == 0, case.out
        judge(drill, case, 0)
        assert not case.wrong, case.wrong
    asked = list(drill.proxy.seen)
    cases = cases_of(drill, asked, nth)
    drill.prepare(cases)
    wrong = [found for case in cases for found in tried(drill, case)]
    print(f"{drill.command[0]}: {len(KINDS)} kinds, {len(asked)} requests, {len(cases)} cases")
    assert not wrong, "\n\n".join(wrong)


def tried(drill: Drill, case: Case) -> list[str]:
    """Run a case, and once more without a fault; returns what was wrong."""
    drill.ready(case)
    drill.proxy.begin({case.number: case.fault} if case.fault else {})
    status = drill.run(case)
    try:
        judge(drill, case, status)
        if status:
            drill.proxy.begin({})
            again = drill.run(case)
            case.expect(again == 0, f"the next run ends with {again}: {case.out}")
        converged(drill, case)
    except Exception as error:
        case.wrong.append(f"{case}: {type(error).__name__} {error}\n{case.out}")
    return case.wrong


def judge(drill: Drill, case: Case, status: int) -> None:
    """Compare the report, the exit status and what was said with the wiki's history."""
    report, out = case.report(), case.out
    case.expect("Traceback" not in out and "mistake in wikiplan" not in out, out)
    case.expect(STATUS[RunOutcome(report["outcome"])] == status, f"status {status}, {report}")
    told = drill.told(case)
    for title, (before, after) in drill.pages(case).items():
        own = [e for e in drill.wiki.history(title) if f"[run {report['run']}]" in e["comment"]]
        case.expect(len(own) <= 1, f"{title} has {len(own)} edits of the run")
        text = drill.wiki.text(title) if before or own else ""
        case.expect(text == (after if own else before), f"{title} reads {text!r}")
        case.expect(own or status, f"status 0, and {title} is not saved")
        page = told.get(title, Told(0, saved=False, reason=""))
        revision = own[0]["revid"] if own else 0
        true = (page.revision, page.saved) == (revision, bool(own))
        case.expect(true or (own and page.not_known), f"{title} has {revision}, told is {page}")


def converged(drill: Drill, case: Case) -> None:
    """Whatever came in between, each page has the text that was wanted, by one edit."""
    for title, (_, after) in drill.pages(case).items():
        text = drill.wiki.text(title)
        case.expect(text == after, f"{title} ends as {text!r}")
        edits = [each for each in drill.wiki.history(title) if drill.is_own(case, each)]
        case.expect(len(edits) == 1, f"{title} ends with {len(edits)} edits")


@pytest.fixture
def drilled(
    mediawiki: MediaWiki, proxy: Proxy, site_of: Any, tmp_path: Path, title: str
) -> Callable[[type[Drill]], Drill]:
    site_of()  # Pywikibot is loaded once, for all processes
    return lambda kind: kind(mediawiki, proxy, tmp_path, title)


def test_faults_of_an_update(drilled: Callable[[type[Drill]], Drill]):
    matrix(drilled(Update), 0)


def test_faults_of_an_undo(drilled: Callable[[type[Drill]], Drill]):
    matrix(drilled(Undo), 1)


def test_a_second_signal_during_a_save_is_told_as_not_known(
    drilled: Callable[[type[Drill]], Drill],
):
    drill = drilled(Update)
    warm, case = drill.case(), drill.case()
    drill.prepare([warm, case])
    assert drill.run(warm) == 0, warm.out
    child: list[int] = []

    def signals(number: int, when: str) -> bool:
        if (drill.proxy.seen[number], when) == ("edit", "after"):
            for each in (signal.SIGTERM, signal.SIGINT):
                os.kill(child[0], each)
                time.sleep(0.3)
        return False

    drill.proxy.begin({})
    drill.proxy.watch = signals
    hurry = without_waits(case)
    child.append(forked(*drill.command, directory=case.directory, first=hurry))
    status = os.waitstatus_to_exitcode(os.waitpid(child[0], 0)[1])
    drill.proxy.watch = lambda number, when: False
    assert case.report()["error"] == "interrupted"
    judge(drill, case, status)
    assert [told.not_known for told in drill.told(case).values()] == [True, False]
    assert drill.run(case) == 0, case.out
    assert case.report()["killed_runs"][0]["pages"][0]["revid"]
    converged(drill, case)
    assert not case.wrong, case.wrong


@pytest.mark.translate
def test_faults_of_a_push(
    translate_wiki: TranslateWiki, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, title: str
):
    proxy = Proxy(translate_wiki.address).start()
    try:
        monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", proxy.address)
        open_site()
        drill = Push(translate_wiki, proxy, tmp_path, title)
        drill.publish()
        matrix(drill, 2)
    finally:
        forget_sites()
        proxy.stop()
