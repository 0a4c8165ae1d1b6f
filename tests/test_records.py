"""Data of files with a known shape: what is wrong is named with its place."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import pytest

from wikiplan import records
from wikiplan.errors import WikiplanError
from wikiplan.records import Count, Record
from wikiplan.value import Value


class Fruit(StrEnum):
    APPLE = "apple"
    SOUR_CHERRY = "sour cherry"


class Tree(Value):
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


def test_a_container_of_values_is_as_strict_as_a_record():
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
