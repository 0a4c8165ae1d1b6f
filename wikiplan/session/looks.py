"""The change sets that the desk has shown: only these are saved, or parts of them.

Each has the id of the run that it will be, and so its edit summaries are those that were shown.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock

from wikiplan import files
from wikiplan.changes import ChangeSet, SectionChange, Summary, changefile, recheck
from wikiplan.changes.changefile import SavedSet
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.report import Report, leaving, new_run_id
from wikiplan.report.review import Occasion
from wikiplan.report.terminal import Terminal
from wikiplan.session import changesets, remembering, session, undoing
from wikiplan.session.options import Options
from wikiplan.session.session import Decisions, Session
from wikiplan.value import Value, replace

MOST_KEPT = 8
"""Change sets; a large one has some ten megabytes."""
GONE = "look-is-gone"
"""The desk does not know any more what it had shown."""


class Look(Value):
    """A change set as it was shown, and as it would be kept in a file."""

    changes: ChangeSet
    saved: SavedSet
    occasion: Occasion
    open: ChangeSet | None = None
    """The same before people's answers about edits, where there may be any."""
    asked: Mapping[tuple[str, str], str] = {}
    """These answers, by page title and section."""
    file: str = ""
    """The name of the file that it came in, where somebody sent one."""

    @property
    def run(self) -> str:
        return self.saved.run

    @property
    def undoes(self) -> str:
        """The run that it takes back, empty if it is none."""
        return next((page.undoes for page in self.changes.pages if page.undoes), "")

    def is_of(self, options: Options) -> bool:
        """Say whether the plan's files are as they were.

        Taking a run back needs no plan, and a file is saved as it was reviewed.
        """
        now = files.digest_of(options.data, options.templates)
        return bool(self.undoes or self.file) or self.saved.plan_sha256 == now


class Looks:
    """What was shown lately, by the run that it will be."""

    def __init__(self) -> None:
        self._kept: dict[str, Look] = {}
        self._alone = Lock()

    def keep(self, look: Look) -> None:
        with self._alone:
            self._kept[look.run] = look
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]

    def of(self, run: str) -> Look:
        """Return what was shown. Raises :class:`WikiplanError` where it is gone."""
        with self._alone:
            found = self._kept.get(run)
        if found is None:
            raise WikiplanError(
                GONE,
                "the desk does not know any more what it had shown there; nothing was saved: look "
                "at the changes again",
            )
        return found


@contextmanager
def new_run(work: Session) -> Iterator[tuple[Session, io.StringIO]]:
    """Yield the session as a new run has it, by the clock as it is now, and what it says."""
    said, now = io.StringIO(), datetime.now(UTC)
    clock = work.options.now if "now" in work.options.given else now
    yield (
        replace(
            work,
            options=replace(work.options, now=clock),
            open_terminal=lambda: Terminal.into(said),
            report=Report(new_run_id(now), work.wiki.name, now, preview=True),
            loaded=replace(work.loaded, renderer=work.renderer.at(clock)),
        ),
        said,
    )


def compared(work: Session, decisions: Decisions | None = None) -> Look:
    """Compare the plan with the wiki, as a preview does, and again with what people decided."""
    with new_run(replace(work, decisions=decisions)) as (run, said):
        first = run.compare()
        decided = changesets.with_answers(run, first)
        run, changes = decided.work, decided.changes
        remembering.tell(run, changes)
        leaving.tell(run.left, run.report, run.terminal)
        foretell(run, changes)
        asked = decisions.about_edits(first) if decisions else {}
        return replace(look_at(run, changes, said), open=first, asked=asked)


def taken_back(work: Session, undone: str) -> Look:
    """Return what takes a run back. Raises :class:`WikiplanError` where it made no edit."""
    with new_run(work) as (run, said):
        changes = undoing.changes(run, undone)
        if changes.to_write:
            run.say(undoing.STAYS_BACK)
        foretell(run, changes)
        return look_at(run, changes, said)


def sent(work: Session, data: bytes, name: str) -> Look:
    """Look at the pages of a file again, which somebody reviewed elsewhere.

    Raises :class:`WikiplanError` where it is damaged, or for another wiki or account.
    """
    with new_run(work) as (run, said):
        saved = changefile.read_bytes(data, name)
        recheck.check_site(saved, run.wiki.name)
        changes = recheck.recheck_saved(saved, run.wiki, Summary(saved.run))
        foretell(run, changes)
        occasion = Occasion(saved.made, saved.plan_sha256, (), tuple(said.getvalue().splitlines()))
        return Look(changes, saved, occasion, file=name)


def foretell(run: Session, changes: ChangeSet) -> None:
    """Say why nothing of the change set would be saved, where that is known now."""
    changesets.foretell_stop(run, changes)
    try:
        session.check_size(changes, run.options.shard)
    except Refusal as refusal:
        run.say(f"{refusal}")


def look_at(run: Session, changes: ChangeSet, said: io.StringIO) -> Look:
    options, made = run.options, run.report.started
    plan = files.digest_of(options.data, options.templates)
    if changes.inputs:
        plan = changes.inputs.plan_sha256
    occasion = Occasion(made, plan, (), tuple(said.getvalue().splitlines()))
    return Look(changes, SavedSet.of(changes, made, plan), occasion)


# What somebody decided about people's edits, as long as these are what was shown.


Place = tuple[str, str]
"""A page's title, and the name of a section."""


def edits_digest(section: SectionChange) -> str:
    """Return what tells one text of people from another."""
    return sha256(section.before.encode()).hexdigest()


class Decided:
    """The answers so far; one about another text than people have there by now counts for nothing.

    For sessions it is ``session.Decisions``.
    """

    def __init__(self) -> None:
        self._answers: dict[Place, tuple[str, str]] = {}
        self._alone = Lock()

    def decide(self, place: Place, answer: str, text: str) -> None:
        """Note an answer; ``text`` is the digest of what it is about."""
        with self._alone:
            self._answers[place] = answer, text

    def forget(self, places: Iterable[Place]) -> None:
        with self._alone:
            for each in places:
                self._answers.pop(each, None)

    def about_edits(self, changes: ChangeSet) -> Mapping[Place, str]:
        with self._alone:
            known = dict(self._answers)
        found = {}
        for page, section in changesets.waiting(changes):
            answer, text = known.get((page.title, section.name), ("", ""))
            if text == edits_digest(section) and answer in changesets.answers_to(section):
                found[page.title, section.name] = answer
        return found

    def lacking(self, changes: ChangeSet) -> str:
        """Nothing is lacking: what is saved is what somebody chose."""
        return ""
