"""Nights with a board on a real wiki, where each account answers as itself."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.running import forked

pytestmark = pytest.mark.wiki


class Nights:
    """A plan with a board on the wiki; each call is a night, and returns its report.

    Admin may answer, and Trans may not.
    """

    def __init__(self, wiki: MediaWiki, directory: Path, title: str, run_file: str = "") -> None:
        self.wiki, self.directory, self.page, self.board = wiki, directory, title, f"{title}/board"
        entries = {title: "missing-page: create"}
        top = f"may-answer: [Admin]\nstop-page: {title}/stop\nlock-page: {title}/lock\n"
        smallplan.write(directory, {"a": "Text."}, entries, top)
        (directory / "run.yaml").write_text(f"board: {self.board}\n{run_file}")

    def __call__(self) -> dict[str, Any]:
        child = forked("plan_run", directory=self.directory)
        os.waitpid(child, 0)
        told: dict[str, Any] = json.loads((self.directory / "report.json").read_text())
        return told

    def answer(self, line: str, user: str) -> None:
        self.wiki.edit(self.board, f"{self.wiki.text(self.board)}\n\n{line}", user)

    def edits(self, title: str, user: str = "PlanBot") -> list[str]:
        """Return the summaries of an account's edits of a page, the newest first."""
        return [each["comment"] for each in self.wiki.history(title) if each["user"] == user]


@pytest.fixture
def warm(site_of: Any) -> None:
    site_of()  # Pywikibot is loaded once, for all processes


@pytest.mark.usefixtures("warm")
def test_an_answer_of_the_wrong_account_changes_nothing_and_of_the_right_one_is_done(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    nights = Nights(mediawiki, tmp_path, title)
    assert nights()["outcome"] == "done"
    mediawiki.edit(title, mediawiki.text(title).replace("Text.", "People's text."), "Trans")
    report = nights()
    (waits,) = report["waiting"]
    assert (report["outcome"], waits["kind"]) == ("waiting", "edits")
    assert f'<code dir="ltr">{waits["key"]}</code>' in mediawiki.text(nights.board)
    nights.answer(f"== {waits['key']}: reclaim ==", "Trans")
    nights.answer("Thank you, Trans.", "Admin")
    assert nights()["waiting"] == report["waiting"]
    assert "People's text." in mediawiki.text(title)
    assert "does not count: <bdi>[[User:Trans|Trans]]</bdi>" in mediawiki.text(nights.board)
    nights.answer(f"* {waits['key']}: reclaim ~~~~", "Admin")
    report = nights()
    assert (report["outcome"], report.get("waiting", [])) == ("done", [])
    assert "People's" not in mediawiki.text(title)
    assert nights.edits(nights.board)[0] == (
        f"Answers read: {waits['key']}: reclaim (Admin); 0 things wait [run {report['run']}-board]"
    )
    before = [len(nights.edits(each)) for each in (title, nights.board, f"{title}/lock")]
    assert nights()["outcome"] == "nothing"
    assert [len(nights.edits(each)) for each in (title, nights.board, f"{title}/lock")] == before
    assert "Thank you, Trans." in mediawiki.text(nights.board)


@pytest.mark.usefixtures("warm")
def test_an_approval_by_the_wrong_account_or_of_another_digest_saves_nothing(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    nights = Nights(mediawiki, tmp_path, title, "approval: required\n")
    (waits,) = nights()["waiting"]
    key = waits["key"]
    nights.answer(f"* {key}: approve", "Trans")
    nights.answer(f"* approval-{'0' * 32}: approve", "Admin")
    report = nights()
    assert [each["key"] for each in report["waiting"]] == [key]
    assert mediawiki.history(title) == mediawiki.history(f"{title}/lock") == []
    nights.answer(f"* {key}: approve --~~~~", "Admin")
    report = nights()
    assert (report["outcome"], report.get("waiting", [])) == ("done", [])
    assert len(nights.edits(title)) == 1
