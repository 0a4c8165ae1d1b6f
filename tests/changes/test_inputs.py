"""What decides the bytes of a page."""

from __future__ import annotations

import os
import re
import unicodedata
from importlib.metadata import requires, version
from pathlib import Path

import pytest

from wikiplan.changes import inputs


def test_the_versions_name_all_that_a_text_passes():
    found = inputs.versions()
    assert list(found) == ["wikiplan", *inputs.LIBRARIES, "Unicode"]
    assert re.fullmatch(r"0\.\d+\.\d+ \(code [0-9a-f]{8}\)", found["wikiplan"])
    assert re.fullmatch(re.escape(version("babel")) + r" \(CLDR \d+(\.\d+)*\)", found["Babel"])
    assert (found["tzdata"], found["Unicode"]) == (version("tzdata"), unicodedata.unidata_version)


def test_every_library_of_the_program_decides_bytes_or_is_known_not_to():
    """Whoever adds one to setup.cfg says which of the two it is."""
    needed = (line for line in requires("wikiplan") or () if "extra ==" not in line)
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in needed}  # type: ignore[index]
    deciding = {name.lower() for name in inputs.LIBRARIES}
    assert names - deciding == {
        "nh3", "portalocker", "python-slugify", "pywikibot", "requests", "rich", "tinycss2",
    }  # fmt: skip
    assert deciding - names == {"markupsafe"}, "Jinja2's"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"Babel": "1"}, {"Babel": "2"}, "Babel 1 became 2"),
        ({"Babel": "1", "tzdata": "7"}, {"Babel": "2", "tzdata": "7"}, "Babel 1 became 2"),
        ({"Babel": "1", "tzdata": "7"}, {"Babel": "2", "tzdata": "8"},
         "Babel 1 became 2 or tzdata 7 became 8"),
        ({"Babel": "1"}, {"Babel": "1", "nh3": "3"}, "nh3 unknown became 3"),
        ({"Babel": "1"}, {}, "Babel 1 became unknown"),
    ],
)  # fmt: skip
def test_what_became_newer_is_told_in_words(before, now, told):
    assert inputs.version_changes(before, now) == told


def test_files_that_nothing_names_are_listed_with_what_they_are_for(tmp_path: Path):
    data, templates = tmp_path / "data", tmp_path / "own"
    (data / "locale").mkdir(parents=True)
    (templates / "sections").mkdir(parents=True)
    for name in ("languages.yaml", "office-hours.yaml", "pages.yaml", "locale/de.po"):
        (data / name).touch()
    (data / "locale" / os.fsdecode(b"\xe4.po")).touch()
    for name in ("mission.wiki", "sections/teams.wiki", "ours.wiki"):
        (templates / name).touch()
    assert inputs.unnamed_files(data, templates) == (
        "data/languages.yaml",
        r"data/locale/\xe4.po",
        "data/locale/de.po",
        "templates/mission.wiki",
        "templates/sections/teams.wiki",
    )
    assert inputs.unnamed_files(tmp_path / "none", tmp_path / "none") == ()
