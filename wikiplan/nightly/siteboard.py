"""The board of one site in a run: what people answered before the steps, what is shown after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from wikiplan.changes import ChangeSet, memoryfile
from wikiplan.l10n import Localiser, is_known, message
from wikiplan.nightly import waiting
from wikiplan.nightly.answers import APPROVE, Answer, Answers
from wikiplan.nightly.board import Board, Next
from wikiplan.nightly.boardpage import OF_THE_BOARD, BoardPage
from wikiplan.nightly.memory import PastRun
from wikiplan.nightly.runfile import Audience, RunFile
from wikiplan.nightly.waiting import Kind, Waiting
from wikiplan.plan import ANSWERS, KEEP
from wikiplan.report import RunOutcome
from wikiplan.session.session import Session
from wikiplan.value import replace

LENGTH_OF_APPROVAL = 32
"""Hexadecimal digits of a change set's digest: nobody finds two that have the same."""
FAILED = (RunOutcome.FAILED, RunOutcome.STOPPED)
USUAL = "en"


class SiteBoard:
    """The board on a session's wiki; ``session.Decisions`` for its steps."""

    def __init__(self, work: Session, file: RunFile) -> None:
        plan = work.plan
        self._work = work
        self._page = BoardPage(work.wiki, file.board, work.report.run, plan.stop_page)
        self._may_answer = plan.may_answer
        self._asks_approval = file.asks_approval
        self._answers = Answers()
        self._kept: set[str] = set()
        self._approval: ChangeSet | None = None
        self.used: list[Answer] = []
        """The answers that the steps went by."""

    @property
    def site(self) -> str:
        return self._work.wiki.name

    def read(self) -> None:
        """Read what people answered. Raises :class:`WikiplanError` where that cannot be known."""
        self._answers = self._page.answers(self._may_answer)

    # What people decided

    def about_edits(self, changes: ChangeSet) -> Mapping[tuple[str, str], str]:
        """Return the answers about people's edits as they are now; of later ones nobody knew."""
        found: dict[tuple[str, str], str] = {}
        for page in changes.pages:
            for section in page.sections:
                if section.drift and section.drift.edits:
                    last = section.drift.edits[-1].revision.number
                    key = waiting.key_of_edits(changes.site, page.title, section.name, last)
                    if word := self._word(key, ANSWERS):
                        found[page.title, section.name] = word
                        self._kept |= {key} if word == KEEP else set()
        return found

    def lacking(self, changes: ChangeSet) -> str:
        """Return why the change set is not saved yet: nobody approved exactly what it is."""
        if not self._asks_approval or self._word(_approval_key(changes), (APPROVE,)):
            return ""
        self._approval = changes
        if not self._may_answer:
            return (
                "not saved: run.yaml asks for approval, and pages.yaml names nobody in may-answer"
            )
        return f"not saved: waits for approval on {self._page.title}"

    def _word(self, key: str, words: Sequence[str]) -> str:
        for each in self._answers.counting:
            if each.key == key and each.word in words:
                if each not in self.used:
                    self.used.append(each)
                return each.word
        return ""

    # What waits

    def unsettled(self, found: Sequence[Waiting]) -> tuple[Waiting, ...]:
        """Return what waits still, without what people said is to stay, and with an approval."""
        left = tuple(each for each in found if each.key not in self._kept)
        return (*left, self._to_approve(self._approval)) if self._approval else left

    def _to_approve(self, changes: ChangeSet) -> Waiting:
        count = len(changes.to_write)
        pages = "1 page waits" if count == 1 else f"{count} pages wait"
        return Waiting(
            kind=Kind.APPROVAL,
            key=_approval_key(changes),
            whom=Audience.OWNER,
            what=f"changes of {pages} for approval",
            link=self._work.wiki.address(self._page.title),
            since=self._work.report.started,
            site=self.site,
        )

    # What is shown

    def show(
        self, found: Sequence[Waiting], runs: Sequence[PastRun], known: Sequence[Answer]
    ) -> None:
        """Bring the page up to date. ``known`` are answers that earlier runs went by.

        Raises :class:`WikiplanError` where that cannot be.
        """
        own = [each for each in found if each.site in ("", self.site)]
        board = Board(
            waiting=own,
            next=self._next(),
            runs=[shown for each in runs if (shown := self._shown(each))],
            answers=(*self._new(known), *known),
            others=self._not_counting(own),
            may_answer=self._may_answer,
            stop_page=self._work.plan.stop_page,
            approval=self._approval,
        )
        self._page.save(
            lambda code: board.wikitext(_known(code)),
            partial(self._summary, count=len(own), new=self._new(known)),
        )

    def _new(self, known: Sequence[Answer]) -> tuple[Answer, ...]:
        return tuple(each for each in self.used if each not in known)

    def _next(self) -> tuple[Next, ...]:
        """Return which pages the clock changes after this run, the soonest first."""
        memory = memoryfile.read(self._work.memory_path(self._work.plan.name))
        times = {
            each.title: each.made_of.until
            for each in memory.pages.values()
            if each.made_of and each.made_of.until
        }
        now = self._work.options.now
        coming = [Next(title, time) for title, time in times.items() if time > now]
        return tuple(sorted(coming, key=lambda each: (each.time, each.title)))

    def _shown(self, run: PastRun) -> PastRun | None:
        """Return a run with its edits here; nothing where it made none, and did not fail."""
        edits = tuple(each for each in run.edits if each.site in ("", self.site))
        return replace(run, edits=edits) if edits or run.outcome in FAILED else None

    def _not_counting(self, found: Sequence[Waiting]) -> tuple[Answer, ...]:
        """Return answers about what waits, by accounts that the plan does not name."""
        keys = {each.key for each in found}
        return tuple(each for each in self._answers.others if each.key in keys)

    def _summary(self, language: str, count: int, new: Sequence[Answer]) -> str:
        run = f"{self._work.report.run}{OF_THE_BOARD}"
        values = {"count": count, "run": run}
        if not new:
            return message(language, "wikiplan-board-summary", values)
        told = [f"{each.key}: {each.word} ({each.account})" for each in new]
        answers = Localiser(_known(language)).join(told)
        return message(language, "wikiplan-board-summary-answers", {**values, "answers": answers})


def _approval_key(changes: ChangeSet) -> str:
    return f"{Kind.APPROVAL}-{changes.digest[:LENGTH_OF_APPROVAL]}"


def _known(language: str) -> str:
    """Return a language that dates can be written in."""
    return language if is_known(language) else USUAL
