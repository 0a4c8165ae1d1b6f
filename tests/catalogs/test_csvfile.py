"""Tables for spreadsheet programs: what they do to cells, rows and whole files."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest
from hypothesis import given, settings

from tests.catalogs.test_exchange import ONE, TEXTS, catalog_of, exported, units_of
from tests.support.samples import examples
from wikiplan.catalogs import csvfile
from wikiplan.errors import Faults


@settings(max_examples=examples(200), deadline=None)
@given(TEXTS)
def test_a_cell_is_never_a_formula_and_comes_back(text):
    cell = csvfile.harmless(text)
    assert not re.match(r"\s*[=+\-@＝＋－＠]|[\t\r]", cell)
    assert csvfile.restored(cell) == text


def test_bold_text_needs_no_apostrophe_more():
    assert csvfile.harmless("'''Bold''' text") == "'''Bold''' text"


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_table_without_some_of_its_rows_is_refused():
    units = units_of("One book", "Two books")
    data = exported("csv", catalog_of(units, "Livre un"), units, {})
    with pytest.raises(Faults) as refused:
        csvfile.read("fr.csv", b"".join(data.splitlines(keepends=True)[:-1]))
    assert str(refused.value) == (
        "fr.csv:0:0: the file states 2 texts, and has 1; take the file from the export, or "
        "export again; leave the rows in that you did not translate"
    )


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_table_as_other_spreadsheet_programs_save_it_is_read(delimiter):
    data = exported("csv", catalog_of(ONE, "Livre, un"), ONE)
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows(data))
    (text,) = csvfile.read("fr.csv", out.getvalue().encode()).texts
    assert text.text == "Livre, un"


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_lines_in_cells_and_empty_columns_may_be_as_a_program_writes_them(line_end):
    cells = [[*(cell.replace("\n", line_end) for cell in row), "", ""] for row in table()]
    assert [(text.english, text.text) for text in read(cells).texts] == [
        ("=One", "-Un"),
        ("Two\nlines", "Deux\nlignes"),
    ]


TWO = units_of("=One", "Two\nlines")


def table() -> list[list[str]]:
    return rows(exported("csv", catalog_of(TWO, "-Un", "Deux\nlignes"), TWO))


def read(cells: list[list[str]]) -> csvfile.Parcel:
    out = StringIO(newline="")
    csv.writer(out).writerows(cells)
    return csvfile.read("fr.csv", out.getvalue().encode())


def test_a_table_stands_as_people_see_it():
    seals = [row[-1] for row in table()[1:]]
    assert table() == [
        [*csvfile.COLUMNS, "wikiplan fr 2"],
        ["a", "Page, section “s”: text 1 of 2", "", "translated", "'=One", "", "'-Un", seals[0]],
        ["b", "", "", "translated", "Two\nlines", "", "Deux\nlignes", seals[1]],
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda cells: cells[1].pop(), "fr.csv:2:1: the row has 7 cells where 8 must be"),
        (
            lambda cells: cells[1].__setitem__(3, "perhaps"),
            "fr.csv:2:1: a: “perhaps” is no state",
        ),
        (
            lambda cells: cells[2].__setitem__(7, "x"),
            "fr.csv:3:1: b: the last cell of the row is not what was exported",
        ),
        (
            lambda cells: cells[0].__setitem__(0, "Schlüssel"),
            "fr.csv:1:1: the first row is not the one that wikiplan writes",
        ),
        (lambda cells: cells.append(cells[1]), "fr.csv:6:1: a: the text stands twice, first in"),
    ],
    ids=["a cell less", "no state", "no seal", "another title", "a row twice"],
)
def test_a_row_that_is_damaged_is_told_with_its_line(change, told: str):
    cells = table()
    change(cells)
    with pytest.raises(Faults) as refused:
        read(cells)
    assert str(refused.value).startswith(told)


def test_all_damaged_rows_are_told_at_once():
    cells = table()
    cells[1][3], cells[2][7] = "perhaps", "x"
    with pytest.raises(Faults) as refused:
        read(cells)
    assert [fault.line for fault in refused.value.faults] == [2, 3]


def test_a_quote_that_nothing_closes_is_told_with_the_row_in_which_it_opens():
    data = exported("csv", catalog_of(TWO, "Un", "Deux"), TWO).decode().rstrip()[:-1]
    with pytest.raises(Faults, match=r"^fr\.csv:3:1: the table is damaged in this row \("):
        csvfile.read("fr.csv", data.encode())


@pytest.mark.parametrize(
    ("state", "ready"),
    [("", True), ("Translated ", True), ("untranslated", True), ("OUTDATED", False)],
)
def test_a_state_may_be_written_as_people_write(state: str, ready: bool):
    cells = table()
    cells[1][3] = state
    found = read(cells).texts[0]
    assert (found.ready, found.says_state) == (ready, bool(state))


def test_rows_without_anything_in_them_are_none_and_more_rows_than_stated_are_fine():
    cells = table()
    cells[0][-1] = " wikiplan fr 1 "
    assert [text.key for text in read([cells[0], [""] * 8, *cells[1:], []]).texts] == ["a", "b"]


def test_of_a_table_without_end_the_first_faults_are_told():
    rows = csvfile.write("ar", []).decode().replace("ar 0", "ar 9999999") + "a\n" * 100_000
    with pytest.raises(Faults) as refused:
        csvfile.read("ar.csv", rows.encode())
    assert len(refused.value.faults) == csvfile.MOST_FAULTS
    with pytest.raises(Faults, match="the first row is not the one that wikiplan writes"):
        csvfile.read("ar.csv", b"a\n" * 1_000_000)
