"""A plan that grows by sections of another one: their files, links and labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wikiplan.adopt import usuallabels
from wikiplan.adopt.adopted import Doubt
from wikiplan.adopt.adoptedplan import LAST, names_in
from wikiplan.catalogs import transfer
from wikiplan.plan import pagesedit, plan, yamltext
from wikiplan.plan.plan import PageSpec, Plan, SectionSpec

UNIT = "unit"
"""What the plan itself adds to each text block."""


class Growth:
    """Puts what ``fresh`` has more than ``known`` into ``folder``, a copy of the known plan.

    ``kinds`` are the new sections with their templates, ``doubts`` those that cannot be added.
    """

    def __init__(self, known: Plan, fresh: Plan, folder: Path) -> None:
        self.known = known
        self.fresh = fresh
        self.folder = folder
        self.kinds: dict[tuple[str, str], str] = {}
        self.doubts: list[Doubt] = []
        self._stems: dict[str, str] = {}
        self._teams = self._known_teams()

    def grow(self) -> None:
        for page in self.fresh.pages:
            spec = next(each for each in self.known.pages if each.title == page.title)
            there = {section.name for section in spec.sections}
            new = [s for s in page.sections if s.name not in there and self._fits(page, s)]
            if new:
                self._add(page, new)

    def _known_teams(self) -> dict[str, str]:
        """Return the plan's keys of the teams, by those of the other plan."""
        same = transfer.counterparts(self.fresh.units.values(), self.known.units)
        keys = {f"department.{team['key']}" for team in self._teams_of(self.known)}
        return {
            team["key"]: found.key.removeprefix("department.")
            for team in self._teams_of(self.fresh)
            if (found := same.get(f"department.{team['key']}")) and found.key in keys
        }

    @staticmethod
    def _teams_of(of: Plan) -> list[dict[str, Any]]:
        return list(of.files["department"]["teams"])

    def _fits(self, page: PageSpec, section: SectionSpec) -> bool:
        if section.template == "priorities" and section.data in self.known.files:
            reason = f"{section.data}.yaml is there already; two sections cannot have one year"
            self.doubts.append(Doubt(page.title, section.name, "", reason))
            return False
        data = self.fresh.files[section.data]
        teams = data.get("teams", []) if section.template == "priorities" else []
        lacking = [team["key"] for team in teams if team["key"] not in self._teams]
        if lacking:
            names = {team["key"]: team["text"] for team in self._teams_of(self.fresh)}
            shown = ", ".join(names[key] for key in lacking)
            reason = f"department.yaml has no team {shown}; add it, then import again"
            self.doubts.append(Doubt(page.title, section.name, "", reason))
        return not lacking

    def _add(self, page: PageSpec, sections: list[SectionSpec]) -> None:
        for section in sections:
            self._stem(section)
            self.kinds[page.title, section.name] = section.template
        entries = [
            {"name": each.name, "template": each.template, "data": self._stems[each.data]}
            for each in sections
        ]
        file = self.folder / pagesedit.NAME
        text = pagesedit.with_sections(file.read_text("utf-8"), page.title, entries)
        file.write_text(text, "utf-8")
        if ids := self._ids(page, sections):
            file.write_text(pagesedit.with_ids(text, page.title, ids), "utf-8")

    def _stem(self, section: SectionSpec) -> None:
        """Write a section's file under a name that is free, with the links and labels it needs."""
        if section.data in self._stems:
            return
        if section.template == LAST and section.data in self.known.files:
            self._stems[section.data] = section.data
            return
        names = (f"{section.data}{suffix}" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
        stem = next(name for name in names if name not in self.known.files)
        self._stems[section.data] = stem
        data = self._with_known_teams(_without_units(self.fresh.files[section.data]))
        path = self.folder / f"{stem}.yaml"
        path.parent.mkdir(exist_ok=True)
        kind = stem.partition("/")[0]
        head = f"yaml-language-server: $schema={'../' * stem.count('/')}schema/{kind}.json"
        path.write_text(yamltext.dumped(data, head), "utf-8")
        used = set(names_in(data)) - set(self.known.links)
        self._append(
            "links", {name: used_ for name, used_ in self._links().items() if name in used}
        )
        self._append("labels", self._labels(section, used))

    def _links(self) -> dict[str, Any]:
        return dict(self.fresh.files.get("links", {}))

    def _labels(self, section: SectionSpec, links: set[str]) -> dict[str, Any]:
        """Return the labels that a section needs and the plan lacks."""
        needed = {*usuallabels.labels_for([section.template])}
        needed |= {f"link-{name.replace('_', '-')}" for name in links}
        known = self.known.files.get("labels", {})
        labels: Mapping[str, Any] = self.fresh.files.get("labels", {})
        return {n: _without_units(labels[n]) for n in labels if n in needed and n not in known}

    def _append(self, stem: str, entries: Mapping[str, Any]) -> None:
        """Add entries that are not there yet to the end of a file."""
        path = self.folder / f"{stem}.yaml"
        before = path.read_text("utf-8") if path.exists() else ""
        there = {found[1] for found in re.finditer(r"^([\w-]+):", before, re.MULTILINE)}
        new = {name: entry for name, entry in entries.items() if name not in there}
        if new:
            end = "" if before.endswith("\n") or not before else "\n"
            path.write_text(f"{before}{end}{yamltext.dumped(new)}", "utf-8")

    def _with_known_teams(self, data: dict[str, Any]) -> dict[str, Any]:
        if "fiscal-year" not in data:
            return data
        teams = [{**team, "key": self._teams[team["key"]]} for team in data["teams"]]
        return {**data, "teams": teams}

    def _ids(self, page: PageSpec, sections: list[SectionSpec]) -> dict[str, str]:
        """Return the ids of the new sections' units, with the keys that those have in the plan."""
        grown = plan.load(self.folder)
        same = transfer.counterparts(self.fresh.units.values(), grown.units)
        names = {section.name for section in page.sections} - {each.name for each in sections}
        found: dict[str, str] = {}
        for name, id in page.ids.items():
            section, _, key = name.rpartition(":")
            unit = same.get(key)
            if unit is None or section in names or self._stands(unit.key, page, names):
                continue
            found[f"{section}:{unit.key}" if section else unit.key] = id
        return found

    def _stands(self, key: str, page: PageSpec, names: set[str]) -> bool:
        """Tell whether a key has its id already: it is not one of the new sections' files."""
        spec = next(each for each in self.known.pages if each.title == page.title)
        return key in spec.ids or any(f"{name}:{key}" in spec.ids for name in names)


def _without_units(data: Any) -> Any:
    """Return data as a file has it."""
    if isinstance(data, Mapping):
        return {key: _without_units(value) for key, value in data.items() if key != UNIT}
    return [_without_units(each) for each in data] if isinstance(data, list) else data
