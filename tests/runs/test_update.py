"""The whole road on a real MediaWiki: scripts as processes, people on the wiki, what is stored."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.proxy import DROP, HTML, LOSE, Proxy
from tests.support.running import ROOT, Done, script, started
from wikiplan.changes.apply import WRITES_PER_CHECK
from wikiplan.wiki import recentchanges
from wikiplan.wikitext import sections

pytestmark = pytest.mark.wiki

LANGUAGES = ("en", "ar", "de", "he")
PEOPLES = """\
{{{{Notice|people's}}}} \t
<!-- wikiplan:begin overview -->
<!-- wikiplan:end overview -->

== Between {language} ==
Text of people, with ''quotes'' and a <nowiki><!-- wikiplan:begin x --></nowiki>
<!-- wikiplan:begin priorities-2021-2022 -->
<!-- wikiplan:end priorities-2021-2022 -->

== After ==
* keep me\u200f
[[Category:Plans]]"""


@pytest.fixture
def plan(tmp_path: Path, title: str) -> Path:
    """The sample plan's data, for a page of this test with people's text on it."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    pages = f"""\
site: lab:lab
source-language: en
languages: [{", ".join(LANGUAGES)}]
pages:
  - title: {title!r}
    sections:
      - {{name: overview, template: overview, data: department}}
      - {{name: priorities-2021-2022, template: priorities, data: priorities/2021-2022}}
"""
    (tmp_path / "data" / "pages.yaml").write_text(pages)
    return tmp_path


def titles(title: str) -> dict[str, str]:
    return {lang: title if lang == "en" else f"{title}/{lang}" for lang in LANGUAGES}


def outside(text: str) -> list[str]:
    """Return what stands outside of the managed sections."""
    parts, end = [], 0
    for section in sections.find(text):
        parts.append(text[end : section.begin[0]])
        end = section.end[1]
    return [*parts, text[end:]]


def test_pages_in_four_languages_are_previewed_updated_and_then_in_step(
    mediawiki: MediaWiki, plan: Path, title: str
):
    pages = titles(title)
    for language, page in pages.items():
        mediawiki.edit(page, PEOPLES.format(language=language))
    with mediawiki.log() as log:
        preview = script("plan_preview", directory=plan)
    assert (preview.status, preview.report["outcome"], log.writes) == (2, "pending", 0), preview.err
    assert preview.actions == dict.fromkeys(pages.values(), "update")

    update = script("plan_update", "-always", directory=plan)
    assert (update.status, update.report["outcome"]) == (0, "done"), update.err
    for language, page in pages.items():
        text = mediawiki.text(page)
        assert outside(text) == outside(PEOPLES.format(language=language))
        stored = [sections.body_of(text, section) for section in sections.find(text)]
        assert stored == printed_sections(preview.out, page)

    before = {page: len(mediawiki.history(page)) for page in pages.values()}
    again = script("plan_update", "-always", directory=plan)
    assert (again.status, again.report["outcome"]) == (0, "nothing"), again.err
    assert {page: len(mediawiki.history(page)) for page in pages.values()} == before


def printed_sections(out: str, page: str) -> list[str]:
    """Return the new texts of a page's sections as the preview printed them."""
    isolates = str.maketrans("", "", "\u2068\u2069")
    parts = re.split(r"^Section (?:\S+) of (.*)$", out.translate(isolates), flags=re.MULTILINE)
    return [
        "\n".join(line[1:] for line in body.split("\n") if line[:1] == "+")
        for pages, body in zip(parts[1::2], parts[2::2], strict=True)
        if page in pages.split(", ")
    ]


def test_summaries_are_in_the_pages_language_and_name_the_run(
    mediawiki: MediaWiki, plan: Path, title: str
):
    pages = titles(title)
    for language, page in pages.items():
        mediawiki.edit(page, PEOPLES.format(language=language))
    run = script("plan_update", "-always", "-section:overview", directory=plan).report["run"]
    comments = {lang: mediawiki.history(page)[0]["comment"] for lang, page in pages.items()}
    assert comments == {
        "en": f"Updated from the department's plan: overview (one line) [run {run}]",
        "ar": f"تحديث من خطة الإدارة: overview (3 أسطر) [run {run}]",
        "de": f"Nach dem Plan der Abteilung aktualisiert: overview (3 Zeilen) [run {run}]",
        "he": f"עודכן לפי תוכנית המחלקה: overview (3 שורות) [run {run}]",
    }


def test_the_report_agrees_with_recent_changes(mediawiki: MediaWiki, plan: Path, title: str):
    for language, page in titles(title).items():
        mediawiki.edit(page, PEOPLES.format(language=language))
    report = script("plan_update", "-always", directory=plan).report
    changes = [c for c in mediawiki.changes("PlanBot") if report["run"] in c["comment"]]
    told = {page["title"]: page["new_revid"] for page in report["pages"]}
    assert told == {change["title"]: change["revid"] for change in changes}
    assert all(change["bot"] for change in changes)


def refusing(mediawiki: MediaWiki, directory: Path, title: str, texts: dict[str, str]) -> Done:
    """Update pages ``title/KEY`` that hold ``texts``, and a good one; the plan has one section."""
    pages = [f"{title}/{key}" for key in texts] + [f"{title}/good"]
    smallplan.write(directory, {"a": "New text."}, dict.fromkeys(pages, ""))
    for key, text in texts.items():
        mediawiki.edit(f"{title}/{key}", text, "Admin")
    mediawiki.edit(f"{title}/good", PAIR)
    return script("plan_update", "-always", directory=directory)


PAIR = "Before\n<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->\nafter"


def check_refused(done: Done, mediawiki: MediaWiki, title: str, reasons: dict[str, str]) -> None:
    """The named pages were refused for these reasons, the good one was done, and it says so."""
    assert (done.status, done.report["outcome"]) == (1, "failed"), done.err
    assert done.actions[f"{title}/good"] == "update"
    assert "New text." in mediawiki.text(f"{title}/good")
    for key, reason in reasons.items():
        page = f"{title}/{key}"
        assert done.actions[page] == "refused", done.reasons[page]
        assert re.search(reason, done.reasons[page]), done.reasons[page]
        assert reason_shown(done, page)
        assert "New text." not in mediawiki.text(page)


def reason_shown(done: Done, page: str) -> bool:
    return f"{page}: {done.reasons[page]}" in done.out


def test_pages_that_cannot_be_updated_are_named_and_the_others_done(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    mediawiki.edit(f"{title}/protected", PAIR)
    mediawiki.protect(f"{title}/protected")
    done = refusing(
        mediawiki,
        tmp_path,
        title,
        {
            "protected": PAIR,
            "redirect": f"#REDIRECT [[Elsewhere]]\n{PAIR}",
            "no-begin": PAIR.replace("<!-- wikiplan:begin a -->", ""),
            "no-end": PAIR.replace("<!-- wikiplan:end a -->", ""),
            "doubled": f"{PAIR}\n{PAIR}",
            "crossed": PAIR.replace("begin a", "begin b").replace("end a", "end c"),
            "unknown": PAIR.replace(" a ", " b "),
            "nobots": f"{{{{nobots}}}}\n{PAIR}",
        },
    )
    check_refused(
        done,
        mediawiki,
        title,
        {
            "protected": r"the wiki will not let PlanBot edit it: .*protected",
            "redirect": r"the page is a redirect to 'Elsewhere'",
            "no-begin": r"section a\b.*line 3",
            "no-end": r"section a\b.*line 2",
            "doubled": r"section a\b.*line",
            "crossed": r"line 2",
            "unknown": r"the page lacks section a and has b, which pages.yaml does not have",
            "nobots": r"the page excludes PlanBot",
        },
    )


def test_content_that_is_not_wikitext_is_refused(mediawiki: MediaWiki, tmp_path: Path, title: str):
    page = f"{title}/data"
    smallplan.write(tmp_path, {"a": "New text."}, {page: "", f"{title}/good": ""})
    mediawiki.edit(page, "{}", "Admin", contentmodel="json")
    mediawiki.edit(f"{title}/good", PAIR)
    done = script("plan_update", "-always", directory=tmp_path)
    check_refused(done, mediawiki, title, {"data": "content model is json, not wikitext"})


def test_a_latent_substitution_outside_is_not_carried_out(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    template = f"Template:{title}"
    latent = f"{PAIR}\n{{{{subst:{title}}}}}"
    smallplan.write(tmp_path, {"a": "New text."}, {f"{title}/latent": "", f"{title}/good": ""})
    mediawiki.edit(f"{title}/latent", latent)
    mediawiki.edit(f"{title}/good", PAIR)
    assert mediawiki.text(f"{title}/latent") == latent, "the template did not exist yet"
    mediawiki.edit(template, "substituted")
    done = script("plan_update", "-always", directory=tmp_path)
    check_refused(
        done,
        mediawiki,
        title,
        {"latent": r"line 5 of the page: saving would turn '\{\{subst:.*' into 'substituted'"},
    )
    assert mediawiki.text(f"{title}/latent") == latent


def test_a_page_that_people_deleted_is_not_created_again(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    smallplan.write(tmp_path, {"a": "New text."}, {title: "missing-page: create"})
    assert script("plan_update", "-always", directory=tmp_path).actions == {title: "create"}
    mediawiki.delete(title)
    done = script("plan_update", "-always", directory=tmp_path)
    assert (done.status, done.actions) == (3, {title: "drift"})
    assert re.fullmatch(
        r"the page was deleted by Admin at \S+ \(.*\), left alone; restore it on the wiki, or take "
        r"it out of pages\.yaml",
        done.reasons[title],
    )
    assert not mediawiki.history(title)


def test_a_page_that_was_moved_without_a_redirect_is_not_made_a_second_time(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    smallplan.write(tmp_path, {"a": "New text."}, {title: "missing-page: create"})
    script("plan_update", "-always", directory=tmp_path)
    mediawiki.move(title, f"{title} 2", redirect=False)
    done = script("plan_update", "-always", directory=tmp_path)
    assert (done.status, done.actions) == (3, {title: "drift"})
    assert f"moved to '{title} 2' by Admin" in done.reasons[title]
    assert f"follow it with: plan_move 'page:{title}' '{title} 2'" in done.reasons[title]
    meant = script("plan_update", "-always", "-drift:reclaim", directory=tmp_path)
    assert meant.actions == {title: "create"}


@pytest.mark.parametrize("missing", ["refuse", "create"])
def test_a_language_version_that_did_not_move_with_its_page_is_named(
    mediawiki: MediaWiki, tmp_path: Path, title: str, missing: str
):
    entry, top = f"missing-page: {missing}", "languages: [en, de]\n"
    smallplan.write(tmp_path, {"a": "New text."}, {f"{title} 2": entry}, top)
    (tmp_path / "data" / "locale").mkdir()
    script("plan_translations", "update", directory=tmp_path)
    mediawiki.edit(title, PAIR)
    mediawiki.edit(f"{title}/de", PAIR)
    mediawiki.move(title, f"{title} 2")
    done = script("plan_preview", directory=tmp_path)
    assert done.actions == {f"{title} 2": "update", f"{title} 2/de": "refused"}
    assert done.reasons[f"{title} 2/de"] == (
        f"'{title} 2' was moved, and its language version stayed behind at '{title}/de'; move it "
        f"to '{title} 2/de' on the wiki: another one would double it"
    )


@pytest.mark.parametrize("action", ["warn", "disallow"])
def test_an_edit_filter_is_obeyed(mediawiki: MediaWiki, tmp_path: Path, title: str, action: str):
    smallplan.write(tmp_path, {"a": "New text."}, {f"{title}/bad": "", f"{title}/good": ""})
    mediawiki.edit(f"{title}/bad", f"forbidden\n{PAIR}")
    mediawiki.edit(f"{title}/good", PAIR)
    rules = "user_name == 'PlanBot' & new_wikitext contains 'forbidden'"
    with mediawiki.filter(rules, action):
        done = script("plan_update", "-always", directory=tmp_path)
    check_refused(done, mediawiki, title, {"bad": "filter"})
    assert len(mediawiki.history(f"{title}/bad")) == 1


def test_a_blacklisted_link_is_refused(mediawiki: MediaWiki, tmp_path: Path, title: str):
    link = "see [https://spam.example/ this]"
    smallplan.write(tmp_path, {"a": link}, {f"{title}/bad": "", f"{title}/good": ""})
    mediawiki.edit(f"{title}/bad", PAIR)
    mediawiki.edit(f"{title}/good", f"https://spam.example/ was here\n{PAIR}")
    with mediawiki.page("MediaWiki:Spam-blacklist", r"spam\.example"):
        done = script("plan_update", "-always", directory=tmp_path)
    assert done.actions == {f"{title}/bad": "refused", f"{title}/good": "update"}
    assert "spam.example" in done.reasons[f"{title}/bad"]


def test_a_preview_tells_of_a_blacklisted_link_and_asks_only_about_new_ones(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    link = "see [https://listed.example/ this] and [https://fine.example/ that]"
    pages = {f"{title}/bad": "", f"{title}/good": "", f"{title}/old": ""}
    smallplan.write(tmp_path, {"a": link}, pages)
    mediawiki.edit(f"{title}/bad", PAIR)
    mediawiki.edit(f"{title}/good", f"https://listed.example/ was here\n{PAIR}")
    mediawiki.edit(f"{title}/old", f"https://listed.example/ https://fine.example/\n{PAIR}")
    with (
        mediawiki.settings("$wgGroupPermissions['bot']['sboverride'] = true;"),
        mediawiki.page("MediaWiki:Spam-blacklist", r"listed\.example"),
        mediawiki.log() as log,
    ):
        done = script("plan_preview", directory=tmp_path)
        asked, written = log.actions.count("spamblacklist"), log.writes
    assert done.actions == {
        f"{title}/bad": "refused",
        f"{title}/good": "update",
        f"{title}/old": "update",
    }
    assert done.reasons[f"{title}/bad"] == (
        "a link in the text is on the wiki's spam list: listed.example; "
        "take it out of the plan's data"
    )
    assert (asked, written) == (2, 0)


def test_a_blocked_bot_writes_nothing_and_says_why(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    smallplan.write(tmp_path, {"a": "New text."}, {title: ""})
    mediawiki.edit(title, PAIR)
    with mediawiki.blocked("PlanBot", "running wild"):
        done = script("plan_update", "-always", directory=tmp_path)
    assert done.status == 1
    assert "running wild" in done.out + done.err
    assert mediawiki.text(title) == PAIR


def test_another_site_than_the_plans_is_not_touched(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    smallplan.write(tmp_path, {"a": "New text."}, {title: ""})
    mediawiki.edit(title, PAIR)
    done = script("plan_update", "-always", "-site:meta:meta", directory=tmp_path)
    assert (done.status, done.report["outcome"]) == (1, "failed")
    assert "pages.yaml is for lab:lab, but Pywikibot is set up for meta:meta" in done.err
    assert mediawiki.text(title) == PAIR


def test_without_a_terminal_and_without_always_nothing_is_written(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    smallplan.write(tmp_path, {"a": "New text."}, {title: ""})
    mediawiki.edit(title, PAIR)
    with mediawiki.log() as log:
        done = script("plan_update", directory=tmp_path)
        simulated = script("plan_update", "-always", "-simulate", directory=tmp_path)
    assert (done.status, done.report["outcome"], log.writes) == (3, "waiting", 0)
    assert "there is no terminal to ask on" in done.reasons[title]
    assert (simulated.status, simulated.report["outcome"]) == (2, "pending")


@pytest.mark.parametrize(
    ("fault", "action", "status", "edits", "told"),
    [
        (LOSE, "update", 0, 1, "the page's history shows the edit"),
        (HTML, "update", 0, 1, "the page's history shows the edit"),
        (DROP, "failed", 1, 0, "the page's history shows no edit of this run"),
    ],
)
def test_when_every_reply_to_a_save_is_lost_the_page_ends_with_exactly_one_edit(
    mediawiki: MediaWiki, proxy: Proxy, tmp_path: Path, title: str,
    fault: str, action: str, status: int, edits: int, told: str,
):  # fmt: skip
    smallplan.write(tmp_path, {"a": "New text."}, {title: ""})
    mediawiki.edit(title, PAIR)
    proxy.fail("edit", *[fault] * 99)
    done = script("plan_update", "-always", directory=tmp_path)
    assert (done.status, done.actions) == (status, {title: action}), done.err
    assert told in done.reasons[title]
    assert [change["user"] for change in mediawiki.history(title)] == ["PlanBot"] * edits + [
        "Trans"
    ]
    proxy.fail("edit")
    again = script("plan_update", "-always", directory=tmp_path)
    assert (again.status, len(mediawiki.history(title))) == (0, 2)


def test_sigterm_ends_the_run_after_the_save_at_hand_with_a_true_report(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    pages = [f"{title}/{number:02}" for number in range(60)]
    smallplan.write(tmp_path, {"a": "New text."}, dict.fromkeys(pages, ""))
    mediawiki.fill(dict.fromkeys(pages, PAIR))
    with started("plan_update", "-always", directory=tmp_path) as process:
        while mediawiki.text(pages[2]) == PAIR:
            pass
        process.terminate()
    done = process.done()
    saved = {change["title"] for change in mediawiki.changes("PlanBot")} & set(pages)
    assert 3 <= len(saved) < 60
    assert {page for page, action in done.actions.items() if action == "update"} == saved
    assert (done.status, done.report["outcome"], len(done.actions)) == (1, "failed", 60)
    assert done.reasons[pages[-1]] == "not tried: interrupted by SIGTERM"


@pytest.mark.parametrize("count", [10, 100])
def test_a_changed_text_costs_its_page_and_nothing_for_the_others(
    mediawiki: MediaWiki, tmp_path: Path, title: str, count: int
):
    pages = [f"{title}/{count}/{number}" for number in range(count)]
    smallplan.write(tmp_path, {})
    entries = [
        f"  - {{title: {page!r}, sections: [{{name: a, template: line, data: t{number}}}]}}\n"
        for number, page in enumerate(pages)
    ]
    head = "site: lab:lab\nsource-language: en\nlanguages: [en]\npages:\n"
    (tmp_path / "data/pages.yaml").write_text(head + "".join(entries))
    for number in range(count):
        (tmp_path / f"data/t{number}.yaml").write_text(f"body: {{text: Text {number}.}}\n")
    mediawiki.fill(dict.fromkeys(pages, PAIR))
    first = script("plan_update", "-always", directory=tmp_path)
    assert Counter(first.actions.values()) == {"update": count}
    assert script("plan_update", "-always", directory=tmp_path).report["outcome"] == "nothing"

    (tmp_path / "data/t7.yaml").write_text("body: {text: Another text.}\n")
    with mediawiki.log() as log:
        done = script("plan_update", "-always", directory=tmp_path)
    assert {page for page, action in done.actions.items() if action == "update"} == {pages[7]}
    assert len(log.actions) <= 8


@pytest.mark.parametrize(("user", "batch", "changed"), [("PlanBot", 500, 100), ("Trans", 50, 20)])
def test_pages_cost_their_batches_and_changed_ones_a_save_besides(
    mediawiki: MediaWiki, tmp_path: Path, title: str, user: str, batch: int, changed: int
):
    pages = [f"{title}/{number}" for number in range(120)]
    smallplan.write(tmp_path, {"a": "Text."}, dict.fromkeys(pages, ""), top="most-pages: 200\n")
    body = f"<!-- wikiplan:begin a | sha256:{sections.digest('Text.')} -->\nText.\n"
    mediawiki.fill(dict.fromkeys(pages, f"{body}<!-- wikiplan:end a -->"))
    script("plan_preview", f"-user:{user}", f"-page:{pages[0]}", directory=tmp_path)  # warms up
    with mediawiki.log() as log:
        done = script("plan_update", "-always", f"-user:{user}", directory=tmp_path)
    assert done.report["outcome"] == "nothing", done.err
    assert len(log.actions) == done.report["requests"] <= -(-120 // batch) + 5
    with mediawiki.log() as log:
        again = script("plan_update", "-always", f"-user:{user}", directory=tmp_path)
    assert again.report["pages"] == done.report["pages"]
    assert len(log.actions) == again.report["requests"]
    # Opened twice, whatever the number of pages; other tests' edits may take more answers.
    opened = 1 + (1 if batch == 500 else recentchanges.MOST_ANSWERS)
    assert len(log.actions) <= opened

    smallplan.write(tmp_path, {"a": "New."}, dict.fromkeys(pages, ""), top="most-pages: 200\n")
    choice = [f"-page:{page}" for page in pages[:changed]]
    with mediawiki.log() as log:
        done = script("plan_update", "-always", f"-user:{user}", *choice, directory=tmp_path)
    assert done.report["outcome"] == "done", done.err
    assert log.actions.count("edit") == changed
    assert log.actions.count("parse") == 1  # what one text would be stored as
    # Opened; texts; what would be refused; heads, and those of what was saved at last.
    questions = opened + 1 + -(-changed // batch) + -(-changed // WRITES_PER_CHECK) + 1
    assert len(log.actions) <= changed + 1 + questions
    assert changed < 100 or len(log.actions) <= 1.15 * changed
