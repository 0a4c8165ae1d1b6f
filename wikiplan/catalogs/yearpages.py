"""The pages of a new fiscal year, by the shape of those that the plan has for the old one.

A page whose title says the year gets one beside it for the new year. A page that shows the year of
the day shows the new one from now on, and the old one goes to an archive page below it. A page on
which several years stand gets one more section.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import Any

from wikiplan.catalogs.newyear import Years, known_years, names_year, stem_of, without_year
from wikiplan.errors import WikiplanError
from wikiplan.l10n import Localiser
from wikiplan.plan import SECTION, Move, PageSpec, Plan, SectionSpec, kinds, yamledit
from wikiplan.value import Value, replace
from wikiplan.yaml import KeyPath, parsed, yamltext

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
    for at, page in every:
        if shapes[at] is Shape.OF_THE_DAY and (archive := _archive(plan, page, years)):
            fresh.append(NewPage(_archive_title(plan, page, years), at, archive))
        elif shapes[at] is Shape.OF_THE_YEAR:
            sections = tuple(_in_new_year(section, years) for section in page.sections)
            fresh.append(NewPage(years.turned(page.title), at, sections))
    titles = {page.title for page in plan.pages}
    if there := [each.title for each in fresh if each.title in titles]:
        wrong = f"pages.yaml has a page {there[0]} already"
        raise WikiplanError(f"{wrong}; give it another title, or take it out first")
    return YearPages(
        tuple(at for at, _ in every if shapes[at] is Shape.OF_THE_DAY),
        {
            at: tuple(_besides(section, years) for section in _of_year(page, years))
            for at, page in every
            if shapes[at] is Shape.OF_SEVERAL
        },
        tuple(fresh),
    )


def _shape(page: PageSpec, years: Years) -> Shape:
    if not _of_year(page, years):
        return Shape.OTHER
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
    found = _of_year(page, years)
    if all(map(_borrows, found)):
        return ()
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


# The same in ``pages.yaml``.


def with_year(data: bytes, found: YearPages, years: Years) -> bytes:
    """Return ``pages.yaml`` with the new year's pages and sections.

    Raises :class:`ValueError` or :class:`Faults` where its lines do not allow it.
    """
    raw = _raw_pages(data)
    values: dict[KeyPath, str] = {
        ("pages", at, "sections", number, "data"): stem_of(years.new)
        for at in found.turned
        for number, section in enumerate(raw[at]["sections"])
        if section["data"] == stem_of(years.old)
    }
    text = yamltext.with_names(data, values).decode()
    for at, sections in found.joined.items():
        entries = [_section_entry(each, raw[at]) for each in sections]
        text = yamledit.with_sections(text, raw[at]["title"], entries)
    for page in sorted(found.fresh, key=lambda each: -each.origin):
        text = yamledit.with_page(text, page.origin, _page_entry(page, raw[page.origin]))
    return text.encode()


def _raw_pages(data: bytes) -> Sequence[Mapping[str, Any]]:
    document, _ = parsed(data.decode(), yamledit.NAME, [])
    assert document
    pages: Sequence[Mapping[str, Any]] = document.data["pages"]
    return pages


def _page_entry(page: NewPage, origin: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": page.title,
        **{key: origin[key] for key in _KEPT if key in origin},
        "missing-page": "create",
        "sections": [_section_entry(each, origin) for each in page.sections],
    }


def _section_entry(section: SectionSpec, page: Mapping[str, Any]) -> dict[str, str]:
    own = section.drift_is_said and section.drift != page.get("drift")
    return {
        "name": section.name,
        "template": section.template,
        "data": section.data,
        **({"drift": section.drift} if own else {}),
    }


# What is told of it.


def told(plan: Plan, found: YearPages, years: Years) -> Iterator[str]:
    """Yield what becomes of the pages; ``plan`` is the one before."""
    if not found.turned and not found.joined and not found.fresh:
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
        page = plan.pages[new.origin]
        languages = (
            "one page to mark for translation"
            if page.translatable
            else (f"{len(page.languages)} languages" if len(page.languages) > 1 else "one language")
        )
        yield f"{new.title}: a new page, {languages}."


def findings(plan: Plan, found: YearPages, years: Years) -> Iterator[str]:
    """Yield what a person should look at on pages that show the new year instead of the old one."""
    archives = {new.origin: new.title for new in found.fresh if new.origin in found.turned}
    for at, archive in archives.items():
        page = plan.pages[at]
        if all(section.template != NAVIGATION for section in page.sections):
            yield (
                f"{page.title}: nothing of the plan there leads to {archive}; give it a section "
                f"with the template {NAVIGATION}, or write a link beside the sections"
            )
        for name, link in plan.links.items():
            title, hash, heading = link.page.partition("#")
            if title == page.title and hash and names_year(heading, years.old):
                yield f"links.yaml, {name}: leads to {link.page}, which is on {archive} now"
