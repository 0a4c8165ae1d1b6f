"""Adding to a plan what its pages have more: new sections, translations it lacks.

Sections that it does not know become files of their own, and texts in languages that it does not
have become translations. Nothing that the plan says is changed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wikiplan import files
from wikiplan.adopt import newplan, readers
from wikiplan.adopt.links import free
from wikiplan.adopt.pageplan import kind_named, names_in
from wikiplan.adopt.plandraft import Settings
from wikiplan.adopt.values import Built, Doubt, PageTexts
from wikiplan.catalogs import catalog, reuse
from wikiplan.errors import Fault, Faults, Message
from wikiplan.files import FileChange
from wikiplan.l10n import YEAR_FORM
from wikiplan.plan import PageSpec, Plan, SectionSpec, ids_changed, kinds, plan, yamledit
from wikiplan.render import Renderer
from wikiplan.value import Value, replace
from wikiplan.yaml import yamltext

# A plan that grows by sections of another one: their files, links and labels.


NOTHING_TO_IMPORT = "nothing-to-import"
"""Nothing of the page can be taken into the plan, for the reasons that stand there."""

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
        same = reuse.counterparts(self.fresh.units.values(), self.known.units)
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
        kind = kinds.SECTION_KINDS.get(section.template)
        if kind is None:  # the plan's own: its file is like no other
            return True
        file = kinds.FILE_KINDS[kind.file]
        if file.named_by and not kind.borrows and section.data in self.known.files:
            reason = f"{section.data}.yaml is there already; two sections cannot have one year"
            self.doubts.append(Doubt(page.title, section.name, "", reason))
            return False
        data = self.fresh.files[section.data]
        teams = data["teams"] if file.of_teams and not kind.borrows else []
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
        yamledit.add_sections(self.folder, page.title, entries)
        if ids := self._ids(page, sections):
            files.replace_all(ids_changed(self.folder, {page.title: ids}, {}))

    def _stem(self, section: SectionSpec) -> None:
        """Write a section's file under a name that is free, with the links and labels it needs."""
        if section.data in self._stems:
            return
        kind = kinds.SECTION_KINDS.get(section.template)
        if kind and kind.borrows and section.data in self.known.files:
            self._stems[section.data] = section.data
            return
        stem = free(section.data, self.known.files)
        self._stems[section.data] = stem
        data = self._with_known_teams(_without_units(self.fresh.files[section.data]))
        path = self.folder / f"{stem}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yamltext.dumped(data, newplan.head_of(stem)), "utf-8")
        used = set(names_in(data)) - set(self.known.links)
        self._append(
            "links", {name: used_ for name, used_ in self._links().items() if name in used}
        )
        self._append("labels", self._labels(section, used))
        people = self.fresh.files.get("people", {})
        named = set(names_in(data)) & people.keys()
        self._append("people", {key: _without_units(people[key]) for key in people if key in named})

    def _links(self) -> dict[str, Any]:
        return dict(self.fresh.files.get("links", {}))

    def _labels(self, section: SectionSpec, links: set[str]) -> dict[str, Any]:
        """Return the labels that a section needs and the plan lacks."""
        needed = {*kinds.labels_for([section.template])}
        needed |= {f"link-{name.replace('_', '-')}" for name in links}
        known = self.known.files.get("labels", {})
        labels: Mapping[str, Any] = self.fresh.files.get("labels", {})
        if section.template not in kinds.SECTION_KINDS:  # nothing says which words it shows
            needed |= labels.keys() - kinds.labels_for(kinds.SECTION_KINDS).keys()
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
        if "fiscal-year" not in data or "teams" not in data:
            return data
        teams = [{**team, "key": self._teams[team["key"]]} for team in data["teams"]]
        return {**data, "teams": teams}

    def _ids(self, page: PageSpec, sections: list[SectionSpec]) -> dict[str, str]:
        """Return the ids of the new sections' units, with the keys that those have in the plan."""
        grown = plan.load(self.folder)
        same = reuse.counterparts(self.fresh.units.values(), grown.units)
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


# Importing pages once more, into the plan that manages them: only what it lacks is taken.


HAVE_ONE_FILE = tuple(
    name
    for name, kind in kinds.SECTION_KINDS.items()
    if not (kinds.FILE_KINDS[kind.file].many or kind.is_counted)
)


class Again(Value):
    """What an import of known pages comes to; ``translations`` counts new ones by language."""

    built: Built
    translations: Mapping[str, int]


def build(pages: Sequence[PageTexts], known: Plan, settings: Settings) -> Again:
    """Return what the pages have more than the plan. Nothing is written.

    Raises ``errors.Faults`` when the plan has to be changed first.
    """
    _check(pages, known)
    settings = replace(
        settings,
        links=known.links,
        year_forms=_year_forms(known),
        statuses=known.files["pages"].get("statuses", {}),
        status_words=readers.status_words(known.statuses, known.files.get("labels", {})),
    )
    with TemporaryDirectory(prefix="wikiplan-") as name:
        fresh = _fresh(pages, known, settings, Path(name) / "fresh")
        grown = Path(name) / "grown"
        shutil.copytree(known.directory, grown)
        growth = Growth(known, fresh.plan, grown)
        growth.grow()
        return _Filled(pages, fresh, growth, settings).again()


def _year_forms(known: Plan) -> dict[str, str]:
    own = known.language_overrides
    return {c: own.get(c, {}).get(YEAR_FORM, known.year_form) for c in known.languages}


class _Fresh(Value):
    """A plan out of the pages alone."""

    plan: Plan
    catalogs: Mapping[str, catalog.Catalog]
    built: Built


def _fresh(pages: Sequence[PageTexts], known: Plan, settings: Settings, folder: Path) -> _Fresh:
    built = newplan.build([_fitting(page, known) for page in pages], folder, settings)
    if not built.files:
        raise Faults(
            [
                Fault("", 0, 0, each.section, Message(NOTHING_TO_IMPORT, each.reason, each.text))
                for each in built.doubts
            ]
        )
    files.replace_all(built.files)
    made = plan.load(folder)
    return _Fresh(made, catalog.load_all(folder / "locale", made.languages), built)


def _fitting(page: PageTexts, known: Plan) -> PageTexts:
    """Return a page whose new sections do not want a file that the plan has already."""
    spec = next(each for each in known.pages if each.title == page.title)
    kinds = {section.name: section.template for section in spec.sections}
    sections = tuple(
        replace(each, kind=kinds.get(each.name) or _kind_of_new(each.name))
        for each in page.sections
    )
    return replace(page, sections=sections)


def _kind_of_new(name: str) -> str:
    """Return free text for what has one file in a plan, which is there already."""
    return "text" if kind_named(name, HAVE_ONE_FILE) else ""


class _Filled(Value):
    """Puts translations into the grown plan, and tells what became of all."""

    pages: Sequence[PageTexts]
    fresh: _Fresh
    growth: Growth
    settings: Settings

    def again(self) -> Again:
        loaded = plan.load(self.growth.folder)
        catalogs = catalog.load_all(self.growth.folder / "locale", loaded.languages)
        taken: dict[str, int] = {}
        doubts = [*self._doubts(), *self.growth.doubts]
        for code, found in self.fresh.catalogs.items():
            if code == loaded.source_language:
                continue
            catalogs[code].update(loaded.units.values())
            units = self.fresh.plan.units
            done = reuse.transfer(units, found, loaded.units, catalogs[code])
            taken |= {code: len(done.taken)} if done.taken else {}
            title = self.pages[0].title
            doubts += [Doubt(title, "", code, reason, text) for text, reason in done.left]
        renderer = Renderer(loaded, catalogs, self.settings.templates, self.settings.now)
        self._save(loaded, catalogs, renderer, taken)
        differences = newplan.differences(self._new(), loaded, renderer)
        built = Built(tuple(self._files()), self.growth.kinds, tuple(doubts), differences)
        return Again(built, taken)

    def _doubts(self) -> list[Doubt]:
        """Return the doubts about sections; what a plan of its own would lack is none here."""
        return [each for each in self.fresh.built.doubts if each.section]

    def _save(
        self,
        loaded: Plan,
        catalogs: Mapping[str, catalog.Catalog],
        renderer: Renderer,
        taken: Mapping[str, int],
    ) -> None:
        for code in taken:
            newplan.save(
                catalogs[code], newplan.synced(self.pages, loaded, renderer, catalogs[code])
            )

    def _new(self) -> list[PageTexts]:
        """Return the pages with their new sections only."""
        return [
            replace(
                page,
                sections=tuple(
                    s for s in page.sections if (page.title, s.name) in self.growth.kinds
                ),
            )
            for page in self.pages
        ]

    def _files(self) -> Iterator[FileChange]:
        """Yield the files that are new or other than those of the plan."""
        for path in sorted(each for each in self.growth.folder.rglob("*") if each.is_file()):
            there = self.growth.known.directory / path.relative_to(self.growth.folder)
            before = there.read_bytes() if there.exists() else None
            if path.read_bytes() != before:
                yield FileChange(there, before, path.read_bytes())


def _check(pages: Sequence[PageTexts], known: Plan) -> None:
    """Raise :class:`Faults` for pages and languages that a person must enter first."""
    titles = {page.title for page in known.pages}
    advice = "write it there, then import again"
    wrong = [
        Message("plan-without-page", f"has no page “{page.title}”", advice)
        for page in pages
        if page.title not in titles
    ]
    languages = {code for page in pages for each in page.sections for code in each.texts}
    languages |= {code for page in pages for code in page.translations}
    wrong += [
        Message("plan-without-language", f"has no language “{code}”", advice)
        for code in sorted(languages - set(known.languages))
    ]
    if wrong:
        raise Faults([Fault("pages.yaml", 0, 0, "", each) for each in wrong])
