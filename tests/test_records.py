<<<<<<< HEAD
"""Data of files with a known shape: what is wrong is named with its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import pytest

from wikiplan import records
from wikiplan.errors import WikiplanError
from wikiplan.records import Count, Record


class Fruit(StrEnum):
    APPLE = "apple"
    SOUR_CHERRY = "sour cherry"


@dataclass(frozen=True, slots=True)
class Tree:
    fruit: Fruit
    ripe: bool = False


class Garden(Record):
    name: Annotated[str, records.holding("a name without spaces", lambda name: " " not in name)]
    trees: tuple[Tree, ...] = ()
    rows: tuple[tuple[str, Count], ...] = ()
    open: datetime | None = None
    gate: Annotated[str | dict[str, str], records.told_as("a text")] = ""


def test_what_is_right_is_read_with_its_types():
    data = (
        b'{"name": "Park", "trees": [{"fruit": "sour cherry", "ripe": true}], "rows": [["a", 3]], '
        b'"open": "2021-07-01T14:00:00+02:00", "gate": {"north": "high"}}'
    )
    garden = records.read(Garden, data, "garden.json")
    assert garden.trees == (Tree(Fruit.SOUR_CHERRY, ripe=True),)
    assert (garden.rows, garden.gate) == ((("a", 3),), {"north": "high"})
    assert garden.open == datetime(2021, 7, 1, 12, tzinfo=UTC)


def test_a_container_of_dataclasses_is_as_strict_as_a_record():
    assert records.read(dict[str, Tree], b'{"a": {"fruit": "apple"}}', "x") == {
        "a": Tree(Fruit.APPLE)
    }
    with pytest.raises(WikiplanError) as refused:
        records.read(dict[str, Tree], b'{"a": {"fruit": "apple", "ripe": 1}}', "x")
    assert str(refused.value) == "x: a: ripe: true or false is expected here"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("", "is no JSON (EOF while parsing a value at line 1 column 0)"),
        ("[]", "an object is expected here"),
        ("{}", "name: a value is expected here"),
        ('{"name": 5}', "name: a text is expected here"),
        ('{"name": "a b"}', "name: a name without spaces is expected here"),
        ('{"name": "a", "color": 1}', "color: no field of this name is expected here"),
        ('{"name": "a", "trees": {}}', "trees: a list is expected here"),
        ('{"name": "a", "trees": [5]}', "trees[0]: an object is expected here"),
        ('{"name": "a", "trees": [{"fruit": "fig"}]}',
         "trees[0]: fruit: one of apple, sour cherry is expected here"),
        ('{"name": "a", "trees": [{"fruit": "apple", "age": 1}]}',
         "trees[0]: age: no field of this name is expected here"),
        ('{"name": "a", "rows": [["a", 1], ["b", -1]]}', "rows[1][1]: a number is expected here"),
        ('{"name": "a", "rows": [["a", true]]}', "rows[0][1]: a number is expected here"),
        ('{"name": "a", "rows": [["a"]]}', "rows[0][1]: a value is expected here"),
        ('{"name": "a", "open": "soon"}', "open: a time is expected here"),
        ('{"name": "a", "gate": 5}', "gate: a text is expected here"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(data: str, told: str):
    with pytest.raises(WikiplanError) as refused:
        records.read(Garden, data.encode(), "garden.json")
    assert str(refused.value) == f"garden.json: {told}"
=======
"""Data of files with a known shape: what is not as expected is named with the way to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wikiplan import records
from wikiplan.errors import WikiplanError


class Kind(StrEnum):
    PLAIN = "plain"
    MARKED = "marked"


@dataclass(frozen=True)
class Section:
    name: str
    lines: tuple[records.Count, ...] = ()


class Page(records.Record):
    title: Annotated[str, records.holding("a title without a bar", lambda t: "|" not in t)]
    kind: Kind = Kind.PLAIN
    sections: tuple[Section, ...] = ()
    seen: datetime | None = None
    count: Annotated[int, records.told_as("how often it was seen")] = 0


WHOLE = {
    "title": "Plan",
    "kind": "marked",
    "sections": [{"name": "a", "lines": [1, 2]}],
    "seen": "2021-07-01T12:00:00Z",
    "count": 2,
}


def read(value: Any, kind: Any = Page) -> Any:
    return records.read(kind, json.dumps(value).encode(), "file.json")


def test_a_record_has_its_values():
    page = read(WHOLE)
    assert (page.title, page.kind, page.count) == ("Plan", Kind.MARKED, 2)
    assert page.sections == (Section("a", (1, 2)),)
    assert page.seen == datetime.fromisoformat("2021-07-01T12:00:00+00:00")
    assert read({"title": "Plan"}) == Page(title="Plan")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": 1}, "title: a text is expected here"),
        ({"title": "a|b"}, "title: a title without a bar is expected here"),
        ({"colour": "red"}, "colour: no field of this name is expected here"),
        ({"kind": "odd"}, "kind: one of plain, marked is expected here"),
        ({"sections": {}}, "sections: a list is expected here"),
        ({"sections": [1]}, "sections[0]: an object is expected here"),
        ({"sections": [{}]}, "sections[0]: name: a value is expected here"),
        (
            {"sections": [{"name": "a", "x": 1}]},
            "sections[0]: x: no field of this name is expected here",
        ),
        (
            {"sections": [{"name": "a", "lines": [1, -1]}]},
            "sections[0]: lines[1]: a number is expected here",
        ),
        (
            {"sections": [{"name": "a", "lines": ["1"]}]},
            "sections[0]: lines[0]: a number is expected here",
        ),
        (
            {"sections": [{"name": "a", "lines": [True]}]},
            "sections[0]: lines[0]: a number is expected here",
        ),
        ({"seen": "noon"}, "seen: a time is expected here"),
        ({"count": "2"}, "count: how often it was seen is expected here"),
    ],
)
def test_what_is_not_as_expected_is_named_with_the_way_to_it(change: dict[str, Any], told: str):
    with pytest.raises(WikiplanError) as refused:
        read({**WHOLE, **change})
    assert str(refused.value) == f"file.json: {told}"


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'{"title": "a"} x'])
def test_what_is_no_json_is_told_as_that(data: bytes):
    with pytest.raises(WikiplanError, match=r"^file\.json: is no JSON \("):
        records.read(Page, data, "file.json")


def test_containers_of_records_are_read_alike():
    assert read({"a": {"name": "x"}}, dict[str, Section]) == {"a": Section("x")}
    with pytest.raises(WikiplanError) as refused:
        read({"a": {"name": 1}}, dict[str, Section])
    assert str(refused.value) == "file.json: a: name: a text is expected here"
    with pytest.raises(WikiplanError, match="an object is expected here"):
        read([], dict[str, Section])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(list(WHOLE)), inner, max_size=2)
    ),
    max_leaves=6,
)


@settings(max_examples=80)
@given(st.dictionaries(st.sampled_from(list(WHOLE)), JSON))
def test_any_json_is_read_or_refused_in_one_line(value: dict[str, Any]):
    try:
        assert read(value).title == value["title"]
    except WikiplanError as refused:
        assert str(refused).startswith("file.json: ")
        assert str(refused).endswith(" is expected here")
>>>>>>> 5b00b7a (Test facts, records, and what imports and looks tell, by themselves)
