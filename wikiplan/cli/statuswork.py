"""The work of ``plan_translations status``: how far all pages are, in all their languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property

from wikiplan.changes import (
    MOVED_PAGE,
    Answer,
    PageChange,
    check_may_be_missing,
    check_moved_away,
    look_at_stop_page,
)
from wikiplan.errors import MISSING_PAGE, Refusal, Stop, WikiplanError
from wikiplan.plan import PageSpec, Target
from wikiplan.report import statuspage
from wikiplan.report.terminal import Asker
from wikiplan.session.session import Session
from wikiplan.sync import (
    Examination,
    Overview,
    PageProgress,
    PlainProgress,
    Stage,
    WikiProgress,
    marking,
    progress,
)
from wikiplan.value import Value, replace
from wikiplan.wiki import RememberingSite, Revision

BUSY = "translate-busy"
AGAIN = "look again with “status” in some minutes"


def status(work: Session) -> None:
    """Count, show the table, and with ``-out:`` write the page; changes nothing on the wiki."""
    out = work.options.out
    if out and out.exists() and not out.is_dir():
        raise WikiplanError("status-into-file", f"-out:{out}: is a file; name a folder")
    found = _Status.of(work).progress()
    work.terminal.translations(found, texts=bool(work.options.language))
    work.report.progress += progress.as_data(found)
    conflicting, bare = found.tally().conflicting > 0, any(page.bare for page in found.pages)
    work.report.waiting = work.report.waiting or conflicting or bare
    if out:
        chosen = work.options.language
        own = chosen[0] if len(chosen) == 1 else statuspage.ENGLISH
        work.terminal.say(f"Written: {statuspage.write(out, found, own)}")


class _Status(Value, dict=True):
    """One count of the chosen pages, on a wiki that is asked each thing once."""

    work: Session
    languages: tuple[str, ...]
    chosen: tuple[Target, ...]

    @classmethod
    def of(cls, work: Session) -> _Status:
        """Of translatable pages ``-language`` chooses what is shown, and not which pages."""
        every = replace(work.options, language=())
        return cls(replace(work, options=every), work.options.language, work.targets)

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
        self.work.terminal.stage(found)
        self.work.report.add_stage(found)
        return replace(counted, stage=str(found.stage), told=found.told)

    @cached_property
    def _targets(self) -> tuple[Target, ...]:
        every = self.work.targets
        return tuple(each for each in every if each in self.chosen or each.page.translatable)

    @cached_property
    def _examined(self) -> Mapping[str, Examination]:
        return _examined(self.work, self._targets)

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


# The work of ``plan_translations mark``: marking translatable pages, or asking for it.


def mark(work: Session) -> None:
    """Mark what waits, or print the request to a translation administrator."""
    asker = Asker(work.terminal, "Mark", lambda change: None)
    for found in _examined(work, work.targets).values():
        if found.stage is Stage.WAITING:
            found = _mark(work, found, asker)
        work.terminal.stage(found)
        work.report.add_stage(found)


def _mark(work: Session, found: Examination, asker: Asker) -> Examination:
    try:
        marking.check(found, work.translate, work.limits)
    except Refusal as refusal:
        return found.now(Stage.REFUSED, str(refusal))
    work.terminal.effect(found.change)
    if lacking := work.translate.marking_refusal():
        work.terminal.say(f"{lacking[1]}. Ask a translation administrator:\n")
        work.terminal.say(marking.marking_request(found, work.translate))
        return found
    if not _may_mark(work, found, asker):
        return found
    try:
        look_at_stop_page(work.wiki, work.plan.stop_page)
        found = _asked_anew(work, found)
        if found.stage is not Stage.WAITING:
            return found
        with work.writing(work.wiki.account().name):
            done = marking.mark(found, work.translate)
    except Stop:
        raise
    except WikiplanError as error:
        return found.now(Stage.REFUSED, str(error))
    told = marking.told_of(found, done, work.translate.version), AGAIN
    return found.now(Stage.AT_WORK, "; ".join(filter(None, told)))


def _asked_anew(work: Session, found: Examination) -> Examination:
    """Return how far a page is now, whatever was told before, as it is about to be marked.

    Raises :class:`Refusal` where it should not be.
    """
    if work.translations is None:
        return found
    work.translations.forget(found.change.title)
    target = next(each for each in work.targets if each.page.title == found.page.title)
    now = _examined(work, [target])[found.page.title]
    if now.stage is Stage.WAITING:
        marking.check(now, work.translate, work.limits)
    return now


def _may_mark(work: Session, found: Examination, asker: Asker) -> bool:
    return work.may_write(lambda: asker(found.change) is Answer.YES)


def _examined(work: Session, targets: Sequence[Target]) -> Mapping[str, Examination]:
    """Return how far the translatable pages are, by their titles in ``pages.yaml``."""
    chosen = [target for target in targets if target.page.translatable]
    changes = work.compare(chosen)
    account = changes.account.name
    return {
        target.page.title: marking.examine(work.translate, target.page, change, account)
        for target, change in zip(chosen, changes.pages, strict=True)
    }
