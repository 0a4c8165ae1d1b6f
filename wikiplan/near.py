"""Near misses: the word that a misspelt one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# Below this share of common letters a suggestion confuses more than it helps.
LEAST_LIKENESS = 0.6


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean “…”?`` for the likeliest known word, or an empty string."""
    near = get_close_matches(word[:100], sorted(known), n=1, cutoff=LEAST_LIKENESS)
    return f"did you mean “{near[0]}”?" if near else ""
