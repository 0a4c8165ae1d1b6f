"""The translators' view at the desk: how far each language is, the texts that want work, files.

A file that came back is looked at first: what would be taken, and what not and why. Nothing is
written before somebody says so, and then only what was shown.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import PurePath

from wikiplan.catalogs import State, formats
from wikiplan.catalogs.exchange import Parcel
from wikiplan.catalogs.reuse import CHANGES, ImportedText, ImportOutcome
from wikiplan.desk import answering
from wikiplan.desk.answering import (
    WRONG,
    Answers,
    Asked,
    Attached,
    Elsewhere,
    Sent,
    Shown,
    Whole,
)
from wikiplan.desk.desk import Desk
from wikiplan.desk.translators import translating
from wikiplan.desk.translators.texts import Text, Texts, check_language, script_of
from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.files import MEGABYTE
from wikiplan.l10n import languages
from wikiplan.report import statuspage
from wikiplan.session import translatorfiles
from wikiplan.session.counting import Count
from wikiplan.session.options import Format
from wikiplan.session.translatorfiles import ENDINGS, Outgoing, Returned
from wikiplan.value import Value

LABEL = "Translations"
TODO = "todo"
CHOICES: Mapping[str, Callable[[Text], bool]] = {
    TODO: lambda text: text.wants_work,
    "untranslated": lambda text: text.counts and text.found.state is State.UNTRANSLATED,
    "outdated": lambda text: text.found.state is State.OUTDATED,
    "conflicts": lambda text: bool(text.found.conflicts),
    "findings": lambda text: bool(text.findings),
    "all": lambda text: True,
}
"""Which texts a list may have; each choice is a message of its name."""
MOST_SHOWN = 100
"""Texts of a list that stand on one page."""


def answers(desk: Desk) -> Answers:
    texts = Texts(desk)
    view, files = _View(texts), _Files(texts)
    return {
        "translations": view.list,
        "status": view.status,
        "translations-file": files.file,
        "change/translations-look": files.look,
        "change/translations-take": files.take,
        **translating.answers(texts),
    }


class _View:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._desk = texts.desk

    def list(self, asked: Asked) -> Shown:
        """Show the texts of a language, or how far all of them are."""
        language = asked.query.get("language", "")
        if not language:
            every = [self._texts.of(code) for code in self._texts.languages]
            return Shown("translations", {**answering.values_for(asked), "every": every})
        what, words = asked.query.get("what", TODO), asked.query.get("find", "")
        wanted = CHOICES.get(what, CHOICES[TODO])
        texts = self._texts.of(language)
        found = [each for each in texts.texts if wanted(each) and has(each, words)]
        start = _number(asked.query.get("from", ""))
        values = {
            **answering.values_for(asked),
            "language": languages.get(language),
            "source": languages.get(self._desk.source_language),
            "tally": texts.tally,
            "texts": found[start : start + MOST_SHOWN],
            "count": len(found),
            "start": start,
            "step": MOST_SHOWN,
            "what": what,
            "find": words,
            "choices": tuple(CHOICES),
        }
        return Shown("texts", values)

    def status(self, asked: Asked) -> Whole:
        """Show the status page, counted now, on the wiki too."""
        with self._desk.alone:
            work = self._desk.current(texts=False)
            with work.remembering_translations() as remembering:
                found = Count.of(remembering).progress()
        return Whole(statuspage.page(found, {}, answering.language_of(asked)))


def has(text: Text, words: str) -> bool:
    """Tell whether a text has all the words that somebody looks for, in any of its parts."""
    parts = "\n".join((text.key, text.unit.text, text.found.text, text.unit.note)).casefold()
    return all(word in parts for word in words.casefold().split())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else 0


# Files for translators: one to take away, and one that came back.


TYPES = {
    Format.PO: "text/x-gettext-translation",
    Format.XLIFF: "application/xliff+xml",
    Format.CSV: "text/csv",
}
"""The formats that are offered, with what they are called on the web."""
MOST_KEPT = 5
"""Files that were looked at, and may be taken."""
MOST_BYTES = 8 * MEGABYTE
"""Of a file; one of 10,000 texts has less."""
MOST_OF_OUTCOME = 100
"""Texts of one outcome that are shown."""
MOST_OF_NAME = 60
OUTCOMES = {
    ImportOutcome.TAKEN: "taken",
    ImportOutcome.CONFIRMED: "confirmed",
    ImportOutcome.DOUBTED: "doubted",
    ImportOutcome.CONFLICT: "conflict",
    ImportOutcome.REFUSED: "refused",
    ImportOutcome.EMPTY: "empty",
    ImportOutcome.UNKNOWN: "unknown",
    ImportOutcome.UNCHANGED: "unchanged",
}
"""The messages about what would become of texts, in the order in which they are told."""

TOLD = [name for name in OUTCOMES.values() if name not in ("unchanged", "confirmed")]
"""Of these each text is shown."""

_ODD = re.compile(r"[^\w.()-]+")


class Kept(Value):
    """A file that was looked at, and what was shown of it."""

    parcel: Parcel
    outcomes: tuple[str, ...]


class _Files:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._desk = texts.desk
        self._kept: dict[str, Kept] = {}

    def file(self, asked: Asked) -> Attached:
        """Give a language's texts in a file, as an export writes it."""
        language, kind = asked.query.get("language", ""), _format(asked.query.get("format", ""))
        with self._desk.alone:
            work = self._texts.current()
            check_language(work.plan, language)
            scripts = {work.wiki.name: script_of(work)}
            locale = work.options.data / "locale"
            texts = Outgoing(work.plan, work.renderer, locale, scripts)
            data, _ = texts.file(language, kind)
        return Attached(f"{language}.{ENDINGS[kind]}", data, TYPES[kind])

    def look(self, asked: Asked) -> Shown:
        """Show what would become of a file that came back."""
        form = asked.form or {}
        sent = asked.sent.get("file")
        if sent is None:
            raise WikiplanError("no-file-sent", "no file was sent; choose one, and look again")
        parcel = read(sent)
        self._check_language(parcel, form.get("language", ""))
        return self._looked(asked, parcel)

    def take(self, asked: Asked) -> Shown | Elsewhere:
        """Take what was shown of a file; where that is something else by now, show it again."""
        kept = self._kept.pop((asked.form or {}).get("kept", ""), None)
        if kept is None:
            raise WikiplanError(
                "file-no-longer-there",
                "the desk does not have the file any more; send it again",
            )
        with self._desk.alone:
            found = self._merged(kept.parcel)
            if _outcomes(found) != kept.outcomes:
                return self._looked(asked, kept.parcel, "changed-since-looked")
            values = answering.values_for(asked)
            taken = sum(each.outcome in CHANGES for _, each in found.texts)
            told = values["say"]("file-taken", count=taken, file=kept.parcel.file)
            if found.file:
                told = self._desk.writing.write(told, [found.file], of_texts=True)
        chosen = {"language": kept.parcel.language, **values["chosen"]}
        return Elsewhere("translations", chosen, told)

    def _looked(self, asked: Asked, parcel: Parcel, notice: str = "") -> Shown:
        with self._desk.alone:
            found = self._merged(parcel)
        values = {
            **answering.values_for(asked),
            "language": languages.get(parcel.language),
            "file": parcel.file,
            "outcomes": _by_outcome(found),
            "told_one_by_one": TOLD,
            "kept": self._keep(parcel, found) if found.file else "",
            "most_shown": MOST_OF_OUTCOME,
            "notice": notice,
        }
        return Shown("returned", values, WRONG if notice else 200)

    def _merged(self, parcel: Parcel) -> Returned:
        work = self._texts.current()
        locale = work.options.data / "locale"
        return translatorfiles.merged(work.plan, locale, parcel.language, [parcel])

    def _keep(self, parcel: Parcel, found: Returned) -> str:
        while len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        name = secrets.token_urlsafe(8)
        self._kept[name] = Kept(parcel, _outcomes(found))
        return name

    def _check_language(self, parcel: Parcel, wanted: str) -> None:
        if wanted and parcel.language != wanted:
            raise WikiplanError(
                "sent-for-other-language",
                f"{parcel.file}: the file says that it is in “{parcel.language}”, and this is the "
                f"list of “{wanted}”; send it at the list of its language",
            )


def read(sent: Sent) -> Parcel:
    """Return what a file holds. Raises :class:`WikiplanError` with all that is wrong with it."""
    ending = PurePath(sent.name).suffix.lower()
    name = file_name(sent.name)
    if ending not in formats.READERS:
        raise WikiplanError(
            "no-file-for-translators",
            f"{name}: not a file to take in; it ends in {', '.join(formats.READERS)}",
        )
    if len(sent.data) > MOST_BYTES:
        raise WikiplanError(
            "sent-file-too-large",
            f"{name}: is larger than {MOST_BYTES // MEGABYTE} MiB; "
            "bring it in with plan_translations import",
        )
    parcel = formats.read(name, sent.data)
    if not parcel.language:
        raise WikiplanError("sent-without-language", f"{name}: {formats.NO_LANGUAGE}")
    return parcel


def file_name(sent: str) -> str:
    """Return what a file is called in messages and comments: letters, digits and a few signs."""
    name = _ODD.sub("-", PurePath(sent.replace("\\", "/")).name)
    return f"{PurePath(name).stem[:MOST_OF_NAME]}{PurePath(name).suffix[:MOST_OF_NAME]}"


def _format(word: str) -> Format:
    for each in TYPES:
        if each == word:
            return each
    there = ", ".join(TYPES)
    hint = did_you_mean(word, TYPES) or f"there are {there}"
    raise WikiplanError("no-format-at-the-desk", f"“{word}” is no format; {hint}")


def _outcomes(found: Returned) -> tuple[str, ...]:
    """Return what becomes of each text, to be compared with what was shown."""
    return tuple(f"{each.text.key} {each.outcome}" for _, each in found.texts)


def _by_outcome(found: Returned) -> Mapping[str, list[ImportedText]]:
    texts = [each for _, each in found.texts]
    every = {
        name: [each for each in texts if each.outcome is outcome]
        for outcome, name in OUTCOMES.items()
    }
    return {name: those for name, those in every.items() if those}
