"""Preview, review, apply: a saved change set on a real MediaWiki, and people in between."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.running import Done, script
from wikiplan.changes import changefile
from wikiplan.wikitext import sections

pytestmark = pytest.mark.wiki

PAIR = "Before\n<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->\nafter"
NAMES = (
    "inside", "outside", "both", "protected", "deleted", "moved", "moved-away", "untouched", "next",
)  # fmt: skip


def prepared(mediawiki: MediaWiki, directory: Path, title: str) -> dict[str, str]:
    """Make the pages and the plan, and save a preview; returns the pages' titles by name."""
    pages = {name: f"{title}/{name}" for name in NAMES}
    top = f"stop-page: {title}/stop\n"
    smallplan.write(directory, {"a": "New text."}, dict.fromkeys(pages.values(), ""), top)
    for page in pages.values():
        mediawiki.edit(page, PAIR)
    with mediawiki.log() as log:
        done = script("plan_preview", "-out:review", directory=directory)
    assert (done.status, done.report["outcome"], log.writes) == (2, "pending", 0), done.err
    return pages


def saved(directory: Path) -> dict[str, dict[str, object]]:
    data = json.loads((directory / "review" / "changes.json").read_text())
    return {page["title"]: page for page in data["pages"]}


def apply(directory: Path, *arguments: str) -> Done:
    return script(
        "plan_update", "-always", "-changes:review/changes.json", *arguments, directory=directory
    )


def test_people_act_between_preview_and_update_and_exactly_the_untouched_rest_is_done(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    pages = prepared(mediawiki, tmp_path, title)
    inside = PAIR.replace("-->\n<!-- wikiplan:end", "-->\nA person's line.\n<!-- wikiplan:end")
    first = mediawiki.edit(pages["inside"], inside)
    second = mediawiki.edit(pages["outside"], f"{PAIR} all", "Admin", summary="a word")
    mediawiki.edit(pages["both"], f"{PAIR} all", "Admin")
    mediawiki.edit(pages["both"], f"{inside} all", "Trans")
    mediawiki.protect(pages["protected"])
    mediawiki.delete(pages["deleted"])
    mediawiki.move(pages["moved"], f"{title}/new place")
    mediawiki.move(pages["moved-away"], f"{title}/other place", redirect=False)
    before = {page: len(mediawiki.history(page)) for page in pages.values()}

    done = apply(tmp_path)
    assert (done.status, done.report["outcome"]) == (1, "failed"), done.err
    names = {page: name for name, page in pages.items()}
    assert {names[page]: action for page, action in done.actions.items()} == {
        "inside": "conflict", "outside": "conflict", "both": "conflict", "protected": "refused",
        "deleted": "conflict", "moved": "conflict", "moved-away": "conflict",
        "untouched": "update", "next": "update",
    }  # fmt: skip
    for name, page in pages.items():
        more = 1 if name in ("untouched", "next") else 0
        assert len(mediawiki.history(page)) == before[page] + more, name
        if more:
            text = mediawiki.text(page)
            assert changefile.digest(text) == saved(tmp_path)[page]["after_sha256"]
            assert mediawiki.history(page)[0]["comment"] == saved(tmp_path)[page]["summary"]
            assert sections.body_of(text, sections.find(text)[0]) == "New text."
    check_reasons({names[page]: reason for page, reason in done.reasons.items()}, title)
    check_between(done, pages, first, second)

    again = apply(tmp_path, f"-only:{pages['untouched']}", f"-only:{pages['next']}#a")
    assert (again.status, again.report["outcome"]) == (0, "nothing")
    assert again.report["run"] == done.report["run"]
    assert "done already: revision" in again.reasons[pages["next"]]


def check_reasons(reasons: dict[str, str], title: str) -> None:
    """Each page's cause is named."""
    for name, parts in {
        "inside": ("the page was changed since", "by Trans", "changed section a; left alone"),
        "outside": ("by Admin at 20", "(a word): did not touch a managed section"),
        "both": ("by Admin", "did not touch a managed section; revision", "changed section a"),
        "protected": ("the wiki will not let PlanBot edit it: ", "protected"),
        "deleted": ("the page was deleted, or moved without a redirect, since revision",),
        "moved": ("was moved since", f"leads to '{title}/new place' now", "by Admin", "moved page"),
        "moved-away": ("the page was deleted, or moved without", "by Admin", "moved page"),
        "untouched": ("",),
        "next": ("",),
    }.items():
        for part in parts:
            assert part in reasons[name]


def check_between(done: Done, pages: dict[str, str], first: int, second: int) -> None:
    """The report has the revisions in between, and their diff inside of the section."""
    entries = {page["title"]: page.get("between") for page in done.report["pages"]}
    (inside,) = entries[pages["inside"]]
    assert (inside["revid"], inside["user"], inside["sections"]) == (
        first,
        "Trans",
        [{"name": "a", "diff": ["+A person's line."]}],
    )
    (outside,) = entries[pages["outside"]]
    assert (outside["revid"], outside["user"], outside["sections"]) == (second, "Admin", [])
    assert [each["user"] for each in entries[pages["both"]]] == ["Admin", "Trans"]
    assert entries[pages["protected"]] is None
    assert f"Revision {first} of {pages['inside']} by Trans: a" in done.out
    assert "\n+A person's line.\n" in done.out


def test_what_was_not_picked_stays_and_a_simulation_writes_nothing(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    pages = prepared(mediawiki, tmp_path, title)
    with mediawiki.log() as log:
        simulated = apply(tmp_path, "-simulate")
    assert (simulated.status, log.writes) == (2, 0)
    done = apply(tmp_path, f"-only:{pages['next']}")
    assert (done.status, done.actions) == (0, {pages["next"]: "update"}), done.err
    assert mediawiki.text(pages["untouched"]) == PAIR


def test_a_block_or_text_on_the_stop_page_since_the_preview_keeps_everything_back(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    pages = prepared(mediawiki, tmp_path, title)
    with mediawiki.blocked("PlanBot", "running wild"):
        done = apply(tmp_path)
    assert set(done.actions.values()) == {"refused"}
    assert all("running wild" in reason for reason in done.reasons.values())
    mediawiki.edit(f"{title}/stop", "Please stop.")
    done = apply(tmp_path)
    assert (done.status, set(done.actions.values())) == (1, {"failed"})
    assert "which asks this bot to stop" in done.reasons[pages["next"]]
    assert {mediawiki.text(page) for page in pages.values()} == {PAIR}


def test_another_site_or_account_or_a_changed_byte_is_refused_before_anything_is_written(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    prepared(mediawiki, tmp_path, title)
    with mediawiki.log() as log:
        site = apply(tmp_path, "-site:meta:meta")
        account = apply(tmp_path, "-user:Trans")
        folder = apply(tmp_path, "-wiki:wiki")
        file = tmp_path / "review" / "changes.json"
        file.write_text(file.read_text().replace("New text.", "Old text."))
        changed = apply(tmp_path)
    assert log.writes == 0
    for done in (site, account, folder, changed):
        assert (done.status, done.report["outcome"], done.report["pages"]) == (1, "failed", [])
    assert "review/changes.json is for lab:lab, but Pywikibot is set up for meta:meta" in site.err
    assert "for the account PlanBot, and this is Trans" in account.err
    assert "the change set is for lab:lab, and this is folder:wiki" in folder.err
    assert "was changed or damaged after plan_preview wrote it" in changed.err
    assert not (tmp_path / "wiki").exists()


def test_the_plan_is_not_needed_and_told_when_it_is_another_one(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    pages = prepared(mediawiki, tmp_path, title)
    told = "The plan has changed since the preview; what was previewed is applied."
    (tmp_path / "data" / "a.yaml").write_text("body: {text: Other.}\n")
    assert told in apply(tmp_path, f"-only:{pages['next']}").out
    (tmp_path / "data").rename(tmp_path / "gone")
    done = apply(tmp_path, f"-only:{pages['untouched']}")
    assert (done.status, told in done.out) == (0, False), done.err
    assert "New text." in mediawiki.text(pages["untouched"])


def test_options_that_do_not_go_together_are_refused(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."})
    for arguments, told in {
        ("-changes:x.json", "-section:a"): (
            "-section: a saved change set is applied as it is; pick from it with -only: "
            "[options-together]"
        ),
        (
            "-only:Plan",
        ): "-only: picks out of a change set; say which with -changes:FILE [options-together]",
        ("-changes:x.json",): (
            "x.json: is missing; name the changes.json that plan_preview -out:DIR wrote "
            "[unreadable-change-set]"
        ),
    }.items():
        done = script("plan_update", "-wiki:wiki", *arguments, directory=tmp_path)
        assert (done.status, done.err.rstrip()) == (1, told)
