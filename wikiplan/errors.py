"""What can go wrong, told to the person who can mend it.

Three kinds look different on the terminal: the plan owner's mistake (:class:`Faults`), the wiki's
or a rule's refusal of one page (:class:`Refusal` and its children), and our own bug (any exception
that is not a :class:`WikiplanError`, shown with its traceback).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class WikiplanError(Exception):
    """An error that is shown without a traceback; its text ends in what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake in the plan's files. Lines and columns count from 1; 0 means the whole file."""

    file: str
    line: int
    column: int
    key: str
    message: str
    advice: str
    warning: bool = False

    def __str__(self) -> str:
        """Return ``file:line:column: key: what is wrong; what to do``."""
        kind = "warning: " if self.warning else ""
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}:{self.column}: {kind}{key}{self.message}; {self.advice}"


class Faults(WikiplanError):
    """All mistakes found in the plan's files at once, in the order of files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


class Refusal(WikiplanError):
    """One page is left alone: ``code`` for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Conflict(Refusal):
    """Somebody changed, moved, deleted or created the page since it was read."""


class Unclear(WikiplanError):
    """A write was sent and its answer lost: the page's history knows what happened."""


class Stop(Refusal):
    """The whole run must end here: the account is blocked, lost its rights, or hit a filter."""


# Near misses: the word that a misspelt one was meant to be.


# Below this share of common letters a suggestion confuses more than it helps.
LEAST_LIKENESS = 0.6


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean “…”?`` for the likeliest known word, or an empty string."""
    near = get_close_matches(word[:100], sorted(known), n=1, cutoff=LEAST_LIKENESS)
    return f"did you mean “{near[0]}”?" if near else ""


# Findings: what is wrong with one translation, before anybody says where it stands.


@dataclass(frozen=True, slots=True)
class Finding:
    """An error keeps the text from being taken or shown; a warning is only told."""

    message: str
    advice: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{'warning: ' if self.warning else ''}{self.message}; {self.advice}"
