"""What make upgrade shows before newer versions are taken."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.support.running import ROOT

sys.path.insert(0, str(ROOT / "requirements"))

import compare
import specimen


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders as requirements/render fills them."""
    for name in ("old", "new"):
        for part in ("languages", "pages/Plan", "pages/.wikiplan"):
            (tmp_path / name / part).mkdir(parents=True)
        (tmp_path / name / "versions.txt").write_text("babel==1\nrich==1\n")
        (tmp_path / name / "pages" / "Plan" / "de.wiki").write_text("= Plan =\n@@ Januar\n")
        (tmp_path / name / "pages" / ".wikiplan" / "journal").write_text(name)
        for code in ("de", "de-at", "fr"):
            (tmp_path / name / "languages" / f"{code}.txt").write_text("list: a\ndate: Januar\n")
    return tmp_path / "old", tmp_path / "new"


def test_nothing_differs_between_equal_versions(folders):
    assert list(compare.told(*folders)) == [
        "Nothing changes: the locks have the newest versions already."
    ]


def test_each_change_is_shown_once_with_the_languages_it_holds_for(folders):
    new = folders[1]
    (new / "versions.txt").write_text("babel==2\nrich==1\n")
    (new / "pages" / "Plan" / "de.wiki").write_text("= Plan =\n@@ Jänner\n")
    (new / "pages" / "Plan" / "it.wiki").write_text("= Plan =\n")
    for code in ("de", "de-at"):
        (new / "languages" / f"{code}.txt").write_text("list: a\ndate: Jänner\n")
    (new / "languages" / "fr.txt").unlink()
    assert "\n".join(compare.told(*folders)) == (
        "versions.txt:\n-babel==1\n+babel==2\n\n"
        "pages/Plan/de.wiki:\n-@@ Januar\n+@@ Jänner\n\n"
        "pages/Plan/it.wiki:\n+= Plan =\n\n"
        "de de-at:\n-date: Januar\n+date: Jänner\n\n"
        "fr:\n-list: a\n-date: Januar\n\n"
        "Written otherwise: 2 of the sample's pages, facts in 3 languages."
    )


def test_newer_versions_that_write_the_same_are_shown(folders):
    (folders[1] / "versions.txt").write_text("babel==1\nrich==2\n")
    assert "\n".join(compare.told(*folders)) == (
        "versions.txt:\n-rich==1\n+rich==2\n\n"
        "Written otherwise: 0 of the sample's pages, facts in 0 languages."
    )


def test_a_language_shows_dates_times_numbers_and_lists():
    lines = list(specimen.facts("en"))
    assert lines[:3] == [
        "2022-01 short: 1/2022",
        "2022-01-15 short: 1/15/22",
        "day and time short: DAY, TIME",
    ]
    kinds = {re.sub(r"[\d.:/+-]+", "N", line.partition(": ")[0]) for line in lines}
    styles = {f"{what} {style}" for what in ("N", "day and time") for style in specimen.STYLES}
    clocks = {f"N in N {zone}" for zone in specimen.ZONES}
    others = {"number N", "list of N", "fiscal year N"}
    assert kinds == styles | {re.sub(r"[/]", "N", clock) for clock in clocks} | others
    assert len({line.partition(": ")[0] for line in lines}) == len(lines), "each has its label"


def test_each_language_has_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr(specimen.languages, "known", lambda: ("de", "fa"))
    specimen.write(tmp_path / "languages")
    found = {path.name: path.read_text() for path in (tmp_path / "languages").iterdir()}
    assert found == {f"{code}.txt": "\n".join((*specimen.facts(code), "")) for code in ("de", "fa")}
