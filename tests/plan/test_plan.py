from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support import plancases, smallplan
from wikiplan.errors import Faults
from wikiplan.plan.facttypes import Date, FiscalYear, Link, Number
from wikiplan.plan.plan import Plan, PriorityLanguages, SectionSpec, Term, check, load
from wikiplan.plan.yamledit import UnwritableError, set_texts

SAMPLE = Path(__file__).parents[2] / "data"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a copy of the small plan of the cases."""
    return Path(shutil.copytree(plancases.CASES / "base", tmp_path / "data"))


def _add(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_the_sample_plan_makes_the_pages_of_the_department() -> None:
    plan = load(SAMPLE)
    assert (plan.site, plan.source_language) == ("meta:meta", "en")
    assert plan.languages == ("en", "ar", "de", "es", "fr", "he", "ja")
    assert {page.title: [section.name for section in page.sections] for page in plan.pages} == {
        "Community Resilience and Sustainability": [
            "overview",
            "mission",
            "priorities-2020-2021",
            "office-hours",
        ],
        "Community Resilience and Sustainability/Priorities 2021–2022": [
            "navigation",
            "priorities-2021-2022",
            "teams",
        ],
    }


def test_words_that_a_template_needs_and_the_plan_lacks_come_with_wikiplan(base: Path) -> None:
    (base / "labels.yaml").write_text("status-planned: {text: intended}\n")
    plan = load(base)
    words = {key: unit.text for key, unit in plan.units.items() if key.startswith("labels.")}
    assert words == {
        "labels.status-planned": "intended",
        "labels.target": "target: $date",
        "labels.status-under-way": "under way",
        "labels.status-done": "done",
        "labels.status-dropped": "dropped",
    }
    with pytest.raises(UnwritableError, match="comes with wikiplan; write yours into"):
        set_texts(plan, {"labels.target": "wanted: $date"})
    pages = (base / "pages.yaml").read_text(encoding="utf-8")
    (base / "pages.yaml").write_text(f"{pages}statuses: {{planned: open, ended: done}}\n")
    assert {key for key, unit in load(base).units.items() if unit.is_shipped} == {"labels.target"}
    (base / "pages.yaml").write_text(pages.replace("source-language: en", "source-language: de"))
    other = load(base)
    assert other.source_language == "de"
    assert not any(unit.is_shipped for unit in other.units.values())


def test_units_have_their_key_text_variables_and_position(base: Path) -> None:
    plan = load(base)
    assert [key for key, unit in plan.units.items() if not unit.is_shipped][-4:] == [
        "priorities-2020-2021.heading",
        "priorities-2020-2021.intro",
        "priorities-2020-2021.gardens.roses",
        "priorities-2020-2021.paths.map",
    ]
    roses = plan.units["priorities-2020-2021.gardens.roses"]
    assert roses.text == "'''Roses:''' Plant them until $target. (See also: [[$paths|Paths]].)"
    assert roses.variables == {
        **plan.links,
        **plan.facts,
        "last_year": FiscalYear(2019),
        "year": FiscalYear(2020),
        "next_year": FiscalYear(2021),
        "target": Date("2021-05"),
    }
    assert (roses.line, roses.column) == (9, 15)
    assert roses.file == str(base / "priorities" / "2020-2021.yaml")
    assert plan.units["priorities-2020-2021.paths.map"].variables["count"] == Number(12)


def test_text_blocks_of_the_data_carry_the_keys_of_their_units(base: Path) -> None:
    data: Any = load(base).files["priorities/2020-2021"]
    assert data["teams"][0]["items"][0] == {
        "key": "roses",
        "label": "Roses",
        "text": "Plant them until $target.",
        "see-also": ["paths"],
        "target": "2021-05",
        "status": "planned",
        "unit": "priorities-2020-2021.gardens.roses",
    }


def test_links_have_their_targets(base: Path) -> None:
    assert load(base).links["office"] == Link(
        page="Office of Greenery", title="Office", translatable=True
    )


def test_the_glossary_has_longer_terms_before_those_in_them(base: Path) -> None:
    assert load(base).glossary == ()
    (base / "glossary.yaml").write_text(
        "terms:\n- {term: Roses, translations: {de: [Rosen]}}\n"
        "- {term: Old Roses, translations: {de: [Alte Rosen, Alten Rosen]}}\n"
    )
    assert load(base).glossary == (
        Term("Old Roses", {"de": ("Alte Rosen", "Alten Rosen")}),
        Term("Roses", {"de": ("Rosen",)}),
    )


def test_a_page_has_the_defaults_of_the_plan(base: Path) -> None:
    (page,) = load(base).pages
    assert page.languages == ("en", "ar", "de")
    assert (page.kind, page.language_pages, page.missing_page) == ("plain", "subpages", "create")
    assert (page.missing_section, page.redirect, page.drift) == ("refuse", "refuse", "keep")
    assert page.fallback == "english"
    assert page.sections == (
        SectionSpec("overview", "overview", "department", "keep"),
        SectionSpec("priorities", "priorities", "priorities/2020-2021", "keep"),
    )


def test_a_page_says_what_is_its_own(base: Path) -> None:
    _add(
        base / "pages.yaml",
        """
  - title: Paths
    languages: [en, de]
    missing-section: {after: History}
    redirect: follow
    fallback: outdated
    drift: reclaim
    sections:
      - {name: teams, template: teams, data: department}
      - {name: mission, template: mission, data: department, drift: keep}
  - title: Gate
    language-pages: none
    sections: [{name: teams, template: teams, data: department}]
""",
    )
    _, paths, gate = load(base).pages
    assert paths.languages == ("en", "de")
    assert paths.missing_section == {"after": "History"}
    assert (paths.redirect, paths.fallback) == ("follow", "outdated")
    assert [section.drift for section in paths.sections] == ["reclaim", "keep"]
    assert gate.languages == ("en",)


def test_a_translatable_page_has_ids_and_priority_languages(tmp_path: Path) -> None:
    case = plancases.CASES / "translatable-pages-have-ids-and-priority-languages.case"
    plancases.build(case, tmp_path)
    plan = load(tmp_path)
    (page,) = plan.pages
    assert (page.translatable, plan.most_outdated, plan.most_orphaned) == (True, 10, 3)
    assert page.priority_languages == PriorityLanguages(("ar", "fr"), True, "Few people translate")
    assert (page.ids["department.overview"], page.ids["priorities:department.garden"]) == (
        "1",
        "x-7",
    )


def test_loading_raises_every_fault_at_once(base: Path) -> None:
    _add(base / "links.yaml", "more: {}\n")
    _add(base / "labels.yaml", "more: {}\n")
    with pytest.raises(Faults) as caught:
        load(base)
    assert [(fault.key, fault.message.wrong) for fault in caught.value.faults] == [
        ("more.text", "the key is missing"),
        ("more", "the link $more is never used"),
        ("more.title", "the key is missing"),
    ]


def test_loading_does_not_mind_warnings(base: Path) -> None:
    _add(base / "links.yaml", "more: {page: More, title: More}\n")
    assert "more" in load(base).links


def test_catalogs_schemas_and_hidden_files_are_no_data(base: Path) -> None:
    for name in ("locale/x.yaml", "schema/x.yaml", ".hidden.yaml", ".git/x.yaml"):
        (base / name).parent.mkdir(exist_ok=True)
        (base / name).write_text("[")
    assert check(base) == (load(base), ())


def test_every_text_block_of_the_sample_plan_is_a_unit() -> None:
    plan = load(SAMPLE)
    assert sorted(_unit_keys(plan)) == sorted(plan.units)


def _unit_keys(plan: Plan) -> list[str]:
    def keys(data: Any) -> list[str]:
        if isinstance(data, dict):
            own = [data["unit"]] if isinstance(data.get("text"), str) else []
            return own + [key for value in data.values() for key in keys(value)]
        return [key for each in data for key in keys(each)] if isinstance(data, list) else []

    return keys(list(plan.files.values()))


def test_a_plan_is_the_sum_of_its_parts_on_each_site(tmp_path):
    pages = {"Plan": "", "Other": "site: meta:meta", "Third": ""}
    retired = (
        "retired:\n"
        "  - {title: Old, site: commons:commons, remains: text}\n"
        "  - {title: Other, site: meta:meta, section: gone, remains: text}\n"
    )
    smallplan.write(tmp_path, {"a": "A."}, pages, retired)
    whole = load(tmp_path / "data")
    assert whole.sites == ("lab:lab", "meta:meta", "commons:commons")
    parts = {site: whole.on(site) for site in whole.sites}
    assert {site: [page.title for page in part.pages] for site, part in parts.items()} == {
        "lab:lab": ["Plan", "Third"],
        "meta:meta": ["Other"],
        "commons:commons": [],
    }
    assert [page.title for page in parts["commons:commons"].retired] == ["Old"]
    assert parts["meta:meta"].pages[0].retired == {"gone": "text"}
    assert [part.elsewhere for part in parts.values()] == ["", "meta:meta", "commons:commons"]
