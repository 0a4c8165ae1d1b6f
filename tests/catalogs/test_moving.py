"""Translations follow their units to other keys, as current as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from wikiplan.catalogs import moving
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import State
from wikiplan.errors import WikiplanError
from wikiplan.files import replace_all
from wikiplan.plan import LANGUAGE, UNIT, Move, Moves, Unit

MOVES = Moves((Move(UNIT, "a.old", "a.new"),))


def unit(key: str, text: str = "Text.") -> Unit:
    return Unit(key, text, {})


def catalog(folder: Path, units: list[Unit], texts: dict[str, str], language: str = "de") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{language}.po"
    found = Catalog.load_or_create(path)
    found.update(units)
    for each in units:
        if each.key in texts:
            found.set(each, texts[each.key])
    found.save()
    return path


def follow(locale: Path, *keys: str) -> None:
    replace_all(list(moving.catalog_changes(locale, keys, MOVES)))


def test_only_the_key_of_an_entry_changes(tmp_path: Path):
    path = catalog(tmp_path, [unit("a.old"), unit("a.b")], {"a.old": "Worte.", "a.b": "B."})
    before = path.read_text()
    follow(tmp_path, "a.new", "a.b")
    assert path.read_text() == before.replace("a.old", "a.new")
    assert Catalog.load(path).get(unit("a.new")).state is State.TRANSLATED


def test_an_entry_that_an_update_retired_comes_back_under_the_new_key(tmp_path: Path):
    path = catalog(tmp_path, [unit("a.old")], {"a.old": "Worte."})
    catalog(tmp_path, [unit("a.new")], {})
    assert Catalog.load(path).obsolete_keys == ("a.old",)
    follow(tmp_path, "a.new")
    found = Catalog.load(path)
    found.update([unit("a.new")])
    assert found.get(unit("a.new")).text == "Worte."
    assert found.get(unit("a.new")).state is State.TRANSLATED
    assert found.obsolete_keys == ("a.old",), "the empty entry that stood there"


def test_a_text_that_was_translated_again_stays(tmp_path: Path):
    catalog(tmp_path, [unit("a.old")], {"a.old": "Worte."})
    path = catalog(tmp_path, [unit("a.new")], {"a.new": "Andere Worte."})
    before = path.read_text()
    follow(tmp_path, "a.new")
    assert path.read_text() == before


def test_a_suggestion_gives_way(tmp_path: Path):
    catalog(tmp_path, [unit("a.old")], {"a.old": "Worte."})
    path = catalog(tmp_path, [unit("a.new")], {})
    found = Catalog.load(path)
    found.suggest(unit("a.new"), "Worte?", "Text")
    found.save()
    follow(tmp_path, "a.new")
    found = Catalog.load(path)
    found.update([unit("a.new")])
    assert (found.get(unit("a.new")).text, found.get(unit("a.new")).suggested) == ("Worte.", False)


def test_of_two_entries_with_one_new_key_the_one_in_use_moves(tmp_path: Path):
    catalog(tmp_path, [unit("a.old", "Once.")], {"a.old": "Einst."})
    path = catalog(tmp_path, [unit("a.later")], {"a.later": "Worte."})
    moves = Moves((*MOVES.entries, Move(UNIT, "a.new", "a.last"), Move(UNIT, "a.later", "a.last")))
    before = path.read_text()
    replace_all(list(moving.catalog_changes(tmp_path, ["a.last"], moves)))
    assert path.read_text() == before.replace("a.later", "a.last")


def test_a_catalog_is_named_by_the_new_code_of_its_language(tmp_path: Path):
    path = catalog(tmp_path, [unit("a.b")], {"a.b": "B."}, "iw")
    before, moves = path.read_text(), Moves((Move(LANGUAGE, "iw", "he"),))
    replace_all(list(moving.catalog_changes(tmp_path, ["a.b"], moves)))
    assert [each.name for each in tmp_path.iterdir()] == ["he.po"]
    assert (tmp_path / "he.po").read_text() == before.replace("Language: iw", "Language: he")


def test_two_catalogs_of_one_language_are_told(tmp_path: Path):
    for code in ("iw", "he"):
        catalog(tmp_path, [unit("a.b")], {"a.b": "B."}, code)
    with pytest.raises(WikiplanError) as error:
        list(moving.catalog_changes(tmp_path, ["a.b"], Moves((Move(LANGUAGE, "iw", "he"),))))
    assert str(error.value) == (
        f"{tmp_path}/he.po: stands there beside {tmp_path}/iw.po, of which pages.yaml says that it "
        "has this name; keep one of the two"
    )
