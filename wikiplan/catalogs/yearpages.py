"""The pages of a new fiscal year, by the shape of those that the plan has for the old one.

A page whose title says the year gets one beside it for the new year. A page that shows the year of
the day shows the new one from now on, and the old one goes to an archive page below it. A page on
which several years stand gets one more section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any

from wikiplan.catalogs.newyear import Years, known_years, names_year, stem_of, without_year
from wikiplan.errors import WikiplanError
from wikiplan.l10n import Localiser
from wikiplan.plan import (
    SECTION,
    FiscalYear,
    Move,
    Origin,
    PageList,
    PageSpec,
    Plan,
    SectionSpec,
    Source,
    kinds,
    read_source,
    yamledit,
)
from wikiplan.value import Value, replace
from wikiplan.yaml import Document, KeyPath, value_in, yamltext

NAVIGATION = "navigation"
"""The template, and the label, of the section that leads from year to year."""

_KEPT = (
    "site", "kind", "languages", "language-pages", "fallback", "drift", "priority-languages",
)  # fmt: skip
"""What a new page has as the page has that it comes from."""


class Shape(Enum):
    """How a page stands to the old year."""

    OF_THE_YEAR = auto()
    OF_THE_DAY = auto()
    OF_SEVERAL = auto()
    OTHER = auto()


class NewPage(Value):
    """A page that there was not: the number of the page that it comes from, and its sections."""

    title: str
    origin: int
    sections: tuple[SectionSpec, ...]


class YearPages(Value):
    """What becomes of a plan's pages, which are named by their numbers in ``pages.yaml``.

    ``turned`` show the new year where they showed the old one, ``joined`` have more sections.
    """

    turned: tuple[int, ...]
    joined: Mapping[int, tuple[SectionSpec, ...]]
    fresh: tuple[NewPage, ...]


def section_moves(plan: Plan, years: Years) -> tuple[Move, ...]:
    """Return the new names of sections that will show another year than that of their names.

    The markers on the wiki follow them.
    """
    found: dict[str, str] = {}
    for page in plan.pages:
        names = {section.name for section in page.sections}
        for section in _of_year(page, years):
            name = without_year(section.name, years.old)
            if _shape(page, years) is Shape.OF_THE_DAY and name and name not in names:
                found[section.name] = name
    return tuple(Move(SECTION, before, after) for before, after in found.items())


def pages_of(plan: Plan, years: Years) -> YearPages:
    """Return what becomes of the pages; the sections have their new names already.

    Raises :class:`WikiplanError` for a page that the plan has already.
    """
    shapes = [_shape(page, years) for page in plan.pages]
    every = list(enumerate(plan.pages))
    fresh = []
    patterns = _patterns_without(plan.directory, years.old)
    for at, page in every:
        if shapes[at] is Shape.OF_THE_DAY and any(_is_below(each, page) for each in patterns):
            continue  # the pattern leaves out the new year instead
        if shapes[at] is Shape.OF_THE_DAY and (archive := _archive(plan, page, years)):
            fresh.append(NewPage(_archive_title(plan, page, years), at, archive))
        elif shapes[at] is Shape.OF_THE_YEAR:
            sections = tuple(_in_new_year(section, years) for section in page.sections)
            fresh.append(NewPage(years.turned(page.title), at, sections))
    titles = {page.title for page in plan.pages}
    if there := [each.title for each in fresh if each.title in titles]:
        wrong = f"pages.yaml has a page {there[0]} already"
        raise WikiplanError(
            "page-of-year-is-there", f"{wrong}; give it another title, or take it out first"
        )
    return YearPages(
        tuple(at for at, _ in every if shapes[at] is Shape.OF_THE_DAY),
        {
            at: tuple(_besides(section, years) for section in _of_year(page, years))
            for at, page in every
            if shapes[at] is Shape.OF_SEVERAL
        },
        tuple(fresh),
    )


def _patterns_without(directory: Path, year: FiscalYear) -> set[str]:
    """Return the titles of patterns that leave out a year, which has its place elsewhere yet."""
    pages = _pages_in(read_source(directory))
    return {origin.pattern for origin, *_ in _left_out(pages, str(year))}


def _is_below(pattern: str, page: PageSpec) -> bool:
    return pattern.startswith(f"{page.title}/")


def _shape(page: PageSpec, years: Years) -> Shape:
    if not _of_year(page, years) or f"year {years.old}" in page.subjects:
        return Shape.OTHER  # a pattern of years makes a page of the new one by itself
    if names_year(page.title, years.old):
        return Shape.OF_THE_YEAR
    files = {section.data for section in page.sections if not _borrows(section)}
    others = [each for each in files if kinds.kind_of(each) == "priorities"]
    return Shape.OF_SEVERAL if len(others) > 1 else Shape.OF_THE_DAY


def _of_year(page: PageSpec, years: Years) -> list[SectionSpec]:
    return [section for section in page.sections if section.data == stem_of(years.old)]


def _borrows(section: SectionSpec) -> bool:
    kind = kinds.SECTION_KINDS.get(section.template)
    return kind is not None and kind.borrows


def _in_new_year(section: SectionSpec, years: Years) -> SectionSpec:
    if section.data != stem_of(years.old):
        return section
    return replace(section, name=years.turned(section.name), data=stem_of(years.new))


def _besides(section: SectionSpec, years: Years) -> SectionSpec:
    """Return a section of the new year for a page that keeps the one of the old year."""
    turned = _in_new_year(section, years)
    same = turned.name == section.name
    return replace(turned, name=f"{section.name}-{years.new}") if same else turned


def _archive(plan: Plan, page: PageSpec, years: Years) -> tuple[SectionSpec, ...]:
    """Return the sections of the page that the old year goes to; none for mere navigation."""
    every = _of_year(page, years)
    if all(map(_borrows, every)):
        return ()
    found = [each if _borrows(each) else replace(each, came_from=page.title) for each in every]
    has_label = NAVIGATION in plan.files.get("labels", {})
    if has_label and all(section.template != NAVIGATION for section in found):
        found.insert(0, SectionSpec(NAVIGATION, NAVIGATION, stem_of(years.old), ""))
    return tuple(found)


def _archive_title(plan: Plan, page: PageSpec, years: Years) -> str:
    """Return the title of an archive page: like those of other years, if there are such."""
    for other in plan.pages:
        for year in known_years(plan):
            below = other.title.startswith(f"{page.title}/")
            shown = stem_of(year) in {section.data for section in other.sections}
            if below and shown and names_year(other.title, year):
                return Years(year, years.old).turned(other.title)
    written = Localiser(plan.source_language).fiscal_year(years.old.years)
    return f"{page.title}/{written}"


# The same in ``pages.yaml`` and what it includes.


def write_year(directory: Path, found: YearPages, years: Years) -> None:
    """Write the new year's pages and sections into the files that list pages.

    A pattern that leaves out the year that a page shows leaves out the new one from now on. Raises
    :class:`ValueError` or :class:`Faults` where their lines do not allow it.
    """
    source = read_source(directory)
    pages = _pages_in(source)
    raw = pages.data["pages"]
    places = [
        ("pages", at, "sections", number, "data")
        for at in found.turned
        for number, section in enumerate(raw[at]["sections"])
        if section["data"] == stem_of(years.old)
    ]
    named = [(*pages.real(place)[:2], stem_of(years.new)) for place in places]
    turned = [raw[at]["title"] for at in found.turned]
    named += [
        (document, place, str(years.new))
        for origin, document, place in _left_out(pages, str(years.old))
        if any(origin.pattern.startswith(f"{title}/") for title in turned)
    ]
    edits = _Edits(source)
    for document, place, name in named:
        edits.rename(document, {place: name})
    for at, sections in found.joined.items():
        entries = [_section_entry(each, raw[at]) for each in sections]
        document, place, _ = pages.real(("pages", at))
        edits.change(document, partial(yamledit.with_sections, page=place, sections=entries))
    for page in sorted(found.fresh, key=lambda each: -each.origin):
        document, place, _ = pages.real(("pages", page.origin))
        entry = _page_entry(page, raw[page.origin])
        edits.change(document, partial(yamledit.with_page, page=place, entry=entry))
    edits.write()


class _Edits:
    """Changes of the plan's files, made one after the other and written together."""

    def __init__(self, source: Source) -> None:
        self._paths = {
            id(each): source.directory / f"{stem}.yaml" for stem, each in source.documents.items()
        }
        self._texts: dict[Path, str] = {}

    def change(self, document: Document, edit: Callable[[str], str]) -> None:
        path = self._paths[id(document)]
        text = self._texts.get(path)
        self._texts[path] = edit(path.read_bytes().decode() if text is None else text)

    def rename(self, document: Document, values: Mapping[KeyPath, str]) -> None:
        def named(text: str) -> str:
            return yamltext.with_names(text.encode(), values).decode()

        self.change(document, named)

    def write(self) -> None:
        for path, text in self._texts.items():
            path.write_bytes(text.encode())


def _pages_in(source: Source) -> PageList:
    pages = source.pages
    assert pages
    return pages


def _left_out(pages: PageList, key: str) -> Iterator[tuple[Origin, Document, KeyPath]]:
    """Yield where patterns leave out a year."""
    for origin in pages.patterns:
        document, place = origin.has("except")
        for number, each in enumerate(value_in(document.data, (*place, "except")) or ()):
            if str(each) == key:
                yield origin, document, (*place, "except", number)


def _page_entry(page: NewPage, origin: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": page.title,
        **{key: origin[key] for key in _KEPT if key in origin},
        "missing-page": "create",
        "sections": [_section_entry(each, origin) for each in page.sections],
    }


def _section_entry(section: SectionSpec, page: Mapping[str, Any]) -> dict[str, Any]:
    own = section.drift_is_said and section.drift != page.get("drift")
    return {
        "name": section.name,
        "template": section.template,
        "data": section.data,
        **({"drift": section.drift} if own else {}),
        **({"came-from": section.came_from} if section.came_from else {}),
        **({"languages": [*section.languages]} if section.languages else {}),
    }


# What is told of it.


def _by_patterns(before: Plan, after: Plan) -> Iterator[str]:
    """Yield the pages that come by patterns of years."""
    known = {page.place for page in before.pages}
    for page in after.pages:
        if page.pattern and page.place not in known:
            yield f"{page.title}: a new page by the pattern “{page.pattern}”, {_extent(page)}."


def _extent(page: PageSpec) -> str:
    if page.translatable:
        return "one page to mark for translation"
    return f"{len(page.languages)} languages" if len(page.languages) > 1 else "one language"


def told(plan: Plan, found: YearPages, years: Years, after: Plan) -> Iterator[str]:
    """Yield what becomes of the pages; ``plan`` is the one before."""
    by_patterns = list(_by_patterns(plan, after))
    if not found.turned and not found.joined and not found.fresh and not by_patterns:
        yield f"No page shows {years.old}: pages.yaml stays as it is."
    for at in found.turned:
        yield f"{plan.pages[at].title}: shows {years.new} from now on."
    for at, sections in found.joined.items():
        page = plan.pages[at]
        names = ", ".join(section.name for section in sections)
        yield f"{page.title}: gets section {names}."
        if page.missing_section == "refuse":
            yield "  Put its markers where it belongs, or say missing-section in pages.yaml."
    for new in found.fresh:
        yield f"{new.title}: a new page, {_extent(plan.pages[new.origin])}."
    yield from by_patterns


def findings(plan: Plan, found: YearPages, years: Years) -> Iterator[str]:
    """Yield what a person should look at on pages that show the new year instead of the old one."""
    archives = {new.origin: new.title for new in found.fresh if new.origin in found.turned}
    for at, archive in archives.items():
        page = plan.pages[at]
        for name, link in plan.links.items():
            title, hash, heading = link.page.partition("#")
            if title == page.title and hash and names_year(heading, years.old):
                yield f"links.yaml, {name}: leads to {link.page}, and from there to {archive}"
