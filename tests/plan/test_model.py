"""Shapes of data: what they find, that they change nothing, and the schemas that they give."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.support import wikicases
from tests.support.wikicases import Case
from wikiplan.plan import model, shapes, values
from wikiplan.plan.model import json_schema, problems


def shape_of(name: str) -> Any:
    return next(getattr(module, name) for module in (model, shapes) if hasattr(module, name))


def told(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"]))
    words = f": {problem['ctx']['error']}" if problem["type"] == "value_error" else ""
    return f"{place}: {problem['type']}{words}"


def read(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    return yaml.load(text)


@wikicases.each("shapes/shapes.cases")
def test_what_is_wrong_with_data(case: Case):
    ((name, text),) = case.named("shape").items()
    data = read(text)
    before = deepcopy(data)
    assert "\n".join(map(told, problems(shape_of(name), data))) == case.blocks["problems"]
    assert data == before, "the data stay those that were read"


LINKS = st.fixed_dictionaries(
    {},
    optional={
        "page": st.sampled_from(["A", "", 4, "a|b"]),
        "url": st.sampled_from(["https://example.org/", "ftp", None]),
        "title": st.sampled_from(["A", "''A''", True]),
        "translatable": st.sampled_from([True, False, "no"]),
        "colour": st.just("red"),
    },
)


@given(LINKS)
def test_an_editor_with_the_schema_finds_what_is_no_such_shape_and_nothing_that_is_sound(
    link: dict[str, Any],
):
    jsonschema = pytest.importorskip("jsonschema")
    found = {problem["type"] for problem in problems(model.LinkTarget, link)}
    schema = jsonschema.Draft202012Validator(json_schema(model.LinkTarget))
    if schema.is_valid(link):
        assert found <= {"value_error"}
    else:
        assert found


# Schemas


def test_a_schema_has_the_keys_as_yaml_writes_them_and_the_words_of_the_model():
    described = json_schema(model.PageEntry)["$defs"]["PageEntry"]["properties"]
    assert "missing-section" in described and "missing_section" not in described
    assert described["except"]["type"] == "array"
    assert described["title"]["examples"] == ["Talks/{event}"]
    assert described["redirect"]["description"] == "What to do when the page is a redirect."
    assert described["redirect"]["enum"] == ["refuse", "follow"]


def test_a_pattern_and_examples_stand_in_the_schema():
    section = json_schema(model.SectionEntry)["properties"]
    assert section["template"]["pattern"] == "^(?:[a-z][a-z0-9]*(-[a-z0-9]+)*)$"
    assert section["data"]["examples"] == ["priorities/2020-2021"]


def test_what_may_have_fields_is_as_its_pattern_says_or_has_one():
    name = json_schema(model.SectionEntry)["properties"]["name"]
    forms = [each["pattern"] for each in name["anyOf"]]
    assert forms == ["^(?:[a-z][a-z0-9]*(-[a-z0-9]+)*)$", values.FIELD.pattern]
    texts = ("office-hours", "talk-{event}", "{year.key}", "Talk")
    assert [any(re.search(form, text) for form in forms) for text in texts] == [
        True, True, True, False,
    ]  # fmt: skip


def test_a_short_form_may_stand_for_the_mapping():
    described = json_schema(shapes.VariableEntry)
    assert described["anyOf"][0] == {"type": ["number", "string"]}


def test_limits_include_both_ends():
    percent = json_schema(model.Pages)["properties"]["most-shrink"]
    assert (percent["minimum"], percent["maximum"], percent["default"]) == (
        0,
        100,
        values.MOST_SHRINK_PERCENT,
    )
