"""What no shape can tell of ``pages.yaml``: names that must agree across files.

Every message has a case in tests/cases/plan; here are the checks by themselves, on files that are
wrong in other ways too, and their limits.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.support import plancases
from tests.support.samples import examples
from wikiplan.errors import Fault
from wikiplan.plan.filechecks import page_faults
from wikiplan.plan.source import Source, read_source
from wikiplan.plan.unitchecks import unit_faults

PAGES = """\
site: meta:meta
source-language: en
languages: [en, ar]
pages:
"""
PAGE = "  - title: Plan\n    sections: [{name: a, template: a, data: recipes}]\n"


def source(directory: Path, files: Mapping[str, str]) -> Source:
    for stem, text in files.items():
        path = directory / f"{stem}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_source(directory)


def told(faults: Any) -> list[str]:
    """Return the faults without the folder of their file."""
    return [
        f"{Path(str(fault).partition(': ')[0]).name}: {str(fault).partition(': ')[2]}"
        for fault in faults
    ]


def of_pages(directory: Path, more: str, **files: str) -> list[str]:
    files.setdefault("recipes", "leek: {text: Leek}\n")
    return told(page_faults(source(directory, {"pages": PAGES + more, **files})))


# pages.yaml


def test_a_plan_without_pages_or_with_something_else_there_has_no_faults_of_pages(tmp_path: Path):
    for pages in ("", "words\n", "[]\n", "pages: words\n", "pages: [4, words, {sections: 4}]\n"):
        found = source(tmp_path, {"pages": pages, "department": "name: {text: A}\n"})
        assert list(page_faults(found)) == []


def test_languages_that_are_no_code_are_left_to_their_shape(tmp_path: Path):
    assert of_pages(tmp_path, PAGE.replace("    s", "    languages: [EN, 4, ~]\n    s")) == [
        "pages.yaml:6:17: pages.1.languages.1: “EN” is not one of the plan's languages; "
        "add it there or remove it here"
    ]


def test_a_page_that_has_only_its_source_may_say_that_it_has_no_language_pages(tmp_path: Path):
    page = PAGE.replace("    s", "    languages: [en]\n    language-pages: none\n    s")
    assert of_pages(tmp_path, page) == []
    assert of_pages(tmp_path, page.replace("[en]", "[en, ar]")) == [
        "pages.yaml:6:21: pages.1.languages.2: “ar” has no page, says “language-pages: none”; "
        "remove one of the two"
    ]


def test_titles_are_compared_as_the_wiki_writes_them(tmp_path: Path):
    pages = PAGE + PAGE.replace("Plan", "plan_") + PAGE.replace("Plan", "Plan/ar")
    assert of_pages(tmp_path, pages) == [
        "pages.yaml:7:12: pages.2.title: the page “Plan” is already one of line 5; "
        "choose another title",
        "pages.yaml:9:12: pages.3.title: the page “Plan/ar” is already one of line 5; "
        "choose another title",
    ]


def test_a_file_that_is_damaged_is_not_missed(tmp_path: Path):
    assert of_pages(tmp_path, PAGE, recipes="[") == []
    (tmp_path / "recipes.yaml").rename(tmp_path / "recipe.txt")
    faults = told(page_faults(source(tmp_path, {"recipe": "a: {text: A}\n"})))
    assert faults == [
        "pages.yaml:6:45: pages.1.sections.1.data: data/ has no file recipes.yaml; "
        "did you mean “recipe”?",
        "recipe.yaml:1:1: warning: no section of pages.yaml uses this file; "
        "name it there or delete it",
    ]


def test_a_unit_may_have_its_id_by_its_label_and_by_its_section(tmp_path: Path):
    page = PAGE.replace(
        "    s", "    kind: translatable\n    ids: {recipes.leek: 1, 'a:recipes.leek': 2}\n    s"
    )
    assert of_pages(tmp_path, page) == []
    assert of_pages(tmp_path, page.replace("'a:", "'b:").replace("leek: 1", "leak: 1")) == [
        "pages.yaml:7:11: warning: pages.1.ids.recipes.leak: the plan has no unit “recipes.leak”; "
        "did you mean “recipes.leek”?",
        "pages.yaml:7:28: pages.1.ids.b:recipes.leek: the page has no section “b”; write one of a",
    ]


def test_the_codes_of_a_glossary_and_of_overrides_are_told_once_each(tmp_path: Path):
    found = of_pages(
        tmp_path,
        PAGE,
        glossary="terms:\n- {term: A, translations: {ar: [B], xq: [C], de: [D]}}\n- {term: A}\n",
        languages="fa: {digits: latn}\n",
    )
    assert found == [
        "glossary.yaml:2:37: terms.1.translations.xq: the language “xq” is not known; "
        "write a code of MediaWiki's, like pt-br",
        "glossary.yaml:2:46: warning: terms.1.translations.de: “de” is not one of the plan's "
        "languages; add it there or remove it here",
        "languages.yaml:1:1: warning: fa: “fa” is not one of the plan's languages; "
        "add it there or remove it here",
        "glossary.yaml:3:10: terms.2.term: the term “A” is doubled (first on line 2); remove one",
    ]


# The law


VALUES = st.sampled_from(
    [None, True, 4, "", "x", "en", [], {}, [4], ["en", "en"], {"text": "$x"}, {"text": 4},
     [{"key": "x", "text": "a"}, {"key": "x", "text": "b"}], [{"title": "A"}, {"title": "a"}]]
)  # fmt: skip


@settings(max_examples=examples(15), deadline=None)
@given(st.data())
def test_data_that_are_wrong_in_other_ways_break_no_check(data: st.DataObject):
    with tempfile.TemporaryDirectory() as directory:
        plan = Path(shutil.copytree(plancases.CASES / "base", Path(directory) / "data"))
        path = data.draw(st.sampled_from(sorted(plan.rglob("*.yaml"))))
        root = YAML(typ="safe", pure=True).load(path)
        key = data.draw(st.sampled_from(sorted(root)))
        root[key] = data.draw(VALUES)
        YAML(typ="safe", pure=True).dump(root, path)
        read = read_source(plan)
        faults = [*page_faults(read), *unit_faults(read)]
        assert all(
            isinstance(fault, Fault) and fault.line and fault.message.advice for fault in faults
        )


def test_a_plan_of_too_many_pages_is_told_to_be_several(tmp_path, monkeypatch):
    monkeypatch.setattr("wikiplan.plan.filechecks.MOST_PAGES_OF_PLAN", 2)
    pages = [PAGE.replace("Plan", f"Plan {number}") for number in range(3)]
    assert of_pages(tmp_path, "".join(pages[:2])) == []
    assert of_pages(tmp_path, "".join(pages)) == [
        "pages.yaml:5:3: pages: the plan has 3 pages, more than 2; make several plans of it, each "
        "in its folder, and choose with -data:DIR"
    ]
