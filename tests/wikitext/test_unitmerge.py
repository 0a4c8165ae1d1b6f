"""Merging sections of translatable pages; the cases are told in tests/cases/unitmerge/README.md."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.samples import examples
from tests.support.smallplan import compare
from wikiplan.changes.changeset import Action, SectionState
from wikiplan.render import source
from wikiplan.render.escaping import normalised
from wikiplan.render.source import BEGIN, END, MIDDLE
from wikiplan.translate import PageUnit, markup
from wikiplan.wikitext import Merged, Written, ownership, sections, unitmerge
from wikiplan.wikitext.markers import digest

CASES = Path(__file__).parents[1] / "cases"
SCENARIOS = [
    json.loads(line) for line in (CASES / "translatable" / "scenarios.jsonl").open(encoding="utf-8")
]
DECLARED = frozenset("12")


def owned(unit: PageUnit) -> bool:
    return unit.id is not None and (unit.id.startswith("plan.") or unit.id in DECLARED)


def own_text(text: str) -> str:
    return unitmerge.lift(text, owned)[0]


def known(new: str, digest: str | None) -> Written:
    return Written(digest, None, DECLARED, unitmerge.units_of(new))


def merge(before: str, new: str, digest: str | None) -> tuple[Merged, bool]:
    """Return a section merged with the plan's text, and whether people changed the plan's part."""
    merged, owner = ownership.merge(before, new, known(new, digest))
    return merged, merged.own != merged.now and not owner.proven


def parts_of(case: Path) -> dict[str, str]:
    parts = re.split(r"^= (\w+)\n", case.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    texts = (text.removesuffix("\n") for text in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True))


@pytest.mark.parametrize(
    "case", sorted((CASES / "unitmerge").glob("*.case")), ids=lambda case: case.stem
)
def test_a_section_is_merged_as_written_down(case: Path):
    parts = parts_of(case)
    before = parts["before"]
    written = digest(parts.get("written", own_text(before)))
    merged, drift = merge(before, parts["plan"], written)
    assert drift is ("drift" in parts)
    if not drift:
        assert merged.body == parts["after"]
        assert merge(merged.body, parts["plan"], digest(merged.own))[0].body == merged.body


# Pages

TRANSLATABLE = {"Plan": "kind: translatable\nmissing-page: create"}


@pytest.fixture
def people(folder):
    return FolderPeople(folder.directory)


def write_and_save(directory, folder, people, text="Text A.") -> str:
    """Write the plan's page, and save it as a run would. Return its text."""
    smallplan.write(directory, {"a": text, "b": "Text B."}, TRANSLATABLE)
    (page,) = compare(directory, folder).pages
    people.edit("Plan", page.after)
    return page.after


def test_a_page_is_created_once_and_marking_it_leaves_nothing_to_do(tmp_path, folder, people):
    text = write_and_save(tmp_path, folder, people)
    assert text == sections.new_page(
        {name: f"<translate>\n<!--T:{name}.body-->\nText {name.upper()}.\n</translate>"
         for name in ("a", "b")}
    )  # fmt: skip
    assert markup.marked(markup.parse(text)) == text
    (page,) = compare(tmp_path, folder).pages
    assert (page.action, page.language) == (Action.NONE, "en")


def test_people_s_additions_stay_on_the_page_and_are_no_drift(tmp_path, folder, people):
    text = write_and_save(tmp_path, folder, people)
    added = text.replace("Text A.\n", "Text A.\n\nTheirs.\n") + "\n<translate>Outside.</translate>"
    people.edit("Plan", added)
    assert only_page(tmp_path, folder).action is Action.NONE
    for number, words in enumerate(("New A.", "Newer A.")):
        smallplan.write(tmp_path, {"a": words, "b": "Text B."}, TRANSLATABLE)
        page = only_page(tmp_path, folder)
        assert (page.action, page.sections[0].state) == (Action.UPDATE, SectionState.CHANGED)
        assert f"{words}\n\nTheirs" in page.after
        assert page.after.endswith("\n<translate>Outside.</translate>")
        again = page.after.replace("Theirs", f"Theirs, edition {number},", 1)
        people.edit("Plan", again)


def test_people_s_edits_of_the_plan_s_text_are_drift_and_reclaiming_keeps_additions(
    tmp_path, folder, people
):
    text = write_and_save(tmp_path, folder, people)
    people.edit("Plan", text.replace("Text A.\n", "Edited A.\n\nTheirs.\n"))
    kept = only_page(tmp_path, folder)
    assert (kept.action, kept.after) == (Action.DRIFT, kept.before)
    reclaimed = only_page(tmp_path, folder, drift="reclaim")
    assert reclaimed.after == text.replace("Text A.\n", "Text A.\n\nTheirs.\n")


def test_a_page_that_could_not_be_saved_is_refused(tmp_path, folder, people):
    text = write_and_save(tmp_path, folder, people)
    people.edit("Plan", f"{text}\n<translate>x")
    page = only_page(tmp_path, folder)
    assert (page.action, page.told.reason) == (
        Action.REFUSED,
        "line 14: <translate> is never closed; write </translate> behind the text to translate",
    )


def test_a_page_that_marking_refuses_already_is_brought_up_to_date(tmp_path, folder, people):
    text = write_and_save(tmp_path, folder, people)
    people.edit("Plan", f"{text}\n<translate><!--T:a.body--> x</translate>")
    smallplan.write(tmp_path, {"a": "New A.", "b": "Text B."}, TRANSLATABLE)
    assert only_page(tmp_path, folder).action is Action.UPDATE


def test_an_id_that_is_taken_outside_of_the_section_refuses_the_page(tmp_path, folder, people):
    people.edit("Plan", "<translate><!--T:a.body--> Theirs.</translate>")
    smallplan.write(
        tmp_path, {"a": "Text A."}, {"Plan": "kind: translatable\nmissing-section: bottom"}
    )
    page = only_page(tmp_path, folder)
    assert page.action is Action.REFUSED
    assert "unit a.body: the id “a.body” is taken" in page.told.reason


def only_page(directory, folder, **options):
    (page,) = compare(directory, folder, **options).pages
    return page


# Laws


@st.composite
def plan_texts(draw: st.DrawFn) -> str:
    """Return the plan's text of a section: some of eight units in any order, form and wording."""
    lines: list[str] = []
    ids = draw(st.permutations("abcdefgh"))[: draw(st.integers(1, 8))]
    for number, _ in enumerate(ids):
        form = draw(st.sampled_from(["== {} ==", "\n{}\n", "* {}", "** {}", "* '''{}'''"]))
        text = draw(st.sampled_from(["One.", 'Two [[<tvar name="x">P</tvar>|it]].', "Three."]))
        unit = f"{BEGIN}{number}{MIDDLE}{text}{END}"
        joined = draw(st.booleans()) and lines and lines[-1].startswith("*")
        if joined:
            lines[-1] += f" ({unit})"
        else:
            lines.append(form.format(unit))
    text = normalised("\n".join(f"\n{x}\n" if x[0] == "=" else x for x in lines))
    return source.laid_out(text, {number: f"plan.{id}" for number, id in enumerate(ids)})


def with_additions(draw: st.DrawFn, text: str) -> str:
    """Put units of people's into a text, each behind one of its units, where it can stand."""
    for number in range(draw(st.integers(0, 4))):
        marker = draw(st.sampled_from(["", f"<!--T:{20 + number}--> "]))
        inline = f"<translate>{marker}Theirs {number}.</translate>"
        anchors = unitmerge.anchors_of(text)
        anchor = anchors[draw(st.sampled_from(sorted(anchors)))]
        line_end = text.find("\n", anchor.block_stop)
        line_end = len(text) if line_end < 0 else line_end
        choices = [(line_end, f"\n* {inline}")]
        if anchor.inline:
            choices.append((anchor.block_stop, f" {inline}"))
        else:
            choices.append((anchor.stop, f"\n\nTheirs {number}."))
            choices.append((anchor.block_stop, f"\n\n{inline}"))
        place, added = draw(st.sampled_from(choices))
        text = text[:place] + added + text[place:]
    return text


pages_with_additions = st.composite(
    lambda draw: (text := draw(plan_texts()), with_additions(draw, text))
)


def theirs(text: str) -> list[str]:
    return sorted(unit.source for unit in markup.parse(text).units if not owned(unit))


def ours(text: str) -> list[str | None]:
    return [unit.id for unit in markup.parse(text).units if owned(unit)]


@settings(max_examples=examples(150), deadline=None)
@given(pages_with_additions())
def test_an_unchanged_plan_changes_no_byte(page):
    text, before = page
    assert own_text(before) == text
    merged, drift = merge(before, text, digest(text))
    assert (merged.body, merged.now, drift) == (before, text, False)


@settings(max_examples=examples(150), deadline=None)
@given(pages_with_additions(), plan_texts())
def test_nothing_of_people_s_is_lost_and_merging_again_changes_nothing(page, new):
    text, before = page
    merged, drift = merge(before, new, digest(text))
    assert not drift
    assert theirs(merged.body) == theirs(before)
    assert ours(merged.body) == ours(new)
    assert merged.own == own_text(merged.body)
    assert merge(merged.body, new, digest(merged.own))[0].body == merged.body
    assert not merge(merged.body, text, digest(merged.own))[1]
    assert not markup.mark_errors(markup.parse(merged.body))


def texts_of_scenarios() -> list[tuple[str, str]]:
    return [
        (f"{scenario['name']} {at}", step.get("text") or step["page"])
        for scenario in SCENARIOS
        for at, step in enumerate(scenario["steps"])
        if step["do"] in ("save", "mark") and step["result"] == "ok"
    ]


@pytest.mark.parametrize(("name", "page"), texts_of_scenarios())
def test_a_page_of_the_scenarios_keeps_every_byte(name: str, page: str):
    numbered = [unit for unit in markup.parse(page).units if unit.id is not None]
    own = markup.parse(unitmerge.lift(page, numbered.__contains__)[0])
    text = markup.marked(own) if own.units else markup.text_of(own)
    assert unitmerge.merge(page, text, numbered.__contains__).body == page
