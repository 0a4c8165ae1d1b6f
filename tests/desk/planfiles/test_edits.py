"""What an edit comes to: new bytes of the file, words to translate again, what would be wrong."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles.edits import Cost, Edit, Examined, cost, examined
from wikiplan.desk.planfiles.places import Place
from wikiplan.errors import WikiplanError
from wikiplan.value import replace
from wikiplan.yaml import Scalar

OpenDesk = Callable[..., Desk]
HUBS = Place("priorities/2021-2022", ("teams", 2, "items", 1, "text"))
WITH_HUBS = "Bring together the people who plan regional and thematic [[$hubs|hubs]]."


def edit(directory: Path, place: Place, value: Scalar | None, means: str = "") -> Edit:
    return Edit(place, (directory / "data" / place.file).read_bytes(), value, means)


def diff(directory: Path, wanted: Edit) -> list[str]:
    change = wanted.change(directory / "data")
    assert change.path == directory / "data" / wanted.place.file and change.before is not None
    lines = difflib.unified_diff(
        change.before.decode().splitlines(), change.after.decode().splitlines(), n=0, lineterm=""
    )
    return [each for each in lines if not re.match(r"---|\+\+\+|@@", each)]


def test_a_typo_is_declared_beside_the_text_and_a_new_meaning_takes_that_away(directory: Path):
    typo = edit(directory, HUBS, WITH_HUBS.replace("people", "poeple"), "typo")
    assert diff(directory, typo) == [
        f"-        text: {WITH_HUBS}",
        f"+        text: {WITH_HUBS.replace('people', 'poeple')}",
        "+        change: typo",
    ]
    declared = replace(typo, base=typo.change(directory / "data").after, value=WITH_HUBS)
    assert diff(directory, declared) == [
        f"-        text: {WITH_HUBS.replace('people', 'poeple')}",
        f"+        text: {WITH_HUBS}",
    ]
    assert diff(directory, replace(declared, means="meaning", value="Plan [[$hubs|hubs]].")) == [
        f"-        text: {WITH_HUBS.replace('people', 'poeple')}",
        "-        change: typo",
        "+        text: Plan [[$hubs|hubs]].",
    ]


def test_a_value_is_taken_away_with_its_key(directory: Path):
    status = replace(HUBS, path=(*HUBS.path[:-1], "status"))
    assert diff(directory, edit(directory, status, None)) == ["-        status: under-way"]
    note = Place("department", ("name", "note"))
    (gone,) = diff(directory, edit(directory, note, None))
    assert gone == "-  note: The department's name; also the page's title in English."


def test_a_value_that_was_not_there_comes_behind_the_others(directory: Path):
    target = replace(HUBS, path=(*HUBS.path[:-1], "target"))
    assert diff(directory, edit(directory, target, "2022-05")) == ["+        target: 2022-05"]
    assert diff(directory, edit(directory, target, None)) == []
    title = Place("links", ("vp", "translatable"))
    assert diff(directory, edit(directory, title, True)) == [
        "-vp: {page: User:Mdennis (WMF), title: Maggie Dennis}",
        "+vp: {page: User:Mdennis (WMF), title: Maggie Dennis, translatable: true}",
    ]
    label = replace(HUBS, path=(*HUBS.path[:-1], "label"))
    assert diff(directory, edit(directory, label, "Hubs", "typo")) == [
        "+        label: Hubs",
        "+        change: typo",
    ]


def test_what_nothing_stands_beside_is_not_taken_away(directory: Path):
    with pytest.raises(WikiplanError, match="change it in the file itself"):
        edit(directory, Place("labels", ("host", "text")), None).change(directory / "data")


def looked_at(desk: Desk, directory: Path, place: Place, value: Scalar) -> Examined:
    return examined(desk.current(), desk.trials, edit(directory, place, value))


def test_a_fact_costs_translators_nothing(directory: Path, open_desk: OpenDesk):
    start = Place("office-hours", ("events", 1, "start"))
    assert looked_at(open_desk(), directory, start, "2021-07-16T18:00") == Examined()


def test_a_text_costs_its_words_in_the_languages_that_have_it(directory: Path, open_desk: OpenDesk):
    found = looked_at(open_desk(), directory, HUBS, f"{WITH_HUBS[:-1]}, and more.")
    assert found == Examined(
        cost=Cost(12, ("ar", "de"), 1),
        as_typo=Cost(12, ("ar", "de"), 1),
        no_typo=("words became others (nothing → and more)",),
        is_text=True,
    )
    assert str(found.cost) == "12 words in 2 languages (ar, de)" and not found.asks


def test_a_typo_costs_nothing_and_the_owner_is_asked(directory: Path, open_desk: OpenDesk):
    found = looked_at(open_desk(), directory, HUBS, WITH_HUBS.replace("people", "poeple"))
    assert (str(found.cost), str(found.as_typo)) == ("10 words in 2 languages (ar, de)", "0 words")
    assert found.asks and not found.no_typo


def test_what_is_told_beforehand_is_what_the_catalogs_say_then(
    directory: Path, open_desk: OpenDesk
):
    desk = open_desk()
    before = desk.current()
    for means, told in (("typo", "0 words"), ("meaning", "10 words in 2 languages (ar, de)")):
        wanted = edit(directory, HUBS, WITH_HUBS.replace("people", f"p{means[0]}ople"), means)
        desk.writing.write("An edit.", [wanted.change(directory / "data")])
        key = "priorities-2021-2022.movement-strategy-and-governance.hubs"
        assert str(cost(before, {key: desk.current().plan.units[key]})) == told


def test_the_title_of_a_link_costs_what_the_texts_cost_that_show_it(
    directory: Path, open_desk: OpenDesk
):
    found = looked_at(open_desk(), directory, Place("links", ("mtp", "title")), "The plan")
    assert re.fullmatch(r"\d+ words of 2 texts in \d languages \(.*\)", str(found.cost))
    assert not found.is_text


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (Place("office-hours", ("events", 1, "start")), "2021-07-32T18:00", "does not exist"),
        (Place("office-hours", ("events", 1, "zone")), "CEST", "write Europe/Berlin, or another"),
        (Place("office-hours", ("events", 1, "questions")), "tlak", "did you mean “talk”"),
        (Place("office-hours", ("events", 1, "minutes")), 0, "0 is too small; write at least 1"),
        (Place("department", ("lead", "person")), "maggie", "people.yaml has no “maggie”"),
        (HUBS, "Bring $nobody.", "the variable $nobody is not defined"),
        (HUBS, "Bring [[them", "the wikitext is unbalanced"),
        (HUBS, "", "is empty"),
    ],
)
def test_what_would_break_the_plan_is_told_with_its_place(
    place: Place, value: Scalar, told: str, directory: Path, open_desk: OpenDesk
):
    found = looked_at(open_desk(), directory, place, value)
    assert told in str(found.errors[0].message)
    assert Path(found.errors[0].file) == directory / "data" / place.file
    assert not found.cost.words


def test_a_text_that_cannot_stand_where_a_template_puts_it_is_told(
    directory: Path, open_desk: OpenDesk
):
    heading = Place("department", ("teams-heading", "text"))
    found = looked_at(open_desk(), directory, heading, "Our {{Nowrap|teams\n}} here")
    assert found.errors


def test_a_warning_is_told_that_was_not_there_before(directory: Path, open_desk: OpenDesk):
    desk = open_desk()
    known = desk.trials.of().faults
    found = looked_at(
        desk, directory, Place("office-hours", ("events", 1, "host", 0)), "maggie-denis"
    )
    assert [str(each.message) for each in found.warnings] == [
        "people.yaml has no “maggie-denis”, so it is a name; did you mean “maggie-dennis”?"
    ]
    assert not found.errors and not {*found.warnings} & {*known}


def test_nothing_is_written_by_looking(directory: Path, open_desk: OpenDesk):
    desk = open_desk()
    before = {path: path.read_bytes() for path in (directory / "data").rglob("*") if path.is_file()}
    looked_at(desk, directory, HUBS, "Other words.")
    assert before == {
        path: path.read_bytes() for path in (directory / "data").rglob("*") if path.is_file()
    }
