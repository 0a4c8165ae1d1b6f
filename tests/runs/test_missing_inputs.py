"""What was there the last time, or is asked for, and is missing: an error with its name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from wikiplan_scripts import plan_check, plan_preview, plan_update

from tests.support.running import ROOT

pytestmark = pytest.mark.heavy

UPDATE = ("-wiki:wiki", "-always", "-brief", "-now:2021-07-01T00:00Z")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample plan, with templates of its own, and the folder wiki that was made from it."""
    place = tmp_path_factory.mktemp("made")
    shutil.copytree(ROOT / "data", place / "data")
    (place / "templates").mkdir()
    shutil.copy(ROOT / "templates" / "sections" / "teams.wiki", place / "templates")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert plan_update.main(*UPDATE) == 0
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pages() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path("wiki").rglob("*.wiki"))}


GONE = "is missing, and the pages were last made from it; take it from its version history, or say"
CATALOG = (
    "the catalog is missing, and pages.yaml has pages in de; take it from its version history; a "
    "new language’s is made by plan_translations update"
)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("data/languages.yaml", f"{GONE} -allow:missing if it is gone for good"),
        ("data/glossary.yaml", f"{GONE} -allow:missing if it is gone for good"),
        ("templates/teams.wiki", f"{GONE} -allow:missing if it is gone for good"),
        ("data/locale/de.po", CATALOG),
    ],
)
def test_a_file_that_is_gone_stops_the_run(
    file: str, told: str, place: Path, capsys: pytest.CaptureFixture[str]
):
    before = pages()
    Path(file).unlink()
    assert plan_update.main(*UPDATE) == 1
    assert capsys.readouterr().err.startswith(f"{file}:0:0: {told} [missing-")
    assert plan_preview.main("-wiki:wiki", "-brief") == 1
    assert pages() == before


def test_whoever_means_it_says_so_once(place: Path):
    Path("data/languages.yaml").unlink()
    assert plan_update.main(*UPDATE, "-allow:missing") == 0
    assert plan_update.main(*UPDATE) == 0


def test_a_folder_of_templates_that_is_asked_for_must_be_there(
    place: Path, capsys: pytest.CaptureFixture[str]
):
    wrong = "there is no such folder; name the one with the templates"
    for main in (plan_check.main, plan_preview.main):
        assert main("-templates:TYPO") == 1
        assert capsys.readouterr().err == f"-templates:TYPO: {wrong} [no-templates]\n"
    shutil.rmtree("templates")
    Path("templates").touch()
    assert plan_check.main("-data:data") == 1
    assert capsys.readouterr().err == (
        "-templates:templates: is not a folder; name the one with the templates [no-templates]\n"
    )


def test_a_plan_without_templates_and_files_of_its_own_is_a_plan(place: Path):
    shutil.rmtree("templates")
    for name in ("languages", "glossary"):
        Path(f"data/{name}.yaml").unlink()
    shutil.rmtree("wiki")
    assert plan_update.main(*UPDATE) == 0
