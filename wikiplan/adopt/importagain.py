"""Importing pages once more, into the plan that manages them: only what it lacks is taken.

Sections that it does not know become files of their own, and texts in languages that it does not
have become translations. Nothing that the plan says is changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from wikiplan import atomic
from wikiplan.adopt import importcheck, importplan, importsync
from wikiplan.adopt.adopted import Built, Doubt, PageTexts
from wikiplan.adopt.plandraft import Settings
from wikiplan.adopt.plangrowth import Growth
from wikiplan.atomic import Replacement
from wikiplan.catalogs import catalog, transfer
from wikiplan.errors import Fault, Faults
from wikiplan.plan import plan
from wikiplan.plan.plan import Plan
from wikiplan.render.render import Renderer

HAVE_ONE_FILE = ("overview", "mission", "teams", "office-hours")


@dataclass(frozen=True, slots=True)
class Again:
    """What an import of known pages comes to; ``translations`` counts new ones by language."""

    built: Built
    translations: Mapping[str, int]


def build(pages: Sequence[PageTexts], known: Plan, settings: Settings) -> Again:
    """Return what the pages have more than the plan. Nothing is written.

    Raises ``errors.Faults`` when the plan has to be changed first.
    """
    _check(pages, known)
    settings = replace(settings, links=known.links)
    with TemporaryDirectory(prefix="wikiplan-") as name:
        fresh = _fresh(pages, known, settings, Path(name) / "fresh")
        grown = Path(name) / "grown"
        shutil.copytree(known.directory, grown)
        growth = Growth(known, fresh.plan, grown)
        growth.grow()
        return _Filled(pages, fresh, growth, settings).again()


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A plan out of the pages alone."""

    plan: Plan
    catalogs: Mapping[str, catalog.Catalog]
    built: Built


def _fresh(pages: Sequence[PageTexts], known: Plan, settings: Settings, folder: Path) -> _Fresh:
    built = importplan.build([_fitting(page, known) for page in pages], folder, settings)
    if not built.files:
        raise Faults(
            [Fault("", 0, 0, each.section, each.reason, each.text) for each in built.doubts]
        )
    atomic.replace_all(built.files)
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
    single = any(name == kind or name.startswith(f"{kind}-") for kind in HAVE_ONE_FILE)
    return "text" if single else ""


@dataclass(frozen=True, slots=True)
class _Filled:
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
            done = transfer.transfer(units, found, loaded.units, catalogs[code])
            taken |= {code: len(done.taken)} if done.taken else {}
            title = self.pages[0].title
            doubts += [Doubt(title, "", code, reason, text) for text, reason in done.left]
        renderer = Renderer(loaded, catalogs, self.settings.templates, self.settings.now)
        self._save(loaded, catalogs, renderer, taken)
        differences = importcheck.differences(self._new(), loaded, renderer)
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
            importplan.save(
                catalogs[code], importsync.seen(self.pages, loaded, renderer, catalogs[code])
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

    def _files(self) -> Iterator[Replacement]:
        """Yield the files that are new or other than those of the plan."""
        for path in sorted(each for each in self.growth.folder.rglob("*") if each.is_file()):
            there = self.growth.known.directory / path.relative_to(self.growth.folder)
            before = there.read_bytes() if there.exists() else None
            if path.read_bytes() != before:
                yield Replacement(there, before, path.read_bytes())


def _check(pages: Sequence[PageTexts], known: Plan) -> None:
    """Raise :class:`Faults` for pages and languages that a person must enter first."""
    titles = {page.title for page in known.pages}
    wrong = [f"has no page “{page.title}”" for page in pages if page.title not in titles]
    languages = {code for page in pages for each in page.sections for code in each.texts}
    languages |= {code for page in pages for code in page.translations}
    wrong += [f"has no language “{code}”" for code in sorted(languages - set(known.languages))]
    if wrong:
        advice = "write it there, then import again"
        raise Faults([Fault("pages.yaml", 0, 0, "", each, advice) for each in wrong])
