"""What people are told after a run: in the first line what is needed, by whom, and where."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from wikiplan import utc
from wikiplan.nightly.waiting import Waiting
from wikiplan.value import Value, builtins

MOST_ITEMS = 20
"""A message is read by people: what is more is counted."""


class Notification(Value):
    """A message about a run. ``new`` waits and was not told yet, ``again`` was told days ago.

    ``outcome`` is the run's, and ``done`` says in words what it did.
    """

    run: str
    site: str
    outcome: str
    done: str
    new: tuple[Waiting, ...] = ()
    again: tuple[Waiting, ...] = ()

    @property
    def items(self) -> tuple[Waiting, ...]:
        return (*self.new, *self.again)

    @property
    def id(self) -> str:
        """What the message is known by where it might arrive twice."""
        parts = (self.run, *(each.key for each in self.items))
        return sha256("\0".join(parts).encode()).hexdigest()[:16]

    @property
    def first_line(self) -> str:
        return self._first(_line)

    @property
    def subject(self) -> str:
        """The first line where links are of no use."""
        return self._first(lambda each: f"{_whom(each)}: {each.what}")

    def _first(self, said: Callable[[Waiting], str]) -> str:
        if not self.items:
            return f"Nothing is needed: {self._end}"
        more = f" (and {len(self.items) - 1} more)" if len(self.items) > 1 else ""
        return f"{said(self.items[0])}{more}"

    @property
    def _end(self) -> str:
        return f"run {self.run} on {self.site}: {self.outcome}. {self.done}."

    def text(self) -> str:
        """Return the message in plain lines."""
        lines = [self.first_line]
        if self.items:
            lines += ["", *_listed("New:", self.new), *_listed("Still waiting:", self.again)]
            lines += [self._end[0].upper() + self._end[1:]]
        return "\n".join(lines) + "\n"

    def wikitext(self) -> str:
        """Return the message as the text of a section on a talk page, with its heading."""
        lines = [f"== wikiplan: {_inert(_subject(self))} ==", _inert(self.first_line), ""]
        for each in self.items[:MOST_ITEMS]:
            link = f" [{each.link} look]" if each.link else ""
            lines.append(f"* {_inert(f'{_whom(each)}: {each.what}')}{link}{_inert(_since(each))}")
        lines += _left_out(self.items, "* ")
        return "\n".join([*lines, f"{_inert(self._end)} ~~~~"]).replace("\n\n\n", "\n\n") + "\n"

    def as_data(self) -> dict[str, Any]:
        """Return the message for programs."""
        new = {each.key for each in self.new}
        return {
            "run": self.run,
            "site": self.site,
            "outcome": self.outcome,
            "first_line": self.first_line,
            "text": self.text(),
            "waiting": [builtins(each) | {"new": each.key in new} for each in self.items],
        }


def _subject(message: Notification) -> str:
    if not message.items:
        return f"run {message.run} is {message.outcome}"
    one = len(message.items) == 1
    return f"{len(message.items)} {'thing waits' if one else 'things wait'} for somebody"


def _whom(each: Waiting) -> str:
    return each.whom[0].upper() + each.whom[1:]


def _since(each: Waiting) -> str:
    return f" (since {utc.stamp(each.since)})"


def _line(each: Waiting) -> str:
    link = f" {each.link}" if each.link else ""
    return f"{_whom(each)}: {each.what}{link}"


def _listed(heading: str, items: Sequence[Waiting]) -> Iterator[str]:
    if items:
        yield heading
        yield from (f"- {_line(each)}{_since(each)}" for each in items[:MOST_ITEMS])
        yield from _left_out(items, "- ")
        yield ""


def _left_out(items: Sequence[Waiting], bullet: str) -> list[str]:
    left = len(items) - MOST_ITEMS
    return [f"{bullet}and {left} more, in the report"] if left > 0 else []


def _inert(text: str) -> str:
    """Return words as wikitext that shows them and does nothing."""
    return f"<nowiki>{html.escape(text, quote=False)}</nowiki>"
