"""Small values of the YAML files: what a key, a name, a number or a place may look like.

A check raises ``ValueError`` with ``what is wrong; what to do``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from wikiplan.errors import Invalid, Message, did_you_mean
from wikiplan.l10n import languages, parse_date, parse_fiscal_year
from wikiplan.translate import is_valid_id
from wikiplan.value import Value
from wikiplan.wikitext import imbalances, prose, syntax

WRONG_FORM = "wrong-form"
"""The value is not written as such values are."""

REFUSED_WIKITEXT = "refused-wikitext"
"""It holds what the wiki replaces or takes out when it saves, or what would break the page."""

# What ``pages.yaml`` allows where it does not say.
MOST_PAGES = 100
MOST_SHRINK_PERCENT = 50
MOST_OUTDATED_PERCENT = 20
MOST_ORPHANED = 0
MOST_LOST_PERCENT = 20
MOST_GONE_PERCENT = 10

MISSING_SECTION = ("refuse", "top", "bottom")
PLACES = ("after", "before", "after-section")

# What a wiki drops, replaces or cannot store (fact 6): controls but the line feed, non-characters.
CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]"
    "|[\U0001fffe\U0001ffff\U0010fffe\U0010ffff]"
)

# What would be read as wikitext, or as a variable, in the middle of a unit's text.
_WIKITEXT = re.compile(r"[\[\]{}|<>$\n]|''|~~~")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)


class Pattern(Value):
    """A check by a regular expression, which the JSON Schema can tell as well."""

    regex: str
    what: str
    advice: str

    def matches(self, text: str) -> bool:
        return re.fullmatch(self.regex, text, re.ASCII) is not None

    def __call__(self, text: str) -> None:
        if not self.matches(text):
            raise Invalid(WRONG_FORM, f"“{text}” is not {self.what}; {self.advice}")


KEY = Pattern(
    "[a-z0-9]+(-[a-z0-9]+)*", "a key", "use a-z, 0-9 and single hyphens, like universal-code"
)
ACCOUNT = Pattern(
    r"(?!\d+\.\d+\.\d+\.\d+$)[^#<>\[\]|{}/:@~_\s][^#<>\[\]|{}/:@~\n]*",
    "the name of an account that logs in",
    "write it as the wiki does, without “User:”",
)
SECTION_NAME = Pattern(
    "[a-z][a-z0-9]*(-[a-z0-9]+)*", "a name", "use a-z, 0-9 and single hyphens, like office-hours"
)
VARIABLE_NAME = Pattern(
    "[a-z][a-z0-9_]*", "a variable's name", "use a-z, 0-9 and _, like office_hours"
)
STEM = Pattern(
    "[a-z][a-z0-9-]*(/[a-z0-9-]+)*",
    "the name of a data file",
    "write it as below data/ and without .yaml, like priorities/2020-2021",
)
FIELD = re.compile(r"\{([a-z][a-z0-9-]*)(?:\.([a-z][a-z0-9-]*))?\}")
"""What stands in a pattern of ``pages.yaml`` for something of the data: ``{event}``."""
_IN_PLACE_OF_A_FIELD = "x"


class WithFields(Value):
    """A check of a text in which fields may stand: a key stands for each of them."""

    check: Callable[[str], object]

    def __call__(self, text: str) -> None:
        whole = FIELD.sub(_IN_PLACE_OF_A_FIELD, text)
        if found := _BRACES.search(whole):
            advice = "write one like {year}, {event} or {team.key}"
            raise Invalid("no-field", f"“{found[0]}” is no field", advice)
        self.check(whole)


_BRACES = re.compile(r"\{[^{}]*\}?|\}")

ITEM = Pattern(
    r"[a-z0-9-]+(\.[a-z0-9-]+)*",
    "the key of an item",
    "write it as in that file, like spring, and of one in another both keys, like gardens.roses",
)
PERSON_NAME = Pattern(
    r"[^<>()\[\]{}|\s]+( [^<>()\[\]{}|\s]+)*( <[^<>\s@]+@[^<>\s@]+>)?",
    "a name",
    "write it in plain words, with an e-mail address behind it or without: Ada Green <a@b.org>",
)
BULLETS = Pattern("[*#:]{1,8}", "what stands before a list item", "write *, #, : or several")
SITE_NAME = Pattern("[a-z0-9-]+:[a-z0-9-]+", "a site", "write family:code, like meta:meta")
LANGUAGE_CODE = Pattern(
    "[a-z]{2,}(-[a-z0-9]+)*", "a language code", "write one in small letters, like pt-br"
)

_FIELDS = "[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*"
ROWS = Pattern(_FIELDS, "a list of a data file", "write it like events, or teams.items")
CELL = Pattern(_FIELDS, "a field of a row", "write it like start, or topic.text")

SHEETS = ("https://example.org/grants.csv", "$WIKIPLAN_GRANTS")
SECRET_SHEET = re.compile(r"\$(WIKIPLAN_[A-Z0-9_]+)", re.ASCII)
"""The name of an environment variable that has an address which nobody else may see."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_sheet(address: str) -> None:
    """Refuse what is no address of a sheet, and one with a password in it."""
    if SECRET_SHEET.fullmatch(address):
        return
    syntax.check_url(address)
    parts = urlsplit(address)
    if parts.scheme != "https" and (parts.scheme, parts.hostname in LOOPBACK) != ("http", True):
        raise Invalid("no-https", "is no address that begins with https://; write one")
    if parts.username or parts.password:
        advice = f"write {SHEETS[1]}, and the address into that variable"
        raise Invalid("password-in-address", "holds a password", advice)


def check_time_form(form: str) -> None:
    """Refuse a form of days and times that does not tell which day it is."""
    try:
        shown = _A_TIME.strftime(form)
        if datetime.strptime(shown, form).date() == _A_TIME.date():
            return
    except ValueError:
        pass
    advice = "write it like %d/%m/%Y or %m/%d/%Y %H:%M"
    raise Invalid("no-time-form", f"“{form}” is no form of days", advice)


_A_TIME = datetime(2021, 11, 23, 16, 45)


def check_words(text: str) -> None:
    """Refuse everything but plain words in one line."""
    check_written(text)
    if found := _WIKITEXT.search(text):
        shown = "a line break" if found[0] == "\n" else f"“{found[0]}”"
        wrong = f"holds {shown}, but should be plain"
        raise Invalid("not-plain", wrong, "write words without wikitext")


def check_written(text: str) -> None:
    if not text.strip():
        raise Invalid("empty", "is empty; write something or remove it")
    if found := CONTROL.search(text):
        wrong = f"holds the control character U+{ord(found[0]):04X}"
        raise Invalid("control-character-in-value", wrong, "delete it")


def check_file_name(name: str) -> None:
    """Raise ``ValueError`` for what cannot be a file of a wiki."""
    syntax.check_title(name)
    prefix, colon, rest = name.partition(":")
    if colon:
        advice = (
            f"write {rest.strip()}" if prefix.lower() in ("file", "image") else "write its name"
        )
        wrong = "holds “:”, but is the name of a file alone"
        raise Invalid("colon-in-file-name", wrong, advice)


PARAMETER = Pattern(
    r"[^\s|={}\[\]<>]+( [^\s|={}\[\]<>]+)*",
    "the name of a parameter",
    "write it as the template's page does",
)


def check_parameter(value: int | str) -> int | str:
    """Return what stands behind a parameter's name, wikitext that stays as it is."""
    check_written(str(value))
    for message in raw_messages(str(value)):
        raise ValueError(message)
    return value


def check_number(number: object) -> object:
    """Return an integer or a decimal number in digits, which stays a text in YAML (``1.10``)."""
    if isinstance(number, str) and _DECIMAL.fullmatch(number):
        return number
    if isinstance(number, int) and not isinstance(number, bool):
        return number
    shown = f"“{number}”" if isinstance(number, str) else "this"
    raise Invalid("no-number", f"{shown} is not a number; write digits, like 1250 or 1.5")


def check_day(text: str) -> None:
    if parse_date(text)[2] is None:
        raise Invalid("month-for-day", f"“{text}” is a month; write a day, like {text}-05")


def check_by_language(links: object) -> object:
    """Return the name of a link, or one by language."""
    if isinstance(links, str):
        return links
    if not isinstance(links, dict) or not links:
        advice = "write one, or one by language: {en: NAME, ar: NAME}"
        raise Invalid("no-link-name", "is no name of a link", advice)
    for code, name in links.items():
        if not languages.is_known(code):
            hint = did_you_mean(code, languages.known()) or "write a code of MediaWiki's"
            wrong = f"the language “{code}” is not known"
            raise Invalid("unknown-language-of-link", wrong, hint)
        if not isinstance(name, str):
            raise Invalid("language-without-link", f"{code} has no name of a link; write one")
    return links


def check_fiscal_year(year: object) -> object:
    """Return a fiscal year; YAML reads ``2022`` as a number."""
    if isinstance(year, str) or (isinstance(year, int) and not isinstance(year, bool)):
        parse_fiscal_year(str(year))
        return year
    raise Invalid(
        "year-of-other-type", "this is not a fiscal year; write it like 2020-2021, or 2022"
    )


def check_missing_section(place: object) -> object:
    """Return what to do about a missing section: a word, or ``{after: HEADING}`` and its like."""
    if isinstance(place, str) and place in MISSING_SECTION:
        return place
    if isinstance(place, dict) and len(place) == 1:
        ((where, name),) = place.items()
        if where in PLACES and isinstance(name, str) and name.strip():
            return place
    raise Invalid(
        "no-place-for-section",
        "is not a place; write refuse, top, bottom, {after: HEADING}, {before: HEADING} or "
        "{after-section: NAME}",
    )


NOTHING, TEXT, BLANK = REMAINS = ("nothing", "text", "blank")
REDIRECT, MARKED = INSTEAD = ("redirect", "marked")


def check_remains(what: object) -> object:
    """Return what remains of something retired: a word, or ``{redirect: TITLE}`` and its like."""
    if isinstance(what, str) and what in REMAINS:
        return what
    if isinstance(what, dict) and len(what) == 1:
        ((how, words),) = what.items()
        if how in INSTEAD and isinstance(words, str) and words.strip():
            if how == REDIRECT:
                syntax.check_target(words)
            return what
    raise Invalid(
        "impossible-remains",
        "is not what can remain; write nothing, text, blank, {redirect: TITLE} or "
        "{marked: WIKITEXT}, such as {marked: '{{delete|replaced}}'}",
    )


def check_field_key(key: object) -> object:
    """Return a key of what a pattern goes over; YAML reads ``2022`` as a number."""
    if isinstance(key, str | int) and not isinstance(key, bool):
        return key
    raise Invalid(
        "no-key-to-leave-out", "this is no key; write those of what is left out, like [2020-2021]"
    )


def check_unit_id(id: object) -> object:
    """Return the id of a unit on a translatable page, a number or a text."""
    if isinstance(id, str | int) and not isinstance(id, bool) and is_valid_id(str(id)):
        return id
    shown = f"“{id}”" if isinstance(id, str | int) and not isinstance(id, bool) else "this"
    advice = "write what stands between “<!--T:” and “-->”"
    raise Invalid("no-unit-id", f"{shown} is not the id of a unit", advice)


# What a unit's wikitext must not hold: it would break its page, or be changed by the save.


_EMPTY = Message("empty-text", "is empty; write the text")
_NO_BREAK_AT_END = "write “>-” instead of “>” or “|”"
_NO_BREAK = "write “>-” before the text"
_TWO_TEXTS = "write two texts, each with its key"
_INTO_NOTE = "move it to “note:”"
_INTO_TEMPLATE = "move it to the template"
_OF_TRANSLATORS = {
    _NO_BREAK_AT_END: r"delete it (in a PO file, the “\n” at the end)",
    _NO_BREAK: r"write one line (in a PO file, without “\n”)",
    _TWO_TEXTS: r"delete it (in a PO file, one “\n” of two)",
    _INTO_NOTE: "take it out: a comment belongs beside the translation",
    _INTO_TEMPLATE: "take it out",
}
"""By what the plan's owner has to do what a translator has to, whose file knows no such thing."""

_COMMENT = "a comment"

# What may stand nowhere in a unit: pattern, what it is, what to do.
_REFUSED = tuple(
    (re.compile(pattern, re.IGNORECASE), what, advice)
    for pattern, what, advice in (
        (r"~{3,}", "a signature", "remove the tildes"),
        (r"\{\{\s*(?:safe)?subst\s*:", "a substitution", "write the text itself"),
        (r"\[\[[^\[\]|]*\|\s*\]\]", "a pipe trick", "write the words after the bar"),
        (r"\[\[\s*\|", "a pipe trick", "write the page before the bar"),
        (r"<!--", _COMMENT, _INTO_NOTE),
        (r"</?\s*(?:translate|tvar)\b", "a tag of Translate", "remove it"),
        (r"</?\s*languages\b", "the bar of languages", "remove it"),
        (r"</?\s*(?:noinclude|includeonly|onlyinclude)\b", "an inclusion tag", "remove it"),
    )
)

_REFUSED_ANYWHERE = tuple(
    entry
    for entry in _REFUSED
    if entry[1] in ("a signature", "a substitution", "a tag of Translate")
)

# What the wiki takes out of any text. Wikis have switches in their own languages too; those that
# are written in small letters are MediaWiki's.
_NOWIKI = re.compile(r"<nowiki>.*?</nowiki>", re.IGNORECASE | re.DOTALL)
_SWITCH = re.compile(r"__([^\W\d_]{2,})__")
_SMALL_SWITCHES = frozenset({
    "toc", "notoc", "forcetoc", "nogallery", "noeditsection", "newsectionlink", "index", "noindex",
    "nonewsectionlink", "hiddencat", "staticredirect", "notitleconvert", "nocontentconvert",
})  # fmt: skip
_PAGE_LINK = re.compile(r"\[\[\s*([A-Za-z-]+)\s*:")
_SETTING = re.compile(r"\{\{\s*(?:DISPLAYTITLE|DEFAULTSORT(?:KEY)?|DEFAULTCATEGORYSORT)\s*:", re.I)

# Signs that nobody sees. Languages need others: joiners, marks of direction, soft hyphens.
_INVISIBLE = {
    "\u00a0": "no-break space",
    "\u200b": "zero-width space",
    "\u202f": "narrow no-break space",
    "\u2060": "word joiner",
    "\ufeff": "byte order mark",
}
_DOUBLE_BLANK = re.compile(r"(\S+) {2,}(?=\S)")
_HYPHEN_FOR_DASH = re.compile(r"(?<=\b\d{4})-(?=\d{2}(?:\d{2})?\b(?!-\d))|(?<= )-(?= )")

# Wikitext reads these at the start of a line as a list, indent, heading, table, rule.
_LINE_START = re.compile(r"^(?:[*#:;=]|\{\||\|[-}]?|!|----|(?<=\n) )", re.MULTILINE)


def text_messages(text: str, *, one_line: bool, own_layout: bool = False) -> Iterator[Message]:
    """Yield ``what is wrong; what to do`` for a unit's text.

    ``one_line`` is for headings, names, labels and list items, where a line break ends the thing.
    ``own_layout`` is for texts that may begin lists, tables and headings themselves, and hold
    comments and plurals of a wiki's own: units of a page as people wrote them.
    """
    if not text.strip():
        yield _EMPTY
        return
    yield from _space_messages(text, one_line)
    yield from _character_messages(text)
    for pattern, what, advice in _REFUSED:
        if own_layout and what == _COMMENT:
            continue
        if match := pattern.search(text):
            yield _refused(match[0], what, advice)
    if not own_layout:
        yield from prose.plural_messages(text)
        yield from _start_messages(text)
        yield from _vanishing_messages(text)
    for imbalance in imbalances(text):
        yield Message("unbalanced", f"the wikitext is unbalanced, {imbalance}; correct it")


def told_translators(message: Message) -> Message:
    """Return what is wrong with a text, with a way out in words of a translator's file."""
    advice = message.advice
    for owner, translator in _OF_TRANSLATORS.items():
        advice = advice.replace(owner, translator)
    return Message(message.code, message.wrong, advice)


NOT_WRITTEN = "Not written yet."
"""Stands where a plan needs a text that nobody has written."""


def slip_messages(text: str, *, own_layout: bool = False) -> Iterator[Message]:
    """Yield ``what is wrong; what to do`` of what a person typed and hardly meant."""
    if text == NOT_WRITTEN:
        told = "stands for a text that nobody has written; write it, also if no page shows it yet"
        yield Message("not-written", told)
    for sign, name in _INVISIBLE.items():
        if sign in text:
            told = f"holds the invisible {name} (U+{ord(sign):04X})"
            advice = "take it out, and write &nbsp; where words must stay together"
            yield Message("invisible-sign", told, advice)
    if not own_layout and (doubled := _DOUBLE_BLANK.search(text)):
        yield Message("two-blanks", f"has two blanks in a row, behind “{doubled[1]}”; type one")


def hyphen_message(title: str) -> Message | None:
    """Return what is wrong with a hyphen where titles have a dash, nothing if there is none."""
    dashed = _HYPHEN_FOR_DASH.sub("–", title)
    if dashed == title:
        return None
    wrong = f"a page would be made with a hyphen in its title, where “{dashed}” has a dash"
    advice = "correct it, or take “missing-page: create” out if a page has the hyphen"
    return Message("hyphen-for-dash", wrong, advice)


def _vanishing_messages(text: str) -> Iterator[Message]:
    """Yield what the wiki takes out of a text, wherever that stands: readers never see it."""
    text = _NOWIKI.sub("", text)
    for found in _SWITCH.finditer(text):
        if not found[1].islower() or found[1] in _SMALL_SWITCHES:
            told = f"holds “{found[0]}”, a switch that the wiki takes out of the text"
            advice = f"remove it, or write <nowiki>{found[0]}</nowiki> to show it"
            yield Message("switch-of-the-wiki", told, advice)
    for found in _PAGE_LINK.finditer(text):
        if found[1].lower() == "category" or languages.is_known(found[1].lower()):
            told = f"holds “{found[0]}”, a link that the wiki takes out of the text"
            advice = f"write [[:{found[1]}: to link there, or {_INTO_TEMPLATE}"
            yield Message("link-out-of-text", told, advice)
    for found in _SETTING.finditer(text):
        told = f"holds “{found[0].strip()}”, which says something of the page and shows nothing"
        yield Message("setting-of-page", told, _INTO_TEMPLATE)


def _refused(found: str, what: str, advice: str) -> Message:
    return Message(REFUSED_WIKITEXT, f"holds {what} (“{found}”)", advice)


def raw_messages(text: str) -> Iterator[Message]:
    """Yield what is wrong with wikitext that goes to a page as it is."""
    if not text.strip():
        yield _EMPTY
    yield from _character_messages(text.replace("\t", " "))
    for pattern, what, advice in _REFUSED_ANYWHERE:
        if match := pattern.search(text):
            yield _refused(match[0], what, advice)
    for imbalance in imbalances(text):
        if "''" not in imbalance.message:  # quotes end with their line
            yield Message("raw-unbalanced", f"is unbalanced, {imbalance}; correct it")


def _space_messages(text: str, one_line: bool) -> Iterator[Message]:
    if text[0].isspace():
        yield Message("space-at-start", "begins with white space; remove it")
    if text[-1] == "\n":
        yield Message("line-break-at-end", "ends with a line break", _NO_BREAK_AT_END)
    elif text[-1].isspace():
        yield Message("space-at-end", "ends with white space; remove it")
    inner = text.strip()
    if re.search(r"\n[^\S\n]*\n", inner):
        wrong = "holds a blank line, which cuts the unit in two"
        yield Message("blank-line", wrong, _TWO_TEXTS)
    elif one_line and "\n" in inner:
        wrong = "holds a line break, which ends a heading or list item"
        yield Message("line-break", wrong, _NO_BREAK)


def _character_messages(text: str) -> Iterator[Message]:
    codes = dict.fromkeys(f"U+{ord(match[0]):04X}" for match in CONTROL.finditer(text))
    if codes:
        wrong = f"holds the control character {', '.join(codes)}"
        yield Message("control-character-in-text", wrong, "delete it")
    if unicodedata.normalize("NFC", text) != text:
        wrong = "is not in Unicode's normal form NFC, in which wikis store texts"
        yield Message("not-nfc", wrong, "type it anew")


def layout_of(text: str) -> tuple[str, ...]:
    """Return what a text begins its lines with that wikitext reads as layout, in order."""
    return tuple(found[0] for found in _LINE_START.finditer(text.strip()))


def _start_messages(text: str) -> Iterator[Message]:
    for match in _LINE_START.finditer(text.strip()):
        where = "has a line that begins" if match.start() else "begins"
        wrong = f"{where} with “{match[0]}”, which wikitext reads as layout"
        yield Message("layout-in-text", wrong, "remove it")
        return
