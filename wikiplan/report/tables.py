"""Tables and differences as a terminal shows them: the second room of rich."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from wikiplan import diff
from wikiplan.changes.changes import Action, PageChange, SectionState
from wikiplan.changes.effects import PageEffect
from wikiplan.l10n.legible import FIRST_STRONG_ISOLATE, POP_ISOLATE, isolated, visible
from wikiplan.sync.progress import Overview

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


def pages(pages: Sequence[PageChange]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("page", "language", "action", "sections", "gaps"):
        table.add_column(column, overflow="fold")
    for page in pages:
        cells = (isolated(page.title), page.language, page.action, page.reason or _states(page))
        texts = [Text(visible(cell), style=STYLES[page.action]) for cell in cells]
        table.add_row(*texts, _gaps(page))
    return table


PROGRESS_COLUMNS = (
    "page", "language", "translated", "outdated", "untranslated", "in conflict", "words to do",
    "outdated since",
)  # fmt: skip


def progress(found: Overview) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(PROGRESS_COLUMNS):
        table.add_column(column, justify="right" if 2 <= number < 7 else "left", overflow="fold")
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


def effect(effect: PageEffect) -> Table:
    table = Table(box=None, pad_edge=False)
    again = any(each.again for each in effect.languages)
    columns = ("language", "kept", "outdated", "new", "orphaned", "words")
    for column in (*columns, "current again") if again else columns:
        table.add_column(column, justify="left" if column == "language" else "right")
    for each in effect.languages:
        counts = (each.kept, each.outdated, each.new, each.orphaned, each.words)
        table.add_row(each.language, *map(str, (*counts, each.again) if again else counts))
    return table


def diff_line(line: diff.Line) -> Text:
    style = LINE_STYLES[line.kind]
    text = Text(diff.SIGNS[line.kind], style=style)
    runs = Text()
    for words, changed in line.runs:
        runs.append(visible(words), style=f"{style} reverse" if changed else style)
    if isolated(line.text) != line.text:
        runs = Text.assemble(FIRST_STRONG_ISOLATE, runs, POP_ISOLATE)
    return text + runs
