"""What a template costs: whatever it does, it ends soon, and with the line that cost too much."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.render.test_renderer import faults_of, own
from wikiplan.plan import plan
from wikiplan.render.budget import MOST_CHARACTERS, SECONDS, check_call, check_operation
from wikiplan.render.renderer import check_templates

__all__ = ["own"]
pytestmark = pytest.mark.heavy  # measuring coverage takes the time that templates are given

CHARACTERS = "the text has more than 2,097,152 characters"
DEPTH = "what it calls, includes or nests goes on without end, or too deep"
DIGITS = "the result of “{}” is a number of thousands of digits"
FORMAT = "a format with “{}” in it can be of any length"
SIZE = "the template makes more than 2,097,152 characters or items"
TIME = "rendering takes more than 2 seconds: a loop or macro goes on and on"

MACRO = "{{% macro m(x) %}}\n{}{{% endmacro %}}\n{}"
TOO_MUCH = {
    "a text many times": ('\n{{ "x" * 10**10 }}', 2, SIZE),
    "a text as often as a text is long": ('{{ 10**10 * "x" }}', 1, SIZE),
    "a list many times": ("{{ (range(100000) | list) * 100000 }}", 1, SIZE),
    "a power": ("\n{{ 9 ** (9 ** 9) }}", 2, DIGITS.format("**")),
    "a square of a square": (MACRO.format("{{ m(x * x) }}", "{{ m(7) }}"), 2, DIGITS.format("*")),
    "a text that doubles": (MACRO.format("{{ m(x ~ x) }}", '{{ m("x") }}'), 2, SIZE),
    "a sum that doubles": (MACRO.format("{{ m(x + x) }}", '{{ m("x") }}'), 2, SIZE),
    "blanks before a text": ('\n\n{{ "x".rjust(10**10) }}', 3, SIZE),
    "a text for each letter": ('{{ ("a" * 10**6).replace("a", "b" * 10**6) }}', 1, SIZE),
    "a joined list": ('{{ ("x" * 10**6).join(["y"] * 1000) }}', 1, SIZE),
    "a wide number": ('{{ "%9999999999d" % 1 }}', 1, FORMAT.format("99999")),
    "a width given": ('{{ "%*d" % (10**10, 1) }}', 1, FORMAT.format("*")),
    "a wide field": ('{{ "{:9999999999}".format(1) }}', 1, FORMAT.format("99999")),
    "a field's width given": ('{{ "{:{}}".format(1, 10**10) }}', 1, FORMAT.format("{:{")),
    "a row of many columns": ('{{ [1] | batch(10**10, "x") | list }}', 1, SIZE),
    "many columns": ("{{ [1] | slice(10**10) | list }}", 1, SIZE),
    "a text in a loop": (f"{{% for x in range(9999) %}}{'y' * 999}{{% endfor %}}", 1, CHARACTERS),
    "a value in a loop": ('{% for x in range(9999) %}\n{{ "y" * 999 }}{% endfor %}', 2, CHARACTERS),
    "nested loops": (
        "{% for x in range(90000) %}\n{% for y in range(90000) %}{% endfor %}{% endfor %}",
        2, TIME,
    ),
    "loops in what a macro is called with": (
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}\n{% for x in range(90000) %}\n"
        "{% for y in range(90000) %}{% endfor %}{% endfor %}{% endcall %}", 3, TIME,
    ),
    "a loop that looks through a list": (
        "{% for x in range(100000) %}\n{% if -1 in range(99999) | list %}{% endif %}{% endfor %}",
        1, TIME,
    ),
    "a macro that calls itself twice": (
        "{% macro m(x) %}{% if x %}{{ m(x-1) }}{{ m(x-1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        1, TIME,
    ),
    "a macro that calls itself": ("\n{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}", 2, DEPTH),
    "a loop in itself": ("\n{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", 2, DEPTH),
    "a block in itself": ("{% block x %}{{ self.x() }}{% endblock %}", 1, DEPTH),
    "a template in itself": ('x\n{% include "own.wiki" %}', 2, DEPTH),
    "macros of itself": ('x\n{% from "own.wiki" import m %}', 2, DEPTH),
    "a template that builds on itself": ('x\n{% extends "own.wiki" %}', 2, DEPTH),
    "brackets in brackets": (f"{{{{ {'(' * 3000}1{')' * 3000} }}}}", 0, DEPTH),
    "a sum of thousands": (f"{{{{ 1{'+1' * 5000} }}}}", 0, DEPTH),
    "loops in loops": (
        "{% for x in [1] %}" * 25 + "{% endfor %}" * 25, 0,
        "its tags stand in one another too deep",
    ),
    "questions in questions": (
        "{% if 1 %}" * 200 + "{% endif %}" * 200, 0, "its tags stand in one another too deep",
    ),
}  # fmt: skip
"""A template's text, the line that is to blame, and what is told of it."""


@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_template_that_costs_too_much_is_told_within_seconds(own, name: str):
    template, line, words = TOO_MUCH[name]
    began = time.thread_time()
    told = faults_of(own, template).removeprefix("templates/")
    assert time.thread_time() - began < SECONDS + 2
    assert told == (
        f"own.wiki:{line}:0: section “own” of “Own” in en: {words}; "
        "correct the template or its data"
    )


def test_a_template_that_took_too_long_is_not_tried_for_every_section(own, tmp_path: Path):
    own("fine")
    pages = tmp_path / "data" / "pages.yaml"
    sections = "".join(f"\n      - {{name: x{n}, template: own, data: own}}" for n in range(9))
    pages.write_text(pages.read_text(encoding="utf-8").rstrip() + sections + "\n", encoding="utf-8")
    templates = tmp_path / "templates"
    loops = "{% for x in range(90000) %}" * 2 + "{% endfor %}" * 2
    (templates / "own.wiki").write_text(loops, encoding="utf-8")
    began = time.thread_time()
    faults = check_templates(plan.load(tmp_path / "data"), templates, {})
    assert time.thread_time() - began < SECONDS + 2
    assert [fault.message.wrong for fault in faults] == [f"section “own” of “Own” in en: {TIME}"]


def test_a_section_may_be_as_long_as_a_page(own):
    assert len(own(f'{{{{ "x" * {MOST_CHARACTERS} }}}}').text) == MOST_CHARACTERS


def test_what_templates_do_every_day_costs_nothing(own):
    template = """\
{{ ("*" * 3) | wikitext }} {{ 7 * 6 }} {{ 2 ** 10 }} {{ "%03d" % 7 }} {{ "{:>4}".format(7) }}
{{ "a-b".replace("-", " ") }} {{ ", ".join(["x", "y"]) }} {{ [1, 2] + [3] }}
{% for row in range(5) | batch(2, "-") %}{{ row | first }}{% endfor %}
"""
    assert own(template).text == (
        "*** 42 1024 007 &#32;  7\na b x&#44; y &#91;1&#44; 2&#44; 3&#93;\n024"
    )


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [("*", 2.0, 10**300), ("+", 1, 2.5), ("**", 1, 10**10), ("%", 7, 3),
     ("**", 2, -(10**10)), ("*", [], 10**10), ("*", None, 1), ("+", object(), "x")],
)  # fmt: skip
def test_an_operation_that_makes_little_is_left_to_python(operator, left, right):
    check_operation(operator, left, right)


def test_only_methods_of_texts_are_measured():
    check_call([10**10].index, (10**10,))
    check_call("x".split, ("y" * 10**7,))
    check_call(len, ("x" * 10**7,))
