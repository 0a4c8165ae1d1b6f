"""The texts of a plan as the translators of a language see them: state, place, findings.

They are counted as ``plan_translations status`` counts plain pages: by the catalogs, each text once
that a page shows now. What other data or another day may show is there too, and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property

from wikiplan.catalogs import State, Translation, checks, findings
from wikiplan.desk.desk import Desk
from wikiplan.errors import Finding, WikiplanError, did_you_mean
from wikiplan.plan import Plan, Unit
from wikiplan.session import whereabouts
from wikiplan.session.session import Session
from wikiplan.session.whereabouts import Sight, Sights
from wikiplan.sync import Overview, PlainProgress, Tally
from wikiplan.value import Value
from wikiplan.wiki import address_of_unit

MOST_KEPT = 50_000
"""Findings that are remembered: of each text in each language."""


class Text(Value):
    """A text in a language. ``address`` is where it stands on the wiki, empty without one.

    ``counts`` says that a page shows it now; ``sights`` are all sections that do.
    """

    unit: Unit
    found: Translation
    counts: bool
    sights: tuple[Sight, ...]
    findings: tuple[Finding, ...]
    address: str

    @property
    def key(self) -> str:
        return self.unit.key

    @property
    def wants_translation(self) -> bool:
        return self.counts and self.found.state is not State.TRANSLATED

    @property
    def wants_work(self) -> bool:
        return self.wants_translation or bool(self.found.conflicts or self.findings)


class TextsOfLanguage(Value, dict=True):
    """All texts in a language, in the order of the pages, and the counts of those that count."""

    code: str
    texts: tuple[Text, ...]
    tally: Tally

    @cached_property
    def by_key(self) -> Mapping[str, Text]:
        return {each.key: each for each in self.texts}

    def after(self, key: str) -> Text | None:
        """Return the next text that wants a translation, from the beginning where none follows."""
        keys = [each.key for each in self.texts]
        at = keys.index(key) + 1 if key in keys else 0
        others = (*self.texts[at:], *self.texts[:at])
        return next((each for each in others if each.wants_translation and each.key != key), None)


class Texts:
    """The texts of the plan as its files are now; each language's are looked through once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._known: _Known | None = None
        self._findings: _Findings = {}

    def current(self) -> Session:
        """Return the plan as it is, errors in translations and all: here they are mended."""
        return self._current().work

    def _current(self) -> _Known:
        work, known = self.desk.current(texts=False), self._known
        if known is None or known.work is not work:
            if known is None or known.work.plan.digest != work.plan.digest:
                self._findings = {}
            known = _Known(work, whereabouts.sights(work.renderer), self._findings)
            self._known = known
        return known

    @property
    def languages(self) -> tuple[str, ...]:
        return _languages(self.current().plan)

    def of(self, language: str) -> TextsOfLanguage:
        """Return a language's texts. Raises :class:`WikiplanError` on one that has none."""
        with self.desk.alone:
            known = self._current()
            check_language(known.work.plan, language)
            if language not in known.kept:
                known.kept[language] = known.texts(language)
            return known.kept[language]

    def text(self, language: str, key: str) -> Text:
        """Return one text. Raises :class:`WikiplanError` where the plan has no such."""
        found = self.of(language).by_key.get(key)
        if found is None:
            raise WikiplanError(
                "no-such-text-at-the-desk",
                f"the plan has no text “{key}”, or no page shows it; look for it in the list",
            )
        return found

    def findings_about(self, unit: Unit, text: str, language: str) -> tuple[Finding, ...]:
        """Return what the checks say of a text as a translation of today's English."""
        return tuple(self._current().looked(unit, text, language, outdated=False))


def script_of(work: Session) -> str:
    """Return the address of ``index.php`` on the desk's wiki, empty of a folder."""
    return work.wiki.address("").partition("?")[0]


def check_language(plan: Plan, language: str) -> None:
    """Raise :class:`WikiplanError` unless the plan has translations into the language."""
    if language not in (known := _languages(plan)):
        hint = did_you_mean(language, known) or f"there are {', '.join(known) or 'none'}"
        raise WikiplanError(
            "no-translations-at-the-desk",
            f"the plan has no translations into “{language}”; {hint}",
        )


def _languages(plan: Plan) -> tuple[str, ...]:
    return tuple(code for code in plan.languages if code != plan.source_language)


_Findings = dict[tuple[str, str, str, bool], tuple[Finding, ...]]


class _Known:
    """What is known of the texts as long as no file of the plan changes."""

    def __init__(self, work: Session, sights: Sights, findings: _Findings) -> None:
        self.work = work
        self.kept: dict[str, TextsOfLanguage] = {}
        self._sights = sights
        self._findings = findings

    def texts(self, language: str) -> TextsOfLanguage:
        work, plan = self.work, self.work.plan
        reader = PlainProgress(plan, work.renderer, work.loaded.catalogs, work.wiki)
        pages = [page for page in plan.pages if language in page.languages]
        counted = [reader.page(page, (language,)) for page in pages]
        overview = Overview(work.wiki.name, datetime.now(UTC), tuple(counted))
        shown = {key: each.address for (_, _, key), each in overview.texts(language).items()}
        nowhere = whereabouts.left_out(plan, self._sights)
        others = (key for key in plan.units if key not in shown and key not in nowhere)
        texts = (
            self._text(plan.units[key], language, shown.get(key))
            for key in (*shown, *others)
            if key in plan.units
        )
        return TextsOfLanguage(language, tuple(texts), overview.tally(language))

    def _text(self, unit: Unit, language: str, address: str | None) -> Text:
        found = self.work.loaded.catalogs[language].get(unit)
        told: tuple[Finding, ...] = ()
        if found.state is not State.UNTRANSLATED:
            told = self._found(unit, found, language)
        sights = tuple(self._sights.get(unit.key, ()))
        return Text(
            unit=unit,
            found=found,
            counts=address is not None,
            sights=sights,
            findings=told,
            address=self._address_of_unit(sights, unit, language) or address or "",
        )

    def _found(self, unit: Unit, found: Translation, language: str) -> tuple[Finding, ...]:
        outdated = found.state is State.OUTDATED
        asked = unit.key, found.text, language, outdated
        if asked not in self._findings:
            if len(self._findings) >= MOST_KEPT:
                self._findings.clear()
            said = self.looked(unit, found.text, language, outdated=outdated)
            self._findings[asked] = tuple(said)
        return self._findings[asked]

    def looked(self, unit: Unit, text: str, language: str, *, outdated: bool) -> Iterator[Finding]:
        """Yield what the checks say of a text."""
        yield from findings(unit, text, language, self.work.plan.glossary, outdated=outdated)
        marked = any(each.page.translatable for each in self._sights.get(unit.key, ()))
        if marked and not outdated:  # an error where it is sent; the catalog may have it
            yield from (
                Finding(each.message, warning=True) for each in checks.bare_on_wiki(unit, text)
            )

    def _address_of_unit(self, sights: tuple[Sight, ...], unit: Unit, language: str) -> str:
        """Return where a text of a translatable page is translated on its wiki."""
        sight = next((each for each in sights if each.page.translatable), None)
        if sight is None or not (script := script_of(self.work)):
            return ""
        return address_of_unit(script, sight.page.title, sight.id or unit.key, language)
