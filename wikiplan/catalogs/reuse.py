"""Merging what translators sent back into a catalog, text by text.

The third side is the seal: the translation as it went out. What came back is newer only if the
translator changed it and the catalog did not; if both changed it, both are kept and a person
chooses. Nothing that came back empty, and nothing that is missing, takes a text away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from translate.search import match
from translate.storage import base

from wikiplan.catalogs import checks
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.checks import findings
from wikiplan.catalogs.exchange import Incoming, Parcel, digest
from wikiplan.catalogs.translation import State, Translation
from wikiplan.errors import Finding
from wikiplan.plan import Fact, Link, Term, Unit, variables_in
from wikiplan.value import Value, replace


class ImportOutcome(StrEnum):
    """What became of a text that came back."""

    TAKEN = "taken"
    CONFIRMED = "confirmed"
    """The same text, and its translator says that it fits the English."""
    DOUBTED = "marked as outdated"
    """The same text, and its translator says that it does not."""
    CONFLICT = "in conflict"
    REFUSED = "refused"
    """It would break a page."""
    UNCHANGED = "unchanged"
    EMPTY = "left empty"
    UNKNOWN = "not in the plan"


CHANGES = (ImportOutcome.TAKEN, ImportOutcome.CONFIRMED, ImportOutcome.DOUBTED)


class ImportedText(Value):
    """What became of a text, and what the checks found in it."""

    text: Incoming
    outcome: ImportOutcome
    findings: tuple[Finding, ...] = ()


def merge(
    parcel: Parcel, catalog: Catalog, units: Mapping[str, Unit], glossary: Sequence[Term] = ()
) -> Iterator[ImportedText]:
    """Merge a file into a catalog that is in step with the plan; yield what became of each text."""
    for text in parcel.texts:
        unit = units.get(text.key)
        if unit is None:
            yield ImportedText(text, ImportOutcome.UNKNOWN)
            continue
        before = catalog.get(unit)
        if text.text != before.text:  # as the wiki would store it
            text = replace(text, text=unicodedata.normalize("NFC", text.text))
        outcome, found = _checked(text, judge(text, before, unit), unit, parcel.language, glossary)
        _carry_out(outcome, text, before, catalog, unit, Path(parcel.file).name)
        yield ImportedText(text, outcome, found)


def _checked(
    text: Incoming, outcome: ImportOutcome, unit: Unit, language: str, glossary: Sequence[Term]
) -> tuple[ImportOutcome, tuple[Finding, ...]]:
    """Refuse a text in which the checks find an error."""
    if outcome not in (ImportOutcome.TAKEN, ImportOutcome.CONFIRMED):
        return outcome, ()
    outdated = not text.ready or text.english != unit.text
    found = findings(unit, text.text, language, glossary, outdated=outdated)
    wrong = any(not finding.warning for finding in found)
    return ImportOutcome.REFUSED if wrong else outcome, found


def _carry_out(
    outcome: ImportOutcome,
    text: Incoming,
    before: Translation,
    catalog: Catalog,
    unit: Unit,
    origin: str,
) -> None:
    if outcome is ImportOutcome.CONFLICT:
        catalog.keep_beside(unit, text.text, origin)
    elif outcome is ImportOutcome.DOUBTED:
        catalog.outdate(unit, before.english)
    elif outcome in CHANGES:
        catalog.set(unit, text.text, text.english)
        if not text.ready:
            catalog.outdate(unit, text.english)


def judge(text: Incoming, before: Translation, unit: Unit) -> ImportOutcome:
    """Return what has to become of a text, given what the catalog has."""
    if text.text == before.text and text.text.strip():
        return _judge_state(text, before, unit)
    if text.is_untranslated:
        return ImportOutcome.EMPTY if before.text.strip() else ImportOutcome.UNCHANGED
    if before.state is State.UNTRANSLATED or before.suggested:
        return ImportOutcome.TAKEN
    if text.seal and text.seal.text == digest(text.text):
        return ImportOutcome.UNCHANGED
    if text.seal and text.seal.text == digest(before.text):
        return ImportOutcome.TAKEN
    return ImportOutcome.CONFLICT


def _judge_state(text: Incoming, before: Translation, unit: Unit) -> ImportOutcome:
    """Return what a text that is the same says of its state, if that is not what went out.

    Without a seal a mark that is gone was taken away: the text fits the English beside it. One
    that is there may be older than what the catalog says.
    """
    if text.seal and text.ready is (text.seal.state is not State.OUTDATED):
        return ImportOutcome.UNCHANGED
    fits = text.ready and text.says_state and text.english == unit.text
    if fits and before.state is State.OUTDATED:
        return ImportOutcome.CONFIRMED
    if not text.ready and text.seal and before.state is State.TRANSLATED:
        return ImportOutcome.DOUBTED
    return ImportOutcome.UNCHANGED


# Suggestions: for a new unit, the translation of one whose English is similar.
#
# It is what pot2po does. With ``catalog`` a door to translate-toolkit, whose matcher needs
# RapidFuzz to be quick.


LEAST_SIMILARITY_PERCENT = 75
"""pot2po's own."""
MOST_CHARACTERS = 1000


def suggest(catalog: Catalog, units: Iterable[Unit]) -> int:
    """Give units without a text the most similar one of the catalog; return how many got one.

    A word that came with wikiplan is like itself, and no suggestion.
    """
    units = [unit for unit in units if catalog.get(unit).state is State.UNTRANSLATED]
    current = (entry for entry in catalog.texts().values() if not entry.fuzzy)
    matcher = _matcher((entry.english, entry.text) for entry in current)
    found = [(unit, matcher.matches(unit.text)) for unit in units]
    matched = [(unit, matches[0]) for unit, matches in found if matches]
    for unit, best in matched:
        catalog.suggest(unit, str(best.target), str(best.source))
    return len(matched)


def _matcher(memory: Iterable[tuple[str, str]]) -> Any:
    store: Any = base.TranslationStore()
    for english, text in memory:
        unit = base.TranslationUnit(english)
        unit.target = text
        store.addunit(unit)
    matcher = match.matcher(
        store,
        max_candidates=1,
        min_similarity=LEAST_SIMILARITY_PERCENT,
        max_length=MOST_CHARACTERS,
    )
    matcher.addpercentage = False
    return matcher


# Bringing translations from one plan into another: units are the same if their English is.
#
# Keys and names of variables may differ: what counts is what a text says with them spelled out.


NOT_THERE = "the plan has no text with this English"
OTHER = "the catalog has another translation; people's edits are taken with -drift:import"
LABELS = "labels."

_NAME = re.compile(r"\$(\$|[a-z][a-z0-9_]*)")


@dataclass(slots=True)
class Transferred:
    """Keys of the units that got a translation, and texts that none got, with the reasons."""

    taken: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def counterparts(units: Iterable[Unit], among: Mapping[str, Unit]) -> dict[str, Unit]:
    """Return for the keys of units the unit with the same English; none where several have it."""
    found: dict[tuple[str, str], list[Unit]] = {}
    for each in among.values():
        found.setdefault(_identity(each), []).append(each)
    pairs = {unit.key: found.get(_identity(unit), []) for unit in units}
    return {key: _same_key(key, each) for key, each in pairs.items() if _is_sure(key, each)}


def transfer(
    units: Mapping[str, Unit], catalog: Catalog, among: Mapping[str, Unit], into: Catalog
) -> Transferred:
    """Give the units of a plan, ``among``, the translations that another one's catalog has."""
    done = Transferred()
    known = counterparts(units.values(), among)
    for unit in units.values():
        found = catalog.get(unit)
        if found.state is State.UNTRANSLATED:
            continue
        if unit.key not in known:
            if not unit.key.startswith(LABELS):
                done.left.append((found.text, NOT_THERE))
            continue
        target = known[unit.key]
        text = renamed(found.text, unit, target)
        outdated = found.state is State.OUTDATED
        if reason := _why_not(target, text, into, outdated=outdated):
            done.left.append((text, reason))
        elif not into.get(target).text or into.get(target).suggested:
            into.set(target, text)
            if outdated:
                into.outdate(target, found.previous_english or target.text)
            done.taken.append(target.key)
    return done


def renamed(text: str, unit: Unit, target: Unit) -> str:
    """Return a translation with the names that the variables have in the other plan."""
    names = {_value(value): name for name, value in target.variables.items()}

    def name_of(found: re.Match[str]) -> str:
        value = unit.variables.get(found[1])
        return found[0] if value is None else f"${names.get(_value(value), found[1])}"

    return _NAME.sub(name_of, text)


def _why_not(unit: Unit, text: str, into: Catalog, *, outdated: bool) -> str:
    """Return why a unit cannot have a translation, empty if it can or has it."""
    there = into.get(unit)
    if there.text and not there.suggested:
        same = there.text == text or unit.key.startswith(LABELS)
        return "" if same or there.state is State.OUTDATED else OTHER
    for error in checks.errors(unit, text, outdated=outdated):
        return f"{unit.key}: {error.message}"
    return ""


def _identity(unit: Unit) -> tuple[str, str]:
    """Return what makes units of two plans the same. A label is one by its key and its text."""
    if unit.key.startswith(LABELS):
        return unit.key, unit.text
    values = {name: _value(unit.variables[name]) for name in variables_in(unit.text)}
    return "", _NAME.sub(lambda found: repr(values.get(found[1], found[0])), unit.text)


def _value(value: Fact) -> Fact | str:
    return value.target if isinstance(value, Link) else value


def _is_sure(key: str, found: list[Unit]) -> bool:
    return len(found) == 1 or any(each.key == key for each in found)


def _same_key(key: str, found: list[Unit]) -> Unit:
    return next((each for each in found if each.key == key), found[0])
