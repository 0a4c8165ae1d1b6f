"""Sections as they stand on the wiki. ``python tests/test_render.py`` accepts what is rendered."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.render.test_escaping import hostile
from tests.support import smallplan
from wikiplan.catalogs import catalog
from wikiplan.catalogs.catalog import Catalog
from wikiplan.errors import Faults
from wikiplan.plan import plan
from wikiplan.plan.plan import Plan
from wikiplan.render.escaping import normalised
from wikiplan.render.renderer import (
    PageSection,
    RenderedSection,
    Renderer,
    check_templates,
)
from wikiplan.value import replace

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parents[1] / "cases" / "render"
PLAN = CASES / "plan"
EXPECTED = CASES / "expected"
TRANSLATABLE = CASES / "translatable"
TEMPLATES = ROOT / "templates"
NOW = datetime(2021, 7, 1, 12, tzinfo=UTC)
OWN_PAGES = """\
site: folder:cases
source-language: en
languages: [en, ar, de]
pages:
  - title: Own
    sections:
      - {name: own, template: own, data: own}
"""


def catalogs_of(directory: Path, loaded: Plan) -> Mapping[str, Catalog]:
    return catalog.load_all(directory / "locale", loaded.languages)


def renderer_of(directory: Path, templates: Path = TEMPLATES, now: datetime = NOW) -> Renderer:
    loaded = plan.load(directory)
    return Renderer(loaded, catalogs_of(directory, loaded), templates, now)


@cache
def pages_of(directory: Path) -> dict[str, str]:
    """Return all sections of each page and language in one text, each below its name."""
    loaded = plan.load(directory)
    renderer = Renderer(loaded, catalogs_of(directory, loaded), TEMPLATES, NOW)
    return {
        f"{page.title.replace('/', '_')}.{language}.wiki": "".join(
            f"[{s.name}]\n{renderer.section(PageSection(page, s, language, 'en')).text}\n\n"
            for s in page.sections
        )
        for page in loaded.pages
        for language in page.languages
    }


@cache
def translatable_pages_of(directory: Path) -> dict[str, str]:
    """Return each page as it would be if it were marked for translation."""
    loaded = plan.load(directory)
    pages = tuple(replace(page, kind="translatable") for page in loaded.pages)
    renderer = Renderer(replace(loaded, pages=pages), {}, TEMPLATES, NOW)
    return {
        f"{page.title.replace('/', '_')}.wiki": "".join(
            f"[{s.name}]\n{renderer.section(PageSection(page, s, 'en', 'en')).text}\n\n"
            for s in page.sections
        )
        for page in pages
    }


def section_of(
    directory: Path, page: str, name: str, language: str, page_language: str = "en"
) -> RenderedSection:
    renderer, loaded = renderer_of(directory), plan.load(directory)
    spec = next(p for p in loaded.pages if p.title == page)
    section = next(s for s in spec.sections if s.name == name)
    return renderer.section(PageSection(spec, section, language, page_language))


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., RenderedSection]:
    """Return a function that renders a section kind that a department made itself."""

    def render(
        template: str, data: str = "x: 1", language: str = "en", page: str = ""
    ) -> RenderedSection:
        directory, templates = tmp_path / "data", tmp_path / "templates"
        directory.mkdir(exist_ok=True)
        templates.mkdir(exist_ok=True)
        for name in ("department.yaml", "labels.yaml", "links.yaml"):
            shutil.copy(PLAN / name, directory / name)
        own_pages = OWN_PAGES.replace("    sections:", f"    {page}\n    sections:")
        (directory / "pages.yaml").write_text(own_pages, encoding="utf-8")
        (directory / "own.yaml").write_text(data, encoding="utf-8")
        (templates / "own.wiki").write_text(template, encoding="utf-8")
        loaded = plan.load(directory)
        renderer = Renderer(loaded, {}, templates, NOW)
        return renderer.section(
            PageSection(loaded.pages[0], loaded.pages[0].sections[0], language, "en")
        )

    return render


# Whole pages


@pytest.mark.parametrize("name", sorted(path.name for path in EXPECTED.glob("*.wiki")))
def test_a_page_reads_as_written_down(name: str):
    assert pages_of(PLAN)[name] == (EXPECTED / name).read_text(encoding="utf-8")


def test_every_page_is_written_down():
    assert sorted(pages_of(PLAN)) == sorted(path.name for path in EXPECTED.glob("*.wiki"))


@pytest.mark.parametrize("name", sorted(path.name for path in TRANSLATABLE.glob("*.wiki")))
def test_a_translatable_page_reads_as_written_down(name: str):
    assert translatable_pages_of(PLAN)[name] == (TRANSLATABLE / name).read_text(encoding="utf-8")


def test_every_translatable_page_is_written_down():
    assert sorted(translatable_pages_of(PLAN)) == sorted(p.name for p in TRANSLATABLE.glob("*"))


@pytest.mark.parametrize(("language", "file"), [("en", ""), ("ar", ".ar")])
def test_the_sample_plan_has_the_shape_of_the_real_page(language: str, file: str):
    real = ROOT.parent / "shared" / "pages" / f"Community_Resilience_and_Sustainability{file}.wiki"
    if not real.exists():
        pytest.skip("../shared/pages is missing: the real page is not part of the project")
    ours = pages_of(ROOT / "data")[f"Community Resilience and Sustainability.{language}.wiki"]
    theirs = real.read_text(encoding="utf-8")
    assert headings(ours) == headings(theirs)
    assert priority_nesting(ours) == priority_nesting(theirs)
    assert targets(theirs) <= targets(ours)


def headings(text: str) -> list[str]:
    found = re.findall(r"^== (.*?) ==", text, re.MULTILINE)
    return [re.sub(r"<[^>]*>", "", heading).replace("–", "-") for heading in found]


def priority_nesting(text: str) -> list[str]:
    priorities = re.split(r"^== .*? ==.*$", text, flags=re.MULTILINE)[2]
    return re.findall(r"^\*+", priorities, re.MULTILINE)


def targets(text: str) -> set[str]:
    plain = re.sub(r"</?tvar[^>]*>", "", text)
    links = set(re.findall(r"\[\[([^|\]]+)\|", plain))
    return {link for link in links if not link.startswith("Category:")}


# Promises


@pytest.mark.heavy
def test_rendering_knows_nothing_of_hash_seed_locale_and_time_zone():
    command = [sys.executable, "-m", "tests.render.test_renderer", "print"]
    outputs = [
        subprocess.run(
            command, env={**os.environ, **changes, "PYTHONPATH": str(ROOT)},
            capture_output=True, check=True, cwd=ROOT,
        ).stdout
        for changes in (
            {"PYTHONHASHSEED": "1", "LANG": "C", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"},
            {"PYTHONHASHSEED": "2", "LANG": "ar_EG.UTF-8", "LC_ALL": "", "TZ": "America/New_York"},
        )
    ]  # fmt: skip
    assert len(outputs[0]) > 5_000
    assert outputs[0] == outputs[1]


def test_a_page_in_the_sections_language_needs_no_wrapper():
    wrapped = section_of(PLAN, "Harbour", "mission", "ar").text
    bare = section_of(PLAN, "Harbour", "mission", "ar", page_language="ar").text
    assert wrapped == f'<div lang="ar" dir="rtl" class="mw-content-rtl">\n{bare}\n</div>'


def test_units_without_a_current_translation_are_reported():
    section = section_of(PLAN, "Harbour/Next", "priorities", "ar")
    assert section.untranslated == ("priorities-2021-2022.lights.fog",)
    assert section.outdated == ("priorities-2021-2022.lights.keeper",)


def test_the_source_language_is_never_untranslated():
    for page in plan.load(PLAN).pages:
        for section in page.sections:
            rendered = section_of(PLAN, page.title, section.name, "en")
            assert (rendered.untranslated, rendered.outdated) == ((), ())


def test_no_language_gets_an_empty_list_item_or_heading():
    for text in pages_of(ROOT / "data").values():
        assert not re.search(r"^(?:[*#:;]+|(=+) *\1) *$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("now", "groups"),
    [
        ("2021-04-01", ["Next", "spring", "Later", "off", "summer", "autumn"]),
        ("2021-04-15T16:59", ["Next", "spring", "Later", "off", "summer", "autumn"]),
        ("2021-04-15T17:00", ["Next", "summer", "Later", "off", "autumn", "Past", "spring"]),
        ("2022-02-01", ["Past", "autumn", "summer", "off", "spring"]),
    ],
)
def test_office_hours_move_on_with_the_clock(now: str, groups: list[str]):
    loaded = plan.load(PLAN)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    renderer = Renderer(loaded, {}, TEMPLATES, moment)
    page = loaded.pages[0]
    section = next(s for s in page.sections if s.name == "office-hours")
    text = renderer.section(PageSection(page, section, "en", "en")).text
    days = {"April 15": "spring", "July 8": "off", "July 15": "summer", "October 14": "autumn"}
    found = re.findall(r"^'''(\w+)'''$|^\* (?:'''|<s>)(\w+ \d+),", text, re.MULTILINE)
    assert [group or days[day] for group, day in found] == groups


def test_text_is_stored_as_it_was_rendered():
    assert normalised("\n\nא\u0301 \t\r\nb\n\n\n\nc\r\n\n") == "א\u0301\nb\n\nc"
    assert normalised("e\u0301") == "é"


# Own section kinds


def test_a_department_adds_a_section_kind_with_a_template_and_a_file(own):
    template, data, expected = (
        (CASES / "own" / name).read_text(encoding="utf-8")
        for name in ("own.wiki", "own.yaml", "expected.wiki")
    )
    assert own(template, data).text == expected.rstrip("\n")


def test_hostile_values_are_inert_in_paragraph_list_table_and_argument(own):
    values = ["Zz", *sendable()]
    template = (CASES / "hostile.wiki").read_text(encoding="utf-8")
    text = own(template, f"values: {json.dumps(values, ensure_ascii=False)}").text
    signs, *others = text.removesuffix("@@@").split("@@@\n")
    for value, places in zip(values[1:], others, strict=True):
        assert syntax(places) == syntax(signs), value
        assert html.unescape(places.split("\n", 1)[0]) == value


def sendable() -> list[str]:
    """Return the hostile strings that a YAML file can hold and ``plan_check`` lets pass."""
    refused = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
    return [t for t in hostile() if not refused.search(t) and unicodedata.is_normalized("NFC", t)]


def syntax(text: str) -> str:
    """Return the text without entities, letters, marks, digits and spaces."""
    signs = re.sub(r"&#\d+;", "", text)
    return "".join(c for c in signs if c != " " and unicodedata.category(c)[0] not in "LMN")


# Mistakes


def faults_of(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(Faults) as caught:
        call(*arguments)
    (fault,) = caught.value.faults
    return re.sub(r"^.*(templates/)", r"\1", str(fault))


# Translatable pages

ITEMS = "items: [{key: a, text: One}, {key: b, text: Two}]"


def translatable_own(own: Callable[..., RenderedSection], template: str) -> RenderedSection:
    return own(template, ITEMS, page="kind: translatable")


def test_a_word_that_is_said_of_items_has_an_id_for_each(own):
    section = translatable_own(
        own, "{% for x in data['items'] %}\n* {{ x.text }}: {{ x | label('host') }}\n{% endfor %}"
    )
    assert [(unit.id, unit.key) for unit in section.units] == [
        ("own.a", "own.a"),
        ("own.a.labels.host", "labels.host"),
        ("own.b", "own.b"),
        ("own.b.labels.host", "labels.host"),
    ]


def test_the_title_of_a_link_is_a_unit_on_a_translatable_page(own):
    section = translatable_own(own, "* {{ 'map' | link(of=data['items'][1]) }}")
    assert (section.text, section.units) == (
        "* [https://example.org/map?a=1&b=2 <translate><!--T:own.b.links.map--> "
        "Map of the harbour</translate>]",
        (("own.b.links.map", "links.map", "Map of the harbour"),),
    )


def test_facts_in_a_template_are_left_to_the_wiki(own):
    template = (
        "{{ '2022-01' | date }} {{ now | date('full') }} {{ now | time }} {{ 1250 | number }} "
        "{{ '2021-2022' | fiscal_year }} {{ ['a', 'b'] | join_list }} {{ 'Ö' | isolate }}"
    )
    assert translatable_own(own, template).text == (
        "{{#time:F Y|2022-01}} {{#time:l, j xg Y|2021-07-01}} {{#time:j xg Y|2021-07-01}}, "
        '<bdi dir="ltr">{{#time:H:i|2021-07-01 12:00}} UTC</bdi> {{formatnum:1250}} '
        '<bdi dir="ltr">{{formatnum:2021|NOSEP}}–{{formatnum:2022|NOSEP}}</bdi> a · b '
        "<bdi>Ö</bdi>"
    )


TRANSLATABLE_MISTAKES = [
    ("{{ data['items'][0].text }} {{ data['items'][0].text }}",
     "the unit “own.a” stands twice, and a translatable page needs one id for each; say in the "
     "template which item it is said of: {{ item | label(NAME) }}, {{ NAME | link(of=item) }}"),
    ("{{ data | label('hots') }}", "labels has no key “hots” (did you mean “host”?)"),
    ("{{ data['items'] | label('host') }}", "is no item of the plan; give one that has a “key:”"),
    ("<translate>x</translate>", "the template has translate tags or markers of its own; remove"),
    ("{{ '2022-01' | date('tiny') }}", "“tiny” is no style; write short, medium, long, full"),
]  # fmt: skip


@pytest.mark.parametrize(("template", "message"), TRANSLATABLE_MISTAKES)
def test_a_mistake_in_a_template_for_a_translatable_page_is_told(own, template, message):
    with pytest.raises(Faults, match=re.escape(message)):
        translatable_own(own, template)


def test_units_that_stand_in_two_sections_of_a_page_need_two_ids(tmp_path: Path):
    loaded = plan.load(PLAN)
    page = loaded.pages[0]
    again = replace(page.sections[0], name="again")
    page = replace(page, kind="translatable", sections=(page.sections[0], again))
    (fault,) = check_templates(replace(loaded, pages=(page,)), TEMPLATES, {})
    assert "section again: the unit id “department.overview” is in section overview too" in str(
        fault
    )
    page = replace(page, ids={"again:department.overview": "5"})
    faults = check_templates(replace(loaded, pages=(page,)), TEMPLATES, {})
    assert [fault for fault in faults if not fault.warning] == []


def test_a_page_links_to_a_translatable_page_in_the_readers_language():
    loaded = plan.load(PLAN)
    first = replace(loaded.pages[0], kind="translatable")
    renderer = Renderer(replace(loaded, pages=(first, *loaded.pages[1:])), {}, TEMPLATES, NOW)
    page = loaded.pages[1]
    text = renderer.section(PageSection(page, page.sections[0], "ar", "ar")).text
    assert "[[Special:MyLanguage/Harbour|" in text


def test_a_missing_template_is_told_with_its_near_miss():
    loaded = plan.load(PLAN)
    page = loaded.pages[0]
    renderer = Renderer(loaded, {}, TEMPLATES, NOW)
    section = replace(page.sections[0], template="overvew")
    assert faults_of(renderer.section, PageSection(page, section, "en", "en")) == (
        "overvew.wiki:0:0: section “overview” of “Harbour” in en: there is no template "
        "“overvew.wiki”; did you mean “overview.wiki”?"
    )


def test_the_checks_name_what_templates_do_wrong(own, tmp_path: Path):
    own("fine")
    templates = tmp_path / "templates"
    (templates / "own.wiki").write_text("{% if data.never is defined %}{{ departmnt }}{% endif %}")
    (templates / "unused.wiki").write_text("\n{% endfor %}")
    faults = check_templates(plan.load(tmp_path / "data"), templates, {})
    assert [re.sub(r"^.*/", "", str(fault)) for fault in faults] == [
        "own.wiki:1:0: departmnt: templates have no such name; did you mean “department”?",
        "unused.wiki:2:0: Encountered unknown tag 'endfor'; correct the template or its data",
    ]


def test_a_fault_of_a_template_is_told_once_wherever_it_stands(tmp_path: Path):
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "unused.wiki").write_text("\n{% endfor %}")
    faults = check_templates(plan.load(PLAN), tmp_path, {})
    assert [str(fault).removeprefix(f"{tmp_path}/") for fault in faults] == [
        "sections/unused.wiki:2:0: Encountered unknown tag 'endfor'; "
        "correct the template or its data"
    ]


def test_the_templates_that_come_with_the_program_are_in_order():
    (warning,) = check_templates(plan.load(PLAN), TEMPLATES, {})
    assert str(warning) == (
        "tests/cases/render/plan/labels.yaml:1:1: warning: see-also: no template and no text of "
        "the plan shows it, but translators are asked for it; name the label in a template, or "
        "take it out"
    )
    assert check_templates(plan.load(ROOT / "data"), TEMPLATES, {}) == ()


@pytest.mark.parametrize("folder", [".", "sections"])
def test_a_template_of_the_department_stands_before_the_one_that_comes_along(
    folder: str, tmp_path: Path
):
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "mission.wiki").write_text("Ours: {{ data.mission.text }}")
    loaded = plan.load(PLAN)
    section = next(s for s in loaded.pages[0].sections if s.name == "mission")
    renderer = Renderer(loaded, {}, tmp_path, NOW)
    assert (
        renderer.section(PageSection(loaded.pages[0], section, "en", "en")).text
        == "Ours: We keep ships safe."
    )
    teams = next(s for s in loaded.pages[0].sections if s.name == "teams")
    assert renderer.section(PageSection(loaded.pages[0], teams, "en", "en")).text.startswith(
        "== Teams =="
    )


if __name__ == "__main__":
    for name, text in pages_of(PLAN).items():
        if sys.argv[1:] == ["print"]:
            sys.stdout.buffer.write(text.encode())
        else:
            (EXPECTED / name).write_text(text, encoding="utf-8")
    for name, text in translatable_pages_of(PLAN).items():
        if not sys.argv[1:]:
            (TRANSLATABLE / name).write_text(text, encoding="utf-8")


def counted(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by the template of each part of a section that is rendered."""
    found: list[str] = []
    before = Renderer._rendered

    def rendered(self: Renderer, name: str, *rest: Any) -> str:
        found.append(name)
        return before(self, name, *rest)

    monkeypatch.setattr(Renderer, "_rendered", rendered)
    return found


def test_what_the_check_rendered_is_not_rendered_again(tmp_path, monkeypatch):
    smallplan.write(tmp_path, {"a": "A.", "b": "B."}, top="languages: [en, de]\n")
    renderer = renderer_of(tmp_path / "data", tmp_path / "templates")
    (page,) = renderer._plan.pages
    wanted = [PageSection(page, section, "en", "en") for section in page.sections]
    found = counted(renderer, monkeypatch)
    assert renderer.check([page]) == ()
    assert found == ["line.wiki", "_notes.wiki"] * 2
    assert [renderer.section(each).text for each in wanted] == ["A.", "B."]
    assert len(found) == 4
    german = PageSection(page, page.sections[0], "de", "de")
    assert "A." in renderer.section(german).text
    assert len(found) == 6


def test_by_another_clock_all_is_rendered_anew(tmp_path):
    smallplan.write(tmp_path, {"a": "A."})
    (tmp_path / "templates" / "line.wiki").write_text("{{ now.year }}")
    renderer = renderer_of(tmp_path / "data", tmp_path / "templates")
    (page,) = renderer._plan.pages
    wanted = PageSection(page, page.sections[0], "en", "en")
    renderer.check([page])
    assert renderer.at(NOW.replace(year=2030)).section(wanted).text == "2030"
    assert renderer.with_catalogs({}).section(wanted).text == "2021"


def test_of_pages_that_are_not_chosen_no_section_is_checked(tmp_path):
    smallplan.write(tmp_path, {"a": "A."}, {"Plan": "", "Other": ""})
    (tmp_path / "templates" / "line.wiki").write_text("{{ data.nothing }}")
    renderer = renderer_of(tmp_path / "data", tmp_path / "templates")
    faults = [fault.message.wrong for fault in renderer.check(renderer._plan.pages[:1])]
    assert [message.partition(" in en")[0] for message in faults] == ["section “a” of “Plan”"]
