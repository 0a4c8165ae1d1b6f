"""A plan's files for translators: a language's texts going out in a file, and coming back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import assert_never

from wikiplan.catalogs import csvfile, formats, moving, reuse, xliff
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.exchange import Parcel, fault, outgoing
from wikiplan.catalogs.reuse import CHANGES, ImportedText
from wikiplan.errors import Fault, Faults, Message, did_you_mean
from wikiplan.files import FileChange
from wikiplan.plan import Plan
from wikiplan.render import Renderer
from wikiplan.session import whereabouts
from wikiplan.session.options import Format
from wikiplan.session.whereabouts import Sights
from wikiplan.value import Value

ENDINGS = {Format.PO: "po", Format.XLIFF: "xlf", Format.CSV: "csv", Format.POT: "pot"}


class Outgoing(Value, dict=True):
    """The texts of a plan as they go out, with where readers see them; in any language.

    ``scripts`` has the address of ``index.php`` by site, but for folders.
    """

    plan: Plan
    renderer: Renderer
    locale: Path
    scripts: Mapping[str, str] = {}

    @cached_property
    def seen(self) -> Sights:
        return whereabouts.sights(self.renderer)

    @cached_property
    def nowhere(self) -> frozenset[str]:
        """The keys of texts that are left out: nobody sees them."""
        return whereabouts.left_out(self.plan, self.seen)

    def file(self, language: str, kind: Format) -> tuple[bytes, Mapping[str, int]]:
        """Return a language's file and the counts of its states; its catalog stays as it is."""
        found = self._catalog(language, kind)
        found.update(self.plan.units.values())
        found.complete_header()
        facts = self.renderer.facts_in(language)
        places = whereabouts.told(self.plan, self.seen, facts, language, self.scripts)
        units = {key: unit for key, unit in self.plan.units.items() if key not in self.nowhere}
        texts = list(outgoing(found, units, places))
        counts = Counter(str(text.state) for text in texts)
        match kind:
            case Format.PO:
                data = formats.write_po(found, texts)
            case Format.POT:
                data = formats.write_pot(found, texts)
            case Format.CSV:
                data = csvfile.write(language, texts)
            case Format.XLIFF:
                data = xliff.write(self.plan.source_language, language, texts)
            case _:
                assert_never(kind)
        return data, counts

    def _catalog(self, language: str, kind: Format) -> Catalog:
        if kind is Format.POT:
            return Catalog.create(Path(f"{language}.po"))
        return moving.opened(self.locale, language, self.plan.moves)


class Returned(Value):
    """What became of the texts of files that came back, and the catalog's file with them.

    ``file`` is None where nothing changes.
    """

    texts: tuple[tuple[Parcel, ImportedText], ...]
    file: FileChange | None


def merged(plan: Plan, locale: Path, language: str, parcels: Sequence[Parcel]) -> Returned:
    """Merge files of a language into its catalog; nothing is written.

    Raises Faults where one is not this plan's.
    """
    if faults := [each for parcel in parcels for each in _foreign(plan, parcel)]:
        raise Faults(faults)
    found = moving.opened(locale, language, plan.moves)
    found.update(plan.units.values())
    before = found.text()
    texts = tuple(
        (parcel, each)
        for parcel in parcels
        for each in reuse.merge(parcel, found, plan.units, plan.glossary)
    )
    for parcel in parcels:
        if any(each is parcel and imported.outcome in CHANGES for each, imported in texts):
            found.take_header(parcel.header)
    return Returned(texts, found.prepared() if found.text() != before else None)


def _foreign(plan: Plan, parcel: Parcel) -> Iterator[Fault]:
    """Yield why a file cannot be this plan's."""
    known = plan.languages
    if parcel.language not in known or parcel.language == plan.source_language:
        hint = did_you_mean(parcel.language, known) or "correct it, or add it to pages.yaml"
        wrong = f"the plan has no translations into “{parcel.language}”"
        yield fault(parcel.file, Message("other-language-sent", wrong, hint))
    elif not any(text.key in plan.units for text in parcel.texts):
        wrong, advice = "the plan has none of its texts", "choose the plan with -data:DIR"
        yield fault(parcel.file, Message("other-plan-sent", wrong, advice))
