"""The check of a plan, and its schemas."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.scriptrun import OwnRun
from wikiplan.cli import checkwork
from wikiplan.errors import WikiplanError
from wikiplan.plan import yamlfile
from wikiplan.report import ExitStatus


def test_a_sound_plan_is_told_in_a_line(tmp_path: Path):
    own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}))
    assert checkwork.check(own.run()) is ExitStatus.DONE
    assert own.said == [f"{tmp_path}/data: 0 errors, 0 warnings."]


def test_each_file_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    own, parsed, before = OwnRun(smallplan.write(tmp_path, {"a": "Text."})), [], yamlfile.parsed
    monkeypatch.setattr(yamlfile, "parsed", lambda *of: parsed.append(of[1]) or before(*of))
    checkwork.check(own.run())
    names = sorted(Path(name).name for name in parsed)
    assert names == ["a.yaml", "department.yaml", "links.yaml", "pages.yaml"]


def test_the_near_miss_of_a_schema_is_named():
    with pytest.raises(WikiplanError) as error:
        checkwork.schema_text("priority")
    assert str(error.value) == (
        "-schema:priority: no such kind of file; did you mean “priorities”?"
    )
