"""How much of long matrices and laws is tried: a sample, and with ``WIKIPLAN_WHOLE=1`` all.

A sample is the same in every run: what fails once fails again until it is mended. ``make whole``
tries all of the quick tests, other targets of the Makefile tests of their own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest

WHOLE = bool(os.environ.get("WIKIPLAN_WHOLE"))
ONE_IN = 5
FEWEST = 10


def examples(count: int) -> int:
    """Return how many examples of a law are tried, of as many in the whole."""
    return count if WHOLE else min(count, max(FEWEST, count // ONE_IN))


def left_out(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """Return the cases that the sample lacks of the tests that are marked ``sampled(one_in)``.

    Of one parameter it has values at even distances, of several a diagonal: so most values of each.
    """
    return {
        item
        for item in items
        if (marker := item.get_closest_marker("sampled")) and _number(item) % marker.args[0]
    }


def _number(item: pytest.Item) -> int:
    return sum(item.callspec.indices.values())  # type: ignore[attr-defined]
