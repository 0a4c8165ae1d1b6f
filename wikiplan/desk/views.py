"""What the desk shows: the pages of a plan, and one of them in a language, on a day."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from wikiplan.changes import Action, PageChange
from wikiplan.desk import approximation, days, languagemarks
from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles import marks
from wikiplan.desk.planfiles.marks import Editable, Spot
from wikiplan.errors import WikiplanError
from wikiplan.l10n import languages
from wikiplan.plan import PageSpec, Target, targets
from wikiplan.render import PageSection, PlacedSection
from wikiplan.report import htmldiff, webpage
from wikiplan.report.review import PAPER
from wikiplan.session.session import Session
from wikiplan.spans import Replacement, splice
from wikiplan.translate import english
from wikiplan.value import Value, replace
from wikiplan.wikitext import DEFAULT_EXTENSION_TAGS, sections

MOST_KEPT = 200
"""Renderings of the wiki; each costs it a request."""

_TRANSLATE_MARKUP = re.compile(r"</?translate(?: nowrap)?>\n?|<!--T:[^<>]*-->\n?|<languages ?/>")


class Choice(Value):
    """What somebody wants to see: a page of ``pages.yaml``, as one of its languages reads it.

    ``day`` is what the clock says, None for now. With ``marks`` texts that are not translated, or
    outdated, are marked as such.
    """

    title: str
    language: str
    day: datetime | None = None
    marks: bool = False


class Rendering(Value):
    """What readers see: harmless HTML, its styles, and whether it is an approximation.

    ``told`` says why not all of it would be saved; of a page that is ``refused`` nothing would.
    ``untranslated`` and ``outdated`` are counts of texts where these are marked, ``changes`` one
    of places where what changes is; None where they are not.
    """

    html: str
    styles: tuple[str, ...]
    approximate: bool
    code: str
    told: str = ""
    refused: bool = False
    untranslated: int | None = None
    outdated: int | None = None
    changes: int | None = None

    @property
    def language(self) -> languages.Language:
        return languages.get(self.code)


class Views:
    """What readers see of the plan's pages; the wiki renders each text once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._kept: dict[tuple[str, str], Rendering] = {}

    def planned(self, choice: Choice) -> Rendering:
        """Return the page as it will be, and why not all of it would be saved, if so.

        Of a page that is refused as a whole only the plan's sections are shown. Raises
        :class:`WikiplanError`.
        """
        with self.desk.looking():
            return self._marked(self._planned(choice), choice)

    def editable(self, choice: Choice) -> Rendering:
        """Return the page as it will be, with its words as links to where they are edited."""
        with self.desk.looking():
            return self._marked(self._planned(replace(choice, marks=False), links=True), choice)

    def standing(self, choice: Choice) -> Rendering | None:
        """Return the page as it stands on the wiki in a language, None where it does not."""
        with self.desk.looking():
            found = self._standing(choice)
            return self._marked(found, choice) if found else None

    def changed(self, choice: Choice) -> Rendering:
        """Return the page as it will be, with what an update would change marked."""
        with self.desk.looking():
            after = self._planned(choice)
            if after.refused:
                return self._marked(after, choice)
            return self._marked(_compared(self._before(choice), after), choice)

    def changed_by_day(self, choice: Choice) -> Rendering:
        """Return the page as it will be on a day, with what is other than today marked."""
        with self.desk.looking():
            today = self._planned(replace(choice, day=None, marks=False))
            return self._marked(_compared(today, self._planned(choice)), choice)

    def _planned(self, choice: Choice, *, links: bool = False) -> Rendering:
        work = self.desk.on_day(choice.day)
        target = _target(work, choice)
        (found,) = work.compare([target]).pages
        text = _text(work, target.page, choice, found)
        spots: list[Spot] = []
        if links:
            text, spots = _signed(work, target.page, choice.language, text)
        shown = self._rendered(target.page, choice.language, without_markup(text))
        if links:
            shown = replace(shown, html=marks.linked(shown.html, spots))
        refused = found.action is Action.REFUSED
        return replace(shown, told=found.told.reason, refused=refused)

    def _standing(self, choice: Choice) -> Rendering | None:
        work = self.desk.current()
        page = _target(work, choice).page
        title = targets.title_in(page, choice.language, self.desk.source_language)
        found = work.wiki.read([title])[title]
        if not found.exists:
            return None
        return self._rendered(page, choice.language, without_markup(found.text))

    def _before(self, choice: Choice) -> Rendering | None:
        """Return what stands where the page will be.

        A translatable page's language versions are made by the wiki, of its own texts: what stands
        there is looked at within the sections alone.
        """
        work = self.desk.current()
        target = _target(work, choice)
        page = target.page
        if not page.translatable or choice.language == self.desk.source_language:
            return self._standing(choice)
        title = targets.title_in(page, choice.language, self.desk.source_language)
        (found,) = work.compare([target]).pages
        bodies = _bodies(work, found.before) | _bodies(work, work.wiki.read([title])[title].text)
        tags = _tags(work)
        names = {each.name for each in sections.find(found.after, tags)}
        known = {name: bodies.get(name, "") for name in names}
        text = sections.replace(found.after, known, tags)
        return self._rendered(page, choice.language, without_markup(text))

    def _marked(self, shown: Rendering, choice: Choice) -> Rendering:
        if not choice.marks:
            return shown
        found = languagemarks.marked(shown.html, shown.language.bcp47)
        counts = {"untranslated": found.untranslated, "outdated": found.outdated}
        return replace(shown, html=found.html, **counts)

    def text(self, title: str, language: str, text: str, before: str | None = None) -> Rendering:
        """Return a part of a page as its readers see it, with what is other than before marked."""
        with self.desk.looking():
            shown, known = (
                self._of(title, language, without_markup(each)) for each in (text, before or "")
            )
            return shown if before is None else _compared(known, shown)

    def _rendered(self, page: PageSpec, language: str, text: str) -> Rendering:
        title = targets.title_in(page, language, self.desk.source_language)
        return self._of(title, language, text)

    def _of(self, title: str, language: str, text: str) -> Rendering:
        key = title, hashlib.sha256(text.encode()).hexdigest()
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._asked(title, text, language)
        return self._kept[key]

    def _asked(self, title: str, text: str, language: str) -> Rendering:
        found = self.desk.current().wiki.rendered(title, text)
        if found is None:
            html = approximation.rendered(text)
            known = (PAPER, approximation.STYLE)
            return Rendering(html, known, approximate=True, code=language)
        clean = webpage.harmless_html(found.html)
        styles = (PAPER, webpage.harmless_css(found.styles), *clean.styles)
        return Rendering(clean.html, tuple(filter(None, styles)), approximate=False, code=language)


def _target(work: Session, choice: Choice) -> Target:
    """Return what is written for a page in a language; of a translatable one the page itself."""
    for page in work.plan.pages:
        if page.title == choice.title and choice.language in page.languages:
            for each in targets.targets_of(work.plan, page):
                if page.translatable or each.language == choice.language:
                    return each
    raise not_planned(choice)


def not_planned(choice: Choice) -> WikiplanError:
    return WikiplanError(
        "no-such-page-at-the-desk",
        f"the plan has no page “{choice.title}” in “{choice.language}”; go back to the list",
    )


def _compared(before: Rendering | None, after: Rendering) -> Rendering:
    """Return the later rendering with what changed marked in it."""
    found = htmldiff.marked(before.html if before else "", after.html)
    styles = (
        (*after.styles, *(each for each in before.styles if each not in after.styles))
        if before
        else after.styles
    )
    return replace(after, html=found.html, styles=styles, changes=found.count)


def _text(work: Session, page: PageSpec, choice: Choice, found: PageChange) -> str:
    """Return the wikitext that readers in a language will have of a page."""
    if found.action is Action.REFUSED:
        return "\n\n".join(_sections(work, page, choice).values())
    if page.translatable:
        return _in_language(work, page, found.after, choice)
    return _with_outdated(work, page, found, choice) if choice.marks else found.after


def _sections(work: Session, page: PageSpec, choice: Choice) -> dict[str, str]:
    """Return the texts of a page's sections by name, as a plain page has them in a language."""
    return {each.name: _shown(each, choice) for each in _placed(work, page, choice)}


def _shown(section: PlacedSection, choice: Choice) -> str:
    return languagemarks.with_outdated(section) if choice.marks else section.text


def _placed(
    work: Session, page: PageSpec, choice: Choice, page_language: str = ""
) -> list[PlacedSection]:
    plain, renderer = replace(page, kind="plain"), work.renderer.at(work.options.now)
    languages = choice.language, page_language or choice.language
    wanted = [PageSection(plain, each, *languages) for each in page.sections]
    if choice.marks:
        return [renderer.placed(each) for each in wanted]
    return [PlacedSection(each.section.name, renderer.section(each).text, ()) for each in wanted]


def _signed(work: Session, page: PageSpec, language: str, text: str) -> tuple[str, list[Spot]]:
    """Return a page's text with signs around what can be edited in its sections, and what that is.

    A section that people edited is not found, and gets none.
    """
    plain, renderer = replace(page, kind="plain"), work.renderer.at(work.options.now)
    editable = Editable(work.plan, page.title, language)
    every: list[Spot] = []
    bodies: list[Replacement] = []
    for section in plain.in_language(language).sections:
        placed = renderer.placed(PageSection(plain, section, language, language), facts=True)
        if placed.text and text.count(placed.text) == 1:
            start, spots = text.index(placed.text), editable.spots(section, placed)
            signed = marks.signed(placed.text, spots, len(every))
            bodies.append(Replacement(start, start + len(placed.text), signed))
            every += spots
    return splice(text, bodies), every


def _in_language(work: Session, page: PageSpec, text: str, choice: Choice) -> str:
    """Return a translatable page's text as its readers in a language have it.

    The wiki makes the other languages out of its units; here the sections are what a plain page
    would have, which reads the same, and what people wrote around them stays.
    """
    standing, found = _bodies(work, text), _sections(work, page, choice)
    return sections.replace(text, {n: found[n] for n in found if n in standing}, _tags(work))


def _with_outdated(work: Session, page: PageSpec, found: PageChange, choice: Choice) -> str:
    """Return a plain page's text in which what stands for outdated translations says so."""
    bodies = _bodies(work, found.after)
    known = {each.name: each for each in _placed(work, page, choice, found.base.content_language)}
    shown = {n: _shown(known[n], choice) for n in known if bodies.get(n) == known[n].text}
    return sections.replace(found.after, shown, _tags(work))


def _bodies(work: Session, text: str) -> dict[str, str]:
    """Return the texts of the sections that stand on a page, by name."""
    found = sections.find(text, _tags(work))
    return {each.name: sections.body_of(text, each).strip("\n") for each in found}


def _tags(work: Session) -> frozenset[str]:
    return work.wiki.extension_tags or DEFAULT_EXTENSION_TAGS


def without_markup(text: str) -> str:
    return english(_TRANSLATE_MARKUP.sub("", text))


def day_of(words: str) -> datetime | None:
    """Return the end of a day like ``2021-10-15``, None for none."""
    if not words:
        return None
    try:
        return days.end_of(datetime.strptime(words, "%Y-%m-%d").date())
    except ValueError:
        raise WikiplanError(
            "no-day-at-the-desk", f"“{words}” is no day; write one like 2021-10-15"
        ) from None
