"""What the desk shows: the pages of a plan, and one of them in a language, on a day."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import RLock

from wikiplan import files
from wikiplan.changes import PageChange
from wikiplan.desk import approximation
from wikiplan.errors import WikiplanError
from wikiplan.l10n import languages
from wikiplan.plan import PageSpec, Target, targets
from wikiplan.render import PageSection
from wikiplan.report import webpage
from wikiplan.report.review import PAPER
from wikiplan.session.loading import load
from wikiplan.session.session import Session
from wikiplan.translate import english
from wikiplan.value import Value, replace
from wikiplan.wikitext import DEFAULT_EXTENSION_TAGS, sections

MOST_KEPT = 200
"""Renderings of the wiki; each costs it a request."""

_TRANSLATE_MARKUP = re.compile(r"</?translate(?: nowrap)?>\n?|<!--T:[^<>]*-->\n?|<languages ?/>")


class Choice(Value):
    """What somebody wants to see: a page of ``pages.yaml``, as one of its languages reads it.

    ``day`` is what the clock says, None for now.
    """

    title: str
    language: str
    day: datetime | None = None


class Entry(Value):
    """A page in the list, with the languages that it can be seen in."""

    title: str
    kind: str
    languages: tuple[str, ...]


class Rendering(Value):
    """What readers see: harmless HTML, its styles, and whether it is an approximation."""

    html: str
    styles: tuple[str, ...]
    approximate: bool
    code: str

    @property
    def language(self) -> languages.Language:
        return languages.get(self.code)


class Desk:
    """The plan as its files are now, on an open wiki. Several browsers may ask at once."""

    def __init__(self, work: Session) -> None:
        self._work = work
        self._digest = self._files()
        self._alone = RLock()
        self._kept: dict[tuple[str, str], Rendering] = {}

    @property
    def site(self) -> str:
        return self._work.wiki.name

    @property
    def source_language(self) -> str:
        return self._work.plan.source_language

    def entries(self) -> tuple[Entry, ...]:
        """Return the pages in the order of ``pages.yaml``. Raises :class:`Faults`."""
        with self._alone:
            return tuple(_entries(self._current()))

    def planned(self, choice: Choice) -> Rendering:
        """Return the page as it will be. Raises :class:`WikiplanError`."""
        with self._alone:
            work = self._on_day(choice.day)
            change = self._change(work, choice)
            page = change.page
            text = _without_markup(_in_language(work, page, change.found.after, choice.language))
            return self._rendered(page, choice.language, text)

    def standing(self, choice: Choice) -> Rendering | None:
        """Return the page as it stands on the wiki, None where it does not."""
        with self._alone:
            change = self._change(self._current(), choice)
            if not change.found.base.revision or change.page.translatable:
                return None
            return self._rendered(change.page, choice.language, change.found.before)

    def _files(self) -> str:
        options = self._work.options
        return files.digest_of(options.data, options.templates)

    def _current(self) -> Session:
        """Return the plan as it is, loaded again where a file is another than it was."""
        if (digest := self._files()) != self._digest:
            self._work = self._work.loaded_again()
            self._digest = digest
        return self._work

    def _on_day(self, day: datetime | None) -> Session:
        work = self._current()
        if day is None:
            return work
        options = replace(work.options, now=day)
        return replace(work, options=options, loaded=load(options).on(work.site))

    def _change(self, work: Session, choice: Choice) -> _Change:
        wanted = _target(work, choice)
        (found,) = work.compare([wanted]).pages
        return _Change(page=wanted.page, found=found)

    def _rendered(self, page: PageSpec, language: str, text: str) -> Rendering:
        title = targets.title_in(page, language, self._work.plan.source_language)
        key = title, hashlib.sha256(text.encode()).hexdigest()
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._asked(title, text, language)
        return self._kept[key]

    def _asked(self, title: str, text: str, language: str) -> Rendering:
        found = self._work.wiki.rendered(title, text)
        if found is None:
            html = approximation.rendered(text)
            return Rendering(html, (PAPER,), approximate=True, code=language)
        clean = webpage.harmless_html(found.html)
        styles = (PAPER, webpage.harmless_css(found.styles), *clean.styles)
        return Rendering(clean.html, tuple(filter(None, styles)), approximate=False, code=language)


class _Change(Value):
    page: PageSpec
    found: PageChange


def _entries(work: Session) -> Iterator[Entry]:
    for page in work.plan.pages:
        own = page.languages if page.language_pages == "subpages" else page.languages[:1]
        yield Entry(page.title, page.kind, tuple(own))


def _target(work: Session, choice: Choice) -> Target:
    """Return what is written for a page in a language; of a translatable one the page itself."""
    source = work.plan.source_language
    for each in targets.chosen_targets(work.plan):
        written = source if each.page.translatable else choice.language
        known = choice.language in each.page.languages
        if known and (each.page.title, each.language) == (choice.title, written):
            return each
    raise WikiplanError(
        "no-such-page-at-the-desk",
        f"the plan has no page “{choice.title}” in “{choice.language}”; go back to the list",
    )


def _in_language(work: Session, page: PageSpec, text: str, language: str) -> str:
    """Return a page's text as its readers in a language have it.

    Of a translatable page the wiki makes the other languages out of its units; here the sections
    are what a plain page would have, which reads the same, and what people wrote around them stays.
    """
    if not page.translatable:
        return text
    plain = replace(page, kind="plain")
    renderer = work.renderer.at(work.options.now)
    found = {
        each.name: renderer.section(PageSection(plain, each, language, language)).text
        for each in page.sections
    }
    tags = work.wiki.extension_tags or DEFAULT_EXTENSION_TAGS
    standing = {each.name for each in sections.find(text, tags)}
    return sections.replace(text, {n: t for n, t in found.items() if n in standing}, tags)


def _without_markup(text: str) -> str:
    return english(_TRANSLATE_MARKUP.sub("", text))


def day_of(words: str) -> datetime | None:
    """Return the noon of a day like ``2021-10-15``, None for none."""
    if not words:
        return None
    try:
        return datetime.strptime(words, "%Y-%m-%d").replace(hour=12, tzinfo=UTC)
    except ValueError:
        raise WikiplanError(
            "no-day-at-the-desk", f"“{words}” is no day; write one like 2021-10-15"
        ) from None
