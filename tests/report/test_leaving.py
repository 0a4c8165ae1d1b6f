"""Pages that the plan had in its last run, and has no more."""

from __future__ import annotations

from pathlib import Path

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.running import script

PAGE = "missing-page: create\n"
GONE = (
    "Old: the last run managed section a of this page, and pages.yaml has it no more: it stays as "
    "it is, with its markers; say under `retired` in pages.yaml what remains of it"
)
OPTIONS = ("plan_update", "-wiki:wiki", "-always")


def test_a_page_that_left_is_told_until_it_is_retired(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": PAGE, "Old": PAGE})
    assert script(*OPTIONS, directory=tmp_path).status == 0
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": PAGE})
    done = script("plan_preview", "-wiki:wiki", directory=tmp_path)
    assert GONE in done.out
    assert done.report["left"] == [{"title": "Old", "sections": ["a"]}]
    retired = "retired:\n  - {title: Old, remains: text}\n"
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": PAGE}, retired)
    done = script(*OPTIONS, directory=tmp_path)
    assert (done.actions, "left" in done.report) == ({"Plan": "none", "Old": "update"}, False)
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": PAGE})
    assert "left" not in script("plan_preview", "-wiki:wiki", directory=tmp_path).report


def test_a_page_with_a_new_title_in_the_plan_is_not_made_a_second_time(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."}, {"Old": PAGE})
    script(*OPTIONS, directory=tmp_path)
    smallplan.write(tmp_path, {"a": "Text."}, {"New": PAGE})
    done = script(*OPTIONS, directory=tmp_path)
    assert (done.status, done.actions) == (1, {"New": "refused"})
    assert done.reasons["New"] == (
        "the last run managed the same sections on 'Old', which pages.yaml has no more: if the "
        "page has a new title, move it on the wiki; if this is another page, say under `retired` "
        "in pages.yaml what remains of it"
    )
    FolderPeople(tmp_path / "wiki").move("Old", "New")
    moved = script(*OPTIONS, directory=tmp_path)
    assert (moved.status, moved.actions) == (0, {"New": "none"})


def test_another_plan_of_the_same_account_is_not_missed(tmp_path: Path):
    for name in ("one", "two"):
        smallplan.write(tmp_path / name, {"a": "Text."}, {name.title(): PAGE})
        options = (f"-data:{name}/data", f"-templates:{name}/templates")
        done = script(*OPTIONS, *options, directory=tmp_path)
        assert (done.actions, "left" in done.report) == ({name.title(): "create"}, False)
