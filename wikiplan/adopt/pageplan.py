"""Which file of a new plan takes what of each section, and under which key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any

from wikiplan.adopt import ownkinds, readers
from wikiplan.adopt.alignedblocks import AlignedSection
from wikiplan.adopt.drafts import BESIDE, IDS, PLACE, TRANSLATIONS, Drafting, SectionKey
from wikiplan.adopt.links import free
from wikiplan.adopt.readers import DEPARTMENT, READERS
from wikiplan.adopt.values import PlanData, SectionReading, UnitTranslation
from wikiplan.plan import blocks_in, kinds, prefix, values, variables_in
from wikiplan.value import Value

_HEADINGS = {"mission-heading": "What we do", "teams-heading": "Our teams"}

NOTES = {
    "untranslated": "Parts of this text are not translated yet.",
    "outdated": "This translation is older than the text.",
}
"""What the source language says where only other languages' pages have the words."""

_DEPARTMENT = ("name", "lead", "overview", "mission-heading", "mission", "teams-heading", "teams")


_BESIDE = (TRANSLATIONS, IDS, BESIDE, PLACE)
"""Keys of what is told of a text besides the file."""


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


class Placed(Value):
    """A section of ``pages.yaml``."""

    place: SectionKey
    template: str
    stem: str


class PlanBuilder:
    """Takes sections one by one; ``documents`` are the plan's files but the department's."""

    def __init__(self, drafting: Drafting, templates: Path | None = None) -> None:
        self.drafting = drafting
        self.templates = templates
        self.department: PlanData = {}
        self.documents: dict[str, PlanData] = {}
        self.placed: list[Placed] = []
        self.listed: list[str] = []
        """Keys of the teams that the department's own list has."""

    def take(self, section: AlignedSection, tier: Tier, as_it_is: dict[str, str]) -> bool:
        """Take a section; ``as_it_is`` is its wikitext by language.

        Returns whether how its languages were aligned matters to nobody.
        """
        for language, (label, text) in section.notes.items():
            self.drafting.say(label, {section.source: NOTES[label], language: text})
        known = tier is Tier.KIND and not any(block.above for block in section.blocks)
        kind = (section.kind or kind_named(section.name) or section.looks_like) if known else ""
        reading = READERS[kind](section, self.drafting) if kind in READERS else None
        if kind not in READERS and self.templates and (own := self._own_kind(section)):
            kind = own
            if tier is Tier.KIND:
                reading = ownkinds.read(section, self.drafting, own, self.templates)
            else:
                ownkinds.tell(section, self.drafting, own, ownkinds.RENDERED)
        if reading and self._add(reading, section.place):
            self.placed.append(Placed(section.place, kind, reading.stem))
            return reading.whole
        stem = free(f"text/{section.name}", self.documents)
        whole = tier is Tier.AS_IT_IS or not section.blocks
        self.documents[stem] = (
            readers.as_it_is(as_it_is) if whole else readers.free_text(section, self.drafting)
        )
        self.placed.append(Placed(section.place, "text", stem))
        return False

    def _own_kind(self, section: AlignedSection) -> str:
        """Return the plan's own template after which a section is named, empty without one."""
        if self.templates is None:
            return ""
        names = ownkinds.own_kinds(self.templates)
        return section.kind if section.kind in names else kind_named(section.name, names)

    def _add(self, reading: SectionReading, place: SectionKey) -> bool:
        """Add what a section says; false where it cannot be, next to what others say."""
        data, stem = reading.data, reading.stem
        if data is None:
            return stem in self.documents
        of_department = stem == DEPARTMENT
        known = self.documents.get(stem)
        pages = {each.place[0] for each in self.placed if each.stem == stem}
        if known is not None and place[0] not in pages and _says_the_same(known, data):
            return True
        taken = self.department.keys() & data.keys() if of_department else known is not None
        if taken or (reading.teams and not self._merge(reading.teams)):
            return False
        if reading.all_teams:
            self.listed = [team["key"] for team in reading.teams]
        if of_department:
            self.department |= data
        else:
            self.documents[stem] = data
        return True

    def _merge(self, teams: list[PlanData]) -> bool:
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

    def _teams(self) -> list[PlanData]:
        """Return the teams as their own list has them, and behind them those that dissolved."""
        teams = {team["key"]: team for team in self.department.get("teams", ())}
        if not self.listed:
            return list(teams.values())
        former = [key for key in teams if key not in self.listed]
        gone = [{"key": key, "dissolved": True, **teams[key]} for key in former]
        return [*(teams[key] for key in self.listed), *gone]

    def whole_department(
        self, title: str, titles: Mapping[str, UnitTranslation] | None = None
    ) -> tuple[PlanData, list[str]]:
        """Return the department's file, and the keys for which no section had anything.

        ``titles`` are those of the page in other languages.
        """
        overview = self.department.get("overview")
        data: PlanData = {"name": readers.name_of(title, overview, titles or {})}
        data |= self.department
        data |= {"teams": self._teams()}
        data |= {key: {"text": text} for key, text in _HEADINGS.items() if key not in data}
        texts = [key for key in ("overview", "mission") if key not in data]
        missing = [*texts, *([] if data.get("teams") else ["teams"])]
        data |= {key: {"text": values.NOT_WRITTEN} for key in texts}
        if not data.get("teams"):
            data["teams"] = [{"key": "team", "text": values.NOT_WRITTEN}]
        return {key: data[key] for key in _DEPARTMENT if key in data}, missing


def kind_named(section: str, among: Iterable[str] = READERS) -> str:
    """Return the section kind after which a section is named, empty if it is none of these."""
    named = (kind for kind in among if section == kind or section.startswith(f"{kind}-"))
    return next(named, "")


def borrows(section: str) -> bool:
    """Tell whether a section is named after a kind that shows the files of others."""
    return bool(kind_named(section, (k for k, kind in kinds.SECTION_KINDS.items() if kind.borrows)))


class UnitTexts(Value):
    """What is told of a file's units besides the file, by unit key; ``places`` are the sections."""

    translations: dict[str, dict[str, tuple[str, str | None]]]
    ids: dict[str, dict[SectionKey, str]]
    beside: dict[str, dict[str, list[str]]]
    places: dict[str, SectionKey]


def taken_apart(stem: str, data: PlanData) -> UnitTexts:
    """Take translations and ids out of a file's data."""
    texts = UnitTexts({}, {}, {}, {})
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
        for key, each in value.items():
            yield from names_in(each) if key != "key" else ()
    elif isinstance(value, list | tuple):
        for each in value:
            yield from names_in(each)


def _says_the_same(known: Any, again: Any) -> bool:
    """Tell whether several pages show the same file; what ids it has there is then noted."""
    if not isinstance(known, dict) or not isinstance(again, dict):
        same_kind = isinstance(known, list) and isinstance(again, list)
        if not same_kind or len(known) != len(again):
            return bool(known == again)
        return all(_says_the_same(*pair) for pair in zip(known, again, strict=True))
    keys = [key for key in known if key not in _BESIDE]
    if keys != [key for key in again if key not in _BESIDE]:
        return False
    if not all(_says_the_same(known[key], again[key]) for key in keys):
        return False
    if IDS in known:
        known[IDS] |= again.get(IDS, {})
    return True


def _enrich(known: PlanData, team: PlanData) -> None:
    """Add to a team what another section says of it."""
    known[IDS] |= team[IDS]
    known[TRANSLATIONS] = team[TRANSLATIONS] | known[TRANSLATIONS]
    if "about" in team:
        known.setdefault("about", team["about"])
