"""Ten pages as departments have them, in seven languages: rendered, read again, and looked at.

The pages are those of tests/cases/realpages. ``WIKIPLAN_CASES=1`` writes what they read like there,
for review. ``test_realpages_shown`` has what a wiki makes of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support import realpages
from tests.support.realpages import CASES, ON_THIS_DAY
from tests.support.roundtrip import Place, Values
from wikiplan import files
from wikiplan.adopt import newplan
from wikiplan.catalogs import catalog
from wikiplan.plan import plan
from wikiplan.plan.plan import Plan

EXPECTED = CASES / "expected"
WRITTEN = ("en", "ar")
"""The languages whose pages are written down; the others have the same lines."""


def named(title: str, how: str) -> Path:
    return EXPECTED / f"{title.replace('/', '_')}.{how}.wiki"


def as_written(loaded: Plan, language: str) -> dict[str, str]:
    return {
        page.title: "".join(f"[{each.name}]\n{each.text}\n\n" for each in sections)
        for page, sections in realpages.rendered(loaded, language)
    }


@pytest.mark.parametrize("how", [*WRITTEN, "translatable"])
def test_the_pages_read_as_written_down(how: str):
    loaded = realpages.translatable() if how == "translatable" else realpages.plain()
    found = as_written(loaded, "en" if how == "translatable" else how)
    if os.environ.get("WIKIPLAN_CASES"):
        EXPECTED.mkdir(exist_ok=True)
        for title, text in found.items():
            named(title, how).write_text(text, encoding="utf-8")
    assert found == {title: named(title, how).read_text(encoding="utf-8") for title in found}


def test_all_languages_have_the_same_lines():
    """Where one has a text in another language, a mark and a note are all the difference."""
    english = as_written(realpages.plain(), "en")
    for language in realpages.plain().languages:
        for title, text in as_written(realpages.plain(), language).items():
            without_notes = re.sub(r"\n\n''.+''\n", "\n", text)
            without_divs = re.sub(r"<div lang=[^<>]*>\n(.*)\n</div>", r"\1", without_notes)
            assert len(without_divs.splitlines()) == len(english[title].splitlines()), title


# Read again by plan_adopt


NOT_SHOWN = {
    r"cards/people\.cards\[\d\]\.(person|name.*|link|role .*)": "names are words on a card",
    r"cards/teams\.cards\[\d\]\.(team|name.*|link)": "so are those of teams",
    r"department\.lead\..*": "the overview has who leads in words",
    r"department\.overview .*": "and the names of the department and of people",
    r"department\.teams\[\d\](\.name .*|\.link| .*)": "teams are linked words",
    r"people\.[a-z-]+\.link": "who answers for a key result is not linked",
    r"labels\.status-(reached|missed|planned|dropped) .*": "no item of the plan has this state",
    r"labels\.ways .*": "a table of events has no such line",
    r"labels\.(agenda|answers|closed|further-dates|moved-from|notes-follow|until) .*": "no event",
    r"labels\.(interpretation.*|registration|status-(tentative|confirmed)) .*": "needs these",
    r"labels\.minutes .*": "one number shows one form of a plural",
    r"labels\.(target|complete) .*": "the value in it is an example",
    r"labels\.(untranslated|outdated) .*": "only pages with gaps say so",
    r"labels\.link-.*": "a link's title is said where it leads",
    r"office-hours\.events\[[02]\]\.minutes": "of past and cancelled events pages do not show it",
    r"titles/programs\.title .*": "the title is the department's name in words",
    r"links .* title": "pages show links in other words",
}
"""What plain pages do not show, and so cannot come back: places, and why."""

NOT_OF_UNITS = {
    **NOT_SHOWN,
    r"labels\.(languages|complete).*": "the extension writes its own bar",
    r"okrs/2025-2026\.intro .*": "a date of its own in a unit stays as the wiki writes it",
    r"text/conversation\.blocks\[1\] .*": "that one, too",
    r"office-hours\.events\[1\]\.(start|zone)": "the wiki is told the offset, not the zone",
    r"(priorities|text/priorities-)2?.*": "priorities on a translatable page are free text",
    r"department\.(teams|name).*": "as is the list of teams",
    r"text/teams.*": "which has texts in wikitext",
    r"titles/.*": "the extension translates titles",
    r"labels\.status-(done|under-way) .*": "and their states",
}


@pytest.mark.heavy
@pytest.mark.parametrize("how", ["plain", "translatable"])
def test_the_pages_come_back_value_by_value_in_all_languages(how: str, tmp_path: Path):
    loaded = getattr(realpages, how)()
    made = newplan.build(realpages.found(loaded), tmp_path, ON_THIS_DAY)
    files.replace_all(made.files)
    again = plan.load(tmp_path)
    kept = {place: kind for place, kind in made.kinds.items() if not place[1].startswith(kind)}
    assert made.differences == ()
    assert {name for _, name in kept} <= {"conversation", "archive", "grants", *FREE[how]}
    assert [each for each in made.doubts if each.section] == []
    before = Values(loaded, realpages.catalogs()).all()
    after = Values(again, catalog.load_all(tmp_path / "locale", again.languages)).all()
    shown = NOT_SHOWN if how == "plain" else NOT_OF_UNITS
    assert different(before, after, shown) == {}
    assert len(before) > LEAST_VALUES


LEAST_VALUES = 900
FREE = {"plain": set[str](), "translatable": {"priorities-2025-2026", "teams"}}


def different(
    before: Mapping[Place, Any], after: Mapping[Place, Any], not_shown: Mapping[str, str]
) -> dict[Place, tuple[Any, Any]]:
    return {
        place: (before.get(place), after.get(place))
        for place in dict.fromkeys([*before, *after])
        if before.get(place) != after.get(place)
        and not place.startswith("pages ")
        and not any(re.fullmatch(each, place) for each in not_shown)
    }
