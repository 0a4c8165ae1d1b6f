"""What `plan_translations bundles` refuses; real bundles are in tests/runs/test_bundles.py."""

from __future__ import annotations

from pathlib import Path

from tests.support import smallplan
from tests.support.running import script

BUNDLES = "bundles: [{title: Words, texts: [open.body]}]\n"


def told(directory: Path, top: str) -> str:
    smallplan.write(directory, {"open": "Open"}, top=top)
    done = script("plan_translations", "bundles", "-wiki:wiki", "-always", directory=directory)
    assert done.status == 1
    return done.err.strip()


def test_a_plan_without_bundles_is_told_where_to_list_them(tmp_path: Path):
    assert told(tmp_path, "") == (
        "pages.yaml has no message bundles; list them there, under “bundles:” [no-bundles]"
    )


def test_a_wiki_without_the_extension_has_no_bundles(tmp_path: Path):
    assert told(tmp_path, BUNDLES) == (
        "folder:wiki has no Translate extension, so it has no message bundles; take “bundles” out "
        "of pages.yaml [no-translate]"
    )
    assert not list((tmp_path / "wiki").glob("*.wiki"))
