"""What a reader sees of a unit's text: its words without the markup, ``$variables`` kept.

A short reading for comparisons of texts, not for showing them: what wikitext would do with
doubtful markup is not asked.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from wikiplan.wikitext.plurals import with_last_forms

_VARIABLE = re.compile(r"\$(?:\$|[a-z][a-z0-9_]*)")
_CHOICE = re.compile(r"\{\{\s*(?:GENDER|GRAMMAR)\s*:[^{}|]*\|([^{}|]*)[^{}]*\}\}", re.IGNORECASE)
_CALL = re.compile(r"\{\{[^{}]*\}\}")
_REMOVED = re.compile(r"<[^<>]*>|''+")
_PAGE = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]")
_URL = re.compile(r"\[(?:https?:|//|mailto:|\$)[^\s\]]*\s*([^\[\]]*)\]")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_BARE_URL = re.compile(r"(?:https?:|mailto:)\S+")


# The English of a unit is read once for all its languages.
_MOST_KEPT = 10_000


@lru_cache(_MOST_KEPT)
def words_of(text: str) -> str:
    """Return the text as it is read, with ``$variables`` outside of link targets."""
    text = _REMOVED.sub("", _without_calls(with_last_forms(text)))
    text = _URL.sub(r"\1", _PAGE.sub(r"\1", text))
    return html.unescape(_BARE_URL.sub("", text)).strip()


def _without_calls(text: str) -> str:
    """Return the text without templates, innermost first, but with what depends on grammar."""
    while (inner := _CALL.sub("", _CHOICE.sub(r"\1", text))) != text:
        text = inner
    return text


def without_variables(words: str) -> str:
    return _VARIABLE.sub(" ", words)


@lru_cache(_MOST_KEPT)
def words_in(text: str) -> int:
    """Count a text's words as a reader sees them; ``$variables`` are nobody's work."""
    return len(_WORD.findall(without_variables(words_of(text))))
