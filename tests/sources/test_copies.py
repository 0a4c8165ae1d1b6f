"""The last good copy: what a source fills changes, everything else of the file stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.errors import Faults
from wikiplan.sources.copies import Copy, copy_of, digest_of
from wikiplan.sources.sourcelist import Source, listed
from wikiplan.sources.tables import Row, SourceError
from wikiplan.yaml import parsed

EVENTS = """\
# Ours.
heading: {text: Hours}  # stays

events:
  - key: spring
    start: 2021-04-15T16:00Z
    topic: {text: Seeds, note: Not those of trees.}
    ways: [stream]
  - key: autumn
    start: 2021-10-14T16:00Z
    topic: {text: Leaves}

# Below.
goal: {text: Come.}
"""


def source(**said: Any) -> Source:
    (found,) = listed({"sources": {"office-hours": said}})
    return found


HOURS = source(
    sheet="https://example.org/s.csv",
    rows="events",
    columns={"key": "ID", "start": "Start", "topic.text": "Topic"},
)


def rows(*cells: tuple[str, ...], names: tuple[str, ...] = ("ID", "Start", "Topic")) -> list[Row]:
    return [Row(at, dict(zip(names, row, strict=True))) for at, row in enumerate(cells, 2)]


SPRING = ("spring", "2021-04-15T16:00Z", "Seeds")
AUTUMN = ("autumn", "2021-10-14T16:00Z", "Leaves")


def made(tmp_path: Path, content: Any, its: Source = HOURS, text: str = EVENTS) -> Copy:
    (tmp_path / "office-hours.yaml").write_text(text)
    return copy_of(its, tmp_path / "office-hours.yaml", content)


def test_what_no_column_fills_stays_as_the_file_has_it(tmp_path: Path):
    copy = made(tmp_path, rows(("spring", "2021-04-16T16:00Z", "Seeds"), ("new", "", "Snow")))
    assert copy.change.after.decode() == EVENTS.replace(
        EVENTS.partition("events:\n")[2].partition("\n# Below")[0],
        """\
  - key: spring
    start: 2021-04-16T16:00Z
    topic: {text: Seeds, note: Not those of trees.}
    ways: [stream]
  - key: new
    topic: {text: Snow}
""",
    )
    assert (list(copy.gone), copy.is_much) == (["events.autumn"], True)
    document, _ = parsed(copy.change.after.decode(), "", [])
    assert document
    assert copy.rows_by_line(document) == {5: 2, 6: 2, 7: 2, 8: 2, 9: 3, 10: 3}


def test_a_copy_that_is_the_same_keeps_its_bytes(tmp_path: Path):
    copy = made(tmp_path, rows(SPRING, AUTUMN))
    assert copy.is_same
    assert (copy.change.after, list(copy.gone)) == (EVENTS.encode(), [])
    assert copy.digest == digest_of(HOURS, tmp_path / "office-hours.yaml")


def test_a_field_of_which_no_cell_is_left_goes_with_all_it_had(tmp_path: Path):
    copy = made(tmp_path, rows(("spring", "2021-04-15T16:00Z", ""), AUTUMN))
    assert copy.after["events"][0] == {
        "key": "spring", "start": "2021-04-15T16:00Z", "ways": ["stream"],
    }  # fmt: skip
    assert (list(copy.gone), copy.is_much) == (["events.spring.topic"], True)


def test_few_rows_may_vanish_without_a_person(tmp_path: Path):
    many = [(f"e{number}", "2021-04-15T16:00Z", "Seeds") for number in range(20)]
    first = made(tmp_path, rows(*many), text="heading: {text: Hours}\nevents: []\n")
    (tmp_path / "office-hours.yaml").write_bytes(first.change.after)
    path = tmp_path / "office-hours.yaml"
    found = {left: copy_of(HOURS, path, rows(*many[:left])) for left in (19, 18, 17, 10)}
    assert {left: (len(c.gone), c.is_much) for left, c in found.items()} == {
        19: (1, False), 18: (2, False), 17: (3, True), 10: (10, True),
    }  # fmt: skip


def test_what_was_changed_in_the_plan_has_another_digest_if_a_column_fills_it(tmp_path: Path):
    path = tmp_path / "office-hours.yaml"
    found = {}
    for what in ("Ours.", "Come.", "[stream]", "Not those", "Seeds", "spring", "16:00Z"):
        path.write_text(EVENTS.replace(what, what.replace("e", "a").replace("6", "7"), 1))
        found[what] = digest_of(HOURS, path)
    path.write_text(EVENTS)
    same = digest_of(HOURS, path)
    assert [what for what, digest in found.items() if digest != same] == ["Seeds", "16:00Z"]


def test_rows_may_fill_lists_in_lists(tmp_path: Path):
    its = source(
        sheet="https://example.org/s.csv",
        rows="teams.items",
        columns={"teams.key": "Team", "key": "ID", "text": "What"},
    )
    content = rows(
        ("gardens", "roses", "Water."), ("", "trees", "Cut."), ("paths", "north", "Sweep."),
        names=("Team", "ID", "What"),
    )  # fmt: skip
    text = "heading: {text: H}\nteams:\n  - {key: paths, note: x, items: [{key: a, text: b}]}\n"
    copy = made(tmp_path, content, its, text)
    assert copy.after["teams"] == [
        {
            "key": "gardens",
            "items": [{"key": "roses", "text": "Water."}, {"key": "trees", "text": "Cut."}],
        },
        {"key": "paths", "note": "x", "items": [{"key": "north", "text": "Sweep."}]},
    ]
    assert list(copy.gone) == ["teams.paths.items.a"]


PEOPLE = """\
# People.

ada: {name: {text: Ada}, link: ada}
# Of the first days.
bob: {name: {text: Bob}}
cyd: {name: {text: Cyd}}
"""


def test_without_a_list_the_file_has_an_entry_for_each_row(tmp_path: Path):
    its = source(sheet="https://example.org/s.csv", columns={"key": "ID", "name.text": "Name"})
    content = rows(("ada", "Ada Green"), ("cyd", "Cyd"), ("dan", "Dan"), names=("ID", "Name"))
    copy = made(tmp_path, content, its, PEOPLE)
    assert copy.change.after.decode() == (
        "# People.\n\nada: {name: {text: Ada Green}, link: ada}\n"
        "cyd: {name: {text: Cyd}}\ndan: {name: {text: Dan}}\n"
    )
    assert (list(copy.gone), copy.is_much) == (["bob"], True)


def test_a_file_that_is_not_there_is_made(tmp_path: Path):
    its = source(page="P")
    copy = copy_of(its, tmp_path / "grants.yaml", {"rounds": [{"key": "a", "text": "x"}]})
    assert copy.change.after.decode() == (
        "# plan_fetch writes this file, from where sources.yaml says; change it there.\n\n"
        "rounds:\n  - key: a\n    text: x\n"
    )
    assert (list(copy.gone), copy.is_much, digest_of(its, tmp_path / "grants.yaml")) == (
        [], False, "",
    )  # fmt: skip


def test_entries_without_a_key_vanish_by_their_number(tmp_path: Path):
    its = source(page="P")
    text = "rounds:\n  - {name: a}\n  - {name: b}\n  - {name: c}\n"
    copy = made(tmp_path, {"rounds": [{"name": "a"}]}, its, text)
    assert (list(copy.gone), copy.is_much) == (["rounds.2", "rounds.3"], True)


@pytest.mark.parametrize(
    ("content", "its", "text", "told"),
    [
        ([], HOURS, EVENTS, "it has no rows; to have none, take the source out of sources.yaml"),
        (rows(("", "x", "y")), HOURS, EVENTS, "row 2 has no “ID”; write a key there"),
        (rows(SPRING, SPRING), HOURS, EVENTS,
         "row 3 has the key “spring”, as row 2; change it"),
        ([1], source(page="P"), "a: 1\n", "it holds no object; write an object, or name columns"),
        ({"a": 1}, source(page="P", rows="events"), EVENTS,
         "it holds no list; write a list, or name columns"),
        (rows(SPRING), HOURS, "{heading: {text: x}, events: [a: 1]}\n",
         "without touching other lines; give each entry of the file lines of its own"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_told(tmp_path, content, its, text, told):
    with pytest.raises(SourceError) as error:
        made(tmp_path, content, its, text)
    assert str(error.value).endswith(told)


def test_a_file_that_is_damaged_is_told_and_not_replaced(tmp_path: Path):
    with pytest.raises(Faults, match=r"office-hours\.yaml:2:1: YAML cannot"):
        made(tmp_path, rows(SPRING), text="a: [\n")


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12).map(str.strip)
KEYS = st.from_regex(r"[a-z][a-z0-9]{0,3}", fullmatch=True)
TABLE = st.dictionaries(KEYS, st.tuples(CELLS, CELLS), min_size=1, max_size=4)


@settings(max_examples=examples(20), deadline=None)
@given(TABLE, TABLE)
def test_the_copy_says_what_the_sheet_says_whatever_it_said_before(tmp_path_factory, before, after):
    path = tmp_path_factory.mktemp("copy") / "office-hours.yaml"
    path.write_text(EVENTS)
    for table in (before, after):
        content = rows(*((key, *cells) for key, cells in table.items()))
        copy = copy_of(HOURS, path, content)
        path.write_bytes(copy.change.after)
        assert copy_of(HOURS, path, content).is_same
        kept = [line for line in EVENTS.splitlines() if line.startswith(("#", "heading", "goal"))]
        assert [line for line in path.read_text().splitlines() if line in kept] == kept
    found = {each["key"]: each for each in copy.after["events"]}
    assert {
        key: (each.get("start", ""), each.get("topic", {}).get("text", ""))
        for key, each in found.items()
    } == after
