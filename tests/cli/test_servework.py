"""The work of ``serve``: what it says, and what it needs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.scriptrun import OwnRun
from wikiplan.cli import servework
from wikiplan.desk import server
from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus


def test_the_address_is_told_and_that_nothing_is_written_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}))
    monkeypatch.setattr(server.Server, "run", lambda self: None)
    assert servework.serve(own.run()) is ExitStatus.DONE
    first, second = own.said
    assert first.startswith("The desk: http://127.0.0.1:")
    assert second == "Nothing is written unless you say so there. Ctrl+C ends it."
    assert not (tmp_path / "wiki").exists()


def test_errors_in_translations_are_mended_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    smallplan.write(tmp_path, {"a": "Text."}, top="languages: [en, de]\n")
    smallplan.translate(tmp_path, "de", {"a.body": "[[Text."})
    monkeypatch.setattr(server.Server, "run", lambda self: None)
    assert servework.serve(OwnRun(tmp_path).run()) is ExitStatus.DONE


def test_without_its_libraries_it_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}))
    monkeypatch.delitem(sys.modules, "wikiplan.desk.server")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(WikiplanError, match=r"the desk needs uvicorn.*pip install"):
        servework.serve(own.run())
