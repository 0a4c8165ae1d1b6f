"""A unit's new English goes into its YAML file, into the very scalar that it came from."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

import pytest

from wikiplan.errors import Faults
from wikiplan.files import FileChange
from wikiplan.plan import FILE, TEAM, UNIT, Move, Plan, plan, read_source
from wikiplan.plan.yamledit import (
    UnwritableError,
    set_texts,
    with_ids,
    with_ids_renamed,
    with_move,
    with_sections,
)

FIRST = ("pages", 0)
"""The place of the first page."""
SAMPLE = Path(__file__).parents[2] / "data"
TRUST = "priorities-2020-2021.trust-and-safety"


@pytest.fixture
def data(tmp_path):
    return Path(shutil.copytree(SAMPLE, tmp_path / "data"))


def set_text(loaded: Plan, key: str, text: str) -> FileChange:
    (change,) = set_texts(loaded, {key: text})
    return change


def difference(change: FileChange) -> list[str]:
    before = (change.before or b"").decode().split("\n")
    lines = difflib.unified_diff(before, change.after.decode().split("\n"), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_a_plain_text_is_changed_where_it_stands(data):
    change = set_text(plan.load(data), "department.mission-heading", "What we are for")
    assert change.path == data / "department.yaml"
    assert not change.stale
    (removed, added) = difference(change)
    assert added == "+mission-heading: {text: What we are for}"
    assert removed.startswith("-mission-heading: {text: ")


def test_a_folded_text_keeps_the_lines_before_and_behind_the_change(data):
    key = "priorities-2020-2021.human-rights.protocol"
    loaded = plan.load(data)
    text = loaded.units[key].text.replace("in good faith", "in good faith, alone or together")
    removed, gone, added, new = difference(set_text(loaded, key, text))
    assert removed.endswith("they contributed in good faith, and assists")
    assert gone == "-          these users."
    assert added.endswith("they contributed in good faith, alone or")
    assert new == "+          together, and assists these users."


def test_the_label_of_an_item_is_not_put_into_its_text(data):
    key = f"{TRUST}.disinformation"
    text = "'''Disinformation:''' Protect the integrity of all content on the platform."
    assert difference(set_text(plan.load(data), key, text)) == [
        "-        text: Protect the integrity of the content on the platform.",
        "+        text: Protect the integrity of all content on the platform.",
    ]


def test_a_changed_label_is_changed_as_the_label(data):
    text = "'''Rumours:''' Protect the integrity of the content on the platform."
    assert difference(set_text(plan.load(data), f"{TRUST}.disinformation", text)) == [
        "-        label: Disinformation",
        "+        label: Rumours",
    ]


def test_the_links_after_a_text_stay_names(data):
    loaded = plan.load(data)
    key = f"{TRUST}.anti-harassment"
    text = loaded.units[key].text.replace("together", "hand in hand")
    (removed, added) = difference(set_text(loaded, key, text))
    assert added == removed.replace("together", "hand in hand").replace("-", "+", 1)


@pytest.mark.parametrize(
    ("item", "before", "after", "reason"),
    [
        ("disinformation", "'''Disinformation:''' ", "", "the bold words before the text"),
        ("disinformation", "'''Disinformation:''' ", "* ", "the bold words before the text"),
        ("anti-harassment", "See also", "See", "the links after the text"),
        ("anti-harassment", ".)", ", and others.)", "the links after the text"),
    ],
)
def test_what_is_neither_text_nor_label_cannot_be_written(data, item, before, after, reason):
    loaded = plan.load(data)
    text = loaded.units[f"{TRUST}.{item}"].text
    assert before in text
    with pytest.raises(UnwritableError, match=reason):
        set_text(loaded, f"{TRUST}.{item}", text.replace(before, after))


def test_several_texts_of_a_file_become_one_file(data):
    loaded = plan.load(data)
    texts = {"labels.host": "Hosts", "labels.notes": "Minutes", "office-hours.heading": "Hours"}
    changes = set_texts(loaded, texts)
    assert [change.path.name for change in changes] == ["labels.yaml", "office-hours.yaml"]
    for change in changes:
        change.path.write_bytes(change.after)
    again = plan.load(data)
    assert {key: again.units[key].text for key in texts} == texts
    others = loaded.units.keys() - texts
    assert all(again.units[key].text == loaded.units[key].text for key in others)


def test_a_file_that_somebody_changed_meanwhile_is_not_written_into(data):
    loaded = plan.load(data)
    path = data / "labels.yaml"
    path.write_text(path.read_text().replace("text: Host}", "text: Speaker}"))
    with pytest.raises(UnwritableError, match="another value there by now"):
        set_text(loaded, "labels.host", "Hosts")


def test_every_unit_of_the_sample_plan_can_be_changed(data):
    loaded = plan.load(data)
    texts = {key: with_more_words(unit.text) for key, unit in loaded.units.items()}
    for change in set_texts(loaded, texts):
        change.path.write_bytes(change.after)
    assert {key: unit.text for key, unit in plan.load(data).units.items()} == texts


# Edits of ``pages.yaml``.

PAGES = "pages:\n  - title: A\n    sections:\n      - {name: x}\n"


def test_a_list_in_one_line_gets_its_entries_there():
    text = "pages:\n  - title: A\n    ids: {a: 1}\n    sections: [{name: x}]\n"
    assert "    sections: [{name: z}, {name: x}]\n" in with_sections(text, FIRST, [{"name": "z"}])
    assert "    ids: {b: 2, a: 1}\n" in with_ids(text, FIRST, {"b": "2"})
    page = "pages: [{title: A, sections: [{name: x}]}]\n"
    assert "[{title: A, ids: {b: 2}, sections" in with_ids(page, FIRST, {"b": "2"})


def test_a_page_without_braces_of_its_own_is_left_to_people():
    with pytest.raises(Faults, match=r"write this yourself, and try again: ids: \{b: 2\}"):
        with_ids("pages: [title: A]\n", FIRST, {"b": "2"})


def test_an_id_is_declared_for_another_key_where_it_stands():
    text = PAGES.replace(
        "    sections", "    ids: {a.b: 1, 's:c': new}  # for ever\n    sections", 1
    )
    after = with_ids_renamed(text, FIRST, {"a.b": "a.d", "s:c": "t:c"})
    assert after == text.replace("a.b: 1, 's:c'", 'a.d: 1, "t:c"')
    assert with_ids_renamed(text, FIRST, {}) == text


def test_ids_go_before_those_that_are_there_or_get_their_own_list():
    text = "pages:\n  - title: A\n    sections:\n      - {name: x}\n"
    first = with_ids(text, FIRST, {"a.b": "1"})
    assert first == text.replace("    sections", "    ids:\n      a.b: 1\n    sections")
    assert "    ids:\n      c: new\n      a.b: 1\n" in with_ids(first, FIRST, {"c": "new"})


def test_new_lines_end_as_the_others_do():
    text = PAGES.replace("\n", "\r\n")
    assert with_sections(text, FIRST, [{"name": "z"}]) == text.replace(
        "      - {name: x}", "      - {name: z}\r\n      - {name: x}"
    )
    assert with_ids(text, FIRST, {"b": "2"}) == text.replace(
        "    sections", "    ids:\r\n      b: 2\r\n    sections"
    )


def test_a_section_stands_on_one_line_however_long_its_name_is():
    name = "x-" * 60
    entry = f"      - {{name: {name}, template: text}}\n"
    assert entry in with_sections(PAGES, FIRST, [{"name": name, "template": "text"}])


def test_ids_and_moves_go_into_brackets_that_are_empty(data):
    ids = with_ids(PAGES.replace("    sections", "    ids: {}\n    sections"), FIRST, {"b": "2"})
    assert "    ids: {b: 2}\n" in ids
    pages = data / "pages.yaml"
    pages.write_text(f"{pages.read_text()}moved: []  # none yet\n")
    changes = with_move(read_source(data), Move(TEAM, "human-rights", "rights"))
    (text,) = (each.after.decode() for each in changes if each.path == pages)
    assert text.endswith("\nmoved:  # none yet\n  - {team: human-rights, to: rights}\n")


def test_sections_about_an_event_and_its_dates_follow_its_key(data):
    pages = data / "pages.yaml"
    section = "      - {{name: {0}, template: event, data: office-hours, item: {1}}}\n"
    items = ("2021-07", "2021-07-2021-07-15", "2021-10")
    entry = "".join(section.format(f"s{at}", item) for at, item in enumerate(items))
    with pages.open("a", encoding="utf-8") as file:
        file.write(f"  - title: Events\n    sections:\n{entry}")
    move = Move(UNIT, "office-hours.2021-07", "office-hours.july")
    after = {each.path.name: each.after.decode() for each in with_move(read_source(data), move)}
    assert "  - key: july\n" in after["office-hours.yaml"]
    found = [line.partition("item: ")[2] for line in after["pages.yaml"].splitlines()]
    assert [each for each in found if each] == ["july}", "july-2021-07-15}", "2021-10}"]


VISITS = """\
blocks:
  - key: list
    wikitext:
      en: |-
        <div>$bell, $bell-tower</div>  # no comment
        $bell
      ar: "<div dir=rtl>$bell-tower، $bell</div>"
    texts:
      - {key: bell, text: Ring $$bell.}  # once
      - {key: bell-tower, text: The tower.}
"""


def test_a_text_that_stands_in_wikitext_is_renamed_there_too(data):
    (data / "text").mkdir()
    file = data / "text" / "visits.yaml"
    file.write_text(VISITS)
    move = Move(UNIT, "text-visits.list.bell", "text-visits.list.ring")
    (change,) = (each for each in with_move(read_source(data), move) if each.path == file)
    expected = VISITS.replace("key: bell,", "key: ring,")
    for before in ("<div>$bell,", "        $bell\n", "$bell</div>"):
        expected = expected.replace(before, before.replace("$bell", "$ring"))
    assert change.after.decode() == expected


def test_a_file_of_a_calendar_year_says_its_new_one(data):
    old, new = data / "priorities" / "2021.yaml", data / "priorities" / "2023.yaml"
    old.write_text("fiscal-year: 2021\nteams: []\n")
    changes = with_move(read_source(data), Move(FILE, "priorities/2021", "priorities/2023"))
    (change,) = (each for each in changes if each.path == new)
    assert change.after == b"fiscal-year: 2023\nteams: []\n"


def test_a_source_goes_with_its_file(data):
    sources = data / "sources.yaml"
    sources.write_text("# Of staff.\npriorities/2021: {page: P.json}\npeople: {page: Q.json}\n")
    (data / "priorities" / "2021.yaml").write_text("fiscal-year: 2021\nteams: []\n")
    changes = with_move(read_source(data), Move(FILE, "priorities/2021", "priorities/2023"))
    (change,) = (each for each in changes if each.path == sources)
    assert change.after == sources.read_bytes().replace(b"priorities/2021:", b'"priorities/2023":')


def with_more_words(text: str) -> str:
    """Return a unit's text with words in it, behind the label if it has one."""
    label, sign, rest = text.rpartition(":''' ")
    first, _, others = rest.partition(" ")
    return f"{label}{sign}{first} so to say {others}".strip()
