"""Fact types: what YAML writes, what templates give, what translators are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.plan.facttypes import (
    FACT_TYPES,
    Date,
    Fact,
    FiscalYear,
    Link,
    Name,
    Number,
    Time,
    fact_of,
)
from wikiplan.plan.shapes import VariableEntry

NOON = datetime(2021, 7, 15, 12, tzinfo=UTC)

FACTS = st.one_of(
    st.dates().map(lambda day: Date(day.isoformat())),
    st.dates().map(lambda day: Date(f"{day:%Y-%m}") if day.year > 999 else Date("1000-01")),
    st.integers(1000, 9998).map(FiscalYear),
    st.integers(-(10**9), 10**9).map(Number),
    st.decimals(-1000, 1000, places=2).map(Number),
    st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda instant: Time(instant.replace(second=0, microsecond=0))
    ),
)


def test_every_fact_type_is_a_key_of_a_variable() -> None:
    keys = {field.alias for field in VariableEntry.model_fields.values()}
    assert keys - {"zone", "style"} == {*FACT_TYPES}


@given(FACTS)
def test_what_yaml_writes_for_a_fact_means_that_fact(fact: Fact) -> None:
    assert fact_of(fact.raw, {}) == fact


@pytest.mark.parametrize(
    ("fact", "meaning"),
    [
        (Link(page="Ada", title="Ada Example"), "link to Ada"),
        (Link(url="https://example.org/"), "link to https://example.org/"),
        (Date("2022-01"), "date 2022-01"),
        (Time(NOON, "short"), "time 2021-07-15T12:00+00:00"),
        (Number(Decimal("1.50")), "number 1.50"),
        (FiscalYear(2020), "fiscal year 2020-2021"),
        (FiscalYear(2022, calendar=True), "fiscal year 2022"),
        (Name("Ada"), "“Ada”"),
    ],
)
def test_translators_are_told_what_a_fact_is(fact: Fact, meaning: str) -> None:
    assert fact.meaning == meaning


@pytest.mark.parametrize(
    ("example", "value", "fact"),
    [
        (Number(60), 45, Number(45)),
        (Date("2022-01", "short"), "2021-12-24", Date("2021-12-24", "short")),
        (Date("2022-01"), NOON, Date("2021-07-15")),
        (Time(NOON, "full"), "2022-01-01T10:00Z", Time(NOON + timedelta(169, 79200), "full")),
        (Time(NOON), NOON, Time(NOON)),
        (FiscalYear(2020), "2021-2022", FiscalYear(2021)),
        (Name("Ada"), "Bea", Name("Bea")),
        (Link(page="Ada"), "Bea", Name("Bea")),
    ],
)
def test_a_templates_value_becomes_a_fact_like_the_example(
    example: Fact, value: Any, fact: Fact
) -> None:
    assert example.like(value) == fact
