"""Telling a real wiki in which language pages are: as any write, and never over people's choice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.runs import test_faults
from tests.runs.test_faults import Case, Drill
from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.people import FolderPeople
from tests.support.proxy import Proxy
from tests.support.running import Done, forked, script
from wikiplan.catalogs.catalog import Catalog
from wikiplan.plan import plan as plans
from wikiplan.report.report import STATUS, RunOutcome
from wikiplan.wikitext import sections

RIGHT = "$wgGroupPermissions['bot']['pagelang'] = true;"
WITHOUT = "languages: [en, ar]\n"
TOP = f"{WITHOUT}page-language: true\n"
PAIR = "Before\n<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->\nafter"
ARABIC = "نص."


@pytest.fixture
def allowed(mediawiki: MediaWiki) -> Iterator[None]:
    with mediawiki.settings(RIGHT):
        yield


def plan(
    directory: Path, title: str, more: str = "", top: str = TOP, translation: str = ARABIC
) -> Path:
    """Write a plan of one page and its version in Arabic."""
    smallplan.write(directory, {"a": "Text."}, {title: more}, top)
    catalog = Catalog.create(directory / "data" / "locale" / "ar.po")
    catalog.path.parent.mkdir(exist_ok=True)
    catalog.path.unlink(missing_ok=True)
    smallplan.write(directory, {"a": "Text."}, {title: more}, "languages: [en]\n")
    units = plans.load(directory / "data").units
    catalog.update(units.values())
    catalog.set(units["a.body"], translation)
    catalog.save()
    return smallplan.write(directory, {"a": "Text."}, {title: more}, top)


def full(text: str) -> str:
    digest = sections.digest(text)
    return (
        f"Before\n<!-- wikiplan:begin a | sha256:{digest} -->\n{text}\n"
        "<!-- wikiplan:end a -->\nafter"
    )


def update(directory: Path, *options: str) -> Done:
    return script("plan_update", "-always", *options, directory=directory)


def language(mediawiki: MediaWiki, title: str) -> str:
    answer = mediawiki.api(action="query", titles=title, prop="info")
    return str(answer["query"]["pages"][0]["pagelanguage"])


def logged(mediawiki: MediaWiki, title: str) -> list[tuple[str, str, str]]:
    """Return who gave a page which languages, the newest first, and why."""
    answer = mediawiki.api(action="query", list="logevents", letype="pagelang", letitle=title)
    entries = answer["query"]["logevents"]
    return [(e["user"], e["params"]["newlanguage"], e["comment"]) for e in entries]


def of_page(done: Done, title: str) -> Mapping[str, Any]:
    (page,) = (page for page in done.report["pages"] if page["title"] == title)
    return page


def shown(mediawiki: MediaWiki, title: str) -> str:
    return str(mediawiki.api(action="parse", page=title)["parse"]["text"]).splitlines()[0]


def writes(actions: Sequence[str]) -> list[str]:
    return [each for each in actions if each in ("edit", "setpagelanguage")]


@pytest.mark.wiki
def test_a_page_gets_its_language_before_its_text_and_a_second_run_asks_no_more(
    mediawiki: MediaWiki, allowed: None, tmp_path: Path, title: str
):
    arabic = f"{title}/ar"
    for page in (title, arabic):
        mediawiki.edit(page, PAIR)
    plan(tmp_path, title)
    preview = script("plan_preview", directory=tmp_path)
    assert (preview.status, preview.actions) == (2, {title: "update", arabic: "update"})
    expected = {"before": "en", "after": "ar", "left": ""}
    assert of_page(preview, arabic)["page_language"] == expected
    assert "page language: en → ar" in preview.out
    assert language(mediawiki, arabic) == "en"

    with mediawiki.log() as log:
        done = update(tmp_path)
    assert (done.status, done.report["outcome"]) == (0, "done"), done.err + done.out
    assert writes(log.actions) == ["edit", "setpagelanguage", "edit"]
    summary = f"تحديث من خطة الإدارة: لغة الصفحة: ar [run {done.report['run']}]"
    assert logged(mediawiki, arabic) == [("PlanBot", "ar", summary)]
    assert (language(mediawiki, title), logged(mediawiki, title)) == ("en", [])
    assert mediawiki.text(arabic) == full(ARABIC)  # the page says its language, not the section
    assert 'lang="ar" dir="rtl"' in shown(mediawiki, arabic)

    again = update(tmp_path, "-full")
    assert (again.status, again.report["outcome"]) == (0, "nothing"), again.out
    plan(tmp_path, title, top=WITHOUT)
    without = update(tmp_path, "-full")
    requests = again.report["requests"]
    assert (without.report["outcome"], without.report["requests"]) == ("nothing", requests)


@pytest.mark.wiki
def test_a_page_with_the_right_text_gets_its_language_alone(
    mediawiki: MediaWiki, allowed: None, tmp_path: Path, title: str
):
    arabic = f"{title}/ar"
    mediawiki.edit(title, full("Text."))
    mediawiki.edit(arabic, full(ARABIC))
    plan(tmp_path, title)
    done = update(tmp_path)
    assert (done.status, done.actions) == (0, {title: "none", arabic: "update"}), done.out
    assert of_page(done, arabic)["new_revid"] == 0
    assert language(mediawiki, arabic) == "ar"
    assert len(mediawiki.history(arabic)) == 1
    again = update(tmp_path)
    assert (again.status, again.report["outcome"]) == (0, "nothing"), again.out


@pytest.mark.wiki
def test_a_new_page_is_made_first_and_shown_in_its_language(
    mediawiki: MediaWiki, allowed: None, tmp_path: Path, title: str
):
    plan(tmp_path, title, "missing-page: create")
    with mediawiki.log() as log:
        done = update(tmp_path)
    assert (done.status, set(done.actions.values())) == (0, {"create"}), done.err + done.out
    assert writes(log.actions) == ["edit", "edit", "setpagelanguage"]
    assert mediawiki.text(f"{title}/ar") == sections.new_page({"a": ARABIC})
    assert 'lang="ar" dir="rtl"' in shown(mediawiki, f"{title}/ar")
    again = update(tmp_path, "-full")
    assert (again.status, again.report["outcome"]) == (0, "nothing"), again.out


@pytest.mark.wiki
@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ("", "PlanBot lacks the right “pagelang”"),
        (
            f"{RIGHT} $wgPageLanguageUseDB = false;",
            "this wiki's pages have all its own language ($wgPageLanguageUseDB is off)",
        ),
    ],
)
def test_where_none_may_be_set_that_is_told_once_and_the_rest_is_done(
    mediawiki: MediaWiki, tmp_path: Path, title: str, settings: str, why: str
):
    told = f"No page gets the language that pages.yaml wants for it (page-language): {why}."
    pages = {f"{title} 1": "missing-page: create", f"{title} 2": "missing-page: create"}
    plan(tmp_path, f"{title} 1")
    smallplan.write(tmp_path, {"a": "Text."}, pages, TOP)
    with mediawiki.settings(settings), mediawiki.log() as log:
        done = update(tmp_path)
        assert (done.status, done.report["outcome"]) == (0, "done"), done.err + done.out
        assert done.out.count(told) == 1
        assert writes(log.actions) == ["edit"] * 4
        assert 'lang="ar" dir="rtl"' in mediawiki.text(f"{title} 1/ar")  # so the section says it
        again = update(tmp_path, "-full")
        assert (again.status, again.report["outcome"]) == (0, "nothing"), again.out
    with mediawiki.settings(RIGHT):  # and as soon as it may be set it is, without being asked for
        then = update(tmp_path)
        assert (then.status, then.report["outcome"]) == (0, "done"), then.out
    assert language(mediawiki, f"{title} 2/ar") == "ar"
    assert mediawiki.text(f"{title} 2/ar") == sections.new_page({"a": ARABIC})


@pytest.mark.wiki
def test_a_language_that_a_person_chose_stays_and_the_rest_is_done(
    mediawiki: MediaWiki, allowed: None, tmp_path: Path, title: str
):
    arabic = f"{title}/ar"
    plan(tmp_path, title, "missing-page: create")
    assert update(tmp_path).status == 0
    mediawiki.page_language(arabic, "arz")
    plan(tmp_path, title, translation="نص جديد.")
    done = update(tmp_path)
    assert (done.status, done.report["outcome"]) == (3, "waiting"), done.out
    assert done.actions == {title: "none", arabic: "update"}
    assert "Admin gave the page the language arz at 20" in done.reasons[arabic]
    assert "نص جديد." in mediawiki.text(arabic)
    for options in ((), ("-drift:reclaim",)):
        again = update(tmp_path, *options)
        assert (again.status, again.actions[arabic]) == (3, "drift"), again.out
        assert of_page(again, arabic)["page_language"]["left"] in again.reasons[arabic]
    assert [(user, code) for user, code, _ in logged(mediawiki, arabic)] == [
        ("Admin", "arz"),
        ("PlanBot", "ar"),
    ]
    plan(tmp_path, title, "page-language: false", translation="نص جديد.")
    settled = update(tmp_path)
    assert (settled.status, settled.report["outcome"]) == (0, "nothing"), settled.out


@pytest.mark.wiki
def test_an_undo_takes_the_language_back_and_it_stays_back(
    mediawiki: MediaWiki, allowed: None, tmp_path: Path, title: str
):
    arabic = f"{title}/ar"
    mediawiki.edit(title, full("Text."))
    mediawiki.edit(arabic, PAIR)
    plan(tmp_path, title)
    run = update(tmp_path).report["run"]
    undone = script("plan_undo", run, "-always", directory=tmp_path)
    assert (undone.status, undone.actions) == (0, {arabic: "update"}), undone.err + undone.out
    assert (mediawiki.text(arabic), language(mediawiki, arabic)) == (PAIR, "en")
    assert [code for _, code, _ in logged(mediawiki, arabic)] == ["en[def]", "ar"]
    once_more = script("plan_undo", run, "-always", directory=tmp_path)
    assert (once_more.status, once_more.report["outcome"]) == (0, "nothing"), once_more.out

    again = update(tmp_path)
    assert (again.status, again.actions[arabic]) == (3, "drift"), again.out
    assert "the language ar that a run gave the page was taken back" in again.reasons[arabic]
    reclaimed = update(tmp_path, "-drift:reclaim")
    assert (reclaimed.status, reclaimed.actions[arabic]) == (0, "update"), reclaimed.out
    assert (mediawiki.text(arabic), language(mediawiki, arabic)) == (full(ARABIC), "ar")


@pytest.mark.wiki
def test_an_undo_of_a_language_alone_leaves_what_people_chose_since(
    mediawiki: MediaWiki, allowed: None, tmp_path: Path, title: str
):
    pages = [f"{title} {number}" for number in (1, 2)]
    runs = []
    for page in pages:
        mediawiki.edit(page, full("Text."))
        mediawiki.edit(f"{page}/ar", full(ARABIC))
    plan(tmp_path, pages[0])
    smallplan.write(tmp_path, {"a": "Text."}, dict.fromkeys(pages, ""), TOP)
    runs.append(update(tmp_path).report["run"])
    mediawiki.page_language(f"{pages[1]}/ar", "arz")
    undone = script("plan_undo", runs[0], "-always", directory=tmp_path)
    assert undone.actions == {f"{pages[0]}/ar": "update", f"{pages[1]}/ar": "drift"}, undone.out
    assert undone.status == 3
    assert undone.reasons[f"{pages[1]}/ar"] == (
        "the page's language was changed since, by Admin, left as it is; set it on "
        "Special:PageLanguage"
    )
    assert [language(mediawiki, f"{page}/ar") for page in pages] == ["en", "arz"]
    assert [mediawiki.text(f"{page}/ar") for page in pages] == [full(ARABIC)] * 2


@pytest.mark.wiki
def test_a_reviewed_change_set_gives_the_language_and_only_if_it_is_as_it_was(
    mediawiki: MediaWiki, allowed: None, tmp_path: Path, title: str
):
    names = [f"{title} {name}" for name in ("as it was", "set already", "changed")]
    for name in names:
        mediawiki.edit(name, full("Text."))
        mediawiki.edit(f"{name}/ar", PAIR)
    plan(tmp_path, names[0])
    smallplan.write(tmp_path, {"a": "Text."}, dict.fromkeys(names, ""), TOP)
    assert script("plan_preview", "-out:review", directory=tmp_path).status == 2
    saved = json.loads((tmp_path / "review" / "changes.json").read_text("utf-8"))
    (language_of,) = {json.dumps(p.get("page_language")) for p in saved["pages"]} - {"null"}
    assert json.loads(language_of) == {
        "before": "en",
        "after": "ar",
        "summary": f"تحديث من خطة الإدارة: لغة الصفحة: ar [run {saved['run']}]",
    }
    assert "en → ar" in (tmp_path / "review" / "index.html").read_text("utf-8")
    mediawiki.page_language(f"{names[1]}/ar", "ar")
    mediawiki.page_language(f"{names[2]}/ar", "fr")
    done = update(tmp_path, "-changes:review/changes.json")
    actions = [done.actions[f"{name}/ar"] for name in names]
    assert actions == ["update", "update", "conflict"], done.out
    assert "the page's language is fr now, and was en" in done.reasons[f"{names[2]}/ar"]
    assert [language(mediawiki, f"{name}/ar") for name in names] == ["ar", "ar", "fr"]
    again = update(tmp_path, "-changes:review/changes.json")
    assert [again.actions[f"{name}/ar"] for name in names] == ["none", "none", "conflict"]


def test_a_folder_has_no_languages_to_set(tmp_path: Path, title: str):
    plan(tmp_path, title, "missing-page: create")
    done = update(tmp_path, "-wiki:wiki")
    assert done.status == 0, done.err
    assert (
        "No page gets the language that pages.yaml wants for it (page-language): a folder's pages "
        "get theirs in .wikiplan/site.json (page-languages)."
    ) in done.out
    settings = {"language": "en", "page-languages": {f"{title}/ar": "ar"}}
    (tmp_path / "wiki" / ".wikiplan" / "site.json").write_text(json.dumps(settings))
    again = update(tmp_path, "-wiki:wiki", "-full")
    assert again.actions[f"{title}/ar"] == "update", again.out
    text = FolderPeople(tmp_path / "wiki").text(f"{title}/ar")
    assert text == sections.new_page({"a": ARABIC})


# Faults and kills


@dataclass
class Languages(Drill):
    """A page to be made, one that gets text and language, and one that gets its language alone."""

    command: tuple[str, ...] = ("plan_update", "-always")

    def prepare(self, cases: Sequence[Case]) -> None:
        for case in cases:
            plan(case.directory, case.title)
            pages = {self._page(case, "new"): "missing-page: create"}
            pages |= {self._page(case, name): "" for name in ("text", "alone")}
            more = {title: f"{said}\nlanguages: [ar, en]".strip() for title, said in pages.items()}
            smallplan.write(case.directory, {"a": "Text."}, more, TOP)
        for name, text in (("text", PAIR), ("alone", full(ARABIC))):
            self.wiki.fill({f"{self._page(case, name)}/ar": text for case in cases})
            self.wiki.fill({self._page(case, name): full("Text.") for case in cases})

    def _page(self, case: Case, name: str) -> str:
        return f"{case.title} {name}"

    def versions(self, case: Case) -> list[str]:
        return [f"{self._page(case, name)}/ar" for name in ("new", "text", "alone")]


def judge(drill: Languages, case: Case, status: int) -> None:
    """Compare the report with what the wiki says of languages and texts."""
    report, out = case.report(), case.out
    case.expect("Traceback" not in out and "mistake in wikiplan" not in out, out)
    case.expect(STATUS[RunOutcome(report["outcome"])] == status, f"status {status}, {report}")
    told = {page["title"]: page for page in report["pages"]}
    for title in drill.versions(case):
        run = f"[run {report['run']}]"
        given = [e for e in logged(drill.wiki, title) if run in e[2]]
        case.expect(len(given) <= 1, f"{title} was given its language {len(given)} times")
        case.expect(given or status, f"status 0, and {title} has not got its language")
        page = told.get(title)
        if page and page["action"] in test_faults.SAVED:
            case.expect(given, f"{title} is told as done, and has not got its language")
        if given and page and page["action"] not in test_faults.SAVED:
            known = f"its language is {given[0][1]} now" in page["reason"]
            case.expect(known or "not known" in page["reason"], f"{title}: {page['reason']}")


def tried(drill: Languages, case: Case) -> list[str]:
    drill.proxy.begin({case.number: case.fault} if case.fault else {})
    status = drill.run(case)
    try:
        judge(drill, case, status)
        if status:
            drill.proxy.begin({})
            again = drill.run(case)
            case.expect(again == 0, f"the next run ends with {again}: {case.out}")
        settled(drill, case)
    except Exception as error:
        case.wrong.append(f"{case}: {type(error).__name__} {error}\n{case.out}")
    return case.wrong


def settled(drill: Languages, case: Case) -> None:
    """Each page has its language by one line of the log, and its text by one edit at most."""
    for title in drill.versions(case):
        given = [code for user, code, _ in logged(drill.wiki, title) if user == "PlanBot"]
        case.expect(given == ["ar"], f"{title} was given {given}")
        edits = [each for each in drill.wiki.history(title) if each["user"] == "PlanBot"]
        wanted = 0 if title.endswith("alone/ar") else 1
        case.expect(len(edits) == wanted, f"{title} has {len(edits)} edits")
        case.expect(ARABIC in drill.wiki.text(title), f"{title}: {drill.wiki.text(title)}")
        case.expect("<div" not in drill.wiki.text(title), f"{title}: {drill.wiki.text(title)}")


@pytest.fixture
def drill(
    mediawiki: MediaWiki, allowed: None, proxy: Proxy, site_of: Any, tmp_path: Path, title: str
) -> Languages:
    site_of()  # Pywikibot is loaded once, for all processes
    return Languages(mediawiki, proxy, tmp_path, title)


@pytest.mark.wiki
def test_faults_while_languages_are_set(drill: Languages):
    warm, whole = drill.case(), drill.case()
    drill.prepare([warm, whole])
    for case in (warm, whole):
        drill.proxy.begin({})
        assert drill.run(case) == 0, case.out
        judge(drill, case, 0)
        settled(drill, case)
        assert not case.wrong, case.wrong
    asked = list(drill.proxy.seen)
    assert asked.count("setpagelanguage") == 3
    if test_faults.WHOLE:
        places = [(n, kind) for kind in test_faults.KINDS for n in range(len(asked))]
    else:  # some kinds, each at one of the requests that set a language
        sets = [number for number, action in enumerate(asked) if action == "setpagelanguage"]
        kinds = list(enumerate(test_faults.KINDS))[::18]
        places = [(sets[i % len(sets)], kind) for i, kind in kinds]
    cases = [drill.case(number, kind) for number, kind in places]
    drill.prepare(cases)
    wrong = [found for case in cases for found in tried(drill, case)]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.wiki
def test_a_kill_before_or_after_a_language_is_set_is_found_out(drill: Languages):
    warm, whole = drill.case(), drill.case()
    drill.prepare([warm, whole])
    assert drill.run(warm) == 0, warm.out
    drill.proxy.begin({})
    assert drill.run(whole) == 0, whole.out
    sets = [n for n, action in enumerate(drill.proxy.seen) if action == "setpagelanguage"]
    moments = [(number, when) for number in sets for when in ("before", "after")]
    cases = [drill.case() for _ in moments]
    drill.prepare(cases)
    told = []
    for case, moment in zip(cases, moments, strict=True):
        drill.proxy.begin({})
        hurry = test_faults.without_waits(case)
        run = partial(forked, *drill.command, directory=case.directory, first=hurry)
        drill.proxy.kill(run, *moment)
        drill.proxy.begin({})
        assert drill.run(case) == 0, case.out
        settled(drill, case)
        assert not case.wrong, case.wrong
        told += [
            page["reason"]
            for run in case.report()["killed_runs"]
            for page in run["pages"]
            if page["title"] in drill.versions(case)
        ]
    is_set = "its language set to ar, as its log shows"
    assert any(each == is_set for each in told)
    assert any(each.endswith(f"not saved, as its history shows; {is_set}") for each in told)
    assert any("; its language not set to ar, as its log shows" in each for each in told)
