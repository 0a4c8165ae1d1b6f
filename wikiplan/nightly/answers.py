"""What people answer on the board: a line for a thing that waits, from an account that may.

A line counts for the account whose revision brought it in, and not for who edited the page since:
the page's history is read back to the revision before it. Where that cannot be told, because a
revision is hidden or too far back, the line counts for nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from wikiplan.errors import Refusal
from wikiplan.value import Value
from wikiplan.wiki import HistoryEntry, Revision, Wiki
from wikiplan.wikitext import regions

APPROVE = "approve"
REVISIONS_AT_ONCE = 50

_LINE = re.compile(
    r"[=*#:;|\s]*([a-z]+-[0-9a-f]{8,64})\s*[:=]\s*([a-z]+)"
    r"(?=[\s.!=]*$|[\s.!]+(?:\[\[|\{\{|<|\(|--|—|–))"
)
"""Such as ``* edits-1a2b3c4d: keep``, a heading or a parameter; a signature may follow."""
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Said = tuple[str, str]
"""The key of what waits, and the word."""


class Answer(Value):
    """What an account answered, in the revision that brought it in. ``time`` is UTC."""

    key: str
    word: str
    account: str
    revision: int
    time: datetime


class Answers(Value):
    """What was read: the answers that count, one a key, and those of accounts that may not."""

    counting: tuple[Answer, ...] = ()
    others: tuple[Answer, ...] = ()

    def word(self, key: str) -> str:
        """Return the answer about a thing, empty without one."""
        return next((each.word for each in self.counting if each.key == key), "")


def read(wiki: Wiki, page: Revision, may_answer: Collection[str]) -> Answers:
    """Return what stands on a page. One request for its history, and one for 50 texts of it."""
    every = _brought_in(wiki, page)
    allowed = {_normal(name) for name in may_answer}
    counting: dict[str, list[Answer]] = {}
    for each in every:
        if _normal(each.account) in allowed:
            counting.setdefault(each.key, []).append(each)
    return Answers(
        tuple(newest for each in counting.values() if (newest := _newest(each))),
        tuple(each for each in every if _normal(each.account) not in allowed),
    )


def _newest(answers: Sequence[Answer]) -> Answer | None:
    """Return the newest answer about a thing; nothing where one edit brought in two."""
    first, *others = answers
    unlike = (each for each in others if each.word != first.word)
    return None if any(each.revision == first.revision for each in unlike) else first


def _normal(account: str) -> str:
    name = account.replace("_", " ").strip()
    return name[:1].upper() + name[1:]


def _brought_in(wiki: Wiki, page: Revision) -> list[Answer]:
    """Return each answer on a page with the revision since which it stands there, newest first.

    Of equal lines the older ones are those that stood there before.
    """
    pending = said_in(page.text, wiki.extension_tags)
    found: list[Answer] = []
    after: HistoryEntry | None = None
    for entry, text in _back(wiki, page) if pending else ():
        if text is None:
            return found
        there = said_in(text, wiki.extension_tags)
        if after:
            found += [_answer(each, after) for each in sorted((pending - there).elements())]
        pending, after = pending & there, entry
        if not pending:
            return found
    if after and not after.parent:
        found += [_answer(each, after) for each in sorted(pending.elements())]
    return found


def _back(wiki: Wiki, page: Revision) -> Iterator[tuple[HistoryEntry, str | None]]:
    """Yield a page's revisions, the newest first, with the text of each that may be read."""
    history = wiki.history(page.page_id, page.title, 0)
    numbers = [each.number for each in history]
    if page.number not in numbers:
        return
    history = history[numbers.index(page.number) :]
    for start in range(0, len(history), REVISIONS_AT_ONCE):
        entries = history[start : start + REVISIONS_AT_ONCE]
        texts = wiki.revisions([each.number for each in entries])
        for entry in entries:
            past = texts.get(entry.number)
            yield entry, past.text if past else None


def _answer(said: Said, entry: HistoryEntry) -> Answer:
    return Answer(*said, entry.user, entry.number, entry.timestamp)


def said_in(text: str, tags: frozenset[str]) -> Counter[Said]:
    """Count the answers in a text as readers see it: not those in comments or ``<nowiki>``."""
    lines = map(_LINE.match, _DIRECTIONS.sub("", _visible(text, tags)).split("\n"))
    return Counter((found[1], found[2]) for found in lines if found)


def _visible(text: str, tags: frozenset[str]) -> str:
    shown, at = [], 0
    try:
        for region in regions(text, tags):
            shown.append(text[at : region.start])
            at = region.stop
    except Refusal:  # nobody writes such a page to answer
        return ""
    return "".join([*shown, text[at:]])
