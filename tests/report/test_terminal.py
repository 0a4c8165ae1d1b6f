"""What people see, as whole texts and as the pictures of the documentation."""

import html
import io
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan import textdiff
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import (
    Action,
    Drift,
    LaterRevision,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
)
from wikiplan.changes.effects import LanguageEffect, PageEffect
from wikiplan.l10n import scripts
from wikiplan.plan.targets import Choice
from wikiplan.render.unitedits import Edits, Unassigned
from wikiplan.report import terminal
from wikiplan.report.report import Report
from wikiplan.report.terminal import Terminal
from wikiplan.value import replace
from wikiplan.wiki.interface import HistoryEntry

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "pictures" / "preview.svg"


def printer(**options):
    out = Console(file=io.StringIO(), width=100, highlight=False, **options)
    return Terminal(out, out)


def printed(terminal):
    return "\n".join(line.rstrip() for line in terminal.out.file.getvalue().split("\n"))


@pytest.fixture
def changes(tmp_path, folder):
    """Two pages with the same change, one up to date, one refused."""
    people = FolderPeople(folder.directory)
    titles = ("Plan", "Copy of the plan", "New plan", "Lost plan")
    directory = smallplan.write(tmp_path, {"a": "The training begins in January 2022."}, {
        "Plan": "", "Copy of the plan": "", "New plan": "missing-page: create", "Lost plan": "",
    })  # fmt: skip
    first = smallplan.compare(directory, folder)
    for title in titles[:2]:
        people.edit(title, first.pages[2].after)
    smallplan.write(tmp_path, {"a": "The training begins in March 2022."}, {
        "Plan": "", "Copy of the plan": "", "New plan": "missing-page: create", "Lost plan": "",
    })  # fmt: skip
    return smallplan.compare(directory, folder)


def test_a_preview_shows_a_table_and_each_different_change_once(changes):
    shown = printer()
    shown.changes(changes)
    assert (
        printed(shown)
        == """\
page              language  action   sections                                                   gaps
Plan              en        update   changed: a
Copy of the plan  en        update   changed: a
New plan          en        create   new: a
Lost plan         en        refused  the page does not exist; create it, mend its title in
                                     pages.yaml, or say there `missing-page: create`

Section a of Plan, Copy of the plan
-The training begins in January 2022.
+The training begins in March 2022.

Section a of New plan
+The training begins in March 2022.
"""
    )


def edited(section: SectionChange) -> PageChange:
    return PageChange(base=PageBase("Plan", "en"), action=Action.DRIFT, sections=(section,))


def test_people_s_edits_are_shown_with_who_and_when_and_a_conflict_with_both_changes():
    base, now, ours = "Old lead.\n\nOld text.", "Old lead.\n\nTheir text.", "Old lead.\n\nOur text."
    when = datetime(2021, 7, 1, 12, 30, tzinfo=UTC)
    edit = LaterRevision(HistoryEntry(17, 16, "Maria", when, "clearer", ""), {"a": (base, now)})
    left = (Unassigned("Old", "Their", 3, "the reason why"),)
    drift = Drift(base, now, ours, (edit,), "import", Edits((), left))
    section = SectionChange("a", SectionState.CONFLICT, now, now, drift=drift)
    shown = printer()
    shown.drift(edited(section))
    assert (
        printed(shown)
        == """
Section a of Plan was edited by people
 Old lead.

-Old text.
+Their text.
  revision 17 by Maria at 2021-07-01T12:30:00Z (clearer)
  not taken into the plan, line 3: the reason why

What the plan changes in section a: not written
 Old lead.

-Old text.
+Our text.
"""
    )


def test_what_changes_on_a_page_is_shown_beside_what_people_edited():
    sections = (
        SectionChange("mission", SectionState.CHANGED, "Old.", "New."),
        SectionChange("overview", SectionState.DRIFT, "Mine.", "Mine."),
    )
    page = replace(edited(sections[1]), sections=sections, action=Action.UPDATE)
    shown = printer()
    shown.out.print(terminal.pages_table([page.because("section overview: left alone")]))
    told = "changed: mission; drift: overview; section overview: left alone"
    assert told in printed(shown)


def test_an_edit_of_a_text_that_nobody_knows_is_shown_against_the_plan():
    drift = Drift(None, "Their text.", "Our text.")
    section = SectionChange("a", SectionState.DRIFT, "Their text.", "Their text.", drift=drift)
    shown = printer()
    shown.drift(edited(section))
    assert (
        printed(shown)
        == """
Section a of Plan was edited by people; shown against the plan's text, as the one before is unknown
-Our text.
+Their text.
"""
    )


def test_text_from_right_to_left_is_isolated_line_by_line():
    line = terminal.diff_line(textdiff.lines("", "النص")[0])
    assert line.plain == "+\u2068النص\u2069"


def test_control_characters_show_and_do_not_act():
    assert scripts.visible("a\x1b[31mb\u202ec\td") == "a<U+001B>[31mb<U+202E>c\td"


def test_words_between_colons_stay_words(capsys):
    """rich makes pictures of ``:new:`` and a thousand others, in names of pages too."""
    Terminal().say("Run on folder:new: done, with Plan:warning: too.")
    assert capsys.readouterr().out == "Run on folder:new: done, with Plan:warning: too.\n"


def test_counts_that_are_seldom_have_columns_only_where_they_count_any():
    effect = PageEffect(7, (), (LanguageEffect("ar", 4, 1, 2, 0, 9),))
    ready = (*effect.languages, LanguageEffect("de", 5, 0, 2, 0, 3, again=1, ready=1))
    out = io.StringIO()
    console = Console(file=out, width=100)
    console.print(terminal.effect_lines(effect))
    console.print(terminal.effect_lines(replace(effect, languages=ready)))
    assert [line.rstrip() for line in out.getvalue().splitlines()] == [
        "language  kept  outdated  new  orphaned  words",
        "ar           4         1    2         0      9",
        "language  kept  outdated  new  ready to push  orphaned  words  current again",
        "ar           4         1    2              0         0      9              0",
        "de           5         0    2              1         0      3              1",
    ]


def test_long_lines_are_neither_cut_nor_wrapped():
    shown = printer()
    shown.say("x" * 500)
    assert printed(shown) == "x" * 500 + "\n"


def test_the_closing_line_counts_what_happened(changes):
    report = Report("RUN", "folder:wiki", started=smallplan.NOW, preview=True)
    report.add_changes(changes.pages)
    shown = printer()
    shown.closing(report, report.result())
    assert printed(shown) == (
        "Run RUN on folder:wiki: failed (Lost plan was refused). "
        "2 to update, 1 to create, 1 refused; 0 requests.\n"
    )


@pytest.fixture
def new_date(tmp_path, folder):
    """The sample plan's change set after one date changed: its pages stand in the folder."""
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    first = smallplan.compare(tmp_path, folder)
    Application(first, folder).run()
    priorities = data / "priorities" / "2020-2021.yaml"
    text = priorities.read_text()
    assert text.count("target: 2022-01") == 1
    priorities.write_text(text.replace("target: 2022-01", "target: 2022-03"))
    choice = Choice(languages=("en", "ar"))
    return smallplan.compare(tmp_path, folder, choice)


def test_the_picture_in_the_documentation_shows_what_a_preview_prints(new_date):
    """``make pictures`` draws it anew."""
    out = Sheet(file=io.StringIO(), width=110, record=True, force_terminal=True, highlight=False)
    Terminal(out, out).changes(new_date)
    if os.environ.get("WIKIPLAN_PICTURES"):
        PICTURE.parent.mkdir(exist_ok=True)
        out.save_svg(str(PICTURE), title="plan_preview", clear=False)
    drawn = html.unescape("".join(re.findall(r">([^<>]+)</text>", PICTURE.read_text())))
    assert letters(out.export_text()) == letters(drawn.removeprefix("plan_preview"))


class Sheet(Console):
    """A terminal that wraps long lines, as real ones do."""

    def print(self, *objects, soft_wrap=False, **options):
        super().print(*objects, **options)


def letters(text):
    return "".join(re.findall(r"\w+", text))
