"""Unit ids: which ones marking refuses, which ones it takes and breaks, which number comes next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from math import isinf

from wikiplan.translate.versions import DEFAULT_VERSION, VERSIONS

TITLE_UNIT = "Page display title"
"""The id of the unit that holds the page's title."""
NEW_ID = "-1"
"""What stands for "no id yet": marking replaces it by a number."""
MOST_TITLE_BYTES = 255

_NO_TITLE = re.compile(r"[\x00-\x1f\x7f<>\[\]{}|\ufffd]|%[0-9A-Fa-f]{2}|~~~|^\.{1,2}$")
# Page titles end at “#”, decode entities and fold white space: the unit's page is another one.
_OTHER_TITLE = re.compile(
    r"#|&#?\w+;|  |[\u00a0\u1680\u180e\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f\u3000]"
)
_NO_ID = re.compile(r"[_/\n<>]")
# The longest language code that the extension makes room for.
_LANGUAGE_ROOM = "xx-yyyyyyyyyy"
_PHP_NUMBER = re.compile(
    r"[ \t\n\r\v\f]*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)", re.IGNORECASE | re.ASCII
)
_PHP_SPACE = " \t\n\r\0\v"
_PHP_MOST = 2**63 - 1


class Fate(StrEnum):
    """What becomes of a unit with a given id."""

    GOOD = "good"
    REFUSED = "refused"
    RENUMBERED = "renumbered"
    UNTRANSLATABLE = "untranslatable"
    UNRENDERED = "unrendered"


def save_refusal(id: str, version: str = DEFAULT_VERSION) -> str:
    """Return the code with which saving a page refuses this id, or an empty string."""
    if not VERSIONS[version].refuses_blank_ids or (id and id == id.strip(_PHP_SPACE)):
        return ""
    return "pt-shake-whitespace" if id else "pt-shake-empty-marker"


def mark_refusal(id: str, title: str = "", version: str = DEFAULT_VERSION) -> str:
    """Return the code with which marking refuses this id on the page ``title``, or ``""``.

    An id that stands twice on a page is not seen here.
    """
    if VERSIONS[version].checks_unit_titles:
        if _NO_TITLE.search(id):
            return "tpt-unit-title-invalid"
        if _title_bytes(id, title) > MOST_TITLE_BYTES:
            return "tpt-unit-title-too-long"
    if _NO_ID.search(id):
        return "tpt-invalid"
    return "tpt-duplicate" if id == TITLE_UNIT else ""


def fate(id: str, title: str = "", version: str = DEFAULT_VERSION) -> Fate:
    """Return what becomes of a unit with this id on the page ``title``."""
    if id == NEW_ID:
        return Fate.RENUMBERED
    if save_refusal(id, version) or mark_refusal(id, title, version):
        return Fate.REFUSED
    if _NO_TITLE.search(id) or _OTHER_TITLE.search(id):
        return Fate.UNTRANSLATABLE
    if _title_bytes(id, title) > MOST_TITLE_BYTES:
        return Fate.UNTRANSLATABLE
    if id.endswith(" ") or (" " in id and not VERSIONS[version].renders_inner_spaces):
        return Fate.UNRENDERED
    return Fate.GOOD


def is_valid_id(id: str, version: str = DEFAULT_VERSION, title: str = "") -> bool:
    """Return whether a unit with this id is marked, keeps it, and can be translated and shown."""
    return fate(id, title, version) is Fate.GOOD


def next_number(ids: Iterable[str], maxid: int = 0) -> int:
    """Return the id that marking gives to the next new unit.

    ``ids`` are those on the page and those stored for it; ``maxid`` is the page's counter, which
    outlives removed units. An id counts as the number that PHP reads at its start: ``2030-goal``
    as 2030, ``1e3`` as 1000, ``goal`` as 0.
    """
    return 1 + max(maxid, 0, *map(_php_int, ids))


def _title_bytes(id: str, title: str) -> int:
    return len(f"{title}/{id}/{_LANGUAGE_ROOM}".encode("utf-8", "surrogatepass"))


def _php_int(id: str) -> int:
    found = _PHP_NUMBER.match(id)
    if not found:
        return 0
    number = float(found[1])
    if isinf(number) or abs(number) > _PHP_MOST:
        return _PHP_MOST if number > 0 else -_PHP_MOST
    # Floats lose digits above 2**53, and Python reads no number of thousands of zeros.
    return int(found[1].lstrip("0") or "0") if found[1].isdecimal() else int(number)
