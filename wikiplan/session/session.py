"""What runs on a wiki share: the plan, the open wiki, the lock of who writes, the change set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cached_property, partial
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any, Protocol, Self

from wikiplan import files
from wikiplan.changes import (
    Action,
    Application,
    ChangeSet,
    Comparison,
    Ingredients,
    Inputs,
    Journal,
    KnownPage,
    Limits,
    Memory,
    PageChange,
    Remembered,
    Summary,
    comparison,
    memory,
    memoryfile,
    settle,
)
from wikiplan.changes import journal as journals
from wikiplan.errors import NO_TRANSLATE, Fault, Faults, Message, Refusal, Stop, WikiplanError
from wikiplan.plan import Plan, RetiredTarget, Shard, Target, Writer, shards, targets
from wikiplan.render import Renderer
from wikiplan.session import filelock, writes
from wikiplan.session.command import Consent, Run
from wikiplan.session.commandline import refuse_misspelt, refuse_rest
from wikiplan.session.filelock import LOCKED, FileLock, Holder
from wikiplan.session.loading import Loaded, inputs_of, load
from wikiplan.session.lockpage import LOCK_PAGE, LockPage, LockPageName
from wikiplan.session.options import Allowance
from wikiplan.value import replace
from wikiplan.wiki import (
    LANGUAGE_RIGHT,
    Account,
    NoTranslate,
    Recent,
    RememberingSite,
    TranslateMemory,
    TranslateSite,
    TranslateWiki,
    Wiki,
    no_check,
    open_translate,
    waits,
)

TRANSLATIONS_ENDING = ".translations"


class Decisions(Protocol):
    """What people decided elsewhere for a run that asks nobody."""

    def about_edits(self, changes: ChangeSet) -> Mapping[tuple[str, str], str]:
        """Return the answers about people's edits, by page title and section."""

    def lacking(self, changes: ChangeSet) -> str:
        """Return why the change set may not be saved yet, empty if it may."""


def unwatched(application: Application) -> None:
    """Let it write: nobody looks on."""


class Work(Run):
    """A run on an open wiki."""

    wiki: Wiki
    journal: Journal | None = None
    """That of a run that holds the lock."""
    lock_name: LockPageName = LockPageName()
    lock_page: LockPage | None = None
    """The lock on the wiki, of a run that holds that of its machine."""
    decisions: Decisions | None = None
    reviewed: bool = False
    """Whether somebody took their time since the pages were compared."""
    watch: Callable[[Application], None] = unwatched
    """Is given what begins to write; who looks on has its outcomes, and may interrupt it."""

    def memory_path(self, plan: str) -> Path:
        """Where what runs of this account remember of a plan is kept, of each shard by itself."""
        folder, writer = files.state_folder(self.options.wiki), self.options.shard
        return memoryfile.path_of(folder, self.wiki.name, writer.named(self.wiki.user), plan)

    @contextmanager
    def holding_the_lock(self) -> Iterator[Self]:
        """Hold the lock before anything is compared, if the run may write; yields it with that."""
        if self.consent in (Consent.GIVEN, Consent.ASK):
            with self._holding(self.wiki.user) as held:
                yield held
        else:
            self.settle()
            yield self

    @contextmanager
    def writing(self, account: str) -> Iterator[Journal]:
        """Hold the locks of the site and account, that on the wiki too: one run at a time writes.

        Yields the journal, in which nothing of an earlier run is open any more.
        """
        with self._holding(account) as held:
            assert held.journal and held.lock_page
            held.lock_page.take()
            yield held.journal

    @contextmanager
    def _holding(self, account: str) -> Iterator[Self]:
        """Hold the lock of this machine, and look at that on the wiki."""
        if self.journal:
            yield self
            return
        self._check_shard()
        holder = Holder.of(self.report.run)
        with self._journal(account) as (lock, journal):
            page = LockPage(self.wiki, self.lock_name, holder, self.say, lock.killed)
            page.look()

            def check() -> None:
                lock.check()
                page.check()
                if not page.is_at_work:
                    writes.count()

            self.wiki.before_write = check
            try:
                yield replace(self, journal=journal, lock_page=page)
            finally:
                self.wiki.before_write = no_check
                page.give_back()

    def _check_shard(self) -> None:
        if self.lock_name.title and not self.options.shard.is_whole:
            raise Stop(
                LOCK_PAGE,
                f"lock-page: {self.lock_name.title} lets one run write, and shards are several; "
                "take it out of pages.yaml, and let the shards share one folder of state",
            )

    @contextmanager
    def _journal(self, account: str) -> Iterator[tuple[FileLock, Journal]]:
        """Hold the lock of this machine; find out what killed runs did."""
        folder, name, say = files.state_folder(self.options.wiki), self.wiki.name, self.say
        writer = Writer(name, account, self.options.shard)
        rivals = partial(writer.rivals, folder)
        with filelock.held(
            folder, name, writer.name, self.report.run, say, partial(rivals, files.LOCK_ENDING)
        ) as lock:
            journal = Journal(journals.path_of(folder, name, writer.name), say)
            with closing(journal):
                journal.mend()
                self._tell_killed(journal)
                for path in rivals(journals.ENDING):
                    with closing(Journal(path, say)) as other:
                        self._tell_killed(other)
                yield lock, journal

    def _tell_killed(self, journal: Journal) -> None:
        """Find out what the killed runs of a journal did; nobody may write into it meanwhile."""
        for killed in settle(journal, self.wiki):
            self.terminal.say(killed.told)
            self.report.add_killed(killed)

    def settle(self) -> None:
        """Find out what a killed run did, before anything is compared; asks nobody if none was.

        ``-simulate`` writes nothing, so the journal stays as it is.
        """
        if self.options.simulate:
            return
        folder, name = files.state_folder(self.options.wiki), self.wiki.name
        shard = self.options.shard
        known = [
            Journal(path, self.say)
            for path in journals.paths(folder, name)
            if shards.of_name(path.stem).overlaps(shard)
        ]
        if not any(journal.unsettled() for journal in known):
            return
        try:
            with self._journal(self.wiki.user):
                pass
        except Stop as stop:
            if stop.code != LOCKED:  # then it was not killed: it is at work
                raise


class Session(Work, kw_only=True):
    """A run that knows the plan; one with other options or another plan is another session."""

    loaded: Loaded
    site: str
    """As ``pages.yaml`` names it; the plan is the part of it that is there."""
    translations: TranslateMemory | None = None
    """What runs are told of translations, for commands that mostly read them."""
    asked: Mapping[tuple[str, str], str] = {}
    """What a person said at the terminal about people's edits, by page title and section."""

    @property
    def plan(self) -> Plan:
        return self.loaded.plan

    @property
    def renderer(self) -> Renderer:
        return self.loaded.renderer

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The chosen pages in the order of ``pages.yaml``."""
        return targets.chosen_targets(self.plan, self.options.choice)

    @cached_property
    def translate(self) -> TranslateWiki:
        """The wiki's Translate extension; not asked for unless a page is translatable."""
        if not any(target.page.translatable for target in self.targets):
            return NoTranslate(self.wiki.name)
        memory = self.translations
        kind = partial(RememberingSite, memory=memory) if memory else TranslateSite
        found = open_translate(self.wiki, kind)
        if isinstance(found, NoTranslate) and self.options.wiki is None:
            raise Refusal(
                NO_TRANSLATE,
                f"pages.yaml has translatable pages, and {self.wiki.name} has no Translate "
                "extension: its readers would see the tags; make the pages plain",
            )
        if found.assumption:
            self.terminal.say(found.assumption)
            self.report.assumption = found.assumption
        return found

    @property
    def limits(self) -> Limits:
        plan = self.plan
        allowed = self.options.allow
        return Limits(plan.most_orphaned, plan.most_outdated, allowed, plan.most_lost)

    def compare(self, chosen: Sequence[Target] | None = None) -> ChangeSet:
        """Compute the change set of all chosen pages, or of some of them."""
        retired = self._retired if chosen is None else ()
        if chosen is not None:
            self._check_inputs(chosen)
            one = replace(self._comparison(), expects_changes=len(chosen) == 1)
            return self._compute(one, chosen, self.inputs)
        self._check_inputs(self.targets)
        wanted = replace(self._comparison(), ingredients=self._ingredients)
        if not self.compares_all:
            known = {"in_step": self.in_step, "expects_changes": bool(self.in_step)}
            wanted = replace(wanted, **known, remembered=self._remembered)
        return self._compute(wanted, self.targets, self.inputs, retired)

    def compare_with(self, data: Path, title: str = "") -> ChangeSet:
        """Compute the change set with another directory of data, of all chosen pages or of one."""
        loaded = load(replace(self.options, data=data)).on(self.site)
        other = replace(self._comparison(), plan=loaded.plan, renderer=loaded.renderer)
        chosen = targets.chosen_targets(loaded.plan, self.options.choice)
        wanted = [each for each in chosen if title in ("", each.title)]
        return self._compute(other, wanted, inputs_of(replace(self.options, data=data)))

    def _compute(
        self,
        wanted: Comparison,
        chosen: Sequence[Target],
        inputs: Inputs,
        retired: Sequence[RetiredTarget] = (),
    ) -> ChangeSet:
        with self.terminal.progress("Comparing", len(chosen)) as step:
            changes = comparison.compute(wanted, chosen, self.report.run, step, retired)
        changes = replace(changes, inputs=inputs)
        if not (any(page.action is Action.CREATE for page in changes.pages) and self.left):
            return changes
        return comparison.without_doubles(changes, self.left, self.subjects)

    @cached_property
    def inputs(self) -> Inputs:
        """What the plan's pages are made from now."""
        return inputs_of(self.options)

    @cached_property
    def memory(self) -> Memory:
        """What earlier runs of this account know of the wiki's pages."""
        return memoryfile.read(self.memory_path(self.plan.name))

    @cached_property
    def recent(self) -> Recent:
        """What happened on the wiki since the last run; asked before anything is read."""
        known = self.memory
        return self.wiki.changes_since(known.cursor, memory.namespaces(known))

    @property
    def account(self) -> Account:
        """Who writes, as the wiki said together with what happened."""
        recent = self.translations.recent(self.wiki) if self.translations else self.recent
        return recent.account

    @cached_property
    def in_step(self) -> Mapping[str, PageChange]:
        """The pages that are in step as far as is known without reading them, by title."""
        known = self._remembered
        if known is None:
            return {}
        may_be = [each for each in self.targets if not self._may_get_language(each)]
        return known.still_in_step(may_be, self.wiki, self.recent)

    def _may_get_language(self, target: Target) -> bool:
        """Whether a page that was in step has another language than the plan wants for it.

        It had it then for want of a right, or of page languages, which the wiki may have by now.
        """
        known = self.memory.pages.get(target.title)
        if known is None or not target.page.page_language:
            return False
        return known.content_language != target.language and LANGUAGE_RIGHT in self.account.rights

    @cached_property
    def _remembered(self) -> Remembered | None:
        if self.options.section:  # what is known of a page is of all its sections
            return None
        return Remembered(self.memory, self.inputs, self._ingredients)

    @property
    def compares_all(self) -> bool:
        """Whether all pages are compared, also those that are known to be in step."""
        last, days = self.memory.complete_at, self.options.trust
        return self.options.full or (last is not None and self.report.started - last > days)

    @cached_property
    def _ingredients(self) -> Ingredients:
        return Ingredients(self.renderer, self.inputs.versions)

    @cached_property
    def _last(self) -> Mapping[str, KnownPage]:
        """What the pages of this wiki were last made from, by title, whoever made them."""
        folder, own = files.state_folder(self.options.wiki), self.memory_path(self.plan.name)
        plan, data = self.plan.name, str(self.plan.directory.resolve())
        others = memoryfile.read_all(folder, self.wiki.name, plan, data, without=own)
        return {**others, **self.memory.pages}

    @cached_property
    def subjects(self) -> Mapping[str, tuple[str, ...]]:
        """What of the data pages are made for, by title, where a pattern makes them."""
        every = targets.chosen_targets(self.plan)
        return {each.title: each.page.subjects for each in every if each.page.subjects}

    @property
    def _retired(self) -> tuple[RetiredTarget, ...]:
        """The chosen pages that the plan had, and of which it says what remains."""
        choice = self.options.choice
        named = targets.retired_targets(self.plan, choice)
        return (*named, *memory.going(self._gone, self.plan, choice))

    @cached_property
    def left(self) -> Mapping[str, KnownPage]:
        """The pages that the plan says nothing of any more, and that are still there."""
        return memory.left(self._gone, self.plan)

    @cached_property
    def _gone(self) -> Mapping[str, KnownPage]:
        gone = memory.gone(self._last, self.plan)
        heads = self.wiki.heads(list(gone)) if gone else {}
        return {t: gone[t] for t, head in heads.items() if head.number and not head.redirect}

    def _check_inputs(self, chosen: Sequence[Target]) -> None:
        """Refuse to go on without a file that the pages were made from the last time."""
        if Allowance.MISSING in self.options.allow:
            return
        titles = [target.title for target in chosen]
        gone = memory.missing(self._last, titles, self.inputs.files)
        catalogs = {f"data/locale/{code}.po" for code in self.plan.languages}
        message = Message(
            "missing-input",
            "is missing, and the pages were last made from it; take it from its version history, "
            "or say -allow:missing if it is gone for good",
        )
        found = [
            Fault(self._shown(name), 0, 0, "", message)
            for name in gone
            if name in catalogs or not name.startswith("data/locale/")
        ]
        if found:
            raise Faults(found)

    def _shown(self, name: str) -> str:
        """Return where a file of the plan stands, or stood."""
        role, _, inside = name.partition("/")
        folder = self.options.data if role == "data" else self.options.templates
        return files.shown(folder / inside)

    def _comparison(self) -> Comparison:
        return Comparison(
            plan=self.plan,
            renderer=self.renderer,
            wiki=self.wiki,
            account=self.account,
            choice=self.options.choice,
            summarise=Summary(self.report.run),
            translate=self.translate,
            limits=self.limits,
            answers=replace(self.options.drift, asked=self.asked),
            take_over=self.options.take_over,
        )

    @contextmanager
    def remembering_translations(self) -> Iterator[Session]:
        """Yield a session that knows what earlier runs were told of translations.

        What it is told is kept for later ones, but by a rehearsal.
        """
        if self.options.wiki is not None:  # a folder has no translations
            yield self
            return
        folder, wiki = files.state_folder(None), self.wiki
        path = files.state_path(folder, wiki.name, wiki.user, TRANSLATIONS_ENDING)
        with closing(TranslateMemory(path, anew=self.options.full)) as memory:
            try:
                yield replace(self, translations=memory)
            finally:
                if not self.options.simulate:
                    memory.store()

    def differing(self, **fields: Any) -> Session:
        """Return a session for looking on, with other fields.

        What was asked of the wiki and of earlier runs once is not asked again, though it may be
        another by now.
        """
        other = replace(self, **fields)
        told = ("memory", "recent") if other.plan.name == self.plan.name else ()
        other.__dict__.update({each: vars(self)[each] for each in told if each in vars(self)})
        return other

    def loaded_again(self, *, texts: bool = True) -> Session:
        """Return the session with plan and catalogs as they are, after the run wrote some files.

        Without ``texts`` errors in translations are left to who handles them one by one.
        """
        return replace(self, loaded=load(self.options, texts=texts).on(self.site))


@contextmanager
def with_plan(run: Run, loaded: Loaded, site: str) -> Iterator[Session]:
    """Open the wiki of a site for the part of the plan that is there."""
    with on_wiki(run, site) as work:
        known = (run.options, run.open_terminal, run.report, work.wiki)
        name = LockPageName(loaded.plan.lock_page, loaded.plan.stop_page)
        yield Session(*known, lock_name=name, loaded=loaded.on(site), site=site)


def check_size(changes: ChangeSet, shard: Shard) -> None:
    """Raise when a run would write more pages than ``pages.yaml`` allows it."""
    count, most = len(changes.to_write), changes.most_pages
    if count > most:
        share = "" if shard.is_whole else f" {shard} as its share"
        raise Refusal(
            "too-many-pages",
            f"{count} pages would change, more than the {most} that pages.yaml allows{share} "
            "(most-pages); nothing is written: look at the data, choose with -page:, or raise it",
        )


@contextmanager
def with_file(run: Run, site: str, source: str, lock: LockPageName) -> Iterator[Work]:
    """Open the wiki for a file that says of itself which site it is for; ``source`` names it."""
    if site.startswith("folder:") and run.options.wiki is None:
        raise WikiplanError(
            "other-wiki-folder", f"{source} is for {site}; say -wiki:DIR; nothing was done"
        )
    with on_wiki(run, site, source) as work:
        yield replace(work, lock_name=lock)


@contextmanager
def on_wiki(run: Run, site: str, source: str = "pages.yaml") -> Iterator[Work]:
    """Open the wiki; the report learns which it is, and what it cost."""
    wiki = _open(run, site, source)
    run.report.site = wiki.name
    try:
        yield Work(run.options, run.open_terminal, run.report, wiki)
    finally:
        run.report.requests = wiki.requests


def _open(run: Run, expected: str, source: str = "pages.yaml") -> Wiki:
    """Open the folder or the site. Only a site needs Pywikibot, which takes long to load."""
    options = run.options
    if options.wiki is not None:
        refuse_rest(options.rest)
        if options.wiki.exists() and not options.wiki.is_dir():
            raise WikiplanError("wiki-is-a-file", f"-wiki:{options.wiki}: is a file; name a folder")
        if options.wiki.resolve() == options.data.resolve():
            message = f"-wiki:{options.wiki}: has the plan's files; name a folder of its own"
            raise WikiplanError("wiki-is-the-plan", message)
        from wikiplan.wiki.folder import Folder

        return Folder(options.wiki, run.say)
    refuse_misspelt(options.rest)
    site = _pywikibot()

    waits.allow(options.patience)
    site.check_configured(expected, options.rest, source)
    refuse_rest(site.handle_arguments(options.rest))
    opened: Wiki = site.open_site(shards=options.shard.of)
    site.check_site(expected, opened, source)
    return opened


def script_of(site: str) -> str:
    """Return the address of ``index.php`` on a site, empty of folders; no wiki is asked."""
    return "" if site.startswith("folder:") else str(_pywikibot().script_of(site))


def _pywikibot() -> ModuleType:
    """Return the door of Pywikibot, which runs the operator's configuration when it is loaded.

    Raises :class:`WikiplanError` with the line of that which is wrong.
    """
    try:
        from wikiplan.wiki import site
    except Exception as error:
        if place := _place_in_configuration(error):
            what = getattr(error, "msg", "") or f"{type(error).__name__}: {error}"
            message = f"{place}: {what}; correct this line of Pywikibot's configuration"
            raise WikiplanError("broken-configuration", message) from error
        raise
    return site


def _place_in_configuration(error: Exception) -> str:
    """Return file and line, if an error came out of ``user-config.py``."""
    places = [(each.filename, each.lineno) for each in extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((error.filename or "", error.lineno))
    return next((f"{file}:{line}" for file, line in places if file.endswith(_CONFIGURATION)), "")


_CONFIGURATION = "user-config.py"
