"""What an entry says of a unit: its state, and what else a person should know."""

from __future__ import annotations

import pytest

from wikiplan.catalogs.translation import Entry, State, Translation, untranslated
from wikiplan.plan.units import Unit

NOTES = Unit("labels.notes", "Notes", {})
TYPO = Unit("labels.notes", "Notes.", {}, change="typo")


def entry(english: str = "Notes", text: str = "Notizen", *, fuzzy: bool = False) -> Entry:
    return Entry(english, text, fuzzy, line=8, text_line=10)


@pytest.mark.parametrize(
    ("found", "unit", "state"),
    [
        (entry(), NOTES, State.TRANSLATED),
        (entry(text=" \n"), NOTES, State.UNTRANSLATED),
        (entry("Notices"), NOTES, State.OUTDATED),
        (entry(fuzzy=True), NOTES, State.OUTDATED),
        (entry("Notes"), TYPO, State.TRANSLATED),
        (entry("Notes", fuzzy=True), TYPO, State.OUTDATED),
        (entry("2 notes"), TYPO, State.OUTDATED),
    ],
)
def test_a_text_is_current_if_it_was_made_for_the_english_typos_aside(found, unit, state):
    assert found.translation_of(unit).state is state


def test_a_translation_has_all_that_its_entry_says():
    found = Entry("Notes", "Notizen", True, 8, 10, "Note", "doubtful")
    assert found.translation_of(NOTES) == Translation(
        "labels.notes", "Notizen", State.OUTDATED, "Notes", "Note", "doubtful"
    )
    assert untranslated(NOTES) == Translation("labels.notes", "", State.UNTRANSLATED)


SUGGESTION = "wikiplan: a suggestion, made for a text that was similar; look at it"


def test_a_suggestion_is_one_until_somebody_takes_it_over():
    found = entry(fuzzy=True)._replace(note=SUGGESTION)
    assert found.translation_of(NOTES).suggested
    assert not found._replace(fuzzy=False).translation_of(NOTES).suggested


def test_other_translations_wait_in_the_note():
    note = 'wikiplan: another translation, from the wiki: "Anmerkungen"'
    assert entry()._replace(note=note).translation_of(NOTES).conflicts == ("Anmerkungen",)
