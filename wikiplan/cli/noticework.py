"""The work of ``plan_translations notify``: telling translators that a new year needs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial

from wikiplan.channels import (
    ChannelPages,
    NewTexts,
    Notices,
    left_to_do,
    newest_year,
    sections_about,
)
from wikiplan.cli import channelwork, statuswork
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.l10n import isolated
from wikiplan.plan import FiscalYear, PageSpec, SectionSpec, title_in
from wikiplan.session.counting import Count
from wikiplan.session.session import Session
from wikiplan.sync import LanguageProgress, PageProgress, Stage, tally
from wikiplan.value import Value, replace
from wikiplan.wiki import RememberingSite, Revision
from wikiplan.wikitext import sections


def notify(work: Session) -> None:
    """Put notices onto the talk pages that the plan has for translators, once for each year."""
    entries, year = work.plan.notified, newest_year(work.plan)
    if work.site != work.plan.site or year is None:
        return
    if not entries:
        raise WikiplanError(
            "nobody-to-notify",
            "pages.yaml names no talk pages of translators; list them under “translators:”, as "
            "“talk-pages:”, each with its “page:” and its “language:”",
        )
    read = work.wiki.read_to_edit([each.title for each in entries])
    asked: dict[str, list[str]] = {}
    for each in entries:
        page = read[each.title]
        asked.setdefault(each.title, []).append(
            each.language or channelwork.language_of(work, page)
        )
    every = tuple(dict.fromkeys(code for codes in asked.values() for code in codes))
    new = _NewYear(work, year, every).texts()
    writing = ChannelPages(work.wiki, work.wiki.account(), work.report.run, work.plan.name)
    notices, pages = Notices(work.renderer, year), []
    for title, codes in asked.items():
        page, told = read[title], [code for code in dict.fromkeys(codes) if new.get(code)]
        if told:
            posts = [notices.post(code, page.language, new[code]) for code in told]
            pages.append(writing.posts(page, told[0], posts))
    channelwork.apply(work, writing.account, pages, brief=False)


class _NewYear(Value, dict=True):
    """What pages show of a year, and translators of some languages have not translated."""

    work: Session
    year: FiscalYear
    languages: tuple[str, ...]

    def texts(self) -> Mapping[str, Sequence[NewTexts]]:
        """Return the new texts by language; says which languages wait, for which pages."""
        found = {}
        for code in self._wanted if self._pages else ():
            if lacking := list(self._lacking(code)):
                self.work.say(f"{code}: no notice yet: {'; '.join(lacking)}.")
            else:
                found[code] = list(self._new(code))
        return found

    @cached_property
    def _wanted(self) -> tuple[str, ...]:
        chosen, source = self.work.options.language, self.work.plan.source_language
        own = [each for each in self.languages if each != source]
        return tuple(each for each in own if each in chosen or not chosen)

    @cached_property
    def _pages(self) -> tuple[PageSpec, ...]:
        """The chosen pages that show the year."""
        every = {target.page.title: target.page for target in self.work.targets}
        return tuple(page for page in every.values() if self._sections(page))

    def _sections(self, page: PageSpec) -> Sequence[SectionSpec]:
        return sections_about(self.work.plan, page, self.year)

    @cached_property
    def _counted(self) -> Mapping[str, PageProgress]:
        """How far the pages are, by their titles in ``pages.yaml``."""
        titles = tuple(page.title for page in self._pages)
        options = replace(self.work.options, page=titles, language=self._wanted)
        tell = partial(statuswork.tell_stage, self.work)
        counted = Count.of(replace(self.work, options=options), tell).progress().pages
        return dict(zip(titles, counted, strict=True))

    @cached_property
    def _language_pages(self) -> Mapping[str, Revision]:
        """The language versions of plain pages, as the wiki has them."""
        plain = [page for page in self._pages if not page.translatable]
        titles = [self._title(page, code) for page in plain for code in self._wanted]
        return self.work.wiki.read(titles) if titles else {}

    def _title(self, page: PageSpec, code: str) -> str:
        return title_in(page, code, self.work.plan.source_language)

    def _left(self, page: PageSpec, code: str) -> LanguageProgress | None:
        """Return how far a page is in a language, if translators are asked for that."""
        found = (each for each in self._counted[page.title].languages if each.language == code)
        return next((each for each in found if each.asked), None)

    def _lacking(self, code: str) -> Iterator[str]:
        """Yield the pages on which translators do not see the year's texts yet, and why."""
        for page in self._pages:
            progress = self._counted[page.title]
            if code not in page.languages:
                continue
            if page.translatable and progress.stage != Stage.MARKED:
                yield f"{isolated(progress.title)}: {progress.stage or 'not marked'}"
            elif not page.translatable and self._left(page, code) and not self._stands(page, code):
                yield f"{isolated(self._title(page, code))} does not show the year"

    def _stands(self, page: PageSpec, code: str) -> bool:
        """Tell whether a plain page has all of the year's sections in a language."""
        revision = self._language_pages[self._title(page, code)]
        try:
            there = {
                each.name for each in sections.find(revision.text, self.work.wiki.extension_tags)
            }
        except Refusal:
            return False
        own = page.in_language(code).sections
        return {each.name for each in self._sections(page) if each in own} <= there

    def _new(self, code: str) -> Iterator[NewTexts]:
        for page in self._pages:
            progress = self._left(page, code)
            units = left_to_do(progress, self._sections(page)) if progress else []
            if units:
                title, words = self._counted[page.title].title, tally(units).words
                if not page.translatable:
                    title = self._title(page, code)
                yield NewTexts(title, len(units), words, self._address(page, title, code))

    def _address(self, page: PageSpec, title: str, code: str) -> str:
        wiki = self.work.translate
        if page.translatable and isinstance(wiki, RememberingSite):
            return wiki.page_address(title, code)
        return ""
