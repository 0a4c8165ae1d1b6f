"""Sections of a department's own kinds are read back as their template writes them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from tests.support.importcases import SETTINGS, TITLE
from wikiplan import files
from wikiplan.adopt import newplan, ownkinds
from wikiplan.adopt.values import Built, PageTexts, SectionTexts, UnitTranslation
from wikiplan.catalogs import catalog
from wikiplan.plan import plan
from wikiplan.plan.plan import Plan
from wikiplan.render.renderer import PageSection, Renderer
from wikiplan.render.templatefiles import Conditional, Repeated, Shown
from wikiplan.value import replace
from wikiplan.yaml import yamltext

TOOLS = """\
{# What we work with. Data: tools. #}
== {{ data.heading.text }} ==

{% for tool in data.tools %}
* {{ tool.text }}{% if tool.bought is defined %} ({{ tool.bought | date }}){% endif +%}
{% endfor %}
"""
PEOPLE = """\
{{ "{{Box|" | wikitext }}{{ data.room }}{{ "}}" | wikitext }}
== {{ data.heading.text }} ==
{% if data.intro_words is defined %}

{{ data.intro_words.text }}
{% endif %}

{% for group in data.groups %}
=== {{ group.name.text }} ===
{% for member in group.members %}
# {{ member.text }} – {{ member.seats | number }}\
{% if member.phone is defined %}, {{ member.phone }}{% endif +%}
{% endfor %}

{% endfor %}
"""


class Import:
    """An import of one page with a template of the plan's own."""

    def __init__(self, folder: Path, template: str, page: PageTexts, name: str = "tools") -> None:
        templates = folder / "templates"
        (templates / "sections").mkdir(parents=True)
        (templates / "sections" / f"{name}.wiki").write_text(template, encoding="utf-8")
        self.settings = replace(SETTINGS, templates=templates)
        self.data = folder / "data"
        self.built: Built = newplan.build([page], self.data, self.settings)
        files.replace_all(self.built.files)
        self.plan: Plan = plan.load(self.data)

    @property
    def kinds(self) -> list[str]:
        return list(self.built.kinds.values())

    def rendered(self, language: str = "en") -> str:
        catalogs = catalog.load_all(self.data / "locale", self.plan.languages)
        renderer = Renderer(self.plan, catalogs, self.settings.templates, self.settings.now)
        (page,) = self.plan.pages
        (section,) = page.sections
        return renderer.section(PageSection(page, section, language, language)).text


def page(name: str = "tools", **texts: str) -> PageTexts:
    return PageTexts(TITLE, (SectionTexts(name, texts),))


def told(found: Import) -> list[str]:
    return [each.reason for each in found.built.doubts if each.section]


ENGLISH = """\
== Tools ==

* Spades, for [[Special:MyLanguage/Garden paths|paths]] and beds. (May 2021)
* Watering cans."""
GERMAN = """\
== Werkzeug ==

* Spaten für [[Special:MyLanguage/Garden paths|Wege]] und Beete. (Mai 2021)
* Gießkannen."""


def test_a_section_named_after_a_template_becomes_its_data_file(tmp_path):
    found = Import(tmp_path, TOOLS, page(en=ENGLISH, de=GERMAN))
    assert (found.kinds, told(found), found.built.differences) == (["tools"], [], ())
    assert (tmp_path / "data" / "tools.yaml").read_text("utf-8").partition("\n")[2] == (
        "\nheading: {text: Tools}\n"
        "\ntools:\n"
        "  - key: spades-paths-beds\n"
        "    text: Spades, for [[$paths|paths]] and beds.\n"
        "    bought: 2021-05\n"
        "  - key: watering-cans\n"
        "    text: Watering cans.\n"
    )
    assert (found.rendered(), found.rendered("de")) == (ENGLISH, GERMAN)


def test_a_name_that_begins_with_the_templates_is_of_its_kind_as_well(tmp_path):
    found = Import(tmp_path, TOOLS, page("tools-garden", en=ENGLISH))
    assert found.kinds == ["tools"]
    assert (tmp_path / "data" / "tools-garden.yaml").exists()


def test_a_file_that_every_plan_has_is_not_taken_for_an_own_one(tmp_path):
    found = Import(tmp_path, TOOLS, page("people", en=ENGLISH), "people")
    assert found.kinds == ["people"]
    assert (tmp_path / "data" / "people-data.yaml").exists()


def test_units_of_a_translatable_page_keep_their_ids_and_translations(tmp_path):
    text = (
        "<translate>\n== Tools == <!--T:1-->\n</translate>\n\n"
        "* <translate><!--T:2--> Spades.</translate>\n"
        "* <translate><!--T:tools.cans--> Cans.</translate>"
    )
    translations = {"de": {"1": UnitTranslation("Werkzeug"), "2": UnitTranslation("Spaten.")}}
    found = Import(
        tmp_path,
        TOOLS,
        PageTexts(TITLE, (SectionTexts("tools", {"en": text}),), True, translations),
    )
    assert found.kinds == ["tools"]
    (spec,) = found.plan.pages
    assert spec.ids == {"tools.heading": "1", "tools.spades": "2", "tools.cans": "tools.cans"}
    german = catalog.load_all(tmp_path / "data" / "locale", ("de",))["de"]
    assert german.get(found.plan.units["tools.spades"]).text == "Spaten."


@pytest.mark.parametrize(
    ("template", "text", "why"),
    [
        (TOOLS, f"{ENGLISH}\nSome words.", ownkinds.OTHERWISE),
        (
            TOOLS.replace("tool.text }}", "tool.text | upper }}"),
            ENGLISH,
            "tools.wiki: what stands in its line 5 cannot be read back (upper)",
        ),
        (
            TOOLS.replace("{% for", "{% set x = 1 %}\n{% for"),
            ENGLISH,
            "tools.wiki: what stands in its line 4 cannot be read back (assign)",
        ),
        (
            "== {{ data.heading.text }} ==\n{% for t in data.tools %}{{ t.text }}, {% endfor %}",
            "== Tools ==\nOne, two,",
            "tools.wiki: a loop stands within a line",
        ),
        (
            "== {{ data.heading.text }} ==\nA {% for t in data.tools %}{{ t.text }}{% endfor %}",
            "== Tools ==\nA b",
            "tools.wiki: a loop stands within a line",
        ),
        ("== {{ data.heading.text }} ==\n{Word}", "== Tools ==\n{Word}",
         "tools.wiki: a line has braces around one word"),
        (TOOLS, ENGLISH.replace("May 2021", "long ago"), ownkinds.NO_VALUE),
        ("== {{ data.heading.text }} ==\n{{ now }}", "== Tools ==\nx", ownkinds.NO_VALUE),
        (
            "== {{ data.heading.text }} ==\n{{ data.heading.text }}!",
            "== Tools ==\nOther!",
            ownkinds.RENDERED,
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_back_becomes_free_text_and_is_told(tmp_path, template, text, why):
    found = Import(tmp_path, template, page(en=text))
    assert found.kinds == ["text"]
    reasons = [each for each in told(found) if each.startswith("taken as free text")]
    assert reasons == [f"taken as free text, and not as section kind “tools”: {why}"]
    assert found.rendered() == text


def test_labels_of_the_template_are_the_pages_words(tmp_path):
    template = "== {{ data.heading.text }} ==\n{{ labels.our_tools.text }}: {{ data.count }}\n"
    found = Import(tmp_path, template, page(en="== Tools ==\nAll we have: twelve"))
    assert found.kinds == ["tools"]
    assert found.plan.files["labels"]["our-tools"]["text"] == "All we have"
    assert found.plan.files["tools"]["count"] == "twelve"


def test_the_parts_of_a_template_are_its_words_values_loops_and_conditions(tmp_path):
    from wikiplan.render import parts_of

    (tmp_path / "tools.wiki").write_text(TOOLS, encoding="utf-8")
    before, heading, after, loop = parts_of(tmp_path, "tools")
    assert (before, heading) == ("== ", Shown(("data", "heading", "text")))
    assert (after, loop) == (
        " ==\n\n",
        Repeated(
            "tool",
            ("data", "tools"),
            (
                "* ",
                Shown(("tool", "text")),
                Conditional((" (", Shown(("tool", "bought"), "date"), ")"), ()),
                "\n",
            ),
        ),
    )


# The law: what a template wrote is read back as what it was made of, and written again.

WORDS = st.from_regex(r"[A-Z][a-z]{1,8}( [a-z]{2,8}){0,3}\.", fullmatch=True)
PHONES = st.from_regex(r"[0-9]{3} [0-9]{3}", fullmatch=True)


def texts(words: str, **more: Any) -> dict[str, Any]:
    return {"text": words, **{key: value for key, value in more.items() if value is not None}}


MEMBERS = st.lists(
    st.builds(texts, WORDS, seats=st.integers(0, 99_999), phone=st.none() | PHONES),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each["text"],
)
GROUPS = st.lists(st.tuples(WORDS, MEMBERS), max_size=3, unique_by=lambda each: each[0])


@settings(max_examples=10)
@for_all(room=PHONES, heading=WORDS, intro=st.none() | WORDS, groups=GROUPS)
def test_what_a_template_wrote_is_read_back(room, heading, intro, groups):
    data: dict[str, Any] = {"room": room, "heading": {"text": heading}}
    data |= {} if intro is None else {"intro-words": {"text": intro}}
    data["groups"] = [
        {
            "key": f"g{at}",
            "name": {"text": name},
            "members": [{"key": f"m{n}", **each} for n, each in enumerate(members)],
        }
        for at, (name, members) in enumerate(groups)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = Import(folder / "first", PEOPLE, page("staff", en="Free."), "staff")
        assert first.kinds == ["text"]
        (first.data / "staff.yaml").write_text(yamltext.dumped(data), encoding="utf-8")
        pages = (first.data / "pages.yaml").read_text("utf-8")
        pages = pages.replace("template: text, data: text/staff", "template: staff, data: staff")
        pages = pages.replace("template: text\n        data: text/staff",
                              "template: staff\n        data: staff")  # fmt: skip
        (first.data / "pages.yaml").write_text(pages, encoding="utf-8")
        (first.data / "text" / "staff.yaml").unlink()
        first.plan = plan.load(first.data)
        written = first.rendered()
        again = Import(folder / "again", PEOPLE, page("staff", en=written), "staff")
        assert (again.kinds, told(again)) == (["staff"], [])
        assert again.rendered() == written
        assert values_of(again.plan.files["staff"]) == values_of(data)


def values_of(data: Any) -> Any:
    """Return data without keys and units, which an import makes anew."""
    if isinstance(data, dict):
        return {k: values_of(v) for k, v in data.items() if k not in ("key", "unit") and v != []}
    if isinstance(data, list | tuple):
        return [values_of(each) for each in data]
    return str(data)
