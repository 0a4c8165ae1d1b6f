"""Catalogs as XLIFF 1.2 for translation programs. With ``catalog`` a door to translate-toolkit.

A unit's key is its ``id``, its seal its ``extradata``. The English that an outdated text was made
for stands in an ``alt-trans``, with that text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from translate.storage import xliff

from wikiplan import files
from wikiplan.catalogs.exchange import NOT_OURS, Incoming, Outgoing, Parcel, Seal, fault, faults_in
from wikiplan.catalogs.translation import State
from wikiplan.errors import Fault, Faults, Invalid, Message, WikiplanError

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"

_NAME = "wikiplan"
_COUNT = re.compile(r"wikiplan: ([0-9]{1,9}) texts")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENCODING = re.compile(r"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)""")
_NO_LANGUAGE = Message("xliff-without-language", "the file has no target-language", NOT_OURS)
_SKELETON = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="{NAMESPACE}">
<file original="{_NAME}" source-language=%s target-language=%s datatype="plaintext">
<header><note from="{_NAME}">wikiplan: %d texts</note></header>
<body></body>
</file>
</xliff>"""


class _Unit(xliff.xliffunit):  # type: ignore[misc, unused-ignore]
    namespace = NAMESPACE


class _File(xliff.xlifffile):  # type: ignore[misc, type-arg, unused-ignore]
    UnitClass = _Unit
    namespace = NAMESPACE


def write(source_language: str, language: str, texts: Sequence[Outgoing]) -> bytes:
    """Return the file. Raises :class:`WikiplanError` on characters that XML cannot hold."""
    languages = quoteattr(source_language), quoteattr(language)
    store = _parse((_SKELETON % (*languages, len(texts))).encode())
    for text in texts:
        _check_characters(text)
        unit = store.addsourceunit(text.english, filename=_NAME)
        _fill(unit, text, language)
    return bytes(store)


def read(file: str, data: bytes) -> Parcel:
    """Return the texts of a file; raises Faults with all damage."""
    store = _parsed(file, data)
    texts, faults = [], []
    for unit in store.units:
        try:
            texts.append(_text(unit.xmlelement))
        except ValueError as error:
            line, key = unit.xmlelement.sourceline, unit.xmlelement.get("id", "")
            faults.append(fault(file, Message.of(error), line, key))
    language = str(store.targetlanguage or "").lower().replace("_", "-")
    if not language:
        faults.append(fault(file, _NO_LANGUAGE))
    parcel = Parcel(file, language, tuple(texts))
    if faults := faults or [*faults_in(parcel, _stated(store))]:
        raise Faults(faults)
    return parcel


def _parse(data: bytes) -> Any:
    made: Any = _File
    return made.parsestring(data)


def _check_characters(text: Outgoing) -> None:
    for part in (text.key, text.english, text.text, text.previous_english, *text.notes):
        if match := _NO_XML.search(part):
            wrong = f"{text.key}: holds U+{ord(match[0]):04X}, which an XLIFF file cannot"
            raise WikiplanError("no-xml-character", f"{wrong}; take it out, or use -format:po")


def _fill(unit: Any, text: Outgoing, language: str) -> None:
    unit.xmlelement.set("id", text.key)
    unit.xmlelement.set("extradata", str(text.seal))
    if text.text:
        # The toolkit's own setters look the whole unit over for each change.
        target = unit.createlanguageNode(language, text.text, "target")
        outdated = text.state is State.OUTDATED
        target.set("state", "needs-translation" if outdated else "translated")
        unit.xmlelement.set("approved", "no" if outdated else "yes")
        unit.xmlelement.insert(1, target)
    for place in text.places:
        unit.addnote(place, origin="where")
    for note in text.notes:
        unit.addnote(note, origin="developer")
    if text.previous_english:
        unit.addalttrans(text.text, _NAME, language, text.previous_english)
        unit.xmlelement[-1].set("alttranstype", "previous-version")


def _parsed(file: str, data: bytes) -> Any:
    stated = _ENCODING.match(files.decode(file, data).lstrip("\ufeff"))
    if stated and stated[1].lower() not in ("utf-8", "utf8"):
        wrong = f"the file says that it is {stated[1]} and not UTF-8"
        raise Faults([fault(file, Message("other-encoding", wrong, "save it as UTF-8"), 1)])
    try:
        return _parse(data)
    except SyntaxError as error:  # what lxml raises is one
        wrong = f"the file is damaged ({error.msg})"
        raise Faults([_damage(file, error, Message("damaged-xliff", wrong, NOT_OURS))]) from None
    except (ValueError, AssertionError, AttributeError, StopIteration):
        message = Message("no-xliff", "this is no XLIFF 1.2 file", NOT_OURS)
        raise Faults([fault(file, message)]) from None


def _damage(file: str, error: SyntaxError, message: Message) -> Fault:
    return Fault(file, error.lineno or 0, error.offset or 0, "", message)


def _stated(store: Any) -> int | None:
    """Return how many texts the header says that there are."""
    notes = (note.text or "" for note in store.document.getroot().iter("{*}note"))
    first = next(filter(None, map(_COUNT.fullmatch, notes)), None)
    return int(first[1]) if first else None


def _text(node: Any) -> Incoming:
    """Return a unit's text; raises ValueError with what is wrong."""
    parts = {name: node.find(f"{{*}}{name}") for name in ("source", "target")}
    if not node.get("id"):
        raise Invalid("xliff-text-without-id", "the text has no id", NOT_OURS)
    if parts["source"] is None:
        raise Invalid("xliff-text-without-source", "the text has no source", NOT_OURS)
    target = parts["target"]
    state = target.get("state", "") if target is not None else ""
    return Incoming(
        key=node.get("id"),
        english=_plain(parts["source"]),
        text="" if target is None else _plain(target),
        ready=not state.startswith(("needs-", "new")),
        seal=Seal.parse(node.get("extradata", "")),
        line=node.sourceline,
        says_state=bool(state),
    )


def _plain(node: Any) -> str:
    """Return an element's text without marks; elements that stand for text are refused."""
    for inner in node.iterdescendants():
        if not str(inner.tag).endswith("}mrk"):
            wrong = f"the {node.tag.partition('}')[2]} holds more than text"
            raise Invalid("xliff-text-with-elements", wrong, NOT_OURS)
    return "".join(node.itertext())
