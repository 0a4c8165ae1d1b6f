"""The lists of the plan's files, as the data model and the data say."""

from __future__ import annotations

import pytest

from tests.support.running import ROOT
from wikiplan.desk.planfiles.entries import Entries, Model, entries_of, one_of
from wikiplan.desk.planfiles.places import Place
from wikiplan.plan import plan
from wikiplan.yaml import value_in

PLAN = plan.load(ROOT / "data")


def outline(lists: tuple[Entries, ...], indent: str = "") -> list[str]:
    lines = []
    for each in lists:
        lines.append(f"{indent}{each.name} ({each.one}) {each.place.address}")
        for entry in each.entries:
            more = ", ".join(one for one, _ in entry.can_have)
            lines.append(f"{indent}- {entry.key}: {entry.title[:30]} [{more}]")
            lines += outline(entry.lists, f"{indent}  ")
    return lines


def test_a_file_is_shown_as_its_lists():
    assert outline(entries_of("office-hours", PLAN.files["office-hours"]))[:4] == [
        "events (event) office-hours:events",
        "- 2021-04: The new department and its tea [agenda item, occurrence]",
        "  host (host) office-hours:events/0/host",
        "  - : maggie-dennis []",
    ]
    found = outline(entries_of("pages", PLAN.files["pages"]))
    assert found[0] == "languages (language) pages:languages"
    assert "pages (page) pages:pages" in found
    assert "  sections (section) pages:pages/0/sections" in found
    assert outline(entries_of("people", PLAN.files["people"])) == [
        "people (person) people:",
        "- maggie-dennis: Maggie Dennis []",
    ]


def test_every_file_of_the_plan_has_lists_whose_places_are_found_again():
    for stem, data in PLAN.files.items():
        lists = entries_of(stem, data)
        assert lists, stem
        for each in lists:
            for entry in each.entries:
                assert Place.of(entry.place.address, data) == entry.place
                if entry.edit:
                    assert isinstance(value_in(data, entry.edit.path), str | int)
                assert Model.of_file(stem).at(entry.place.path) is not None


def test_an_own_kind_of_file_has_none():
    assert entries_of("own-thing", {"items": [{"key": "a"}]}) == ()


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("teams", "team"),
        ("hypotheses", "hypothesis"),
        ("see-also", "see also"),
        ("people", "person"),
    ],
)
def test_one_of_several_has_a_name(name: str, one: str):
    assert one_of(name) == one
