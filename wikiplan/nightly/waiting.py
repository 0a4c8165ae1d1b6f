"""What waits for a person after a run: one list, which messages, the board and numbers show.

It is made of what the run's steps reported. What is the same the next night has the same key, so
that nobody is told twice; what is otherwise, such as by one more edit, is another thing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from wikiplan.changes import STOP_PAGE, WAITING, Action, SectionState
from wikiplan.nightly.runfile import Audience
from wikiplan.report import FAULTS, Report, RunOutcome
from wikiplan.sync import Stage
from wikiplan.value import Value


class Kind(StrEnum):
    """What a thing that waits is."""

    EDITS = "edits"
    """People's edits of a section."""
    MARKING = "marking"
    LANGUAGE = "language"
    """A page's language that people chose, or that nobody knows who chose."""
    TRANSLATION = "translation"
    """A translation that was changed on both sides."""
    CHECKOUT = "checkout"
    """The plan's git checkout."""
    SOURCE = "source"
    """A data file whose source would change what a person has to look at."""
    FAULT = "fault"
    """A mistake in the plan's files."""
    REFUSED = "refused"
    """A page or a translation that could not be written."""
    FAILED = "failed"
    """A step that broke off."""
    APPROVAL = "approval"
    """A change set that somebody has to approve before it is saved."""


FAILURES = (Kind.FAULT, Kind.REFUSED, Kind.FAILED)
"""What makes a run a failure; the others wait for a decision."""


class WikiEdit(Value):
    """An edit that somebody has to look at, and where its difference is shown."""

    revision: int
    user: str
    time: datetime
    link: str


class Waiting(Value):
    """One thing that waits. ``what`` says what is with it and what is needed, without a full stop.

    ``key`` is what it is known by, from night to night and where people answer. ``link`` is where
    to look or to do it, empty where no browser goes. ``since`` is when it began, as far as known.
    """

    kind: Kind
    key: str
    whom: Audience
    what: str
    link: str
    since: datetime
    site: str = ""
    title: str = ""
    section: str = ""
    language: str = ""
    edits: tuple[WikiEdit, ...] = ()

    @property
    def is_failure(self) -> bool:
        return self.kind in FAILURES


def key_of(kind: Kind, *parts: object) -> str:
    """Return what a thing is known by: its kind, and a digest of what makes it this one."""
    whole = "\0".join(map(str, parts))
    return f"{kind}-{hashlib.sha256(whole.encode()).hexdigest()[:LENGTH_OF_DIGEST]}"


def key_of_edits(site: str, title: str, section: str, last: int) -> str:
    """Return what people's edits of a section are known by, up to their last revision."""
    return key_of(Kind.EDITS, site, title, section, last)


LENGTH_OF_DIGEST = 8


class Addresses(Value):
    """Where a browser shows things of a wiki; ``of`` is the wiki's address of a title."""

    of: Callable[[str], str]

    def difference(self, revision: int) -> str:
        return self.of(f"Special:Diff/{revision}")

    def marking(self, title: str, revision: int) -> str:
        """Return the form in which a translation administrator marks a revision."""
        form = self.of("Special:PageTranslation")
        asked = urlencode({"do": "mark", "target": title, "revision": revision})
        return f"{form}{'&' if '?' in form else '?'}{asked}" if form else ""


class OfStep(Value):
    """What a step on a site reported, and of what time it is."""

    step: str
    report: Report
    addresses: Addresses

    @property
    def site(self) -> str:
        return self.report.site

    def waiting(self) -> Iterator[Waiting]:
        """Yield everything in it that waits for a person."""
        for page in self.report.pages:
            yield from self._of_page(page)
        for catalog in self.report.catalogs:
            yield from self._of_catalog(catalog)
        for source in self.report.sources:
            yield from self._of_source(source)

    def _of_source(self, source: Mapping[str, Any]) -> Iterator[Waiting]:
        kinds = {RunOutcome.FAILED: Kind.REFUSED, RunOutcome.WAITING: Kind.SOURCE}
        if kind := kinds.get(source["outcome"]):
            file, gone = source["file"], source["gone"]
            why = source["code"] or without_numbers(source["reason"])
            what = f"{file} is not as its source says: {source['reason']}".splitlines()[0]
            yield self._made(kind, (file, why, *gone), Audience.OWNER, what, "")

    def _of_page(self, page: Mapping[str, Any]) -> Iterator[Waiting]:
        if page["action"] in (Action.REFUSED, Action.FAILED, Action.CONFLICT):
            yield from self._refused(page)
            return
        for section in page["sections"]:
            if section["state"] in WAITING:
                yield self._edited(page, section)
        if page.get("page_language", {}).get("left"):
            yield self._of_other_language(page)
        if page.get("stage") == Stage.WAITING:
            yield self._unmarked(page)

    def _refused(self, page: Mapping[str, Any]) -> Iterator[Waiting]:
        if page["reason"].startswith(NOT_TRIED):  # what ended the step is told instead
            return
        title, why = page["title"], page["code"] or without_numbers(page["reason"])
        yield self._made(
            Kind.REFUSED,
            (title, why),
            Audience.OPERATOR,
            f"{title}: {page['reason']}",
            self.addresses.of(title),
            title=title,
            language=page["lang"],
        )

    def _edited(self, page: Mapping[str, Any], section: Mapping[str, Any]) -> Waiting:
        title, name, state = page["title"], section["name"], section["state"]
        drift = next((d for d in page.get("drift", ()) if d["section"] == name), {"edits": ()})
        edits = tuple(map(self._wiki_edit, drift["edits"]))
        last = edits[-1].revision if edits else state
        return self._made(
            Kind.EDITS,
            (title, name, last),  # as in key_of_edits
            Audience.OWNER,
            f"section {name} of {title} {WORDS[state]}",
            edits[-1].link if edits else self.addresses.of(title),
            since=min((each.time for each in edits), default=self.report.started),
            title=title,
            section=name,
            language=page["lang"],
            edits=edits,
        )

    def _of_other_language(self, page: Mapping[str, Any]) -> Waiting:
        title, language = page["title"], page["page_language"]
        return self._made(
            Kind.LANGUAGE,
            (title, language["before"], language["after"]),
            Audience.OWNER,
            f"{title}: {language['left']}",
            self.addresses.of(title),
            title=title,
            language=page["lang"],
        )

    def _wiki_edit(self, edit: Mapping[str, Any]) -> WikiEdit:
        number, time = edit["revid"], datetime.fromisoformat(edit["time"])
        return WikiEdit(number, edit["user"], time, self.addresses.difference(number))

    def _unmarked(self, page: Mapping[str, Any]) -> Waiting:
        title, revision = page["title"], page["base_revid"]
        return self._made(
            Kind.MARKING,
            (title, revision),
            Audience.ADMIN,
            f"{title} waits to be marked for translation",
            self.addresses.marking(title, revision),
            title=title,
            language=page["lang"],
        )

    def _of_catalog(self, catalog: Mapping[str, Any]) -> Iterator[Waiting]:
        language = catalog["lang"]
        for place in catalog["conflicts"]:
            what = f"the {language} text of {place} was changed in the plan and on the wiki"
            yield self._text(Kind.TRANSLATION, language, place, f"{what}: keep one of both")
        for place in catalog["refused"]:
            what = f"the {language} text of {place} cannot be taken as it is; the report says why"
            yield self._text(Kind.REFUSED, language, place, what)

    def _text(self, kind: Kind, language: str, place: str, what: str) -> Waiting:
        return self._made(
            kind, (language, place), Audience.TRANSLATORS, what, "", language=language
        )

    def _made(
        self,
        kind: Kind,
        parts: tuple[object, ...],
        whom: Audience,
        what: str,
        link: str,
        *,
        since: datetime | None = None,
        **more: Any,
    ) -> Waiting:
        key = key_of(kind, self.site, *parts)
        start = since or self.report.started
        return Waiting(kind, key, whom, what, link, start, site=self.site, **more)


NOT_TRIED = "not tried: "
WORDS = {
    SectionState.DRIFT: "was edited on the wiki: keep, import or reclaim",
    SectionState.MERGED: "was edited on the wiki, and has the plan's change too: import or reclaim",
    SectionState.CONFLICT: "was changed by people and by the plan: say what is right",
    SectionState.REVERTED: "was taken back on the wiki: import or reclaim",
    SectionState.REMOVED: "was taken out on the wiki: take it out of the plan, or reclaim",
    SectionState.UNPLANNED: "is not in the plan: say what remains of it",
    SectionState.ADOPTED: "is as people wrote it, and not translated in the plan: import or "
    "reclaim",
    SectionState.CLAIMED: "is another plan's: take it over, or take it out of this plan",
}
"""What is with a section by its state, and what is needed."""


def without_numbers(words: str) -> str:
    """Return words that are the same on another night, whatever was counted or timed."""
    return re.sub(r"[0-9a-f]*\d[0-9a-f]*", "0", words.partition("\n")[0])


def broken_off(step: str, report: Report, at: str = "") -> Waiting:
    """Return what a step that broke off needs; ``at`` is where it is mended, if a browser goes."""
    told, code = report.error.partition("\n")[0], report.error_code
    known: tuple[object, ...] = (report.site, code or without_numbers(told))
    if code == FAULTS:
        kind, whom, what = Kind.FAULT, Audience.OWNER, f"the plan has mistakes: {told}"
        known = (report.site, report.error)
    elif code == STOP_PAGE:
        kind, whom, what = Kind.FAILED, Audience.OPERATOR, f"people asked the bot to stop: {told}"
    else:
        kind, whom, what = Kind.FAILED, Audience.OPERATOR, f"{step} broke off: {told}"
    return Waiting(kind, key_of(kind, *known), whom, what, at, report.started, site=report.site)
