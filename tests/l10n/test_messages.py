"""Messages of edit summaries: their plural forms are those that Pywikibot would choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from wikiplan.l10n import languages, messages

MESSAGES = Path(__file__).parents[2] / "scripts" / "i18n" / "wikiplan"
WRITTEN = sorted({path.stem for path in MESSAGES.glob("*.json")} - {"qqq"})  # qqq explains
LINES = (*range(31), 99, 100, 101, 102, 103, 111, 200, 1000, 1_000_000)


@pytest.mark.parametrize("language", WRITTEN)
def test_every_number_has_the_form_that_pywikibot_gives_it(language: str):
    i18n = pytest.importorskip("pywikibot.i18n")
    i18n.set_messages_package("wikiplan_scripts.i18n")
    for key in ("wikiplan-changed", "wikiplan-merged"):
        for lines in LINES:
            values = {"name": "teams", "lines": lines}
            expected = i18n.twtranslate(language, key, values)
            assert messages.message(language, key, values) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Translations from the department's plan [run RUN-1]"),
        ("bar", "Übersetzungen aus dem Plan der Abteilung [run RUN-1]"),
        ("zu", "Translations from the department's plan [run RUN-1]"),
        ("no-such-language", "Translations from the department's plan [run RUN-1]"),
    ],
)
def test_a_language_without_messages_has_those_of_the_next_one(language: str, text: str):
    assert messages.message(language, "wikiplan-translations", {"run": "RUN-1"}) == text


def test_every_language_has_a_message():
    for code in languages.known():
        assert messages.message(code, "wikiplan-new", {"name": "teams"}).startswith("teams")
