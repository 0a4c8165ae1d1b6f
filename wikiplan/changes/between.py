"""What came between: the revisions since a page was compared, and what they did to its sections.

:func:`between` costs one request for the history and one for each text, and only for pages that
moved since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wikiplan.changes.changes import Between, PageChange, SectionState
from wikiplan.errors import Refusal, Stop
from wikiplan.wiki.wiki import HistoryEntry, Wiki
from wikiplan.wikitext import sections

MOST_REVISIONS = 10
"""The newest are compared; older ones are counted only."""


def between(wiki: Wiki, change: PageChange, run: str) -> tuple[tuple[Between, ...], int]:
    """Return the newest revisions since ``change.base``, oldest first, and how many more came.

    A page that was moved is followed by its id: the move itself is a revision of it.
    """
    try:
        entries = list(wiki.history(change.page_id, change.title, change.base))
    except Refusal as refusal:
        if isinstance(refusal, Stop):
            raise
        return (), 0
    shown = entries[:MOST_REVISIONS][::-1]
    reader = _Reader(wiki, change)
    return tuple(reader.entry(each, run) for each in shown), len(entries) - len(shown)


def told(found: tuple[Between, ...], more: int) -> str:
    """Say in words who did what, for the report's reason."""
    parts = [_told(each) for each in found]
    if more:
        parts.append(f"{more} older revisions besides")
    return "; ".join(parts)


class _Reader:
    """Reads the sections of revisions, each text once."""

    def __init__(self, wiki: Wiki, change: PageChange) -> None:
        self._wiki = wiki
        self._names = frozenset(section.name for section in change.sections)
        self._bodies: dict[int, Mapping[str, str]] = {0: {}}
        if change.base:
            # A folder forgets a text that a person wrote by hand and then changed. In its place
            # stand the sections that the change set has texts of.
            known = (SectionState.CHANGED, SectionState.RECLAIMED)
            self._bodies[0] = {s.name: s.before for s in change.sections if s.state in known}

    def entry(self, entry: HistoryEntry, run: str) -> Between:
        touched: dict[str, tuple[str, str]] = {}
        damage = ""
        try:
            before, after = self._read(entry.parent), self._read(entry.number)
            touched = _touched(before, after, self._names if entry.parent else before.keys())
        except Stop:
            raise
        except Refusal as refusal:
            damage = str(refusal)
        own = run in entry.summary
        return Between(
            entry.number, entry.user, entry.timestamp, entry.summary, touched, own, damage
        )

    def _read(self, number: int) -> Mapping[str, str]:
        if number not in self._bodies:
            text = self._wiki.text_of(number)
            found = sections.find(text, self._wiki.extension_tags)
            self._bodies[number] = {each.name: sections.body_of(text, each) for each in found}
        return self._bodies[number]


def _touched(
    before: Mapping[str, str], after: Mapping[str, str], names: Collection[str]
) -> dict[str, tuple[str, str]]:
    return {
        name: (before.get(name, ""), after.get(name, ""))
        for name in sorted(names)
        if before.get(name) != after.get(name)
    }


def who(each: Between) -> str:
    """Say in words who made a revision, and when."""
    when = each.timestamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"revision {each.number} by {each.user} at {when} ({each.summary or 'no summary'})"


def _told(each: Between) -> str:
    if each.own:
        return f"{who(each)}: made by this change set"
    if each.damage:
        return f"{who(each)}: its sections cannot be read ({each.damage})"
    if not each.sections:
        return f"{who(each)}: did not touch a managed section"
    return f"{who(each)}: changed section {', '.join(each.sections)}"
