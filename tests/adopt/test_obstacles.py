"""What keeps a page from being managed, and what can become of units that left it.

The pages stand in tests/cases/look/obstacles.cases: add some there.
"""

from __future__ import annotations

import pytest

from tests.support import wikicases
from tests.support.wikicases import Case
from wikiplan.adopt.obstacles import Chance, is_foreign, obstacles, orphans
from wikiplan.translate.markup import parse
from wikiplan.wikitext import outline


@wikicases.each("look/obstacles.cases")
def test_what_stands_in_the_way(case: Case):
    (language,) = case.named("language")
    text = case.blocks["page"]
    try:
        parts = outline.outline(text)
    except Exception:  # a page that cannot be read at all has an obstacle all the same
        parts = ()
    found = obstacles(text, language, parts)
    lines = [f"{each.code} line {', '.join(map(str, each.lines))}" for each in found]
    assert lines == case.blocks["obstacles"].splitlines()


def test_an_obstacle_names_some_lines_and_counts_the_others():
    units = "\n\n".join(f"<!--T:{number}-->\nText {number}." for number in range(1, 9))
    text = f"<translate>\n{units}\n</translate>"
    (found,) = obstacles(text, "en", outline.outline(text))
    assert str(found).startswith("lines 2, 5, 8, 11, 14 and 3 more: units with numbers as ids")


@pytest.mark.parametrize(
    ("line", "language", "foreign"),
    [
        ("Wir treffen uns montags.", "de", False),
        ("مرحبا بكم في الحديقة", "de", True),
        ("مرحبا بكم", "de", False),
        ("Join us on our Mondays.", "ar", True),
        ("نلتقي مع Ada Lovelace Institute", "ar", False),
        ("[[Join us on Mondays]] {{come and see us}} <see all of us>", "ar", False),
        ("[[Help|join us on Mondays]]", "ar", True),
    ],
)
def test_a_sentence_in_other_letters_is_foreign_and_names_and_markup_are_not(
    line: str, language: str, foreign: bool
):
    assert is_foreign(line, language) is foreign


def test_what_cannot_be_parsed_stops_everything_and_is_the_only_obstacle():
    text = "== A ==\n<translate>\nOne.\n<translate>\nTwo.\n</translate>"
    (found,) = obstacles(text, "en", ())
    assert found.stops
    assert found.lines
    assert not str(found).startswith(f"line {found.lines[0]}: line")


@pytest.mark.parametrize(
    ("page", "chance", "line"),
    [
        ("Write to us every week.", Chance.SAME_TEXT, 2),
        ("<!--T:9-->\nWrite to us every week.", Chance.OTHER_ID, 2),
        ("Write to us every month.", Chance.CHANGED, 2),
        ("Something else.", Chance.GONE, 0),
    ],
)
def test_an_orphans_chance_is_told(page: str, chance: Chance, line: int):
    units = parse(f"<translate>\n{page}\n</translate>").units
    used = {"3": "Write to us every week.", "4": "Nobody translated this."}
    (orphan,) = orphans(units, used, {"de": {"3"}, "ar": {"3"}})
    assert (orphan.id, orphan.languages, orphan.chance, orphan.line) == (
        "3", ("ar", "de"), chance, line,
    )  # fmt: skip
    assert str(orphan).startswith("unit 3 left the page, with translations into ar, de: ")


def test_an_orphan_is_compared_as_translators_see_it():
    units = parse("<translate>\nSee [[<tvar name=x>Help</tvar>|help]].\n</translate>").units
    (orphan,) = orphans(units, {"3": "See [[$x|help]]."}, {"de": {"3"}})
    assert orphan.chance is Chance.SAME_TEXT


def test_orphans_come_in_the_order_of_their_numbers_and_those_with_names_first():
    used = {"10": "Ten.", "9": "Nine.", "goals": "Goals.", "2": None}
    found = orphans((), used, {"de": set(used)})
    assert [each.id for each in found] == ["goals", "9", "10"]


def test_each_chance_has_its_way_out():
    units = parse("<translate>\nOne here.\n\n<!--T:7-->\nTwo here.\n</translate>").units
    used = {"1": "One here.", "2": "Two here.", "3": "One heart.", "4": "All is otherwise."}
    told = [str(each).partition("de: ")[2] for each in orphans(units, used, {"de": set(used)})]
    assert told == [
        "its text stands on line 2 without a marker; put <!--T:1--> back there, and they count "
        "again",
        "its text stands on line 4 as unit 7; give it <!--T:2--> again unless unit 7 has "
        "translations of its own",
        "line 2 reads like its text changed; mark it once as it was, with <!--T:3-->, and change "
        "it then: they turn outdated instead of lost",
        "its text does not stand on the page any more; they stay as pages of their own",
    ]
