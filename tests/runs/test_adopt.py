"""`plan_adopt` as people run it: look, mark, and nothing else of the pages changes."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import wikicases
from tests.support.mediawiki import MediaWiki
from tests.support.people import FolderPeople
from tests.support.running import ROOT, Done, script
from wikiplan import textdiff
from wikiplan.adopt import pagetexts
from wikiplan.translate import tvars
from wikiplan.translate.markup import parse
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import outline, sections

NAME = "Community_Resilience_and_Sustainability"
SECTIONS = (
    "-section:overview=",
    "-section:mission=What we do",
    "-section:priorities=Priorities: 2020-2021",
    "-section:office-hours=Office hours",
)
NAMES = ["overview", "mission", "priorities", "office-hours"]
NOW = "-now:2021-07-01T00:00Z"
PLAIN = "Lead.\n\n== What we do ==\nThis.\n\n== Teams ==\n* [[A]]\n* [[B]]\n"


def shared_page(language: str = "") -> str:
    ending = f".{language}.wiki" if language else ".wiki"
    return wikicases.shared(f"pages/{NAME}{ending}").read_text("utf-8").rstrip("\n")


def as_plain(text: str) -> str:
    """Return a translatable page's text as it would stand on a page without translation."""
    plain = outline.plain(text.replace("{{#translation:}}", ""))
    plain = re.sub(r"^([*]+) +", r"\1 ", plain, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" +$", "", plain, flags=re.MULTILINE))


def adopt(directory: Path, *arguments: str) -> Done:
    return script("plan_adopt", *arguments, directory=directory)


@pytest.fixture
def pages(tmp_path: Path) -> FolderPeople:
    people = FolderPeople(tmp_path / "wiki")
    people.edit("Dept", PLAIN)
    people.edit("Dept/de", PLAIN.replace("What we do", "Was wir tun"))
    return people


def test_without_a_terminal_and_always_nothing_is_written(pages: FolderPeople, tmp_path: Path):
    done = adopt(tmp_path, "-wiki:wiki", "-page:Dept", "-section:mission=What we do")
    assert (done.status, done.report["outcome"]) == (3, "waiting")
    assert "+<!-- wikiplan:begin mission | sha256:" in done.out
    assert pages.text("Dept") == PLAIN.rstrip("\n")


def test_simulate_shows_what_would_be_done(pages: FolderPeople, tmp_path: Path):
    done = adopt(tmp_path, "-wiki:wiki", "-page:Dept", "-section:mission=What we do", "-simulate")
    assert (done.status, done.report["outcome"]) == (2, "pending")
    assert done.actions == {"Dept": "update", "Dept/de": "update"}
    assert pages.text("Dept") == PLAIN.rstrip("\n")
    assert not (tmp_path / "wiki" / ".wikiplan").exists()


def test_a_page_and_its_versions_are_marked_once(pages: FolderPeople, tmp_path: Path):
    arguments = ("-wiki:wiki", "-page:Dept", "-section:mission=What we do", "-always")
    done = adopt(tmp_path, *arguments)
    assert (done.status, done.report["outcome"]) == (0, "done"), done.err
    for title in ("Dept", "Dept/de"):
        (section,) = sections.find(pages.text(title))
        assert section.digest == sections.digest(sections.body_of(pages.text(title), section))
    entry = Folder(tmp_path / "wiki").history(0, "Dept", 0)[0]
    assert entry.summary == (
        "Markers put around mission, to be managed from the department's plan; the text stays as "
        f"it is [run {done.report['run']}]"
    )
    again = adopt(tmp_path, *arguments)
    assert (again.status, again.report["outcome"]) == (0, "nothing")


def test_one_language_can_be_chosen(pages: FolderPeople, tmp_path: Path):
    done = adopt(
        tmp_path, "-wiki:wiki", "-page:Dept", "-language:de", "-section:teams=Teams", "-always"
    )
    assert done.actions == {"Dept/de": "update"}
    assert "wikiplan" not in pages.text("Dept")


def test_a_refused_page_fails_the_run_and_the_others_are_done(pages: FolderPeople, tmp_path: Path):
    pages.edit("Dept/de", "#REDIRECT [[Abteilung]]")
    done = adopt(tmp_path, "-wiki:wiki", "-page:Dept", "-section:teams=Teams", "-always")
    assert done.status == 1
    assert done.actions == {"Dept": "update", "Dept/de": "refused"}


def test_a_version_that_lacks_a_section_keeps_its_others_from_the_look_to_the_update(
    pages: FolderPeople, tmp_path: Path
):
    pages.edit("Dept", f"{PLAIN}\n== Contact ==\nWrite to us.\n\n== References ==\nSome books.\n")
    pages.edit(
        "Dept/de",
        "Einleitung.\n\n== Was wir tun ==\nDies.\n\n"
        "== Gruppen ==\n* [[A|Gruppe A]]\n* [[B|Gruppe B]]\n\n== Kontakt ==\nSchreibt uns.\n",
    )
    where = ("-wiki:wiki", "-page:Dept")
    look = adopt(tmp_path, *where)
    (told,) = re.findall(r"^To mark: (.*)$", look.out, re.MULTILINE)
    chosen = shlex.split(told)
    assert chosen[-2:] == ["-section:contact=Contact", "-section:references=References"]
    done = adopt(tmp_path, *where, *chosen, "-import", "-out:plan")
    (advice,) = re.findall(r'like "(-section:.*?)"', done.out)
    assert advice == "-section:mission/de=Was wir tun"
    shutil.rmtree(tmp_path / "plan")
    done = adopt(tmp_path, *where, *chosen, advice, "-import", "-out:plan")
    listed = (tmp_path / "plan" / "pages.yaml").read_text("utf-8")
    assert re.findall(r"name: (\S+),.*languages: \[en\]", listed) == ["contact", "references"]
    assert adopt(tmp_path, *where, *chosen, advice, "-always").status == 0
    names = [section.name for section in sections.find(pages.text("Dept/de"))]
    assert names == ["overview", "mission", "teams"]
    update = script("plan_update", "-wiki:wiki", "-data:plan", NOW, "-always", directory=tmp_path)
    assert update.status == 0, update.out
    again = script("plan_preview", "-wiki:wiki", "-data:plan", NOW, directory=tmp_path)
    assert again.actions == {"Dept": "none", "Dept/de": "none"}


ODD = f"{PLAIN}\n== Signed ==\nBy us. ~~~~\n"
WHY = "an import could not take it"
NOT_TAKEN = "its wikitext holds a signature (“~~~~”); remove the tildes"


def test_a_section_that_an_import_would_leave_out_is_not_marked(
    pages: FolderPeople, tmp_path: Path
):
    pages.edit("Dept", ODD)
    look = adopt(tmp_path, "-wiki:wiki", "-page:Dept")
    told = {part["heading"]: part["refusal"] for part in look.report["looks"][0]["outline"]}
    assert {heading: why for heading, why in told.items() if why} == {
        "Signed": f"{WHY}: {NOT_TAKEN}"
    }
    arguments = ("-wiki:wiki", "-page:Dept", "-language:en", "-always")
    done = adopt(tmp_path, *arguments, "-section:teams=Teams", "-section:signed=Signed")
    assert (done.status, done.reasons) == (
        1,
        {
            "Dept": f"section signed: {WHY}, so no plan would write it: {NOT_TAKEN}. Mend that, or "
            "leave this section out"
        },
    )
    assert pages.text("Dept") == ODD.rstrip("\n")
    assert adopt(tmp_path, *arguments, "-section:teams=Teams").status == 0


def test_a_page_must_be_named(tmp_path: Path):
    done = adopt(tmp_path, "-wiki:wiki")
    assert (done.status, "say -page:TITLE" in done.err) == (1, True)


def test_a_section_without_a_heading_is_told_before_anything_is_read(tmp_path: Path):
    done = adopt(tmp_path, "-wiki:wiki", "-page:Dept", "-section:mission")
    assert done.status == 1
    assert "-section:mission: names no heading; write -section:NAME=HEADING" in done.err


@pytest.mark.wiki
def test_the_departments_page_is_taken_over_in_english_and_arabic_as_plain_pages(
    mediawiki: MediaWiki, title: str, tmp_path: Path
):
    texts = {title: as_plain(shared_page()), f"{title}/ar": shared_page("ar")}
    for page, text in texts.items():
        mediawiki.edit(page, text)
    texts = {page: mediawiki.text(page) for page in texts}
    rendered = {page: html(mediawiki, page) for page in texts}
    arguments = ("-site:lab:lab", f"-page:{title}", *SECTIONS)
    with mediawiki.log() as log:
        shown = adopt(tmp_path, *arguments, "-simulate")
        assert (shown.status, "edit" in log.actions) == (2, False), shown.err
    done = adopt(tmp_path, *arguments, "-always")
    assert (done.status, done.actions) == (0, dict.fromkeys(texts, "update")), done.err
    for page, text in texts.items():
        now = mediawiki.text(page)
        lines = [line for line in now.split("\n") if not line.startswith("<!-- wikiplan:")]
        assert "\n".join(lines) == text
        assert [section.name for section in sections.find(now)] == NAMES
        assert html(mediawiki, page) == rendered[page]
    again = adopt(tmp_path, *arguments, "-always")
    assert again.report["outcome"] == "nothing"


def html(wiki: MediaWiki, title: str) -> str:
    answer = wiki.api(
        action="parse", page=title, prop="text", disablelimitreport=1, disableeditsection=1
    )
    return str(answer["parse"]["text"])


@pytest.mark.wiki
@pytest.mark.translate
def test_a_page_that_translators_work_on_loses_nothing_when_it_is_taken_over(
    translate_wiki: Any, translate_site: Callable[..., Any], title: str, tmp_path: Path
):
    translate_wiki.edit(title, shared_page(), "Admin")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    ids = [str(number) for number in range(1, 21)]
    translate_wiki.fill_translations(title, ids, ["ar", "de"])
    translate_wiki.run_jobs()
    before = {code: translate_wiki.states(title, code) for code in ("ar", "de")}
    pages = {"en": title, "de": f"{title}/de"}
    shown = {code: translate_wiki.lines(page, code) for code, page in pages.items()}

    translate_site()
    done = adopt(tmp_path, "-site:lab:lab", f"-page:{title}", *SECTIONS, "-always")
    assert (done.status, done.report["outcome"]) == (3, "waiting"), done.err + done.out
    assert done.actions == {title: "update"}
    assert [section.name for section in sections.find(translate_wiki.text(title))] == NAMES
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    assert {code: translate_wiki.states(title, code) for code in before} == before
    assert {code: translate_wiki.lines(page, code) for code, page in pages.items()} == shown
    names = [section.name for section in sections.find(translate_wiki.text(f"{title}/de"))]
    assert names == NAMES


# --- import ---


def change_a_date_and_an_item(data: Path) -> None:
    """Do what a plan's owner does in an editor; the import may have found the date as a fact."""
    path = data / "priorities" / "2020-2021.yaml"
    text = path.read_text("utf-8")
    text, dates = re.subn(r"(target: 2022-|start in )(01|January)", _march, text)
    text, items = re.subn("integrity of", "truth of", text)
    assert (dates, items) == (1, 1)
    path.write_text(text, "utf-8")


def _march(found: re.Match[str]) -> str:
    return found[1] + {"01": "03", "January": "March"}[found[2]]


def changed_words(before: str, after: str) -> list[str]:
    """Return the words that a person put in."""
    lines = [line for line in textdiff.lines(before, after) if line.kind == "added"]
    lines = [line for line in lines if "wikiplan:begin" not in line.text]
    return [text.strip() for line in lines for text, changed in line.runs if changed]


def test_an_import_writes_a_plan_and_nothing_on_the_wiki(pages: FolderPeople, tmp_path: Path):
    done = adopt(
        tmp_path, "-wiki:wiki", "-page:Dept", "-section:mission=What we do",
        "-section:teams=Teams", "-import", "-out:plan", NOW,
    )  # fmt: skip
    assert done.status in (0, 3), done.err
    (made,) = done.report["plans"]
    assert "plan/pages.yaml" in made["files"]
    assert {each["name"] for each in made["sections"]} == {"mission", "teams"}
    assert pages.text("Dept") == PLAIN.rstrip("\n")
    check = script("plan_check", "-data:plan", directory=tmp_path)
    assert check.status == 0, check.out
    unwritten = re.findall(r"(\S+): stands for a text that nobody has written", check.out)
    assert unwritten == ["overview.text"]


def test_an_import_never_goes_over_a_plan(pages: FolderPeople, tmp_path: Path):
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "pages.yaml").write_text("mine")
    done = adopt(
        tmp_path, "-wiki:wiki", "-page:Dept", "-section:teams=Teams", "-import", "-out:plan"
    )
    assert done.status == 1
    assert "has a plan already" in done.err
    assert [path.name for path in (tmp_path / "plan").iterdir()] == ["pages.yaml"]


def test_an_import_of_a_page_without_markers_says_what_to_do(pages: FolderPeople, tmp_path: Path):
    done = adopt(tmp_path, "-wiki:wiki", "-page:Dept", "-import", "-out:plan")
    assert done.status == 1
    assert "Dept: no section has markers yet; say -section:NAME=HEADING" in done.err


def test_simulate_shows_an_import_and_writes_no_file(pages: FolderPeople, tmp_path: Path):
    done = adopt(
        tmp_path, "-wiki:wiki", "-page:Dept", "-section:teams=Teams", "-import", "-out:plan",
        "-simulate",
    )  # fmt: skip
    assert done.report["plans"][0]["files"]
    assert not (tmp_path / "plan").exists()


def test_a_language_that_is_named_narrows_the_versions_and_the_page_stays_the_source(
    pages: FolderPeople, tmp_path: Path
):
    pages.edit("Dept/fr", PLAIN.replace("What we do", "Ce que nous faisons"))
    done = adopt(
        tmp_path, "-wiki:wiki", "-page:Dept", "-language:de", "-section:mission=What we do",
        "-import", "-out:plan",
    )  # fmt: skip
    assert done.status in (0, 3), done.err
    declared = (tmp_path / "plan" / "pages.yaml").read_text("utf-8")
    assert "source-language: en\nlanguages: [en, de]\n" in declared


@pytest.mark.wiki
def test_the_departments_plain_pages_become_a_plan_that_changes_what_is_changed_in_it(
    mediawiki: MediaWiki, title: str, tmp_path: Path
):
    english, arabic = title, f"{title}/ar"
    mediawiki.edit(english, as_plain(shared_page()))
    mediawiki.edit(arabic, shared_page("ar"))
    arguments = ("-site:lab:lab", f"-page:{title}", *SECTIONS)
    made = adopt(tmp_path, *arguments, "-import", "-out:plan", NOW)
    assert made.status in (0, 3), made.err
    (plan,) = made.report["plans"]
    assert [each for each in plan["differences"] if each["visible"]] == []
    assert adopt(tmp_path, *arguments, "-always").status == 0
    assert script("plan_check", "-data:plan", directory=tmp_path).status == 0
    preview = script("plan_preview", "-data:plan", NOW, directory=tmp_path)
    assert preview.actions[english] == "none", preview.out
    update = script("plan_update", "-data:plan", NOW, "-always", directory=tmp_path)
    assert update.status == 0, update.err
    before = mediawiki.text(english)
    change_a_date_and_an_item(tmp_path / "plan")
    update = script("plan_update", "-data:plan", NOW, "-always", directory=tmp_path)
    assert update.actions[english] == "update", update.out
    assert changed_words(before, mediawiki.text(english)) == ["March", "truth"]


@pytest.mark.wiki
@pytest.mark.translate
def test_a_translatable_page_becomes_a_plan_with_its_translations_and_ids(
    translate_wiki: Any, translate_site: Callable[..., Any], title: str, tmp_path: Path
):
    translate_wiki.edit(title, shared_page(), "Admin")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    ids = [str(number) for number in range(1, 21)]
    arabic = arabic_units()
    for id in ids:
        translate_wiki.translate(title, id, "ar", arabic[id])
    translate_wiki.run_jobs()
    translate_site()
    arguments = ("-site:lab:lab", f"-page:{title}", *SECTIONS)
    made = adopt(tmp_path, *arguments, "-import", "-out:plan", NOW)
    assert made.status in (0, 3), made.err
    declared = (tmp_path / "plan" / "pages.yaml").read_text("utf-8")
    assert sorted(re.findall(r": (\d+)$", declared, re.MULTILINE), key=int) == ids
    catalog = (tmp_path / "plan" / "locale" / "ar.po").read_text("utf-8")
    assert len(re.findall(r'^msgstr "(?!")|^msgstr ""\n"', catalog, re.MULTILINE)) >= 20
    adopt(tmp_path, *arguments, "-always")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    preview = script("plan_preview", "-data:plan", NOW, directory=tmp_path)
    assert preview.actions == {title: "none"}, preview.out
    before = translate_wiki.text(title)
    change_a_date_and_an_item(tmp_path / "plan")
    update = script(
        "plan_update", "-data:plan", NOW, "-always", "-allow:outdated", directory=tmp_path
    )
    assert update.actions == {title: "update"}, update.out
    assert changed_words(before, translate_wiki.text(title)) == ["March", "truth"]
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    states = translate_wiki.states(title, "ar")
    assert {id for id in ids if states[id] == "fuzzy"} == {"11", "18"}
    assert {id for id in ids if states[id] == "translated"} == set(ids) - {"11", "18"}


@pytest.mark.wiki
@pytest.mark.translate
def test_after_an_import_pull_and_push_find_every_translation_in_step_with_its_credits(
    translate_wiki: Any, translate_site: Callable[..., Any], title: str, tmp_path: Path
):
    trees = '[[<tvar name="1">Trees</tvar>|trees]]'
    text = f"<translate>\n== Goals ==\n\nWe plant {trees}.\n\nWe count.\n\nWe rest.\n</translate>"
    translate_wiki.edit(title, text, "Admin")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    german = ["== Ziele ==", "Wir pflanzen [[$1|Bäume]].", "Wir zählen.", "Wir ruhen."]
    revisions = [translate_wiki.translate(title, str(n), "de", w) for n, w in enumerate(german, 1)]
    reword(translate_wiki, title, "We count.", "We count them.")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    reword(translate_wiki, title, "We rest.", "We rest at noon.")
    translate_site()
    arguments = ("-site:lab:lab", f"-page:{title}", "-section:goals=Goals")
    made = adopt(tmp_path, *arguments, "-import", "-out:plan", NOW)
    assert made.status in (0, 3), made.err
    synced = json.loads((tmp_path / "plan/locale/synced/de.json").read_text("utf-8"))
    assert {place: (row["revision"], row["translator"]) for place, row in synced.items()} == {
        f"{title}/{n}": (revision, "Trans") for n, revision in enumerate(revisions, 1)
    }
    assert [row.get("current", False) for row in synced.values()] == [True, True, False, False]
    adopt(tmp_path, *arguments, "-always")
    before = files(tmp_path / "plan")
    for verb in ("pull", "push"):
        done = script("plan_translations", verb, "-data:plan", NOW, "-always", directory=tmp_path)
        assert (done.status, done.report["outcome"]) == (0, "nothing"), done.out + done.err
        assert files(tmp_path / "plan") == before
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    done = script("plan_translations", "pull", "-data:plan", NOW, directory=tmp_path)
    assert (done.status, done.report["outcome"]) == (0, "nothing"), done.out + done.err
    catalog = tmp_path / "plan/locale/de.po"
    assert "Wir pflanzen [[$tvar_1|Bäume]]." in catalog.read_text("utf-8")
    catalog.write_text(catalog.read_text("utf-8").replace("Bäume", "Stauden"), "utf-8")
    done = script("plan_translations", "push", "-data:plan", NOW, "-always", directory=tmp_path)
    assert done.status == 0, done.out + done.err
    pushed = translate_wiki.text(f"Translations:{title}/2/de")
    assert pushed == "Wir pflanzen [[$1|Stauden]]."
    preview = script("plan_preview", "-data:plan", NOW, directory=tmp_path)
    assert preview.actions == {title: "none"}, preview.out


def reword(wiki: Any, title: str, before: str, after: str) -> None:
    text = wiki.text(title)
    assert before in text
    wiki.edit(title, text.replace(before, after), "Admin")


def files(directory: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def arabic_units() -> dict[str, str]:
    """Return the Arabic page's texts by the English page's unit ids: they stand in one order."""
    text = shared_page("ar").partition("\n")[2].partition("\n[[Category:")[0]
    lines = [line for line in text.split("\n") if line.strip()]
    names = [units_variables(unit.text) for unit in parse(shared_page()).units]
    assert len(lines) == len(names) == 20
    texts = {}
    for number, (line, variables) in enumerate(zip(lines, names, strict=True), 1):
        line = re.sub(r"^(==|[*]+) *(.*?) *(==)?$", r"\2", line)
        for name, value in variables.items():
            line = line.replace(f"[[{value}|", f"[[${name}|")
        texts[str(number)] = f"== {line} ==" if number in (2, 4, 19) else line
    return texts


def units_variables(text: str) -> dict[str, str]:
    return {variable.name: variable.value for variable in tvars.variables(text)}


# --- the sample plan, there and back ---

DEPARTMENT = "Community Resilience and Sustainability"
SAMPLE = {
    DEPARTMENT: {
        "overview": "",
        "mission": "What we do",
        "priorities-2020-2021": "Priorities: 2020–2021",
        "office-hours": "Office hours",
    },
    f"{DEPARTMENT}/Priorities 2021–2022": {
        "navigation": "",
        "priorities-2021-2022": "Priorities: 2021–2022",
        "teams": "Our teams",
    },
}


@pytest.mark.heavy
def test_the_sample_plans_pages_become_a_plan_that_writes_the_same_pages(tmp_path: Path):
    sample = (f"-data:{ROOT / 'data'}", f"-templates:{ROOT / 'templates'}")
    done = script("plan_update", "-wiki:wiki", *sample, NOW, "-always", directory=tmp_path)
    assert done.status == 0, done.err
    written = without_markers(tmp_path / "wiki")
    for title, headings in SAMPLE.items():
        chosen = [f"-section:{name}={heading}" for name, heading in headings.items()]
        marked = adopt(tmp_path, "-wiki:wiki", f"-page:{title}", *chosen, "-always")
        assert marked.status == 0, marked.out
    pages = [f"-page:{title}" for title in SAMPLE]
    made = adopt(tmp_path, "-wiki:wiki", *pages, "-import", "-out:plan", NOW)
    assert made.status in (0, 3), made.err
    assert made.report["plans"][0]["differences"] == []
    preview = script("plan_preview", "-wiki:wiki", "-data:plan", NOW, directory=tmp_path)
    assert {*preview.actions.values()} == {"none"}
    assert len(preview.actions) == written


def without_markers(wiki: Path) -> int:
    """Turn a folder's pages into pages that nobody ever managed; return how many there are."""
    shutil.rmtree(wiki / ".wikiplan")
    pages = sorted(wiki.rglob("*.wiki"))
    for page in pages:
        lines = page.read_text("utf-8").splitlines(keepends=True)
        page.write_text("".join(each for each in lines if "<!-- wikiplan:" not in each), "utf-8")
    return len(pages)


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        ('<div lang="ar" dir="rtl" class="mw-content-rtl">\nA\n</div>', "A"),
        ("<div dir='rtl'>\n<div>\nA\n</div>\n</div>", "<div>\nA\n</div>"),
        ('<div lang="ar">\nA\n</div>\n<div>\nB\n</div>', None),
        ('<div lang="ar" style="color:red">\nA\n</div>', None),
        ("A", None),
    ],
)
def test_only_an_envelope_that_tells_the_language_is_taken_off(body: str, inside: str | None):
    assert pagetexts.without_envelope(body) == (body if inside is None else inside)
