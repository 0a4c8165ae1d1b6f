"""What ``sources.yaml`` says, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wikiplan.plan import MOST_GONE_PERCENT, SOURCES
from wikiplan.value import Value


class Column(Value):
    """The column of a sheet that fills a field, and how its cells are read."""

    field: str
    name: str
    type: str = "text"
    form: str = ""
    words: Mapping[str, str] = {}


class Source(Value):
    """Where a data file, by its stem, comes from: a ``sheet`` on the web, or a ``page``.

    ``lists`` are the names of the lists, one in the other, whose innermost has an item a row;
    without any the file has an entry a row. ``digest`` is of all that the plan says of it.
    """

    stem: str
    said: Mapping[str, Any]
    columns: tuple[Column, ...] = ()
    lists: tuple[str, ...] = ()

    @property
    def sheet(self) -> str:
        return str(self.said.get("sheet", ""))

    @property
    def page(self) -> str:
        return str(self.said.get("page", ""))

    @property
    def site(self) -> str:
        return str(self.said.get("site", ""))

    @property
    def most_gone(self) -> int:
        return int(self.said.get("most-gone", MOST_GONE_PERCENT))

    def fields_of(self, level: int) -> Iterator[tuple[str, Column]]:
        """Yield the fields of the items of a list, from the outermost at 0, with their columns."""
        outer = [f"{name}." for name in self.lists[:-1]]
        for column in self.columns:
            starts = [column.field.startswith(start) for start in outer]
            whose = starts.index(True) if any(starts) else len(outer)
            if whose == level:
                start = outer[level] if level < len(outer) else ""
                yield column.field.removeprefix(start), column


def listed(data: Mapping[str, Mapping[str, Any]]) -> Iterator[Source]:
    """Yield the sources of a plan's files, by their stems."""
    for stem, said in data.get(SOURCES, {}).items():
        columns = tuple(_column(field, raw) for field, raw in said.get("columns", {}).items())
        rows = said.get("rows", "")
        yield Source(stem, said, columns, tuple(rows.split(".")) if rows else ())


def _column(field: str, raw: Any) -> Column:
    if isinstance(raw, str):
        return Column(field, raw)
    return Column(
        field, raw["column"], raw.get("as", "text"), raw.get("form", ""), raw.get("words", {})
    )
