"""The translate-toolkit's quality filters: its second door, beside ``catalogs.catalog``.

Of its forty filters those are run that say something about wikitext. The others cried wolf on the
sample catalogs (``startcaps`` in a third of all entries, ``simplecaps``, ``puncspacing``,
``startpunc``, ``brackets``), or know nothing of wikitext (``xmltags``, ``variables``, quotes).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from translate.filters.checks import FilterFailure, StandardChecker
from translate.filters.checks.config import CheckerConfig


def failures(
    english: str, translation: str, language: str, filters: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Yield the names of the filters that a translation does not pass, and what they say."""
    checker = _checker(language)
    for name in filters:
        try:
            getattr(checker, name)(english, translation)
        except FilterFailure as failure:
            yield name, str(failure)
    checker.results_cache.clear()  # it keeps every text, for ever


@cache
def _checker(language: str) -> StandardChecker:
    return StandardChecker(checkerconfig=CheckerConfig(targetlanguage=language))
