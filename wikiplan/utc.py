"""How a time is written for programs and in messages: in UTC, to the second."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(time: datetime) -> str:
    """Return a time as ``2021-07-01T12:00:00Z``, as wikis write it."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read(stamped: str) -> datetime:
    """Return the time that :func:`stamp` wrote. Raises :class:`ValueError`."""
    return datetime.fromisoformat(stamped)
