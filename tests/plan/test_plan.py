from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.support import plancases
from wikiplan.errors import Faults
from wikiplan.plan import schema
from wikiplan.plan.facttypes import Date, FiscalYear, Link, Number
from wikiplan.plan.kinds import kind_of
from wikiplan.plan.plan import Plan, PriorityLanguages, SectionSpec, Term, check, load
from wikiplan.plan.source import read_source
from wikiplan.plan.yamlfile import places_in, value_in

SAMPLE = Path(__file__).parents[2] / "data"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a copy of the small plan of the cases."""
    return Path(shutil.copytree(plancases.CASES / "base", tmp_path / "data"))


def _add(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize("case", plancases.all_cases(), ids=plancases.sentence)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = plancases.build(case, tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    assert "\n".join(map(str, check(Path("data")))) == expected


def test_the_sample_plan_has_no_faults() -> None:
    assert check(SAMPLE) == ()


def test_the_sample_plan_is_checked_within_a_second() -> None:
    started = time.process_time()
    check(SAMPLE)
    assert time.process_time() - started < 1


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


def test_units_have_their_key_text_variables_and_position(base: Path) -> None:
    plan = load(base)
    assert list(plan.units)[-4:] == [
        "priorities-2020-2021.heading",
        "priorities-2020-2021.intro",
        "priorities-2020-2021.gardens.roses",
        "priorities-2020-2021.paths.map",
    ]
    roses = plan.units["priorities-2020-2021.gardens.roses"]
    assert roses.text == "'''Roses:''' Plant them until $target. (See also: [[$paths|Paths]].)"
    assert roses.variables == {
        **plan.links,
        "year": FiscalYear(2020),
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
    assert [(fault.key, fault.message) for fault in caught.value.faults] == [
        ("more.text", "the key is missing"),
        ("more", "the link $more is never used"),
        ("more.title", "the key is missing"),
    ]


def test_loading_does_not_mind_warnings(base: Path) -> None:
    _add(base / "links.yaml", "more: {page: More, title: More}\n")
    assert "more" in load(base).links


def test_an_empty_folder_and_no_folder_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    assert [str(fault) for name in ("data", "dat") for fault in check(Path(name))] == [
        "data:0:0: the plan is empty; add department.yaml and pages.yaml",
        "dat:0:0: the folder does not exist; name one that has the plan's files (-data:DIR)",
    ]


def test_catalogs_schemas_and_hidden_files_are_no_data(base: Path) -> None:
    for name in ("locale/x.yaml", "schema/x.yaml", ".hidden.yaml", ".git/x.yaml"):
        (base / name).parent.mkdir(exist_ok=True)
        (base / name).write_text("[")
    assert check(base) == ()


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


FILES = sorted(path for path in SAMPLE.rglob("*.yaml") if "locale" not in path.parts)
PIECES = [b"", b"\x00", b"\xff", b"\t", b"\n", b":", b"- ", b"[", b"{", b"&a ", b"*a", b"!!str "]
PIECES += [b"'", b'"', b"~", b"null", b"12", b"key: x\n", b"text: 4\n", b"? ", b"---\n", b"#"]


VALUES: list[Any] = [None, True, 4, "", "x", "2022-01", [], {}, [4], {"text": "x"}, {"text": 4}]
VALUES += [[{"key": "x", "text": "$x"}], {"link": "x"}, {"text": "x", "variables": {"x": {}}}]


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(["bytes", "values"]))
def test_a_mutated_plan_is_loaded_or_refused_but_nothing_breaks(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, what: str
) -> None:
    directory = tmp_path_factory.mktemp("plan") / "data"
    shutil.copytree(plancases.CASES / "base", directory)
    path = data.draw(st.sampled_from(sorted(directory.rglob("*.yaml"))))
    change = _other_bytes if what == "bytes" else _other_value
    path.write_bytes(change(path.read_bytes(), data))
    if any(not fault.warning for fault in check(directory)):
        with pytest.raises(Faults):
            load(directory)
    else:
        load(directory)


def _other_value(text: bytes, data: st.DataObject) -> bytes:
    """Return the text with the value, or the key, of one place replaced."""
    root = YAML(typ="safe", pure=True).load(text)
    place = data.draw(st.sampled_from(list(places_in(root))[1:]))
    around, step = value_in(root, place[:-1]), place[-1]
    if isinstance(around, dict) and data.draw(st.booleans(), "the key"):
        around[data.draw(st.sampled_from(["text", "key", "items", "x", "X y"]))] = around.pop(step)
    else:
        around[step] = data.draw(st.sampled_from(VALUES))
    return json.dumps(root).encode()


def _other_bytes(text: bytes, data: st.DataObject) -> bytes:
    """Return the text with a stretch of bytes or lines put elsewhere, doubled, lost or replaced."""
    lines = text.splitlines(keepends=True)
    if data.draw(st.booleans(), "whole lines"):
        start = data.draw(st.integers(0, len(lines) - 1))
        piece = data.draw(st.sampled_from([b"", lines[start] * 2, b"  " + lines[start], *lines]))
        return b"".join([*lines[:start], piece, *lines[start + 1 :]])
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(len(text), start + 12)))
    return text[:start] + data.draw(st.sampled_from(PIECES)) + text[stop:]


@pytest.mark.parametrize("kind", schema.schemas())
def test_the_shipped_schemas_are_those_of_the_model(kind: str) -> None:
    shipped = (SAMPLE / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert shipped == schema.text(schema.schemas()[kind]), (
        "run: python -m wikiplan.plan.schema data/schema"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_file_names_the_schema_that_it_follows(path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    stem = path.relative_to(SAMPLE).with_suffix("").as_posix()
    described = json.loads(named.read_text(encoding="utf-8"))
    assert described["$id"] == f"{kind_of(stem)}.json"
    jsonschema.Draft202012Validator.check_schema(described)
    jsonschema.validate(read_source(SAMPLE).documents[stem].data, described)


@pytest.mark.parametrize(
    ("stem", "wrong"),
    [
        ("links", {"Bad name": {"page": "P", "title": "T"}}),
        ("links", {"a": {"page": "P", "title": "T", "colour": "red"}}),
        ("priorities/2020-2021", {"heading": {"text": "H"}}),
        ("recipes", {"soup": [{"key": "a", "text": 4}]}),
        ("pages", {"site": "meta"}),
    ],
)
def test_the_schemas_refuse_what_the_check_refuses(stem: str, wrong: object) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(schema.schemas()[kind_of(stem)])
    assert not validator.is_valid(wrong)


def test_the_combined_schema_takes_every_sample_file_and_nothing_else() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(schema.combined())
    for document in read_source(SAMPLE).documents.values():
        assert validator.is_valid(document.data), document.file
    assert not validator.is_valid("words")
