"""The pages of a new fiscal year: whole files of pages, in cases/newyear/pages.cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import wikicases, yearcases
from tests.support.wikicases import Case
from tests.support.yearcases import YEARS
from wikiplan.catalogs import yearpages
from wikiplan.catalogs.newyear import Carrying, stem_of, year_file
from wikiplan.errors import WikiplanError
from wikiplan.plan import Plan, plan, read_source, with_move


def turned(data: Path) -> tuple[Plan, yearpages.YearPages, str]:
    """Turn the pages as ``plan_year`` does; return the plan before, and what is made of it."""
    before = plan.load(data)
    moves = yearpages.section_moves(before, YEARS)
    for move in moves:
        for change in with_move(read_source(data), move):
            change.path.write_bytes(change.after)
    named = plan.load(data)
    found = yearpages.pages_of(named, YEARS)
    yearpages.write_year(data, found, YEARS)
    old, new = (data / f"{stem_of(year)}.yaml" for year in (YEARS.old, YEARS.new))
    new.write_bytes(year_file(old.read_bytes(), old.name, YEARS, Carrying.of(named, YEARS.old)))
    return before, found, (data / "pages.yaml").read_text()


@wikicases.each("newyear/pages.cases")
def test_pages_turn_with_the_year(case: Case, tmp_path: Path):
    data = yearcases.write(tmp_path, f"{case.blocks['before']}\n")
    before, found, text = turned(data)
    assert text == f"{case.blocks['after']}\n"
    after = plan.load(data)
    told = [*yearpages.told(before, found, YEARS, after), *yearpages.findings(before, found, YEARS)]
    assert "\n".join(told) == case.blocks["told"]
    assert [fault for fault in plan.check(data)[1] if not fault.warning] == []


def test_a_page_that_there_is_already_is_not_made(tmp_path: Path):
    section = "    sections: [{name: teams, template: teams, data: department}]\n"
    more = f"  - title: Department of Gardens/2021–2022\n{section}"
    data = yearcases.write(tmp_path, yearcases.PAGES + more)
    with pytest.raises(WikiplanError) as error:
        turned(data)
    assert str(error.value) == (
        "pages.yaml has a page Department of Gardens/2021–2022 already; give it another title, or "
        "take it out first"
    )


def test_pages_on_one_line_get_another_one_there(tmp_path: Path):
    section = "{name: priorities, template: priorities, data: priorities/2021-2022}"
    head = yearcases.PAGES.partition("pages:")[0]
    data = yearcases.write(tmp_path, f"{head}pages: [{{title: G, sections: [{section}]}}]\n")
    turned(data)
    text = (data / "pages.yaml").read_text(encoding="utf-8")
    assert "]}, {title: G/2021–2022, missing-page: create, sections: [{name: navigation, " in text
    assert text.endswith(f", {section.replace('}', ', came-from: G}')}]}}]\n")
