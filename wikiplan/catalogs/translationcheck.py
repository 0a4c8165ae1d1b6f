"""What is wrong with a translation of a unit, whether it comes from a catalog or from a wiki.

Each kind of check has its module; here they are put together. Messages begin with “the
translation”, and what an editor of the plan is told of its English is told of the translation too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wikiplan.catalogs.markupcheck import markup_findings
from wikiplan.catalogs.pluralcheck import form_findings, lost_plurals
from wikiplan.catalogs.wordcheck import own_word_findings, word_findings
from wikiplan.errors import Refusal
from wikiplan.findings import Finding
from wikiplan.l10n import bidi, letters
from wikiplan.near import did_you_mean
from wikiplan.plan.glossary import Term, missing, without_terms
from wikiplan.plan.textcheck import text_messages
from wikiplan.plan.units import Link, Unit, variables_in
from wikiplan.wikitext import seen

MOST_CHARACTERS, MOST_CALLS = 10_000, 100
"""Of a translation that is judged: what has more templates or text would take too long."""

_MOST_SHOWN = 40
"""Characters of a passage that a message repeats."""


def findings(
    unit: Unit, text: str, language: str, glossary: Sequence[Term] = (), *, outdated: bool = False
) -> tuple[Finding, ...]:
    """Return the errors, then the warnings, about a translation of the unit.

    An ``outdated`` text was made for another English and is not compared with this one.
    """
    if _is_too_long(text):
        return (_too_long(text),)
    found = list(_markup_findings(unit, text, outdated=outdated))
    if text.strip():
        readable = all(finding.warning for finding in found)
        found += _word_findings(unit, text, language, glossary, readable and not outdated)
        found += [] if outdated else _compared(unit, text, language, glossary)
    return tuple(sorted(found, key=lambda each: each.warning))


def errors(unit: Unit, text: str, *, outdated: bool = False) -> tuple[Finding, ...]:
    """Return the errors alone, in less than half the time: for runs that show no warnings."""
    if _is_too_long(text):
        return (_too_long(text),)
    found = _markup_findings(unit, text, outdated=outdated)
    return tuple(finding for finding in found if not finding.warning)


def _is_too_long(text: str) -> bool:
    return len(text) > MOST_CHARACTERS or text.count("{{") > MOST_CALLS


def _too_long(text: str) -> Finding:
    has = f"the translation has {len(text)} characters and {text.count('{{')} templates"
    return Finding(f"{has}, too many to judge", f"keep to {MOST_CHARACTERS} and {MOST_CALLS}")


# --- what the wiki makes of it: errors and warnings ---


def _markup_findings(unit: Unit, text: str, *, outdated: bool) -> Iterator[Finding]:
    damage = list(_text_findings(unit, text))
    yield from damage
    yield from _unknown_variables(unit, text, warning=outdated)
    yield from _bidi_findings(unit.text, text)
    if text.strip() and not outdated:
        yield from _lost_variables(unit, text)
        if not damage:
            yield from _compared_markup(unit, text)


def _text_findings(unit: Unit, text: str) -> Iterator[Finding]:
    for message in text_messages(text, one_line="\n" not in unit.text):
        wrong, _, advice = message.rpartition("; ")
        whole = wrong.startswith("the ")
        yield Finding(f"{'in ' if whole else ''}the translation {wrong}", advice)


def _unknown_variables(unit: Unit, text: str, *, warning: bool) -> Iterator[Finding]:
    """Yield names that nothing stands for; in an outdated text they may be the old English's."""
    for name in variables_in(text):
        if name not in unit.variables:
            wrong = f"the translation uses ${name}, which is not defined"
            hint = did_you_mean(name, variables_in(unit.text)) or "take the names from the English"
            yield Finding(wrong, hint, warning=warning)


def _lost_variables(unit: Unit, text: str) -> Iterator[Finding]:
    """Yield names that the English has and the text has not; without a link, readers are stuck."""
    kept = variables_in(text)
    for name in variables_in(unit.text):
        if name not in kept:
            link = isinstance(unit.variables.get(name), Link)
            wrong = f"the translation has lost {'the link ' if link else ''}${name}"
            yield Finding(wrong, f"put ${name} where it belongs", warning=not link)


def _compared_markup(unit: Unit, text: str) -> Iterator[Finding]:
    try:
        yield from markup_findings(unit, text)
    except Refusal as refusal:
        wrong, _, advice = str(refusal).rpartition("; ")
        yield Finding(f"in the translation {wrong}", advice)


def _bidi_findings(english: str, text: str) -> Iterator[Finding]:
    advice = "delete it: the page says the direction"
    if unpaired := bidi.unpaired(text):
        wrong = f"the translation holds {bidi.named(unpaired)}, which turns what stands behind it"
        yield Finding(wrong, advice)
    others = [each for each in bidi.controls_in(text) if each not in (*unpaired, *english)]
    if others:
        wrong = f"the translation holds the invisible direction mark {bidi.named(others)}"
        yield Finding(wrong, advice, warning=True)


# --- how it reads: warnings ---


def _word_findings(
    unit: Unit, text: str, language: str, glossary: Sequence[Term], comparable: bool
) -> Iterator[Finding]:
    yield from form_findings(text, language)
    yield from own_word_findings(unit.text, text, language)
    foreign = _foreign_words(unit.text, text, language, glossary)
    if foreign:
        shown = foreign if len(foreign) <= _MOST_SHOWN else f"{foreign[: _MOST_SHOWN - 1]}…"
        wrong = f"the translation has words in another script (“{shown}”)"
        advice = f"translate them; a name that stays belongs into glossary.yaml, under {language}"
        yield Finding(wrong, advice, warning=True)
    elif comparable:
        yield from word_findings(unit.text, text, language)
    for word in letters.mixed_words(seen.words_of(text)):
        wrong = f"the translation has letters of two scripts in one word (“{word}”)"
        yield Finding(wrong, "type the word anew", warning=True)


def _foreign_words(english: str, text: str, language: str, glossary: Sequence[Term]) -> str:
    words = without_terms(glossary, seen.words_of(text), language)
    words = seen.without_variables(words)
    return letters.foreign_words(words, seen.words_of(english), language)


def _compared(unit: Unit, text: str, language: str, glossary: Sequence[Term]) -> Iterator[Finding]:
    yield from lost_plurals(unit.text, text, language)
    words = seen.words_of(text)
    for term in missing(tuple(glossary), seen.words_of(unit.text), words, language):
        wrong = f"the translation has other words for “{term.english}” than the glossary"
        choice = " or ".join(f"“{each}”" for each in term.translations[language])
        yield Finding(wrong, f"write {choice}", warning=True)
