"""What people see: tables, coloured diffs, progress, questions. The door to rich."""

from __future__ import annotations

import signal
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from wikiplan import diff
from wikiplan.apply import Answer
from wikiplan.changes import WRITTEN, Action, ChangeSet, PageChange, SectionChange, SectionState
from wikiplan.effects import PageEffect
from wikiplan.report import Report, Result
from wikiplan.translations import Examination

WIDTH_WITHOUT_TERMINAL = 160
"""Columns of tables in logs and pipes; diffs are never cut or wrapped."""

STYLES = {
    Action.CREATE: "green",
    Action.UPDATE: "green",
    Action.NONE: "dim",
    Action.DRIFT: "yellow",
    Action.REFUSED: "red",
    Action.CONFLICT: "red",
    Action.FAILED: "red",
}
LINE_STYLES = {"same": "", "removed": "red", "added": "green", "skipped": "dim"}

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
RIGHT_TO_LEFT = {"R", "AL", "AN"}


class Terminal:
    """The person's side of a script; all of it on standard output but progress and errors."""

    def __init__(self, out: Console | None = None, err: Console | None = None) -> None:
        self.out = out or _console(stderr=False)
        self.err = err or _console(stderr=True)

    @property
    def can_ask(self) -> bool:
        return sys.stdin is not None and sys.stdin.isatty() and self.out.is_terminal

    def say(self, words: str) -> None:
        self.out.print(visible(words), markup=False, highlight=False, soft_wrap=True)

    def raw(self, text: str) -> None:
        """Print text for programs, as it is."""
        self.out.file.write(text)

    def error(self, words: str) -> None:
        self.err.print(Text(visible(words), style="red"), soft_wrap=True)

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[[str], None]]:
        """Show a bar on a terminal; yields a function to call with each page's title."""
        title = TextColumn("{task.fields[title]}")
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), title)
        with Progress(
            *columns, console=self.err, transient=True, disable=not self.err.is_terminal
        ) as bar:
            task = bar.add_task(what, total=total, title="")
            yield lambda title: bar.update(task, advance=1, title=escape(title))

    def changes(self, changes: ChangeSet, *, brief: bool = False) -> None:
        """Show the pages with something to say, then each different change once with its pages.

        ``brief`` shows the pages only.
        """
        shown = [page for page in changes.pages if page.action is not Action.NONE]
        if shown:
            self.out.print(_table(shown))
        if in_step := len(changes.pages) - len(shown):
            pages_are = "page is" if in_step == 1 else "pages are"
            self.say(f"{in_step} {pages_are} in step with the plan.")
        if brief:
            return
        for (name, before, after), pages in _same_changes(changes.pages).items():
            self._section(name, before, after, pages)
        for page in changes.pages:
            self._between(page)
        for page in changes.to_write:
            self.effect(page)

    def page(self, change: PageChange) -> None:
        """Show one page's change and its summary, before asking about it."""
        self.out.rule(Text(f"{change.title} ({change.language}): {change.action}"))
        for section in _written(change):
            self._section(section.name, section.before, section.after, [change])
        self.effect(change)
        self.say(f"Summary: {change.summary}")

    def outcomes(self, report: Report) -> None:
        """Show what the report says of the pages that were not simply up to date."""
        for page in report.pages:
            if page["action"] == Action.NONE and not page["reason"]:
                continue
            revision = f" (revision {page['new_revid']})" if page["new_revid"] else ""
            reason = f": {page['reason']}" if page["reason"] else ""
            self.say(f"{page['action']:8} {isolated(page['title'])}{revision}{reason}")

    def closing(self, report: Report, result: Result) -> None:
        """Say in one line what the run came to."""
        counts = Counter(Action(page["action"]) for page in report.pages)
        words = _WORDS | (_WORDS_BEFORE if report.preview else {})
        told = ", ".join(f"{count} {words[action]}" for action, count in counts.items())
        end = _nothing(report) if result is Result.NOTHING else result
        self.say(f"Run {report.run} on {report.site}: {end}. {told}; {report.requests} requests.")

    def effect(self, change: PageChange) -> None:
        """Show what a translatable page's change costs its translators, unit by unit."""
        effect = change.effect
        if effect is None or not effect.changes:
            return
        self.out.print()
        self.out.print(Text(f"Translations of {isolated(change.title)}", style="bold"))
        for unit in effect.changes:
            spared = " (translations stay)" if unit.id in effect.spared else ""
            self.say(f"  {unit.id}: {unit.kind}, {unit.cause}{spared}")
        if effect.languages:
            self.out.print(_language_table(effect))

    def stage(self, found: Examination) -> None:
        """Show how far a translatable page is."""
        told = f": {found.told}" if found.told else ""
        self.say(f"{isolated(found.change.title)}: {found.stage}{told}")
        for entry in found.others:
            self.say(f"  revision {entry.number} by {entry.user} is not marked yet")

    def ask(self, what: str, change: PageChange) -> str:
        """Ask about one page; returns ``y``, ``n``, ``a`` or ``q``, the last also for Ctrl-C."""
        title = escape(isolated(change.title))
        question = f"{what} {title}? \\[y]es, \\[n]o, \\[a]ll, \\[q]uit: "
        try:
            with _ended_by_signals():
                while (answer := self.out.input(question)[:1].lower()) not in tuple("ynaq"):
                    pass
        except (EOFError, KeyboardInterrupt):
            self.out.print()
            return "q"
        return answer

    def _section(self, name: str, before: str, after: str, pages: Sequence[PageChange]) -> None:
        titles = ", ".join(isolated(page.title) for page in pages)
        self.out.print()
        self.out.print(Text(f"Section {name} of {titles}", style="bold"), soft_wrap=True)
        for line in diff.lines(before, after):
            self.out.print(_diff_line(line), soft_wrap=True)

    def _between(self, change: PageChange) -> None:
        """Show what the revisions that came between did to the page's sections."""
        for each in change.between:
            for name, texts in each.sections.items():
                self.out.print()
                title = f"Revision {each.number} of {isolated(change.title)} by {each.user}: {name}"
                self.out.print(Text(visible(title), style="bold"), soft_wrap=True)
                for line in diff.lines(*texts):
                    self.out.print(_diff_line(line), soft_wrap=True)


class Asker:
    """Answers for each page of a run: shows it and asks until the person says "all"."""

    def __init__(self, terminal: Terminal, what: str, show: Callable[[PageChange], None]) -> None:
        self._terminal = terminal
        self._what = what
        self._show = show
        self._all = False

    def __call__(self, change: PageChange) -> Answer:
        if self._all:
            return Answer.YES
        self._show(change)
        answer = self._terminal.ask(self._what, change)
        self._all = answer == "a"
        return {"n": Answer.NO, "q": Answer.QUIT}.get(answer, Answer.YES)


_WORDS = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.NONE: "left as they are",
    Action.DRIFT: "edited by people",
    Action.REFUSED: "refused",
    Action.CONFLICT: "in conflict",
    Action.FAILED: "failed",
}
_WORDS_BEFORE = {Action.CREATE: "to create", Action.UPDATE: "to update"}


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end a question; a handler that returns would leave it waiting."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, signal.default_int_handler) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


def _nothing(report: Report) -> str:
    """Say why nothing was written: pages that need nothing have no reason."""
    return "nothing written" if any(p["reason"] for p in report.pages) else "nothing to do"


def isolated(text: str) -> str:
    """Return text that cannot disturb the order of what stands around it in a terminal line."""
    if any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text


def visible(text: str) -> str:
    """Return text in which control characters show instead of acting on the terminal."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t" or character in (FIRST_STRONG_ISOLATE, POP_ISOLATE):
        return character
    if unicodedata.category(character) == "Cc" or character in "\u202a\u202b\u202c\u202d\u202e":
        return f"<U+{ord(character):04X}>"
    return character


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(stderr=stderr, width=width, highlight=False)


def _table(pages: Sequence[PageChange]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("page", "language", "action", "sections", "gaps"):
        table.add_column(column, overflow="fold")
    for page in pages:
        cells = (isolated(page.title), page.language, page.action, page.reason or _states(page))
        texts = [Text(visible(cell), style=STYLES[page.action]) for cell in cells]
        table.add_row(*texts, _gaps(page))
    return table


def _states(page: PageChange) -> str:
    """Return the sections by state, without those that nothing happens to."""
    names: dict[str, list[str]] = {}
    for section in page.sections:
        if section.state not in (SectionState.UNCHANGED, SectionState.LEFT_OUT):
            names.setdefault(section.state, []).append(section.name)
    return "; ".join(f"{state}: {', '.join(found)}" for state, found in names.items())


def _gaps(page: PageChange) -> str:
    """Return how many texts readers see in another language or in an old translation."""
    counts = {"not translated": len(page.untranslated), "outdated": len(page.outdated)}
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def _language_table(effect: PageEffect) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("language", "kept", "outdated", "new", "orphaned", "words"):
        table.add_column(column, justify="left" if column == "language" else "right")
    for each in effect.languages:
        counts = (each.kept, each.outdated, each.new, each.orphaned, each.words)
        table.add_row(each.language, *map(str, counts))
    return table


def _written(page: PageChange) -> list[SectionChange]:
    shown = (*WRITTEN, SectionState.DRIFT)
    return [section for section in page.sections if section.state in shown]


def _same_changes(
    pages: Sequence[PageChange],
) -> dict[tuple[str, str, str], list[PageChange]]:
    """Group pages by equal changes, so that one diff serves for many."""
    groups: dict[tuple[str, str, str], list[PageChange]] = {}
    for page in pages:
        for section in _written(page) if page.to_write else ():
            groups.setdefault((section.name, section.before, section.after), []).append(page)
    return groups


def _diff_line(line: diff.Line) -> Text:
    style = LINE_STYLES[line.kind]
    text = Text(diff.SIGNS[line.kind], style=style)
    runs = Text()
    for words, changed in line.runs:
        runs.append(visible(words), style=f"{style} reverse" if changed else style)
    if isolated(line.text) != line.text:
        runs = Text.assemble(FIRST_STRONG_ISOLATE, runs, POP_ISOLATE)
    return text + runs
