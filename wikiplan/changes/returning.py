"""Outdated translations that become current again: the English that they were made for comes back.

Only a wiki knows what a translation was made for, and says it of one at a time (fact 1.7).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice

from wikiplan.translate.marking import Effect, is_outdated
from wikiplan.translate.translationtext import FUZZY
from wikiplan.translate.versions import VERSIONS
from wikiplan.wiki.translatewiki import TranslateWiki, UnitState

MOST_ASKED = 200
"""Translations that the wiki is asked about, each in a request; of more, too little is promised."""

BRACKETS = ("{}", "[]", "()")


def returning(
    wiki: TranslateWiki,
    title: str,
    units: Iterable[Effect],
    states: Mapping[str, Mapping[str, UnitState]],
) -> Mapping[str, Collection[str]]:
    """Return by language the ids whose outdated translations marking makes current again.

    ``states`` are those of the units by language. Asks only about outdated ones whose text changes.
    """
    if not VERSIONS[wiki.version].restores_translations:
        return {}
    outdated = (
        (effect, language)
        for effect in units
        if effect.outdates
        for language, found in states.items()
        if effect.id in found and found[effect.id].outdated
    )
    again: dict[str, set[str]] = {}
    for effect, language in _free(wiki, title, list(islice(outdated, MOST_ASKED))):
        made_for = wiki.made_for(title, effect.id, language)
        if not is_outdated(effect, True, made_for, wiki.version):
            again.setdefault(language, set()).add(effect.id)
    return again


def _free(
    wiki: TranslateWiki, title: str, outdated: Collection[tuple[Effect, str]]
) -> list[tuple[Effect, str]]:
    """Return the translations that nothing else holds back: ``!!FUZZY!!``, or an open bracket."""
    pages = wiki.unit_pages(title, {(effect.id, language) for effect, language in outdated})
    found = ((each, pages.get((each[0].id, each[1]))) for each in outdated)
    return [
        each
        for each, page in found
        if page and FUZZY not in page.text and not _unclosed(page.text) - _unclosed(each[0].after)
    ]


def _unclosed(text: str | None) -> set[str]:
    """Return the brackets that a text does not close as often as it opens them (fact 1.7)."""
    text = text or ""
    return {pair for pair in BRACKETS if text.count(pair[0]) != text.count(pair[1])}
