from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.plan.facttypes import Date, Fact, FiscalYear, Link, Name, Number, Time, fact_of
from wikiplan.plan.units import blocks_in, compose, prefix, variables_in

LINKS = {
    "paths": Link(page="Paths", title="Paths", translatable=True),
    "ada": Link(page="User:Ada Example", title="Ada"),
    "stream": Link(url="https://example.org/live", title="Live"),
}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("no variable", ()),
        ("$one and $two, $one", ("one", "two")),
        ("[[$one|One]]", ("one",)),
        ("$one's", ("one",)),
        ("$a_b1-c", ("a_b1",)),
        ("$5, $ 5, $, $A, $_a", ()),
        ("$$one is no variable", ()),
        ("$$$one is one after a dollar", ("one",)),
    ],
)
def test_variables_are_named_in_order_each_once(text: str, names: tuple[str, ...]) -> None:
    assert variables_in(text) == names


@given(st.lists(st.sampled_from(["$$", "$a", "$b1", " ", "x", "$5"])))
def test_a_doubled_dollar_never_begins_a_variable(parts: list[str]) -> None:
    text = " ".join(parts)
    names = dict.fromkeys(part[1:] for part in parts if part in ("$a", "$b1"))
    assert variables_in(text) == tuple(names)


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ({"text": "Plant them."}, "Plant them."),
        ({"text": "Plant them.", "label": "Roses"}, "'''Roses:''' Plant them."),
        (
            {"text": "Plant them.", "see-also": ["paths"]},
            "Plant them. (See also: [[$paths|Paths]].)",
        ),
        (
            {"text": "Plant them.", "label": "Roses", "see-also": ["paths", "stream"]},
            "'''Roses:''' Plant them. (See also: [[$paths|Paths]], [$stream Live].)",
        ),
    ],
)
def test_label_and_see_also_are_part_of_the_unit(block: dict[str, Any], text: str) -> None:
    assert compose(block, LINKS) == text


def test_keys_are_paths_in_which_lists_go_by_their_items() -> None:
    nested = {"key": "ink", "text": "I"}
    data = {
        "heading": {"text": "H"},
        "teams": [
            {"key": "roses", "text": "R", "about": {"text": "A"}},
            {"key": "paths", "items": [{"key": "map", "text": "M", "items": [nested]}]},
            {"text": "no key"},
        ],
        "outer": {"inner": {"text": "X", "variables": {"text": "no block"}}},
    }
    assert [(block.segments, block.data["text"]) for block in blocks_in(data)] == [
        (("heading",), "H"),
        (("roses",), "R"),
        (("roses", "about"), "A"),
        (("paths", "map"), "M"),
        (("paths", "map", "ink"), "I"),
        (None, "no key"),
        (("outer", "inner"), "X"),
    ]


def test_a_file_in_a_folder_has_a_prefix_without_a_slash() -> None:
    assert prefix("priorities/2020-2021") == "priorities-2020-2021"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (4, Number(4)),
        ("Ada", Name("Ada")),
        ({"number": "1.10"}, Number(Decimal("1.10"))),
        ({"number": -4}, Number(-4)),
        ({"name": "Ada"}, Name("Ada")),
        ({"date": "2022-01"}, Date("2022-01")),
        ({"date": "2022-01-15", "style": "short"}, Date("2022-01-15", "short")),
        ({"fiscal-year": "2020-2021"}, FiscalYear(2020)),
        ({"fiscal-year": 2022}, FiscalYear(2022, calendar=True)),
        ({"page": "Paths"}, Link(page="Paths", title="Paths")),
        ({"url": "https://example.org/"}, Link(url="https://example.org/", title="https://example.org/")),
        ({"link": "ada"}, LINKS["ada"]),
        ({"time": "2021-07-15T16:00Z"}, Time(datetime(2021, 7, 15, 16, tzinfo=UTC))),
        (
            {"time": "2021-07-15T16:00", "zone": "Europe/Berlin"},
            Time(datetime(2021, 7, 15, 16, tzinfo=ZoneInfo("Europe/Berlin"))),
        ),
    ],
)  # fmt: skip
def test_a_variable_has_the_value_that_its_kind_says(raw: Any, value: Fact) -> None:
    assert fact_of(raw, LINKS) == value


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("paths", "Special:MyLanguage/Paths"),
        ("ada", "User:Ada Example"),
        ("stream", "https://example.org/live"),
    ],
)
def test_only_a_translatable_page_is_linked_in_the_readers_language(name: str, target: str) -> None:
    assert LINKS[name].target == target
