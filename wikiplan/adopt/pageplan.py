"""The plan that comes out of sections: which file takes what, and under which key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from wikiplan.adopt import eventreader, readers
from wikiplan.adopt.alignedblocks import Rows
from wikiplan.adopt.drafts import BESIDE, IDS, PLACE, TRANSLATIONS, Drafting, Place
from wikiplan.plan import blocks_in, prefix, variables_in

Data = dict[str, Any]

MISSING = "Not written yet."
"""Stands where the plan needs a text that no section had."""

_HEADINGS = {"mission-heading": "What we do", "teams-heading": "Our teams"}

NOTES = {
    "untranslated": "Parts of this text are not translated yet.",
    "outdated": "This translation is older than the text.",
}
"""What the source language says where only other languages' pages have the words."""

LAST = "navigation"
"""The section kind that leads to the files of others."""

_DEPARTMENT = ("name", "lead", "overview", "mission-heading", "mission", "teams-heading", "teams")


class Tier(IntEnum):
    """How much of a section's structure the plan knows: less, until it renders the same."""

    KIND = 0
    """A section kind with its own data."""
    TEXT = 1
    """Free text: every block is a unit."""
    AS_IT_IS = 2
    """One piece of wikitext that nobody translates."""
    LEFT = 3
    """Not in the plan: it stays people's."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A section of ``pages.yaml``."""

    place: Place
    template: str
    stem: str


class AdoptedPlan:
    """Takes sections one by one; ``documents`` are the plan's files but the department's."""

    def __init__(self, drafting: Drafting, now: datetime) -> None:
        self.drafting = drafting
        self.now = now
        self.department: Data = {}
        self.documents: dict[str, Data] = {}
        self.placed: list[Placed] = []
        self.listed: list[str] = []
        """Keys of the teams that the department's own list has."""

    def take(self, rows: Rows, tier: Tier, as_it_is: dict[str, str]) -> None:
        """Take a section; ``as_it_is`` is its wikitext by language."""
        for language, (label, text) in rows.notes.items():
            self.drafting.say(label, {rows.source: NOTES[label], language: text})
        kind = self._kind(rows) if tier is Tier.KIND else ""
        stem = _READERS[kind](self, rows) if kind else ""
        if stem:
            self.placed.append(Placed(rows.place, kind, stem))
            return
        stem = self._free_stem(rows)
        whole = tier is Tier.AS_IT_IS or not rows.rows
        self.documents[stem] = (
            readers.as_it_is(as_it_is) if whole else readers.free_text(rows, self.drafting)
        )
        self.placed.append(Placed(rows.place, "text", stem))

    def _kind(self, rows: Rows) -> str:
        """Return the section kind that was asked for, or that the name or the shape suggests."""
        if rows.kind:
            return rows.kind if rows.kind in _READERS else ""
        named = (kind for kind in _READERS if rows.name == kind or rows.name.startswith(f"{kind}-"))
        return next(named, "priorities")

    def overview(self, rows: Rows) -> str:
        return self._into_department(readers.overview(rows, self.drafting))

    def mission(self, rows: Rows) -> str:
        return self._into_department(readers.mission(rows, self.drafting))

    def teams(self, rows: Rows) -> str:
        data = readers.teams(rows, self.drafting)
        if data is None or "teams-heading" in self.department or not self._merge(data["teams"]):
            return ""
        self.listed = [team["key"] for team in data.pop("teams")]
        return self._into_department(data)

    def priorities(self, rows: Rows) -> str:
        found = readers.priorities(rows, self.drafting)
        stem = f"priorities/{found.data['fiscal-year']}" if found else ""
        if not found or stem in self.documents or not self._merge(found.teams):
            return ""
        self.documents[stem] = found.data
        return stem

    def office_hours(self, rows: Rows) -> str:
        data = eventreader.office_hours(rows, self.drafting, self.now)
        if data is None or "office-hours" in self.documents:
            return ""
        self.documents["office-hours"] = data
        return "office-hours"

    def navigation(self, rows: Rows) -> str:
        """Lead to a file that another section gave; those are taken first."""
        stem = readers.navigation(rows, self.drafting)
        return stem if stem in self.documents else ""

    def _into_department(self, data: Data | None) -> str:
        if data is None or self.department.keys() & data.keys():
            return ""
        self.department |= data
        return "department"

    def _merge(self, teams: list[Data]) -> bool:
        """Add teams to the department's; false if one has the key of another."""
        known = {team["key"]: team for team in self.department.get("teams", ())}
        for team in teams:
            if known.get(team["key"], team)["text"] != team["text"]:
                return False
        if len({team["key"] for team in teams}) < len(teams):
            return False
        every = self.department.setdefault("teams", [])
        for team in teams:
            if team["key"] in known:
                _enrich(known[team["key"]], team)
            else:
                every.append(team)
        return True

    def _teams(self) -> list[Data]:
        """Return the teams as their own list has them, and behind them those that dissolved."""
        teams = {team["key"]: team for team in self.department.get("teams", ())}
        if not self.listed:
            return list(teams.values())
        former = [key for key in teams if key not in self.listed]
        gone = [{"key": key, "dissolved": True, **teams[key]} for key in former]
        return [*(teams[key] for key in self.listed), *gone]

    def _free_stem(self, rows: Rows) -> str:
        stems = (f"text/{rows.name}{suffix}" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
        return next(stem for stem in stems if stem not in self.documents)

    def whole_department(self, title: str) -> tuple[Data, list[str]]:
        """Return the department's file, and the keys for which no section had anything."""
        data: Data = {"name": readers.name_of(title, self.department.get("overview"))}
        data |= self.department
        data |= {"teams": self._teams()}
        data |= {key: {"text": text} for key, text in _HEADINGS.items() if key not in data}
        texts = [key for key in ("overview", "mission") if key not in data]
        missing = [*texts, *([] if data.get("teams") else ["teams"])]
        data |= {key: {"text": MISSING} for key in texts}
        if not data.get("teams"):
            data["teams"] = [{"key": "team", "text": MISSING}]
        return {key: data[key] for key in _DEPARTMENT if key in data}, missing


_READERS: Mapping[str, Callable[[AdoptedPlan, Rows], str]] = {
    "overview": AdoptedPlan.overview,
    "mission": AdoptedPlan.mission,
    "teams": AdoptedPlan.teams,
    "priorities": AdoptedPlan.priorities,
    "office-hours": AdoptedPlan.office_hours,
    LAST: AdoptedPlan.navigation,
}
"""By section kind: what takes a section and returns its file, empty where it does not fit."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What is told of a file's units besides the file, by unit key; ``places`` are the sections."""

    translations: dict[str, dict[str, tuple[str, str | None]]]
    ids: dict[str, dict[Place, str]]
    beside: dict[str, dict[str, list[str]]]
    places: dict[str, Place]


def taken_apart(stem: str, data: Data) -> Texts:
    """Take translations and ids out of a file's data."""
    texts = Texts({}, {}, {}, {})
    for block in blocks_in(data):
        key = ".".join((prefix(stem), *(block.segments or ())))
        texts.translations[key] = block.data.pop(TRANSLATIONS, {})
        texts.beside[key] = block.data.pop(BESIDE, {})
        texts.places[key] = block.data.pop(PLACE, ("", ""))
        texts.ids[key] = block.data.pop(IDS, {})
    return texts


def names_in(value: Any) -> Iterator[str]:
    """Yield all that may be the name of a link in a plan's data."""
    if isinstance(value, str):
        yield value
        yield from variables_in(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from names_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from names_in(each)


def _enrich(known: Data, team: Data) -> None:
    """Add to a team what another section says of it."""
    known[IDS] |= team[IDS]
    known[TRANSLATIONS] = team[TRANSLATIONS] | known[TRANSLATIONS]
    if "about" in team:
        known.setdefault("about", team["about"])
