"""Sections of translatable pages: units, ids, layout (tests/cases/sourcetext/README.md)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.render.test_renderer import NOW, PLAN, ROOT, TEMPLATES
from tests.render.test_wording import VALUES
from wikiplan.plan import plan
from wikiplan.plan.facttypes import Date, Number
from wikiplan.plan.plan import PageSpec, Plan
from wikiplan.plan.units import Unit
from wikiplan.render import source
from wikiplan.render.renderer import PageSection, RenderedSection, Renderer
from wikiplan.render.source import BEGIN, END, MIDDLE, SourceWording
from wikiplan.translate import markup
from wikiplan.translate.rules import VERSIONS
from wikiplan.value import replace

CASES = Path(__file__).parents[1] / "cases" / "sourcetext"


def parts_of(case: Path) -> dict[str, str]:
    parts = re.split(r"^= (.+)\n", case.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    texts = (text.removesuffix("\n") for text in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True))


def lay_out(rendered: str) -> str:
    ids: list[str] = re.findall(r"⟦(\w+)\|", rendered)
    for number, id in enumerate(ids):
        rendered = rendered.replace(f"⟦{id}|", f"{BEGIN}{number}{MIDDLE}")
    rendered = rendered.replace("⟧", END)
    text = source.laid_out(rendered, dict(enumerate(ids)))
    source.texts_of(text, ids, "Page")
    return text


@pytest.mark.parametrize("case", sorted(CASES.glob("*.case")), ids=lambda case: case.stem)
def test_a_text_is_laid_out_as_written_down(case: Path):
    parts = parts_of(case)
    if "refused" in parts:
        with pytest.raises(ValueError, match=re.escape(parts["refused"])):
            lay_out(parts["rendered"])
    else:
        assert lay_out(parts["rendered"]) == parts["laid out"]


# Units


def source_of(text: str, **values: object) -> str:
    wording = SourceWording("en", NOW, lambda name: {})
    shown = wording.text(Unit("a.b", text, VALUES | values))
    return re.sub(f"^{BEGIN}0{MIDDLE}|{END}$", "", shown)


UNITS = [
    ("See [[$boats|boats]].",
     'See [[<tvar name="boats">Special:MyLanguage/Boats</tvar>|boats]].'),
    ("See [$map the map].",
     'See [<tvar name="map">https://example.org/?a=1&b=2</tvar> the map].'),
    ("In [[$cat]]", 'In [[<tvar name="cat">:Category:Boats</tvar>]]'),
    ("$n boats", '<tvar name="n">{{formatnum:3}}</tvar> boats'),
    ("{{PLURAL:$n|$n boat|$n boats}} in $n",
     '{{PLURAL:<tvar name="n">{{formatnum:3}}</tvar>|<tvar name="n">{{formatnum:3}}</tvar> boat|'
     '<tvar name="n">{{formatnum:3}}</tvar> boats}} in <tvar name="n">{{formatnum:3}}</tvar>'),
    ("In $year", 'In <tvar name="year"><bdi dir="ltr">{{formatnum:2020|NOSEP}}–'
     '{{formatnum:2021|NOSEP}}</bdi></tvar>'),
    ("By $month", 'By <tvar name="month">{{#time:F Y|2022-01|{{TRANSLATIONLANGUAGE}}}}</tvar>'),
    ("At $hour", 'At <tvar name="hour">{{#time:j xg Y|2022-01-01|{{TRANSLATIONLANGUAGE}}}}, '
     '<bdi dir="ltr">{{#time:H:i|2022-01-01 16:00|{{TRANSLATIONLANGUAGE}}}} UTC</bdi></tvar>'),
    ("By $nora and $avi",
     'By <tvar name="nora"><bdi>Nora</bdi></tvar> and <tvar name="avi"><bdi>אבי</bdi></tvar>'),
    ("By $bad", 'By <tvar name="bad"><bdi>&#91;&#91;x&#93;&#93; &#123;&#123;y&#125;&#125;</bdi>'
     '</tvar>'),
    ("As $call and [[$call|x]]", 'As <tvar name="call">{{x|[[y]]}}</tvar> and '
     '[[<tvar name="call">{{x|[[y]]}}</tvar>|x]]'),
    ("It costs $$5, $$ 5, $ 5 and $$year.", "It costs $5, $ 5, $ 5 and &#36;year."),
    ("$$$n boats", '$<tvar name="n">{{formatnum:3}}</tvar> boats'),
]  # fmt: skip


KEPT = [
    ("boats", "Special:MyLanguage/Boats"),
    ("cat", ":Category:Boats"),
    ("map", "https://example.org/?a=1&b=2"),
    ("n", "{{formatnum:3}}"),
    ("month", "{{#time:F Y|2022-01|{{TRANSLATIONLANGUAGE}}}}"),
    ("nora", "<bdi>Nora</bdi>"),
]


@pytest.mark.parametrize(("name", "value"), KEPT)
def test_a_variable_that_a_text_lost_stays_defined_and_nobody_sees_it(name: str, value: str):
    wording = SourceWording("en", NOW, lambda name: {})
    text = wording.text(Unit("a.b", "No more.", VALUES, kept=(name, "unknown")))
    assert text == (f'{BEGIN}0{MIDDLE}No more.<!--<tvar name="{name}">{value}</tvar>-->{END}')


@pytest.mark.parametrize(("text", "expected"), UNITS)
def test_a_unit_has_its_variables_marked(text: str, expected: str):
    assert source_of(text) == expected


@pytest.mark.parametrize("text", [text for text, _ in UNITS if "$$" not in text])
def test_translators_see_the_text_as_it_is_in_the_plan(text: str):
    assert markup.definition(unit_of(source_of(text))) == text


def unit_of(text: str) -> markup.PageUnit:
    (unit,) = markup.parse(f"<translate>{text}</translate>").units
    return unit


def test_a_name_has_one_value_in_a_unit_that_of_a_links_target():
    for text in ("[[$boats|$boats]]", "$boats [[$boats|it]]", "[$map $map]"):
        values = {variable.value for variable in markup.variables(unit_of(source_of(text)))}
        assert len(values) == 1
    assert source_of("[[Plan $month|$month]]").count("January 2022") == 2


def test_numbers_with_signs_are_isolated_but_for_those_that_choose_a_plural_form():
    assert source_of("$x", x=Number(-5)) == (
        '<tvar name="x"><bdi dir="ltr">{{formatnum:-5}}</bdi></tvar>'
    )
    assert "bdi" not in source_of("{{PLURAL:$x|$x}}", x=Number(-5))


def test_styles_of_dates():
    shown = {
        style: re.findall(r"#time:(.*?)\|", source_of("$x", x=Date("2022-01-15", style)))
        for style in ("short", "medium", "long", "full")
    }
    assert shown == {
        "short": ["Y-m-d"], "medium": ["j M Y"], "long": ["j xg Y"], "full": ["l, j xg Y"],
    }  # fmt: skip


# Ids


def page_of(**more: object) -> PageSpec:
    loaded = plan.load(ROOT / "data")
    return replace(loaded.pages[0], kind="translatable", **more)


def test_an_id_is_the_key_or_begins_with_the_section():
    page = page_of()
    section = page.sections[2]
    key = "priorities-2020-2021.human-rights.training"
    assert source.id_of(page, section, key) == key
    assert source.id_of(page, section, "department.human-rights") == (
        "priorities-2020-2021.department.human-rights"
    )


def test_an_id_that_pages_yaml_declares_is_kept():
    ids = {"department.human-rights": "9", "mission:department.human-rights": "12"}
    page = page_of(ids=ids)
    sections = {section.name: section for section in page.sections}
    found = {
        name: source.id_of(page, sections[name], "department.human-rights")
        for name in ("mission", "priorities-2020-2021")
    }
    assert found == {"mission": "12", "priorities-2020-2021": "9"}


def test_an_id_that_is_too_long_or_twice_there_is_refused():
    page = page_of()
    with pytest.raises(ValueError, match="has 105 bytes; shorten it to 100"):
        source.id_of(page, page.sections[0], "x" * 96)
    with pytest.raises(ValueError, match=r"the unit “labels\.done” stands twice"):
        source.ids_of(page, page.sections[0], ["labels.done", "department.x", "labels.done"])
    (message,) = source.doubled({"a": ["1", "2"], "b": ["3", "2"]})
    assert message == (
        "section b: the unit id “2” is in section a too; say under “ids:” in pages.yaml which id "
        "the unit has here: “b:KEY: ID”"
    )


# Sections


def translatable_plan(directory: Path) -> Plan:
    loaded = plan.load(directory)
    pages = tuple(replace(page, kind="translatable") for page in loaded.pages)
    return replace(loaded, pages=pages)


def rendered(loaded: Plan, now: datetime = NOW) -> Mapping[tuple[str, str], RenderedSection]:
    renderer = Renderer(loaded, {}, TEMPLATES, now)
    source = loaded.source_language
    return {
        (page.title, section.name): renderer.section(PageSection(page, section, source, source))
        for page in loaded.pages
        for section in page.sections
    }


@pytest.mark.parametrize("directory", [ROOT / "data", PLAN], ids=["sample", "cases"])
@pytest.mark.parametrize("version", VERSIONS)
def test_marking_a_rendered_page_changes_nothing(directory: Path, version: str):
    found = rendered(translatable_plan(directory))
    pages: dict[str, list[str]] = {}
    for (title, _), section in found.items():
        pages.setdefault(title, []).append(section.text)
        units = markup.parse(section.text, version).units
        assert [(unit.id, unit.text) for unit in units] == [(u.id, u.text) for u in section.units]
    for title, texts in pages.items():
        text = "\n\n".join(texts)
        page = markup.parse(text, version)
        assert markup.mark_errors(page, title, version) == ()
        assert markup.marked(page, title=title, version=version) == text


def test_a_units_id_stays_when_the_order_changes_and_time_goes_by():
    loaded = translatable_plan(ROOT / "data")
    turned = replace(loaded, files={stem: turn(data) for stem, data in loaded.files.items()})
    for now in (NOW, datetime(2022, 1, 1, tzinfo=UTC)):
        one, other = rendered(loaded, now), rendered(turned, now)
        for name, section in one.items():
            assert sorted(section.units) == sorted(other[name].units)
        assert [s.units for s in one.values()] != [s.units for s in other.values()]
    early = {unit.id: unit.key for s in rendered(loaded).values() for unit in s.units}
    late = {unit.id: unit.key for s in one.values() for unit in s.units}
    assert {id: early[id] for id in early if id in late} == {
        id: late[id] for id in late if id in early
    }


def turn(data: object) -> object:
    """Return data with every list backwards."""
    if isinstance(data, list):
        return [turn(item) for item in reversed(data)]
    return {key: turn(value) for key, value in data.items()} if isinstance(data, dict) else data


def test_the_keys_of_units_are_those_of_the_plan():
    loaded = translatable_plan(ROOT / "data")
    for section in rendered(loaded).values():
        for unit in section.units:
            assert unit.key in loaded.units
            assert unit.id.endswith(unit.key)


DECLARED = """
    department.overview department.mission-heading department.mission
    priorities-2020-2021.heading priorities-2020-2021.intro
    department.community-development learning consultation
    department.human-rights protocol training
    department.movement-strategy-and-governance strategy
    department.trust-and-safety anti-harassment policy operations disinformation
    office-hours.heading office-hours.goal
""".split()


WITHOUT_FACTS = {
    "department": (
        (r"name: \{text: (.+)\}\n    link: (\w+)", r'text: "[[$\2|\1]]"'),
        (r"\$department", "CRS"),
        (r"\$parent_link\|\$parent", "$legal|Legal"),
        (r"\$lead_link\|\$lead\]\], \$lead_title", "$vp|Her]]"),
        (r"\{\{PLURAL:[^}]+\}\}", "Teams"),
        (r"\$team_list", "[[$cd|A]], [[$hr|B]], [[$msg|C]], [[$ts|D]]"),
    ),
    "priorities/2020-2021": ((r"\$team_\w+", "the team"),),
}
"""What makes the sample plan one whose texts have links and names as the real page has them."""


def test_the_sample_plan_takes_over_the_units_of_the_real_page(tmp_path: Path):
    path = ROOT.parent / "shared" / "pages" / "Community_Resilience_and_Sustainability.wiki"
    if not path.exists():
        pytest.skip("../shared/pages is missing: the real page is not part of the project")
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    for stem, changes in WITHOUT_FACTS.items():
        file = data / f"{stem}.yaml"
        for pattern, words in changes:
            file.write_text(re.sub(pattern, words, file.read_text("utf-8")), "utf-8")
    loaded = translatable_plan(data)
    keys = [
        next(key for key in loaded.units if key.endswith(name) and "2021-2022" not in key)
        for name in DECLARED
    ]
    ids = {key: str(number) for number, key in enumerate(keys, start=1)}
    hours = {**loaded.files["office-hours"], "events": []}
    loaded = replace(
        loaded,
        pages=(replace(loaded.pages[0], ids=ids),),
        files={**loaded.files, "office-hours": hours},
    )
    ours = "\n\n".join(section.text for section in rendered(loaded).values())
    theirs = path.read_text(encoding="utf-8")
    assert units_of(ours) == units_of(theirs)


def units_of(text: str) -> list[tuple[object, ...]]:
    """Return each unit's id, the line start before it, whether it is a heading, and its links."""
    found = []
    for unit in markup.parse(text).units:
        line = text[text.rfind("\n", 0, unit.start) + 1 : unit.start].removesuffix("<translate>")
        links = sorted(v.value for v in markup.variables(unit) if "{{" not in v.value)
        found.append((unit.id, line, re.match("=*", unit.text)[0], links))
    return found
