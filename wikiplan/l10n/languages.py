"""Languages as MediaWiki knows them: their codes, directions, names and fallback chains.

The facts stand in ``languages.json`` (``tests/refresh_languages.py`` asks a wiki for them again),
one language a line: code, then the ``lang`` attribute (BCP 47), direction, autonym, fallbacks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.value import Value

ROOT = "root"
"""CLDR's name for what all languages have in common."""


class UnknownLanguageError(WikiplanError):
    """MediaWiki has no language of that code."""


class Language(Value):
    """One of MediaWiki's languages; ``fallbacks`` leave out English, which ends every chain."""

    code: str
    bcp47: str
    direction: str
    autonym: str
    fallbacks: tuple[str, ...]

    @property
    def rtl(self) -> bool:
        return self.direction == "rtl"


def get(code: str) -> Language:
    """Return a language by MediaWiki's code. Raises :class:`UnknownLanguageError`."""
    try:
        return _languages()[code]
    except KeyError:
        advice = did_you_mean(code, _languages()) or "write one of MediaWiki's language codes"
        raise UnknownLanguageError(
            "language-of-no-wiki", f"MediaWiki has no language “{code}”; {advice}"
        ) from None


def is_known(code: str) -> bool:
    return code in _languages()


def known() -> tuple[str, ...]:
    """Return all of MediaWiki's language codes, sorted."""
    return tuple(_languages())


@cache
def fallback_chain(code: str) -> tuple[str, ...]:
    """Return the languages that stand in for this one, nearest first, without itself or English.

    An old code (``als``, ``be-x-old``) has the chain of the code that took its place.
    """
    language = get(code)
    successor = language.bcp47.lower()
    chain = [*language.fallbacks]
    if successor != code and is_known(successor):
        chain += [successor, *get(successor).fallbacks]
    # MediaWiki names codes in its chains that it does not count among its languages (nrf).
    return tuple(
        other for other in dict.fromkeys(chain) if is_known(other) and other not in (code, "en")
    )


def tags(code: str) -> Iterator[str]:
    """Yield the language's BCP 47 tag, then those of its fallbacks, then :data:`ROOT`."""
    for each in (code, *fallback_chain(code)):
        yield get(each).bcp47
    yield ROOT


@cache
def _languages() -> dict[str, Language]:
    text = (files("wikiplan.l10n") / "languages.json").read_text(encoding="utf-8")
    return {
        code: Language(code, bcp47, direction, autonym, tuple(fallbacks))
        for code, (bcp47, direction, autonym, fallbacks) in json.loads(text).items()
    }
