"""A run as ``run.yaml`` has it: the checkout, the steps on each site, the commit, and the telling.

One report, one lock a site and one run id. Whatever fails is told at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

from wikiplan.errors import STOPPED_BY_SIGNAL, Stop, WikiplanError
from wikiplan.nightly import memory as memories
from wikiplan.nightly import metrics, sending, waiting
from wikiplan.nightly.answers import Answer
from wikiplan.nightly.checkout import Checkout
from wikiplan.nightly.memory import Memory, PastEdit, PastRun
from wikiplan.nightly.runfile import Audience, RunFile
from wikiplan.nightly.siteboard import SiteBoard
from wikiplan.nightly.steps import SiteSteps, Works, as_told
from wikiplan.nightly.telling import Ended, Telling
from wikiplan.nightly.timelimit import TimeLimit
from wikiplan.nightly.waiting import Kind, Waiting
from wikiplan.plan import Credit, read_pages
from wikiplan.report import Report, RunOutcome
from wikiplan.session import sites, writes
from wikiplan.session.command import Run, told
from wikiplan.session.session import Session, Work
from wikiplan.value import builtins, replace
from wikiplan.wiki import Wiki

NOT_TOLD = "not-told"
"""A channel of run.yaml did not take what was to be told."""

CHECKOUT, ANSWERS, COMMIT, BOARD, TELL = "checkout", "answers", "commit", "board", "tell"
"""What is done beside the steps, as the report names it."""
NOT_APPROVED = ("push", "notify")
"""Steps that save what nobody can approve on a board."""
SUCCESS = (RunOutcome.DONE, RunOutcome.NOTHING)


class Night:
    """One run, from the first ping to the last."""

    def __init__(self, run: Run, file: RunFile, path: Path, works: Works) -> None:
        self._run = run
        self._file = file
        self._works = works
        self._limit = TimeLimit(file.minutes)
        self._checkout = Checkout.of([run.options.data, run.options.templates, path])
        self._memory_path = memories.path_of(run.options.wiki, run.options.data)
        self._memory = memories.read(self._memory_path)
        self._left: tuple[tuple[str, str], ...] = ()  # edits that no run has committed yet
        self._found: list[Waiting] = []
        self._unseen: set[str] = set()
        self._boards: list[SiteBoard] = []
        self._wiki: Wiki | None = None
        self._credit = Credit()
        self._source_language = ""

    @property
    def _report(self) -> Report:
        return self._run.report

    @property
    def _is_rehearsal(self) -> bool:
        return self._run.options.simulate

    def run(self) -> None:
        """Do it all; what went wrong is in the report."""
        self._ping("start")
        try:
            if self._checkout_is_ready():
                with self._limit.kept(), writes.at_most(self._file.edits):
                    self._do_steps()
                self._commit()
            self._end()
        except BaseException as error:
            self._report.end_early(error)
            self._ping("fail", self._report.error)
            raise

    # The steps

    def _do_steps(self) -> None:
        try:
            sites.on_each(self._run, self._on_site, texts=False, keep=True)
        except KeyboardInterrupt:
            self._report.end_early(Stop(STOPPED_BY_SIGNAL, self._limit.why))
        except WikiplanError as error:
            self._run.terminal.error(str(error))
            self._report.end_early(error)
        if self._report.error and not self._report.sites:
            self._found.append(waiting.broken_off("opening the plan and the wiki", self._report))
            self._unseen.add(self._report.site)
        for each in self._report.sites:
            if each.get("error"):
                part = Report(self._report.run, each["site"], self._report.started)
                part.error = each["error"]
                self._found.append(waiting.broken_off("opening the wiki", part))
                self._unseen.add(each["site"])

    def _on_site(self, work: Session) -> None:
        self._wiki, self._credit = self._wiki or work.wiki, work.plan.credit
        self._source_language = work.plan.source_language
        board = self._board(work)
        work = replace(work, decisions=board)
        steps = SiteSteps(work, self._works, self._limit, self._note_files)
        try:
            steps.run(self._steps(work))
            self._boards += [board] if board else []
        finally:
            self._found += board.unsettled(steps.waiting) if board else steps.waiting
            if not steps.told_all:
                self._unseen.add(work.wiki.name)

    def _steps(self, work: Session) -> Sequence[str]:
        """Return the steps; where approval is asked for, without those that nobody can approve."""
        names: Sequence[str] = self._file.steps
        if not self._file.asks_approval:
            return names
        for each in (name for name in NOT_APPROVED if name in names):
            why = f"run.yaml asks for approval, which is of pages; {each} by hand"
            work.report.add_skipped(each, why)
        return [each for each in names if each not in NOT_APPROVED]

    def _board(self, work: Session) -> SiteBoard | None:
        """Return the board of a site with what people answered there, if there is to be one."""
        if not self._file.board:
            return None
        board = SiteBoard(work, self._file)
        self._beside(ANSWERS, board.read)
        return board

    # The checkout

    def _checkout_is_ready(self) -> bool:
        """Bring the checkout up to date; where a person has to look at it, nothing is done."""
        if self._checkout is None:
            return True
        checkout, git = self._checkout, self._file.git
        obstacle = ""

        def prepare() -> None:
            nonlocal obstacle
            obstacle = checkout.obstacle(self._memory.written, commits=git.commit)
            self._left = self._memory.edits if checkout.changed() else ()
            if not obstacle and not self._is_rehearsal:
                obstacle = checkout.fast_forward()

        self._beside(CHECKOUT, prepare)
        if not obstacle:
            return True
        for name in self._file.steps:
            self._report.add_skipped(name, "the checkout waits for a person")
        known = {each.site for each in self._memory.waiting}
        self._unseen |= known
        what = f"the checkout {checkout.root.name} {obstacle}"
        self._found.append(self._own(Kind.CHECKOUT, what))
        return False

    def _own(self, kind: Kind, what: str) -> Waiting:
        key = waiting.key_of(kind, waiting.without_numbers(what))
        return Waiting(kind, key, Audience.OPERATOR, what, "", self._report.started)

    def _note_files(self) -> None:
        """Note what the run has written, so that another one knows it if this is killed."""
        if self._checkout and not self._is_rehearsal:
            edits = tuple(self._edits_of_the_plan())
            self._keep(replace(self._memory, written=self._checkout.digests(), edits=edits))

    def _commit(self) -> None:
        checkout, git = self._checkout, self._file.git
        if checkout is None or self._is_rehearsal or not git.commit or not checkout.changed():
            return

        def commit() -> None:
            account = self._wiki.user if self._wiki else ""
            report, edits = self._report, self._edits_of_the_plan()
            message = checkout.commit(report.run, report.site, account, self._credit, edits)
            self._run.say(f"Committed: {message.partition(chr(10))[0]}")
            self._keep(replace(self._memory, written={}, edits=()))
            if git.push:
                checkout.push()

        self._beside(COMMIT, commit)

    def _edits_of_the_plan(self) -> Iterator[tuple[str, str]]:
        """Yield language and account of each text in the plan's own language that came in."""
        yield from self._left
        for each in self._report.translators:
            if each["lang"] == self._source_language:
                yield from ((each["lang"], each["account"]) for _ in each["texts"])

    def _beside(self, name: str, do: Callable[[], None]) -> None:
        """Do something that is none of the steps; what goes wrong is told like theirs."""
        part, start = self._report.part(), time.monotonic()
        try:
            do()
        except Exception as error:
            words = str(error) if isinstance(error, WikiplanError) else told(error)
            self._run.terminal.error(f"{name}: {words}")
            part.end_early(as_told(error))
            self._found.append(waiting.broken_off(name, part))
        self._report.add_step(name, part, time.monotonic() - start)

    # The end

    def _end(self) -> None:
        now = datetime.now(UTC)
        every = self._every()
        if self._boards and not self._is_rehearsal:
            self._show(every, now)
            every = self._every()
        self._tell(every, now)
        result = self._report.result()
        if self._is_rehearsal:
            return
        known = self._memory.after(every, self._past_run(now, result))
        if result in (*SUCCESS, RunOutcome.WAITING):
            known = replace(known, last_success=now)
        self._keep(known)
        if self._file.metrics:
            words = metrics.text(self._report, every, now, known.last_success)
            self._beside("metrics", partial(metrics.write, Path(self._file.metrics), words))
        self._ping_end(result)

    def _every(self) -> tuple[Waiting, ...]:
        """Return what waits, as the report has it then."""
        found = {each.key: each for each in self._memory.since(self._found)}
        every = (*found.values(), *self._memory.still(found.values(), self._unseen))
        self._report.awaited = [builtins(each) for each in _in_order(every)]
        return _in_order(every)

    def _show(self, every: Sequence[Waiting], now: datetime) -> None:
        """Bring the boards up to date."""
        runs = (self._past_run(now, self._report.result()), *self._memory.runs)
        for board in self._boards:
            known = self._memory.answers

            def show(board: SiteBoard = board, known: tuple[Answer, ...] = known) -> None:
                board.show(every, runs, known)
                new = [each for each in board.used if each not in known]
                self._keep(replace(self._memory, answers=(*new, *known)[: memories.MOST_ANSWERS]))

            self._beside(BOARD, show)

    def _past_run(self, now: datetime, outcome: RunOutcome) -> PastRun:
        of_pages = [(p["title"], p["new_revid"], p.get("site", "")) for p in self._report.pages]
        of_texts = [
            (each["title"], each["revid"], catalog.get("site", ""))
            for catalog in self._report.catalogs
            for each in catalog.get("edits", ())
        ]
        edits = tuple(PastEdit(*each) for each in (*of_pages, *of_texts) if each[1])
        return PastRun(self._report.run, self._report.started, now, str(outcome), edits)

    def _keep(self, known: Memory) -> None:
        """Write down what is known, as far as the disk takes it."""
        self._memory = known
        if not self._is_rehearsal:
            try:
                memories.write(self._memory_path, known)
            except OSError as error:
                self._run.terminal.error(told(error))

    def _tell(self, every: Sequence[Waiting], now: datetime) -> None:
        report = self._report
        ended = Ended(report.run, report.site, str(report.result()), _done(report), every, now)
        telling = Telling(ended, self._memory, self._keep, self._wiki_to_tell_on)
        for channel in self._file.tell:
            message = ended.message(channel, telling.memory)
            if message is None:
                continue
            if self._is_rehearsal:
                self._run.say(f"Would tell by {channel.name}: {message.first_line}")
            elif telling.tell(channel, message):
                self._run.say(f"Told by {channel.name}: {message.first_line}")
        if telling.wrong:

            def tell_of_it() -> None:
                raise WikiplanError(NOT_TOLD, "\n".join(telling.wrong))

            self._beside(TELL, tell_of_it)

    def _wiki_to_tell_on(self) -> tuple[Wiki, str]:
        """Return the plan's wiki and its stop page; opens it where the steps did not."""
        stop_page = read_pages(self._run.options.data).get("stop-page", "")
        return self._wiki or self._opened.wiki, str(stop_page)

    @cached_property
    def _opened(self) -> Work:
        apart = replace(self._run, report=self._report.part())
        with sites.without_plan(apart) as work:
            return work

    # The dead-man switch

    def _ping(self, what: str, words: str = "") -> None:
        if self._file.ping and not self._is_rehearsal:
            try:
                sending.ping(self._file.ping.url.read(), what, words)
            except WikiplanError as error:  # whoever watches notices it all the same
                self._run.terminal.error(str(error))

    def _ping_end(self, result: RunOutcome) -> None:
        waits = self._file.ping.waiting if self._file.ping else ""
        good = result in SUCCESS or (result is RunOutcome.WAITING and waits == "success")
        self._ping("" if good else "fail", f"{result}: {self._report.cause()}".rstrip(": "))


def _in_order(every: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """Return what failed first, then what waits longest."""
    return tuple(sorted(every, key=lambda each: (not each.is_failure, each.since, each.key)))


def _done(report: Report) -> str:
    """Say in words what a run did."""
    written = sum(bool(page["new_revid"]) for page in report.pages)
    texts = sum(len(catalog.get("edits", ())) for catalog in report.catalogs)
    parts = [
        f"{_counted(written, 'page')} written" if written else "",
        f"{_counted(texts, 'translation')} pushed" if texts else "",
    ]
    return ", ".join(filter(None, parts)) or "nothing written"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
