"""What templates may do, and what Jinja2 makes of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.render.test_renderer import TEMPLATES, faults_of, own
from wikiplan.render.environment import LAST_LINE, Environment

__all__ = ["own"]

MARKING = """\
{% macro bold(x) %}'''{{ x }}'''{% endmacro %}
{% macro around() %}{{ caller() }}{% endmacro %}
{% set both %}{{ bold(1) ~ bold(2) }}{% endset %}
{% call around() %}{{ both }}{% endcall %}
{% filter trim %} x {% endfilter %}
"""
"""Everything in a template that makes text which Jinja2 marks as safe."""


def test_a_template_marks_wikitext_of_its_own(own):
    assert own('{{ ("*" * 2) | wikitext }} {{ "*" * 2 }}').text == "** &#42;&#42;"
    assert own("""{{ "''" ~ ("''x''" | safe) }}""").text == "&#39;&#39;''x''"


def test_compiled_templates_take_from_jinja_the_names_that_are_replaced_and_no_others_that_mark():
    environment = Environment(TEMPLATES)
    code = ast.parse(environment._generate(environment.parse(MARKING), None, None))
    imported = {
        each.name
        for node in code.body
        if isinstance(node, ast.ImportFrom) and node.module == "jinja2.runtime"
        for each in node.names
    }
    assert ast.unparse(code.body[-1]) == ast.unparse(ast.parse(LAST_LINE))
    replaced = {"Markup", "markup_join", "Macro"}
    used = {node.id for node in ast.walk(code) if isinstance(node, ast.Name)}
    assert replaced <= imported
    others = {"identity", "internalcode", "missing", "TemplateRuntimeError", "Undefined"}
    assert used & imported == replaced | others


def test_a_template_can_import_macros_from_another(own, tmp_path: Path):
    (tmp_path / "templates").mkdir()
    macro = "{% macro day(x) %}'''{{ x | date }}'''{% endmacro %}"
    (tmp_path / "templates" / "_macros.wiki").write_text(macro)
    template = '{% from "_macros.wiki" import day %}\n{{ day(data.on) ~ data.sign }}'
    data = 'on: 2022-01-15\nsign: "]"'
    assert own(template, data).text == "'''January 15, 2022'''&#93;"
    assert own(template, data, "de").text.splitlines()[1] == "'''15. Januar 2022'''&#93;"


WHERE = "section “own” of “Own” in en"
MISTAKES = [
    ("{{ nothing }}", "own.wiki:1:0: {}: 'nothing' is undefined"),
    ("\n{{ data.targt }}", "own.wiki:2:0: {}: own has no key “targt” (did you mean “target”?)"),
    ("{{ data }}", "own.wiki:1:0: {}: own is no text; add “.text” or the name of one of its keys"),
    ("{% if x %}", "own.wiki:1:0: {}: Unexpected end of template"),
    ("{{ data.target | dat }}", "own.wiki:1:0: {}: No filter named 'dat'"),
    ("{{ 'soon' | date }}", "own.wiki:1:0: {}: “soon” is not a date"),
    ("{{ '2022-01' | date('tiny') }}", "own.wiki:1:0: {}: “tiny” is no style; write short, medium"),
    ("{{ 'nobody' | link }}", "own.wiki:1:0: {}: links.yaml has no link “nobody”"),
    ("x\n* {{ '' }}\n", "own.wiki:0:0: {}: the text has an empty list item or heading (“* ”)"),
    ("<!-- wikiplan:end x -->", "own.wiki:0:0: {}: the text holds the marker of a managed section"),
    ("{{ '\\x01' }}", "own.wiki:1:0: {}: “\\x01” holds U+0001, which no page can store"),
    ("{{ data._data }}", "own.wiki:1:0: {}: access to attribute '_data'"),
    ("{% include 'none.wiki' %}", "own.wiki:1:0: {}: there is no template “none.wiki”"),
]


@pytest.mark.parametrize(("template", "message"), MISTAKES)
def test_a_mistake_in_a_template_is_told_with_file_line_and_section(own, template, message):
    told = faults_of(own, template, 'target: "x"').removeprefix("templates/")
    assert told.startswith(message.format(WHERE))


def test_a_template_cannot_learn_the_time_but_from_the_clock_given(own):
    assert own("{{ now | date }}").text == "July 1, 2021"
    for name in ("now()", "datetime.now()", "cycler(1)", "namespace()", "lipsum()"):
        faults_of(own, f"{{{{ {name} }}}}")
