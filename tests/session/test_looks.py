"""What the desk shows is what a preview would write into a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.desk.conftest import directory, open_desk, updated  # noqa: F401 - fixtures
from wikiplan.changes.changefile import SavedSet
from wikiplan.changes.changeset import (
    ChangeSet,
    Drift,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
)
from wikiplan.desk.desk import Desk
from wikiplan.errors import WikiplanError
from wikiplan.session import looks
from wikiplan.session.looks import MOST_KEPT, Decided, Look, Looks, edits_digest
from wikiplan.session.session import Session
from wikiplan.value import replace
from wikiplan.wiki.interface import Account


def of(desk: Desk) -> Session:
    return desk.current()


def test_it_is_that_of_a_preview_with_a_run_of_its_own(open_desk: Callable[..., Desk]):  # noqa: F811
    work = of(open_desk())
    look = looks.compared(work)
    assert look.run != work.report.run
    changes = replace(work, report=replace_run(work, look.run)).compare()
    plan = look.saved.plan_sha256
    assert look.saved == SavedSet.of(changes, look.occasion.made, plan)
    assert look.changes.pages == changes.pages


def replace_run(work: Session, run: str):
    report = work.report.part()
    report.run = run
    return report


def test_without_now_the_clock_is_that_of_the_moment(open_desk: Callable[..., Desk]):  # noqa: F811
    work = of(open_desk())
    options = replace(work.options, given=frozenset())
    with looks.new_run(replace(work, options=options)) as (run, _):
        assert datetime.now(UTC) - run.options.now < timedelta(minutes=1)
    with looks.new_run(work) as (run, _):
        assert run.options.now == work.options.now


def test_it_is_of_the_plan_as_it_was(open_desk: Callable[..., Desk], directory: Path):  # noqa: F811
    desk = open_desk()
    look = looks.compared(of(desk))
    assert (look.is_of(desk.options), look.undoes) == (True, "")
    file = directory / "data/links.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert not look.is_of(desk.options)


def test_the_last_ones_are_kept(open_desk: Callable[..., Desk]):  # noqa: F811
    first = looks.compared(of(open_desk()))
    kept = Looks()
    runs = [f"20210701T000000Z-{number:06x}" for number in range(MOST_KEPT + 1)]
    for run in runs:
        kept.keep(Look(first.changes, first.saved.model_copy(update={"run": run}), first.occasion))
    assert [kept.of(run).run for run in runs[1:]] == runs[1:]
    with pytest.raises(WikiplanError, match="does not know any more what it had shown"):
        kept.of(runs[0])


# What was decided about people's edits


DRIFTED = SectionChange("a", SectionState.DRIFT, "theirs", "theirs", drift=Drift("o", "n", "p"))
UNKNOWN = SectionChange("a", SectionState.DRIFT, "theirs", "theirs", drift=Drift(None, "n", "p"))
UNPLANNED = SectionChange("a", SectionState.UNPLANNED, "theirs", "theirs")
CLAIMED = SectionChange("a", SectionState.CLAIMED, "theirs", "theirs")
PLACE = ("Plan", "a")


def changes(section: SectionChange) -> ChangeSet:
    page = PageChange(base=PageBase("Plan", "en", 1, 1), sections=(section,))
    return ChangeSet("run", "lab:lab", Account("Bot", frozenset()), (page,))


def answer(section: SectionChange, given: str, text: str = "") -> dict:
    decided = Decided()
    decided.decide(PLACE, given, text or edits_digest(section))
    return dict(decided.about_edits(changes(section)))


def test_each_kind_of_section_has_its_answers():
    for section, known in (
        (DRIFTED, {"keep", "import", "reclaim"}),
        (UNKNOWN, {"keep", "reclaim"}),
        (UNPLANNED, {"nothing", "text", "keep"}),
        (CLAIMED, set()),
    ):
        given = {"keep", "import", "reclaim", "nothing", "text", "x"}
        assert {each for each in given if answer(section, each)} == known


def test_an_answer_about_another_text_counts_for_nothing():
    assert answer(DRIFTED, "reclaim") == {PLACE: "reclaim"}
    assert answer(DRIFTED, "reclaim", "0" * 64) == {}


def test_what_was_done_is_forgotten():
    decided = Decided()
    decided.decide(PLACE, "import", edits_digest(DRIFTED))
    decided.forget([PLACE, ("Other", "a")])
    assert decided.about_edits(changes(DRIFTED)) == {}
    assert decided.lacking(changes(DRIFTED)) == ""
