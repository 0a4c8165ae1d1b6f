"""A preview says what an update would do, also that it would do nothing; people may stop both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import mediawiki, smallplan
from tests.support.loading import loaded_by, packages
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from wikiplan import files
from wikiplan.changes import Memory, memoryfile
from wikiplan.cli import updatework
from wikiplan.render.renderer import PageSection, RenderedSection, Renderer
from wikiplan.report import ExitStatus
from wikiplan.report.report import RunOutcome


def stopped(tmp_path: Path) -> OwnRun:
    """Write a plan whose stop page has text."""
    pages = {"Plan": "missing-page: create", "Other": "missing-page: create"}
    smallplan.write(tmp_path, {"a": "Text."}, pages, top="stop-page: Stop\n")
    FolderPeople(tmp_path / "wiki").edit("Stop", "Please wait.")
    return OwnRun(tmp_path)


TOLD = (
    "'Stop' has text (last edited by editor), which asks this bot to stop; read it, and blank it "
    "when all is well"
)


def test_a_preview_says_that_people_asked_the_bot_to_stop(tmp_path: Path):
    own = stopped(tmp_path)
    run = own.run()
    assert updatework.preview(run) is ExitStatus.FAILED
    assert (run.report.result(), run.report.error) == ("stopped", TOLD)
    assert f"An update would write nothing: {TOLD}." in own.said
    assert own.said[-2] == (
        f"Run {run.report.run} on folder:wiki: stopped ({TOLD}). 2 to create; 0 requests."
    )


@pytest.mark.parametrize("options", [{"always": True}, {"always": True, "simulate": True}], ids=str)
def test_a_run_that_people_stop_writes_nothing_and_is_no_failure_of_its_pages(
    tmp_path: Path, options: dict[str, bool]
):
    own = stopped(tmp_path)
    run = own.run(**options)
    assert updatework.update(run) is ExitStatus.FAILED
    assert (run.report.result(), run.report.error) == ("stopped", TOLD)
    told = {(page["code"], page["reason"]) for page in run.report.pages}
    not_tried = ("stop-page", f"not tried: {TOLD}")
    assert told == {("", "") if "simulate" in options else not_tried}
    assert not FolderPeople(tmp_path / "wiki").path("Plan").exists()


def test_a_run_with_nothing_to_write_looks_at_no_stop_page(tmp_path: Path):
    own = stopped(tmp_path)
    people = FolderPeople(tmp_path / "wiki")
    people.edit("Stop", "")
    assert updatework.update(own.run(always=True)) is ExitStatus.DONE
    people.edit("Stop", "Please wait.")
    run = own.run()
    assert updatework.preview(run) is ExitStatus.DONE
    assert run.report.result() == "nothing"


@pytest.mark.parametrize("do", [updatework.preview, updatework.update])
def test_what_is_remembered_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, do):
    own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"}))
    assert updatework.update(own.run(always=True)) is ExitStatus.DONE
    read, names = memoryfile.read, []

    def counted(path: Path) -> Memory:
        names.append(path.name)
        return read(path)

    monkeypatch.setattr(memoryfile, "read", counted)
    assert do(own.run(always=True)) is ExitStatus.DONE
    assert len(names) == 1, names


def test_of_one_changed_text_only_the_sections_of_its_page_are_rendered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    smallplan.write(tmp_path, {"a": "Text.", "b": "Text."})
    (tmp_path / "data" / "pages.yaml").write_text(PAGES_OF_THEIR_OWN)
    own = OwnRun(tmp_path)
    for _ in ("the pages are made", "and known from then on"):
        assert updatework.update(own.run(always=True)) is ExitStatus.DONE
    section, rendered = Renderer._section, []

    def counted(self: Renderer, wanted: PageSection) -> RenderedSection:
        rendered.append((wanted.page.title, wanted.section.name))
        return section(self, wanted)

    monkeypatch.setattr(Renderer, "_section", counted)
    (tmp_path / "data" / "b.yaml").write_text("body: {text: Another text.}\n")
    run = own.run(always=True)
    assert updatework.update(run) is ExitStatus.DONE
    assert (run.report.result(), {*rendered}) == (RunOutcome.DONE, {("Page 1", "b")})


PAGES_OF_THEIR_OWN = """\
site: lab:lab
source-language: en
languages: [en]
pages:
  - {title: Page 0, missing-page: create, sections: [{name: a, template: line, data: a}]}
  - {title: Page 1, missing-page: create, sections: [{name: b, template: line, data: b}]}
  - {title: Page 2, missing-page: create, sections: [{name: a, template: line, data: a}]}
"""


# What a preview loads


NEEDED = {
    "annotated_types", "babel", "jinja2", "markupsafe", "merge3", "msgspec", "mwparserfromhell",
    "pydantic", "pydantic_core", "rich", "ruamel", "typing_extensions", "typing_inspection",
    "tzdata", "wikiplan", "wikiplan_scripts", "wikiplan_templates",
}  # fmt: skip
NOT_NEEDED = {
    "wikiplan.adopt", "wikiplan.catalogs.catalog", "wikiplan.report.review", "wikiplan.sync",
    "wikiplan.changes.changefile", "wikiplan.plan.checks", "wikiplan.wiki.site", "rich.progress",
}  # fmt: skip
MOST_MODULES = 460
MOST_MODULES_TO_A_SITE = 610
"""Pywikibot and what it needs are a third of them."""
LATER = {"jinja2", "pydantic", "ruamel"}
IMPATIENT = ("-max_retries:0", "-retry_wait:0")
UNREACHABLE = "lab:lab: no answer"


def test_a_preview_of_a_folder_with_nothing_to_do_loads_what_reads_and_renders(tmp_path: Path):
    own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"}))
    for _ in ("the first makes the folder of the state", "the second one keeps what it read"):
        assert updatework.update(own.run(always=True)) is ExitStatus.DONE
    loaded = loaded_by("plan_preview", "-wiki:wiki", directory=tmp_path)
    assert packages(loaded) - NEEDED == set()
    assert loaded & NOT_NEEDED == set()
    assert len(loaded) <= MOST_MODULES


def test_until_a_site_is_asked_only_pywikibot_is_loaded_besides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    smallplan.write(tmp_path, {"a": "Text."})
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", f"127.0.0.1:{mediawiki.free_port()}")
    files.state_folder(None).mkdir(parents=True, exist_ok=True)
    loaded_by("plan_update", "-always", *IMPATIENT, directory=tmp_path, told=UNREACHABLE)
    loaded = loaded_by("plan_preview", *IMPATIENT, directory=tmp_path, told=UNREACHABLE)
    assert {"pywikibot", "requests"} <= packages(loaded)
    assert packages(loaded) & LATER == set(), "the files were sound before"
    assert loaded & (NOT_NEEDED - {"wikiplan.wiki.site"}) == set()
    assert len(loaded) <= MOST_MODULES_TO_A_SITE


def test_a_preview_says_whose_sections_are_and_which_plan_has_none_to_take_over(tmp_path: Path):
    wiki = tmp_path / "wiki"
    for name, texts in (("parks", {"a": "x", "b": "y"}), ("gardens", {"a": "x", "c": "z"})):
        pages = {"Plan": "missing-page: create\nmissing-section: bottom\n"}
        smallplan.write(tmp_path / name, texts, pages, top=f"plan: {name}\n")
        own = OwnRun(tmp_path / name)
        updatework.update(own.run(wiki=wiki, always=True))
    run = own.run(wiki=wiki, take_over=("park",))
    assert updatework.preview(run) is ExitStatus.WAITING
    told = "-take-over:park: the plan has no section that is that plan's on a page (did you mean"
    assert f"{told} “parks”?)." in own.said
    run = own.run(wiki=wiki, take_over=("parks",))
    assert updatework.preview(run) is ExitStatus.PENDING
    (page,) = run.report.pages
    assert (page["action"], page["sections"], page["others"]) == (
        "update",
        [
            {"name": "a", "state": "taken over", "plan": "parks"},
            {"name": "c", "state": "unchanged"},
        ],
        [{"name": "b", "plan": "parks"}],
    )
    assert any("taken over: a (plan parks); left to other plans: b (plan parks)" in line
               for line in own.said)  # fmt: skip
    assert "Section a of Plan" not in own.said[-4:], "its text stays"
