"""The first files of a plan: sound, complete, and none over another."""

from __future__ import annotations

import ast
import stat
from pathlib import Path

import pytest

from tests.support.running import ROOT
from wikiplan.errors import WikiplanError
from wikiplan.nightly import runfile
from wikiplan.plan import plan
from wikiplan.setup.beginning import Wanted, add_schedules, begin
from wikiplan.setup.schedules import FILES, Kind

GARDENS = Wanted("meta:meta", "GardenBot", "Department of Gardens", ("en", "ar", "de"))


def files_in(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_a_new_plan_is_sound_and_has_all_its_files(tmp_path: Path):
    begun = begin(tmp_path / "plan", GARDENS)
    there = files_in(tmp_path / "plan")
    assert sorted(begun.written) == sorted(there)
    assert {each for each in there if not each.startswith("data/schema/")} == {
        ".gitignore",
        "README.md",
        "data/department.yaml",
        "data/locale/ar.po",
        "data/locale/de.po",
        "data/pages.yaml",
        "data/priorities/2021-2022.yaml",
        "requirements.txt",
        "run.yaml",
        "user-config.py",
    }
    made, faults = plan.check(tmp_path / "plan" / "data")
    assert (faults, made is not None) == ((), True)
    assert made and [page.title for page in made.pages] == ["User:GardenBot/Department of Gardens"]
    assert runfile.read(tmp_path / "plan" / "run.yaml", needed=True) == runfile.RunFile()


def test_the_schemas_are_those_of_this_version(tmp_path: Path):
    begin(tmp_path, GARDENS)
    for path in (ROOT / "data" / "schema").iterdir():
        assert (tmp_path / "data" / "schema" / path.name).read_text() == path.read_text(), path.name


def test_the_sample_plan_begins_as_it_is_but_for_its_wiki(tmp_path: Path):
    begin(tmp_path, Wanted("wikipedia:test", "GardenBot", sample=True))
    there, sample = files_in(tmp_path / "data"), files_in(ROOT / "data")
    pages = sample.pop("pages.yaml").replace(b"site: meta:meta", b"site: wikipedia:test")
    assert there == {**sample, "pages.yaml": pages}


@pytest.mark.parametrize("department", ["A “quoted” name", "Costs: 5% and more", "قسم الحدائق"])
def test_a_department_may_be_called_as_it_is(tmp_path: Path, department: str):
    begin(tmp_path, Wanted("meta:meta", "Bot", department))
    assert plan.load(tmp_path / "data").units["department.name"].text == department


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Wanted("meta:meta", "Bot", "A|B"), "data/pages.yaml:12:12: pages.1.title: holds “|”"),
        (Wanted("meta:meta", "Bot[1]", "Gardens"), "data/pages.yaml:8:12: stop-page: holds “[”"),
        (Wanted("meta:meta", "Bot", "Five $dollars"), "data/department.yaml:4:"),
    ],
)
def test_a_name_that_no_page_can_have_is_refused_and_nothing_is_written(
    tmp_path: Path, wanted: Wanted, told: str
):
    with pytest.raises(WikiplanError, match="nothing was written; give other answers") as error:
        begin(tmp_path / "plan", wanted)
    assert told in str(error.value)
    assert not (tmp_path / "plan").exists()


def test_nothing_is_written_over_another_file(tmp_path: Path):
    (tmp_path / "README.md").write_text("Ours.\n")
    with pytest.raises(
        WikiplanError, match=r"README\.md: there already, with other words; nothing"
    ):
        begin(tmp_path, GARDENS)
    assert files_in(tmp_path) == {"README.md": b"Ours.\n"}


def test_the_configuration_is_python_that_only_its_owner_may_read(tmp_path: Path):
    begin(tmp_path, GARDENS)
    path = tmp_path / "user-config.py"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    names = {"usernames": {"meta": {}, "wikipedia": {}}, "family_files": {}, "authenticate": {}}
    exec(compile(ast.parse(path.read_text()), str(path), "exec"), names)  # as Pywikibot does
    assert (names["family"], names["mylang"]) == ("meta", "meta")
    assert names["usernames"]["meta"] == {"meta": "GardenBot"}
    assert names["user_agent_description"] == "wikiplan; User:GardenBot on meta.wikimedia.org"


def test_the_example_beside_the_checkout_is_what_init_writes(tmp_path: Path):
    begin(tmp_path, Wanted("meta:meta", "ExamplePlanBot", "Gardens"))
    _, _, written = (tmp_path / "user-config.py").read_text("utf-8").partition("\n")
    _, _, example = (ROOT / "user-config.example.py").read_text("utf-8").partition("\n")
    settings, _, rest = example.partition("\n# --- Scripts: ")
    assert settings == written
    assert rest.endswith('\nuser_script_paths = ["scripts"]\n')


@pytest.mark.parametrize(
    ("site", "host"),
    [
        ("wikipedia:de", "de.wikipedia.org"),
        ("mediawiki:mediawiki", "www.mediawiki.org"),
        ("ours:en", "wiki.example.org"),
    ],
)
def test_the_host_of_a_site_is_known_where_it_is_one_of_wikimedias(site: str, host: str):
    assert Wanted(site, "Bot").host == host


def test_schedules_are_added_to_a_plan_that_is_there_and_only_once(tmp_path: Path):
    begin(tmp_path, GARDENS)
    before = files_in(tmp_path)
    every = tuple(Kind)
    assert {*add_schedules(tmp_path, every).written} == {
        place for kind in every for place in FILES[kind]
    }
    assert before.items() <= files_in(tmp_path).items()
    assert add_schedules(tmp_path, every).written == ()
    for name in ("night", "failed"):
        assert stat.S_IMODE((tmp_path / "schedule" / name).stat().st_mode) == 0o755
