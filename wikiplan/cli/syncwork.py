"""The work of ``plan_translations`` between wiki and catalogs: pull and push."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from wikiplan.catalogs import catalog
from wikiplan.catalogs.catalog import Catalog
from wikiplan.changes import MOVED_PAGE, Saving, check_may_be_missing, check_moved_away
from wikiplan.channels import sync_page
from wikiplan.cli import bundlework, plainpull
from wikiplan.errors import MISSING_PAGE, Refusal, Stop, WikiplanError
from wikiplan.files import FileChange
from wikiplan.l10n import isolated, message
from wikiplan.plan import BundleSpec, Target
from wikiplan.session.command import interruptible
from wikiplan.session.options import Side
from wikiplan.session.session import Session
from wikiplan.sync import (
    UNFINISHED,
    KnownTranslators,
    LanguagePull,
    LanguagePush,
    LastSeenFile,
    PushEdit,
    PushRun,
    StopPage,
    SyncOutcome,
    SyncPage,
    SyncResult,
    SyncUnit,
    Translator,
    credited,
    outcome_counts,
    outcome_lines,
    page_of,
    report_entry,
    state_in_header,
)
from wikiplan.translate import VERSIONS, clean, english, without_kept
from wikiplan.value import replace
from wikiplan.wiki import UNFUZZY_RIGHT, Account, Head, Revision, Saved, TranslateWiki, UnitState

# What a pull and a push begin with: the languages' catalogs, and the pages on the wiki.


VANISHED_CATALOGS = "push-without-catalogs"
"""Catalogs are missing that were there when they were last in step with the wiki."""

PAGES_REFUSED = "nothing-to-sync"
"""Pages were left alone, each for the reason that stands there; the others were done."""

BUSY = "the wiki is still at work on its marking; run again in a minute"


@dataclass
class Shelf:
    """One language: its catalog, in step with the plan, what was last seen, and what became of it.

    ``before`` is the catalog's text then: what only an update changes is no reason to write.
    """

    language: str
    catalog: Catalog
    base: LastSeenFile
    before: str
    results: list[SyncResult] = field(default_factory=list)

    def translators(self, sync: Sync) -> KnownTranslators:
        """Return who translated its texts, as far as that is known."""
        return KnownTranslators(self.catalog, self.base, sync.work.plan.credit, sync.account.name)

    @property
    def vanished(self) -> bool:
        return self.base.had_texts and not self.catalog.path.exists()

    def files(self) -> Iterator[FileChange]:
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
    unmarked: list[str] = field(default_factory=list)
    bundles: TranslateWiki | None = None
    """The wiki as one of message bundles, while a bundle's turn is."""

    @property
    def wiki(self) -> TranslateWiki:
        return self.bundles or self.work.translate

    @property
    def simulated(self) -> bool:
        return self.work.options.simulate

    @property
    def has_texts(self) -> bool:
        """Whether any catalog has a translation of anything."""
        units = self.work.plan.units.values()
        catalogs = [shelf.catalog for shelf in self.shelves.values()]
        return any(catalog.get(unit).text for catalog in catalogs for unit in units)

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
        self._on_each_bundle(do)

    def _on_each_bundle(self, do: Callable[[SyncPage], None]) -> None:
        """Do it with each message bundle that is on the wiki, unless others are chosen."""
        chosen = self.work.options.choice
        wanted = [] if chosen.sections else self.work.plan.bundles
        for bundle in wanted:
            if chosen.pages and bundle.title not in chosen.pages:
                continue
            try:
                self.bundles = self.bundles or bundlework.opened(self.work)
                if page := self._bundle(bundle):
                    do(page)
            except Stop:
                raise
            except Refusal as refusal:
                self.refused.append(str(refusal))
        self.bundles = None

    def _bundle(self, bundle: BundleSpec) -> SyncPage | None:
        marked = self.wiki.marked(bundle.title)
        if marked is None:
            told = "no message bundle yet: plan_translations bundles writes it"
            self.work.terminal.say(f"{isolated(bundle.title)}: {told}.")
            return None
        return sync_page(self.work.plan, bundle, bundle.title, marked)

    def raise_refused(self) -> None:
        """Raise :class:`WikiplanError` when pages were refused."""
        if self.refused:
            raise WikiplanError(PAGES_REFUSED, "\n".join(self.refused))

    def asked_anew(self, page: SyncPage) -> SyncPage | None:
        """Return a page as it is now, whatever earlier runs were told, before it is written."""
        if self.bundles:
            found = {bundle.title: bundle for bundle in self.work.plan.bundles}
            return self._bundle(found[page.title])
        if self.work.translations:
            self.work.translations.freshen(page.title)
        titles = {self.heads[target.title].title: target for target in self.translatable}
        return self._page(titles[page.title])

    def _page(self, target: Target) -> SyncPage | None:
        title = self.heads[target.title].title
        marked = self.wiki.marked(title)
        if marked is None:
            self._check_there(target)
            self.work.terminal.say(f"{isolated(title)}: not marked for translation yet.")
            self.unmarked.append(title)
            return None
        work, tags = self.work, self.work.wiki.extension_tags
        return page_of(work.plan, work.renderer, target.page, title, marked, tags)

    def _check_there(self, target: Target) -> None:
        """Refuse a page that people moved, or that is missing: it is not its marking it lacks."""
        title = target.title
        head = self.heads[title]
        try:
            if head.redirect or not head.number:
                check_moved_away(self.work.wiki, title)
            if not head.number:
                check_may_be_missing(target.page)
        except Refusal as refusal:
            if refusal.code not in (MOVED_PAGE, MISSING_PAGE):
                raise
            raise Refusal(refusal.code, f"{isolated(title)}: {refusal}") from refusal

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


def opened_sync(work: Session) -> Sync:
    """Choose pages and languages."""
    languages = work.options.language or work.plan.languages
    # A language is chosen among the catalogs here, not among the pages.
    work = replace(work, options=replace(work.options, language=()))
    shelves = {code: _shelf(work, code) for code in _others(work, languages)}
    found = tuple(target for target in work.targets if target.page.translatable)
    plain = tuple(target for target in work.targets if not target.page.translatable)
    account = work.account
    heads = work.wiki.heads([target.title for target in found]) if found else {}
    return Sync(work, account, shelves, plain, found, heads)


def _others(work: Session, languages: Sequence[str]) -> list[str]:
    return [code for code in languages if code != work.plan.source_language]


def _shelf(work: Session, language: str) -> Shelf:
    locale = work.options.data / "locale"
    path = locale / f"{language}.po"
    found = Catalog.load_or_create(path)
    found.update(work.plan.units.values())
    base = LastSeenFile.load(locale, language)
    base.forget(work.plan.credit.unnamed)
    if base.damaged:
        work.terminal.say(
            f"{base.path} cannot be read and counts as empty: texts that differ are conflicts."
        )
    return Shelf(language, found, base, found.text())


# Pushing to one translatable page: read, show, ask, write, and look again at the end.


SUMMARY = "wikiplan-translations"
COPIED_SUMMARY = "wikiplan-translations-copied"
"""Of a text that the wiki has elsewhere: whoever translated it there is to be found."""
SUMMARY_BY = "wikiplan-translations-by"
SUMMARY_LAST = "wikiplan-translations-last"
"""Of a text of which only is known who worked on its catalog last."""
NOT_ASKED = "Nothing was pushed: there is no terminal to ask on; use -always to push."
MARKED_ANEW = "the English was marked anew meanwhile, so the text was marked as outdated"

Stored = Mapping[tuple[str, str], Revision]
"""Unit pages by id and language."""

Pushed = tuple[PushEdit, Saved | SyncResult]
"""An edit, with what it saved or why it did not."""


def push_page(sync: Sync, page: SyncPage) -> None:
    """Push what is newer in the chosen languages' catalogs to one page."""
    pushings = {code: _pushing(sync, shelf, page.title) for code, shelf in sync.shelves.items()}
    wanted = {code: each.candidates(page.units) for code, each in pushings.items()}
    if not any(wanted.values()):
        _tell_deleted(sync, page, pushings)
    elif anew := sync.asked_anew(page):
        _push_page(sync, anew, pushings)
    if sync.bundles:
        _set_right(sync, page, pushings)


def _push_page(sync: Sync, page: SyncPage, pushings: Mapping[str, LanguagePush]) -> None:
    wanted = {code: each.candidates(page.units) for code, each in pushings.items()}
    stored = _stored(sync, page, wanted)
    if _at_work(page, wanted, stored):
        sync.busy(page)
        return
    _tell_deleted(sync, page, pushings)
    pushes: list[PushEdit] = []
    for code, units in wanted.items():
        states = _states(sync, page, pushings[code], units, stored)
        for unit in units:
            state = states.get(unit.id)
            found = pushings[code].plan(unit, stored[unit.id, code], state)
            if isinstance(found, PushEdit):
                pushes.append(found)
            else:
                sync.shelves[code].results.append(found)
    if pushes and _may_push(sync, page, pushes):
        _write(sync, page, pushings, pushes)
    else:
        for each in pushes:
            _add(sync, each, SyncOutcome.TO_PUSH)


def _pushing(sync: Sync, shelf: Shelf, title: str) -> LanguagePush:
    rules = VERSIONS[sync.wiki.version]
    unfuzzy = not rules.needs_unfuzzy_right or UNFUZZY_RIGHT in sync.account.rights
    plan, take = sync.work.plan, sync.work.options.take or ""
    return LanguagePush(
        shelf.language,
        shelf.catalog,
        shelf.base,
        plan.glossary,
        take,
        unfuzzy,
        _not_taken(sync, title, shelf.language),
        {page.title for page in plan.pages if page.translatable},
        shelf.translators(sync),
    )


def _not_taken(sync: Sync, title: str, language: str) -> str:
    """Say why a page takes no new translations into a language, if it does not."""
    group = sync.wiki.group(title)
    if group is None or group.priority is None or group.takes(language):
        return ""
    asked = ", ".join(group.priority.languages)
    return f"{title} takes no new translations but into {asked} (priority languages, forced)"


def _stored(sync: Sync, page: SyncPage, wanted: Mapping[str, Sequence[SyncUnit]]) -> Stored:
    """Read the unit pages that may change, and the English ones of the same units."""
    units = [(unit.id, code) for code, found in wanted.items() for unit in found]
    own = [(id, page.source_language) for id in dict.fromkeys(id for id, _ in units)]
    return sync.wiki.unit_pages(page.title, [*units, *own]) if units else {}


def _at_work(page: SyncPage, wanted: Mapping[str, Sequence[SyncUnit]], stored: Stored) -> bool:
    """Return whether the wiki has not stored the marked English of all units yet (fact 3.6)."""
    units = {unit.id: unit for found in wanted.values() for unit in found}
    return any(
        clean(without_kept(stored[id, page.source_language].text)) != unit.marked
        for id, unit in units.items()
    )


def _tell_deleted(sync: Sync, page: SyncPage, pushings: Mapping[str, LanguagePush]) -> None:
    """Name the texts that people deleted on the wiki; one request if it had any."""
    stood = {code: each.stood_there(page.units) for code, each in pushings.items()}
    if not any(stood.values()):
        return
    there = sync.wiki.unit_names(page.title)
    for code, units in stood.items():
        gone = (unit for unit in units if (unit.id, code) not in there)
        sync.shelves[code].results += map(pushings[code].deleted, gone)


def _states(
    sync: Sync, page: SyncPage, pushing: LanguagePush, units: Sequence[SyncUnit], stored: Stored
) -> Mapping[str, UnitState]:
    """Ask for a language's states, one request, if what is to be done depends on any."""
    language = pushing.language
    if any(pushing.asks_for_state(unit, stored[unit.id, language]) for unit in units):
        return _believed(sync, page, language, sync.wiki.states(page.title, language))
    return {}


def _believed(
    sync: Sync, page: SyncPage, language: str, states: Mapping[str, UnitState]
) -> Mapping[str, UnitState]:
    """Return the states of a page as they are, of a message bundle as they should be."""
    if sync.bundles is None:
        return states
    base = sync.shelves[language].base
    true = {u.id: u.believed(base, states[u.id]) for u in page.units if u.id in states}
    return {**states, **true}


def _set_right(sync: Sync, page: SyncPage, pushings: Mapping[str, LanguagePush]) -> None:
    """Save the texts of a bundle again of which the wiki says something else than is so."""
    pushes: list[PushEdit] = []
    for code, pushing in pushings.items():
        states = sync.wiki.states(page.title, code)
        true = _believed(sync, page, code, states)
        wrong = [u for u in page.units if u.id in states and true[u.id] != states[u.id]]
        wrong = [u for u in wrong if pushing.unfuzzy or true[u.id].outdated]
        stored = sync.wiki.unit_pages(page.title, [(unit.id, code) for unit in wrong])
        for unit in wrong:
            there, current = stored[unit.id, code], not true[unit.id].outdated
            if there.number == states[unit.id].revision and not there.refusals:
                text = unit.in_catalog(there.text)
                raw = there.text if current else unit.on_wiki(text, outdated=True)
                pushes.append(PushEdit(unit, code, there, raw, text, current))
    if not pushes:
        return
    if _may_push(sync, page, pushes):
        _write(sync, page, pushings, pushes)
    else:
        for each in pushes:
            _add(sync, each, SyncOutcome.TO_PUSH)


def _may_push(sync: Sync, page: SyncPage, pushes: Sequence[PushEdit]) -> bool:
    """Show the edits, and ask unless that is settled."""
    for each in pushes:
        _show(sync.work, each)
    counted = Counter(each.language for each in pushes)
    told = ", ".join(f"{code} {count}" for code, count in counted.items())
    question = f"Push {len(pushes)} texts to {isolated(page.title)} ({told})?"
    return sync.work.may_write(lambda: sync.work.terminal.confirm(question), NOT_ASKED)


def _show(work: Session, push: PushEdit) -> None:
    """Show an edit as people read it: what stands there, and what is to stand there."""
    unit = SyncResult(push.unit, push.language, SyncOutcome.TO_PUSH)
    lines = [f"{isolated(unit.title)}:"]
    if push.page.exists:
        lines.append(f"  - {isolated(push.page.text)}")
    work.terminal.say("\n".join([*lines, f"  + {isolated(push.raw)}"]))


def _write(
    sync: Sync, page: SyncPage, pushings: Mapping[str, LanguagePush], pushes: Sequence[PushEdit]
) -> None:
    work, name = sync.work, sync.account.name
    with work.writing(name), interruptible() as interrupt:
        stop = StopPage(work.wiki, work.plan.stop_page, interrupt)
        saving = Saving(work.wiki, work.report.run)
        last = {code: shelf.translators(sync).last for code, shelf in sync.shelves.items()}
        writing = PushRun(sync.wiki, saving, partial(_summary, work, last), stop.check)
        try:
            writing.run(pushes)
        finally:
            _note(sync, pushings, writing.results)
        if writing.ended is None:
            _look_again(sync, page, pushings, writing)
            return
        with suppress(WikiplanError):  # what ended the run is what people should know
            _look_again(sync, page, pushings, writing)
        raise writing.ended


def _summary(work: Session, last: Mapping[str, Translator | None], push: PushEdit) -> str:
    """Return the summary of an edit, in the language of the plan: the wiki's editors read it.

    ``last`` is whom each catalog names as its last translator.
    """
    values = {"run": work.report.run, "source": push.source}
    name, who = (COPIED_SUMMARY, None) if push.source else (SUMMARY, None)
    if not push.source and (who := push.translator):
        name = SUMMARY_BY
    elif not push.source and (who := last[push.language]):
        name = SUMMARY_LAST
    return message(work.plan.source_language, name, values | {"user": who.linked if who else ""})


def _note(sync: Sync, pushings: Mapping[str, LanguagePush], results: Sequence[Pushed]) -> None:
    """Note what became of each edit, and of those that were made what was seen then."""
    for each, done in results:
        if isinstance(done, SyncResult):
            sync.shelves[each.language].results.append(done)
        else:
            pushings[each.language].remember(each, done, sync.account.name)
            _add(sync, each, SyncOutcome.PUSHED, done.number or each.page.number)


def _look_again(
    sync: Sync, page: SyncPage, pushings: Mapping[str, LanguagePush], writing: PushRun
) -> None:
    """Where a unit was marked anew since it was read, what was pushed is for the old English."""
    wiki = sync.wiki
    if not writing.done or wiki.marked_revision(page.title) == page.marked.revision:
        return
    marked = wiki.marked(page.title)
    now = {id: clean(english(text)) for id, text in marked.units.items()} if marked else {}
    changed = {unit.id for unit in page.units if now.get(unit.id, unit.marked) != unit.marked}
    for each, done in writing.outdate(changed):
        if isinstance(done, SyncResult):
            sync.shelves[each.language].results.append(done)
            continue
        late = replace(each, current=False, page=replace(each.page, number=done.parent))
        pushings[each.language].remember(late, done, sync.account.name)
        _add(sync, each, SyncOutcome.WAITS, done.number, MARKED_ANEW)


def _add(
    sync: Sync, push: PushEdit, outcome: SyncOutcome, revision: int = 0, why: str = ""
) -> None:
    result = SyncResult(push.unit, push.language, outcome, push.text, why, push.findings, revision)
    sync.shelves[push.language].results.append(result)


# The work of ``plan_translations`` between wiki and catalogs: pull and push.


PLAIN_PUSH = "Plain pages are written by plan_update; a push is for translatable ones."
TAKES_NOTHING = "-take:wiki: a push saves the catalogs' texts; say pull -take:wiki"
VANISHED = (
    "is missing, and was there when it was last in step with the wiki; bring it back, or say pull "
    "to take the wiki's texts; nothing was pushed"
)
FOREIGN = "are not among the languages in pages.yaml; they stay there"


def pull(work: Session) -> None:
    """Bring what translators did on the wiki into the catalogs."""
    work, refused = plainpull.pull(work)
    sync = opened_sync(work)
    sync.refused += refused
    sync.on_each_page(partial(_pull_page, sync))
    _finish(sync, (SyncOutcome.CONFLICT, SyncOutcome.DELETED))
    sync.raise_refused()


def push(work: Session) -> None:
    """Bring what is newer in the catalogs to the wiki, each text in one edit."""
    if work.options.take is Side.WIKI:
        raise WikiplanError("push-takes-nothing", TAKES_NOTHING)
    sync = opened_sync(work)
    _check_catalogs(sync)
    if sync.plain:
        work.terminal.say(PLAIN_PUSH)
    try:
        sync.on_each_page(partial(push_page, sync))
    finally:  # what was pushed before an error is known too
        _finish(sync, UNFINISHED, SyncOutcome.TO_PUSH)
    if sync.unmarked and sync.has_texts:
        work.report.waiting = True  # for somebody who marks the page
    sync.raise_refused()


def _check_catalogs(sync: Sync) -> None:
    """Raise :class:`WikiplanError` where a catalog vanished: there would be nothing to push."""
    gone = (shelf.catalog.path for shelf in sync.shelves.values() if shelf.vanished)
    if missing := [f"{path}: {VANISHED}" for path in gone]:
        raise WikiplanError(VANISHED_CATALOGS, "\n".join(missing))


def _pull_page(sync: Sync, page: SyncPage) -> None:
    wiki = sync.wiki
    group = wiki.group(page.title)
    unknown = sync.bundles is not None and group is None
    if unknown or not wiki.jobs_done(page.title, page.marked.units, page.source_language):
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
        states = _believed(sync, page, language, states)
        glossary = sync.work.plan.glossary
        take, credit = sync.work.options.take or "", sync.work.plan.credit
        pulling = LanguagePull(
            language, shelf.catalog, shelf.base, glossary, take, made_for, credit
        )
        shelf.results += pulling.run(page.units, states)
        brought = [*credited(language, pulling.taken, credit)]
        state_in_header(shelf.catalog, brought)
        sync.work.report.add_credits(brought)


def _finish(
    sync: Sync, waiting: Collection[SyncOutcome], pending: SyncOutcome | None = None
) -> None:
    """Write the files, and say what became of each language.

    ``pending`` is what a rehearsal leaves to do.
    """
    files = sync.write_files()
    work = sync.work
    for language, shelf in sync.shelves.items():
        record = report_entry(language, shelf.results, files[language])
        record["written"] |= sync.simulated and any(
            each.outcome is pending for each in shelf.results
        )
        work.report.catalogs.append(record)
        work.report.waiting |= any(each.outcome in waiting for each in shelf.results)
        for line in outcome_lines(shelf.results):
            work.terminal.say(line)
        counted = outcome_counts(shelf.results)
        told = ", ".join(f"{count} {name}" for name, count in counted.items())
        work.terminal.say(f"{language}: {told or 'nothing to do'}")
