"""Looking at a page that is to be taken over: what it is, and what stands in the way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.people import FolderPeople, Place
from tests.support.running import script
from wikiplan.adopt.inspection import inspect
from wikiplan.adopt.obstacles import Chance
from wikiplan.report import inspection
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.translate import NoTranslate
from wikiplan.wiki.translatesite import open_translate

PAGE = """\
<languages/>
Lead with a [[Link]].

== What we do ==
One paragraph.

== Priorities: 2020–2021 ==
* [[Team A]]
** this
** that

== Priorities: 2021–2022 ==
* [[Team A]]
** something else

== Teams ==
* [[Team A]] – words
* [[Team B]]

== Office hours ==
Join us at the next [[Special:MyLanguage/IRC office hours|office hour]].

== Numbers ==
{| class="wikitable"
! A
|}

[[Category:Departments]]
"""
GERMAN = """\
Einleitung.

== Was wir tun ==
Ein Absatz.

== Prioritäten: 2020–2021 ==
* [[Team A]]
** dies
"""


@pytest.fixture
def people(folder: Folder) -> FolderPeople:
    return FolderPeople(folder.directory)


def words(page: Folder | Any, title: str) -> Any:
    return inspect(page, NoTranslate(page.name), title)


def test_a_language_version_is_told_with_what_it_lacks(folder: Folder, people: FolderPeople):
    people.edit("Dept", PAGE)
    people.edit("Dept/de", GERMAN)
    people.edit("Dept/fr", "#REDIRECT [[Département]]")
    people.edit("Dept/archive", "Old.")
    german, french = words(folder, "Dept").versions
    assert (german.language, german.kind, german.headings) == ("de", "page", 2)
    assert german.lacking == (
        "What we do",
        "Priorities: 2021–2022",
        "Teams",
        "Office hours",
        "Numbers",
    )
    assert (french.language, french.kind, french.redirect_to) == ("fr", "redirect", "Département")


def test_a_part_that_cannot_be_marked_says_why(folder: Folder, people: FolderPeople):
    people.edit("Dept", "Lead.\n<div>\nMore.\n== Goals ==\nOne.\n</div>\n== Teams ==\n* a")
    goals, teams = words(folder, "Dept").parts[1:]
    assert goals.refusal.startswith("line 4: </div> is inside of it, the other half outside")
    assert (teams.refusal, teams.managed) == ("", "")


def test_managed_sections_are_known_as_such(folder: Folder, people: FolderPeople):
    people.edit("Dept", "Lead.\n<!-- wikiplan:begin a -->\n== A ==\n<!-- wikiplan:end a -->\n")
    found = words(folder, "Dept")
    assert found.managed == ("a",)
    assert [part.managed for part in found.parts] == ["", "a"]


def test_looking_writes_nothing(folder: Folder, people: FolderPeople):
    people.edit("Dept", PAGE)
    words(folder, "Dept")
    files = [path.name for path in folder.directory.rglob("*") if path.is_file()]
    assert files == ["Dept.wiki"]


# --- on a wiki ---


def test_a_page_that_is_not_there_fails_and_says_so(tmp_path: Path):
    done = script("plan_adopt", f"-wiki:{tmp_path}/wiki", "-page:Nowhere", directory=tmp_path)
    assert (done.status, done.reasons) == (1, {"Nowhere": "there is no such page"})


def test_the_wiki_must_be_named(tmp_path: Path):
    done = script("plan_adopt", "-page:Dept", directory=tmp_path)
    assert done.status == 1
    assert "which wiki? say -site:FAMILY:CODE" in done.err


def test_the_wiki_of_the_plan_is_meant_when_none_is_named(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pages.yaml").write_text("site: wikipedia:test\n")
    done = script("plan_adopt", "-page:Dept", directory=tmp_path)
    assert done.status == 1
    assert "pages.yaml is for wikipedia:test, but Pywikibot is set up for" in done.err


def test_headings_in_any_script_keep_the_table_in_order(people: FolderPeople, tmp_path: Path):
    people.edit("Dept", "== ما نقوم به ==\nواحد.\n")
    done = script("plan_adopt", "-wiki:folder", "-page:Dept", directory=tmp_path)
    assert "1     \u2068ما نقوم به\u2069" in done.out


@pytest.mark.wiki
def test_a_look_at_a_real_page_tells_its_history_and_protection(
    site: Any, mediawiki: Any, title: str
):
    mediawiki.edit(f"{title} old", "x", "Admin")
    mediawiki.move(f"{title} old", title)
    mediawiki.edit(title, PAGE, "Trans")
    mediawiki.edit(f"{title}/de", GERMAN)
    mediawiki.protect(title)
    with mediawiki.log() as log:
        found = words(site, f"{title} old")
        assert log.writes == 0
    assert (found.kind, found.revision.title, found.asked) == ("plain", title, f"{title} old")
    assert [(move.target, move.user) for move in found.facts.moves] == [(title, "Admin")]
    assert found.facts.redirects == (f"{title} old",)
    assert [(each.action, each.level) for each in found.facts.protections] == [("edit", "sysop")]
    assert {each.name for each in found.editors} == {"Admin", "Trans"}
    assert [each.language for each in found.versions] == ["de"]
    data = json.loads(json.dumps(inspection.as_data(found)))
    assert data["account"]["name"] == "PlanBot"
    assert data["account"]["refusals"]  # PlanBot's credential has no editprotected right here


@pytest.mark.wiki
def test_looking_at_any_page_costs_few_requests(place: Place, mediawiki: Any, title: str):
    place.people.edit(title, PAGE)
    with mediawiki.log() as log:
        words(place.wiki, title)
    assert len(log.read()) <= 15
    assert log.writes == 0


@pytest.mark.wiki
@pytest.mark.translate
def test_a_look_at_a_translatable_page_tells_what_translators_have(
    translate_wiki: Any, translate_site: Callable[..., Any], title: str
):
    text = "<translate>\n== Goals ==\n\nWe write every week.\n\nWe meet.\n</translate>"
    translate_wiki.edit(title, text, "Admin")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    for id, words_of in (("1", "Ziele"), ("2", "Wir schreiben."), ("3", "Treffen.")):
        translate_wiki.translate(title, id, "de", words_of)
    translate_wiki.run_jobs()
    marked = translate_wiki.text(title)
    translate_wiki.edit(title, re.sub(r"<!--T:3-->\n.*\n", "Somebody's.\n", marked), "Admin")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    without = re.sub(r"<!--T:4-->\nSomebody's.", "We meet.", translate_wiki.text(title))
    translate_wiki.edit(title, without, "Trans")

    site = translate_site()
    found = inspect(site, open_translate(site), title)
    assert found.kind == "translatable"
    assert [each.user for each in found.unmarked] == ["Trans"]
    (german,) = found.versions
    assert (german.language, german.kind) == ("de", "translation")
    assert (german.total, german.outdated) == (4, 0)
    assert [(each.id, each.languages, each.chance) for each in found.orphans] == [
        ("3", ("de",), Chance.SAME_TEXT)
    ]
    codes = [each.code for each in found.obstacles]
    assert codes == ["new-units", "numeric-ids"]


def test_a_name_for_ever_is_made_of_the_words_of_a_heading_unless_its_kind_or_year_tells(
    folder: Folder, people: FolderPeople
):
    headings = (
        "What we do", "How we work", "Agenda 2014-04-22", "Report of 2021-12", "2021-03-04",
        "Plan 2020–21", "Plan 2021–22", "Отчёт 2014", "—",
    )  # fmt: skip
    people.edit("Dept", "\n".join(f"== {heading} ==\nWords.\n" for heading in headings))
    assert [each.name for each in words(folder, "Dept").parts] == [
        "mission", "how-work", "agenda-2014-04-22", "report-2021-12", "section-2021-03-04",
        "plan-2020-21", "plan-2021-22", "otchet-2014", "section",
    ]  # fmt: skip
