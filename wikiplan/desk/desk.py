"""The plan that the desk is about: its files as they are now, on an open wiki."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from threading import RLock
from urllib.parse import urlencode

from wikiplan import files
from wikiplan.desk.writing import Writing
from wikiplan.errors import Faults
from wikiplan.plan import PageSpec
from wikiplan.session import looks
from wikiplan.session.loading import Known, load
from wikiplan.session.looks import Decided, Look, Looks
from wikiplan.session.options import Options
from wikiplan.session.saving import Savings
from wikiplan.session.session import Session
from wikiplan.value import Value, replace


class Entry(Value):
    """A page in the list, with the languages that it can be seen in."""

    title: str
    kind: str
    languages: tuple[str, ...]


class Desk:
    """The plan as its files are now, on an open wiki.

    Several browsers may ask at once: who works with the session holds :attr:`alone` meanwhile, and
    who writes a file of the plan does it by :attr:`writing`.
    """

    def __init__(self, work: Session) -> None:
        self.alone = RLock()
        self.writing = Writing(self.alone, work.options)
        self.looks = Looks()
        self.savings = Savings()
        self.decisions = Decided()
        self._latest = work
        self._works = {False: work}  # errors in translations may be in it
        self._known = Known(work.options)
        self._digest = self._files()

    def prepare(self) -> None:
        """Find out what makes the first loading after a change as quick as the later ones."""
        with suppress(Faults):  # told where somebody asks for a page
            load(self._latest.options, known=self._known)

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
            if texts not in self._works:
                again = self._latest.loaded_again(texts=texts, known=self._known)
                self._latest = self._works[texts] = again
            return self._works[texts]

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
        return replace(work, options=options, loaded=loaded)

    def entries(self) -> tuple[Entry, ...]:
        """Return the pages in the order of ``pages.yaml``. Raises :class:`Faults`."""
        return tuple(_entries(self.current().plan.pages))

    def _files(self) -> str:
        options = self._latest.options
        return files.digest_of(options.data, options.templates)


def _entries(pages: tuple[PageSpec, ...]) -> Iterator[Entry]:
    for page in pages:
        own = page.languages if page.language_pages == "subpages" else page.languages[:1]
        yield Entry(page.title, page.kind, tuple(own))
