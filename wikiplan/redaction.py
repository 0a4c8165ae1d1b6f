"""Passwords, tokens and cookies taken out of what people and programs get to read.

Secrets are hidden by their value, which is known as soon as the configuration is read, and by the
names that requests and answers give them. Pywikibot writes its requests into its log, the
terminal's as well as the file's, the one of the login too; log records are redacted where they are
made, so that no handler sees them otherwise.
"""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "(hidden)"
SHORTEST = 6
"""Shorter values would be found in words that are nobody's secret; no wiki takes such passwords."""

_NAME = r"\w*(?:password|passwd|secret|signature|token)"
_NAMED = re.compile(
    rf"""
    (?P<before> (?<![\w-]) {_NAME} = ) [^&\s'"]+                      # lgpassword=…&
    | (?P<key> (?P<quote> ["']) {_NAME} (?P=quote) \s*:\s* \[?\s* b? )
      (?: "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' )                      # "csrftoken": "…"
    | (?P<header> (?:set-)?cookie | authorization )
      (?P<is> ["']? \s*:\s* ) (?: "[^"\n]*" | '[^'\n]*' | [^\n]* )     # Set-Cookie: …
    | \b [0-9a-f]{{32,64}} (?:\+|%2B) (?:\\|%5C)+                      # a token by its form
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LITERAL = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_NAMES_AND_PASSWORD = range(2, 5)
"""Values on a line of Pywikibot's file of passwords: site, account, password."""

_known: set[str] = set()


def keep(values: Iterable[str]) -> None:
    """Hide these values from now on, in every form that a request or a log gives them."""
    _known.update(value for value in values if len(value) >= SHORTEST)


def passwords_in(text: str) -> list[str]:
    """Return the passwords of Pywikibot's file; of a line that is out of order, all it holds."""
    found = []
    for line in text.splitlines():
        literals = [first or second for first, second in _LITERAL.findall(line)]
        in_order = len(literals) - line.count("BotPassword") in _NAMES_AND_PASSWORD
        found += literals[-1:] if in_order else literals
    return found


def redacted(text: str) -> str:
    """Return text without any secret that is known or called one."""
    return _NAMED.sub(_unnamed, without_known(text))


def without_known(text: str) -> str:
    """Return text without the secrets that are known by value."""
    return _pattern(frozenset(_known)).sub(HIDDEN, text) if _known else text


@lru_cache(maxsize=1)
def _pattern(values: frozenset[str]) -> re.Pattern[str]:
    forms = {form for value in values for form in _forms(value)}
    return re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))))


def _forms(value: str) -> set[str]:
    """Return how a value is written in a text, an address, JSON, Python and HTML."""
    encoded = {quote(value, safe=""), quote(value), quote_plus(value)}
    lower = {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), each) for each in encoded}
    written = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    python = {repr(value)[1:-1], ascii(value)[1:-1], repr(value.encode())[2:-1]}
    return {value, html.escape(value)} | encoded | lower | written | python


def _unnamed(found: re.Match[str]) -> str:
    if found["header"]:
        return f"{found['header']}{found['is']}{HIDDEN}"
    return f"{found['before'] or found['key'] or ''}{HIDDEN}"


def redact_logs() -> None:
    """Redact every log record from now on, whoever makes it and whoever writes it down."""
    before = logging.getLogRecordFactory()
    if getattr(before, "redacts", False):
        return

    def made(*arguments: Any, **options: Any) -> logging.LogRecord:
        return _redacted_record(before(*arguments, **options))

    made.redacts = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(made)
    logging.captureWarnings(True)


def _redacted_record(record: logging.LogRecord) -> logging.LogRecord:
    try:
        record.msg, record.args = redacted(record.getMessage()), ()
    except (TypeError, ValueError):  # as it was logged it cannot be written either
        record.msg, record.args = redacted(f"{record.msg} {record.args}"), ()
    if record.exc_info:
        record.exc_text = redacted(logging.Formatter().formatException(record.exc_info))
    return record
