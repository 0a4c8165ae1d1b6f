"""What became of one translation in a pull or a push, for people and for the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wikiplan.findings import Finding
from wikiplan.l10n.legible import isolated
from wikiplan.sync.syncunits import SyncUnit


class Outcome(StrEnum):
    UNCHANGED = "unchanged"
    TAKEN = "taken"
    CONFIRMED = "confirmed"
    """The same text; the wiki says that it fits the English."""
    DOUBTED = "marked as outdated"
    """The same text; the wiki says that it does not."""
    TO_PUSH = "to push"
    PUSHED = "pushed"
    WAITS = "waiting for marking"
    SAME_AS_ENGLISH = "same as the English"
    NEEDS_RIGHT = "still outdated"
    CONFLICT = "in conflict"
    DELETED = "deleted on the wiki"
    MOVED = "changed meanwhile"
    NOT_TRIED = "not tried"
    REFUSED = "refused"


WAITING = (
    Outcome.CONFLICT,
    Outcome.DELETED,
    Outcome.MOVED,
    Outcome.NEEDS_RIGHT,
    Outcome.WAITS,
)
"""A person, or the next run, has to do something."""
FAILURES = (Outcome.REFUSED, Outcome.NOT_TRIED)
TOLD = (*WAITING, *FAILURES, Outcome.SAME_AS_ENGLISH)


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of a unit's text. ``text`` is the one that it is about, ``why`` for people.

    ``revision`` is the one that a push made.
    """

    unit: SyncUnit
    language: str
    outcome: Outcome
    text: str = ""
    why: str = ""
    findings: tuple[Finding, ...] = ()
    revision: int = 0

    @property
    def title(self) -> str:
        return f"Translations:{self.unit.title}/{self.unit.id}/{self.language}"


def refused(unit: SyncUnit, language: str, text: str, findings: Sequence[Finding]) -> Synced:
    return Synced(unit, language, Outcome.REFUSED, text, findings=tuple(findings))


def told(results: Sequence[Synced]) -> Iterator[str]:
    """Yield what a person should know: the same reason for many texts once."""
    reasons = Counter((each.outcome, each.why) for each in results if each.why)
    for each in results:
        count = reasons.get((each.outcome, each.why), 0)
        if each.outcome in TOLD and count == 1:
            yield f"{isolated(each.title)}: {each.outcome}: {each.why}"
        yield from (f"{isolated(each.title)}: {finding}" for finding in each.findings)
    for (outcome, why), count in reasons.items():
        if outcome in TOLD and count > 1:
            yield f"{count} texts {outcome}: {why}"


def counts(results: Sequence[Synced]) -> dict[str, int]:
    """Count the outcomes, in the order of :class:`Outcome`."""
    found = Counter(each.outcome for each in results)
    return {str(outcome): found[outcome] for outcome in Outcome if found[outcome]}


def entry(language: str, results: Sequence[Synced], files: Sequence[str]) -> dict[str, Any]:
    """Return a language's part of the report."""
    pushed = [each for each in results if each.revision]
    return {
        "lang": language,
        "file": files[0] if files else "",
        "written": bool(files or pushed),
        "counts": counts(results),
        "conflicts": _places(results, Outcome.CONFLICT, Outcome.DELETED),
        "refused": _places(results, *FAILURES),
        "unknown": [],
        "edits": [{"title": each.title, "revid": each.revision} for each in pushed],
    }


def _places(results: Sequence[Synced], *outcomes: Outcome) -> list[str]:
    return [each.unit.place for each in results if each.outcome in outcomes]
