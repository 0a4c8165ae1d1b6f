"""What people see: tables, coloured diffs, progress, questions. The door to rich."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING, Self, TextIO

from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from wikiplan import files, redaction, textdiff, utc
from wikiplan.catalogs import State
from wikiplan.changes import (
    WRITTEN,
    Action,
    Answer,
    ChangeSet,
    PageChange,
    PageEffect,
    SectionChange,
    SectionState,
    Verdict,
    losses,
)
from wikiplan.l10n import FIRST_STRONG_ISOLATE, POP_ISOLATE, READABLE, isolated, unveiled, visible
from wikiplan.report.report import Report, RunOutcome
from wikiplan.value import asdict

if TYPE_CHECKING:
    from wikiplan.sync import Examination, LanguageProgress, Overview, PageProgress

# Tables and differences as a terminal shows them.


STYLES = {
    Action.CREATE: "green",
    Action.UPDATE: "green",
    Action.DELETE: "green",
    Action.NONE: "dim",
    Action.DRIFT: "yellow",
    Action.REFUSED: "red",
    Action.CONFLICT: "red",
    Action.FAILED: "red",
}
LINE_STYLES = {"same": "", "removed": "red", "added": "green", "skipped": "dim"}


def _table(columns: Sequence[str], numbers: Collection[str] = ()) -> Table:
    """Return an empty table; the columns of ``numbers`` stand at the right."""
    table = Table(box=None, pad_edge=False)
    for column in columns:
        justify: JustifyMethod = "right" if column in numbers else "left"
        table.add_column(column, justify=justify, overflow="fold")
    return table


def pages_table(pages: Sequence[PageChange]) -> Table:
    table = _table(("page", "language", "action", "sections", "gaps"))
    for page in pages:
        cells = (
            isolated(page.title),
            page.language,
            page.action,
            _what(page),
        )
        texts = [Text(visible(cell), style=STYLES[page.action]) for cell in cells]
        table.add_row(*texts, _gaps(page))
    return table


PROGRESS_NUMBERS = ("translated", "outdated", "untranslated", "in conflict", "words to do")
PROGRESS_COLUMNS = ("page", "language", *PROGRESS_NUMBERS, "outdated since")


def progress_table(found: Overview) -> Table:
    table = _table(PROGRESS_COLUMNS, PROGRESS_NUMBERS)
    for page in found.pages:
        for each in page.languages:
            tally = each.tally
            counts = (tally.outdated, tally.untranslated, tally.conflicting, tally.words_to_do)
            share = f"{tally.translated} of {tally.total} ({tally.percent} %)"
            since = f"{tally.oldest:%Y-%m-%d}" if tally.oldest else ""
            cells = [each.language, share, *(f"{count or ''}" for count in counts), since]
            style = "dim" if tally.translated == tally.total else ""
            table.add_row(visible(isolated(page.title)), *cells, style=style)
    return table


def _what(page: PageChange) -> str:
    """Return what is done to the sections, and why nothing or not all is done."""
    left_alone = page.told.reason and not (page.to_write or page.drifted)
    states = "" if left_alone else _states(page)
    return "; ".join(filter(None, (states, page.told.reason)))


def _states(page: PageChange) -> str:
    """Return the sections by state, and other plans', without those that nothing happens to."""
    names: dict[str, list[str]] = {}
    for section in page.sections:
        if section.state not in (SectionState.UNCHANGED, SectionState.LEFT_OUT):
            names.setdefault(section.state, []).append(_named(section.name, section.whose))
    if page.others:
        names["left to other plans"] = [_named(*each) for each in page.others.items()]
    if page.new_language:
        names["page language"] = [str(page.new_language)]
    return "; ".join(f"{state}: {', '.join(found)}" for state, found in names.items())


def _named(section: str, plan: str) -> str:
    return f"{section} (plan {plan})" if plan else section


def _gaps(page: PageChange) -> str:
    """Return how many texts readers see in another language or in an old translation."""
    told = page.told
    counts = {
        "lost": len(told.lost),
        "not translated": len(told.untranslated),
        "outdated": len(told.outdated),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


EFFECT_NUMBERS = {
    "kept": "kept",
    "outdated": "outdated",
    "new": "new",
    "ready": "ready to push",
    "orphaned": "orphaned",
    "words": "words",
    "again": "current again",
}
"""The columns of the table of languages by the counts in them."""
SELDOM = ("ready", "again")
"""Those that are there only when they count any."""


def effect_lines(effect: PageEffect) -> Table:
    rows = [asdict(each) for each in effect.languages]
    shown = [name for name in EFFECT_NUMBERS if name not in SELDOM or any(r[name] for r in rows)]
    heads = [EFFECT_NUMBERS[name] for name in shown]
    table = _table(("language", *heads), heads)
    for row in rows:
        table.add_row(row["language"], *(str(row[name]) for name in shown))
    return table


def diff_line(line: textdiff.Line) -> Text:
    style = LINE_STYLES[line.kind]
    text = Text(textdiff.SIGNS[line.kind], style=style)
    runs = Text()
    for words, changed in line.runs:
        runs.append(unveiled(words), style=f"{style} reverse" if changed else style)
    if isolated(line.text).startswith(FIRST_STRONG_ISOLATE):
        runs = Text.assemble(FIRST_STRONG_ISOLATE, runs, POP_ISOLATE)
    return text + runs


# What people see, and what they are asked.


WIDTH_WITHOUT_TERMINAL = 160
"""Columns of tables in logs and pipes; diffs are never cut or wrapped."""


class Terminal:
    """The person's side of a script; all of it on standard output but progress and errors."""

    def __init__(self, out: Console | None = None, err: Console | None = None) -> None:
        self.out = out or _console(stderr=False)
        self.err = err or _console(stderr=True)

    @classmethod
    def into(cls, file: TextIO) -> Self:
        """Return one that writes all of it into a file, and has nobody to ask."""
        console = Console(
            file=file,
            width=WIDTH_WITHOUT_TERMINAL,
            force_terminal=False,
            highlight=False,
            emoji=False,
        )
        return cls(console, console)

    @property
    def can_ask(self) -> bool:
        return sys.stdin is not None and sys.stdin.isatty() and self.out.is_terminal

    def say(self, words: str) -> None:
        self.out.print(
            visible(redaction.without_known(words)), markup=False, highlight=False, soft_wrap=True
        )

    def raw(self, text: str) -> None:
        """Print JSON for programs, as it is, or as the stream's encoding allows."""
        encoding = getattr(self.out.file, "encoding", None) or "utf-8"
        try:
            self.out.file.write(text.encode(encoding, "backslashreplace").decode(encoding))
            self.out.file.flush()
        except BrokenPipeError:
            self.out.on_broken_pipe()

    def error(self, words: str) -> None:
        told = visible(redaction.without_known(words))
        self.err.print(Text(told, style="red"), soft_wrap=True)

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[[str], None]]:
        """Show a bar on a terminal; yields a function to call with each page's title."""
        if not self.err.is_terminal:
            yield lambda title: None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        title = TextColumn("{task.fields[title]}")
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), title)
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task(what, total=total, title="")
            yield lambda title: bar.update(task, advance=1, title=escape(title))

    def changes(self, changes: ChangeSet, *, brief: bool = False) -> None:
        """Show the pages with something to say, then each different change once with its pages.

        ``brief`` shows the pages only.
        """
        shown = [
            page
            for page in changes.pages
            if page.action is not Action.NONE or page.undoes or page.drifted
        ]
        if shown:
            self.out.print(pages_table(shown))
        if in_step := len(changes.pages) - len(shown):
            pages_are = "page is" if in_step == 1 else "pages are"
            self.say(f"{in_step} {pages_are} in step with the plan.")
        for told in losses.sentences(changes.pages):
            self.say(told)
        if changes.no_languages:
            self.say(changes.no_languages)
        for page in changes.pages:
            self.reviews(page)
        if brief:
            return
        for (name, before, after), pages in _same_changes(changes.pages).items():
            self._section(name, before, after, pages)
        for page in changes.pages:
            self.drift(page)
            self._between(page)
        for page in changes.to_write:
            self.effect(page)

    def page(self, change: PageChange) -> None:
        """Show one page's change and its summary, before asking about it."""
        self.out.rule(Text(f"{change.title} ({change.language}): {change.action}"))
        self.drift(change)
        for section in _written(change):
            self._section(section.name, section.before, section.after, [change])
        if change.new_language:
            self.say(f"The page's language: {change.new_language}")
        for told in losses.sentences([change]):
            self.say(told)
        self.effect(change)
        self.reviews(change)
        self.say(f"Summary: {change.told.summary}")

    def reviews(self, change: PageChange) -> None:
        """Show what people said of a page's change when they reviewed it."""
        for each in change.reviews:
            void = ", which counts for nothing" if each.verdict is Verdict.OTHER else ""
            comment = f": {isolated(' '.join(each.comment.split()))}" if each.comment else ""
            who = f"{each.verdict} by {isolated(each.by)}"
            self.say(f"{isolated(change.title)}: {who} at {utc.stamp(each.time)}{void}{comment}")

    def whole(self, change: PageChange) -> None:
        """Show what becomes of a page's whole text, and the summary."""
        self.texts(f"{isolated(change.title)} ({change.language})", change.before, change.after)
        if change.told.reason:
            self.say(visible(change.told.reason))
        self.say(f"Summary: {change.told.summary}")

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show rows of plain words, nothing without any; a row's words may be in any script."""
        if not rows:
            return
        table = _table(columns)
        for row in rows:
            table.add_row(*(Text(visible(isolated(cell))) for cell in row))
        self.out.print(table)

    def outcomes(self, report: Report) -> None:
        """Show what the report says of the pages that were not simply up to date."""
        told: dict[tuple[str, str, str], list[str]] = {}
        for page in report.pages:
            if page["action"] == Action.NONE and not page["reason"]:
                continue
            revision = f" (revision {page['new_revid']})" if page["new_revid"] else ""
            alone = revision if page["reason"] else page["title"]
            told.setdefault((page["action"], page["reason"], alone), []).append(
                f"{isolated(page['title'])}{revision}"
            )
        for (action, reason, _), titles in told.items():
            count = f" ({len(titles)} pages)" if len(titles) > 1 else ""
            self.say(f"{action:8} {', '.join(titles)}{count}{f': {reason}' if reason else ''}")

    def closing(self, report: Report, result: RunOutcome) -> None:
        """Say in one line what the run came to, with one reason where it was not simply done."""
        counts = Counter(Action(page["action"]) for page in report.once_each)
        words = _WORDS | (_WORDS_BEFORE if report.preview else {})
        told = ", ".join(f"{count} {words[action]}" for action, count in counts.items())
        told = f"{told}; {report.requests} requests" if told else f"{report.requests} requests"
        end = _nothing(report) if result is RunOutcome.NOTHING else result
        cause = f" ({isolated(report.cause())})" if report.cause() else ""
        self.say(f"{report.whose} on {report.site}: {end}{cause}. {told}.")

    def effect(self, change: PageChange) -> None:
        """Show what a translatable page's change costs its translators, unit by unit."""
        effect = change.effect
        if effect is None or not effect.changes:
            return
        self.out.print()
        self.out.print(Text(f"Translations of {isolated(change.title)}", style="bold"))
        for unit in effect.changes:
            remarks = "".join(f" ({each})" for each in effect.remarks(unit.id))
            self.say(f"  {unit.id}: {unit.kind}, {unit.cause}{remarks}")
        if effect.languages:
            self.out.print(effect_lines(effect))

    def stage(self, found: Examination) -> None:
        """Show how far a translatable page is."""
        told = f": {found.told}" if found.told else ""
        self.say(f"{isolated(found.change.title)}: {found.stage}{told}")
        for entry in found.others:
            self.say(f"  revision {entry.number} by {entry.user} is not marked yet")

    def translations(self, found: Overview, *, texts: bool) -> None:
        """Show the pages in their languages, and with ``texts`` what was translated and changed."""
        if found.languages:
            self.out.print(progress_table(found))
        for page in found.pages:
            if page.waiting:
                units = "text waits" if page.waiting == 1 else "texts wait"
                self.say(f"{isolated(page.title)}: {page.waiting} {units} ({page.stage})")
            for line in _of_the_wiki(page):
                self.say(f"{isolated(page.title)}: {line}")
            for (key, names), codes in page.bare.items():
                shown, kept = ", ".join(f"${name}" for name in names), ", ".join(names)
                self.say(
                    f"{isolated(page.title)} ({', '.join(codes)}): {key} is outdated and shows "
                    f"readers {shown}, which its English lost; say `keep-variables: [{kept}]` "
                    "beside the text, or have it translated anew"
                )
        for code in found.languages if texts else ():
            for page, each in found.of_language(code):
                self._outdated(page, each)

    def _outdated(self, page: PageProgress, each: LanguageProgress) -> None:
        """Show texts that turned outdated, with what changed in the English since."""
        for unit in each.units:
            if unit.state is State.OUTDATED:
                since = f", since {unit.since:%Y-%m-%d}" if unit.since else ""
                title = f"{isolated(page.title)} ({each.language}): {unit.key} is outdated{since}"
                self.texts(title, unit.made_for or unit.english, unit.english)
                self.say(f"={isolated(unit.text)}")
                self.say(f" {unit.address or unit.place}")

    def ask(self, what: str, change: PageChange) -> str:
        """Ask about one page; returns ``y``, ``n``, ``a`` or ``q``, the last also for Ctrl-C."""
        question = f"{what} {isolated(change.title)}? [y]es, [n]o, [a]ll, [q]uit: "
        return self._letter(question, "ynaq") or "q"

    def choose(self, question: str, answers: Mapping[str, str]) -> str:
        """Ask for one of the answers by its letter; empty for Ctrl-C."""
        words = ", ".join(f"[{letter}]{word[1:]}" for letter, word in answers.items())
        return self._letter(f"{question}? {words}: ", answers)

    def confirm(self, question: str) -> bool:
        """Ask for yes or no; Ctrl-C is a no."""
        return self._letter(f"{question} [y]es, [n]o: ", "yn") == "y"

    def line(self, question: str, usual: str = "") -> str:
        """Ask for some words; nothing is the usual answer. Raises :class:`KeyboardInterrupt`."""
        shown = f"{question} [{usual}]: " if usual else f"{question}: "
        try:
            with _ended_by_signals():
                return self.out.input(escape(shown)).strip() or usual
        except EOFError:
            raise KeyboardInterrupt from None

    def _letter(self, question: str, letters: Collection[str]) -> str:
        """Ask until the answer begins with one of the letters; empty for Ctrl-C."""
        try:
            with _ended_by_signals():
                while True:
                    given = self.out.input(escape(question))[:1].lower()
                    if given and given in letters:
                        return given
        except (EOFError, KeyboardInterrupt):
            self.out.print()
            return ""

    def _section(self, name: str, before: str, after: str, pages: Sequence[PageChange]) -> None:
        titles = ", ".join(isolated(page.title) for page in pages)
        self.texts(f"Section {name} of {titles}", before, after)

    def drift(self, change: PageChange) -> None:
        """Show what people did to the page's sections, and what the plan wants where both meet."""
        for section in change.sections:
            if drift := section.drift:
                done = _DONE_BY_PEOPLE.get(section.state, "edited")
                title = f"Section {section.name} of {isolated(change.title)} was {done} by people"
                if drift.base is None:
                    title += "; shown against the plan's text, as the one before is unknown"
                self.texts(title, drift.ours if drift.base is None else drift.base, drift.now)
                for edit in drift.edits:
                    self.say(f"  {edit.revision}")
                for left in drift.units.left:
                    self.say(f"  not taken into the plan, line {left.line}: {left.reason}")
                if section.state is SectionState.CONFLICT and drift.base is not None:
                    self.texts(f"What the plan changes in section {section.name}: not written",
                                drift.base, drift.ours)  # fmt: skip

    def texts(self, title: str, before: str, after: str) -> None:
        """Show what differs between two texts."""
        self.out.print()
        self.out.print(Text(visible(title), style="bold"), soft_wrap=True)
        for line in textdiff.lines(before, after):
            self.out.print(diff_line(line), soft_wrap=True)

    def _between(self, change: PageChange) -> None:
        """Show what the revisions that came between did to the page's sections."""
        for each in change.told.since:
            number, user = each.revision.number, each.revision.user
            for name, texts in each.sections.items():
                title = f"Revision {number} of {isolated(change.title)} by {user}: {name}"
                self.texts(title, *texts)


def _of_the_wiki(page: PageProgress) -> Iterator[str]:
    """Yield what the wiki's translators know of a page besides its texts."""
    if page.priority:
        others = ", and for no others" if page.priority.force else ""
        percent = page.of_those_asked_for.percent
        asked = ", ".join(page.priority.languages)
        yield f"translators are asked for {asked}{others}: {percent} % of that is translated"
    if page.groups:
        groups = "groups" if len(page.groups) > 1 else "group"
        yield f"in the {groups} {', '.join(map(isolated, page.groups))}"
    for each in page.languages:
        if each.review:
            yield f"{each.language} is “{isolated(each.review)}”"
        if each.tally.reviewed:
            yield f"{each.language}: {each.tally.reviewed} of {each.tally.translated} reviewed"


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
    Action.DELETE: "deleted",
    Action.NONE: "left as they are",
    Action.DRIFT: "edited by people",
    Action.REFUSED: "refused",
    Action.CONFLICT: "in conflict",
    Action.FAILED: "failed",
}
_DONE_BY_PEOPLE = {SectionState.REVERTED: "taken back", SectionState.REMOVED: "taken out"}
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


class _Console(Console):
    """Goes on without a reader: rich would end the run, between two edits say."""

    def on_broken_pipe(self) -> None:
        files.to_nowhere(self.file)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors=READABLE)
    width = None if stream.isatty() else WIDTH_WITHOUT_TERMINAL
    # Without emoji=False a page called “A:new:B” reads “A🆕B”.
    return _Console(stderr=stderr, width=width, highlight=False, emoji=False)


def _written(page: PageChange) -> list[SectionChange]:
    written = (section for section in page.sections if section.state in WRITTEN)
    return [section for section in written if section.before != section.after]


def _same_changes(
    pages: Sequence[PageChange],
) -> dict[tuple[str, str, str], list[PageChange]]:
    """Group pages by equal changes, so that one diff serves for many."""
    groups: dict[tuple[str, str, str], list[PageChange]] = {}
    for page in pages:
        for section in _written(page) if page.to_write else ():
            groups.setdefault((section.name, section.before, section.after), []).append(page)
    return groups
