"""What a wiki said of its translatable pages, kept for later runs in a file that may be lost.

An answer is good until the wiki lists something that touches it (``wiki.recentchanges``): an edit,
a review or a log of a unit's page touches what was said of its language, one of the page itself,
of its markings or of its English all that was said of the page. What was told while the wiki was
still at work on a marking is not kept.

Nothing that is about to be overwritten may be taken from here, and nothing that depends on the
account or the wiki's settings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from wikiplan import files
from wikiplan.cache import Cache
from wikiplan.value import Value, astuple
from wikiplan.wiki.interface import Cursor, Event, Recent, Wiki
from wikiplan.wiki.translatesite import NAMESPACE, NAMESPACE_NUMBER

PAGE = ""
"""What an answer is about that no translation touches."""
EVERY_LANGUAGE = "*"

SETTLED = timedelta(seconds=30)
"""How long after an event the wiki may still answer as before it: the event has the time when it
began, and copies of the database, or what is told after the answer, come later."""
SPECIAL_NUMBER = -1
OF_A_GROUP = "/page-"
"""Between the name of Special:Translate and a page's title: its group's state is told so."""
TRUSTED = timedelta(days=7)
"""What is older is asked anew: recent changes do not tell that somebody has a new name, say."""

_VERSION = "1"  # of what is kept, in whichever form the code reads it
_INDEX = "index"


class Question(Value):
    """What is asked of a page. ``about`` is a language, :data:`EVERY_LANGUAGE` or :data:`PAGE`."""

    title: str
    about: str
    what: str


class AskedPage(Value):
    """A page that is asked about; ``language`` is its own, empty where nothing says so."""

    namespace: int
    language: str


class TranslateMemory:
    """What earlier runs were told, and what this one is told; without a path only that.

    Answers are what JSON can hold. With ``anew`` everything is asked; what is not stays kept.
    """

    def __init__(self, path: Path | None = None, *, anew: bool = False) -> None:
        self._path = path
        self._anew = anew
        self._file = Cache(path, _VERSION)
        self._cursor: Cursor | None = None
        self._generator = ""
        self._pages: dict[str, AskedPage] = {}
        self._kept: dict[Question, datetime] = {}
        self._told: dict[Question, Any] = {}
        self._new: set[Question] = set()
        self._doubted: set[str] = set()
        self._recent: Recent | None = None
        self._read()

    def close(self) -> None:
        self._file.close()

    # What happened since

    def recent(self, wiki: Wiki) -> Recent:
        """Return what happened since the last run; asks once, before anything else is asked."""
        if self._recent is None:
            namespaces = {title: page.namespace for title, page in self._pages.items()}
            others = {f"{NAMESPACE}:": NAMESPACE_NUMBER, "Special:": SPECIAL_NUMBER}
            self._recent = wiki.changes_since(self._cursor, namespaces | others)
            self._forget_touched(self._recent)
        return self._recent

    def begin(self, generator: str, *, tells_all: bool) -> None:
        """Forget what another version of the wiki said; keep nothing of one that tells too little.

        ``tells_all`` says whether whatever makes a translation another one is an event.
        """
        if not tells_all or generator != self._generator:
            self._kept.clear()
        self._generator = generator if tells_all else ""

    def _forget_touched(self, recent: Recent) -> None:
        if recent.events is None or recent.cursor is None or self._cursor is None:
            self._kept.clear()
            return
        later = self._cursor.instant - SETTLED
        events = [each for each in recent.events if each.time is None or each.time > later]
        touched = touched_languages(events, self._pages)
        oldest = recent.cursor.instant - TRUSTED
        self._kept = {
            question: time
            for question, time in self._kept.items()
            if time > oldest and not _is_touched(question, touched.get(question.title, ()))
        }

    # What is asked

    def once(self, question: Question, ask: Callable[[], Any]) -> Any:
        """Return what is known, or ask."""
        if question not in self._told:
            believed = question in self._kept and not self._anew
            known = self._file.get(*astuple(question)) if believed else None
            if known is None:
                known = ask()
                self._kept.pop(question, None)
                self._new.add(question)
            self._told[question] = known
        return self._told[question]

    def note(self, title: str, page: AskedPage) -> None:
        self._pages[title] = page

    def doubts(self, title: str) -> bool:
        """Say whether nothing that is told of a page now will be kept."""
        return title in self._doubted

    def doubt(self, title: str) -> None:
        """Keep nothing of a page: the wiki is at work on it, or somebody writes there now."""
        self._doubted.add(title)

    def drop(self, question: Question) -> None:
        """Ask this anew the next time."""
        self._told.pop(question, None)
        self._kept.pop(question, None)

    def freshen(self, title: str) -> None:
        """Ask anew what earlier runs were told of a page."""
        earlier = [each for each in self._kept if each.title == title]
        for question in earlier:
            self.drop(question)

    def forget(self, title: str) -> None:
        """Ask all of a page anew, as it is being written, and keep nothing of it."""
        self.doubt(title)
        for question in [each for each in (*self._kept, *self._told) if each.title == title]:
            self.drop(question)

    # The file

    def _read(self) -> None:
        index = self._file.get(_INDEX)
        if index is None:
            return
        self._cursor = Cursor(*map(datetime.fromisoformat, index["cursor"]))
        self._generator = index["generator"]
        self._pages = {title: AskedPage(*page) for title, page in index["pages"].items()}
        self._kept = {
            Question(*question): datetime.fromisoformat(time) for *question, time in index["kept"]
        }

    def store(self) -> None:
        """Write what was told for later runs, and from when on they have to ask."""
        cursor = self._recent.cursor if self._recent else None
        if self._path is None or cursor is None or not self._generator:
            return
        new = [each for each in self._new if each in self._told]
        times = self._kept | dict.fromkeys(new, cursor.instant)
        known = self._pages.keys() - self._doubted
        kept = {each: time for each, time in times.items() if each.title in known}
        for question in kept.keys() & new:
            self._file.put(self._told[question], *astuple(question))
        index = {
            "cursor": [cursor.instant.isoformat(), cursor.listed.isoformat()],
            "generator": self._generator,
            "pages": {each.title: astuple(self._pages[each.title]) for each in kept},
            "kept": [[*astuple(each), time.isoformat()] for each, time in kept.items()],
        }
        self._file.put(index, _INDEX)
        with suppress(OSError):  # then it is asked anew the next time
            self._path.parent.mkdir(files.PRIVATE_FOLDER, parents=True, exist_ok=True)
        self._file.store()


def touched_languages(
    events: Iterable[Event], pages: Mapping[str, AskedPage]
) -> Mapping[str, Collection[str]]:
    """Return by page the languages that something happened in; :data:`PAGE` stands for all."""
    touched: dict[str, set[str]] = {}
    for event in events:
        for title in event.titles:
            for page, language in _places(title):
                if known := pages.get(page):
                    own = language in (PAGE, known.language) or not known.language
                    touched.setdefault(page, set()).add(PAGE if own else language)
    return touched


def _places(title: str) -> Iterator[tuple[str, str]]:
    """Yield the pages that a title may belong to, each with the language that it has there.

    It may be the page, its text in a language (``Page/de``), or a unit
    (``Translations:Page/unit/de``), whose namespace has its own name in each language; or its group
    (``Special:Translate/page-Page``), whose state was changed.
    """
    yield title, PAGE
    if group := title.partition(OF_A_GROUP)[2]:
        yield group, PAGE
    page, _, language = title.rpartition("/")
    yield page, language
    page, _, _ = page.partition(":")[2].rpartition("/")
    yield page, language


def _is_touched(question: Question, languages: Collection[str]) -> bool:
    if PAGE in languages:
        return True
    return bool(languages) if question.about == EVERY_LANGUAGE else question.about in languages
