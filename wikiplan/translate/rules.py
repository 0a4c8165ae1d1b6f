"""What differs between the versions of the Translate extension, as far as it was measured."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import isinf
from types import MappingProxyType

from wikiplan.errors import CodesOfWiki, Refusal
from wikiplan.value import Value, replace


class Rules(Value, kw_only=True):
    """One version's rules, where another version has other ones (facts 1.3, 1.4, 1.7)."""

    measured: str
    """The version of MediaWiki that they were measured with, as its own number begins."""
    marks_by_api: bool
    """The API can be told to mark a page; before, only an administrator's browser."""
    marks_behind_any_heading_line: bool
    """The marker goes behind the first heading line, also when the unit goes on below it."""
    checks_unit_titles: bool
    """Marking refuses ids that cannot stand in a page title, or make it too long."""
    renders_inner_spaces: bool
    """Translations of a unit whose id holds a space show on the page."""
    refuses_blank_ids: bool
    """An empty id, or one with white space at an end, cannot even be saved."""
    spares_variable_values: bool
    """A unit in which only values of variables changed outdates no translation."""
    restores_translations: bool
    """A text that changes back makes the translations that were made for it current again."""
    needs_unfuzzy_right: bool
    """Only an account with the right ``unfuzzy`` makes an outdated translation current."""
    labels_bundles: bool
    """A message bundle may say what translators see it called; else the wiki refuses to save it."""
    tells_of_unfuzzying: bool
    """What makes a translation current again is always an edit, or a line of a log."""


_RULES_1_43 = Rules(
    measured="1.43",
    marks_by_api=True,
    marks_behind_any_heading_line=False,
    checks_unit_titles=True,
    renders_inner_spaces=True,
    refuses_blank_ids=False,
    spares_variable_values=True,
    restores_translations=True,
    needs_unfuzzy_right=True,
    labels_bundles=True,
    tells_of_unfuzzying=True,
)
VERSIONS: Mapping[str, Rules] = MappingProxyType(
    {
        "1.39": Rules(
            measured="1.39",
            marks_by_api=False,
            marks_behind_any_heading_line=True,
            checks_unit_titles=False,
            renders_inner_spaces=False,
            refuses_blank_ids=False,
            spares_variable_values=False,
            restores_translations=False,
            needs_unfuzzy_right=False,
            labels_bundles=False,
            tells_of_unfuzzying=False,
        ),
        "1.43": _RULES_1_43,
        "wmf47": replace(_RULES_1_43, measured="1.47.0-wmf", refuses_blank_ids=True),
    }
)
"""The measured versions, oldest first."""
DEFAULT_VERSION = "1.43"

_NUMBER = re.compile(r"1\.(\d+)")


def version_of(generator: str) -> str:
    """Return which rules hold for siteinfo's ``generator`` (``MediaWiki 1.43.9``).

    Of a release that was not measured, those of the last one before it that was, or of the oldest;
    :func:`assumption` says so.
    """
    minor = _minor(generator)
    older = [key for key, rules in VERSIONS.items() if _minor(rules.measured) <= minor]
    return older[-1] if older else next(iter(VERSIONS))


def assumption(generator: str) -> str:
    """Return what people should know of a wiki whose version was not measured, else nothing."""
    measured = [rules.measured for rules in VERSIONS.values()]
    if any(_is_release(generator, each) for each in measured):
        return ""
    assumed = VERSIONS[version_of(generator)].measured
    if _minor(generator) < _minor(measured[0]):
        why = "the oldest that were"
    elif assumed == measured[-1]:
        why = "the newest that were"
    else:
        why = "which promise translators less"
    subject = generator or "A wiki that tells no version"
    return f"{subject} was not measured; wikiplan assumes the rules of {assumed}, {why}"


def _is_release(generator: str, measured: str) -> bool:
    """Return whether a version is of a measured line; ``1.43.0-rc.1`` is not yet ``1.43``."""
    _, found, rest = generator.partition(f"MediaWiki {measured}.")
    return bool(found) and "-" not in rest


def _minor(version: str) -> int:
    found = _NUMBER.search(version)
    return int(found[1]) if found else 0


# Unit ids: which ones marking refuses, which ones it takes and breaks, which number comes next.


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


# What the wiki refuses of a page with ``<translate>`` tags, told to the person who can mend it.


_MOST_SHOWN = 80
"""Characters of an id that a message repeats."""

_MESSAGES: CodesOfWiki[str] = {
    "pt-parse-nested": "a translate tag opens inside the block of line {0}; close that block first",
    "pt-parse-open": "{0} is never closed; write </translate> behind the text to translate",
    "pt-parse-close": "</translate> closes nothing; remove it, or write the tag before the text "
    "exactly as <translate> or <translate nowrap>",
    "pt-shake-multiple": "the unit holds a second marker, {0}; part two units with a blank line, "
    "or remove a marker",
    "pt-shake-position": "the marker stands in the middle of a line; put it on a line of its own "
    "above the text, or at the end of a heading",
    "pt-shake-empty": "the marker has no text; write the text on the line below it, or remove it",
    "pt-shake-empty-marker": "the marker has no id; remove the marker",
    "pt-shake-whitespace": "the id “{0}” begins or ends with white space; remove that",
    "tpt-notsuitable": "the page has no <translate> tags; put them around the text to translate",
    "tpt-unit-title-invalid": "the id “{0}” holds what no page title can; use letters, digits, "
    "“-” and “.”",
    "tpt-unit-title-too-long": "the id “{0}” makes a page title of more than 255 bytes; shorten it",
    "tpt-invalid": "the id “{0}” holds one of _ / < >; use letters, digits, “-” and “.”",
    "tpt-duplicate": "the id “{0}” is taken; remove the marker that was copied, and marking gives "
    "the unit a number",
    "tpt-edit-failed": "marking would write a text that cannot be saved; remove the white space "
    "behind the marker",
    "unstable-marker": "the unit would read differently once it is marked; remove the comment that "
    "begins with “<!--T:” and does not end on its line",
}


class ParseError(Refusal):
    """The wiki would refuse this text when it is saved or when it is marked (``stage``).

    ``line`` counts from 1, 0 means the whole page. ``unit`` is an id, empty when it has none.
    The code is the wiki's own, but for ``unstable-marker``: the wiki marks that, and damages it.
    """

    def __init__(self, code: str, stage: str, line: int, unit: str = "", detail: str = "") -> None:
        self.stage = stage
        self.line = line
        self.unit = unit
        place = f"line {line}" + f", unit {_short(unit)}" * bool(unit)
        message = _MESSAGES[code].format(_short(detail))
        super().__init__(code, f"{place}: {message}" if line else message)


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
