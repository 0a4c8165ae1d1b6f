"""Doing the same for many languages, on all processors where the system can fork."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

Result = TypeVar("Result")

FEWEST_FOR_WORKERS = 8
"""For fewer, starting processes takes longer than it saves."""
MOST_WORKERS = 4

_jobs: list[Callable[[str], Any]] = []
"""What workers do, last in. They are forks, so it need not be something that can be sent."""


def each(words: Sequence[str], do: Callable[[str], Result]) -> list[Result]:
    """Return what ``do`` returns for each word, in their order; that must be picklable."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    _jobs.append(do)
    gc.freeze()  # what is here already is no garbage: collections need not look at it
    try:
        if len(words) < FEWEST_FOR_WORKERS or workers < 2 or not _can_fork():
            return [_do(word) for word in words]
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            return pool.map(_do, words, chunksize=1)
    finally:
        gc.unfreeze()
        _jobs.pop()


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


def _do(word: str) -> Any:
    with _collecting_seldom():
        return _jobs[-1](word)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look for garbage at the end only: a catalog is many small objects that all stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
