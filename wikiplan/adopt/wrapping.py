"""What marking sections would do to a page and its language versions, as a change set."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from wikiplan.adopt.inspection import Inspection, versions_of
from wikiplan.adopt.obstacles import Obstacle
from wikiplan.adopt.values import PageTexts, SectionTexts
from wikiplan.changes import (
    Action,
    PageChange,
    PageEffect,
    SectionChange,
    SectionState,
    forecast,
    guards,
)
from wikiplan.errors import (
    CONTENT_MODEL,
    MISSING_HEADING,
    MISSING_PAGE,
    REDIRECT,
    Refusal,
    WikiplanError,
)
from wikiplan.l10n import languages
from wikiplan.translate import markup
from wikiplan.value import Value, replace
from wikiplan.wiki import Account, NoTranslate, Revision, TranslateWiki, Wiki
from wikiplan.wikitext import (
    LEAD,
    Part,
    Section,
    SectionError,
    Wanted,
    counterparts,
    markers,
    outline,
    positions,
    sections,
    syntax,
    wrapping,
)

# What `-section:NAME=HEADING` chooses: a part of a page, or its counterpart in a version.


_NAME = re.compile(rf"({markers.NAME})(?:/([a-z][a-z0-9-]*))?")
MISSING_VERSION = "missing-version"
_HOW = "write -section:NAME=HEADING, such as “-section:mission=What we do”"


class SectionChoice(Value):
    """One ``-section:NAME=HEADING``; an empty heading is the text before the first one.

    ``language`` is that of ``NAME/CODE=HEADING``, empty for the page itself.
    """

    name: str
    heading: str
    language: str = ""

    def __str__(self) -> str:
        """Return the option as a person types it in a shell."""
        code = f"/{self.language}" if self.language else ""
        said = f"-section:{self.name}{code}={self.heading}"
        return shlex.quote(said) if re.search(r'["$`\\!]', said) else f'"{said}"'


def parse_choices(given: Iterable[str]) -> tuple[SectionChoice, ...]:
    """Return the choices of the ``-section:`` options. Raises :class:`WikiplanError`."""
    found = []
    for each in given:
        name, equals, heading = each.partition("=")
        words = _NAME.fullmatch(name.strip())
        if not equals or not words:
            wrong = "names no heading" if words else "is no name for a section"
            raise WikiplanError("wrong-section-choice", f"-section:{each}: {wrong}; {_HOW}")
        if words[2]:
            languages.get(words[2])
        found.append(SectionChoice(words[1], heading.strip(), words[2] or ""))
    return tuple(found)


def by_heading(text: str, choice: SectionChoice, parts: Sequence[Part]) -> tuple[Part, str]:
    """Return the part that is chosen, and what a person should know about it.

    Raises :class:`SectionError` as ``wikitext.positions.match_heading`` does.
    """
    if not choice.heading:
        if parts and parts[0].level == LEAD:
            return parts[0], ""
        message = f"section {choice.name}: the page has no text before its first heading"
        raise SectionError(MISSING_HEADING, f"{message}; name a heading")
    known = [
        syntax.Heading(part.level, part.title, part.start, part.limit)
        for part in parts
        if part.level != LEAD
    ]
    match = positions.match_heading(text, choice.name, choice.heading, known)
    part = next(part for part in parts if part.start == match.heading.start and part.level)
    if not match.differences:
        return part, ""
    other = " and ".join(match.differences)
    line = f"line {part.line}"
    return part, f"“{choice.heading}” is “{part.title}” on {line}, with other {other}"


MOST_PROPOSED = 5
"""Headings of a version that one message names."""


def _why_left_out(name: str, language: str, free: Sequence[Part]) -> str:
    """Return why a version goes without sections, and what to type if it has them nevertheless.

    ``name`` is that of one of them, ``free`` are the parts that are the counterpart of no other.
    """
    told = "nothing there is certainly the same"
    if not free:
        return f"{told}, and all its headings are others"
    shown = [f"“{part.title}”" for part in free[:MOST_PROPOSED]]
    more = [f"{len(free) - len(shown)} more"] if len(free) > len(shown) else []
    option = SectionChoice(name, free[0].title, language)
    one = "if the heading " if len(free) == 1 else "if one of the headings "
    return f"{told}; {one}{', '.join([*shown, *more])} is, say so, like {option}"


# What marking sections would do to a page and its language versions, as a change set.


Summarise = Callable[[str, Sequence[str]], str]
"""Makes the summary in a language, of the names of the sections."""


class PageVersion(Value):
    """A page to mark: the one that was named, or one of its language versions."""

    language: str
    revision: Revision


class WrappedPage(Value):
    """What marking does to a page, and the sections that it goes without, with the reasons."""

    change: PageChange
    left_out: Mapping[str, str] = {}


class PageWrapping(Value):
    """What the pages of a run share; see :meth:`changes`. ``plan`` is the plan's name, if any."""

    wiki: Wiki
    translate: TranslateWiki
    account: Account
    choices: Sequence[SectionChoice]
    summarise: Summarise
    impossible: Callable[[PageTexts], Mapping[str, str]] = lambda page: {}
    """Says which sections of a page an import could not take, and why."""
    plan: str = ""

    def changes(self, title: str, wanted: Sequence[str] = ()) -> tuple[PageChange, ...]:
        """Return what marking does to a page, and to the pages of its language versions.

        ``wanted`` are languages; empty means all, of a translatable page only the page itself: its
        versions are made out of it, and others beside them have to be named.
        """
        source, *versions = pages = self._pages(title, wanted)
        named = not wanted or source.language in wanted or not source.revision.exists
        chosen = [(source, self._finish_source)] if named else []
        every = [*chosen, *((version, self._finish) for version in versions)]
        changes = [self._page(page, source, finish).change for page, finish in every]
        absent = [_no_version(code, pages) for code in _without_version(pages, wanted)]
        return (*changes, *absent)

    def texts(self, title: str, wanted: Sequence[str] = ()) -> tuple[WrappedPage, ...]:
        """Return the pages with their markers as :meth:`changes` does, for reading them only.

        The page itself is always the first.
        """
        pages = self._pages(title, wanted)
        for code in _without_version(pages, wanted):
            raise Refusal(MISSING_VERSION, f"{title}: {_no_version(code, pages).told.reason}")
        return tuple(self._page(page, pages[0], lambda _, change: change) for page in pages)

    def _pages(self, title: str, wanted: Sequence[str]) -> list[PageVersion]:
        revision = self.wiki.read_to_edit([title])[title]
        versions = self._versions(revision, wanted) if revision.exists else []
        return [PageVersion(revision.language, revision), *versions]

    def _versions(self, revision: Revision, wanted: Sequence[str]) -> list[PageVersion]:
        without = {revision.language}
        if _has_tags(revision.text):
            if not wanted:
                return []
            group = self.translate.group(revision.title)
            without |= set(group.languages) if group else set()
        found = versions_of(self.wiki, revision.title, tuple(without))
        return [
            PageVersion(code, each) for code, each in found.items() if not wanted or code in wanted
        ]

    def _page(
        self,
        version: PageVersion,
        source: PageVersion,
        finish: Callable[[Revision, PageChange], PageChange],
    ) -> WrappedPage:
        """Return the change of one page; a refusal becomes its reason."""
        revision = version.revision
        start = PageChange.none(revision, version.language)
        try:
            _check(revision)
            page = self._marked(version, source, start)
            return replace(page, change=finish(revision, page.change))
        except Refusal as refusal:
            return WrappedPage(start.refused(refusal))

    def _marked(self, version: PageVersion, source: PageVersion, start: PageChange) -> WrappedPage:
        text, tags = version.revision.text, self.wiki.extension_tags
        parts = outline.outline(text, tags)
        there = {section.name: section for section in sections.find(text, tags)}
        found, left_out = self._parts(version, source, parts)
        stands = partial(_stands, there, self.plan)
        new = [Wanted(n, part) for n, (part, _) in found.items() if not stands(n, part)]
        after = wrapping.wrap(text, new, tags, self.plan) if new else text
        bodies = {s.name: sections.body_of(after, s) for s in sections.find(after, tags)}
        fresh = [each.name for each in new]
        states = tuple(
            SectionChange(
                name,
                SectionState.MARKED if name in fresh else SectionState.UNCHANGED,
                bodies[name],
                bodies[name],
            )
            for name in found
        )
        matched = [found[name][1] for name in fresh if found[name][1]]
        absent: dict[str, list[str]] = {}
        for name, why in left_out.items():
            absent.setdefault(why, []).append(name)
        told = "; ".join(
            [*matched, *(f"without {', '.join(names)}: {why}" for why, names in absent.items())]
        )
        return WrappedPage(replace(start, after=after, sections=states).because(told), left_out)

    def _parts(
        self, version: PageVersion, source: PageVersion, parts: Sequence[Part]
    ) -> tuple[Mapping[str, tuple[Part, str]], Mapping[str, str]]:
        """Return the part of each section, with what a person should know about the match, and
        why the others are left out.
        """
        given = {c.name: c for c in self.choices if c.language == version.language}
        general = [c for c in self.choices if not c.language and c.name not in given]
        text = version.revision.text
        if version is source:
            return {c.name: by_heading(text, c, parts) for c in (*general, *given.values())}, {}
        original = outline.outline(source.revision.text, self.wiki.extension_tags)
        found = {c.name: by_heading(text, c, parts) for c in given.values()}
        wanted = [(c, by_heading(source.revision.text, c, original)[0]) for c in general]
        known = counterparts(original, parts)
        there = {c.name: known.get(original.index(part)) for c, part in wanted}
        for name, each in there.items():
            if each is not None:
                part = parts[each.index]
                found[name] = part, f"{name} is “{part.shown}” ({each.evidence})"
        taken = [*(parts[each.index] for each in known.values()), *(p for p, _ in found.values())]
        free = [each for each in parts if each.level != LEAD and each not in taken]
        lacking: dict[int, list[str]] = {}
        for choice, part in wanted:
            if there[choice.name] is None:
                lacking.setdefault(part.level, []).append(choice.name)
        return found, {
            name: _why_left_out(names[0], version.language, [p for p in free if p.level == level])
            for level, names in lacking.items()
            for name in names
        }

    def _finish_source(self, revision: Revision, change: PageChange) -> PageChange:
        self._check_import(change)
        return self._finish(revision, change)

    def _check_import(self, change: PageChange) -> None:
        """Refuse sections that no plan would have: no page with them could be updated."""
        new = [each for each in change.sections if each.state is SectionState.MARKED]
        texts = tuple(SectionTexts(each.name, {change.language: each.after}) for each in new)
        page = PageTexts(change.title, texts, _has_tags(change.after))
        for name, reason in self.impossible(page).items() if new else ():
            raise Refusal(
                "unfit-section",
                f"section {name}: an import could not take it, so no plan would write it: "
                f"{reason}. Mend that, or leave this section out",
            )

    def _finish(self, revision: Revision, change: PageChange) -> PageChange:
        """Decide the action, and refuse what must not or cannot be saved."""
        if change.after == change.before:
            return change
        guards.check_allowed(revision, self.account)
        if _has_tags(change.after):
            guards.check_markup(change)
            change = replace(change, effect=self._effect(change, revision.language))
        guards.check_with_wiki(change, self.wiki)
        self._check_rendering(change)
        names = [s.name for s in change.sections if s.state is SectionState.MARKED]
        change = replace(change, action=Action.UPDATE)
        return change.summarised(self.summarise(change.language, names))

    def _effect(self, change: PageChange, language: str) -> PageEffect | None:
        if isinstance(self.translate, NoTranslate):
            return None
        return forecast(self.translate, change.title, change.after, language=language)

    def _check_rendering(self, change: PageChange) -> None:
        before = self.wiki.rendered(change.title, change.before)
        after = self.wiki.rendered(change.title, change.after)
        if before and after and not read_alike(before.html, after.html):
            raise Refusal(
                "other-rendering",
                "the wiki would render the page with markers in another way; choose other "
                "headings, or put the markers in by hand",
            )


# What a look tells of all this: each section that was proposed is tried, and nothing is saved.


def proposed(found: Inspection) -> tuple[SectionChoice, ...]:
    """Return the choices that would mark what can be marked."""
    return tuple(
        SectionChoice(each.name, each.part.title)
        for each in found.parts
        if each.part.level in (LEAD, 2) and not each.managed and not each.refusal
    )


def with_markers(found: Inspection, adoption: PageWrapping) -> Inspection:
    """Return what was found, with what marking the adoption's choices would refuse.

    All are tried at once; only where that is refused, each is tried alone.
    """
    title, language = found.revision.title, found.revision.language
    if not adoption.choices or not found.revision.exists:
        return found
    source, *versions = adoption.changes(title)
    if source.action is Action.REFUSED:
        return _tried_alone(found, adoption, source.told.reason, language)
    refused = {v.language: v.told.reason for v in versions if v.action is Action.REFUSED}
    tried = (replace(each, refusal=refused.get(each.language, "")) for each in found.versions)
    return replace(found, versions=tuple(tried))


def _tried_alone(
    found: Inspection, adoption: PageWrapping, together: str, language: str
) -> Inspection:
    """Return what each section alone is refused for; what is so of all is told of the page."""
    why: dict[str, str] = {}
    for choice in adoption.choices:
        alone = replace(adoption, choices=(choice,))
        (change,) = alone.changes(found.revision.title, [language])
        if change.action is Action.REFUSED:
            why[choice.name] = change.told.reason
    if not why or (len(why) == len(adoption.choices) and len({*why.values()}) == 1):
        reason = f"marking all of these sections would be refused: {together}"
        return replace(found, obstacles=(*found.obstacles, Obstacle("unmarkable", (), reason)))
    parts = (
        replace(each, refusal=f"marking it would be refused: {why[each.name]}")
        if not each.managed and not each.refusal and each.name in why
        else each
        for each in found.parts
    )
    return replace(found, parts=tuple(parts))


# White space beside these tags shows nowhere, but inside of <pre>.
_BLOCK_TAG = re.compile(
    r"(?<!\s)\s*(</?(?:address|article|aside|blockquote|caption|center|d[dlt]|details|div|fig(?:caption|ure)"
    r"|h[1-6r]|li|main|nav|ol|p|pre|section|style|summary|t(?:able|body|d|foot|h|head|r)|ul)"
    r"(?=[\s/>])[^<>]*>)\s*",
    re.IGNORECASE,
)
_PREFORMATTED = re.compile(r"(<(pre|textarea)(?=[\s>]).*?</\2\s*>)", re.DOTALL | re.IGNORECASE)


def read_alike(one: str, other: str) -> bool:
    """Tell whether two pieces of HTML are the same but for white space that no reader sees."""
    return _without_blanks(one) == _without_blanks(other)


def _without_blanks(html: str) -> list[str]:
    parts = _PREFORMATTED.split(html)
    for at in range(0, len(parts), 3):  # behind each of them stands a <pre>, and its name
        parts[at] = _BLOCK_TAG.sub(r"\1", parts[at])
    return parts


def _without_version(pages: Sequence[PageVersion], wanted: Sequence[str]) -> list[str]:
    """Return the wanted languages that a page does not have; one that is not there has none."""
    if not pages[0].revision.exists:
        return []
    return [code for code in wanted if code not in {page.language for page in pages}]


def _no_version(code: str, pages: Sequence[PageVersion]) -> PageChange:
    """Return that nothing is done in a language that was wanted."""
    page = pages[0]
    whole, _, last = page.revision.title.rpartition("/")
    advice = "name another language, or leave -language: out"
    if whole and languages.is_known(last):
        advice = f"say -page: with the page itself, perhaps “{whole}”"
    reason = f"{page.revision.title} is in {page.language} and has no version in {code}"
    change = PageChange.none(page.revision, code)
    change = replace(change, base=replace(change.base, title=f"{page.revision.title}/{code}"))
    return change.refused(Refusal(MISSING_VERSION, f"{reason}; {advice}"))


def _has_tags(text: str) -> bool:
    """Tell whether a page is translatable, or was meant to be."""
    return any(markup.tags_in(text))


def _check(revision: Revision) -> None:
    if not revision.exists:
        message = "the page does not exist; look at its title, or at where it was moved"
        raise Refusal(MISSING_PAGE, message)
    if revision.redirect_to:
        message = f"the page is a redirect to {revision.redirect_to!r}; say -page: with that title"
        raise Refusal(REDIRECT, message)
    if revision.content_model != "wikitext":
        message = f"the page's content model is {revision.content_model}, not wikitext"
        raise Refusal(CONTENT_MODEL, f"{message}; only wikitext can have markers")


def _stands(there: Mapping[str, Section], plan: str, name: str, part: Part) -> bool:
    """Tell whether a section holds that part already; one of its name elsewhere is refused."""
    section = there.get(name)
    if section is None:
        return False
    if not section.is_of(plan):
        message = f"is of plan {section.plan}; choose another name for “{part.shown}”"
        raise markers.line_error(markers.DOUBLED, name, section.line, message)
    if section.begin.start <= part.start < section.end.stop:
        return True
    message = f"stands around other text already; choose another name for “{part.shown}”"
    raise markers.line_error(markers.DOUBLED, name, section.line, message)
