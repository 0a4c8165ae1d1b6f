"""The plan that the desk is about: its files as they are now, on an open wiki."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event, RLock, Thread
from urllib.parse import urlencode

from wikiplan.desk import approximation
from wikiplan.desk.trials import Trials
from wikiplan.desk.writing import Writing
from wikiplan.errors import Faults
from wikiplan.plan import PageSpec
from wikiplan.session import looks
from wikiplan.session.loading import Known, load
from wikiplan.session.looks import Decided, Look, Looks
from wikiplan.session.options import Options
from wikiplan.session.saving import Saving, Savings
from wikiplan.session.session import Session
from wikiplan.value import Value, replace
from wikiplan.wiki import Reads

SHARED_SECONDS = 10
"""How old what was read of the wiki may be for who looks at pages; what is saved is read anew."""


class Entry(Value):
    """A page in the list, with the languages that it can be seen in."""

    title: str
    kind: str
    languages: tuple[str, ...]


class _Shared(Value):
    """What was read of the wiki: until when it may be looked at, and after which saving it was."""

    reads: Reads
    until: float
    after: Saving | None


class Desk:
    """The plan as its files are now, on an open wiki.

    Several browsers may ask at once: who works with the session holds :attr:`alone` meanwhile, and
    who writes a file of the plan does it by :attr:`writing`.
    """

    def __init__(self, work: Session) -> None:
        self.alone = RLock()
        known = Known(work.options)
        self.trials = Trials(self.alone, work.options, known)
        self.writing = Writing(self.alone, self.trials)
        self.looks = Looks()
        self.savings = Savings()
        self.decisions = Decided()
        self._latest = work
        self._works = {False: work}  # errors in translations may be in it
        self._known = known
        self._found: Known | None = None  # by preparing
        self._prepared = Event()
        self._prepared.set()
        self._digest = self._files()
        self._shared = _Shared({}, 0.0, None)

    def prepare(self) -> None:
        """Find out meanwhile what makes the first page, and an edit, as quick as later ones."""
        self._prepared.clear()
        Thread(target=self._prepare, name="preparing", daemon=True).start()
        if self.options.wiki is not None:  # no wiki renders
            Thread(target=approximation.start_once, name="starting", daemon=True).start()

    def _prepare(self) -> None:
        found = Known(self.options)
        try:
            with suppress(Faults):  # told where somebody asks for a page
                load(self.options, known=found)
        finally:
            self._found = found
            self._prepared.set()

    @property
    def site(self) -> str:
        return self._latest.wiki.name

    @property
    def options(self) -> Options:
        return self._latest.options

    @property
    def opened(self) -> Session:
        """The plan as it was when it could be read last: a broken one keeps no wiki away."""
        return self._latest

    def address(self, title: str, revision: int) -> str:
        """Return where people read a page, or what a revision of it changed; empty where nobody.

        A folder has no addresses.
        """
        address = self._latest.wiki.address(title)
        return f"{address}&{urlencode({'diff': revision})}" if address and revision else address

    @property
    def source_language(self) -> str:
        return self._latest.plan.source_language

    def current(self, *, texts: bool = True) -> Session:
        """Return the plan as it is, loaded again where a file is another than it was.

        Without ``texts`` errors in translations are no fault of it. Raises :class:`Faults`.
        """
        with self.alone:
            if (digest := self._files()) != self._digest:
                self._works, self._digest = {}, digest
            known = next((self._works[each] for each in (texts, True) if each in self._works), None)
            return known or self._loaded(texts=texts)

    def _loaded(self, *, texts: bool) -> Session:
        self._prepared.wait()
        if self._found:
            self._known.become(self._found)
            self._found = None
        loaded = load(self.options, texts=texts, known=self._known)
        again = self._latest.differing(loaded=loaded.on(self._latest.site))
        self._latest = self._works[texts] = again
        return again

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look at pages, alone: what was read of the wiki for that a moment ago counts as well."""
        with self.alone, self.opened.wiki.sharing_reads(self._shared_reads()):
            yield

    def _shared_reads(self) -> Reads:
        """Return what was read in the last seconds; nothing from before something was saved."""
        if self.savings.is_busy:
            return {}
        now, last = time.monotonic(), self.savings.last
        if now > self._shared.until or last is not self._shared.after:
            self._shared = _Shared({}, now + SHARED_SECONDS, last)
        return self._shared.reads

    def compared(self) -> Look:
        """Compare the plan with the wiki, with what was decided here about people's edits."""
        with self.alone:
            look = looks.compared(self.current(), self.decisions)
        self.looks.keep(look)
        return look

    def on_day(self, day: datetime | None) -> Session:
        """Return the plan as it is, when the clock says ``day``; None for now."""
        work = self.current()
        if day is None:
            return work
        options = replace(work.options, now=day)
        loaded = replace(work.loaded, renderer=work.renderer.at(day))
        return work.differing(options=options, loaded=loaded)

    def entries(self) -> tuple[Entry, ...]:
        """Return the pages in the order of ``pages.yaml``. Raises :class:`Faults`.

        Errors in translations keep none from being listed.
        """
        return tuple(_entries(self.current(texts=False).plan.pages))

    def _files(self) -> str:
        options = self._latest.options
        return self.trials.digests.of(options.data, options.templates)


def _entries(pages: tuple[PageSpec, ...]) -> Iterator[Entry]:
    for page in pages:
        own = page.languages if page.language_pages == "subpages" else page.languages[:1]
        yield Entry(page.title, page.kind, tuple(own))
