"""Links between pages of the plan that are on different sites: they lead there, or are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from wikiplan.errors import Faults
from wikiplan.render.renderer import PageSection
from wikiplan.session import loading
from wikiplan.session.options import Options

LISTED = "{% for each in sections_with('line') %}{{ each.title|page_link('x') }}\n{% endfor %}"
LINKED = "{{ 'office'|link }}"
PAGES = {"Plan": "", "Office": "site: meta:meta"}


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Options:
    monkeypatch.chdir(tmp_path)
    return Options()


def write(template: str, interwiki: str = "", text: str = "Text.", more: str = "") -> None:
    """Write a plan whose page on lab:lab uses a template, with another page on meta:meta."""
    smallplan.write(Path(), {"a": text}, PAGES | {"Third": more} if more else PAGES, interwiki)
    pages = Path("data/pages.yaml")
    pages.write_text(pages.read_text().replace("template: line", "template: own", 1))
    Path("templates/own.wiki").write_text(template)


def rendered(options: Options) -> str:
    loaded = loading.load(options)
    page = loaded.plan.pages[0]
    return loaded.renderer.section(PageSection(page, page.sections[0], "en", "en")).text


def faults(options: Options) -> list[str]:
    with pytest.raises(Faults) as error:
        loading.load(options)
    return [str(fault) for fault in error.value.faults]


def test_a_page_on_another_site_is_linked_by_the_prefix_of_that(options: Options):
    write(LISTED, "interwiki: {'meta:meta': m}\n")
    assert rendered(options) == "[[m:Office|x]]"


def test_a_prefix_that_is_a_language_too_makes_a_link_all_the_same(options: Options):
    write(LISTED, "interwiki: {'meta:meta': de}\n")
    assert rendered(options) == "[[:de:Office|x]]"


def test_without_a_prefix_the_template_is_refused(options: Options):
    write(LISTED)
    assert faults(options) == [
        "templates/own.wiki:1:0: section “a” of “Plan” in en: “Office” is on meta:meta, and this "
        "page on lab:lab: pages.yaml says under “interwiki” no prefix of links to meta:meta; "
        "correct the template or its data"
    ]


WRONG = "the link to “Office” leads nowhere on lab:lab, as the page is on meta:meta"
ADVICE = "write page: PREFIX:Office, with the prefix that leads there, or its url"


def test_a_link_to_a_page_that_the_plan_has_elsewhere_is_refused(options: Options):
    write(LINKED)
    assert faults(options) == [
        f"templates/own.wiki:1:0: section “a” of “Plan” in en: {WRONG} ({ADVICE}); "
        "correct the template or its data"
    ]


def test_such_a_link_in_a_text_is_refused_at_the_text(options: Options):
    write("{{ data.body.text }}", "interwiki: {'meta:meta': m}\n", "See [[$office|it]].")
    advice = ADVICE.replace("PREFIX", "m")
    assert faults(options) == [f"data/a.yaml:2:9: a.body: {WRONG}; {advice}"]


def test_a_link_to_a_page_that_the_site_has_too_is_one_to_its_own(options: Options):
    write(LINKED, more="x")
    pages = Path("data/pages.yaml")
    pages.write_text(pages.read_text().replace("'Third'\n    x", "Office"))
    assert rendered(options) == "[[Office|Office]]"


def test_a_link_is_looked_at_again_when_its_page_goes_to_another_site(options: Options):
    write(LINKED)
    pages = Path("data/pages.yaml")
    text = pages.read_text()
    pages.write_text(text.replace("    site: meta:meta\n", ""))
    loading.load(options, keep=True)
    pages.write_text(text)
    assert len(faults(options)) == 1
