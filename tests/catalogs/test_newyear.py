"""What a new fiscal year has of the one that ends: its file, and its translations."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import yearcases
from tests.support.yearcases import CASES, YEARS
from wikiplan.catalogs import newyear
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.newyear import Carrying, Years
from wikiplan.catalogs.translation import State
from wikiplan.errors import WikiplanError
from wikiplan.files import replace_all
from wikiplan.plan import FiscalYear, Plan, UnwritableError, plan

OLD, NEW = "priorities-2021-2022", "priorities-2022-2023"


def years(old: int, new: int) -> Years:
    return Years(FiscalYear(old), FiscalYear(new))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return yearcases.write(tmp_path)


def new_file(data: Path, resumed: tuple[str, ...] = ()) -> tuple[str, Carrying]:
    carrying = Carrying.of(plan.load(data), YEARS.old, resumed)
    old = data / "priorities/2021-2022.yaml"
    return newyear.year_file(old.read_bytes(), "old.yaml", YEARS, carrying).decode(), carrying


# How a year is written.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Priorities 2021–2022", "Priorities 2022–2023"),
        ("2021-2022/Goals", "2022-2023/Goals"),
        ("2021/22", "2022/23"),
        ("FY22, FY 2022, fy2022", "FY23, FY 2023, fy2023"),
        ("priorities-2021-22", "priorities-2022-23"),
        ("2021 – 2022", "2022 – 2023"),
        ("2021, 2022, 12021-2022, 2021-20223, TFY22, 2020-2021", None),
    ],
)
def test_a_year_turns_as_it_is_written(before: str, after: str | None):
    assert YEARS.turned(before) == (after or before)
    assert newyear.names_year(before, YEARS.old) is (after is not None)


@given(st.integers(1, 9990), st.integers(1, 9990), st.sampled_from("-–/"), st.booleans())
def test_a_year_that_turns_back_is_what_it_was(old: int, new: int, dash: str, short: bool):
    there = years(old, new)
    last = f"{old + 1:04}"
    text = f"Goals {old:04}{dash}{last[2:] if short else last}"
    if old // 100 == (old + 1) // 100 and new // 100 == (new + 1) // 100:
        assert Years(there.new, there.old).turned(there.turned(text)) == text


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("priorities-2021-2022", "priorities"),
        ("2021-2022-goals", "goals"),
        ("goals-2021-22-all", "goals-all"),
        ("2021-2022", ""),
        ("priorities-2020-2021", "priorities-2020-2021"),
    ],
)
def test_a_section_s_name_without_the_year(name: str, without: str):
    assert newyear.without_year(name, YEARS.old) == without


# What is asked for.


@pytest.mark.parametrize(
    ("given", "since", "expected"),
    [
        ("2022-2023", None, (2021, 2022)),
        ("2022-2023", "2020-2021", (2020, 2022)),
        ("2030-2031", None, (2021, 2030)),
        ("2019-2020", None, (2020, 2019)),
    ],
)
def test_the_year_goes_on_from_the_latest_before_it(
    data: Path, given: str, since: str | None, expected: tuple[int, int]
):
    found = newyear.wanted_years(plan.load(data), given, since)
    assert found == years(*expected)
    assert found.follow_each_other is (expected == (2021, 2022))


@pytest.mark.parametrize(
    ("given", "since", "told"),
    [
        ("2022", None, "2022: the plan's years are like 2021-2022; write it like that"),
        ("22-23", None, "“22-23” is not a fiscal year; write it like 2020-2021, or 2022"),
        (
            "2022-2024",
            None,
            "the fiscal year 2022-2024 does not end one year after its start; write 2022-2023",
        ),
        (
            "2021-2022",
            None,
            "2021-2022: the plan has priorities/2021-2022.yaml; name a year that it does not have, "
            "or take that file and what shows it out first",
        ),
        (
            "2022-2023",
            "2011-2012",
            "-from:2011-2012: the plan has no priorities/2011-2012.yaml; there are 2020-2021, "
            "2021-2022",
        ),
        ("2022-2023", "21/22", "“21/22” is not a fiscal year; write it like 2020-2021, or 2022"),
    ],
)
def test_a_year_that_is_not_possible(data: Path, given: str, since: str | None, told: str):
    with pytest.raises(WikiplanError) as error:
        newyear.wanted_years(plan.load(data), given, since)
    assert str(error.value) == told


def test_a_plan_without_priorities_has_no_year_to_begin_with(data: Path):
    shutil.rmtree(data / "priorities")
    pages = (data / "pages.yaml").read_text()
    section = "{name: priorities-2021-2022, template: priorities, data: priorities/2021-2022}"
    teams = "{name: teams, template: teams, data: department}"
    (data / "pages.yaml").write_text(pages.replace(section, teams))
    with pytest.raises(WikiplanError) as error:
        newyear.wanted_years(plan.load(data), "2022-2023", None)
    assert str(error.value) == (
        "the plan has no priorities/YEAR.yaml that a year could begin with; write the first one"
    )


# The file.


def test_what_is_open_goes_on_with_all_that_it_has(data: Path):
    written, carrying = new_file(data)
    assert written == (CASES / "new.yaml").read_text()
    assert carrying.done == ["roses.soil", "roses.beds.dig", "trees.oaks", "paths.map.north"]
    assert carrying.dropped == ["roses.pond", "paths.map.south", "paths.signs"]
    assert carrying.empty == ["trees"]
    assert carrying.without_team == ["hedges"]


def test_a_dropped_item_that_is_taken_up_again_has_no_status(data: Path):
    written, carrying = new_file(data, ("paths.signs", "roses.pond"))
    assert written == (CASES / "resumed.yaml").read_text()
    assert carrying.dropped == ["paths.map.south"]


def test_an_item_that_is_done_goes_on_with_what_is_not(data: Path):
    path = data / "priorities/2021-2022.yaml"
    path.write_text(path.read_text().replace("status: under-way", "status: done"))
    written, carrying = new_file(data)
    assert "key: beds" in written
    assert carrying.done[:2] == ["roses.soil", "roses.beds.dig"]


def test_the_plan_says_which_statuses_go_on_are_left_and_are_asked_about(data: Path):
    pages = data / "pages.yaml"
    pages.write_text(
        "statuses: {under-way: open, done: open, reached: done, planned: dropped, dropped: done}\n"
        + pages.read_text()
    )
    path = data / "priorities/2021-2022.yaml"
    path.write_text(path.read_text().replace("status: done", "status: reached", 1))
    _, carrying = new_file(data)
    assert carrying.done == ["roses.soil", "roses.pond", "paths.map.south"]
    assert carrying.dropped == ["roses.beds.plant"]


def test_items_that_share_a_line_are_a_person_s_work(data: Path):
    path = data / "priorities/2021-2022.yaml"
    path.write_text(
        path.read_text().partition("teams:")[0]
        + "teams: [{key: roses, items: [{key: a, text: A., status: done}, # of a\n"
        + "  {key: b, text: B.}]}]\n"
    )
    with pytest.raises(UnwritableError) as error:
        new_file(data)
    assert str(error.value) == (
        "old.yaml: this cannot be written there without touching other lines"
    )


# The catalogs.


def turned(data: Path) -> tuple[Plan, Plan]:
    """Write the new year's file, and return the plan before and after it."""
    before = plan.load(data)
    (data / "priorities/2022-2023.yaml").write_text(new_file(data)[0])
    return before, plan.load(data)


def test_translations_are_under_the_new_keys_as_current_as_they_were(data: Path):
    locale = data / "locale"
    before = plan.load(data)
    german = Catalog.load(locale / "de.po")
    german.set(before.units[f"{OLD}.heading"], "Ziele: $year")
    german.set(before.units[f"{OLD}.roses.beds"], "Altes: $beds", "Old words.")
    german.suggest(before.units[f"{OLD}.paths.map"], "Karte.", "A chart.")
    german.keep_beside(before.units[f"{OLD}.heading"], "Vorhaben: $year", "the wiki")
    german.save()
    _, after = turned(data)
    units = newyear.carried(before, after, YEARS)
    assert [unit.key for unit in units.values()] == [
        f"{NEW}.{name}"
        for name in ("heading", "intro", "roses.beds", "roses.beds.plant", "paths.map")
    ]
    replace_all(newyear.catalog_changes(locale, after, units))
    found = Catalog.load(locale / "de.po")
    for old, new in units.items():
        was, now = found.get(after.units[old]), found.get(new)
        assert (now.text, now.state, now.previous_english, now.note) == (
            was.text, was.state, was.previous_english, was.note,
        )  # fmt: skip
    states = [found.get(unit).state for unit in units.values()]
    none, old, current = State.UNTRANSLATED, State.OUTDATED, State.TRANSLATED
    assert states == [current, none, old, none, old]
    assert found.get(units[f"{OLD}.heading"]).conflicts == ("Vorhaben: $year",)
    assert newyear.asked_anew(locale, after, units) == {"de": 4}
    assert list(newyear.catalog_changes(locale, after, units)) == []


def test_a_year_of_which_nothing_is_open_is_begun_by_a_person(data: Path):
    path = data / "priorities/2021-2022.yaml"
    head, teams, _ = path.read_text().partition("teams:")
    item = "{key: soil, text: Dig., status: done}"
    path.write_text(f"{head}{teams}\n  - key: roses\n    items: [{item}]\n")
    with pytest.raises(WikiplanError) as error:
        new_file(data)
    told = "nothing of 2021-2022 is open; write priorities/2022-2023.yaml yourself"
    assert str(error.value) == told


def test_what_may_not_be_true_any_more_is_told(data: Path):
    before, after = turned(data)
    units = newyear.carried(before, after, YEARS)
    assert list(newyear.findings(after, YEARS, units)) == [
        "roses.beds: the target 2022-03 is not in 2022-2023; set another, or take it out",
        "roses.beds: $since is 2021-2022; see whether it should be 2022-2023",
        "priorities-2022-2023.roses.beds.plant: the text says 2021-2022 in words; write $year, or "
        "the new year",
    ]


def test_a_quarter_of_the_old_year_is_told_and_one_of_the_new_year_is_not(data: Path):
    path = data / "priorities/2021-2022.yaml"
    text = path.read_text().replace("target: 2022-03", "target: Q3 2021-2022")
    path.write_text(
        text.replace("text: Draw a map.", "text: Draw a map.\n        target: H1 2022-2023")
    )
    before, after = turned(data)
    told = list(newyear.findings(after, YEARS, newyear.carried(before, after, YEARS)))
    assert told[0] == (
        "roses.beds: the target Q3 2021-2022 is not in 2022-2023; set another, or take it out"
    )
    assert not any("paths.map" in each for each in told)
