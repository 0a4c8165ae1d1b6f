"""Bringing translations from one plan into another: units are the same if their English is.

Keys and names of variables may differ: what counts is what a text says with them spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from wikiplan.catalogs import translationcheck
from wikiplan.catalogs.catalog import Catalog, State
from wikiplan.plan.units import Link, Unit, Value, variables_in

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
    for error in translationcheck.errors(unit, text, outdated=outdated):
        return f"{unit.key}: {error.message}; {error.advice}"
    return ""


def _identity(unit: Unit) -> tuple[str, str]:
    """Return what makes units of two plans the same. A label is one by its key and its text."""
    if unit.key.startswith(LABELS):
        return unit.key, unit.text
    values = {name: _value(unit.variables[name]) for name in variables_in(unit.text)}
    return "", _NAME.sub(lambda found: repr(values.get(found[1], found[0])), unit.text)


def _value(value: Value) -> Value | str:
    return value.target if isinstance(value, Link) else value


def _is_sure(key: str, found: list[Unit]) -> bool:
    return len(found) == 1 or any(each.key == key for each in found)


def _same_key(key: str, found: list[Unit]) -> Unit:
    return next((each for each in found if each.key == key), found[0])
