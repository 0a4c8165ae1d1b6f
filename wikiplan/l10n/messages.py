"""Messages of ``scripts/i18n``: what edit summaries and the status page say, in a language.

They are written as Pywikibot's ``twtranslate`` reads them, which would have to be loaded for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from wikiplan.l10n import languages
from wikiplan.l10n.localise import Localiser

EXPLAINED = "qqq"
"""The file that explains the messages to their translators."""

_PLURAL = re.compile(r"\{\{PLURAL:%\((\w+)\)d\|(.*?)\}\}")


def message(language: str, key: str, values: Mapping[str, object]) -> str:
    """Return a message in a language, or the nearest of its fallbacks that has it."""
    code = language_of(language, key)
    return _filled(_messages(code)[key], code, values)


def language_of(language: str, key: str) -> str:
    """Return the language in which a message is said to readers of a language."""
    for code in (language, *_fallbacks(language), "en"):
        if _messages(code).get(key):
            return code
    raise KeyError(key)


def written(prefix: str) -> dict[str, dict[str, str]]:
    """Return the messages whose keys begin so, without that beginning, by language."""
    codes = sorted(
        file.name.removesuffix(".json") for file in _folder().iterdir() if file.suffix == ".json"
    )
    return {
        code: {
            key.removeprefix(prefix): text
            for key, text in _messages(code).items()
            if key.startswith(prefix)
        }
        for code in codes
        if code != EXPLAINED
    }


def _fallbacks(language: str) -> tuple[str, ...]:
    return languages.fallback_chain(language) if languages.is_known(language) else ()


def _filled(text: str, language: str, values: Mapping[str, object]) -> str:
    def form(match: re.Match[str]) -> str:
        return Localiser(language).plural(int(str(values[match[1]])), match[2].split("|"))

    return _PLURAL.sub(form, text) % values


@cache
def _messages(language: str) -> Mapping[str, str]:
    """Return the messages of a language by their keys; none if nobody has translated any."""
    try:
        text = (_folder() / f"{language}.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found: dict[str, str] = json.loads(text)
    return found


def _folder() -> Path:
    try:
        return Path(str(files("wikiplan_scripts.i18n") / "wikiplan"))
    except ModuleNotFoundError:  # a checkout that is not installed
        return Path(__file__).parents[2] / "scripts" / "i18n" / "wikiplan"
