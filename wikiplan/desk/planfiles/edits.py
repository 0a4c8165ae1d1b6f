"""An edit of one value: what becomes of the file, what it costs, and what would be wrong with it.

What an edit costs is what the catalogs then say of their translations; the forecast of a page and
the checks go by the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from wikiplan import files
from wikiplan.catalogs import State, typo_faults
from wikiplan.desk.planfiles.parts import WORDS
from wikiplan.desk.planfiles.places import Place, document_of, scalar_at
from wikiplan.desk.trials import Trials, Tried
from wikiplan.errors import Fault, WikiplanError
from wikiplan.files import FileChange
from wikiplan.plan import Plan, Unit
from wikiplan.session.session import Session
from wikiplan.value import Value, replace
from wikiplan.wikitext import words_in
from wikiplan.yaml import Document, KeyPath, Scalar, value_in, with_key, with_value

TYPO, MEANING = "typo", "meaning"
"""What a change of a text does to its translations: nothing, or they turn outdated."""
DECLARED = "change"
"""The key beside a text that says so."""


class Edit(Value):
    """A value typed for a place of a file that held ``base``; None takes the value away.

    What was not there comes as a key of the mapping that the place is in.

    ``means`` is what its owner said of the change, if anything.
    """

    place: Place
    base: bytes
    value: Scalar | None
    means: str = ""

    def change(self, data: Path) -> FileChange:
        """Return the change of the file. Raises :class:`WikiplanError` where it cannot be made."""
        path = data / self.place.file
        return FileChange(path, self.base, self._written(files.shown(path)))

    def _written(self, file: str) -> bytes:
        document = document_of(self.base, file)
        try:
            beside = self._beside(document)
            data = self._declared(self.base, document, beside)
            if beside == self.place.path and self.value is not None:
                return with_value(data, beside, scalar_at(document, self.place), self.value)
            return with_key(data, beside, str(self.place.path[-1]), self.value)
        except ValueError as error:
            raise WikiplanError(
                "cannot-be-written", f"{file}: {error}; change it in the file itself"
            ) from error

    def _beside(self, document: Document) -> KeyPath:
        """Return the place of a value that stays, in the mapping with this one: if it can, its own.

        A value that comes does so behind the last one, where no list stands.
        """
        path = self.place.path
        if path in document.spans and self.value is not None:
            return path
        around = [each for each in document.spans if each[:-1] == path[:-1] and each != path]
        if not around:
            raise ValueError("nothing else stands beside it")
        return max(around, key=document.value_at)

    def _declared(self, data: bytes, document: Document, beside: KeyPath) -> bytes:
        """Say beside the text what its change means; a declaration of an earlier one goes."""
        path = self.place.path
        declared = value_in(document.data, (*path[:-1], DECLARED))
        if path[-1] not in WORDS or self.value == value_in(document.data, path):
            return data
        if self.means == TYPO or declared == TYPO:
            return with_key(data, beside, DECLARED, TYPO if self.means == TYPO else None)
        return data


class Cost(Value):
    """What has to be translated again: so many texts with these words, in each of the languages."""

    words: int = 0
    languages: tuple[str, ...] = ()
    texts: int = 0

    def __str__(self) -> str:
        if not self.words:
            return "0 words"
        words = "1 word" if self.words == 1 else f"{self.words} words"
        texts = "" if self.texts == 1 else f" of {self.texts} texts"
        several = f"{len(self.languages)} languages" if len(self.languages) > 1 else "1 language"
        return f"{words}{texts} in {several} ({', '.join(self.languages)})"


class Examined(Value):
    """What an edit comes to: what it costs as a new meaning and as a typo, and its findings.

    ``no_typo`` says why it is no mere typo. ``errors`` keep it from being saved. ``is_text`` says
    that translators see the value.
    """

    cost: Cost = Cost()
    as_typo: Cost = Cost()
    no_typo: tuple[str, ...] = ()
    errors: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    is_text: bool = False

    @property
    def asks(self) -> bool:
        """Whether its owner has to say what the change means."""
        return self.is_text and bool(self.cost.words) and not self.no_typo


def examined(work: Session, trials: Trials, edit: Edit) -> Examined:
    """Return what an edit comes to, with the plan as it is now; nothing is written.

    Raises :class:`WikiplanError` where the file cannot have the value.
    """
    found = trials.of([replace(edit, means="").change(work.options.data)])
    warnings = new_warnings(trials, found)
    if found.plan is None:
        return Examined(errors=found.errors, warnings=warnings)
    units = dict(_changed(work.plan, found.plan))
    is_text = edit.place.path[-1] in WORDS and bool(units)
    typos = {key: replace(unit, change=TYPO) for key, unit in units.items()}
    no_typo = tuple(dict.fromkeys(
        told
        for key, unit in units.items()
        for told in typo_faults(work.plan.units[key].text, unit.text, work.plan.source_language)
    ))  # fmt: skip
    return Examined(cost(work, units), cost(work, typos), no_typo, (), warnings, is_text=is_text)


def new_warnings(trials: Trials, found: Tried) -> tuple[Fault, ...]:
    """Return the warnings that the plan does not have as it is."""
    known = {_told(fault) for fault in trials.of().faults}
    return tuple(each for each in found.faults if each.warning and _told(each) not in known)


def _told(fault: Fault) -> tuple[str, str, str]:
    return fault.file, fault.key, str(fault.message)


def _changed(before: Plan, after: Plan) -> Iterator[tuple[str, Unit]]:
    for key, unit in after.units.items():
        if key in before.units and before.units[key].text != unit.text:
            yield key, unit


def cost(work: Session, units: Mapping[str, Unit]) -> Cost:
    """Return what has to be translated again once units are these."""
    languages, texts = dict[str, None](), dict[str, int]()
    for code in work.plan.languages:
        catalog = work.loaded.catalogs[code] if code != work.plan.source_language else None
        for key, unit in units.items() if catalog else ():
            assert catalog
            was = catalog.get(work.plan.units[key]).state
            if was is State.TRANSLATED and catalog.get(unit).state is not was:
                languages[code], texts[key] = None, words_in(unit.text)
    return Cost(sum(texts.values()), tuple(languages), len(texts))
