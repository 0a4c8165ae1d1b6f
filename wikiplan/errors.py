"""What can go wrong, told to the person who can mend it.

Three kinds look different on the terminal: the plan owner's mistake (:class:`Faults`), the wiki's
or a rule's refusal of one page (:class:`Refusal` and its children), and our own bug (any exception
that is not a :class:`WikiplanError`, shown with its traceback).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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
