"""Notes: what translators are told about a unit beside its text."""

from __future__ import annotations

from wikiplan.plan.units import (
    Date,
    FiscalYear,
    Link,
    Name,
    Number,
    Time,
    Unit,
    Value,
    variables_in,
)


def notes_on(unit: Unit) -> tuple[str, ...]:
    """Return the unit's own note and a line for each variable in it, each without line breaks."""
    used = (name for name in variables_in(unit.text) if name in unit.variables)
    meanings = (f"${name}: {_meaning(unit.variables[name])}" for name in used)
    notes = (" ".join(note.split()) for note in (*unit.note.splitlines(), *meanings))
    return tuple(note for note in notes if note)


def _meaning(value: Value) -> str:
    match value:
        case Link(page=page, url=url):
            return f"link to {page or url}"
        case Date(value=date):
            return f"date {date}"
        case Time(instant=instant):
            return f"time {instant.isoformat(timespec='minutes')}"
        case Number(value=number):
            return f"number {number}"
        case FiscalYear(first=first):
            return f"fiscal year {first}-{first + 1}"
        case Name(text=text):
            return f"“{text}”"
