"""Notices to translators: a new fiscal year's texts need their language. Each comes once.

A year is announced in a language when all the pages that show it stand on the wiki, as translators
see them, and something of it is not translated.
"""

from __future__ import annotations

from collections.abc import Sequence

from wikiplan.catalogs import State
from wikiplan.channels.pages import Post
from wikiplan.l10n import language_of, languages, message
from wikiplan.plan import LANGUAGE, FiscalYear, NamedUnit, PageSpec, Plan, SectionSpec
from wikiplan.render import Renderer, escaping
from wikiplan.sync import LanguageProgress, UnitProgress
from wikiplan.value import Value

NOTICE = "new-year"
"""How the sections with notices begin their names; year and language follow."""
_PREFIX = "wikiplan-notice-"


def newest_year(plan: Plan) -> FiscalYear | None:
    """Return the newest fiscal year that a page of the plan shows, None where none shows one."""
    every = (year_of(plan, section) for page in plan.pages for section in page.sections)
    return max((year for year in every if year), key=lambda year: year.first, default=None)


def year_of(plan: Plan, section: SectionSpec) -> FiscalYear | None:
    """Return the fiscal year that a section is about, None where its file names none."""
    said = plan.files.get(section.data, {}).get("fiscal-year")
    return FiscalYear.given(said) if said else None


def sections_about(plan: Plan, page: PageSpec, year: FiscalYear) -> tuple[SectionSpec, ...]:
    return tuple(each for each in page.sections if year_of(plan, each) == year)


class NewTexts(Value):
    """What of a year a page has that is not translated into a language.

    ``address`` is where it is translated, empty where the wiki has no place for that.
    """

    title: str
    texts: int
    words: int
    address: str = ""


def left_to_do(found: LanguageProgress, sections: Sequence[SectionSpec]) -> list[UnitProgress]:
    """Return the texts of sections that are not translated, each once."""
    names = {name for each in sections for name in (each.name, *each.former)}
    units = {unit.key: unit for unit in found.units if unit.section in names}
    return [unit for unit in units.values() if unit.state is not State.TRANSLATED]


class Notices(Value):
    """Writes the notices of a year."""

    renderer: Renderer
    year: FiscalYear

    def post(self, language: str, page_language: str, new: Sequence[NewTexts]) -> Post:
        """Return what a page gets, to be read by translators of a language.

        ``page_language`` is that of the page, which other languages are marked in.
        """
        codes = (language, *self.renderer.plan.moves.former(LANGUAGE, language))
        names = tuple(f"{NOTICE}-{self.year}-{code}" for code in codes)
        return Post(names, self._text(language, page_language, new))

    def _text(self, language: str, page_language: str, new: Sequence[NewTexts]) -> str:
        facts = self.renderer.facts_in(language)
        year = {"year": facts.fiscal_year(self.year.years)}
        department = self.renderer.plan.facts.get("department")
        heading = message(language, f"{_PREFIX}heading", year)
        body = [
            f"{message(language, f'{_PREFIX}intro', year)}\n",
            *(f"* {self._line(language, each)}" for each in new),
            f"\n{message(language, f'{_PREFIX}once', {})}",
            *([f"\n– {facts.name(department)}"] if isinstance(department, NamedUnit) else []),
        ]
        own = languages.get(language_of(language, f"{_PREFIX}intro"))
        if own.code != page_language:
            where = f'lang="{own.bcp47}" dir="{own.direction}"'
            heading = f"<span {where}>{heading}</span>"
            body = [f'<div {where} class="mw-content-{own.direction}">', *body, "</div>"]
        return "\n".join([f"== {heading} ==\n", *body])

    def _line(self, language: str, new: NewTexts) -> str:
        page = f"<bdi>[[:{escaping.title(new.title).removeprefix(':')}]]</bdi>"
        said = {"page": page, "texts": new.texts, "words": new.words}
        counted = message(language, f"{_PREFIX}page", said)
        if not new.address:
            return counted
        words = message(language, f"{_PREFIX}translate", {})
        return f"{counted} – [{escaping.url(new.address)} {words}]"
