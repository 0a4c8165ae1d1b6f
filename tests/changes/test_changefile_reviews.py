"""What reviewers say travels in the file, and an approval holds for just the text that they saw."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.scriptrun import OwnRun
from tests.support.smallplan import NOW
from wikiplan.changes import changefile
from wikiplan.changes.changefile import SavedReview, SavedSet
from wikiplan.changes.changeset import Review, Verdict
from wikiplan.cli import updatework
from wikiplan.errors import WikiplanError
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder

SAID_AT = datetime(2021, 7, 2, 9, 30, tzinfo=UTC)
NASTY = "</script>\u202e\x1b[31m[run x]\n{{7*7}}"


@pytest.fixture
def saved(tmp_path: Path) -> SavedSet:
    pages = dict.fromkeys(("First", "Second"), "missing-page: create")
    smallplan.write(tmp_path, {"a": "Text.", "b": "More."}, pages)
    changes = smallplan.compare(tmp_path, Folder(tmp_path / "wiki"))
    return SavedSet.of(changes, NOW, "0" * 64)


def said(saved: SavedSet, approves: str = "", comment: str = "Fine.") -> SavedSet:
    first = saved.pages[0]
    review = SavedReview(
        by="Maria", time=SAID_AT, comment=comment, approves=approves or first.after_sha256
    )
    return changefile.reviewed(saved, {"First": review})


def written(directory: Path, saved: SavedSet) -> Path:
    """Write the file of a change set as the review page does."""
    data = saved.model_dump(mode="json", exclude_unset=True)
    rest = json.dumps(data, ensure_ascii=False, indent=2).removeprefix("{\n") + "\n"
    path = directory / changefile.NAME
    digest = changefile.digest(rest)
    path.write_text(f'{{\n  "digest": "sha256:{digest}",\n{rest}', encoding="utf-8")
    return path


def test_it_is_read_as_it_was_written(tmp_path: Path, saved: SavedSet):
    read = changefile.read(written(tmp_path, said(saved)))
    assert read == said(saved)
    (review,) = read.pages[0].change.reviews
    text = saved.pages[0].after_sha256
    assert review == Review("Maria", SAID_AT, "Fine.", text, Verdict.APPROVED)
    assert read.pages[1].change.reviews == ()


def test_a_change_set_is_written_with_what_was_said(tmp_path: Path, saved: SavedSet):
    changes = smallplan.compare(tmp_path, Folder(tmp_path / "wiki"))
    review = Review("Maria", SAID_AT, "", saved.pages[0].after_sha256, Verdict.APPROVED)
    pages = (replace(changes.pages[0], reviews=(review,)), *changes.pages[1:])
    path = changefile.write(tmp_path, replace(changes, pages=pages), NOW, "0" * 64)
    assert changefile.read(path).pages[0].change.reviews == (review,)


def test_files_without_any_are_as_before(tmp_path: Path, saved: SavedSet):
    path = written(tmp_path, saved)
    assert "reviews" not in path.read_text()
    assert changefile.read(path) == saved


@pytest.mark.parametrize(
    ("approves", "only", "verdict"),
    [
        ("", [], Verdict.APPROVED),
        ("0" * 64, [], Verdict.OTHER),
        ("", ["First"], Verdict.APPROVED),
        ("", ["First#a"], Verdict.OTHER),
    ],
)
def test_an_approval_of_another_text_counts_for_nothing(
    saved: SavedSet, approves: str, only: list[str], verdict: Verdict
):
    picked = changefile.pick(said(saved, approves), only)
    assert picked.pages[0].change.reviews[0].verdict is verdict


def test_a_comment_approves_nothing(saved: SavedSet):
    review = SavedReview(by="Maria", time=SAID_AT, comment="Not so.")
    found = changefile.reviewed(saved, {"First": review}).pages[0].change.reviews
    assert found[0].verdict is Verdict.NONE


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("by", " ", "a name is expected here"),
        ("by", "x" * 101, "a name is expected here"),
        ("comment", "x" * 5001, "a shorter comment is expected here"),
        ("approves", "yes", "a SHA-256 is expected here"),
        ("time", "yesterday", "a time is expected here"),
        ("more", "x", "no field of this name is expected here"),
    ],
)
def test_what_is_no_review_is_refused(
    tmp_path: Path, saved: SavedSet, field: str, value: str, wrong: str
):
    data = said(saved).model_dump(mode="json", exclude_unset=True)
    data["pages"][0]["reviews"][0][field] = value
    rest = json.dumps(data, indent=2).removeprefix("{\n") + "\n"
    path = tmp_path / changefile.NAME
    path.write_text(f'{{\n  "digest": "sha256:{changefile.digest(rest)}",\n{rest}')
    with pytest.raises(WikiplanError, match=wrong):
        changefile.read(path)


def test_an_update_tells_who_said_what(tmp_path: Path, saved: SavedSet):
    void = SavedReview(by="Ada", time=SAID_AT, approves="0" * 64)
    both = changefile.reviewed(said(saved, comment=NASTY), {"Second": void})
    own = OwnRun(tmp_path)
    run = own.run(changes=written(tmp_path, both), always=True)
    updatework.update(run)
    reviews = {page["title"]: page["reviews"] for page in json.loads(run.report.as_json())["pages"]}
    at = {"time": "2021-07-02T09:30:00Z"}
    assert reviews == {
        "First": [{"user": "Maria", "verdict": "approved", "comment": NASTY, **at}],
        "Second": [{"user": "Ada", "verdict": "approved another text", "comment": "", **at}],
    }
    told = [line for line in own.said if " by " in line]
    assert told[0].startswith("First: approved by Maria at 2021-07-02T09:30:00Z: ")
    assert told[1] == (
        "Second: approved another text by Ada at 2021-07-02T09:30:00Z, which counts for nothing"
    )
    assert "\x1b" not in "".join(told) and "\u202e" not in "".join(told)
    summaries = [each.summary for each in Folder(tmp_path / "wiki").history(0, "First", 0)]
    assert "Maria" not in "".join(summaries)
