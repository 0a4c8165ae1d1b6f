"""The board: what a page of the wiki shows of the plan, as wikitext in the page's language.

What waits for whom and since when, with ways to answer in one click; what the clock changes next;
the last runs with their edits; how to answer, and how to stop the bot. It says the same as long as
nothing happens, so that a run that finds nothing makes no edit.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote_plus

from wikiplan import textdiff
from wikiplan.changes import ChangeSet
from wikiplan.l10n import Localiser, message
from wikiplan.nightly.answers import APPROVE, Answer
from wikiplan.nightly.memory import PastRun
from wikiplan.nightly.runfile import Audience
from wikiplan.nightly.waiting import Kind, Waiting, WikiEdit
from wikiplan.plan import IMPORT, KEEP, RECLAIM
from wikiplan.value import Value

MOST_ITEMS, MOST_RUNS, MOST_NEXT, MOST_ANSWERS, MOST_EDITS = 50, 5, 10, 10, 20
MOST_DIFFERENCE = 30_000
"""Characters of a change set that waits for approval; a page of the wiki is read as a whole."""

WORDS: Mapping[Kind, Sequence[str]] = {
    Kind.EDITS: (KEEP, IMPORT, RECLAIM),
    Kind.APPROVAL: (APPROVE,),
}
"""What can be answered here, by what waits."""

_ITEM = (
    "border-inline-start:4px solid var(--border-color-progressive,#36c);margin:0.75em 0;"
    "padding:0.25em 0.75em;overflow-wrap:anywhere"
)
_FAILURE = _ITEM.replace("progressive,#36c", "error,#b32424")
_SIGNED = "preload=MediaWiki:Sig-text&preloadparams%5B%5D=%7E%7E%7E%7E"
"""A new section wants a text: this one is a signature, from the wiki's own words."""
_SUBTLE = "color:var(--color-subtle,#54595d)"


class Next(Value):
    """A page that the clock changes, and when."""

    title: str
    time: datetime


class Board(Value):
    """What is shown. ``answers`` were read by the last runs, ``others`` stand there and do not
    count. ``approval`` is the change set that waits for one.
    """

    waiting: Sequence[Waiting] = ()
    next: Sequence[Next] = ()
    runs: Sequence[PastRun] = ()
    answers: Sequence[Answer] = ()
    others: Sequence[Answer] = ()
    may_answer: Sequence[str] = ()
    stop_page: str = ""
    approval: ChangeSet | None = None

    def wikitext(self, language: str) -> str:
        return "\n".join(_Writer(self, language).lines())


class _Writer:
    """Writes a board in a language."""

    def __init__(self, board: Board, language: str) -> None:
        self._board = board
        self._language = language
        self._local = Localiser(language)

    def _say(self, key: str, **values: object) -> str:
        return message(self._language, f"wikiplan-board-{key}", values)

    def lines(self) -> Iterator[str]:
        yield self._say("intro")
        yield from self._waiting()
        yield from self._listed("next", map(self._next, self._board.next[:MOST_NEXT]))
        yield from self._listed("runs", map(self._run, self._board.runs[:MOST_RUNS]))
        answers = (*map(self._read, self._board.answers), *map(self._other, self._board.others))
        yield from self._listed("answers", answers[:MOST_ANSWERS])
        yield from ("", f"== {self._say('how')} ==", self._how())
        if self._board.stop_page:
            told = self._say("stop-text", page=_link(self._board.stop_page))
            yield from ("", f"== {self._say('stop')} ==", told)

    def _listed(self, heading: str, items: Iterable[str]) -> Iterator[str]:
        if found := [f"* {item}" for item in items]:
            yield from ("", f"== {self._say(heading)} ==", *found)

    # What waits

    def _waiting(self) -> Iterator[str]:
        yield from ("", f"== {self._say('waiting')} ==")
        if not self._board.waiting:
            yield self._say("nothing")
        items = self._board.waiting[:MOST_ITEMS]
        for whom in Audience:
            if own := [each for each in items if each.whom is whom]:
                yield from ("", f"=== {self._say(f'for-{whom.name.lower()}')} ===")
                for each in own:
                    yield from self._item(each)
        if left := len(self._board.waiting) - len(items):
            yield from ("", self._say("more", count=left))

    def _item(self, each: Waiting) -> Iterator[str]:
        style = _FAILURE if each.is_failure else _ITEM
        yield f'<div class="plainlinks" style="{style}">'
        since = self._say("since", date=self._time(each.since))
        yield f'{self._what(each)} <span style="{_SUBTLE}">({since})</span>'
        yield from map(self._edit, each.edits[-MOST_EDITS:])
        if each.kind is Kind.APPROVAL and self._board.approval:
            yield from self._pages(self._board.approval)
        if words := _words_for(each):
            choices = " · ".join(self._choice(each.key, word) for word in words)
            yield f"\n{self._say('answer')} {choices}\n"
            yield f'<small style="{_SUBTLE}">{_code(each.key)}</small>'
        yield "</div>"

    def _what(self, each: Waiting) -> str:
        told = self._say(
            f"item-{each.kind}",
            page=_link(each.title) if each.title else "",
            section=f"<bdi>{_inert(each.section)}</bdi>",
            language=f"<bdi>{_inert(each.language)}</bdi>",
        )
        if each.kind is Kind.MARKING and each.link:
            told += f" [{_address(each.link)} {self._say('mark')}]"
        if each.kind in (Kind.EDITS, Kind.MARKING, Kind.APPROVAL):
            return told
        return f'{told} <span lang="en" dir="ltr">{_inert(each.what)}</span>'

    def _edit(self, edit: WikiEdit) -> str:
        user = f"[[User:{edit.user}|{_inert(edit.user)}]]" if edit.user else "–"
        return f"* <bdi>{user}</bdi> · {self._time(edit.time)} ({self._difference(edit.revision)})"

    def _difference(self, revision: int) -> str:
        return f"[[Special:Diff/{revision}|{self._say('difference')}]]"

    def _choice(self, key: str, word: str) -> str:
        asked = f"action=edit&section=new&preloadtitle={quote_plus(f'{key}: {word}')}&{_SIGNED}"
        return f"[{{{{fullurl:{{{{FULLPAGENAME}}}}|{asked}}}}} {self._say(word)}]"

    def _pages(self, changes: ChangeSet) -> Iterator[str]:
        """Yield what is to be approved: each page's difference, as far as there is room."""
        room = MOST_DIFFERENCE
        for page in changes.to_write:
            shown = "\n".join(textdiff.plain(page.before, page.after))
            yield '<div class="mw-collapsible mw-collapsed">'
            yield f"{_link(page.title)} {self._say('pages-difference')}"
            yield '<div class="mw-collapsible-content" lang="en" dir="ltr">'
            yield f"<pre>{_preformatted(shown[:room])}</pre>"
            yield "</div></div>"
            if len(shown) > room:
                yield f"\n'''{self._say('cut')}'''\n"
            room = max(room - len(shown), 0)

    # The rest

    def _next(self, each: Next) -> str:
        return f"{_link(each.title)}: {self._time(each.time)}"

    def _run(self, each: PastRun) -> str:
        told = f"{self._time(each.started)}: {self._say(f'outcome-{each.outcome}')}"
        edits = [
            f"[[Special:Diff/{edit.revision}|<bdi>{_inert(edit.title)}</bdi>]]"
            for edit in each.edits[:MOST_EDITS]
        ]
        if left := len(each.edits) - len(edits):
            edits.append(self._say("more", count=left))
        return f"{told} ({self._local.join(edits)})" if edits else told

    def _read(self, each: Answer) -> str:
        return self._say("read", **self._said(each))

    def _other(self, each: Answer) -> str:
        return self._say("not-counted", **self._said(each))

    def _said(self, each: Answer) -> Mapping[str, str]:
        return {
            "answer": _code(f"{each.key}: {each.word}"),
            "user": f"<bdi>[[User:{each.account}|{_inert(each.account)}]]</bdi>",
            "difference": self._difference(each.revision),
        }

    def _how(self) -> str:
        if not self._board.may_answer:
            return self._say("nobody")
        users = [f"<bdi>[[User:{name}|{_inert(name)}]]</bdi>" for name in self._board.may_answer]
        words = self._local.join([_code(word) for word in (KEEP, IMPORT, RECLAIM, APPROVE)])
        line = _code(f"edits-1a2b3c4d: {KEEP}")
        return self._say("how-text", users=self._local.join(users), words=words, example=line)

    def _time(self, time: datetime) -> str:
        now = time.astimezone(UTC)
        day, clock = self._local.date(f"{now:%Y-%m-%d}"), self._local.clock_of(now)
        return self._local.day_and_clock(day, clock)


def _words_for(each: Waiting) -> Sequence[str]:
    """Return what can be answered here; an answer is about edits up to one that is known."""
    return () if each.kind is Kind.EDITS and not each.edits else WORDS.get(each.kind, ())


def _link(title: str) -> str:
    return f"<bdi>[[:{title}]]</bdi>"


def _address(link: str) -> str:
    return link.replace(" ", "%20").replace("[", "%5B").replace("]", "%5D").replace("|", "%7C")


def _code(words: str) -> str:
    """Return what people type, which runs from left to right in any language."""
    return f'<code dir="ltr">{words}</code>'


def _preformatted(text: str) -> str:
    return html.escape(text, quote=False).replace("~", "&#126;")


def _inert(words: str) -> str:
    """Return words as wikitext that shows them and does nothing, also inside of links."""
    return "".join(_ENTITIES.get(each, each) for each in html.escape(words, quote=False))


_ENTITIES = {each: f"&#{ord(each)};" for each in "[]{}|~'_=:#*\n"}
