"""What a pull and a push begin with: the languages' catalogs, and the pages on the wiki."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wikiplan.atomic import Replacement
from wikiplan.catalogs import catalog
from wikiplan.catalogs.catalog import Catalog
from wikiplan.cli.session import Session
from wikiplan.errors import Refusal, Stop, WikiplanError
from wikiplan.l10n.legible import isolated
from wikiplan.plan import targets
from wikiplan.plan.targets import Target
from wikiplan.sync import syncunits
from wikiplan.sync.syncbase import SyncBase
from wikiplan.sync.syncoutcome import Synced
from wikiplan.sync.syncunits import SyncPage
from wikiplan.wiki.wiki import Account, Head

TAKES = ("wiki", "catalog")
BUSY = "the wiki is still at work on its marking; run again in a minute"


@dataclass
class Shelf:
    """One language: its catalog, in step with the plan, what was last seen, and what became of it.

    ``before`` is the catalog's text then: what only an update changes is no reason to write.
    """

    language: str
    catalog: Catalog
    base: SyncBase
    before: str
    results: list[Synced] = field(default_factory=list)

    def files(self) -> Iterator[Replacement]:
        """Yield the files that changed."""
        found = self.catalog.prepared() if self.catalog.text() != self.before else None
        yield from (each for each in (found, self.base.prepared()) if each)


@dataclass
class Sync:
    """A pull or a push under way."""

    work: Session
    account: Account
    shelves: Mapping[str, Shelf]
    plain: tuple[Target, ...]
    translatable: tuple[Target, ...]
    heads: Mapping[str, Head] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def simulated(self) -> bool:
        return "simulate" in self.work.options.values

    @property
    def take(self) -> str:
        return self.work.options.values.get("take", "")

    def on_each_page(self, do: Callable[[SyncPage], None]) -> None:
        """Do something with each chosen page that is marked; a refused one is told at the end."""
        for target in self.translatable:
            try:
                if page := self._page(target):
                    do(page)
            except Stop:
                raise
            except Refusal as refusal:
                self.refused.append(str(refusal))

    def raise_refused(self) -> None:
        """Raise :class:`WikiplanError` when pages were refused."""
        if self.refused:
            raise WikiplanError("\n".join(self.refused))

    def _page(self, target: Target) -> SyncPage | None:
        title = self.heads[target.title].title
        marked = self.work.translate.marked(title)
        if marked is None:
            self.work.terminal.say(f"{isolated(title)}: not marked for translation yet.")
            return None
        return syncunits.page_of(self.work.plan, self.work.renderer, target.page, title, marked)

    def busy(self, page: SyncPage) -> None:
        """Say that a page has to wait: what the wiki says of its translations is not true yet."""
        self.work.terminal.say(f"{isolated(page.title)}: {BUSY}.")
        self.work.report.waiting = True

    def write_files(self) -> dict[str, list[str]]:
        """Write the catalogs and what was last seen, all or none; return the files by language."""
        files = {code: list(shelf.files()) for code, shelf in self.shelves.items()}
        if not self.simulated:
            catalog.write([each for found in files.values() for each in found])
        return {code: [str(each.path) for each in found] for code, found in files.items()}


def opened(work: Session) -> Sync:
    """Choose pages and languages. Raises :class:`WikiplanError` on a choice that makes no sense."""
    given = work.options.values.get("take", "wiki")
    if given not in TAKES:
        raise WikiplanError(f"-take:{given}: no such side; use -take:wiki or -take:catalog")
    if work.options.choice.sections:
        raise WikiplanError("-section: pull and push go by whole pages; choose with -page:TITLE")
    chosen = work.options.choice
    targets.targets(work.plan, chosen)  # names that the plan lacks
    # A language is chosen among the catalogs here, not among the pages.
    every = replace(work.options, choice=replace(chosen, languages=()))
    work = replace(work, options=every)
    languages = chosen.languages or work.plan.languages
    shelves = {code: _shelf(work, code) for code in _others(work, languages)}
    found = tuple(target for target in work.targets if target.page.translatable)
    plain = tuple(target for target in work.targets if not target.page.translatable)
    account = work.wiki.account()
    heads = work.wiki.heads([target.title for target in found]) if found else {}
    return Sync(work, account, shelves, plain, found, heads)


def _others(work: Session, languages: Sequence[str]) -> list[str]:
    return [code for code in languages if code != work.plan.source_language]


def _shelf(work: Session, language: str) -> Shelf:
    locale = work.options.data / "locale"
    path = locale / f"{language}.po"
    found = (Catalog.load if path.exists() else Catalog.create)(path)
    found.update(work.plan.units.values())
    base = SyncBase.load(locale, language)
    if base.damaged:
        work.terminal.say(
            f"{base.path} cannot be read and counts as empty: texts that differ are conflicts."
        )
    return Shelf(language, found, base, found.text())
