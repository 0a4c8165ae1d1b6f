"""Tables that people keep: the rows of a CSV file or of JSON, and what their cells hold."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from wikiplan.errors import Invalid, Message, WikiplanError, did_you_mean
from wikiplan.sources.sourcelist import Column
from wikiplan.value import Value
from wikiplan.wiki import Revision

_BROKEN = re.compile(r"#(REF|N/A|NAME\?|VALUE|DIV/0|NUM|NULL|ERROR|SPILL)!?|Loading\.\.\.")
"""What sheets show where a formula has no value, or none yet."""
_BETWEEN = re.compile(r"\s*[,\n]\s*")
_ONE_OF_TWO = {"yes": True, "true": True, "no": False, "false": False}
_MOST_DEPTH = 50


class SourceError(WikiplanError):
    """A source gives nothing that could be taken; the plan keeps what it has."""


class Row(Value):
    """A row by the number that people see, with its cells by the names of the columns."""

    number: int
    cells: Mapping[str, str]


_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}


def of_csv(data: bytes, columns: Sequence[Column]) -> list[Row]:
    """Return the rows of a CSV file. Raises :class:`SourceError` where it is none, or not whole."""
    text = _text(data)
    if text.lstrip()[:1] == "<":
        told = "it is a web page and no sheet; publish the sheet as CSV"
        raise SourceError("html-for-csv", told)
    lines = _lines(text)
    number, head = next(lines, (0, []))
    other = [name for sign, name in _OTHER_SEPARATORS.items() if len(head) == 1 and sign in head[0]]
    if other:
        told = f"its cells are separated by {other[0]}; save it with commas"
        raise SourceError("other-separator", told)
    names = [" ".join(name.split()) for name in head]
    _check_names(names, columns)
    rows = []
    for number, cells in lines:
        if len(cells) != len(names):
            count = f"{len(cells)} of {len(names)} cells"
            told = f"row {number} has {count}: it is cut off, or no CSV; look at it"
            raise SourceError("uneven-row", told)
        rows.append(Row(number, dict(zip(names, map(_tidy, cells), strict=True))))
    return rows


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        told = f"line {line} is not UTF-8; save it as CSV in UTF-8"
        raise SourceError("sheet-not-utf-8", told) from None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, by their number: a cell may have line breaks."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            told = f"row {number} is cut off, or no CSV ({error}); look at it"
            raise SourceError("no-csv", told) from None
        if cells is None:
            return
        if any(map(str.strip, cells)):
            yield number, cells


def _check_names(names: Sequence[str], columns: Sequence[Column]) -> None:
    for column in columns:
        if column.name not in names:
            near = did_you_mean(column.name, filter(None, names))
            hint = near or "correct sources.yaml, or give the column its name back"
            raise SourceError("no-column", f"it has no column “{column.name}”; {hint}")
        if names.count(column.name) > 1:
            told = f"two columns are called “{column.name}”; rename one of them"
            raise SourceError("doubled-column", told)


def _tidy(cell: str) -> str:
    """Return a cell as wikis store texts, without blanks that nobody sees."""
    text = unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\u00a0", " "))
    return "\n".join(line.strip() for line in text.strip().split("\n"))


# JSON on a page.


def on_page(revision: Revision) -> Any:
    """Return the JSON on a page. Raises :class:`SourceError` where there is none."""
    if revision.redirect_to:
        told = f"it is a redirect to {revision.redirect_to}; name that page"
        raise SourceError("source-redirect", told)
    if not revision.exists or revision.refusals:
        told = "; ".join(words for _, words in revision.refusals) or "there is no such page"
        raise SourceError("no-source-page", f"{told}; correct the title, or make the page")
    try:
        return json.loads(revision.text)
    except (ValueError, RecursionError) as error:
        raise SourceError("no-json", f"it is no JSON ({error}); look at it") from None


def plain(data: Any, way: tuple[str, ...] = ()) -> Any:
    """Return JSON as the plan's files have them: fractions are written, nothing is null."""
    if len(way) > _MOST_DEPTH:
        raise SourceError("deep-json", "its lists and objects are too deep; look at it")
    match data:
        case None:
            raise SourceError("null-in-json", f"{'.'.join(way) or 'it'} is null; leave it out")
        case dict():
            return {key: plain(value, (*way, key)) for key, value in data.items()}
        case list():
            return [plain(each, (*way, str(at))) for at, each in enumerate(data, 1)]
        case str():
            return _tidy(data)
        case float():
            return str(data)
    return data


def of_json(data: Any, columns: Sequence[Column]) -> list[Row]:
    """Return the rows of a list of objects, or of a page like those of Commons (``Data:….tab``)."""
    if isinstance(data, dict) and isinstance(data.get("data"), list):
        named = data.get("schema", {})
        fields = named.get("fields", ()) if isinstance(named, dict) else ()
        names = [str(field.get("name")) if isinstance(field, dict) else "" for field in fields]
        data = [dict(zip(names, row, strict=False)) for row in data["data"]]
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        told = "it is no list of objects; take the columns out, or make it one"
        raise SourceError("json-without-rows", told)
    names = list(dict.fromkeys(name for row in data for name in row))
    _check_names(names, columns)
    return [
        Row(number, {column.name: _cell(row.get(column.name, "")) for column in columns})
        for number, row in enumerate(data, 1)
    ]


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(_cell, value))
    if isinstance(value, dict):
        told = "an object stands where a column has a value; take the columns out"
        raise SourceError("object-in-cell", told)
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else _tidy(str(value))


# What a cell holds.


def value_of(row: Row, column: Column) -> Any:
    """Return what a cell holds, None for an empty one. Raises :class:`SourceError`."""
    cell = row.cells[column.name]
    try:
        if _BROKEN.fullmatch(cell):
            told = "the sheet has no value there; mend its formula, or wait"
            raise Invalid("broken-formula", told)
        said = column.words.get(cell, cell)
        return _typed(said, column) if said else None
    except Invalid as error:
        where = f"row {row.number}, column “{column.name}”: “{cell[:100]}”: "
        raise SourceError(*Message.of(error).about(where).pair) from None


def _typed(cell: str, column: Column) -> Any:
    match column.type:
        case "number":
            return int(cell) if re.fullmatch(r"-?[0-9]{1,15}", cell, re.ASCII) else cell
        case "list":
            return [each for each in _BETWEEN.split(cell) if each]
        case "yes-no" if cell.lower() not in _ONE_OF_TWO:
            raise Invalid("neither-yes-nor-no", "is neither yes nor no; write one of them")
        case "yes-no":
            return _ONE_OF_TWO[cell.lower()]
    return _written(cell, column.form) if column.form else cell


def _written(cell: str, form: str) -> str:
    """Return a day, or a time where the form has one, as the plan writes it."""
    try:
        time = datetime.strptime(cell, form)
    except ValueError:
        raise Invalid("other-time-form", f"is not written like {form}; correct it") from None
    has_time = re.search(r"%[HIMpXcT]", form)
    return time.isoformat(timespec="minutes") if has_time else time.date().isoformat()
