"""The plan: a department's data, loaded and checked."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from wikiplan.cache import NOTHING, Cache
from wikiplan.errors import Fault, Faults
from wikiplan.files import shown
from wikiplan.plan import patterns
from wikiplan.plan.facttypes import Fact, Link, fact_of
from wikiplan.plan.kinds import LABELS, LANGUAGE_OF_WORDS, STATUSES, labels_for, status_label
from wikiplan.plan.knownfacts import facts_of_plan
from wikiplan.plan.moves import PAGE, SECTION, Move, Moves
from wikiplan.plan.pagelist import Origin, PageList
from wikiplan.plan.source import Source, read_source, units_of
from wikiplan.plan.units import Unit, links_of, prefix
from wikiplan.plan.values import (
    FIELD,
    MOST_LOST_PERCENT,
    MOST_ORPHANED,
    MOST_OUTDATED_PERCENT,
    MOST_PAGES,
    MOST_SHRINK_PERCENT,
)
from wikiplan.value import Value, field, replace
from wikiplan.yaml import value_in

# The glossary: how team names and titles read in each language (``data/glossary.yaml``).


# Signs that a text may have or not: vowel signs of Arabic and Hebrew, the Arabic long stroke.
_OPTIONAL = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u0640\u064b-\u0652\u0670\u00ad]")
_HYPHENS = re.compile("[‐‑–־]")


# The English of a unit is read once for all its languages.
_MOST_KEPT = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """English words, and by language code the translations from which one must stand."""

    english: str
    translations: Mapping[str, tuple[str, ...]] = dataclasses.field(hash=False)


def terms_of(data: Mapping[str, Any]) -> tuple[Term, ...]:
    """Return the terms of the glossary's data, longer ones before those that they hold."""
    terms = (
        Term(entry["term"], {code: tuple(each) for code, each in entry["translations"].items()})
        for entry in data.get("terms", ())
    )
    return tuple(sorted(terms, key=lambda term: -len(term.english)))


def missing_terms(
    glossary: tuple[Term, ...], english: str, translation: str, language: str
) -> Iterator[Term]:
    """Yield the terms of the English words that do not read as they should in the translation."""
    read = ""
    for term in _terms_in(glossary, english):
        wanted = term.translations.get(language, ())
        read = read or _folded(translation)
        if wanted and not any(_folded_term(each) in read for each in wanted):
            yield term


@lru_cache(_MOST_KEPT)
def _terms_in(glossary: tuple[Term, ...], english: str) -> tuple[Term, ...]:
    """Return the terms in English words; one inside of a longer one counts as that one."""
    found = []
    for term in glossary:
        rest = _pattern(term.english).sub("\n", english)
        if rest != english:
            found.append(term)
        english = rest
    return tuple(found)


def without_terms(glossary: Iterable[Term], translation: str, language: str) -> str:
    """Return a translation without the words that the glossary prescribes."""
    for term in glossary:
        for each in term.translations.get(language, ()):
            translation = translation.replace(each, " ")
    return translation


@cache
def _pattern(term: str) -> re.Pattern[str]:
    """Find a term as a word; names must have their capitals (“Human Rights” is a team)."""
    words = r"\s+".join(map(re.escape, term.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE if term.islower() else 0)


@cache
def _folded_term(text: str) -> str:
    return _folded(text)


def _folded(text: str) -> str:
    """Return a text by which to compare words: without capitals, vowel signs, kinds of hyphens."""
    plain = _HYPHENS.sub("-", _OPTIONAL.sub("", unicodedata.normalize("NFKC", text)))
    return " ".join(plain.casefold().split())


# The plan: a department's data, loaded and checked.


class SectionSpec(Value):
    """A managed section of a page: ``template`` fills it from the file ``data`` (its stem)."""

    name: str
    template: str
    data: str
    drift: str
    drift_is_said: bool = False
    """Whether ``pages.yaml`` has the answer; otherwise a person at the terminal is asked."""
    former: tuple[str, ...] = ()
    """The names that it had before, the newest first: the markers on the wiki may have one yet."""
    item: str = ""
    """The item of the file that the section is about, if it is not about all of it."""
    came_from: str = ""
    """The title of the page that it stood on."""
    languages: tuple[str, ...] = ()
    """The languages of the page that have the section; empty means all."""


class MovedAway(Value):
    """A section that stood on a page: the title of the page that has it now, and its data."""

    title: str
    data: str


class PriorityLanguages(Value):
    """The languages that a translatable page should have first, or with ``force`` alone."""

    languages: tuple[str, ...]
    force: bool
    reason: str


class Credit(Value):
    """Whom catalogs, summaries and commits name. ``names`` are by account, each with an e-mail
    address or without; ``unnamed`` are those who asked not to be named.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    unnamed: tuple[str, ...] = ()


class TalkPage(Value):
    """A page where translators of a language are told something; empty is the page's own."""

    title: str
    language: str = ""


Remains = str | Mapping[str, str]
"""What remains of something retired: nothing, text, blank, ``{"redirect": TITLE}`` or
``{"marked": WIKITEXT}``, which is put above the text."""


class RetiredPage(Value):
    """A page that the plan had, or some language versions of one that it has; empty means all."""

    title: str
    languages: tuple[str, ...]
    remains: Remains
    site: str


class Going(Value):
    """What remains of the pages of a pattern, by its title, when what they are for is no more."""

    pattern: str
    languages: tuple[str, ...]
    remains: Remains
    site: str

    def language_of(self, title: str, names: Collection[str], source_language: str) -> str:
        """Return the language of a page that it made for fields of these names, empty of others."""
        if list(names) != patterns.fields_in(self.pattern):
            return ""
        words = FIELD.split(self.pattern)[:: FIELD.groups + 1]
        codes = "|".join(map(re.escape, self.languages))
        form = "[^/]+".join(map(re.escape, words))
        found = re.fullmatch(rf"{form}(?:/({codes}))?", title)
        return (found[1] or source_language) if found else ""


class PageSpec(Value):
    """A page in all its languages, as ``pages.yaml`` describes it with the defaults filled in.

    ``missing_section`` is refuse, top, bottom, or ``{"after": HEADING}``, ``{"before": HEADING}``,
    ``{"after-section": NAME}``.
    ``ids`` are unit ids to keep, by unit key or ``section:key``. Without ``priority_languages``
    those that the wiki has stay. ``retired`` has what remains of sections that the page had, by
    name: nothing, or text. ``former`` are titles that it had, the newest first. ``moved_away`` are
    sections that stood on it and stand elsewhere now, by the names of their data.
    """

    title: str
    kind: str
    languages: tuple[str, ...]
    language_pages: str
    missing_page: str
    missing_section: str | Mapping[str, str]
    redirect: str
    fallback: str
    drift: str
    sections: tuple[SectionSpec, ...]
    ids: Mapping[str, str] = field(default_factory=dict)
    priority_languages: PriorityLanguages | None = None
    retired: Mapping[str, str] = field(default_factory=dict)
    site: str = ""
    former: tuple[str, ...] = ()
    pattern: str = ""
    """The title with fields that the page comes of, empty for a page with an entry of its own."""
    subjects: tuple[str, ...] = ()
    """What of the data such a page is made for: ``event spring``."""
    moved_away: tuple[MovedAway, ...] = ()
    page_language: bool = False
    """Whether the wiki is told the language of each version; not of a translatable page."""

    @property
    def place(self) -> str:
        """Site and title: a title alone may be that of pages on several sites."""
        return f"{self.site} {self.title}"

    @property
    def translatable(self) -> bool:
        """Whether the page is marked with Translate: only its source language is written."""
        return self.kind == "translatable"

    def in_language(self, language: str) -> PageSpec:
        """Return the page with the sections that its version in a language has."""
        own = tuple(s for s in self.sections if not s.languages or language in s.languages)
        return self if own == self.sections else replace(self, sections=own)


class BundleSpec(Value):
    """A message bundle: a page with texts for the wiki's own templates and modules."""

    title: str
    texts: tuple[str, ...]
    label: str = ""
    description: str = ""


class Plan(Value):
    """Everything in the data directory but the catalogs.

    ``files`` holds each file's data by its stem (``priorities/2020-2021``), keys as in YAML; every
    text block in it has its unit's key under ``unit``. ``most_shrink``, ``most_outdated`` and
    ``most_lost`` are in percent, ``most_orphaned`` counts translations. ``digest`` is of all files.
    ``site`` is where pages are that do not say it, ``interwiki`` has prefixes of links by site.
    ``name`` tells the plan's sections from those of other plans, empty where it has none.
    ``year_form`` is how the fiscal year that ends in 2022 is written, empty for the usual way.
    """

    directory: Path
    site: str
    source_language: str
    languages: tuple[str, ...]
    most_pages: int
    most_shrink: int
    stop_page: str
    pages: tuple[PageSpec, ...]
    files: Mapping[str, Mapping[str, Any]]
    links: Mapping[str, Link]
    units: Mapping[str, Unit]
    language_overrides: Mapping[str, Mapping[str, Any]]
    most_outdated: int = MOST_OUTDATED_PERCENT
    most_orphaned: int = MOST_ORPHANED
    most_lost: int = MOST_LOST_PERCENT
    glossary: tuple[Term, ...] = ()
    retired: tuple[RetiredPage, ...] = ()
    going: tuple[Going, ...] = ()
    digest: str = ""
    interwiki: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    lock_page: str = ""
    may_answer: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """What every text knows, by variable, but for the links (``plan.knownfacts``)."""
    moves: Moves = field(default_factory=Moves)
    year_form: str = ""
    statuses: Mapping[str, str] = field(default_factory=lambda: STATUSES)
    """How far items can be, and what each status means for the next year (``plan.kinds``)."""
    credit: Credit = field(default_factory=Credit)
    notified: tuple[TalkPage, ...] = ()
    """Where translators are told that a new year's texts need their language."""
    bundles: tuple[BundleSpec, ...] = ()

    @property
    def sites(self) -> tuple[str, ...]:
        """The wikis with pages of the plan, in the order of these."""
        every = [page.site for page in self.pages] + [page.site for page in self.retired]
        return tuple(dict.fromkeys(every))

    @property
    def elsewhere(self) -> str:
        """The site of a part of the plan, if it is not the usual one."""
        return "" if self.site in self.sites or not self.sites else self.sites[0]

    def on(self, site: str) -> Plan:
        """Return the part of the plan that is on one site."""
        return replace(
            self,
            pages=tuple(page for page in self.pages if page.site == site),
            retired=tuple(page for page in self.retired if page.site == site),
            going=tuple(each for each in self.going if each.site == site),
        )


def load(directory: Path, cache: Cache = NOTHING) -> Plan:
    """Return the plan. Raises :class:`Faults` with everything that is wrong, all files at once."""
    source = read_source(directory, cache)
    if not source.digest or not cache.get(*_sound(source)):
        faults = _faults(source, cache)
        if any(not fault.warning for fault in faults):
            raise Faults(faults)
        cache.put(True, *_sound(source))
    return _plan(source)


def check(directory: Path, cache: Cache = NOTHING) -> tuple[Plan | None, tuple[Fault, ...]]:
    """Return the plan, None if it has errors, and every error and warning about its files.

    They are in the order of files and lines.
    """
    source = read_source(directory, cache)
    faults = tuple(_faults(source, cache))
    if any(not fault.warning for fault in faults):
        return None, faults
    if source.digest:
        cache.put(True, *_sound(source))
    return _plan(source), faults


def _sound(source: Source) -> tuple[str, str]:
    """Return what a cache calls a plan without errors in its own files."""
    return "plan is sound", source.digest


def _faults(source: Source, cache: Cache) -> list[Fault]:
    from wikiplan.plan.checks import source_faults

    return source_faults(source, cache)


def _plan(source: Source) -> Plan:
    assert source.pages
    listed, pages = source.pages, source.pages.data
    retired, site = pages.get("retired", ()), pages["site"]
    sections = _retired_sections(retired, site)
    links = links_of(source.data.get("links", {}))
    each = zip(pages["pages"], listed.origins, strict=True)
    moves = _moves(pages.get("moved", ()), listed.origins)
    specs = [_page(pages, page, sections, moves, origin) for page, origin in each]
    read = Plan(
        directory=source.directory,
        site=site,
        source_language=pages["source-language"],
        languages=tuple(pages["languages"]),
        **_limits(pages),
        stop_page=pages.get("stop-page", ""),
        pages=tuple(_with_moved_away(specs)),
        files=source.data,
        links=links,
        units={unit.key: unit for unit in units_of(source)},
        language_overrides=source.data.get("languages", {}),
        glossary=terms_of(source.data.get("glossary", {})),
        retired=tuple(_retired(each, site) for each in retired if "section" not in each),
        going=tuple(_going(listed)),
        digest=source.digest,
        interwiki=pages.get("interwiki", {}),
        lock_page=pages.get("lock-page", ""),
        may_answer=tuple(pages.get("may-answer", ())),
        name=pages.get("plan", ""),
        facts=facts_of_plan(source.data, links),
        moves=moves,
        year_form=pages.get("fiscal-year", {}).get("written", ""),
        statuses=pages.get("statuses", STATUSES),
        credit=_credit(pages.get("translators", {})),
        notified=tuple(_notified(pages.get("translators", {}))),
        bundles=tuple(map(_bundle, pages.get("bundles", ()))),
    )
    return with_words(read, {section.template for page in specs for section in page.sections})


def with_words(read: Plan, templates: Iterable[str]) -> Plan:
    """Return the plan with the words that these templates need and that it lacks.

    They are those that come with wikiplan, so a new version's new words break no plan.
    """
    undeclared = {status_label(each) for each in STATUSES.keys() - read.statuses}
    known = {*read.files.get(LABELS, {}), *undeclared}
    needed = labels_for(templates) if read.source_language == LANGUAGE_OF_WORDS else {}
    lacking = {name: label for name, label in needed.items() if name not in known}
    if not lacking:
        return read
    units = {name: _shipped(read, name, label) for name, label in lacking.items()}
    words = {name: {**label, "unit": units[name].key} for name, label in lacking.items()}
    return replace(
        read,
        files={**read.files, LABELS: {**read.files.get(LABELS, {}), **words}},
        units={**read.units, **{unit.key: unit for unit in units.values()}},
    )


def _shipped(read: Plan, name: str, label: Mapping[str, Any]) -> Unit:
    own = {key: fact_of(raw, read.links) for key, raw in label.get("variables", {}).items()}
    return Unit(
        key=f"{prefix(LABELS)}.{name}",
        text=label["text"],
        variables={**read.links, **read.facts, **own},
        file=shown(read.directory / f"{LABELS}.yaml"),
        is_shipped=True,
    )


def _credit(entry: Mapping[str, Any]) -> Credit:
    return Credit(entry.get("names", {}), tuple(entry.get("unnamed", ())))


def _notified(entry: Mapping[str, Any]) -> Iterator[TalkPage]:
    for each in entry.get("talk-pages", ()):
        yield TalkPage(each["page"], each.get("language", ""))


def _limits(pages: Mapping[str, Any]) -> dict[str, int]:
    return {
        "most_pages": pages.get("most-pages", MOST_PAGES),
        "most_shrink": pages.get("most-shrink", MOST_SHRINK_PERCENT),
        "most_outdated": pages.get("most-outdated", MOST_OUTDATED_PERCENT),
        "most_orphaned": pages.get("most-orphaned", MOST_ORPHANED),
        "most_lost": pages.get("most-lost", MOST_LOST_PERCENT),
    }


def _bundle(entry: Mapping[str, Any]) -> BundleSpec:
    words = entry.get("label", ""), entry.get("description", "")
    return BundleSpec(entry["title"], tuple(entry["texts"]), *words)


def _with_moved_away(pages: Sequence[PageSpec]) -> Iterator[PageSpec]:
    """Yield the pages with the sections that stood on them and stand elsewhere now."""
    gone: dict[tuple[str, str], list[MovedAway]] = {}
    for page in pages:
        for section in page.sections:
            if section.came_from:
                found = MovedAway(page.title, section.data)
                gone.setdefault((page.site, section.came_from), []).append(found)
    for page in pages:
        moved = sorted(gone.get((page.site, page.title), ()), key=lambda each: each.data)
        yield replace(page, moved_away=tuple(moved)) if moved else page


def _retired_sections(
    retired: Iterable[Mapping[str, Any]], site: str
) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Return what remains of retired sections, by site and title of the page, and by name."""
    sections: dict[tuple[str, str], dict[str, str]] = {}
    for each in retired:
        if "section" in each:
            page = each.get("site", site), each["title"]
            sections.setdefault(page, {})[each["section"]] = each["remains"]
    return sections


def _going(listed: PageList) -> Iterator[Going]:
    """Yield what patterns say of their pages that go with their data."""
    usual = listed.data
    for origin in listed.patterns:
        said = {key: _said(origin, key) for key in ("remains", "languages", "site")}
        if said["remains"]:
            languages = said["languages"] or usual["languages"]
            site = said["site"] or usual["site"]
            yield Going(origin.pattern, tuple(languages), said["remains"], site)


def _said(origin: Origin, key: str) -> Any:
    document, place = origin.has(key)
    return value_in(document.data, (*place, key))


def _retired(entry: Mapping[str, Any], site: str) -> RetiredPage:
    languages = tuple(entry.get("languages", ()))
    return RetiredPage(entry["title"], languages, entry["remains"], entry.get("site", site))


def _page(
    defaults: Mapping[str, Any],
    page: Mapping[str, Any],
    retired: Mapping[tuple[str, str], Mapping[str, str]],
    moves: Moves,
    origin: Origin,
) -> PageSpec:
    site = page.get("site", defaults["site"])
    language_pages = page.get("language-pages", "subpages")
    every = [defaults["source-language"]] if language_pages == "none" else defaults["languages"]
    former = _Former(origin, moves)
    kind, usual_page_language = page.get("kind", "plain"), defaults.get("page-language", False)
    return PageSpec(
        title=page["title"],
        kind=kind,
        languages=tuple(page.get("languages", every)),
        language_pages=language_pages,
        missing_page=page.get("missing-page", "refuse"),
        missing_section=page.get("missing-section", "refuse"),
        redirect=page.get("redirect", "refuse"),
        fallback=page.get("fallback", defaults.get("fallback", "english")),
        drift=page.get("drift", "keep"),
        sections=tuple(
            _section(section, page, former.names(number, section["name"]))
            for number, section in enumerate(page["sections"])
        ),
        ids={key: str(id) for key, id in page.get("ids", {}).items()},
        priority_languages=_priority_languages(page.get("priority-languages")),
        retired=retired.get((site, page["title"]), {}),
        site=site,
        former=former.titles(page["title"]),
        pattern=origin.pattern,
        subjects=tuple(map(str, origin.subjects)),
        page_language=kind == "plain" and page.get("page-language", usual_page_language),
    )


class _Former(Value):
    """The names that a page and its sections had, by their own moves and by those of subjects."""

    origin: Origin
    moves: Moves

    def titles(self, title: str) -> tuple[str, ...]:
        own = self.moves.former(PAGE, title)
        return (*own, *self._filled(self.origin.pattern, titled=True))

    def names(self, number: int, name: str) -> tuple[str, ...]:
        own = self.moves.former(SECTION, name)
        if not (self.moves.entries and self.origin.subjects):
            return own
        document, place = self.origin.has("sections")
        written = value_in(document.data, (*place, "sections", number, "name"))
        return (*own, *self._filled(written, titled=False))

    def _filled(self, pattern: str, *, titled: bool) -> Iterator[str]:
        """Yield a pattern with the keys that its subjects had, if it says them."""
        if not self.moves.entries:
            return
        for subject in self.origin.subjects:
            others = tuple(each for each in self.origin.subjects if each != subject)
            now = patterns.filled(pattern, self.origin.subjects, titled=titled)
            for before in subject.former(self.moves):
                found = patterns.filled(pattern, (before, *others), titled=titled)
                if found != now:
                    yield found


def _moves(raw: Iterable[Mapping[str, Any]], origins: Iterable[Origin]) -> Moves:
    """Return the moves of the plan, those of patterns also for each page that comes of them."""
    moves = Moves.of(raw)
    wanted = [
        each for each in moves.entries if each.kind == PAGE and patterns.fields_in(each.after)
    ]
    if not wanted:
        return moves
    filled = (
        Move(
            PAGE,
            patterns.filled(each.before, origin.subjects, titled=True),
            patterns.filled(each.after, origin.subjects, titled=True),
        )
        for each in wanted
        for origin in origins
        if origin.pattern == each.after
    )
    return Moves((*moves.entries, *filled))


def _priority_languages(raw: Mapping[str, Any] | None) -> PriorityLanguages | None:
    if raw is None:
        return None
    return PriorityLanguages(
        tuple(raw["languages"]), raw.get("force", False), raw.get("reason", "")
    )


def _section(
    section: Mapping[str, Any], page: Mapping[str, Any], former: tuple[str, ...]
) -> SectionSpec:
    drift = section.get("drift") or page.get("drift", "")
    return SectionSpec(
        name=section["name"],
        template=section["template"],
        data=section["data"],
        drift=drift or "keep",
        drift_is_said=bool(drift),
        former=former,
        item=section.get("item", ""),
        came_from=section.get("came-from", ""),
        languages=tuple(section.get("languages", ())),
    )


def template_position(directory: Path, wanted: PageSpec, section: str) -> tuple[str, int, int]:
    """Return the file and the place that name a section's template; it is read again for that."""
    pages = read_source(directory).pages
    for page, entry in enumerate(pages.data["pages"] if pages else ()):
        names = [each["name"] for each in entry["sections"]]
        if pages and _is_of(entry, wanted, pages.data["site"]) and section in names:
            document, place, _ = pages.real(("pages", page, "sections", names.index(section)))
            return document.file, *document.value_at((*place, "template"))
    return shown(directory / "pages.yaml"), 0, 0


def _is_of(entry: Mapping[str, Any], page: PageSpec, usual_site: str) -> bool:
    return (entry["title"], entry.get("site", usual_site)) == (page.title, page.site)
