from pathlib import Path

import pytest

from wikiplan.changes.changeset import (
    MAX_CODE_POINTS,
    Action,
    Overwritten,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
    Summary,
)
from wikiplan.value import replace

MESSAGES = Path(__file__).parents[2] / "scripts" / "i18n" / "wikiplan"
LANGUAGES = sorted({path.stem for path in MESSAGES.glob("*.json")} - {"qqq"})  # qqq explains
CHANGE = PageChange(
    base=PageBase("Plan", "en"),
    action=Action.UPDATE,
    sections=(
        SectionChange("mission", SectionState.UNCHANGED, "m", "m"),
        SectionChange("priorities", SectionState.CHANGED, "a\nb\nc", "a\nB\nC"),
        SectionChange("office-hours", SectionState.NEW, "", "x"),
        SectionChange("teams", SectionState.RECLAIMED, "y", "z"),
    ),
)


@pytest.fixture
def summary():
    return Summary("RUN-1")


def test_a_summary_says_what_changed_and_names_the_run(summary):
    assert summary(CHANGE) == (
        "Updated from the department's plan: priorities (2 lines), office-hours (new), "
        "teams (put back as the plan says) [run RUN-1]"
    )


def test_a_summary_names_the_revision_that_gives_way_and_links_it(summary):
    over = replace(CHANGE.sections[3], overwritten=Overwritten(17, "Maria"))
    merged = SectionChange("hours", SectionState.MERGED, "a\nb", "a\nB")
    assert summary(replace(CHANGE, sections=(over, merged))) == (
        "Updated from the department's plan: teams (put back as the plan says, over "
        "[[Special:Diff/17|revision 17]] by Maria), hours (one line, other people's edits kept) "
        "[run RUN-1]"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_who_was_overwritten(language):
    over = replace(CHANGE.sections[3], overwritten=Overwritten(17, "Maria"))
    merged = SectionChange("hours", SectionState.MERGED, "a\nb", "a\nB")
    change = replace(CHANGE, base=PageBase("Plan", language), sections=(over, merged))
    text = Summary("RUN-1")(change)
    assert all(part in text for part in ("[[Special:Diff/17|", "Maria", "hours", "teams"))


def test_a_new_page_is_called_new(summary):
    created = replace(CHANGE, action=Action.CREATE, sections=CHANGE.sections[2:3])
    assert summary(created) == (
        "Created from the department's plan: office-hours (new) [run RUN-1]"
    )


def test_a_summary_is_in_the_pages_language_or_the_next_one_that_has_words(summary):
    one = replace(CHANGE, sections=CHANGE.sections[1:2])
    assert summary(replace(one, base=PageBase("Plan", "de"))) == (
        "Nach dem Plan der Abteilung aktualisiert: priorities (2 Zeilen) [run RUN-1]"
    )
    assert summary(replace(one, base=PageBase("Plan", "bar"))).startswith("Nach dem Plan")
    assert summary(replace(one, base=PageBase("Plan", "zu"))).startswith("Updated from")


def test_a_long_summary_is_cut_before_the_run_id(summary):
    sections = [SectionChange(f"section-{n}", SectionState.NEW, "", "x") for n in range(60)]
    text = summary(replace(CHANGE, sections=tuple(sections)))
    assert len(text) <= MAX_CODE_POINTS
    assert text.endswith(", … [run RUN-1]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_message_and_keeps_the_run_id(language):
    text = Summary("RUN-1")(replace(CHANGE, base=PageBase("Plan", language)))
    assert text.endswith("[run RUN-1]")
    assert all(name in text for name in ("priorities", "office-hours", "teams"))
