"""The Translate extension of a real wiki, over the API of ``wiki.api.Site``.

To know everything about a page and its translations costs one request for the wiki itself, five
for the page (two more for each 500 or 5,000 unit pages, and for removed units), and one for each
language that has anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from wikiplan.errors import Message, Refusal
from wikiplan.translate import TITLE_UNIT, definition, has_outdated_mark, rules
from wikiplan.wiki import translateanswers
from wikiplan.wiki.answers import Answer
from wikiplan.wiki.api import Site, joined
from wikiplan.wiki.interface import Edit, HistoryEntry, Revision, Saved, Wiki
from wikiplan.wiki.translate import (
    AS_BEFORE,
    HAND_OVER,
    MARKING_RIGHT,
    Group,
    Marked,
    Marking,
    MarkOptions,
    NoTranslate,
    Priority,
    TranslateWiki,
    UnitState,
)
from wikiplan.wiki.translateanswers import DISABLED_LANGUAGE
from wikiplan.wikitext import syntax

NAMESPACE = "Translations"  # its English name does on every wiki
NAMESPACE_NUMBER = 1198
LOG_ENTRIES = 50
BUSY = "the wiki is still at work on the page's marking; run again in a minute"
NO_SUCH_GROUP = "badparameter"  # of messagegroupstats; messagegroups says it by an empty list
MOST_VALUES = 1000  # units or languages that one marking can name


def open_translate(
    wiki: Wiki, kind: Callable[[Site, str, str], TranslateSite] | None = None
) -> TranslateWiki:
    """Return the wiki's Translate extension, or what stands for its absence; one request."""
    if not isinstance(wiki, Site):
        return NoTranslate(wiki.name)
    answer = wiki.siteinfo()
    if not translateanswers.has_translate(answer):
        return NoTranslate(wiki.name)
    return (kind or TranslateSite)(wiki, *translateanswers.general(answer))


class TranslateSite:
    """Implements ``wiki.translate.TranslateWiki``."""

    def __init__(self, site: Site, generator: str, script: str) -> None:
        self._site = site
        self._generator = generator
        self._script = script

    @property
    def version(self) -> str:
        return rules.version_of(self._generator)

    @property
    def assumption(self) -> str:
        return rules.assumption(self._generator)

    def marking_refusal(self) -> tuple[str, str] | None:
        if not rules.VERSIONS[self.version].marks_by_api:
            words = f"{self._generator} cannot be told to mark a page (1.43 and newer can)"
            return Message("no-marking-api", words).pair
        account = self._site.account()
        if MARKING_RIGHT not in account.rights:
            words = f"{account.name} lacks the right {MARKING_RIGHT}"
            return Message("no-marking-right", words).pair
        return None

    def marking_url(self, title: str, revision: int) -> str:
        page = {"title": "Special:PageTranslation", "do": "mark"}
        return f"{self._script}?{urlencode({**page, 'target': title, 'revision': revision})}"

    def group_id(self, title: str) -> str:
        """Return the extension's name for what translators see of a page."""
        return group_id(title)

    # Reading

    def group(self, title: str) -> Group | None:
        parameters = {"meta": "messagegroups|messagegroupstats", "mgsgroup": self.group_id(title)}
        try:
            answers = list(self._site.query(**parameters, **group_parameters(self.group_id(title))))
        except Refusal as refusal:
            if refusal.code == NO_SUCH_GROUP:
                return None
            if refusal.code != "no-progress":
                raise
            # It cannot count before the jobs of the first marking are done.
            raise Refusal("translate-busy", f"{title}: {BUSY}") from refusal
        return translateanswers.group(answers)

    def marked(self, title: str) -> Marked | None:
        """Two requests: the log, then the revision that it names."""
        entry = self._mark_entry(title)
        if entry is None:
            return None
        answer = self._text_of(title, str(entry["params"]["revision"]))
        return translateanswers.marked(entry, answer, title, self.version)

    def marked_revision(self, title: str) -> int:
        entry = self._mark_entry(title)
        return int(entry["params"]["revision"]) if entry else 0

    def _text_of(self, title: str, revision: str) -> Answer:
        """Ask for a marked revision of the page."""
        properties = {"rvprop": "ids|content|slotsha1", "rvslots": "main"}
        return self._site.ask("query", prop="revisions", revids=revision, **properties)

    def _mark_entry(self, title: str) -> Mapping[str, Any] | None:
        log = self._site.ask(
            "query",
            list="logevents",
            letype="pagetranslation",
            letitle=title,
            lelimit=str(LOG_ENTRIES),
            meta="messagegroups",
            **group_parameters(self.group_id(title)),
        )
        return translateanswers.mark_entry(log, title)

    def used_ids(
        self, title: str, known: Mapping[str, str] = MappingProxyType({}), language: str = "en"
    ) -> Mapping[str, str | None]:
        names = self.unit_names(title)
        ids = sorted({id for id, _ in names} - {TITLE_UNIT, *known})
        asked = [id for id in ids if (id, language) in names]
        return {**known, **dict.fromkeys(ids), **self._definitions(title, asked, language)}

    def unit_names(self, title: str) -> Collection[tuple[str, str]]:
        """Ask for the list of pages: 500 a request, 5,000 with high limits."""
        names: set[tuple[str, str]] = set()
        for answer in self._site.query(
            list="allpages",
            apnamespace=str(NAMESPACE_NUMBER),
            apprefix=f"{title}/",
            aplimit="max",
        ):
            names |= translateanswers.unit_names(answer, title)
        return names

    def states(self, title: str, language: str) -> Mapping[str, UnitState]:
        answers = self._site.query(
            list="messagecollection",
            mcgroup=self.group_id(title),
            mclanguage=language,
            mcprop="translation|tags|properties",
            mclimit="max",
        )
        return translateanswers.states(answers)

    def left_translations(
        self, title: str, ids: Sequence[str], languages: Sequence[str], own: str = "en"
    ) -> Mapping[str, Collection[str]]:
        pages = {
            _unit_page(title, id, language): (language, id)
            for language in (own, *languages)
            for id in ids
        }
        read = {pages[page]: found for page, found in self._site.read(list(pages)).items()}
        found: dict[str, set[str]] = {}
        for (language, id), revision in read.items():
            if language != own and _is_current(revision, read[own, id]):
                found.setdefault(language, set()).add(id)
        return found

    def made_for(self, title: str, id: str, language: str) -> str | None:
        answer = self._site.ask(
            "translationaids",
            gives="helpers",
            title=_unit_page(title, id, language),
            group=self.group_id(title),
            prop="definitiondiff",
        )
        return translateanswers.made_for(answer)

    def disabled_languages(
        self, title: str, id: str, languages: Sequence[str]
    ) -> Mapping[str, str]:
        units = {_unit_page(title, id, language): language for language in languages}
        found: dict[str, str] = {}
        for page, refusals in self._site.refusals(list(units)).items():
            words = [words for code, words in refusals if code in DISABLED_LANGUAGE]
            if words:
                found[units[page]] = words[0]
        return found

    def unmarked_revisions(self, title: str, marked: int) -> Sequence[HistoryEntry]:
        return self._site.history(0, title, marked)

    # Translating

    def unit_pages(
        self, title: str, units: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Revision]:
        pages = {_unit_page(title, *unit): unit for unit in units}
        read = self._site.read_to_edit(list(pages)) if pages else {}
        return {pages[page]: revision for page, revision in read.items()}

    def translate(self, page: Revision, text: str, summary: str) -> Saved:
        self._site.check_links(syntax.urls_in(text) - syntax.urls_in(page.text))
        return self._site.save(Edit(page.title, page.page_id, page.number, text, summary))

    # Marking

    def mark(self, title: str, revision: int, options: MarkOptions = AS_BEFORE) -> Marking:
        if refusal := self.marking_refusal():
            code, words = refusal
            raise Refusal(code, f"{title} is not marked: {words}; {HAND_OVER}")
        parameters = {"action": "markfortranslation", "revid": str(revision)}
        parameters |= _units(title, "nofuzzyunits", options.spared)
        parameters |= _units(title, "fuzzyunits", options.meant)
        parameters |= _priority(options.priority)
        return translateanswers.marking(self._site.post(title, parameters), title)

    def jobs_done(self, title: str, changed: Mapping[str, str], language: str = "en") -> bool:
        stored = self._definitions(title, list(changed), language)
        return all(
            stored.get(id, "").rstrip() == definition(text).rstrip() for id, text in changed.items()
        )

    def _definitions(self, title: str, ids: Sequence[str], language: str) -> dict[str, str]:
        """Return the texts of unit pages in the page's own language, as far as there are any."""
        pages = {_unit_page(title, id, language): id for id in ids}
        read = self._site.read(list(pages)) if pages else {}
        return {pages[page]: revision.text for page, revision in read.items() if revision.exists}


def group_id(title: str) -> str:
    """Return the extension's name for a translatable page."""
    return f"page-{title}"


def group_parameters(group: str) -> dict[str, str]:
    return {
        "mgroot": group,
        "mgformat": "flat",
        "mgprop": "id|sourcelanguage|prioritylangs|priorityforce",
    }


def _is_current(translation: Revision, english: Revision) -> bool:
    if not translation.exists or has_outdated_mark(translation.text):
        return False
    times = translation.timestamp, english.timestamp
    return times[0] is None or times[1] is None or times[0] >= times[1]


def _unit_page(title: str, id: str, language: str) -> str:
    return f"{NAMESPACE}:{title}/{id}/{language}"


def _units(title: str, parameter: str, ids: Collection[str]) -> dict[str, str]:
    if len(ids) > MOST_VALUES:
        message = f"{title} is not marked: a marking can name {MOST_VALUES} units, not {len(ids)}"
        raise Refusal("too-many-units", f"{message}; mark the changes in several steps")
    return {parameter: joined(sorted(ids))} if ids else {}


def _priority(priority: Priority | None) -> dict[str, str]:
    """Return all of it: what is left out would be reset (fact 3.5)."""
    if priority is None:
        return {}
    force = {"forcepriority": "1"} if priority.force else {}
    languages = joined(priority.languages) if priority.languages else ""
    return {"prioritylanguages": languages, "priorityreason": priority.reason, **force}
