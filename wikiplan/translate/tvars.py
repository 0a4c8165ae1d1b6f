"""Variables in a unit's wikitext: ``<tvar name=x>…</tvar>``, and ``<tvar|x>…</>`` of old pages."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from wikiplan.errors import Finding, Message
from wikiplan.value import Value

_CANDIDATE = re.compile(r"<tvar(?=[\s|])", re.IGNORECASE | re.ASCII)
_OPENING = re.compile(
    r"""<tvar\s+name=(?:"([^"]*)"|'([^']*)'|([^"'\s>]+))\s*>""", re.IGNORECASE | re.ASCII
)
_CLOSING = re.compile(r"</tvar\s*>", re.IGNORECASE | re.ASCII)
_OLD_OPENING = re.compile(r"<tvar\|([^>]+)>")
_OLD_CLOSING = re.compile("</>")


class Variable(Value):
    """A stretch ``[start, stop)`` of a unit's text that translators see as ``$name``."""

    name: str
    value: str
    start: int
    stop: int


def variables(text: str) -> tuple[Variable, ...]:
    """Return the variables of a unit's raw text in their order; they do not nest."""
    return tuple(_find(text)) if _CANDIDATE.search(text) else ()


def definition(text: str) -> str:
    """Return a unit's raw text as translators see it, with ``$name`` for each variable."""
    parts: list[str] = []
    at = 0
    for variable in variables(text):
        parts += text[at : variable.start], f"${variable.name}"
        at = variable.stop
    return "".join(parts) + text[at:]


# A variable that a text lost stays defined in a comment at its end: translations that are not up to
# date yet still use it, and would show it bare (fact 7.5). What translators see of it says nothing.

_KEPT = re.compile(r"<!--\$[\w-]+-->")


def kept_variable(name: str, value: str) -> str:
    """Return what keeps a variable defined that the text does not show."""
    return f'<!--<tvar name="{name}">{value}</tvar>-->'


def without_kept(definition: str) -> str:
    """Return what translators see of a unit's text, but for what is kept for older translations."""
    return _KEPT.sub("", definition) if "<!--$" in definition else definition


def english(text: str) -> str:
    """Return what translators translate of a unit's raw text: all that its definition says."""
    return without_kept(definition(text))


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of the variables of a raw text, each once."""
    return tuple(dict.fromkeys(each.name for each in variables(text)))


def bare_variables(translation: str, english: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the names that a translation uses, and that the raw ``english`` lacks.

    Readers of the translation see them, dollar sign and all.
    """
    there = names_in(english)
    gone = set(names).difference(there)
    if not gone or "$" not in translation:
        return ()
    longest_first = sorted(gone.union(there), key=len, reverse=True)
    used = re.findall(rf"\$({'|'.join(map(re.escape, longest_first))})", translation)
    return tuple(name for name in dict.fromkeys(used) if name in gone)


def _find(text: str) -> Iterator[Variable]:
    # Closing tags are looked for once, not once for each of thousands of unclosed opening tags.
    closings, old_closings = (list(tag.finditer(text)) for tag in (_CLOSING, _OLD_CLOSING))
    at = 0
    while candidate := _CANDIDATE.search(text, at):
        start, at = candidate.span()
        old = text[at] == "|"
        ahead = old_closings if old else closings
        if not (opening := _opening(text, start, old, ahead)):
            continue
        if closing := _next(ahead, opening.end()):
            at = closing.end()
            value = text[opening.end() : closing.start()]
            yield Variable(opening[opening.lastindex or 0], value, start, at)
        elif old:
            at = opening.end()


def _opening(text: str, start: int, old: bool, ahead: list[re.Match[str]]) -> re.Match[str] | None:
    if not _next(ahead, start):
        return None
    return (_OLD_OPENING if old else _OPENING).match(text, start)


def _next(tags: list[re.Match[str]], at: int) -> re.Match[str] | None:
    index = bisect_left(tags, at, key=lambda tag: tag.start())
    return tags[index] if index < len(tags) else None


# Names of variables that no plan can have: ``<tvar name="1">`` is ``$tvar_1`` in the plan, and
# ``<tvar name="Roses-1">`` is ``$tvar__52_oses_2d_1``.
#
# With other names on the page every translation would be outdated, and in a plan ``$1`` is money.


PREFIX = "tvar_"
RESERVED = frozenset((
    "department", "ends", "last_year", "latest_year", "lead", "lead_link", "lead_title", "minutes",
    "next_event", "next_year", "parent", "parent_link", "quarter", "start", "starts", "target",
    "team_list", "teams", "year",
))  # fmt: skip
"""Names that the plan gives to facts of its own."""

_OF_A_PLAN = re.compile(r"[a-z][a-z0-9_]*")
_OF_A_PAGE = re.compile(r"[\w-]+")
_ODD = re.compile(r"[^a-z0-9]")
_CODE = re.compile(r"_([0-9a-f]{1,5})_")
_IN_PLAN = re.compile(rf"\$(\$|{PREFIX}[a-z0-9_]+)")


def in_plan(name: str) -> str:
    """Return the plan's name of a page's variable."""
    possible = _OF_A_PLAN.fullmatch(name) and name not in RESERVED
    if possible or not _OF_A_PAGE.fullmatch(name):
        return name
    return PREFIX + _ODD.sub(lambda sign: f"_{ord(sign[0]):x}_", name)


def on_page(name: str) -> str:
    """Return a page's name of the plan's variable."""
    decoded = _CODE.sub(lambda code: chr(int(code[1], 16)), name.removeprefix(PREFIX))
    return decoded if in_plan(decoded) == name else name


def text_on_page(text: str) -> str:
    """Return a catalog's text with the names that the page has."""
    return _IN_PLAN.sub(lambda found: f"${on_page(found[1])}", text)


def text_in_plan(text: str, variables: Iterable[str]) -> str:
    """Return a text of a page as a catalog has it; ``variables`` are those that the plan knows.

    Other numbers behind a dollar sign are money.
    """
    names = {on_page(name): name for name in variables if on_page(name) != name}
    if not names:
        return text
    longest_first = sorted(names, key=len, reverse=True)
    either = "|".join(rf"{re.escape(name)}(?![0-9])" for name in longest_first)
    found = re.compile(rf"\$(\$|{either})")
    return found.sub(lambda each: f"${names.get(each[1], each[1])}", text)


# A translation's text as the wiki's unit page has it, and as a catalog has it.
#
# On the wiki an outdated text holds ``!!FUZZY!!``, a heading stands between its marks, and a
# dollar sign is one; in a catalog the state is a flag, the marks are the template's, and a
# literal dollar before another one is doubled. Two wiki texts say the same when a catalog would
# have the same.


FUZZY = "!!FUZZY!!"
"""Stands in the text of an outdated translation (fact 3.3)."""

_HEADING = re.compile(r"(={1,6})[ \t]*(.+?)[ \t]*\1\s*")
_DOUBLED = re.compile(r"\$\$")
_BEFORE_DOLLAR = re.compile(r"\$(?=\$)")
_ENTITY_FOR_DOLLAR = "&#36;"


def heading_marks(definition: str) -> str:
    """Return the ``==`` around a unit that is one heading line, else an empty string."""
    found = _HEADING.fullmatch(definition)
    return found[1] if found else ""


def on_wiki(text: str, marks: str, *, outdated: bool = False) -> str:
    """Return what a unit page holds for a catalog's text; never ends in white space."""
    text = _DOUBLED.sub(_dollar, clean(text))
    text = f"{marks} {text} {marks}" if marks else text
    return f"{FUZZY}{text}" if outdated else text


def in_catalog(raw: str, marks: str) -> str:
    """Return what a catalog holds for a unit page's text. Lost marks: see :func:`lost_marks`."""
    text = without_kept(clean(raw))
    found = _HEADING.fullmatch(text) if marks else None
    if found and found[1] == marks:
        text = found[2]
    return _BEFORE_DOLLAR.sub("$$", text)


def lost_marks(raw: str, marks: str) -> tuple[Finding, ...]:
    """Return the error of a heading's translation that is none of that level any more."""
    if not marks or heading_marks(clean(raw)) == marks:
        return ()
    wrong = f"the translation has lost the heading's marks {marks} {marks}"
    return (Finding(Message("lost-heading-marks", wrong, "put them around it, on the wiki")),)


def has_outdated_mark(raw: str) -> bool:
    return FUZZY in raw


def clean(text: str) -> str:
    """Return a text as the wiki would store it, without the sign of an outdated one."""
    return unicodedata.normalize("NFC", text.replace(FUZZY, "")).strip()


def _dollar(found: re.Match[str]) -> str:
    """Return a dollar sign that cannot be taken for a variable's, whatever stands behind it."""
    after = found.string[found.end() : found.end() + 1]
    return _ENTITY_FOR_DOLLAR if after.isalpha() else "$"
