"""The JSON Schemas of the plan's files: those that are shipped, and what they take and refuse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.support import smallplan
from wikiplan.catalogs import Catalogs
from wikiplan.plan import plan, schema
from wikiplan.plan.kinds import kind_of
from wikiplan.plan.shapes import SHAPES
from wikiplan.plan.source import read_source
from wikiplan.render import section_templates
from wikiplan.render.renderer import check_templates
from wikiplan.yaml import yamlfile

SAMPLE = Path(__file__).parents[2] / "data"
FILES = sorted(path for path in SAMPLE.rglob("*.yaml") if "locale" not in path.parts)

_TESTS = Path(__file__).parents[1]
PLANS = [SAMPLE, *sorted(path.parent for path in _TESTS.glob("cases/**/department.yaml"))]
_CASES = _TESTS / "cases" / "mistakes" / "mistakes.yaml"
MISTAKES = YAML(typ="safe", pure=True).load(_CASES)


def mistaken(case: dict[str, str]) -> str:
    """Return a file of the sample plan with one mistake in it."""
    text = (SAMPLE / case["file"]).read_text(encoding="utf-8")
    assert text.count(case["was"]) == 1
    return text.replace(case["was"], case["is"])


@pytest.mark.parametrize("kind", schema.schemas())
def test_the_shipped_schemas_are_those_of_the_model(kind: str) -> None:
    shipped = (SAMPLE / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert shipped == schema.text(schema.schemas()[kind]), "run: make schema"


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


@pytest.fixture(scope="module")
def own() -> dict[str, schema.Schema]:
    """The schemas of the sample plan, with its names."""
    source = read_source(SAMPLE)
    return schema.schemas(
        schema.names_in(source.data, section_templates(SAMPLE.parent / "templates"))
    )


@pytest.mark.parametrize("data", PLANS, ids=lambda data: data.parent.name)
def test_a_plan_s_own_schemas_take_each_of_its_files(data: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    source = read_source(data)
    own = schema.schemas(schema.names_in(source.data, section_templates(data.parent / "templates")))
    for stem, document in source.documents.items():
        jsonschema.validate(document.data, own[kind_of(stem)])


@pytest.mark.parametrize("each", MISTAKES, ids=lambda each: each["mistake"])
def test_an_editor_sees_most_mistakes_as_they_are_typed(
    each: dict[str, str], own: dict[str, schema.Schema]
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    stem = each["file"].removesuffix(".yaml")
    document, faults = yamlfile.parsed(mistaken(each), each["file"], [])
    validator = jsonschema.Draft202012Validator(own[kind_of(stem)])
    seen = bool(faults) or document is None or not validator.is_valid(document.data)
    assert seen == ("editor" not in each)


def test_all_but_two_of_forty_nine_mistakes_are_seen() -> None:
    assert len(MISTAKES) == 49
    assert sum("editor" in each for each in MISTAKES) == 2


@pytest.mark.parametrize("each", MISTAKES, ids=lambda each: each["mistake"])
def test_the_check_finds_every_mistake_and_tells_the_way_out(
    each: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(SAMPLE, tmp_path / "data", ignore=shutil.ignore_patterns("locale", "schema"))
    (tmp_path / "data" / each["file"]).write_text(mistaken(each), encoding="utf-8")
    read, faults = plan.check(tmp_path / "data")
    if read:
        faults += check_templates(read, tmp_path, Catalogs(tmp_path, ()))
    assert each["told"] in "\n".join(str(fault) for fault in faults if not fault.warning)


@pytest.mark.parametrize(
    ("kind", "place", "keys"),
    [
        ("links", ("office",), ("page", "url", "title", "translatable")),
        ("links", (), ()),
        (
            "pages",
            ("pages", 3, "sections", 0),
            ("name", "template", "data", "item", "drift", "came-from", "languages"),
        ),
        ("glossary", ("terms", 0), ("term", "note", "translations")),
        ("glossary", ("terms", 0, "translations"), ()),
        ("priorities", ("teams", 0), ("key", "items")),
        ("department", ("lead",), ("person", "name", "title", "link")),
        ("department", ("lead", "name"), ()),
        ("department", ("nothing", "there"), ()),
        ("languages", ("fa",), ("digits", "months", "quarters", "halves", "fiscal-year")),
    ],
)
def test_the_keys_that_a_mapping_may_have(
    kind: str, place: tuple[str | int, ...], keys: tuple[str, ...]
) -> None:
    assert schema.known_keys(SHAPES[kind], place) == keys


@pytest.mark.parametrize(
    ("kind", "place", "value", "said"),
    [
        ("office-hours", ("events", 0, "minutes"), 60, {"type": "integer", "minimum": 1}),
        ("office-hours", ("events", 0, "notes"), "talk", {"names": "links", "type": "string"}),
        ("office-hours", ("events", 0, "notes", "de"), "talk", {"names": "links"}),
        ("labels", ("x", "variables", "count"), 60, {"type": ["number", "string"]}),
        ("labels", ("x", "variables", "d", "style"), "long", {"type": "string"}),
        ("people", ("ada", "name", "change"), "typo", {"const": "typo", "type": "string"}),
        ("links", ("a", "translatable"), True, {"type": "boolean"}),
        ("department", ("mission",), {}, {"required": ["text"]}),
        ("department", ("nothing", "there"), "x", {}),
        ("own", ("rounds", 0, "note"), "x", {"description": "Words for translators."}),
        ("own", ("rounds", 0, "amount"), 5, {}),
    ],
)
def test_a_value_is_described_by_the_form_that_it_has(
    kind: str, place: tuple[str | int, ...], value: object, said: dict[str, object]
) -> None:
    assert {**(found := schema.described_at(kind, place, value)), **said} == found


def test_what_a_value_is_comes_first_from_its_own_place() -> None:
    told = schema.described_at("office-hours", ("events", 0, "notes"), "talk")
    assert told["description"] == "The name of a link in links.yaml, or one by language."
    told = schema.described_at("department", ("mission", "text"), "We help.")
    assert told["description"] == "English wikitext with $variables."


def test_items_of_items_have_the_keys_of_items() -> None:
    item = schema.known_keys(SHAPES["priorities"], ("teams", 0, "items", 0))
    assert "target" in item and "unit" not in item
    assert schema.known_keys(SHAPES["priorities"], ("teams", 0, "items", 0, "items", 7)) == item


def test_every_schema_is_written_to_a_folder_under_the_name_of_its_kind(tmp_path: Path) -> None:
    schema.write(tmp_path / "data" / "schema")
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "data/schema").iterdir()}
    assert written == {f"{kind}.json": schema.text(each) for kind, each in schema.schemas().items()}
    assert all(text.endswith("}\n") for text in written.values())


def test_a_schema_has_no_words_that_tell_people_nothing() -> None:
    names = ("properties", "patternProperties", "$defs")

    def visit(each: object, *, is_names: bool = False) -> None:
        if isinstance(each, list):
            for inner in each:
                visit(inner)
        if not isinstance(each, dict):
            return
        if not is_names:
            assert each.get("default", "something") not in ("", None, [], {}), each
            assert len(each.get("anyOf", [1, 2])) > 1, each
        for key, inner in each.items():
            visit(inner, is_names=not is_names and key in names)

    for each in schema.schemas().values():
        visit({key: value for key, value in each.items() if key != "title"})


OWN_FILES = {
    "tools": """\
heading: {text: Tools}
tools:
  - {key: spade, text: Spades., bought: 2021-05, parts: 2}
  - {key: can, text: Watering cans., note: Of tin., seen: {by: [ada], good: true}}
""",
    "sheds/north": "heading: {text: North}\nplaces: [{key: a, text: A.}]\n",
    "sheds/south": "heading: {text: South}\nopen: 8\nplaces: [{key: b, text: B., size: 3}]\n",
}


@pytest.fixture
def own_schemas(tmp_path: Path) -> dict[str, schema.Schema]:
    smallplan.write(tmp_path, {"a": "Text."})
    for stem, text in OWN_FILES.items():
        path = tmp_path / "data" / f"{stem}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return schema.own_schemas(read_source(tmp_path / "data"))


def test_a_kind_of_one_s_own_has_a_schema_with_the_keys_of_its_files(own_schemas, tmp_path: Path):
    jsonschema = pytest.importorskip("jsonschema")
    assert list(own_schemas) == ["a", "sheds", "tools"]
    for stem, document in read_source(tmp_path / "data").documents.items():
        if kind_of(stem) == "own":
            described = own_schemas[stem.partition("/")[0]]
            jsonschema.Draft202012Validator.check_schema(described)
            jsonschema.validate(document.data, described)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("bought", "boght"),
        ("key: can, ", ""),
        ("parts: 2", "parts: [2]"),
        ("good: true", "god: true"),
        ("heading: {text: Tools}", "headng: {text: Tools}"),
        ("note: Of tin.", "note: [Of tin.]"),
        ("Spades.,", "Spades., label: 7,"),
    ],
)
def test_such_a_schema_underlines_what_no_file_of_the_kind_has(
    own_schemas, before, after, tmp_path
):
    jsonschema = pytest.importorskip("jsonschema")
    path = tmp_path / "data" / "tools.yaml"
    text = path.read_text()
    path.write_text(text.replace(before, after, 1))
    assert path.read_text() != text
    validator = jsonschema.Draft202012Validator(own_schemas["tools"])
    data = read_source(tmp_path / "data").documents["tools"].data
    assert not validator.is_valid(data)
    assert validator.is_valid({"tools": [{"key": "rake", "text": "Rakes.", "change": "typo"}]})
