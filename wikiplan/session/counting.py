"""How far all pages are, in all their languages: counted once, on an open wiki."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property

from wikiplan.changes import MOVED_PAGE, PageChange, check_may_be_missing, check_moved_away
from wikiplan.errors import MISSING_PAGE, Refusal, Stop
from wikiplan.plan import PageSpec, Target
from wikiplan.session.session import Session
from wikiplan.sync import (
    Examination,
    Overview,
    PageProgress,
    PlainProgress,
    Stage,
    WikiProgress,
    marking,
)
from wikiplan.value import Value, replace
from wikiplan.wiki import RememberingSite, Revision

BUSY = "translate-busy"


class Count(Value, dict=True):
    """One count of the chosen pages, on a wiki that is asked each thing once.

    ``tell`` is told how far each translatable page is, and what is wrong with a plain one.
    """

    work: Session
    languages: tuple[str, ...]
    chosen: tuple[Target, ...]
    tell: Callable[[Examination], None]

    @classmethod
    def of(cls, work: Session, tell: Callable[[Examination], None] = lambda found: None) -> Count:
        """Of translatable pages ``-language`` chooses what is shown, and not which pages."""
        every = replace(work.options, language=())
        return cls(replace(work, options=every), work.options.language, work.targets, tell)

    def progress(self) -> Overview:
        work = self.work
        pages = dict.fromkeys(target.page.title for target in self._targets)
        found = {spec.title: self._page(spec) for spec in work.plan.pages if spec.title in pages}
        return Overview(work.wiki.name, datetime.now(UTC), tuple(found.values()))

    def _page(self, page: PageSpec) -> PageProgress:
        return self._translatable(page) if page.translatable else self._plain(page)

    def _plain(self, page: PageSpec) -> PageProgress:
        chosen = [t.language for t in self._targets if t.page.title == page.title]
        source = self.work.plan.source_language
        counted = self._catalog_reader.page(page, tuple(c for c in chosen if c != source))
        found = self._moved.get(page.title)
        return self._told(found, counted) if found else counted

    def _translatable(self, page: PageSpec) -> PageProgress:
        found = self._examined[page.title]
        counted = PageProgress(page.title, (), (), translatable=True)
        try:
            if self._wiki_reader:
                counted = self._wiki_reader.page(found)
        except Stop:
            raise
        except Refusal as refusal:
            busy = refusal.code == BUSY
            found = found.now(Stage.AT_WORK if busy else Stage.REFUSED, str(refusal))
        return self._told(found, counted)

    def _told(self, found: Examination, counted: PageProgress) -> PageProgress:
        self.tell(found)
        return replace(counted, stage=str(found.stage), told=found.told)

    @cached_property
    def _targets(self) -> tuple[Target, ...]:
        every = self.work.targets
        return tuple(each for each in every if each in self.chosen or each.page.translatable)

    @cached_property
    def _examined(self) -> Mapping[str, Examination]:
        return examined(self.work, self._targets)

    @cached_property
    def _moved(self) -> Mapping[str, Examination]:
        """The plain pages that people moved, by the titles that the plan has for them."""
        pages = {t.page.title: t.page for t in self._targets if not t.page.translatable}
        heads = self.work.wiki.heads(list(pages)) if pages else {}
        gone = [title for title, head in heads.items() if head.redirect or not head.number]
        return {title: found for title in gone if (found := self._departed(pages[title]))}

    def _departed(self, page: PageSpec) -> Examination | None:
        try:
            check_moved_away(self.work.wiki, page.title)
            if not self.work.wiki.heads([page.title])[page.title].number:
                check_may_be_missing(page)
        except Refusal as refusal:
            if refusal.code not in (MOVED_PAGE, MISSING_PAGE):
                raise
            source = self.work.plan.source_language
            change = PageChange.none(Revision(page.title), source).refused(refusal)
            return Examination(change, page, Stage.REFUSED, told=str(refusal))
        return None

    @cached_property
    def _catalog_reader(self) -> PlainProgress:
        work, names = self.work, self.work.options.section
        return PlainProgress(work.plan, work.renderer, self.work.loaded.catalogs, work.wiki, names)

    @cached_property
    def _wiki_reader(self) -> WikiProgress | None:
        """What counts translatable pages; a folder has nothing to count."""
        work = self.work
        if not isinstance(work.translate, RememberingSite):
            return None
        tags = work.wiki.extension_tags
        return WikiProgress(
            work.plan,
            work.translate,
            self.work.loaded.catalogs,
            tags,
            self.languages,
            work.options.section,
        )


def examined(work: Session, targets: Sequence[Target]) -> Mapping[str, Examination]:
    """Return how far the translatable pages are, by their titles in ``pages.yaml``."""
    chosen = [target for target in targets if target.page.translatable]
    changes = work.compare(chosen)
    account = changes.account.name
    return {
        target.page.title: marking.examine(work.translate, target.page, change, account)
        for target, change in zip(chosen, changes.pages, strict=True)
    }
