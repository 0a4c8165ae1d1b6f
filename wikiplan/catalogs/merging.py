"""Merging what translators sent back into a catalog, text by text.

The third side is the seal: the translation as it went out. What came back is newer only if the
translator changed it and the catalog did not; if both changed it, both are kept and a person
chooses. Nothing that came back empty, and nothing that is missing, takes a text away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wikiplan.catalogs.catalog import Catalog, State, Translation
from wikiplan.catalogs.exchange import Incoming, Parcel, digest
from wikiplan.catalogs.translationcheck import findings
from wikiplan.findings import Finding
from wikiplan.plan.glossary import Term
from wikiplan.plan.units import Unit


class Outcome(StrEnum):
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


CHANGES = (Outcome.TAKEN, Outcome.CONFIRMED, Outcome.DOUBTED)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a text, and what the checks found in it."""

    text: Incoming
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


def merge(
    parcel: Parcel, catalog: Catalog, units: Mapping[str, Unit], glossary: Sequence[Term] = ()
) -> Iterator[Merged]:
    """Merge a file into a catalog that is in step with the plan; yield what became of each text."""
    for text in parcel.texts:
        unit = units.get(text.key)
        if unit is None:
            yield Merged(text, Outcome.UNKNOWN)
            continue
        before = catalog.get(unit)
        outcome, found = _checked(text, judge(text, before, unit), unit, parcel.language, glossary)
        _carry_out(outcome, text, before, catalog, unit, Path(parcel.file).name)
        yield Merged(text, outcome, found)


def _checked(
    text: Incoming, outcome: Outcome, unit: Unit, language: str, glossary: Sequence[Term]
) -> tuple[Outcome, tuple[Finding, ...]]:
    """Refuse a text in which the checks find an error."""
    if outcome not in (Outcome.TAKEN, Outcome.CONFIRMED):
        return outcome, ()
    outdated = not text.ready or text.english != unit.text
    found = findings(unit, text.text, language, glossary, outdated=outdated)
    wrong = any(not finding.warning for finding in found)
    return Outcome.REFUSED if wrong else outcome, found


def _carry_out(
    outcome: Outcome,
    text: Incoming,
    before: Translation,
    catalog: Catalog,
    unit: Unit,
    origin: str,
) -> None:
    if outcome is Outcome.CONFLICT:
        catalog.keep_beside(unit, text.text, origin)
    elif outcome is Outcome.DOUBTED:
        catalog.outdate(unit, before.english)
    elif outcome in CHANGES:
        catalog.set(unit, text.text, text.english)
        if not text.ready:
            catalog.outdate(unit, text.english)


def judge(text: Incoming, before: Translation, unit: Unit) -> Outcome:
    """Return what has to become of a text, given what the catalog has."""
    if not text.text.strip():
        return Outcome.EMPTY if before.text.strip() else Outcome.UNCHANGED
    if text.text == before.text:
        return _judge_state(text, before, unit)
    if before.state is State.UNTRANSLATED or before.suggested:
        return Outcome.TAKEN
    if text.seal and text.seal.text == digest(text.text):
        return Outcome.UNCHANGED
    if text.seal and text.seal.text == digest(before.text):
        return Outcome.TAKEN
    return Outcome.CONFLICT


def _judge_state(text: Incoming, before: Translation, unit: Unit) -> Outcome:
    """Return what a text that is the same says of its state, if that is not what went out."""
    if text.seal is None or text.ready is (text.seal.state is not State.OUTDATED):
        return Outcome.UNCHANGED
    if text.ready and text.english == unit.text and before.state is State.OUTDATED:
        return Outcome.CONFIRMED
    if not text.ready and before.state is State.TRANSLATED:
        return Outcome.DOUBTED
    return Outcome.UNCHANGED
