"""What a reader sees of a unit's text: its words without the markup, ``$variables`` kept.

A short reading for comparisons of texts, not for showing them: what wikitext would do with
doubtful markup is not asked.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from wikiplan.errors import Message
from wikiplan.value import Value

# Plural calls in units: where ``{{PLURAL:}}`` stands in a text, and what its forms are.


PLURAL = re.compile(r"\{\{\s*PLURAL\s*:\s*\$([a-z][a-z0-9_]*)\s*\|", re.IGNORECASE)

# A bracket pair within which "|" does not part plural forms.
_BRACKETS = re.compile(r"\[\[|\]\]|\{\{|\}\}|\|")

# What was meant as a call, also with the signs that East Asian keyboards give.
_MEANT = re.compile(r"[{｛]{0,3}\s{0,3}\bPLURALS?\b\s{0,3}[:：,،;|$][^{}|]{0,20}", re.IGNORECASE)
_WELL_FORMED = re.compile(r"\{\{\s*PLURAL\s*:\s*(?:\$[a-z][a-z0-9_]*|\d+)\s*\|", re.IGNORECASE)
_EXACT = re.compile(r"\s*\d+\s*=")


class PluralCall(Value):
    """A call ``text[start:stop]``; ``variable`` without its dollar."""

    variable: str
    forms: tuple[str, ...]
    start: int
    stop: int

    @property
    def general_forms(self) -> tuple[str, ...]:
        """The forms that are not for one number only, as ``12=a dozen`` is."""
        return tuple(form for form in self.forms if not _EXACT.match(form))


def plural_calls(text: str) -> Iterator[PluralCall]:
    """Yield the calls that are closed, outer before inner."""
    for found in PLURAL.finditer(text):
        forms, stop = forms_at(text, found.end())
        if stop:
            yield PluralCall(found[1], tuple(forms), found.start(), stop)


def forms_at(text: str, start: int) -> tuple[list[str], int]:
    """Return the forms that begin at ``start`` and where ``}}`` ends; 0 when it never does."""
    forms, depth, begin = [], 0, start
    for sign in _BRACKETS.finditer(text, start):
        if depth == 0 and sign[0] in ("|", "}}"):
            forms.append(text[begin : sign.start()])
            begin = sign.end()
            if sign[0] == "}}":
                return forms, begin
        elif sign[0] != "|":
            depth += 1 if sign[0] in ("[[", "{{") else -1
    return forms, 0


def with_last_forms(text: str) -> str:
    """Return the text with each call replaced by its last form, the one for most numbers."""
    while call := next(plural_calls(text), None):
        text = text[: call.start] + call.forms[-1].strip() + text[call.stop :]
    return text


def plural_messages(text: str) -> Iterator[Message]:
    """Yield ``what is wrong; what to do`` for calls that neither a wiki nor this program reads."""
    for found in _MEANT.finditer(text):
        if not _WELL_FORMED.match(text, found.start()):
            shown = found[0].strip()
            wrong = f"holds a malformed plural (“{shown}”)"
            yield Message("malformed-plural", wrong, "write {{PLURAL:$name|one|other}}")
    for call in plural_calls(text):
        if not "".join(call.forms).strip():
            wrong = f"the plural of ${call.variable} has no forms"
            yield Message("plural-without-forms", wrong, "write them after the bar")


# What a reader sees of a unit's text: its words without the markup, ``$variables`` kept.


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
