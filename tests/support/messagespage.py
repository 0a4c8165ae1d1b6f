"""docs/operator/messages.md: everything that wikiplan tells, as tables for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.support.messages import GAP, OF_THE_WIKI, ROOT, STATES, Told, every

PAGE = ROOT / "docs" / "operator" / "messages.md"
HEAD = """\
# Everything that wikiplan tells

Each message has an id, which never changes: it stands in brackets behind the words, and in \
[the report](report.md) as `code` or `state`. `wikiplan explain ID` shows its lines of this page. \
“…” stands for what is known only when it is said.

What a message means for the run: *a check finds it*: nothing is written before it is mended, or \
it is a warning; *a command does nothing*; *a page is left alone*, and the others are done; *a run \
ends*, and the next one goes on from there.
"""
GROUPS = {
    "The plan’s files": ("plan", "sources", "yaml", "events", "l10n", "files.py", "records.py"),
    "Translations": ("catalogs",),
    "Templates": ("render",),
    "Pages": ("changes", "wikitext", "translate", "channels", "adopt", "sync"),
    "The wiki": ("wiki",),
}
"""Headings, and the packages whose messages stand below them."""
OTHERS = "Commands and runs"
CODES, STATES_OF = "What the wiki says", "States"
_MOST_LINKS = 3
_HEADS = ("id", "says", "what to do", "means")
_MARKS = re.compile(r"([\\*~|<&\[])|(?<!\w)(_)(?=_)")


def page() -> str:
    told = shown()
    parts = [HEAD]
    for heading in (*GROUPS, OTHERS):
        parts += _table(heading, [each for each in told if _heading(each) == heading])
    parts += _table(CODES, [t for t in told if t.kind == OF_THE_WIKI])
    parts += _table(STATES_OF, [t for t in told if t.kind in STATES.values()])
    return "".join(parts)


def shown() -> list[Told]:
    """Return what has any words that are known before they are said."""
    return [each for each in every() if (each.wrong, each.advice) != (GAP, "")]


def _heading(told: Told) -> str:
    if told.kind in (OF_THE_WIKI, *STATES.values()):
        return ""
    package = told.module.partition("/")[0]
    return next((heading for heading, own in GROUPS.items() if package in own), OTHERS)


def _table(heading: str, told: list[Told]) -> Iterator[str]:
    columns = _HEADS if any(each.advice for each in told) else ("id", "says", "means")
    yield f"\n## {heading}\n\n| {' | '.join(columns)} |\n{'|---' * len(columns)}|\n"
    for id, kind in dict.fromkeys((each.id, each.kind) for each in told):
        own = [each for each in told if (each.id, each.kind) == (id, kind)]
        said = _cell(each.wrong for each in own)
        advice = " ".join(filter(None, [_cell(each.advice for each in own), _links(id)]))
        cells = {"id": f"`{id}`", "says": said, "what to do": advice, "means": kind}
        if "what to do" not in columns:
            cells["says"] = " ".join(filter(None, [said, _links(id)]))
        yield f"| {' | '.join(cells[name] for name in columns)} |\n"


def _cell(texts: Iterable[str]) -> str:
    return "<br>".join(_MARKS.sub(r"\\\1\2", each) for each in dict.fromkeys(texts) if each)


def _links(id: str) -> str:
    """Return links to the pages of the documentation that speak of an id."""
    pages = [path for path in _PAGES if f"`{id}`" in _PAGES[path]]
    named = [f"[{path.stem}]({_way(path)})" for path in pages[:_MOST_LINKS]]
    return f"→ {', '.join(named)}" if pages else ""


def _way(path: Path) -> str:
    folder = "" if path.parent == PAGE.parent else f"../{path.parent.name}/"
    return f"{folder}{path.name}"


_PAGES = {
    path: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if path != PAGE
}
