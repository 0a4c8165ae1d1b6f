"""Tables that people keep: whole ones are read, others told by their rows and columns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wikiplan.sources.sourcelist import Column
from wikiplan.sources.tables import Row, SourceError, of_csv, of_json, on_page, plain, value_of
from wikiplan.wiki import Revision

COLUMNS = [Column("key", "ID"), Column("topic.text", "Topic")]


def test_a_csv_file_has_rows_with_the_numbers_that_people_see():
    data = (
        "\ufeffID, Topic ,More\r\n"
        'one,"Water, ""clear""",\r\n'
        ",,\r\n"
        'two,"Two\r\nlines ",x\r\n'
        "three,e\u0301\u00a0,\r\n"
    ).encode()
    assert of_csv(data, COLUMNS) == [
        Row(2, {"ID": "one", "Topic": 'Water, "clear"', "More": ""}),
        Row(4, {"ID": "two", "Topic": "Two\nlines", "More": "x"}),
        Row(5, {"ID": "three", "Topic": "é", "More": ""}),
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it has no column “ID”; correct sources.yaml, or give the column its name back"),
        (b"ID;Topic\n1;x\n", "its cells are separated by semicolons; save it with commas"),
        (b"ID\tTopic\n1\tx\n", "its cells are separated by tabs; save it with commas"),
        (b"ID,Topics\n1,x\n", "it has no column “Topic”; did you mean “Topics”?"),
        (b"ID,Topic,ID\n1,x,2\n", "two columns are called “ID”; rename one of them"),
        (b"ID,Topic\n1,x\n2", "row 3 has 1 of 2 cells: it is cut off, or no CSV; look at it"),
        (b"ID,Topic\n1,x,y\n", "row 2 has 3 of 2 cells: it is cut off, or no CSV; look at it"),
        (
            b'ID,Topic\n1,"x\n2,y\n',
            "row 2 is cut off, or no CSV (unexpected end of data); look at it",
        ),
        (b"ID,Topic\n1,\xff\n", "line 2 is not UTF-8; save it as CSV in UTF-8"),
        (b" <!doctype html>", "it is a web page and no sheet; publish the sheet as CSV"),
    ],
)
def test_what_is_no_whole_table_is_told(data: bytes, told: str):
    with pytest.raises(SourceError) as error:
        of_csv(data, COLUMNS)
    assert str(error.value) == told


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (Column("f", "C"), "words", "words"),
        (Column("f", "C"), "", None),
        (Column("f", "C", "number"), "60", 60),
        (Column("f", "C", "number"), "1.5", "1.5"),
        (Column("f", "C", "list"), "a, b\nc,", ["a", "b", "c"]),
        (Column("f", "C", "yes-no"), "TRUE", True),
        (Column("f", "C", "yes-no"), "no", False),
        (Column("f", "C", form="%d/%m/%Y"), "05/07/2021", "2021-07-05"),
        (Column("f", "C", form="%m/%d/%Y %I:%M %p"), "07/05/2021 4:30 PM", "2021-07-05T16:30"),
        (Column("f", "C", words={"Sure": "confirmed", "Maybe": ""}), "Sure", "confirmed"),
        (Column("f", "C", words={"Sure": "confirmed", "Maybe": ""}), "Maybe", None),
    ],
)
def test_a_cell_holds_what_its_column_says(column: Column, cell: str, value: Any):
    assert value_of(Row(2, {"C": cell}), column) == value


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        (Column("f", "C"), "#REF!", "the sheet has no value there; mend its formula, or wait"),
        (Column("f", "C"), "Loading...", "the sheet has no value there; mend its formula, or wait"),
        (Column("f", "C", "yes-no"), "maybe", "is neither yes nor no; write one of them"),
        (Column("f", "C", form="%d/%m/%Y"), "soon", "is not written like %d/%m/%Y; correct it"),
    ],
)
def test_a_cell_that_holds_something_else_is_told_with_its_place(column, cell, told):
    with pytest.raises(SourceError) as error:
        value_of(Row(7, {"C": cell}), column)
    assert str(error.value) == f"row 7, column “C”: “{cell}”: {told}"


def test_json_may_be_a_list_of_objects_or_a_table_as_on_commons():
    rows = [Row(1, {"ID": "one", "Topic": "Water"}), Row(2, {"ID": "2", "Topic": ""})]
    objects = [{"ID": "one", "Topic": "Water"}, {"ID": 2, "Topic": None, "More": [1]}]
    table = {
        "schema": {"fields": [{"name": "ID", "type": "string"}, {"name": "Topic"}]},
        "data": [["one", "Water"], [2, None]],
    }
    assert of_json(objects, COLUMNS) == of_json(table, COLUMNS) == rows


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"a": 1}, "it is no list of objects; take the columns out, or make it one"),
        ([1], "it is no list of objects; take the columns out, or make it one"),
        ([{"ID": 1}], "it has no column “Topic”; correct sources.yaml, or give the column its"),
        ([{"ID": {}, "Topic": 1}], "an object stands where a column has a value; take the columns"),
    ],
)
def test_json_that_is_no_table_is_told(data: Any, told: str):
    with pytest.raises(SourceError) as error:
        of_json(data, COLUMNS)
    assert str(error.value).startswith(told)


def test_json_becomes_what_files_of_the_plan_hold():
    given = {"a": [1.5, True, " é ", 3], "b": {"c": "x"}}
    assert plain(given) == {"a": ["1.5", True, "é", 3], "b": {"c": "x"}}
    with pytest.raises(SourceError, match=r"^a\.2\.b is null; leave it out$"):
        plain({"a": [1, {"b": None}]})


@pytest.mark.parametrize(
    ("revision", "told"),
    [
        (Revision("P"), "there is no such page; correct the title, or make the page"),
        (
            Revision("P", number=1, redirect_to="Q", text="#REDIRECT [[Q]]"),
            "it is a redirect to Q; name that page",
        ),
        (Revision("P", number=1, text="{"), "it is no JSON (Expecting property name"),
        (Revision("P", number=1, text="[" * 100_000), "it is no JSON (maximum recursion depth"),
        (
            Revision("P", number=1, refusals=(("text-hidden", "its text is hidden"),)),
            "its text is hidden; correct the title, or make the page",
        ),
    ],
)
def test_a_page_without_json_is_told(revision: Revision, told: str):
    with pytest.raises(SourceError) as error:
        on_page(revision)
    assert str(error.value).startswith(told)
    deep: Any = []
    for _ in range(60):
        deep = [deep]
    with pytest.raises(SourceError, match="too deep"):
        plain(on_page(Revision("P", number=1, text=json.dumps(deep))))
