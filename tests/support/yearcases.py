"""A plan of two fiscal years for the tests of the third: its files are in cases/newyear."""

from __future__ import annotations

import shutil
from pathlib import Path

from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.newyear import Years
from wikiplan.plan import FiscalYear, plan

CASES = Path(__file__).parents[1] / "cases" / "newyear"
YEARS = Years(FiscalYear(2021), FiscalYear(2022))
EARLIER = """\
fiscal-year: 2020-2021
heading: {text: "Priorities: $year"}
teams: [{key: roses, items: [{key: soil, text: Dig.}]}]
"""
PAGES = """\
site: lab:lab
source-language: en
languages: [en, de]
pages:
  - title: Department of Gardens
    missing-page: create
    sections:
      - {name: priorities-2021-2022, template: priorities, data: priorities/2021-2022}
"""
LABELS = """\
navigation: {text: Priorities by fiscal year}
see-also: {text: See also}
target:
  text: "target: $date"
  variables: {date: {date: 2022-01}}
status-planned: {text: planned}
status-under-way: {text: under way}
status-done: {text: done}
status-dropped: {text: dropped}
"""


def write(directory: Path, pages: str = PAGES) -> Path:
    """Write the plan; returns its folder of data."""
    data = directory / "data"
    (data / "priorities").mkdir(parents=True)
    for name in ("department.yaml", "links.yaml"):
        shutil.copy(CASES / name, data)
    shutil.copy(CASES / "old.yaml", data / "priorities" / "2021-2022.yaml")
    (data / "priorities" / "2020-2021.yaml").write_text(EARLIER)
    (data / "labels.yaml").write_text(LABELS)
    (data / "pages.yaml").write_text(pages)
    for language in plan.load(data).languages[1:]:
        catalog = Catalog.create(data / "locale" / f"{language}.po")
        catalog.update(plan.load(data).units.values())
        catalog.save()
    return data
