"""One run over the sites of a plan: each with its own account, state and part of the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from wikiplan.changes import memoryfile
from wikiplan.cli import translationswork, undowork, updatework
from wikiplan.errors import Faults, Stop, WikiplanError
from wikiplan.plan.targets import Answers
from wikiplan.report import ExitStatus
from wikiplan.session.command import Run

ON_META = "site: meta:meta\nmissing-page: create"
PAGES = {"Plan": "missing-page: create", "Other": ON_META, "Third": "missing-page: create"}


@pytest.fixture
def own(tmp_path: Path) -> OwnRun:
    """A plan with pages on lab:lab and meta:meta, one of them called Plan on both."""
    smallplan.write(tmp_path, {"a": "Text."}, {**PAGES, "Twin": ON_META})
    pages = tmp_path / "data" / "pages.yaml"
    pages.write_text(pages.read_text().replace("'Twin'", "Plan"))
    return OwnRun(tmp_path)


def people(own: OwnRun, site: str) -> FolderPeople:
    return FolderPeople(own.directory / "wiki" / site)


def updated(own: OwnRun, **options: Any) -> tuple[ExitStatus, Run]:
    run = own.run(**{"always": True} | options)
    return updatework.update(run), run


def pages_of(run: Run) -> list[tuple[str, str, str]]:
    return [(page["site"], page["title"], page["action"]) for page in run.report.pages]


def test_the_sites_of_a_plan_are_done_one_after_the_other(own: OwnRun):
    status, run = updated(own)
    assert status is ExitStatus.DONE
    assert pages_of(run) == [
        ("lab:lab", "Plan", "create"),
        ("lab:lab", "Third", "create"),
        ("meta:meta", "Other", "create"),
        ("meta:meta", "Plan", "create"),
    ]
    report = json.loads(run.report.as_json())
    assert (report["site"], report["sites"]) == (
        "lab:lab, meta:meta",
        [
            {"site": "lab:lab", "outcome": "done", "requests": 0},
            {"site": "meta:meta", "outcome": "done", "requests": 0},
        ],
    )
    shown = [line for line in own.said if line.endswith(":") or line.startswith("Run ")]
    assert shown == [
        "lab:lab:",
        "meta:meta:",
        f"Run {run.report.run} on lab:lab, meta:meta: done. 4 created; 0 requests.",
    ]


def test_each_site_has_its_own_pages_history_journal_and_memory(own: OwnRun):
    updated(own)
    known = {
        site: sorted(memoryfile.read_all(own.directory / "wiki" / site / ".wikiplan", name))
        for site, name in (("lab-lab", "folder:lab-lab"), ("meta-meta", "folder:meta-meta"))
    }
    assert known == {"lab-lab": ["Plan", "Third"], "meta-meta": ["Other", "Plan"]}
    people(own, "meta-meta").edit("Plan", "Nothing of ours.")
    status, run = updated(own)
    assert status is ExitStatus.WAITING
    assert pages_of(run) == [
        ("lab:lab", "Plan", "none"),
        ("lab:lab", "Third", "none"),
        ("meta:meta", "Other", "none"),
        ("meta:meta", "Plan", "drift"),
    ]


def test_a_site_that_fails_keeps_none_of_the_others_from_being_done(own: OwnRun):
    people(own, "lab-lab").directory.parent.mkdir()
    people(own, "lab-lab").directory.write_text("A file.")
    status, run = updated(own)
    told = f"-wiki:{own.directory}/wiki/lab-lab: is a file; name a folder"
    assert status is ExitStatus.FAILED
    assert run.report.sites == [
        {"site": "lab:lab", "outcome": "failed", "requests": 0, "error": told},
        {"site": "meta:meta", "outcome": "done", "requests": 0},
    ]
    assert f"lab:lab: {told}" in own.said
    assert run.report.cause() == f"lab:lab: {told}"


def test_what_is_wrong_in_the_plan_ends_the_run_before_any_site_is_asked(own: OwnRun):
    (own.directory / "templates" / "line.wiki").write_text("{{ data.nothing }}")
    with pytest.raises(Faults):
        updated(own)
    assert not (own.directory / "wiki").exists()


def test_the_outcome_is_the_gravest_of_all_sites(own: OwnRun):
    updated(own, rest=("-site:lab",))
    written = people(own, "lab-lab").text("Plan")
    people(own, "lab-lab").edit("Plan", written.replace("Text", "Words"))
    run = own.run()
    assert updatework.preview(run) is ExitStatus.WAITING
    assert [each["outcome"] for each in run.report.sites] == ["waiting", "pending"]


@pytest.mark.parametrize(
    ("named", "sites"),
    [
        (("-site:meta:meta",), ["meta:meta"]),
        (("-site:meta",), ["meta:meta"]),
        (("-family:lab",), ["lab:lab"]),
        (("-code:meta",), ["meta:meta"]),
        ((), ["lab:lab", "meta:meta"]),
    ],
    ids=str,
)
def test_options_of_pywikibot_choose_among_the_sites(
    own: OwnRun, named: tuple[str, ...], sites: list[str]
):
    run = updated(own, rest=named)[1]
    assert [each["site"] for each in run.report.sites] == sites


def test_a_site_that_the_plan_lacks_is_told_with_those_that_it_has(own: OwnRun):
    with pytest.raises(Stop) as error:
        updated(own, rest=("-site:commons:commons",))
    there = "pages.yaml has pages on lab:lab, meta:meta; name one of these"
    assert str(error.value) == f"-site:commons:commons: {there}"


def test_sites_without_a_chosen_page_are_not_asked(own: OwnRun):
    run = updated(own, page=("Other",))[1]
    assert pages_of(run) == [("meta:meta", "Other", "create")]
    with pytest.raises(WikiplanError, match="-page:Othe: the plan has no such page"):
        updated(own, page=("Othe",))


def test_a_change_set_is_written_for_each_site(own: OwnRun):
    out = own.directory / "out"
    updatework.preview(own.run(out=out))
    for site in ("lab-lab", "meta-meta"):
        run = own.run(
            changes=out / site / "changes.json",
            wiki=own.directory / "wiki" / site,
            always=True,
        )
        assert updatework.update(run) is ExitStatus.DONE
        assert run.report.sites == []


def test_edits_that_go_into_the_plan_on_one_site_are_there_for_the_next(own: OwnRun):
    updated(own)
    written = people(own, "lab-lab").text("Plan")
    people(own, "lab-lab").edit("Plan", written.replace("Text.", "Better text."))
    status, run = updated(own, drift=Answers("import"))
    assert [each["site"] for each in run.report.imported] == ["lab:lab"]
    assert status is ExitStatus.DONE
    assert "Better text." in people(own, "meta-meta").text("Other")


def test_a_run_is_taken_back_on_every_site_that_it_wrote_to(own: OwnRun):
    updated(own)
    before = people(own, "meta-meta").text("Other")
    (own.directory / "data" / "a.yaml").write_text("body: {text: Other text.}\n")
    edit = own.run("20210701T000000Z-000002", always=True, page=("Other",))
    updatework.update(edit)
    assert "Other text." in people(own, "meta-meta").text("Other")
    run = own.run("20210701T000000Z-000003", words=(edit.report.run,), always=True)
    assert undowork.undo(run) is ExitStatus.DONE
    assert [each["outcome"] for each in run.report.sites] == ["nothing", "done"]
    assert people(own, "meta-meta").text("Other") == before
    with pytest.raises(WikiplanError, match="has made no edit with this id on folder:lab-lab"):
        undowork.undo(own.run(words=("20210701T000000Z-ffffff",), always=True))


@pytest.mark.parametrize("word", ["status", "mark", "pull", "push"])
def test_translations_go_through_all_sites(own: OwnRun, word: str):
    updated(own)
    run = own.run(words=(word,), always=True)
    translationswork.translations(run)
    assert [each["site"] for each in run.report.sites] == ["lab:lab", "meta:meta"]


@pytest.mark.parametrize("pages", ["site: lab:lab\npages: 5\n", "pages: [5, {site: 5}]\n", "["])
def test_a_broken_plan_keeps_no_run_from_being_taken_back(own: OwnRun, pages: str):
    (own.directory / "data" / "pages.yaml").write_text(pages)
    with pytest.raises(WikiplanError, match="has made no edit with this id on folder:wiki"):
        undowork.undo(own.run(words=("20210701T000000Z-ffffff",), always=True))
