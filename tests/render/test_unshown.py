"""What of a plan nobody sees is told with its line and the way out; the plans are in cases."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support import wikicases, yearcases
from tests.support.running import ROOT
from tests.support.wikicases import Case
from wikiplan.plan import plan
from wikiplan.render.renderer import check_templates

HEAD = "site: lab:lab\nsource-language: en\nlanguages: [en, de]\npages:\n  - title: Garden\n"


def write(case: Case, directory: Path) -> Path:
    data = directory / "data"
    (data / "priorities").mkdir(parents=True)
    shutil.copy(yearcases.CASES / "department.yaml", data)
    if "file labels" not in case.blocks:
        (data / "labels.yaml").write_text((ROOT / "data" / "labels.yaml").read_text())
    (data / "links.yaml").write_text(
        "office: {page: Office, title: Office}\nhelp: {page: Help, title: Help}\n"
    )
    for stem, text in case.named("file").items():
        (data / f"{stem}.yaml").write_text(f"{text}\n")
    shutil.copytree(ROOT / "templates" / "sections", directory / "templates")
    for name, text in case.named("template").items():
        (directory / "templates" / f"{name}.wiki").write_text(f"{text}\n")
    lines = "".join(f"      {line}\n" for line in case.blocks["sections"].splitlines())
    (data / "pages.yaml").write_text(f"{HEAD}    sections:\n{lines}")
    return data


@wikicases.each("unshown/plans.cases")
def test_what_nobody_sees_is_told(case: Case, tmp_path: Path):
    read = plan.load(write(case, tmp_path))
    found = check_templates(read, tmp_path / "templates", {})
    assert all(fault.warning for fault in found), found
    told = [f"{Path(each.file).name}:{each.line}: {each.key}: {each.message}" for each in found]
    assert "\n".join(told) == case.blocks["told"]


def test_the_sample_plan_says_and_shows_all_that_it_has():
    read = plan.load(ROOT / "data")
    assert check_templates(read, ROOT / "templates" / "sections", {}) == ()
