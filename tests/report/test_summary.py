"""A report as Markdown: one line, the reason, the pages that need a look."""

from __future__ import annotations

from datetime import UTC, datetime

from wikiplan.changes.changeset import (
    Action,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.errors import Stop
from wikiplan.report import Report
from wikiplan.report.summary import MOST_ROWS, markdown

NOW = datetime(2021, 7, 1, 12, 30, tzinfo=UTC)


def page(title: str, action: Action, state: SectionState, told: Told | None = None) -> PageChange:
    sections = (SectionChange("goals", state, "", ""), SectionChange("a", SectionState.NEW, "", ""))
    return PageChange(
        base=PageBase(title, "ar", revision=3),
        action=action,
        sections=sections,
        told=told or Told(),
    )


def test_a_preview_reads_well_as_a_comment():
    report = Report("RUN", "meta:meta", NOW, preview=True, requests=7)
    report.add_changes(
        [
            page("Plan/ar", Action.UPDATE, SectionState.CHANGED),
            page("Plan", Action.NONE, SectionState.UNCHANGED),
            page(
                "A|b [[c]]\u202e",
                Action.REFUSED,
                SectionState.UNCHANGED,
                Told(reason="the page is protected; ask @Ada\nor me", code="protectedpage"),
            ),
        ]
    )
    assert markdown(report) == (
        "### ❌ wikiplan on meta:meta: failed\n"
        "\n"
        "> A\\|b \\[\\[c\\]\\]\u202e was refused  \n"
        "\n"
        "| page | language | | sections | why |\n"
        "|---|---|---|---|---|\n"
        "| Plan/ar | ar | update | goals changed, a new |  |\n"
        "| A\\|b \\[\\[c\\]\\]\u202e | ar | refused | a new | the page is protected; ask \\@Ada or "
        "me `protectedpage` |\n"
        "\n"
        "3 pages, 1 left as they are; 7 requests; run `RUN`\n"
    )


def test_what_ended_a_run_is_quoted_with_its_id():
    report = Report("RUN", "", NOW)
    report.end_early(Stop("stop-page", "“User:Bot/stop” has text\nread it"))
    assert markdown(report) == (
        "### 🛑 wikiplan: stopped\n\n> “User:Bot/stop” has text  \n> read it  \n> `stop-page`\n\n"
        "0 requests; run `RUN`\n"
    )


def test_a_comment_has_an_end():
    report = Report("RUN", "meta:meta", NOW)
    every = range(MOST_ROWS + 5)
    report.add_changes(page(f"P{n}", Action.UPDATE, SectionState.CHANGED) for n in every)
    told = markdown(report)
    assert told.count("| update |") == MOST_ROWS
    assert "| … and 5 more | | | | |\n" in told
