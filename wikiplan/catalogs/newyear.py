"""A new fiscal year: what its file has of the year that ends, and the catalogs with it.

An item that is not done goes on with all that it has. Its texts have the same English under new
keys, so that each catalog has the translations under these too, as current as they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wikiplan.catalogs import sametexts
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import State
from wikiplan.errors import Faults, Message, WikiplanError, did_you_mean
from wikiplan.files import FileChange
from wikiplan.l10n import fiscalyears
from wikiplan.plan import FILE, FiscalYear, Move, Plan, Unit, UnwritableError, kinds, prefix
from wikiplan.value import Value
from wikiplan.yaml import KeyPath, parsed, without, yamltext

FOLDER = "priorities"
"""Where the files of fiscal years stand."""


class Years(Value):
    """The fiscal year that ends, and the one that begins."""

    old: FiscalYear
    new: FiscalYear

    @property
    def move(self) -> Move:
        """What was carried, as if the old year's file had the new one's name."""
        return Move(FILE, stem_of(self.old), stem_of(self.new))

    @property
    def follow_each_other(self) -> bool:
        return self.new.first == self.old.first + 1

    def turned(self, text: str) -> str:
        """Return a text that says the new year where it says the old one, as it writes years."""
        return _written(self.old).sub(lambda found: _in_year(found, self.new), text)


def stem_of(year: FiscalYear) -> str:
    return f"{FOLDER}/{year}"


def names_year(text: str, year: FiscalYear) -> bool:
    """Tell whether a text says a fiscal year: ``2021–2022``, ``2021-22``, ``2021/22``, ``FY22``."""
    return bool(_written(year).search(text))


def without_year(name: str, year: FiscalYear) -> str:
    """Return a section's name without the year: ``priorities`` for ``priorities-2021-2022``."""
    return _written(year).sub("", name).replace("--", "-").strip("-")


def _written(year: FiscalYear) -> re.Pattern[str]:
    first, last = f"{year.first:04}", f"{year.first + 1:04}"
    if year.calendar:
        return re.compile(rf"(?<!\d){first}(?!\d)")
    years = rf"(?<!\d){first}(?P<dash>\s?[-–—‒/]\s?)(?P<century>{last[:2]})?{last[2:]}(?!\d)"
    short = rf"\b(?P<fy>(?i:FY)\s?)(?P<of>{last[:2]})?{last[2:]}(?!\d)"
    return re.compile(f"{years}|{short}")


def _in_year(found: re.Match[str], year: FiscalYear) -> str:
    first, last = f"{year.first:04}", f"{year.first + 1:04}"
    if year.calendar or "fy" not in found.groupdict():
        return str(year)
    if found["fy"]:
        return f"{found['fy']}{last if found['of'] else last[2:]}"
    return f"{first}{found['dash']}{last if found['century'] else last[2:]}"


# What is asked for.


def wanted_years(plan: Plan, given: str, since: str | None) -> Years:
    """Return the years that a command line names. Raises :class:`WikiplanError`."""
    known = known_years(plan)
    if not known:
        raise WikiplanError(
            "no-year-before",
            f"the plan has no {FOLDER}/YEAR.yaml that a year could begin with; write the first one",
        )
    new = _year(given)
    if new.calendar != known[-1].calendar:
        raise WikiplanError(
            "year-of-other-kind",
            f"{given}: the plan's years are like {known[-1]}; write it like that",
        )
    if new in known:
        raise WikiplanError(
            "year-is-there",
            f"{given}: the plan has {FOLDER}/{new}.yaml; name a year that it does not have, or "
            "take that file and what shows it out first",
        )
    if since is None:
        before = [year for year in known if year.first < new.first]
        return Years(before[-1] if before else known[0], new)
    old = _year(since)
    if old not in known:
        years = [str(year) for year in known]
        hint = did_you_mean(since, years) or f"there are {', '.join(years)}"
        raise WikiplanError(
            "no-such-year", f"-from:{since}: the plan has no {FOLDER}/{old}.yaml; {hint}"
        )
    return Years(old, new)


def known_years(plan: Plan) -> list[FiscalYear]:
    """Return the fiscal years that the plan has, the earliest first."""
    stems = [stem for stem in plan.files if stem.startswith(f"{FOLDER}/")]
    return [FiscalYear.given(stem.partition("/")[2]) for stem in sorted(stems)]


def _year(text: str) -> FiscalYear:
    try:
        return FiscalYear.given(text)
    except ValueError as error:
        message = Message.of(error)
        raise WikiplanError(message.code, message) from error


# The year's file.


@dataclass
class Carrying:
    """What goes on of a year's items, and what does not. Items are named ``team.item.nested``.

    ``teams`` are the keys of those that there are now; ``statuses`` say what each means;
    ``resumed`` are dropped items that go on.
    ``gone`` is where in the file stands what does not.
    """

    teams: Collection[str]
    statuses: Mapping[str, str]
    resumed: Collection[str] = ()
    gone: list[KeyPath] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    without_team: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, plan: Plan, year: FiscalYear, resumed: Collection[str] = ()) -> Carrying:
        """Go through the items of a year."""
        every = plan.files["department"]["teams"]
        teams = {team["key"] for team in every if not team.get("dissolved")}
        found = cls(teams, plan.statuses, resumed)
        for at, team in enumerate(plan.files[stem_of(year)]["teams"]):
            found.gone += found._team(("teams", at), team)
        return found

    def _team(self, place: KeyPath, team: Mapping[str, Any]) -> list[KeyPath]:
        key = team["key"]
        if key not in self.teams:
            apart = Carrying({key}, self.statuses)
            apart._team(place, team)
            self.without_team += [] if apart.empty else [key]
            self.empty += apart.empty
            return [place]
        gone, goes_on = self._items(place, team, key)
        self.empty += [] if goes_on else [key]
        return gone if goes_on else [place]

    def _items(
        self, place: KeyPath, entry: Mapping[str, Any], name: str
    ) -> tuple[list[KeyPath], bool]:
        """Return what goes of the items inside of an entry, and whether any goes on."""
        items = entry.get("items", ())
        inner = [
            self._item((*place, "items", at), each, f"{name}.{each['key']}")
            for at, each in enumerate(items)
        ]
        goes_on = any(each is not None for each in inner)
        if items and not goes_on:
            return [(*place, "items")], False
        gone = [
            where
            for at, each in enumerate(inner)
            for where in ([(*place, "items", at)] if each is None else each)
        ]
        return gone, goes_on

    def _item(self, place: KeyPath, item: Mapping[str, Any], name: str) -> list[KeyPath] | None:
        """Return what goes inside of an item, None where it goes itself."""
        status = self.statuses.get(item.get("status", ""), kinds.OPEN)
        if status == kinds.DROPPED and name not in self.resumed:
            self.dropped.append(name)
            return None
        told = len(self.done)
        gone, goes_on = self._items(place, item, name)
        if status == kinds.DONE and not goes_on:
            self.done[told:] = [name]
            return None
        return [*gone, (*place, "status")] if status == kinds.DROPPED else gone


def year_file(data: bytes, file: str, years: Years, carrying: Carrying) -> bytes:
    """Return the new year's file.

    Raises :class:`UnwritableError` where the old one's lines do not allow it.

    Fiscal years that heading and intro name as facts are as far from the year as they were.
    """
    document, faults = parsed(data.decode(), file, [])
    if document is None:
        raise Faults(faults)
    if all(("teams", at) in carrying.gone for at, _ in enumerate(document.data["teams"])):
        new = stem_of(years.new)
        raise WikiplanError(
            "nothing-open", f"nothing of {years.old} is open; write {new}.yaml yourself"
        )
    values: dict[KeyPath, str] = {("fiscal-year",): str(years.new)}
    for text in ("heading", "intro"):
        variables = document.data.get(text, {}).get("variables", {})
        for name, raw in variables.items():
            if isinstance(raw, dict) and "fiscal-year" in raw:
                named, by = FiscalYear.given(raw["fiscal-year"]), years.new.first - years.old.first
                values[text, "variables", name, "fiscal-year"] = str(named.later(by))
    try:
        return without(yamltext.with_names(data, values), carrying.gone)
    except ValueError as error:
        raise UnwritableError(f"{file}: {error}") from error


# The catalogs.


def carried(before: Plan, after: Plan, years: Years) -> dict[str, Unit]:
    """Return the units of the new year by the keys of those that they go on from."""
    start = f"{prefix(stem_of(years.new))}."
    found = {
        years.move.back.renamed("unit", key): unit
        for key, unit in after.units.items()
        if key.startswith(start)
    }
    return {key: unit for key, unit in found.items() if key in before.units}


def catalog_changes(locale: Path, plan: Plan, units: Mapping[str, Unit]) -> Iterator[FileChange]:
    """Yield the catalogs with what the plan has now; ``units`` as of :func:`carried`."""
    for path in sorted(locale.glob("*.po")):
        found = Catalog.load(path)
        found.update(plan.units.values())
        sources = {unit.key: old for old, unit in units.items()}
        sametexts.take_over(found, units.values(), (), sources)
        if change := found.prepared():
            yield change


def _lacks(found: Catalog, unit: Unit) -> bool:
    return found.get(unit).state is not State.TRANSLATED


# What a person should look at.


def findings(plan: Plan, years: Years, units: Mapping[str, Unit]) -> Iterator[str]:
    """Yield what the new year's plan says that may not be true any more."""
    named = plan.files["pages"].get("fiscal-year", {}).get("starts")
    starts = fiscalyears.MONTHS.index(named) + 1 if named else fiscalyears.JULY
    for name, item in _items(plan.files[stem_of(years.new)]["teams"], ""):
        target = item.get("target", "")
        if target and not fiscalyears.is_in(target, years.new.years, starts):
            yield f"{name}: the target {target} is not in {years.new}; set another, or take it out"
        for variable, raw in item.get("variables", {}).items():
            if isinstance(raw, dict) and str(raw.get("fiscal-year")) == str(years.old):
                yield f"{name}: ${variable} is {years.old}; see whether it should be {years.new}"
    carried_keys = {unit.key for unit in units.values()}
    of_years = tuple(f"{prefix(stem_of(year))}." for year in known_years(plan))
    for key, unit in plan.units.items():
        shown = key in carried_keys or not key.startswith(of_years)
        if shown and names_year(unit.text, years.old):
            yield f"{key}: the text says {years.old} in words; write $year, or the new year"


def _items(
    entries: Sequence[Mapping[str, Any]], start: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield all items of teams, or of items, with their names."""
    for entry in entries:
        name = f"{start}{entry['key']}"
        yield name, entry
        yield from _items(entry.get("items", ()), f"{name}.")


def asked_anew(locale: Path, plan: Plan, units: Mapping[str, Unit]) -> dict[str, int]:
    """Return by language how many carried texts were not current before, and so are not now."""
    counts = {}
    for path in sorted(locale.glob("*.po")):
        found = Catalog.load(path)
        counts[path.stem] = sum(_lacks(found, unit) for unit in units.values())
    return {code: count for code, count in counts.items() if count and code in plan.languages}
