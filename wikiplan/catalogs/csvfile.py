"""Catalogs as tables for spreadsheet programs (RFC 4180, UTF-8 with a byte order mark).

Spreadsheet programs take a cell for a formula that begins with ``=``, ``+``, ``-`` or ``@``. Such
a text gets an apostrophe before it, and loses it on the way back; so does one that begins with
apostrophes before such a sign.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from wikiplan.catalogs.exchange import (
    NOT_OURS,
    Incoming,
    Outgoing,
    Parcel,
    Seal,
    fault,
    faults_in,
    unit_digest,
)
from wikiplan.catalogs.potext import BOM
from wikiplan.catalogs.translation import State
from wikiplan.errors import Fault, Faults, Message
from wikiplan.files import decode

COLUMNS = ("key", "where", "notes", "state", "english", "previous english", "translation")

MOST_FAULTS = 1000
"""Of a table, before the rest of it is not looked at."""

_TITLE = re.compile(r"wikiplan ([a-z0-9-]+) ([0-9]{1,9})")
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_DELIMITERS = ",;\t"
_READY = {"": True, State.TRANSLATED: True, State.UNTRANSLATED: True, State.OUTDATED: False}


def write(language: str, texts: Sequence[Outgoing]) -> bytes:
    """Return the table. The last column's title holds the language and how many texts there are."""
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow((*COLUMNS, f"wikiplan {language} {len(texts)}"))
    for text in texts:
        cells = (
            text.key,
            "\n".join(text.places),
            "\n".join(text.notes),
            text.state,
            text.english,
            text.previous_english,
            text.text,
            str(text.seal),
        )
        writer.writerow([harmless(cell) for cell in cells])
    return (BOM + out.getvalue()).encode()


def read(file: str, data: bytes) -> Parcel:
    """Return the texts of a table; raises Faults with all damage."""
    rows = _rows(file, decode(file, data).removeprefix(BOM))
    _, first = next(rows, (1, []))
    title = _title(file, first)
    texts: list[Incoming] = []
    faults: list[Fault] = []
    for line, cells in rows:
        if len(faults) == MOST_FAULTS:
            break
        if len(cells) != len(COLUMNS) + 1:
            wrong = f"the row has {len(cells)} cells where {len(COLUMNS) + 1} must be"
            faults.append(fault(file, Message("cells-of-a-row", wrong, NOT_OURS), line))
        elif isinstance(text := _text(line, cells), Message):
            faults.append(fault(file, text, line, cells[0]))
        else:
            texts.append(text)
    parcel = Parcel(file, title[1], tuple(texts))
    if faults := faults or [*faults_in(parcel, int(title[2]))]:
        raise Faults(faults)
    return parcel


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """Return the cell that :func:`harmless` made harmless."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _rows(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything with their first lines, whatever separates the cells."""
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, _without_empty_columns(cells)
            line = reader.line_num + 1
    except csv.Error as error:
        wrong = f"the table is damaged in this row ({error})"
        raise Faults([fault(file, Message("damaged-table", wrong, NOT_OURS), line)]) from None


def _without_empty_columns(cells: list[str]) -> list[str]:
    """Return a row without what a spreadsheet program adds behind the last column."""
    more = cells[len(COLUMNS) + 1 :]
    return cells if any(more) else cells[: len(COLUMNS) + 1]


def _title(file: str, cells: list[str]) -> re.Match[str]:
    match = _TITLE.fullmatch(cells[-1].strip()) if cells else None
    if match is None or tuple(cells[:-1]) != COLUMNS:
        wrong = "the first row is not the one that wikiplan writes"
        raise Faults([fault(file, Message("other-first-row", wrong, NOT_OURS), 1)])
    return match


def _text(line: int, cells: list[str]) -> Incoming | Message:
    """Return a row's text, or what is wrong with it."""
    key, _, _, state, english, _, text, sealed = map(restored, cells)
    seal, ready = Seal.parse(sealed), _READY.get(state.strip().lower())
    if seal is None:
        wrong = "the last cell of the row is not what was exported"
        return Message("other-seal", wrong, NOT_OURS)
    if ready is None:
        return Message("unknown-state", f"“{state}” is no state", NOT_OURS)
    own = _with_own_line_ends(english)
    if own != english and seal.unit == unit_digest(key, own):
        english, text = map(_with_own_line_ends, (english, text))
    return Incoming(key, english, text, ready, seal, line, says_state=bool(state.strip()))


def _with_own_line_ends(cell: str) -> str:
    """Return a cell's lines as they went out: some programs end them otherwise."""
    return cell.replace("\r\n", "\n").replace("\r", "\n")
