"""Reading the plan's files, however damaged, and the units in those that are not."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.support import plancases
from wikiplan.cache import Cache
from wikiplan.plan.facttypes import Date, FiscalYear, Number
from wikiplan.plan.kinds import kind_of
from wikiplan.plan.source import read_source, units_of


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the small plan of the cases, as ``data`` of the current directory."""
    shutil.copytree(plancases.CASES / "base", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return Path("data")


def write(path: Path, text: str = "a: {text: A}\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def told(directory: Path) -> list[str]:
    return [str(fault) for fault in read_source(directory).faults]


def test_every_file_is_read_by_its_stem_in_the_order_of_their_paths(base: Path):
    source = read_source(base)
    assert list(source.documents) == [
        "department",
        "labels",
        "links",
        "office-hours",
        "pages",
        "priorities/2020-2021",
    ]
    assert (source.damaged, source.faults) == (set(), [])
    assert source.data["department"] is source.documents["department"].data


@pytest.mark.parametrize(
    "name",
    ["locale/x.yaml", "schema/x.yaml", ".hidden.yaml", ".git/x.yaml", "text/.x.yaml", "notes.txt"],
)
def test_what_is_no_data_is_not_read(base: Path, name: str):
    write(base / name, "[")
    assert told(base) == []


def test_a_folder_of_another_kind_deeper_down_is_data(base: Path):
    write(base / "text" / "locale" / "a.yaml")
    assert "text/locale/a" in read_source(base).documents


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("notes.yml", "data/notes.yml:0:0: data files end in .yaml, not .yml; rename it to "
         "notes.yaml"),
        ("My notes.yaml", "data/My notes.yaml:0:0: the file's name is not possible; rename it with "
         "a-z, 0-9 and single hyphens, beginning with a letter"),
        ("a--b.yaml", "data/a--b.yaml:0:0: the file's name is not possible; rename it with "
         "a-z, 0-9 and single hyphens, beginning with a letter"),
        ("2021.yaml", "data/2021.yaml:0:0: the file's name is not possible; rename it with "
         "a-z, 0-9 and single hyphens, beginning with a letter"),
    ],
)  # fmt: skip
def test_a_file_with_an_impossible_name_is_told_and_not_read(base: Path, name: str, fault: str):
    write(base / name, "[")
    assert told(base) == [fault]
    assert read_source(base).damaged == {name.rpartition(".")[0]}


def test_a_damaged_file_is_told_and_the_others_are_read(base: Path):
    write(base / "links.yaml", "office: [\n")
    write(base / "labels.yaml", "more: {text: More\n")
    source = read_source(base)
    assert source.damaged == {"links", "labels"}
    assert [(fault.file, fault.line) for fault in source.faults] == [
        ("data/labels.yaml", 2),
        ("data/links.yaml", 2),
    ]
    assert "department" in source.documents


def test_a_file_elsewhere_is_named_by_its_whole_path(
    base: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    directory = base.absolute()
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    write(directory / "a.yml")
    assert told(directory) == [
        f"{directory}/a.yml:0:0: data files end in .yaml, not .yml; rename it to a.yaml"
    ]


@pytest.mark.parametrize(
    ("stem", "kind"),
    [
        ("department", "department"),
        ("office-hours", "office-hours"),
        ("priorities/2020-2021", "priorities"),
        ("text/history", "text"),
        ("priorities", "own"),
        ("text", "own"),
        ("recipes/soup", "own"),
        ("own", "own"),
        ("department/old", "own"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_stem(stem: str, kind: str):
    assert kind_of(stem) == kind


# Units


def test_units_come_in_the_order_of_the_files_and_know_their_place(base: Path):
    write(
        base / "recipes.yaml",
        "title: {text: Recipes}\nsoups:\n- key: leek\n  text: >-\n    Wash.\n    Cut.\n"
        "- text: Boil.\n  key: pea\n",
    )
    units = units_of(read_source(base))
    files = list(dict.fromkeys(unit.file for unit in units))
    assert files == sorted(files)
    assert len({unit.key for unit in units}) == len(units)
    assert [
        f"{unit.key} {unit.line}:{unit.column} {unit.text}"
        for unit in units
        if unit.file == "data/recipes.yaml"
    ] == [
        "recipes.title 1:15 Recipes",
        "recipes.leek 4:9 Wash. Cut.",
        "recipes.pea 7:9 Boil.",
    ]


def test_a_unit_has_what_its_file_and_its_item_imply_and_its_own_variables(base: Path):
    write(
        base / "priorities" / "2021-2022.yaml",
        "fiscal-year: 2021-2022\nheading: {text: Goals}\nteams:\n- key: gardens\n  items:\n"
        "  - key: seeds\n    text: Sow $count by $target in $year.\n    target: 2022-01\n"
        "    variables: {count: 3}\n    note: Of flowers.\n    change: typo\n"
        "  - {key: rakes, text: Mend rakes.}\n",
    )
    units = {unit.key: unit for unit in units_of(read_source(base))}
    seeds, rakes = (units[f"priorities-2021-2022.gardens.{key}"] for key in ("seeds", "rakes"))
    own = {"year": FiscalYear(2021), "target": Date("2022-01"), "count": Number(3)}
    assert {name: seeds.variables[name] for name in own} == own
    assert (seeds.note, seeds.change, rakes.note, rakes.change) == ("Of flowers.", "typo", "", "")
    assert "target" not in rakes.variables and "year" in rakes.variables
    assert "office" in rakes.variables, "every text may use every link"


def test_each_text_of_the_data_carries_the_key_of_its_unit(base: Path):
    source = read_source(base)
    assert "unit" not in source.data["department"]["overview"]
    units_of(source)
    assert source.data["department"]["overview"]["unit"] == "department.overview"


def test_pages_yaml_may_be_larger_than_other_files(tmp_path, monkeypatch):
    monkeypatch.setattr("wikiplan.yaml.yamlfile.MOST_BYTES", 100)
    for name in ("pages", "other"):
        (tmp_path / f"{name}.yaml").write_text(f"a: {'x' * 100}\n")
    found = read_source(tmp_path)
    assert (set(found.documents), found.damaged) == ({"pages"}, {"other"})


def test_the_digest_is_of_all_files_and_only_of_whole_ones(tmp_path):
    (tmp_path / "a.yaml").write_text("a: x\n")
    first = read_source(tmp_path).digest
    (tmp_path / "b.yaml").write_text("b: x\n")
    second = read_source(tmp_path).digest
    (tmp_path / "a.yaml").rename(tmp_path / "c.yaml")
    third = read_source(tmp_path).digest
    assert len({first, second, third, ""}) == 4
    (tmp_path / "b.yaml").write_text("b: [\n")
    assert read_source(tmp_path).digest == ""


def test_units_of_kept_files_stand_where_they_stand(base, tmp_path):
    with closing(Cache(tmp_path / "loaded.cache")) as kept:
        read = units_of(read_source(base, kept))
        kept.store()
        assert units_of(read_source(base, kept)) == read == units_of(read_source(base))
