"""A plan out of pages: data files, catalogs and ``pages.yaml``, proved by rendering them.

What a section kind cannot hold goes into free text, and what that cannot hold stays as it is; so
what the plan renders is what stood there, or the section is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from wikiplan.adopt import importcheck, importsync
from wikiplan.adopt.adopted import Built, Difference, Doubt, PageTexts
from wikiplan.adopt.adoptedplan import Tier
from wikiplan.adopt.drafts import Place
from wikiplan.adopt.plandraft import PlanDraft, Settings, Steps, drafted
from wikiplan.atomic import Replacement
from wikiplan.catalogs import translationcheck
from wikiplan.catalogs.catalog import Catalog
from wikiplan.errors import Fault, Faults
from wikiplan.plan import plan, schema, yamltext
from wikiplan.plan.plan import Plan
from wikiplan.plan.units import Unit
from wikiplan.render.render import Renderer
from wikiplan.sync.syncbase import SyncBase

__all__ = ["Settings", "build", "save"]

BESIDE_ORIGIN = "the page"
"""Where texts in a catalog's comments come from: a translator may take them over."""


def build(pages: Sequence[PageTexts], out: Path, settings: Settings) -> Built:
    """Return the files of a plan for ``out``, a folder without one; nothing is written there.

    There are none when no section can be taken; the doubts say why. Raises
    ``errors.Faults`` when the folder has a plan already.
    """
    _check_free(out)
    steps = Steps({(page.title, s.name): Tier.KIND for page in pages for s in page.sections})
    while True:
        draft = drafted(pages, settings, steps)
        if not draft.adopted.placed:
            return Built((), {}, tuple(draft.doubts), ())
        with TemporaryDirectory(prefix="wikiplan-") as name:
            attempt = _Attempt(pages, draft, settings, Path(name))
            failures = attempt.run()
            if not failures:
                built = attempt.built(out)
                _check_new(built.files)
                return built
        steps.lower(failures)


class _Attempt:
    """Writes a drafted plan into a folder, and renders it."""

    def __init__(
        self, pages: Sequence[PageTexts], draft: PlanDraft, settings: Settings, folder: Path
    ) -> None:
        self.pages = pages
        self.draft = draft
        self.settings = settings
        self.folder = folder
        self.doubts = list(draft.doubts)
        self.differences: tuple[Difference, ...] = ()

    def run(self) -> dict[Place, str]:
        """Return the sections that must be taken over with less structure, and why.

        Only the source counts: what differs in other languages is told.
        """
        for stem, data in self.draft.documents.items():
            path = self.folder / f"{stem}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yamltext.dumped(data, _head(stem)), encoding="utf-8")
        try:
            loaded = plan.load(self.folder)
            self.differences = self.rendered(loaded)
        except Faults as faults:
            return self.at_fault(faults)
        source = self.settings.source_language
        visible = (each for each in self.differences if each.visible)
        return {(d.page, d.section): _shown(d) for d in visible if d.language == source}

    def rendered(self, loaded: Plan) -> tuple[Difference, ...]:
        catalogs, settings = self.catalogs(loaded), self.settings
        renderer = Renderer(loaded, catalogs, settings.templates, settings.now)
        found = importcheck.differences(self.pages, loaded, renderer)
        for catalog in catalogs.values():
            save(catalog, importsync.seen(self.pages, loaded, renderer, catalog))
        return found

    def catalogs(self, loaded: Plan) -> dict[str, Catalog]:
        catalogs = {}
        for language in loaded.languages:
            if language != loaded.source_language:
                catalog = Catalog.create(self.folder / "locale" / f"{language}.po")
                catalog.update(loaded.units.values())
                for unit in loaded.units.values():
                    self.translate(catalog, unit)
                catalogs[language] = catalog
        return catalogs

    def translate(self, catalog: Catalog, unit: Unit) -> None:
        """Give a unit its translation; one that would break a page is kept in a comment."""
        for near in self.draft.beside.get(unit.key, {}).get(catalog.language, ()):
            catalog.keep_beside(unit, near, BESIDE_ORIGIN)
        found = self.draft.translations.get(unit.key, {}).get(catalog.language)
        if found is None:
            return
        text, made_for = found
        errors = translationcheck.errors(unit, text, outdated=made_for is not None)
        if errors:
            catalog.keep_beside(unit, text, BESIDE_ORIGIN)
            reason = f"{unit.key}: {errors[0].message}; {errors[0].advice}"
            place = self.draft.places[unit.key]
            self.doubts.append(Doubt(*place, catalog.language, reason, text))
            return
        catalog.set(unit, text)
        if made_for is not None:
            catalog.outdate(unit, made_for or unit.text)

    def at_fault(self, faults: Faults) -> dict[Place, str]:
        """Return the sections whose files are at fault; all of them where that is not known."""
        blamed = {
            each.place: f"{fault.key}: {fault.message}"
            for each in self.draft.adopted.placed
            for fault in faults.faults
            if fault.file.endswith(f"{each.stem}.yaml")
        }
        message = f"{faults.faults[0].key}: {faults.faults[0].message}"
        return blamed or {each.place: message for each in self.draft.adopted.placed}

    def built(self, out: Path) -> Built:
        schema.write(self.folder / "schema")  # which the files name in their first lines
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        files = tuple(
            Replacement(out / path.relative_to(self.folder), None, path.read_bytes())
            for path in paths
        )
        kinds = {each.place: each.template for each in self.draft.adopted.placed}
        return Built(files, kinds, tuple(self.doubts), self.differences)


def save(catalog: Catalog, base: SyncBase) -> None:
    """Write a language's catalog, and beside it what was seen of its texts on the wiki."""
    catalog.path.parent.mkdir(exist_ok=True)
    catalog.save()
    if prepared := base.prepared():
        base.path.parent.mkdir(exist_ok=True)
        base.path.write_bytes(prepared.after)


def _shown(difference: Difference) -> str:
    before, after = (" / ".join(lines) for lines in (difference.before, difference.after))
    return f"“{before}” would become “{after}”"


def _check_free(out: Path) -> None:
    for name in ("pages.yaml", "department.yaml"):
        if (out / name).exists():
            wrong = "the folder has a plan already, which would be lost"
            raise Faults([Fault(str(out / name), 0, 0, "", wrong, "name another folder")])


def _check_new(files: Iterable[Replacement]) -> None:
    """Raise for files that stand there already and would become others."""
    wrong = "the file is there already, and would be lost"
    faults = [
        Fault(str(each.path), 0, 0, "", wrong, "name another folder, or move the file away")
        for each in files
        if each.path.exists() and each.path.read_bytes() != each.after
    ]
    if faults:
        raise Faults(faults)


def _head(stem: str) -> str:
    up = "../" * stem.count("/")
    kind = stem.partition("/")[0]
    return f"yaml-language-server: $schema={up}schema/{kind}.json"
