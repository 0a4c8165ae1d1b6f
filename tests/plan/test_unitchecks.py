"""What no shape can tell of units: their texts, variables and keys; see test_filechecks.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plan.test_filechecks import source, told
from wikiplan.plan.unitchecks import unit_faults
from wikiplan.plan.units import MOST_KEY_BYTES


def of_units(directory: Path, **files: str) -> list[str]:
    return told(unit_faults(source(directory, files)))


def test_a_key_may_be_as_long_as_a_unit_page_allows(tmp_path: Path):
    room = MOST_KEY_BYTES - len("recipes.")
    assert of_units(tmp_path, recipes=f"{'a' * room}: {{text: A}}\n") == []
    (fault,) = of_units(tmp_path, recipes=f"{'a' * (room + 1)}: {{text: A}}\n")
    assert fault == (
        f"recipes.yaml:1:1: {'a' * (room + 1)}: the unit's key “recipes.{'a' * (room + 1)}” is "
        f"{MOST_KEY_BYTES + 1} bytes long; shorten it to {MOST_KEY_BYTES}"
    )


def test_a_key_that_two_files_give_is_told_with_the_first_place(tmp_path: Path):
    found = of_units(tmp_path, **{"a/b": "c: {text: A}\n", "a-b": "c: {text: B}\n"})
    assert found == [
        f"a-b.yaml:1:1: c: the unit's key “a-b.c” is taken ({tmp_path}/a/b.yaml, line 1); "
        "choose another key"
    ]


def test_a_doubled_item_is_told_once_and_not_again_for_its_units(tmp_path: Path):
    found = of_units(
        tmp_path, recipes="soups:\n- {key: a, text: A}\n- {key: a, text: B, c: {text: C}}\n"
    )
    assert found == [
        "recipes.yaml:3:9: soups.a.key: the key “a” is doubled (first on line 2); choose another"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[$page|it]] [$url it]", []),
        ("[$page it]", ["$page is a page, but stands in “[”; write [[$page|words]]"]),
        ("[[$url|it]]", ["$url is a URL, but stands in “[[”; write [$url words]"]),
        ("[[$alias|it]]", ["$alias is a URL, but stands in “[[”; write [$alias words]"]),
        ("[[$count|it]] $alias", []),
    ],
)
def test_pages_take_two_brackets_and_urls_one(tmp_path: Path, text: str, said: list[str]):
    links = "page: {page: A, title: A}\nurl: {url: 'https://a.example/', title: A}\n"
    variables = {"alias": "{link: url}", "count": "4"}
    used = ", ".join(f"{name}: {raw}" for name, raw in variables.items() if f"${name}" in text)
    recipe = f"leek: {{text: '{text}', variables: {{{used}}}}}\n"
    assert of_units(tmp_path, links=links, recipes=recipe) == [
        f"recipes.yaml:1:14: leek.text: {each}" for each in said
    ]


def test_without_the_links_no_variable_is_missed(tmp_path: Path):
    recipe = "leek: {text: 'See $office.', variables: {x: 4}}\n"
    unused = (
        "recipes.yaml:1:42: leek.variables.x: the variable $x is never used; "
        "remove it or write $x in the text"
    )
    assert of_units(tmp_path, links="[", recipes=recipe) == [unused]
    assert of_units(tmp_path, links="{}", recipes=recipe) == [
        unused,
        "recipes.yaml:1:14: leek.text: the variable $office is not defined; define it under "
        "“variables:” or in links.yaml ($$ is a dollar sign)",
    ]


def test_items_with_texts_need_keys_and_other_items_none(tmp_path: Path):
    recipe = "soups:\n- {text: A}\n- {key: A b, text: B}\n- {price: 4}\n"
    assert of_units(tmp_path, recipes=recipe) == [
        "recipes.yaml:2:3: soups.1.key: the key is missing; add a line “key: …” that never changes",
        "recipes.yaml:3:9: soups.A b.key: “A b” is not a key; "
        "use a-z, 0-9 and single hyphens, like universal-code",
    ]
