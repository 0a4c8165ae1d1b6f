"""What can go wrong, told to the person who can mend it.

Three kinds look different on the terminal: the plan owner's mistake (:class:`Faults`), the wiki's
or a rule's refusal of one page (:class:`Refusal` and its children), and our own bug (any exception
that is not a :class:`WikiplanError`, shown with its traceback).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Self, TypeVar

from wikiplan.value import Value


class Message(str):
    """What people are told, ``what is wrong; what to do``, with the stable id of its kind.

    The id stands where the words are made, and once in the library: ``Message("doubled-key",
    f"the key is doubled (first on line {line}); remove one")``. The two parts can be given apart.
    docs/operator/messages.md is made from these calls.
    """

    __slots__ = ("advice", "code", "wrong")
    code: str
    wrong: str
    advice: str

    def __new__(cls, code: str, words: str, advice: str = "") -> Self:
        wrong, _, way_out = (words, "", advice) if advice else words.rpartition("; ")
        made = super().__new__(cls, f"{words}; {advice}" if advice else words)
        made.code, made.wrong, made.advice = code, wrong or way_out, way_out if wrong else ""
        return made

    def __getnewargs__(self) -> tuple[str, str, str]:  # type: ignore[override]
        return (self.code, self.wrong, self.advice)

    @property
    def pair(self) -> tuple[str, str]:
        return self.code, str(self)

    @classmethod
    def of(cls, error: Exception) -> Message:
        """Return what an exception tells, which was made with a message."""
        told = error.args[0] if error.args else ""
        return told if isinstance(told, Message) else cls("", str(error))

    def about(self, what: str) -> Message:
        """Return the same message with words before it that say what it is about."""
        return Message(self.code, f"{what}{self.wrong}", self.advice)

    def or_else(self, advice: str) -> Message:
        """Return the same message with another way out besides."""
        return Message(self.code, self.wrong, f"{self.advice}, or {advice}")


class Invalid(ValueError):
    """A value is not as it must be; who knows its place says where: ``Invalid("no-day", …)``.

    Takes what a :class:`Message` is made of, which is its one argument.
    """

    def __init__(self, code: str, words: str, advice: str = "") -> None:
        super().__init__(Message(code, words, advice))


class WikiplanError(Exception):
    """An error that is shown without a traceback; its text ends in what to do.

    ``WikiplanError("which-wiki", "which wiki? say -site:FAMILY:CODE")``: first the stable id, as of
    a :class:`Message`.
    """

    def __init__(self, code: str, words: str) -> None:
        self.code = code
        super().__init__(words)

    @property
    def told(self) -> str:
        """What people are told, with the id that they can look up."""
        return f"{self} [{self.code}]"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, str(self))


class Fault(Value, order=True):
    """One mistake in the plan's files. Lines and columns count from 1; 0 means the whole file."""

    file: str
    line: int
    column: int
    key: str
    message: Message
    warning: bool = False

    def __str__(self) -> str:
        """Return ``file:line:column: key: what is wrong; what to do``."""
        kind = "warning: " if self.warning else ""
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}:{self.column}: {kind}{key}{self.message}"

    @property
    def told(self) -> str:
        """What people are told, with the id that they can look up."""
        return f"{self} [{self.message.code}]"


class Faults(WikiplanError):
    """All mistakes found in the plan's files at once, in the order of files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        code = next((each.message.code for each in self.faults if not each.warning), "")
        super().__init__(code, "\n".join(map(str, self.faults)))

    @property
    def told(self) -> str:
        return "\n".join(each.told for each in self.faults)


class Refusal(WikiplanError):
    """One page is left alone: ``code`` for programs, the message for people."""


class Conflict(Refusal):
    """Somebody changed, moved, deleted or created the page since it was read."""


class Stop(Refusal):
    """The whole run must end here: the account is blocked, lost its rights, or hit a filter."""


# Ids of what is told in several packages; inside of one module, a constant there does. Words below
# one, here or there, explain the id where those of the message do not.

ABUSE_FILTER = "abusefilter"
CONTENT_MODEL = "content-model"
HIDDEN_TEXT = "text-hidden"
INVALID_TITLE = "invalid-title"
MISSING_HEADING = "missing-heading"
MISSING_PAGE = "missing-page"
MISSING_SECTION = "missing-section"
MOVED_ON = "moved-on"
NOT_LOGGED_IN = "not-logged-in"
NO_TRANSLATE = "no-translate"
ODD_ANSWER = "odd-answer"
REDIRECT = "redirect"
STOPPED_BY_SIGNAL = "interrupted"
"""Ctrl-C or SIGTERM ended the run, between two edits; the next run goes on."""
TAKEN_UNIT_ID = "tpt-duplicate"
TOO_COMPLEX = "too-complex"
UNCLEAR = "unclear"
"""The answer to an edit was lost, and the wiki does not show it; the next run looks again."""
UNFIT_PLACE = "unfit-place"
UNFIT_TEXT = "unfit-text"
WRONG_SITE = "wrong-site"

Codes = TypeVar("Codes")
CodesOfWiki = Mapping[str, Codes]
"""What codes of the wiki's own mean: words, or what is wrong and what to do; documented too."""


class Unclear(WikiplanError):
    """A write was sent and its answer lost: the page's history knows what happened.

    ``stop`` is what ends the run with it: the history could not be asked either.
    """

    def __init__(self, message: str, stop: Stop | None = None) -> None:
        self.stop = stop
        super().__init__(UNCLEAR, message)


# Near misses: the word that a misspelt one was meant to be.


# Below this share of common letters a suggestion confuses more than it helps.
LEAST_LIKENESS = 0.6


LEAST_LIKENESS_OF_PARTS = 0.75
"""Of each part of a key: what is alike in its first parts only is a neighbour."""

LEAST_LIKENESS_OF_FIGURES = 0.9
"""A word with another number in it is mostly another thing, and no misspelling."""

_PARTS = re.compile(r"[./:#]")
_FIGURES = re.compile(r"\d+")


def did_you_mean(word: str, known: Iterable[str], likeness: float = LEAST_LIKENESS) -> str:
    """Return ``did you mean “…”?`` for the likeliest known word, or an empty string.

    Keys are alike in each of their parts: a neighbour in the same file is not a misspelling.
    """
    near = get_close_matches(word[:100], sorted(known), n=3, cutoff=likeness)
    found = next((each for each in near if _alike(word, each)), "")
    return f"did you mean “{found}”?" if found else ""


def _alike(word: str, other: str) -> bool:
    if _PARTS.search(word) and not _near(word, other):
        return False
    figures = "".join(_FIGURES.findall(word)), "".join(_FIGURES.findall(other))
    return not all(figures) or _likeness(*figures) >= LEAST_LIKENESS_OF_FIGURES


def _near(one: str, other: str) -> bool:
    parts, others = _PARTS.split(one), _PARTS.split(other)
    return len(parts) == len(others) and all(map(_near_part, parts, others))


def _near_part(one: str, other: str) -> bool:
    """Compare word by word: ``past-events`` is no misspelt ``next-event``."""
    words, others = one.split("-"), other.split("-")
    pairs = zip(words, others, strict=True) if len(words) == len(others) else [(one, other)]
    return all(_likeness(*pair) >= LEAST_LIKENESS_OF_PARTS for pair in pairs)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


# Findings: what is wrong with one translation, before anybody says where it stands.


class Finding(Value):
    """An error keeps the text from being taken or shown; a warning is only told."""

    message: Message
    warning: bool = False

    def __str__(self) -> str:
        return f"{'warning: ' if self.warning else ''}{self.message}"
