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


NAMED = """\
name: {text: Department of Gardens}
overview: {text: "The Department of Gardens grows, and the Department of Gardens stays."}
mission-heading: {text: Mission}
mission: {text: Mission.}
teams-heading: {text: Teams}
teams: [{key: one, text: One}]
"""
GERMAN = """\
msgid ""
msgstr ""
"X-Wikiplan-Entries: 2\\n"
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "department.name"
msgid "Department of Gardens"
msgstr "Gartenamt"

msgctxt "department.overview"
msgid "The Department of Gardens grows, and the Department of Gardens stays."
msgstr "Das Gartenamt wächst, und das Gartenamt bleibt."
"""


@pytest.fixture
def named(tmp_path: Path) -> OwnRun:
    """A plan whose overview has the department's name as words, in German too."""
    smallplan.write(tmp_path, {"a": "Text."}, top="languages: [en, de]\n")
    (tmp_path / "data" / "department.yaml").write_text(NAMED)
    (tmp_path / "data" / "links.yaml").unlink()
    (tmp_path / "data" / "locale").mkdir()
    (tmp_path / "data" / "locale" / "de.po").write_text(GERMAN)
    return OwnRun(tmp_path)


def test_a_fact_in_words_is_a_warning_with_what_to_write(named: OwnRun):
    assert checkwork.check(named.run()) is ExitStatus.DONE
    assert named.said == [
        f"{named.directory}/data/department.yaml:2:18: warning: department.overview: “Department "
        "of Gardens” is a fact that the plan has; write $department, also in the translations: "
        "plan_check -fix does both",
        f"{named.directory}/data: 0 errors, 1 warning.",
    ]


def test_a_fix_makes_it_a_variable_in_the_plan_and_its_catalogs(named: OwnRun):
    assert checkwork.check(named.run(fix=True)) is ExitStatus.DONE
    assert named.said == [
        f"{named.directory}/data/department.yaml:2: “Department of Gardens” is $department now",
        "2 files written.",
        f"{named.directory}/data: 0 errors, 0 warnings.",
    ]
    data = named.directory / "data"
    assert (
        "The $department grows, and the $department stays."
        in (data / "department.yaml").read_text()
    )
    assert "Das $department wächst, und das $department bleibt." in (
        data / "locale" / "de.po"
    ).read_text("utf-8")
    again = OwnRun(named.directory)
    checkwork.check(again.run(fix=True))
    assert again.said == ["0 files written.", f"{named.directory}/data: 0 errors, 0 warnings."]


def test_a_plan_with_errors_is_not_fixed(named: OwnRun):
    file = named.directory / "data" / "department.yaml"
    file.write_text(NAMED.replace("mission: {text: Mission.}\n", ""))
    before = file.read_text()
    assert checkwork.check(named.run(fix=True)) is ExitStatus.FAILED
    assert file.read_text() == before
