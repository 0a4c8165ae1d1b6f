"""What the desk shows: the pages of a plan, and one of them in a language, on a day."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from wikiplan.changes import Action
from wikiplan.desk import approximation
from wikiplan.desk.desk import Desk
from wikiplan.errors import WikiplanError
from wikiplan.l10n import languages
from wikiplan.plan import PageSpec, Target, targets
from wikiplan.render import PageSection
from wikiplan.report import webpage
from wikiplan.report.review import PAPER
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


class Rendering(Value):
    """What readers see: harmless HTML, its styles, and whether it is an approximation.

    ``told`` says why not all of it would be saved.
    """

    html: str
    styles: tuple[str, ...]
    approximate: bool
    code: str
    told: str = ""

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
        with self.desk.alone:
            work = self.desk.on_day(choice.day)
            target = _target(work, choice)
            (found,) = work.compare([target]).pages
            text = found.after
            if found.action is Action.REFUSED:
                text = "\n\n".join(_sections(work, target.page, choice.language).values())
            elif target.page.translatable:
                text = _in_language(work, target.page, text, choice.language)
            shown = self._rendered(target.page, choice.language, _without_markup(text))
            return replace(shown, told=found.told.reason)

    def standing(self, choice: Choice) -> Rendering | None:
        """Return the page as it stands on the wiki in a language, None where it does not."""
        with self.desk.alone:
            work = self.desk.current()
            page = _target(work, choice).page
            title = targets.title_in(page, choice.language, self.desk.source_language)
            found = work.wiki.read([title])[title]
            if not found.exists:
                return None
            return self._rendered(page, choice.language, _without_markup(found.text))

    def _rendered(self, page: PageSpec, language: str, text: str) -> Rendering:
        title = targets.title_in(page, language, self.desk.source_language)
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
            return Rendering(html, (PAPER,), approximate=True, code=language)
        clean = webpage.harmless_html(found.html)
        styles = (PAPER, webpage.harmless_css(found.styles), *clean.styles)
        return Rendering(clean.html, tuple(filter(None, styles)), approximate=False, code=language)


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


def _sections(work: Session, page: PageSpec, language: str) -> dict[str, str]:
    """Return the texts of a page's sections by name, as a plain page has them in a language."""
    plain, renderer = replace(page, kind="plain"), work.renderer.at(work.options.now)
    wanted = (PageSection(plain, each, language, language) for each in page.sections)
    return {each.section.name: renderer.section(each).text for each in wanted}


def _in_language(work: Session, page: PageSpec, text: str, language: str) -> str:
    """Return a translatable page's text as its readers in a language have it.

    The wiki makes the other languages out of its units; here the sections are what a plain page
    would have, which reads the same, and what people wrote around them stays.
    """
    tags = work.wiki.extension_tags or DEFAULT_EXTENSION_TAGS
    standing = {each.name for each in sections.find(text, tags)}
    found = _sections(work, page, language)
    return sections.replace(text, {n: found[n] for n in found if n in standing}, tags)


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
