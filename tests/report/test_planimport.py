"""What comes of making a plan out of pages, as people and the report are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.smallplan import NOW, RUN
from wikiplan.adopt.values import Built, Difference, Doubt
from wikiplan.errors import Refusal
from wikiplan.files import FileChange
from wikiplan.report import planimport
from wikiplan.report.report import Report
from wikiplan.value import replace

DOUBT = Doubt("Gardens", "goals", "de", "is not in the plan", "Ein\n  Satz.")
UNSEEN = Difference("Gardens", "goals", "de", False, ("a", "b"), ("a ", "b "))
SEEN = Difference("Gardens", "goals", "en", True, ("One.", "Two."), ("One.", "Three."))
BUILT = Built(
    files=(FileChange(Path("data/pages.yaml"), None, b"x"),),
    kinds={("Gardens", "goals"): "text"},
    doubts=(),
    differences=(),
)


def told(built: Built) -> tuple[list[str], Report]:
    lines: list[str] = []
    report = Report(RUN, "lab:lab", NOW)
    planimport.tell(built, Path("data"), lines.append, report)
    return lines, report


def test_a_plan_without_doubts_is_told_in_two_lines_and_waits_for_nobody():
    lines, report = told(BUILT)
    assert lines == [
        "Gardens: section goals becomes a section of the kind text",
        "1 file for data",
    ]
    assert not report.waiting


def test_a_doubt_makes_the_run_wait_and_has_its_text_in_one_line():
    lines, report = told(replace(BUILT, doubts=(DOUBT,)))
    assert lines[1] == "Look at this: Gardens goals de: is not in the plan: Ein Satz."
    assert report.waiting


def test_a_difference_that_readers_see_is_shown_and_waits():
    lines, report = told(replace(BUILT, differences=(SEEN,)))
    assert lines[1:-1] == [
        "Differs: Gardens goals en: the plan makes other text than stands there",
        " One.",
        "-Two.",
        "+Three.",
    ]
    assert report.waiting


def test_a_difference_that_nobody_sees_is_shown_and_waits_for_nobody():
    lines, report = told(replace(BUILT, differences=(UNSEEN,)))
    assert lines[1:-1] == [
        "Differs: Gardens goals de: readers see the same, but 2 lines are written in another way",
        "-a",
        "+a ",
        "-b",
        "+b ",
    ]
    assert not report.waiting


def test_a_plan_of_nothing_is_refused_with_all_doubts_and_stands_in_the_report():
    report = Report(RUN, "lab:lab", NOW)
    nothing = Built((), {}, (DOUBT, Doubt("", "", "", "no page")), ())
    with pytest.raises(Refusal) as refused:
        planimport.tell(nothing, Path("data"), print, report)
    assert (refused.value.code, str(refused.value)) == (
        "nothing-to-take",
        "no section can be taken over: Gardens goals de: is not in the plan: Ein Satz.; no page",
    )
    assert len(report.plans) == 1


def test_what_is_added_to_a_plan_is_told_with_the_translations_of_each_language():
    lines: list[str] = []
    report = Report(RUN, "lab:lab", NOW)
    planimport.tell_again(BUILT, {"ar": 1, "de": 3}, Path("data"), lines.append, report)
    assert lines[:2] == ["ar: 1 new translation", "de: 3 new translations"]
    assert report.plans[0]["translations"] == {"ar": 1, "de": 3}


def test_a_plan_that_has_all_already_says_so_and_names_no_file():
    lines: list[str] = []
    report = Report(RUN, "lab:lab", NOW)
    nothing = Built((), {}, (), ())
    planimport.tell_again(nothing, {}, Path("data"), lines.append, report)
    assert lines == ["The plan has all that stands there already."]
    assert not report.waiting


def test_the_report_has_all_of_it_as_json():
    whole = replace(BUILT, doubts=(DOUBT,), differences=(SEEN,))
    assert json.loads(json.dumps(planimport.as_data(whole))) == {
        "files": ["data/pages.yaml"],
        "sections": [{"title": "Gardens", "name": "goals", "template": "text"}],
        "doubts": [
            {
                "title": "Gardens",
                "section": "goals",
                "lang": "de",
                "reason": "is not in the plan",
                "text": "Ein\n  Satz.",
            }
        ],
        "differences": [
            {
                "title": "Gardens",
                "section": "goals",
                "lang": "en",
                "visible": True,
                "before": ["One.", "Two."],
                "after": ["One.", "Three."],
            }
        ],
    }
