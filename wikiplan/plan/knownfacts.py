"""Facts that texts have as variables without declaring them: who and what the plan knows of.

Every text has those of the whole plan: the department and what is above it, its lead, people,
teams, counts, the next event. Besides them it has what stands beside it: its file's fiscal year,
its item's dates and numbers. The checks ask too, so data may be wrong: what has not the type it
needs is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC
from typing import Any

from wikiplan.events import Occurrence, occurrences
from wikiplan.l10n import fiscalyears, parse_time
from wikiplan.plan.facttypes import (
    Date,
    Fact,
    FiscalYear,
    Link,
    Name,
    NamedUnit,
    NameList,
    NextEvent,
    Number,
    Time,
)
from wikiplan.plan.kinds import EVENTS, OWN, file_kind, kind_of
from wikiplan.plan.moves import PERSON, TEAM, Moves
from wikiplan.plan.units import TextBlock
from wikiplan.value import Value

NO_EVENT = "no-next-event"
"""The label that stands for the next event's date where none is to come."""

_MARKUP = re.compile(r"[\[\]{}<>$\n]|''")
_OF_TEXTS = (
    "change", "keep-variables", "key", "label", "note", "see-also", "text", "unit", "variables",
    "zone",
)  # fmt: skip
"""Keys beside a text that are no facts."""

_WHERE = {
    "department": "“name:” to department.yaml, in plain words",
    "latest_year": "a file of priorities",
    "target": "“target:” beside the text",
    "lead": "“lead:” to department.yaml",
    "lead_title": "“title:” to the lead in department.yaml, in plain words",
    "next_event": "office-hours.yaml",
    "parent": "“parent:” to department.yaml",
    "team_list": "a “name:” to every team in department.yaml",
    "teams": "“teams:” to department.yaml",
}

Files = Mapping[str, Any]


class _Bearer(Value):
    """Someone or something with a name."""

    name: NamedUnit | Name | None
    link: Link | None = None
    title: NamedUnit | None = None

    def variables(self, name: str) -> Iterator[tuple[str, Fact]]:
        """Yield what a text may say of it, all beginning with the variable's name."""
        known = ((name, self.name), (f"{name}_link", self.link), (f"{name}_title", self.title))
        return ((each, fact) for each, fact in known if fact is not None)


def facts_of_plan(files: Files, links: Mapping[str, Link]) -> dict[str, Fact]:
    """Return the facts that every text may use, by variable.

    A team or person that was given another key is also known by the one that it had: texts and
    their translations go on to use that.
    """
    department = _mapping(files.get("department"))
    people = _people(files, links)
    teams = {team["key"]: team for team in _items(department, "teams") if _word(team, "key")}
    moves = Moves.of(_items(_mapping(files.get("pages")), "moved"))
    bearers = [
        *(
            (variable("team", name), _team(team, links))
            for key, team in teams.items()
            for name in (key, *moves.former(TEAM, key))
        ),
        *(
            (variable("person", name), person)
            for key, person in people.items()
            for name in (key, *moves.former(PERSON, key))
        ),
        ("department", _Bearer(_name(department, "department"))),
        ("parent", _parent(files, department, links)),
        ("lead", _person(_mapping(department.get("lead")), "department.lead", people, links)),
        *(
            (f"{variable('team', name)}_lead", _team_lead(key, team, people, links))
            for key, team in teams.items()
            for name in (key, *moves.former(TEAM, key))
        ),
    ]
    found: dict[str, Fact] = {}
    for name, bearer in bearers:
        for each, fact in bearer.variables(name):
            found.setdefault(each, fact)
    return found | _counts(teams, found) | _years(files) | _next_event(files)


def lacking(name: str) -> str:
    """Return what the plan needs to have a fact for a variable, nothing if that is not known."""
    if name in _WHERE:
        return f"the plan does not say it; add {_WHERE[name]}"
    of, _, rest = name.partition("_")
    if rest == "link" or (of in ("team", "person") and rest.endswith("_link")):
        return "give it a “link:” in the plan, or take the link out of the text"
    if of == "team" and rest:
        return "give the team a “name: {text: …}” in department.yaml, instead of its text"
    if of == "person" and rest:
        return "add the person to people.yaml"
    return ""


def variable(of: str, key: str) -> str:
    """Return the variable that is the name of a team or a person."""
    return f"{of}_{key.replace('-', '_')}"


def facts_beside(stem: str, file: Any, block: TextBlock) -> dict[str, Fact]:
    """Return the facts of a text's file and item, by variable."""
    item = _item_of(file, block)
    if kind_of(stem) == OWN:
        return {**_own(item), **_own(block.data)}
    found = {}
    for each in file_kind(stem).implied_in(item):
        try:
            found[each.name] = each.fact(_mapping(file), item)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            continue  # what is wrong with it, the checks of shapes tell
    return found


def names_beside(stem: str, file: Any, block: TextBlock) -> set[str]:
    """Return the variables of a text's file and item, also of facts that are wrong."""
    implied = file_kind(stem).implied_in(_item_of(file, block))
    return {*facts_beside(stem, file, block), *(each.name for each in implied)}


def _item_of(file: Any, block: TextBlock) -> Mapping[str, Any]:
    """Return the item of a list that a text is in: an event, a priority."""
    item: Any = file
    found: Any = block.data if not block.path else {}
    for step in block.path:
        item = item[step]
        found = item if isinstance(step, int) else found
    return _mapping(found)


def _own(mapping: Mapping[str, Any]) -> dict[str, Fact]:
    """Return the dates and numbers that stand beside a text of an own kind."""
    facts = (
        (key.replace("-", "_"), _fact(value, mapping))
        for key, value in mapping.items()
        if isinstance(key, str) and key not in _OF_TEXTS
    )
    return {name: fact for name, fact in facts if fact is not None}


def _fact(value: Any, beside: Mapping[str, Any]) -> Fact | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return Number(value)
    if not isinstance(value, str):
        return None
    zone = _word(beside, "zone")
    for read in (
        lambda: _two_years(value),
        lambda: _date(value),
        lambda: Time(parse_time(value, zone)),
    ):
        try:
            return read()
        except ValueError:
            continue
    return None


def _date(value: str) -> Date:
    fiscalyears.check_date(value)
    return Date(value)


def _two_years(value: str) -> FiscalYear:
    """Return a fiscal year; a text that is one calendar year may be anything."""
    year = FiscalYear.given(value)
    if year.calendar:
        raise ValueError(value)
    return year


def _people(files: Files, links: Mapping[str, Link]) -> dict[str, _Bearer]:
    entries = _mapping(files.get("people"))
    return {
        key: _Bearer(_name(entry, f"people.{key}"), links.get(_word(entry, "link")))
        for key, entry in entries.items()
        if isinstance(key, str) and isinstance(entry, dict)
    }


def _person(
    raw: Mapping[str, Any], key: str, people: Mapping[str, _Bearer], links: Mapping[str, Link]
) -> _Bearer:
    """Return a lead: one of the people, or somebody who is named only there."""
    name, link = _word(raw, "name"), _word(raw, "link")
    bearer = people.get(_word(raw, "person"), _Bearer(Name(name) if name else None))
    return _Bearer(bearer.name, links.get(link, bearer.link), _name(raw, key, "title"))


def _team(team: Mapping[str, Any], links: Mapping[str, Link]) -> _Bearer:
    return _Bearer(_name(team, f"department.{team['key']}"), links.get(_word(team, "link")))


def _team_lead(
    key: str, team: Mapping[str, Any], people: Mapping[str, _Bearer], links: Mapping[str, Link]
) -> _Bearer:
    return _person(_mapping(team.get("lead")), f"department.{key}.lead", people, links)


def _parent(files: Files, department: Mapping[str, Any], links: Mapping[str, Link]) -> _Bearer:
    name = _word(department, "parent")
    link = links.get(name)
    if link is None:
        return _Bearer(None)
    label = _name(_mapping(files.get("labels")), "labels", f"link-{name.replace('_', '-')}")
    return _Bearer(label or Name(link.title), link)


def _counts(teams: Mapping[str, Mapping[str, Any]], found: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return how many teams there are now, and their names if all have one."""
    now = [key for key, team in teams.items() if team.get("dissolved") is not True]
    if not teams:
        return {}
    named = [found.get(variable("team", key)) for key in now]
    links = [found.get(f"{variable('team', key)}_link") for key in now]
    listed = tuple(
        NamedUnit(name.unit, name.text, link if isinstance(link, Link) else None)
        for name, link in zip(named, links, strict=True)
        if isinstance(name, NamedUnit)
    )
    count: dict[str, Fact] = {"teams": Number(len(now))}
    return count | ({"team_list": NameList(listed)} if len(listed) == len(now) else {})


def _years(files: Files) -> dict[str, Fact]:
    """Return the newest fiscal year that has priorities."""
    found = []
    for stem, file in files.items():
        if kind_of(stem) == "priorities":
            with suppress(ValueError):
                found.append(FiscalYear.given(_mapping(file).get("fiscal-year")))
    return {"latest_year": max(found, key=lambda year: year.first)} if found else {}


def _next_event(files: Files) -> dict[str, Fact]:
    if EVENTS not in files:
        return {}
    spans = [
        (each.start, each.end.astimezone(UTC))
        for event in _items(_mapping(files[EVENTS]), "events")
        for each in _dates_of(event)
        if each.status != "cancelled"
    ]
    label = _name(_mapping(files.get("labels")), "labels", NO_EVENT)
    return {"next_event": NextEvent(tuple(sorted(spans)), label or Name("–"))}


def event_keys(file: Any) -> tuple[str, ...]:
    """Return the keys of the events in a file, and of the dates of each that is a series."""
    events = [event for event in _items(_mapping(file), "events") if _word(event, "key")]
    return tuple(
        dict.fromkeys(
            key
            for event in events
            for key in (event["key"], *(each.key for each in _dates_of(event)))
        )
    )


def _dates_of(event: Mapping[str, Any]) -> tuple[Occurrence, ...]:
    try:
        return occurrences(event)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return ()  # what is wrong with it, the checks of shapes tell


def _name(of: Mapping[str, Any], key: str, step: str = "name") -> NamedUnit | None:
    """Return the name that is a text of its own below a key, if it is plain words."""
    text = _word(_mapping(of.get(step)), "text").strip()
    return NamedUnit(f"{key}.{step}", text) if text and not _MARKUP.search(text) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(of: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = of.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _word(of: Mapping[str, Any], key: str) -> str:
    value = of.get(key)
    return value if isinstance(value, str) else ""
