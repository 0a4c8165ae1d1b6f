"""Texts that are protected for their places, on plain pages and translatable ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.render.test_places import written
from tests.support import smallplan
from wikiplan.errors import Faults
from wikiplan.plan import plan
from wikiplan.render.arrival import UnitText
from wikiplan.render.escaping import Wikitext
from wikiplan.render.renderer import PageSection, Renderer


def prepared(
    directory: Path, text: str, template: str, kind: str = "plain"
) -> tuple[Renderer, PageSection]:
    pages = {"Plan": f"kind: {kind}"}
    smallplan.write(directory, {"one": text}, pages, top="languages: [en, ar]\n")
    (directory / "data" / "one.yaml").write_text(f"body: {{text: {json.dumps(text)}}}\n")
    (directory / "templates" / "line.wiki").write_text(template + "\n")
    loaded = plan.load(directory / "data")
    renderer = Renderer(loaded, {}, directory / "templates", smallplan.NOW)
    page = loaded.pages[0]
    return renderer, PageSection(page, page.sections[0], "en", "en")


RAW = "{{% raw %}}{}{{% endraw %}}{{{{ data.body.text }}}}{{% raw %}}{}{{% endraw %}}"

PLAIN = [
    ("a | b", "{{Box|", "}}", "{{Box|a &#124; b}}"),
    ("a = b", "{{Box|", "}}", "{{Box|1=a = b}}"),
    ("a = b", "{{Box|\n* ", "\n}}", "{{Box|1=<nowiki/>\n* a = b\n}}"),
    ("a || b", "{|\n|", "\n|}", "{|\n|a &#124;&#124; b\n|}"),
    ("-5", "{|\n|", "\n|}", "{|\n| -5\n|}"),
    ("a\nb", "* ", "", "* a b"),
    ("a = b | c", "* ", "", "* a = b | c"),
]


@pytest.mark.parametrize(("text", "before", "after", "expected"), PLAIN)
def test_a_text_of_a_plain_page_is_written_so_that_it_arrives(
    tmp_path: Path, text: str, before: str, after: str, expected: str
):
    renderer, wanted = prepared(tmp_path, text, RAW.format(before, after))
    assert renderer.section(wanted).text == expected
    found = renderer.placed(wanted)
    assert found.text == expected
    assert [written(found.text, place) for place in found.places] == [text]


def test_the_mark_of_another_language_gives_no_name_and_stands_in_no_attribute(tmp_path: Path):
    renderer, wanted = prepared(tmp_path / "a", "Words", RAW.format("{{Box|", "}}"))
    arabic = PageSection(wanted.page, wanted.section, "ar", "ar")
    assert renderer.section(arabic).text == '{{Box|1=<span lang="en" dir="ltr">Words</span>}}'
    renderer, wanted = prepared(tmp_path / "b", "Words", RAW.format('<b title="', '">x</b>'))
    arabic = PageSection(wanted.page, wanted.section, "ar", "ar")
    assert renderer.section(arabic).text == '<b title="Words">x</b>'


def test_what_cannot_be_protected_is_told_with_the_line_of_the_text_and_of_the_template(
    tmp_path: Path,
):
    renderer, wanted = prepared(tmp_path, "[[A|a]]", "\n" + RAW.format("[[B|", "]]"))
    with pytest.raises(Faults) as caught:
        renderer.section(wanted)
    assert str(caught.value).replace(f"{tmp_path}/", "") == (
        "data/one.yaml:1:14: one.body: “[[” begins a link, and none can stand in another: in "
        "section “one” of “Plan” in en the text is part of the words of a link "
        "(templates/line.wiki:2); write its words without the link"
    )


def test_a_unit_is_protected_from_around_it_and_else_told(tmp_path: Path):
    renderer, wanted = prepared(tmp_path / "a", "Words", RAW.format("{{Box|", "}}"), "translatable")
    expected = "{{Box|1=<translate><!--T:one.body--> Words</translate>}}"
    assert renderer.section(wanted).text == expected
    renderer, wanted = prepared(tmp_path / "b", "a | b", RAW.format("{{Box|", "}}"), "translatable")
    with pytest.raises(Faults, match=r"“\|” begins the next argument: in section “one” of “Plan”"):
        renderer.section(wanted)


def test_texts_are_sorted_and_compared_as_they_read(tmp_path: Path):
    template = "{{ [data.body.text, 'b']|sort|first }} {{ data.body.text|length }}"
    renderer, wanted = prepared(tmp_path, "cc", template)
    assert renderer.section(wanted).text == "b 2"


def test_a_text_takes_its_number_along_where_it_is_put_out():
    text = UnitText.of("words", 3)
    assert text == "words"
    assert text.__html__() == text.upper().lower().__html__()
    assert Wikitext("* ") + text == f"* {text.__html__()}"
    assert text + Wikitext(" more") == f"{text.__html__()} more"
    assert text[:2].__html__() == "wo"
