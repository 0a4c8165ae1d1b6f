"""Tables of a wikitext spelled in HTML, as MediaWiki does it: line by line, whatever is in a cell.

Pandoc's own reader refuses a page for one crooked table, and takes every heading of a row for a
cell like others. Tables in HTML it passes on, and reads what is in their cells.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

MOST_OPEN = 20
"""Tables in one another; what is deeper stays as it is."""

_BEGIN = re.compile(r"(:*)\s*\{\|(.*)")
_ROW = re.compile(r"\|-+(.*)")
_CELL = re.compile(r"(\|\+|[|!])(.*)")
_TAGS = {"|": "td", "!": "th", "|+": "caption"}
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([a-zA-Z][\w:.-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+)""")


class _Table:
    """A table that is open: what of it still has to end, the innermost last."""

    def __init__(self, indent: int, attributes: str) -> None:
        self._open: list[str] = []
        self.begun = [*(self._begun(tag) for tag in ("dl", "dd") * indent)]
        self.begun.append(self._begun("table", attributes))

    def _begun(self, tag: str, attributes: str = "") -> str:
        self._open.append(tag)
        return f"<{tag}{_attributes(attributes)}>"

    def ended(self, *tags: str) -> Iterator[str]:
        """End what is open down to the table, or, of these tags, what is."""
        while self._open and (not tags or self._open[-1] in tags):
            yield f"</{self._open.pop()}>"

    def row(self, attributes: str) -> Iterator[str]:
        yield from self.ended("td", "th", "caption", "tr")
        yield self._begun("tr", attributes)

    def cells(self, sign: str, rest: str) -> Iterator[str]:
        for each in (rest.replace("!!", "||") if sign == "!" else rest).split("||"):
            yield from self.ended("td", "th", "caption")
            if sign != "|+" and self._open[-1] != "tr":
                yield self._begun("tr")
            before, bar, after = each.partition("|")
            is_given = bar and "[[" not in before and "-{" not in before
            yield self._begun(_TAGS[sign], before if is_given else "")
            words = (after if is_given else each).strip()
            # A list begins on a line of its own.
            yield f"<nowiki/>{words}" if words[:1] in ("*", "#", ":", ";") else words


def in_html(text: str) -> str:
    """Return a wikitext without comments and extension tags with its tables in HTML."""
    return "\n".join(_lines(text)) if "{|" in text else text


def _lines(text: str) -> Iterator[str]:
    tables: list[_Table] = []
    for line in text.split("\n"):
        stripped = line.strip()
        begin = _BEGIN.fullmatch(stripped) if len(tables) < MOST_OPEN else None
        if begin:
            tables.append(_Table(len(begin[1]), begin[2]))
            yield from tables[-1].begun
        elif tables and stripped.startswith("|}"):
            yield from tables.pop().ended()
            yield stripped[2:]
        elif tables:
            yield from _within(tables[-1], line)
        else:
            yield line
    while tables:
        yield from tables.pop().ended()


def _within(table: _Table, line: str) -> Iterator[str]:
    stripped = line.strip()
    if row := _ROW.fullmatch(stripped):
        yield from table.row(row[1])
    elif cell := _CELL.fullmatch(stripped):
        yield from table.cells(cell[1], cell[2])
    else:
        yield line


def _attributes(text: str) -> str:
    found = (
        (name, html.unescape(value[1:-1] if value[0] in "\"'" else value))
        for name, value in _ATTRIBUTE.findall(text)
    )
    return "".join(f' {name}="{html.escape(value)}"' for name, value in dict(found).items())
