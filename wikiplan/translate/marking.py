"""What marking a page does to its units, and to their translations (fact 1.7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from wikiplan.translate.rules import DEFAULT_VERSION, VERSIONS
from wikiplan.translate.tvars import definition
from wikiplan.value import Value


class ChangeKind(StrEnum):
    """What becomes of a unit."""

    KEPT = "kept"
    CHANGED = "changed"
    NEW = "new"
    ORPHANED = "orphaned"


class Cause(StrEnum):
    """Why: for people in a preview, and the part of a forecast that a kind does not tell."""

    SAME = "the same text"
    TEXT = "other text"
    VALUES = "only values of variables changed"
    MEANING = "only values of variables changed, and translations depend on them"
    SPARED = "other text, marked so that translations stay"
    FIRST = "not on the page before"
    BACK = "back with the text it had: finds its translations again"
    REUSED = "the id had other text: its old translations would be shown as current"
    GONE = "no longer on the page"


class Effect(Value):
    """What marking does to one unit; ``before`` and ``after`` are raw texts, ``None`` for none.

    ``outdates`` says that the unit's translations turn outdated, in all languages.
    """

    id: str
    kind: ChangeKind
    cause: Cause
    before: str | None
    after: str | None

    @property
    def outdates(self) -> bool:
        return self.cause in (Cause.TEXT, Cause.MEANING)

    @property
    def dangerous(self) -> bool:
        """Whether marking would show translations of another text, and not as outdated ones."""
        return self.cause is Cause.REUSED


def classify(
    before: Mapping[str, str],
    after: Mapping[str, str],
    used: Mapping[str, str | None],
    spared: Collection[str] = (),
    version: str = DEFAULT_VERSION,
    meant: Collection[str] = (),
) -> tuple[Effect, ...]:
    """Return each unit's effect: those of the page in its order, then those that it loses.

    ``before`` and ``after`` hold the raw text of each unit by id, in the last marked version and
    in the one to mark. ``used`` are the ids that the page ever had, with the last text or
    definition of each, ``None`` where it is not known. ``spared`` are the ``nofuzzyunits``,
    ``meant`` the ``fuzzyunits``: a change of values alone outdates their translations.
    """
    effects = []
    for id, text in after.items():
        if id in before:
            kind, cause = _stay(before[id], text, id in spared, version)
            if id in meant and kind is ChangeKind.CHANGED and cause is not Cause.TEXT:
                cause = Cause.MEANING
        else:
            kind, cause = ChangeKind.NEW, _arrival(id, text, used)
        effects.append(Effect(id, kind, cause, before.get(id), text))
    gone = (id for id in before if id not in after)
    effects += (Effect(id, ChangeKind.ORPHANED, Cause.GONE, before[id], None) for id in gone)
    return tuple(effects)


def is_outdated(
    effect: Effect,
    outdated: bool,
    made_for: str | None = None,
    version: str = DEFAULT_VERSION,
) -> bool:
    """Return whether a translation of the unit is outdated once the page is marked.

    ``outdated`` is its state before. ``made_for`` is the text or definition that it translates, if
    that is known and nothing else holds it back (no ``!!FUZZY!!`` in it, no fault in its syntax).
    """
    if not effect.outdates:
        return outdated
    known = made_for is not None and VERSIONS[version].restores_translations
    if not known or effect.cause is Cause.MEANING:
        return True
    return definition(made_for or "") != definition(effect.after or "")


def _stay(before: str, after: str, spared: bool, version: str) -> tuple[ChangeKind, Cause]:
    if before == after:
        return ChangeKind.KEPT, Cause.SAME
    if VERSIONS[version].spares_variable_values and definition(before) == definition(after):
        return ChangeKind.CHANGED, Cause.VALUES
    return ChangeKind.CHANGED, Cause.SPARED if spared else Cause.TEXT


def _arrival(id: str, text: str, used: Mapping[str, str | None]) -> Cause:
    if id not in used:
        return Cause.FIRST
    last = used[id]
    same = last is not None and definition(last) == definition(text)
    return Cause.BACK if same else Cause.REUSED
