"""Plural calls in units: where ``{{PLURAL:}}`` stands in a text, and what its forms are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PLURAL = re.compile(r"\{\{\s*PLURAL\s*:\s*\$([a-z][a-z0-9_]*)\s*\|", re.IGNORECASE)

# A bracket pair within which "|" does not part plural forms.
_BRACKETS = re.compile(r"\[\[|\]\]|\{\{|\}\}|\|")

# What was meant as a call, also with the signs that East Asian keyboards give.
_MEANT = re.compile(r"[{｛]{0,3}\s{0,3}\bPLURALS?\b\s{0,3}[:：,،;|$][^{}|]{0,20}", re.IGNORECASE)
_WELL_FORMED = re.compile(r"\{\{\s*PLURAL\s*:\s*(?:\$[a-z][a-z0-9_]*|\d+)\s*\|", re.IGNORECASE)
_EXACT = re.compile(r"\s*\d+\s*=")


@dataclass(frozen=True, slots=True)
class Call:
    """A call ``text[start:stop]``; ``variable`` without its dollar."""

    variable: str
    forms: tuple[str, ...]
    start: int
    stop: int

    @property
    def general_forms(self) -> tuple[str, ...]:
        """The forms that are not for one number only, as ``12=a dozen`` is."""
        return tuple(form for form in self.forms if not _EXACT.match(form))


def calls(text: str) -> Iterator[Call]:
    """Yield the calls that are closed, outer before inner."""
    for found in PLURAL.finditer(text):
        forms, stop = forms_at(text, found.end())
        if stop:
            yield Call(found[1], tuple(forms), found.start(), stop)


def forms_at(text: str, start: int) -> tuple[list[str], int]:
    """Return the forms that begin at ``start`` and where ``}}`` ends; 0 when it never does."""
    forms, depth, begin = [], 0, start
    for mark in _BRACKETS.finditer(text, start):
        if depth == 0 and mark[0] in ("|", "}}"):
            forms.append(text[begin : mark.start()])
            begin = mark.end()
            if mark[0] == "}}":
                return forms, begin
        elif mark[0] != "|":
            depth += 1 if mark[0] in ("[[", "{{") else -1
    return forms, 0


def with_last_forms(text: str) -> str:
    """Return the text with each call replaced by its last form, the one for most numbers."""
    while call := next(calls(text), None):
        text = text[: call.start] + call.forms[-1].strip() + text[call.stop :]
    return text


def messages(text: str) -> Iterator[str]:
    """Yield ``what is wrong; what to do`` for calls that neither a wiki nor this program reads."""
    for found in _MEANT.finditer(text):
        if not _WELL_FORMED.match(text, found.start()):
            shown = found[0].strip()
            yield f"holds a malformed plural (“{shown}”); write {{{{PLURAL:$name|one|other}}}}"
    for call in calls(text):
        if not "".join(call.forms).strip():
            yield f"the plural of ${call.variable} has no forms; write them after the bar"
