"""The fields of a new entry, and the entry that comes of them."""

from __future__ import annotations

from typing import Any

import pytest

from wikiplan.desk.planfiles.entries import Model
from wikiplan.desk.planfiles.fields import Names
from wikiplan.desk.planfiles.newentries import Field, fields_of, made, proposed_key, with_key

NAMES = Names(
    {
        "links": {"home": "home: Home page"},
        "teams": {"one": "one", "two": "two"},
        "zones": {str(n): str(n) for n in range(200)},
    }
)


def fields(stem: str, *path: str | int, one: str = "entry") -> tuple[Field, ...]:
    return fields_of(Model.of_file(stem).at(path), NAMES, one)


def main(found: tuple[Field, ...]) -> list[tuple[str, str, bool]]:
    return [(each.path, each.input, each.required) for each in found if each.main]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (fields("priorities/2021-2022", "teams", 0, "items"),
         [("text", "textarea", True)]),
        (fields("office-hours", "events"),
         [("zone", "text", False), ("start", "datetime-local", True)]),
        (fields("links"),
         [("=", "text", True), ("page", "text", False), ("url", "text", False),
          ("title", "text", True)]),
        (fields("priorities/2021-2022", "teams"),
         [("key", "select", True), ("items.0.text", "textarea", True),
          ("items.0.key", "text", True)]),
        (fields("pages", "languages", one="language"), [(".", "text", True)]),
        (fields("pages", "pages", one="page"),
         [("title", "text", True), ("sections.0.name", "text", True),
          ("sections.0.template", "text", True), ("sections.0.data", "text", True)]),
        (fields("glossary", "terms"),
         [("term", "text", True), ("translations", "textarea", True)]),
    ],
)  # fmt: skip
def test_what_an_entry_needs_is_asked_first(
    found: tuple[Field, ...], expected: list[tuple[str, str, bool]]
):
    assert main(found) == expected


def test_what_all_neighbours_say_is_asked_first_too():
    like = [{"key": "a", "start": "2021-07", "topic": {}, "host": []}, {"key": "b", "topic": {}}]
    found = fields_of(Model.of_file("office-hours").at(("events",)), NAMES, "event", like)
    assert [each[0] for each in main(found)] == ["start", "topic.text", "zone"]


def test_a_field_has_its_help_and_its_choices():
    every = {each.path: each for each in fields("office-hours", "events")}
    assert every["ways"].choices == (("home", "home: Home page"),) and every["ways"].many
    assert every["team"].input == "select"
    assert ("planned", "planned") in every["status"].choices
    assert every["minutes"].input == "number"
    assert "RFC 5545" in every["repeats"].help
    assert every["start"].examples[0] == "2021-07-15T16:00"


def test_fields_stand_as_the_neighbours_have_them():
    like = [{"title": "a", "page": "b"}]
    found = fields_of(Model.of_file("links"), NAMES, "link", like)
    assert [each.path for each in found] == ["=", "title", "page", "url", "translatable"]


@pytest.mark.parametrize(
    ("stem", "path", "typed", "entry"),
    [
        ("office-hours", ("events",),
         [("start", "2021-07-15T16:00"), ("minutes", "60"), ("ways", "a"), ("ways", "b"),
          ("topic.text", " A\r\nb "), ("zone", " "), ("unknown", "x")],
         {"start": "2021-07-15T16:00", "minutes": 60, "ways": ["a", "b"],
          "topic": {"text": "A\nb"}}),
        ("office-hours", ("events",), [("start", "x"), ("host", "Ada, Eve")],
         {"start": "x", "host": ["Ada", "Eve"]}),
        ("priorities/2021-2022", ("teams",), [("key", "one"), ("items.0.key", "k"),
         ("items.0.text", "T")], {"key": "one", "items": [{"text": "T", "key": "k"}]}),
        ("department", ("teams",), [("name.text", "N"), ("dissolved", "yes")],
         {"name": {"text": "N"}, "dissolved": True}),
        ("pages", ("languages",), [(".", "sv")], "sv"),
        ("glossary", ("terms",), [("term", "T"), ("translations", "de: A, B\n fr : C:D\n\n")],
         {"term": "T", "translations": {"de": ["A", "B"], "fr": ["C:D"]}}),
        ("metrics/a", ("metrics",), [("now", "-5"), ("target", "5.5"), ("baseline", "5e1")],
         {"now": -5, "target": "5.5", "baseline": "5e1"}),
    ],
)  # fmt: skip
def test_an_entry_has_what_was_typed_and_nothing_else(
    stem: str, path: tuple[str | int, ...], typed: list[tuple[str, str]], entry: Any
):
    assert made(fields(stem, *path), typed) == entry


@pytest.mark.parametrize(
    ("entry", "taken", "key"),
    [
        ({"text": "Ask the communities how"}, (), "ask-the-communities"),
        ({"label": "Policy", "text": "Ask"}, ("policy",), "policy-2"),
        ({"text": "2022: a new Éra"}, (), "a-new-era"),
        ({"text": "日本"}, (), "new"),
        ({"start": "2022-01-13T16:00", "topic": {"text": "T"}}, ("2021-07",), "2022-01"),
        ({"start": "2022-01-13T16:00", "topic": {"text": "T"}}, ("spring",), "t"),
        ({"start": "2022-01-13T16:00"}, ("2022-01", "2022-01-2"), "2022-01-3"),
    ],
)  # fmt: skip
def test_a_key_is_proposed_that_is_free(entry: dict[str, Any], taken: tuple[str, ...], key: str):
    assert proposed_key(entry, taken) == key


def test_a_key_that_was_typed_stays_and_what_has_none_gets_none():
    found = fields("department", "teams")
    assert with_key({"text": "A b", "key": "mine"}, found, ()) == {"text": "A b", "key": "mine"}
    assert list(with_key({"text": "A b"}, found, ())) == ["key", "text"]
    assert with_key({"page": "A"}, fields("links"), ()) == {"page": "A"}
    assert with_key("sv", fields("pages", "languages"), ()) == "sv"
