"""How far translations are, as the script tells it: on a real wiki, and from the catalogs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import requests

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.running import ROOT, Done, script
from tests.support.smallplan import translate
from tests.support.translatelab import TranslateWiki, eventually
from tests.wiki.test_translatesite import LANGUAGES
from wikiplan.catalogs import catalog
from wikiplan.plan import plan

NOW = "-now:2021-07-01T00:00Z"
GOALS = """\
{% for goal in data.goals %}
* {{ goal.text }}
{% endfor %}
"""


@pytest.fixture
def lab(translate_wiki: TranslateWiki, monkeypatch: pytest.MonkeyPatch) -> TranslateWiki:
    """The wiki with the extension, which scripts started by the test see too."""
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", translate_wiki.address)
    return translate_wiki


def write_goals(directory: Path, title: str, goals: Mapping[str, str], languages: str) -> None:
    """Write a plan of one translatable page whose section ``goals`` lists texts by key."""
    data, templates = directory / "data", directory / "templates"
    for folder in (data, templates):
        folder.mkdir(exist_ok=True)
    for name in ("department", "people", "links", "labels"):
        shutil.copy(ROOT / "data" / f"{name}.yaml", data)
    (templates / "goals.wiki").write_text(GOALS)
    lines = "".join(f"  - {{key: {key}, text: {text!r}}}\n" for key, text in goals.items())
    (data / "goals.yaml").write_text(f"goals:\n{lines}")
    (data / "pages.yaml").write_text(
        f"site: lab:lab\nsource-language: en\nlanguages: [en, {languages}]\npages:\n"
        f"  - title: {title!r}\n    kind: translatable\n    missing-page: create\n"
        "    sections:\n      - {name: goals, template: goals, data: goals}\n"
    )


def status(directory: Path, *options: str) -> Done:
    return script("plan_translations", "status", NOW, *options, directory=directory)


def publish(lab: TranslateWiki, directory: Path, title: str) -> None:
    update = script("plan_update", "-always", NOW, "-allow:outdated", directory=directory)
    assert update.status == 3, update.out + update.err
    lab.mark(title)
    lab.run_jobs()


def page_in(done: Done, language: str) -> dict[str, Any]:
    (page,) = done.report["progress"]
    return next(each for each in page["languages"] if each["lang"] == language)


@pytest.mark.wiki
@pytest.mark.translate
def test_a_translatable_page_is_told_unit_by_unit(lab: TranslateWiki, tmp_path: Path, title: str):
    goals = {"one": "Keep editors safe.", "two": "Grow by a third.", "three": "Be kind."}
    write_goals(tmp_path, title, goals, "ar, de, he")
    unmarked = status(tmp_path)
    assert unmarked.report["pages"], unmarked.out + unmarked.err
    assert (unmarked.status, unmarked.report["progress"][0]["waiting"]) == (3, 4), "its title too"
    publish(lab, tmp_path, title)
    for id, text in {"one": "حماية المحررين.", "two": "النمو بمقدار الثلث."}.items():
        lab.translate(title, f"goals.{id}", "ar", text)
    lab.translate(title, "goals.one", "de", "Sicherheit für alle, die schreiben.")
    lab.run_jobs()
    goals["one"] = "Keep all editors and readers safe."
    write_goals(tmp_path, title, goals, "ar, de, he")
    publish(lab, tmp_path, title)
    eventually(lambda: lab.states(title, "de")["goals.one"], "fuzzy")

    found = status(tmp_path, f"-out:{tmp_path / 'out'}")
    assert found.status == 0, found.out + found.err
    counts = ("translated", "outdated", "untranslated", "conflicting", "words_to_do")
    title_words = len(title.split())
    told = {code: [page_in(found, code)[name] for name in counts] for code in ("ar", "de", "he")}
    assert told == {
        "ar": [1, 1, 2, 0, 6 + 2 + title_words],
        "de": [0, 1, 3, 0, 6 + 2 + 4 + title_words],
        "he": [0, 0, 4, 0, 6 + 2 + 4 + title_words],
    }
    (unit,) = page_in(found, "de")["outdated_units"]
    assert unit["made_for"] == "Keep editors safe."
    assert unit["diff"] == ["-Keep editors safe.", "+Keep all editors and readers safe."]
    assert (unit["section"], unit["translator"]) == ("goals", "Trans")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", unit["since"])
    assert page_in(found, "ar")["oldest_outdated"] == unit["since"]
    assert f"group=page-{title}".replace(" ", "+") in unit["url"]
    assert unit["url"].endswith("%2Fgoals.one")
    assert unit["url"].replace("&", "&amp;") in (tmp_path / "out" / "index.html").read_text()
    assert "Sicherheit" not in status(tmp_path).out
    assert "Sicherheit" in status(tmp_path, "-language:de").out

    with lab.settings("$wgGroupPermissions['sysop']['deleterevision'] = true;"):
        lab.hide(int(lab.history(title)[-1]["revid"]))  # the one that was marked first
    (unit,) = page_in(status(tmp_path), "de")["outdated_units"]
    assert (unit["made_for"], unit["since"], unit["text"][:10]) == ("", "", "Sicherheit")


MOST_REQUESTS = 40 + 9
"""One a language; the last of the nine is for the groups of all pages."""


@pytest.mark.wiki
@pytest.mark.translate
@pytest.mark.heavy
def test_a_page_of_200_units_in_40_languages_costs_at_most_49_requests(
    lab: TranslateWiki, tmp_path: Path, title: str
):
    goals = {f"g{number}": f"This is goal number {number}." for number in range(200)}
    write_goals(tmp_path, title, goals, ", ".join(LANGUAGES))
    publish(lab, tmp_path, title)
    lab.fill_translations(title, [f"goals.g{number}" for number in range(8)], LANGUAGES)
    lab.run_jobs()
    goals["g3"] = "This is another goal."
    write_goals(tmp_path, title, goals, ", ".join(LANGUAGES))
    publish(lab, tmp_path, title)
    found = status(tmp_path)
    assert found.status == 0, found.out + found.err
    languages = found.report["progress"][0]["languages"]
    assert [each["lang"] for each in languages] == sorted(LANGUAGES)
    assert {each["outdated"] for each in languages} == {1}
    assert {each["outdated_units"][0]["made_for"] for each in languages} == {
        "This is goal number 3."
    }
    print(f"200 units in 40 languages: {found.report['requests']} requests")
    assert found.report["requests"] <= MOST_REQUESTS
    goals["g4"] = "This is not marked yet."
    write_goals(tmp_path, title, goals, ", ".join(LANGUAGES))
    script("plan_update", "-always", NOW, "-allow:outdated", directory=tmp_path)
    waiting = status(tmp_path)
    assert (waiting.status, waiting.report["progress"][0]["waiting"]) == (3, 1), waiting.out
    assert (
        waiting.report["requests"] <= MOST_REQUESTS + 1
    )  # what happened since is told in two answers


# Plain pages: from the catalogs


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A plain page of two sections that share a text, and a catalog that is full, in Arabic."""
    smallplan.write(
        tmp_path,
        {"a": "Grow by a third.", "b": "Be kind."},
        {"Plan": "missing-page: create"},
        "languages: [en, ar, de]\n",
    )
    translate(tmp_path, "ar", {"a.body": "النمو بمقدار الثلث.", "b.body": "كن لطيفًا."})
    translate(tmp_path, "de", {})
    return tmp_path


def counted(directory: Path, *options: str) -> Done:
    return status(directory, "-wiki:wiki", *options)


def change(directory: Path) -> None:
    path = directory / "data" / "a.yaml"
    path.write_text(path.read_text().replace("a third", "half"))


def table(done: Done) -> list[str]:
    return [line.rstrip() for line in done.out.splitlines()][:-1]


def test_the_table_counts_texts_and_words(small: Path):
    change(small)
    found = counted(small)
    assert (found.status, found.report["requests"]) == (0, 0), found.err
    assert table(found) == [
        "page  language     translated  outdated  untranslated  in conflict  words to do"
        "  outdated since",
        "Plan  ar        1 of 2 (50 %)         1                                       3",
        "Plan  de         0 of 2 (0 %)                       2                         5",
    ]
    assert found.out.splitlines()[-1].endswith(" on folder:wiki: nothing to do. 0 requests.")


def test_one_language_shows_its_outdated_texts_isolated(small: Path):
    change(small)
    assert table(counted(small, "-language:ar"))[2:] == [
        "",
        "Plan (ar): a.body is outdated",
        "-Grow by a third.",
        "+Grow by half.",
        "=\u2068النمو بمقدار الثلث.\u2069",
        " ar.po:16",
    ]


def test_an_updated_catalog_knows_what_its_text_was_made_for_too(small: Path):
    change(small)
    before = counted(small).report["progress"]
    translate(small, "ar", {})
    after = counted(small).report["progress"]
    assert before == after
    assert after[0]["languages"][0]["outdated_units"][0]["made_for"] == "Grow by a third."


def test_a_section_can_be_chosen(small: Path):
    found = counted(small, "-section:b", "-language:de")
    (language,) = found.report["progress"][0]["languages"]
    assert (language["lang"], language["words"]) == ("de", 2)
    assert [each["name"] for each in language["sections"]] == ["b"]


def test_a_conflict_waits_for_a_person(small: Path):
    loaded = plan.load(small / "data")
    found = catalog.Catalog.load(small / "data" / "locale" / "ar.po")
    found.keep_beside(loaded.units["b.body"], "كونوا لطفاء.", "the wiki")
    found.save()
    told = counted(small)
    assert told.status == 3
    assert told.report["progress"][0]["languages"][0]["conflicts"] == {"b.body": ["كونوا لطفاء."]}


def test_a_page_is_not_written_over_a_file(small: Path):
    (small / "out").write_text("mine")
    told = counted(small, "-out:out")
    assert (told.status, told.err.strip()) == (
        1,
        "-out:out: is a file; name a folder [status-into-file]",
    )
    assert (small / "out").read_text() == "mine"


def test_status_writes_nothing_but_its_page_and_since_when_texts_are_there(small: Path):
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    assert counted(small, "-out:out").status == 0
    after = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    written = {small / "out" / name for name in ("index.html", "seen.json")}
    assert {path: data for path, data in after.items() if path not in written} == before
    assert written <= after.keys()


@pytest.mark.wiki
def test_a_link_leads_to_the_section_of_the_plain_page(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    top, page = "languages: [en, ar]\n", {title: "missing-page: create"}
    smallplan.write(tmp_path, {"a": "Grow & win."}, page, top)
    (tmp_path / "templates" / "line.wiki").write_text("== {{ data.body.text }} ==\n")
    translate(tmp_path, "ar", {"a.body": "النمو والفوز"})
    assert script("plan_update", "-always", NOW, directory=tmp_path).status == 0
    smallplan.write(tmp_path, {"a": "Grow more & win."}, page, f"{top}fallback: outdated\n")
    (tmp_path / "templates" / "line.wiki").write_text("== {{ data.body.text }} ==\n")
    found = status(tmp_path)
    assert found.status == 0, found.out + found.err
    address, _, anchor = page_in(found, "ar")["outdated_units"][0]["url"].partition("#")
    shown = requests.get(address, timeout=60).text
    assert f'id="{unquote(anchor)}"' in shown
    assert found.report["requests"] <= 3, "Pywikibot's own, and whether people moved the page"
