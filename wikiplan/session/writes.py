"""How many writes a run may send to wikis, all its steps and sites together.

Whoever says no number may send any; the limit is the whole process's, as its wikis are. The lock's
own edits do not count: it could not be given back at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from wikiplan.errors import Stop

TOO_MANY = "edit-limit"


@dataclass
class _Allowed:
    most: int | None = None
    sent: int = 0


_allowed = _Allowed()


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """Allow so many writes."""
    before = _allowed.most, _allowed.sent
    _allowed.most, _allowed.sent = number, 0
    try:
        yield
    finally:
        _allowed.most, _allowed.sent = before


def count() -> None:
    """Count a write that is about to be sent. Raises :class:`Stop` where it is one too many."""
    if _allowed.most is not None and _allowed.sent >= _allowed.most:
        raise Stop(
            TOO_MANY,
            f"the run has made the {_allowed.most} edits that run.yaml allows it (edits), and "
            "stops; what is left is for the next run, or allow more",
        )
    _allowed.sent += 1
