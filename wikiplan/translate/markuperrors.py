"""What the wiki refuses of a page with ``<translate>`` tags, told to the person who can mend it."""

from __future__ import annotations

from wikiplan.errors import Refusal

_MOST_SHOWN = 80
"""Characters of an id that a message repeats."""

_MESSAGES = {
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
