"""The work of ``plan_translations`` between wiki and catalogs: pull and push."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from wikiplan.cli import plainpull, pushwork, syncpages
from wikiplan.cli.session import Session
from wikiplan.cli.syncpages import Sync
from wikiplan.errors import WikiplanError
from wikiplan.l10n.legible import isolated
from wikiplan.sync import syncoutcome
from wikiplan.sync.pulling import Pulling
from wikiplan.sync.syncoutcome import Outcome
from wikiplan.sync.syncunits import SyncPage, SyncUnit

PLAIN_PUSH = "Plain pages are written by plan_update; a push is for translatable ones."
TAKES_NOTHING = "-take:wiki: a push saves the catalogs' texts; say pull -take:wiki"
FOREIGN = "are not among the languages in pages.yaml; they stay there"


def pull(work: Session) -> None:
    """Bring what translators did on the wiki into the catalogs."""
    plainpull.pull(work)
    sync = syncpages.opened(work)
    sync.on_each_page(partial(_pull_page, sync))
    _finish(sync, (Outcome.CONFLICT, Outcome.DELETED))
    sync.raise_refused()


def push(work: Session) -> None:
    """Bring what is newer in the catalogs to the wiki, each text in one edit."""
    if work.options.values.get("take") == "wiki":
        raise WikiplanError(TAKES_NOTHING)
    sync = syncpages.opened(work)
    if sync.plain:
        work.terminal.say(PLAIN_PUSH)
    try:
        sync.on_each_page(partial(pushwork.push_page, sync))
    finally:  # what was pushed before an error is known too
        _finish(sync, syncoutcome.WAITING, Outcome.TO_PUSH)
    sync.raise_refused()


def _pull_page(sync: Sync, page: SyncPage) -> None:
    wiki = sync.work.translate
    group = wiki.group(page.title)
    if not wiki.jobs_done(page.title, page.marked.units, page.source_language):
        sync.busy(page)
        return
    having = group.languages if group else {}
    if foreign := sorted(set(having) - set(sync.work.plan.languages)):
        told = f"the wiki has translations into {', '.join(foreign)}, which {FOREIGN}"
        sync.work.terminal.say(f"{isolated(page.title)}: {told}.")

    def made_for(unit: SyncUnit, language: str) -> str | None:
        return wiki.made_for(page.title, unit.id, language)

    for language, shelf in sync.shelves.items():
        states = wiki.states(page.title, language) if language in having else {}
        glossary = sync.work.plan.glossary
        pulling = Pulling(language, shelf.catalog, shelf.base, glossary, sync.take, made_for)
        shelf.results += pulling.run(page.units, states)


def _finish(sync: Sync, waiting: Collection[Outcome], pending: Outcome | None = None) -> None:
    """Write the files, and say what became of each language.

    ``pending`` is what a rehearsal leaves to do.
    """
    files = sync.write_files()
    work = sync.work
    for language, shelf in sync.shelves.items():
        entry = syncoutcome.entry(language, shelf.results, files[language])
        entry["written"] |= sync.simulated and any(
            each.outcome is pending for each in shelf.results
        )
        work.report.catalogs.append(entry)
        work.report.waiting |= any(each.outcome in waiting for each in shelf.results)
        for line in syncoutcome.told(shelf.results):
            work.terminal.say(line)
        counted = syncoutcome.counts(shelf.results)
        told = ", ".join(f"{count} {name}" for name, count in counted.items())
        work.terminal.say(f"{language}: {told or 'nothing to do'}")
