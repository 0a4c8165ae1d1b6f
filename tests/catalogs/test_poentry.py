"""What an entry of a catalog goes through, and its header.

``tests/cases/catalog/update`` has whole catalogs before and after (see test_catalog.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from translate.storage import pypo

from tests.support.samples import examples
from wikiplan.catalogs import poentry, potext
from wikiplan.catalogs.poentry import Change
from wikiplan.plan.facttypes import Link, Name, Number
from wikiplan.plan.units import Unit

NOTES = Unit("labels.notes", "Notes", {})
WORDED = Unit("labels.notes", "Notes of the hour", {})


def entry_of(english: str = "Notes", text: str = "Notizen") -> Any:
    """Return an entry as the toolkit reads it."""
    text = f'msgctxt "labels.notes"\nmsgid "{english}"\nmsgstr "{text}"\n'
    return pypo.pofile.parsestring(text.encode()).units[0]


def state(entry: Any) -> tuple[str, str, bool, str]:
    return entry.source, entry.target, entry.isfuzzy(), str(entry.prev_source)


def test_an_entry_in_step_needs_nothing():
    entry = entry_of()
    assert poentry.is_in_step(entry, NOTES)
    assert poentry.bring_up(entry, NOTES) is Change.UNCHANGED
    assert str(entry) == str(entry_of())


def test_changed_english_outdates_a_text_and_its_return_makes_it_current():
    entry = entry_of()
    assert poentry.bring_up(entry, WORDED) is Change.OUTDATED
    assert state(entry) == ("Notes of the hour", "Notizen", True, "Notes")
    assert poentry.bring_up(entry, Unit("labels.notes", "My notes", {})) is Change.OUTDATED
    assert state(entry) == ("My notes", "Notizen", True, "Notes")
    assert poentry.bring_up(entry, NOTES) is Change.REVIVED
    assert state(entry) == ("Notes", "Notizen", False, "")


def test_changed_english_without_a_text_is_reworded():
    entry = entry_of(text=" ")
    assert poentry.bring_up(entry, WORDED) is Change.REWORDED
    assert not entry.isfuzzy()


def test_a_unit_that_left_and_comes_back_keeps_text_and_doubt():
    entry = entry_of()
    poentry.outdate(entry, "Note")
    assert poentry.retire(entry) is Change.OBSOLETE
    assert poentry.retire(entry) is Change.UNCHANGED
    assert poentry.bring_up(entry, NOTES) is Change.REVIVED
    assert state(entry) == ("Notes", "Notizen", True, "Note")


def test_a_text_made_for_another_english_is_outdated_at_once():
    entry = entry_of(text="")
    poentry.translate(entry, "Notes of the hour", "Notizen", "Notes")
    assert state(entry) == ("Notes of the hour", "Notizen", True, "Notes")
    poentry.translate(entry, "Notes of the hour", "Notizen der Stunde", "Notes of the hour")
    assert state(entry) == ("Notes of the hour", "Notizen der Stunde", False, "")


def test_a_suggestion_is_one_until_somebody_translates_or_confirms_it():
    entry = entry_of(text="")
    poentry.suggest(entry, "Notizen", "Note", "made for a note")
    assert poentry.is_suggestion(str(entry.getnotes("translator")))
    assert poentry.bring_up(entry, Unit("labels.notes", "Note", {})) is Change.OUTDATED
    assert entry.isfuzzy()
    entry.markfuzzy(False)  # as a PO editor does when the text is right
    assert poentry.bring_up(entry, NOTES) is Change.OUTDATED
    assert not poentry.is_suggestion(str(entry.getnotes("translator")))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=examples(60))
@given(st.lists(TEXTS, min_size=1, max_size=4, unique=True))
def test_other_translations_are_kept_and_dropped_one_by_one(texts: list[str]):
    entry = entry_of()
    assert [poentry.keep_beside(entry, text, "fr.po") for text in texts] == [True] * len(texts)
    assert not poentry.keep_beside(entry, texts[0], "another place")
    assert poentry.conflicts_in(str(entry.getnotes("translator"))) == tuple(texts)
    poentry.drop_beside(entry, texts[0])
    assert poentry.conflicts_in(str(entry.getnotes("translator"))) == tuple(texts[1:])


def test_a_line_that_somebody_rewrote_is_a_comment_like_any_other():
    note = 'wikiplan: another translation, from x.po: "a\\q"\nwikiplan: another thing'
    assert poentry.conflicts_in(note) == ()


def test_notes_tell_the_units_own_and_the_variables_in_its_text_in_single_lines():
    values = {
        "ts": Link(page="Trust", title="Trust"),
        "n": Number(4),
        "who": Name("Ada\nLovelace"),
        "unused": Name("x"),
    }
    unit = Unit("a.b", "$who: [[$ts|T]] $n $$5 $gone", values, note=" One.\n\n Two\tlines. ")
    assert poentry.notes_on(unit) == (
        "One.", "Two lines.", "$who: “Ada Lovelace”", "$ts: link to Trust", "$n: number 4",
    )  # fmt: skip
    assert poentry.comments_for(unit)[0] == "#. One.\n"


# The header


def header(text: str) -> potext.PoEntry:
    return potext.read("ar.po", text.encode()).entries[0]


def faults(text: str, language: str = "ar") -> list[str]:
    entries = potext.read("ar.po", text.encode()).entries
    first, count = (entries[0] if entries else None), len(entries) - 1
    return list(map(str, poentry.header_faults("ar.po", first, count, language)))


ENTRY = 'msgctxt "a"\nmsgid "A"\nmsgstr ""\n'


def test_a_declared_typo_keeps_the_translation():
    entry = entry_of()
    typo = Unit("labels.notes", "Notes.", {}, change="typo")
    assert poentry.bring_up(entry, typo) is Change.CORRECTED
    assert state(entry) == ("Notes.", "Notizen", False, "")


def test_a_typo_that_is_none_or_is_not_declared_outdates_it():
    for unit in (WORDED, Unit("labels.notes", "2 notes", {}, change="typo")):
        entry = entry_of()
        assert poentry.bring_up(entry, unit) is Change.OUTDATED


def test_a_new_header_is_sound_for_its_language_and_says_that_it_is_empty():
    new = poentry.new_header("pt-br")
    assert poentry.header_fields(header(new)) == {
        "x-wikiplan-entries": "0",
        "project-id-version": "wikiplan",
        "po-revision-date": "",
        "last-translator": "",
        "language-team": "português do Brasil",
        "language": "pt-br",
        "mime-version": "1.0",
        "content-type": "text/plain; charset=UTF-8",
        "content-transfer-encoding": "8bit",
        "plural-forms": "nplurals=2; plural=(((n >= 0 && n <= 2) && (!(n == 2))) ? 0 : 1);",
    }
    assert faults(new, "pt-br") == []


def test_usual_fields_are_added_where_a_header_lacks_them_and_stay_where_it_has_them():
    text = "Language: de\nlast-translator: Ada\nX-Generator: Poedit\n"
    completed = poentry.with_usual_fields(text, "de")
    assert completed.startswith(text)
    assert completed[len(text) :] == (
        "Project-Id-Version: wikiplan\nPO-Revision-Date: \nLanguage-Team: Deutsch\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=((n == 1) ? 0 : 1);\n"
    )
    assert poentry.with_usual_fields(completed, "de") == completed


def test_a_field_is_set_in_its_line_and_holds_no_line_break():
    fields = {"Last-Translator": "Ada\nX-Wikiplan-Entries: 0"}
    assert poentry.with_fields("last-translator: Ben\nLanguage: de\n", fields) == (
        "Last-Translator: Ada X-Wikiplan-Entries: 0\nLanguage: de\n"
    )


def test_the_count_is_set_in_its_line_or_put_first():
    assert poentry.with_count("Language: ar\nx-wikiplan-entries: 3\n", 4) == (
        "Language: ar\nX-Wikiplan-Entries: 4\n"
    )
    assert poentry.with_count("Language: ar\n", 4) == "X-Wikiplan-Entries: 4\nLanguage: ar\n"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "charset=UTF-8",
            "charset=UTF-8#.",
            "ar.po:10:1: the header’s charset is not UTF-8 (“Content-Type: text/plain; "
            "charset=UTF-8#.”); save the file as UTF-8 and write “Content-Type: text/plain; "
            "charset=UTF-8”",
        ),
        (
            "charset=UTF-8",
            "charset=UTF-16",
            "ar.po:10:1: the header’s charset is not UTF-8 (“Content-Type: text/plain; "
            "charset=UTF-16”); save the file as UTF-8 and write “Content-Type: text/plain; "
            "charset=UTF-8”",
        ),
        (
            "Language: ar",
            "Language: de",
            "ar.po:8:1: the header says “Language: de”, and the file’s name ar; "
            "write “Language: ar”, or rename the file",
        ),
        (
            "Entries: 1",
            "Entries: 2",
            "ar.po:3:1: the header states 2 entries, and the file has 1; take the file from its "
            "version history, or if they went on purpose write “X-Wikiplan-Entries: 1”",
        ),
    ],
)
def test_a_wrong_field_is_told_with_its_line(before: str, after: str, told: str):
    text = f"{poentry.new_header('ar')}\n{ENTRY}".replace("Entries: 0", "Entries: 1")
    assert before in text
    assert faults(text.replace(before, after)) == [told]


def test_more_entries_than_stated_are_fine_after_a_merge():
    assert faults(f"{poentry.new_header('ar')}\n{ENTRY}") == []


COUNT_LINE = '"X-Wikiplan-Entries: 0\\n"\n'
CUT_OFF = (
    "take the file from its version history, or if nothing is cut off write “X-Wikiplan-Entries: 1”"
)


def test_a_header_without_a_count_is_told_unless_a_translator_sent_the_file_back():
    text = f"{poentry.new_header('ar')}\n{ENTRY}".replace(COUNT_LINE, "")
    wrong = "ar.po:2:1: the header does not state how many entries the file has"
    assert faults(text) == [f"{wrong}; {CUT_OFF}"]
    entries = potext.read("ar.po", text.encode()).entries
    assert not [*poentry.header_faults("ar.po", entries[0], 1, "ar", sent_back=True)]


@pytest.mark.parametrize("stated", ["-1", "", "1.0", "many", "9999999999"])
def test_a_count_that_is_no_number_of_entries_is_told(stated: str):
    text = f"{poentry.new_header('ar')}\n{ENTRY}".replace("Entries: 0", f"Entries: {stated}")
    wrong = f"ar.po:3:1: the header states “{stated}” entries, which is no number of entries"
    assert faults(text) == [f"{wrong}; {CUT_OFF}"]


def test_a_file_that_begins_with_an_entry_has_no_header():
    assert [each.partition(";")[0] for each in faults(ENTRY)] == [
        "ar.po:1:1: the file has no header"
    ]
