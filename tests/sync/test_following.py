"""Ids and what was last seen follow the plan's moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.smallplan import NOW
from wikiplan.files import replace_all
from wikiplan.plan import FILE, LANGUAGE, PAGE, SECTION, UNIT, Move, Moves, plan
from wikiplan.render.renderer import Renderer
from wikiplan.sync.following import ids_to_declare, seen_changes
from wikiplan.sync.lastseen import LastSeen, LastSeenFile

TRANSLATABLE = "kind: translatable\nmissing-page: create"


def small(directory: Path, more: str = "") -> Path:
    return smallplan.write(directory, {"one": "Text."}, {"Plan": TRANSLATABLE + more})


def declared(directory: Path, *moves: Move, existed: bool = True) -> dict[str, str]:
    read = plan.load(directory / "data")
    renderer = Renderer(read, {}, directory / "templates", NOW)
    found = ids_to_declare(read, renderer, Moves(moves), lambda key: existed)
    return dict(found.get("Plan", {}))


def test_a_unit_keeps_the_id_that_was_its_key(tmp_path: Path):
    small(tmp_path)
    assert declared(tmp_path, Move(FILE, "zero", "one")) == {"one.body": "zero.body"}
    assert declared(tmp_path, Move(UNIT, "one.text", "one.body")) == {"one.body": "one.text"}


def test_what_was_not_there_before_is_made_of_its_key(tmp_path: Path):
    assert declared(small(tmp_path), Move(FILE, "zero", "one"), existed=False) == {}


def test_what_is_declared_stays(tmp_path: Path):
    small(tmp_path, "\nids: {one.body: 3}")
    assert declared(tmp_path, Move(FILE, "zero", "one")) == {}


def test_a_text_of_another_file_keeps_the_name_that_its_section_had(tmp_path: Path):
    small(tmp_path)
    (tmp_path / "data/labels.yaml").write_text("more: {text: More}\n")
    (tmp_path / "templates/line.wiki").write_text("{{ labels.more.text }}\n")
    assert declared(tmp_path, Move(SECTION, "zero", "one")) == {
        "one:labels.more": "zero.labels.more"
    }


@pytest.mark.parametrize(
    ("moves", "before", "after"),
    [
        ((Move(PAGE, "Old", "Plan"),), "Old/3", "Plan/3"),
        ((Move(PAGE, "Old", "Plan"),), "Old/Sub/3", "Plan/Sub/3"),
        ((Move(PAGE, "Old", "Plan"),), "lab:other Old/3", "lab:other Plan/3"),
        ((Move(UNIT, "one.text", "one.body"),), "Plan/one.text", "Plan/one.text"),
        ((Move(UNIT, "one.text", "one.body"),), "Plain/one.text", "Plain/one.body"),
    ],
)
def test_places_follow_titles_and_on_plain_pages_keys(moves, before, after, tmp_path: Path):
    pages = {"Plan": TRANSLATABLE, "Plain": ""}
    read = plan.load(smallplan.write(tmp_path, {"one": "Text."}, pages) / "data")
    seen = LastSeenFile.load(tmp_path, "de")
    seen.set(before, LastSeen(wiki="x", catalog="x"))
    replace_all(filter(None, [seen.prepared()]))
    replace_all(list(seen_changes(tmp_path, read, Moves(moves))))
    assert LastSeenFile.load(tmp_path, "de").get(after) == LastSeen(wiki="x", catalog="x")


def test_a_file_follows_the_code_of_its_language(tmp_path: Path):
    read = plan.load(small(tmp_path) / "data")
    seen = LastSeenFile.load(tmp_path, "iw")
    seen.set("Plan/1", LastSeen(wiki="x"))
    replace_all(filter(None, [seen.prepared()]))
    replace_all(list(seen_changes(tmp_path, read, Moves((Move(LANGUAGE, "iw", "he"),)))))
    assert [path.name for path in (tmp_path / "synced").iterdir()] == ["he.json"]
