"""Where the keys and values of a file stand."""

from __future__ import annotations

from pathlib import Path

from wikiplan.yaml import yamlfile

SAMPLE = Path(__file__).parents[2] / "data"


def test_every_key_and_value_has_its_position(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a:\n  - b: 1\n    c: >-\n      d\n  - {e: [f, g]}\n")
    document, _ = yamlfile.read(path, "x.yaml")
    assert document is not None
    assert document.values == {
        (): (1, 1),
        ("a",): (2, 3),
        ("a", 0): (2, 5),
        ("a", 0, "b"): (2, 8),
        ("a", 0, "c"): (3, 8),
        ("a", 1): (5, 5),
        ("a", 1, "e"): (5, 9),
        ("a", 1, "e", 0): (5, 10),
        ("a", 1, "e", 1): (5, 13),
    }
    assert document.keys == {
        ("a",): (1, 1),
        ("a", 0, "b"): (2, 5),
        ("a", 0, "c"): (3, 5),
        ("a", 1, "e"): (5, 6),
    }


def test_places_are_named_by_the_keys_of_list_items(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("teams:\n  - key: roses\n    items: [{a: 1}]\n")
    document, _ = yamlfile.read(path, "x.yaml")
    assert document is not None
    assert document.name(("teams", 0, "items", 0, "a")) == "teams.roses.items.1.a"
