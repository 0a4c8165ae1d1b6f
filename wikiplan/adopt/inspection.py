"""Inspecting a page that wikiplan does not manage yet: what it is, and what is in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from wikiplan.adopt import newplan, obstacles
from wikiplan.adopt.links import free, key_of
from wikiplan.adopt.obstacles import Obstacle, Orphan
from wikiplan.adopt.plandraft import Settings
from wikiplan.adopt.values import PageTexts, SectionTexts
from wikiplan.errors import Refusal
from wikiplan.l10n import languages
from wikiplan.translate import ParseError, parse
from wikiplan.value import Value, replace
from wikiplan.wiki import (
    Account,
    Group,
    HistoryEntry,
    Marked,
    PageFacts,
    Revision,
    TranslateWiki,
    Wiki,
    page_facts,
)
from wikiplan.wikitext import LEAD, Part, Section, Wanted, counterparts, outline, sections, wrapping

PROBE = "probe"
"""A section's name that is put into a text to see whether it could be, and thrown away."""
SECTION = "section"
"""What the name of a section begins with whose heading has no words for one."""
MOST_UNIT_PAGES = 5_000
"""Translations of units that left are looked for among so many pages at most."""


class LanguageVersion(Value):
    """One language version: a translation that the extension keeps, or a page of its own.

    ``edited`` is UTC. Of a translation the counts are of units; of a page ``lacking`` are the parts
    of the source whose counterpart is not certain, ``refusal`` says why it could not be marked.
    """

    language: str
    title: str
    kind: str
    translated: int = 0
    outdated: int = 0
    total: int = 0
    revision: int = 0
    edited: datetime | None = None
    headings: int = 0
    lacking: tuple[str, ...] = ()
    redirect_to: str = ""
    refusal: str = ""


class InspectedPart(Value):
    """A part of the page with the section that it could become.

    ``managed`` is the section that it is in already, ``refusal`` says why it can be none.
    """

    part: Part
    kind: str
    name: str
    managed: str = ""
    refusal: str = ""


class Editor(Value):
    """Somebody who edits the page; ``last`` is UTC."""

    name: str
    edits: int
    last: datetime


class Inspection(Value):
    """All that was found. ``revision`` holds the page, ``asked`` is the title that was given.

    ``unmarked`` are the revisions since the marked one, newest first.
    """

    asked: str
    revision: Revision
    account: Account
    facts: PageFacts
    translatable: bool = False
    marked: Marked | None = None
    unmarked: tuple[HistoryEntry, ...] = ()
    editors: tuple[Editor, ...] = ()
    versions: tuple[LanguageVersion, ...] = ()
    parts: tuple[InspectedPart, ...] = ()
    managed: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    orphans: tuple[Orphan, ...] = ()

    @property
    def kind(self) -> str:
        if not self.revision.exists:
            return "missing"
        if self.revision.redirect_to:
            return "redirect"
        if self.marked:
            return "translatable"
        return "translatable, never marked" if self.translatable else "plain"


def inspect(wiki: Wiki, translate: TranslateWiki, title: str) -> Inspection:
    """Look at a page, and at where a redirect under its title leads. Writes nothing."""
    account = wiki.account()
    revision = wiki.read_to_edit([title])[title]
    facts = page_facts(wiki, revision.title)
    if revision.redirect_to:
        target = wiki.read_to_edit([revision.redirect_to])[revision.redirect_to]
        if target.exists and not target.redirect_to:
            facts = replace(page_facts(wiki, target.title), moves=facts.moves)
            revision = target
    found = Inspection(title, revision, account, facts)
    if not revision.exists or revision.redirect_to or revision.content_model != "wikitext":
        return found
    return _of_text(_of_translation(_of_history(found, wiki), wiki, translate), wiki)


def with_imports(found: Inspection, tags: frozenset[str], settings: Settings) -> Inspection:
    """Return what was found, and of each part the kind that an import makes of it, or why it could
    not take it.
    """
    free = [each for each in found.parts if not each.managed and not each.refusal]
    why: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for level in sorted({each.part.level for each in free}):  # parts of one level are apart
        wanted = [Wanted(each.name, each.part) for each in free if each.part.level == level]
        taken = newplan.outcome(_page_texts(found, wanted, tags), settings)
        why |= taken.left_out
        kinds |= taken.kinds
    refusals = {name: f"an import could not take it: {reason}" for name, reason in why.items()}
    parts = (
        replace(
            each,
            kind=kinds.get(each.name, each.kind),
            refusal=refusals.get(each.name, ""),
        )
        if each in free
        else each
        for each in found.parts
    )
    return replace(found, parts=tuple(parts))


def _page_texts(found: Inspection, wanted: Sequence[Wanted], tags: frozenset[str]) -> PageTexts:
    revision = found.revision
    wrapped = wrapping.wrap(revision.text, wanted, tags)
    names = {each.name for each in wanted}
    texts = tuple(
        SectionTexts(each.name, {revision.language: sections.body_of(wrapped, each)})
        for each in sections.find(wrapped, tags)
        if each.name in names
    )
    return PageTexts(revision.title, texts, found.translatable)


def _of_history(found: Inspection, wiki: Wiki) -> Inspection:
    entries = wiki.history(found.revision.page_id, found.revision.title, 0)
    counts = Counter(entry.user for entry in entries)
    last = {entry.user: entry.timestamp for entry in reversed(entries)}
    editors = tuple(Editor(name, count, last[name]) for name, count in counts.most_common())
    return replace(found, editors=editors)


def _of_translation(found: Inspection, wiki: Wiki, translate: TranslateWiki) -> Inspection:
    title, text = found.revision.title, found.revision.text
    try:
        page = parse(text)
    except ParseError:
        return replace(found, translatable=True)
    marked = translate.marked(title) if page.has_markup else None
    group = translate.group(title) if marked else None
    left = _orphans(found, translate, marked, group) if marked and group else ()
    later = translate.unmarked_revisions(title, marked.revision) if marked else ()
    return replace(
        found,
        translatable=page.has_markup,
        marked=marked,
        unmarked=tuple(later),
        versions=_translations(title, group),
        orphans=left,
    )


def _translations(title: str, group: Group | None) -> tuple[LanguageVersion, ...]:
    return tuple(
        LanguageVersion(
            language, f"{title}/{language}", "translation",
            counts.translated, counts.outdated, counts.total,
        )
        for language, counts in (group.languages.items() if group else ())
    )  # fmt: skip


def _orphans(
    found: Inspection, translate: TranslateWiki, marked: Marked, group: Group
) -> tuple[Orphan, ...]:
    title, language = found.revision.title, found.revision.language
    units = parse(found.revision.text).units
    here = {unit.id for unit in units}
    used = translate.used_ids(title, marked.units, language)
    left = {id: text for id, text in used.items() if id not in here and id not in marked.units}
    codes = list(group.languages)
    ids = list(left)[: MOST_UNIT_PAGES // max(1, len(codes))]
    translated = translate.left_translations(title, ids, codes) if ids and codes else {}
    return obstacles.orphans(units, left, translated)


def _of_text(found: Inspection, wiki: Wiki) -> Inspection:
    text, tags = found.revision.text, wiki.extension_tags
    try:
        parts = outline.outline(text, tags)
        managed = sections.find(text, tags)
    except Refusal as refusal:
        return replace(found, obstacles=(Obstacle(refusal.code, (), str(refusal), stops=True),))
    plain = _pages(found, wiki, parts)
    return replace(
        found,
        versions=tuple(sorted((*found.versions, *plain), key=lambda each: each.language)),
        parts=tuple(_parts(text, parts, managed, tags)),
        managed=tuple(section.name for section in managed),
        obstacles=obstacles.obstacles(text, found.revision.language, parts, found.revision.title),
    )


def versions_of(wiki: Wiki, title: str, without: Sequence[str] = ()) -> dict[str, Revision]:
    """Return the pages that stand under ``title`` as its language versions, by language."""
    titles = {f"{title}/{code}": code for code in languages.known() if code not in without}
    heads = wiki.heads(list(titles))
    there = [name for name, head in heads.items() if head.number]
    read = wiki.read(there) if there else {}
    return {titles[name]: revision for name, revision in read.items()}


def _pages(found: Inspection, wiki: Wiki, parts: Sequence[Part]) -> Iterator[LanguageVersion]:
    known = [version.language for version in found.versions]
    for language, revision in versions_of(wiki, found.revision.title, known).items():
        if found.marked and language == found.revision.language:
            continue  # Translate's own copy of the source
        yield _page(language, revision, parts, wiki.extension_tags)


def _page(
    language: str, revision: Revision, parts: Sequence[Part], tags: frozenset[str]
) -> LanguageVersion:
    if revision.redirect_to:
        return LanguageVersion(
            language, revision.title, "redirect", redirect_to=revision.redirect_to
        )
    try:
        theirs = outline.outline(revision.text, tags)
    except Refusal:
        theirs = ()
    known = counterparts(parts, theirs)
    return LanguageVersion(
        language,
        revision.title,
        "page",
        revision=revision.number,
        edited=revision.timestamp,
        headings=sum(part.level > 0 for part in theirs),
        lacking=tuple(part.shown for index, part in enumerate(parts) if index not in known),
    )


def _parts(
    text: str, parts: Sequence[Part], managed: Sequence[Section], tags: frozenset[str]
) -> Iterator[InspectedPart]:
    taken = {section.name for section in managed}
    several = Counter(map(outline.kind_of, parts))
    for part in parts:
        kind = outline.kind_of(part)
        inside = [s.name for s in managed if s.begin.start <= part.start < s.end.stop]
        if inside:
            yield InspectedPart(part, kind, inside[0], managed=inside[0])
            continue
        name = _name(part, kind, several, taken)
        taken.add(name)
        yield InspectedPart(part, kind, name, refusal=_refusal(text, part, tags))


def _name(part: Part, kind: str, several: Mapping[str, int], taken: set[str]) -> str:
    """Return a name for a section, which it keeps for ever, out of its heading's words.

    Where these name its kind it is called so, with a fiscal year if there are several of them.
    """
    if part.level == LEAD or outline.says(part.title, kind):
        year = outline.fiscal_year(part.title)
        name = f"{kind}-{year}" if year and several[kind] > 1 else kind
        if name not in taken and (year or not part.shape.numbers):
            return name
    words = key_of(part.title, fallback=SECTION)
    return free(words if words[0].isalpha() else f"{SECTION}-{words}", {kind, *taken})


def _refusal(text: str, part: Part, tags: frozenset[str]) -> str:
    try:
        wrapping.wrap(text, [Wanted(PROBE, part)], tags)
    except Refusal as refusal:
        return str(refusal).replace(f"section {PROBE}, ", "").replace(f"section {PROBE}: ", "")
    return ""
