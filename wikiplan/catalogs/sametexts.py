"""The same English is the same text: a unit without a translation gets that of another one.

A translation fits under another key where its English is the same and stands in the same kind of
place: if the keys end alike, as those of an item do that goes on in another year, or if the text is
long enough to mean but one thing. What is not sure is a suggestion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from wikiplan.catalogs import poentry
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import Entry, State
from wikiplan.plan import Unit, place_of
from wikiplan.wikitext import words_in

FEWEST_WORDS = 4
"""Of an English text that means the same wherever it stands: “Open” may be a verb or not."""


def doubt(old: str, new: str, english: str) -> str:
    """Return why a translation under one key may not fit under another; empty where it does."""
    if place_of(old) != place_of(new):
        return f"made for the same words in another kind of place ({old})"
    if old.rpartition(".")[2] != new.rpartition(".")[2] and words_in(english) < FEWEST_WORDS:
        return (
            f"made for the same words of {old}, which are too few to be sure that they mean the "
            f"same here ({words_in(english)}; {FEWEST_WORDS} are enough)"
        )
    return ""


@dataclass(slots=True)
class TakenOver:
    """The keys of units that got a translation, with those of which it was.

    ``doubted`` are those that got a suggestion, with the reason.
    """

    copied: dict[str, str] = field(default_factory=dict)
    doubted: dict[str, str] = field(default_factory=dict)


def sentence(copied: Collection[Unit]) -> str:
    """Say how much nobody has to translate again."""
    words = sum(words_in(unit.text) for unit in copied)
    texts = "1 text" if len(copied) == 1 else f"{len(copied)} texts"
    told = "translate again: the same English is translated elsewhere"
    return f"{texts} ({words} words) nobody has to {told}."


def take_over(
    catalog: Catalog,
    units: Iterable[Unit],
    new: Collection[str],
    sources: Mapping[str, str] = MappingProxyType({}),
) -> TakenOver:
    """Give units without a translation those of the same English, as current as they are.

    Only units with keys in ``new`` get a suggestion. ``sources`` are keys by those of the units
    that go on from them: where it is known there is no doubt.
    """
    done = TakenOver()
    lacking = [unit for unit in units if _lacks(catalog, unit)]
    texts = _by_english(catalog if lacking else None)
    for unit in lacking:
        others = _usable(texts[unit.text], unit.key)
        source, why = _found(unit, others, sources.get(unit.key, ""))
        if source and not why:
            catalog.copy({source: unit})
            done.copied[unit.key] = source
        elif source and unit.key in new:
            catalog.suggest(unit, others[source].text, unit.text, why)
            done.doubted[unit.key] = why
    return done


def _lacks(catalog: Catalog, unit: Unit) -> bool:
    """Tell whether a unit has no translation, or one of another English."""
    found = catalog.get(unit)
    outdated = found.state is State.OUTDATED and found.previous_english and not found.conflicts
    return found.state is State.UNTRANSLATED or found.suggested or bool(outdated)


def _by_english(catalog: Catalog | None) -> Mapping[str, Mapping[str, Entry]]:
    """Return what a catalog has for each English text, by key."""
    found: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    for key, entry in catalog.texts().items() if catalog else ():
        found[entry.english][key] = entry
    return found


def _usable(texts: Mapping[str, Entry], key: str) -> Mapping[str, Entry]:
    """Return the texts that may stand for a unit: one that has an old text wants a current one."""
    own = texts.get(key)
    is_old = own is not None and not poentry.is_suggestion(own.note)
    others = {each: entry for each, entry in texts.items() if each != key}
    return {each: entry for each, entry in others.items() if not (is_old and entry.fuzzy)}


def _found(unit: Unit, texts: Mapping[str, Entry], source: str) -> tuple[str, str]:
    """Return the key whose text a unit may have, empty without one, and what speaks against it.

    ``texts`` are those for the unit's English.
    """
    if source in texts:
        return source, ""
    same = [key for key, each in texts.items() if not poentry.is_suggestion(each.note)]
    current = [key for key in same if not texts[key].fuzzy] or same
    doubts = {key: doubt(key, unit.key, unit.text) for key in current}
    sure = [key for key, why in doubts.items() if not why] or current
    if not sure:
        return "", ""
    other = _translated_otherwise(sure, texts)
    return sure[0], f"made for the same words of {sure[0]}{other}" if other else doubts[sure[0]]


def _translated_otherwise(keys: Sequence[str], texts: Mapping[str, Entry]) -> str:
    """Say what else the words are translated as, empty where all agree."""
    first = texts[keys[0]]
    if poentry.conflicts_in(first.note):
        return ", which has another translation in conflict"
    others = (key for key in keys if texts[key].text != first.text)
    return next((f", and {key} translates them otherwise" for key in others), "")
