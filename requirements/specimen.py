"""Write what each language makes of facts, one file a language: python specimen.py FOLDER.

Two folders, made with two versions of the libraries, are compared by compare.py.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from wikiplan.l10n import languages
from wikiplan.l10n.dates import parse_time
from wikiplan.l10n.fiscalyears import Years
from wikiplan.l10n.localise import STYLES, Localiser

MONTHS = tuple(f"2022-{month:02}" for month in range(1, 13))
IN_WORDS = ("medium", "long")
"""The styles that name the month; in the others one date shows all."""
WEEK = tuple(f"2022-01-{day:02}" for day in range(3, 10))
ZONES = ("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata", "Asia/Tokyo")
INSTANTS = tuple(
    parse_time(f"2022-{month}-15T16:05", zone) for zone in ZONES for month in ("01", "07")
)
NUMBERS = tuple(map(Decimal, ("0", "7", "-12", "1234.5", "12345", "1234567.89")))
LISTS = tuple("abcd"[:length] for length in range(1, 5))


def facts(code: str) -> Iterator[str]:
    """Yield ``what: how the language writes it``; each line is clear without its neighbours."""
    localiser = Localiser(code)
    for style in STYLES:
        for month in MONTHS if style in IN_WORDS else MONTHS[:1]:
            yield f"{month} {style}: {localiser.date(month, style)}"
            yield f"{month}-15 {style}: {localiser.date(f'{month}-15', style)}"
        yield f"day and time {style}: {localiser.day_and_clock('DAY', 'TIME', style)}"
    for date in WEEK:
        yield f"{date} full: {localiser.date(date, 'full')}"
    for instant in INSTANTS:
        yield f"{instant:%H:%M in %m} {instant.tzinfo}: {localiser.clock_of(instant)}"
    for number in NUMBERS:
        yield f"number {number}: {localiser.number(number)}"
    for letters in LISTS:
        yield f"list of {len(letters)}: {localiser.join(letters)}"
    yield f"fiscal year 2021: {localiser.fiscal_year(Years(2021, 2022))}"


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for code in languages.known():
        (folder / f"{code}.txt").write_text("\n".join(facts(code)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
