"""Checking the catalogs against the plan: damage, strangers, and what would break a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wikiplan.catalogs.catalog import Catalog, State, Translation
from wikiplan.catalogs.translationcheck import errors, findings
from wikiplan.errors import Fault, Faults
from wikiplan.findings import Finding
from wikiplan.l10n.languages import is_known
from wikiplan.near import did_you_mean
from wikiplan.plan.plan import Plan
from wikiplan.plan.units import Unit


def check(directory: Path, plan: Plan, *, warnings: bool = True) -> tuple[Fault, ...]:
    """Return every error and warning about the catalogs in a directory, by file and line.

    Without ``warnings`` the texts are looked at for errors only, which is faster.
    """
    faults: list[Fault] = []
    for path in sorted(directory.glob("*.po")):
        faults += _language_faults(path, plan)
        try:
            catalog = Catalog.load(path)
        except Faults as error:
            faults += error.faults
        else:
            faults += _stranger_faults(catalog, plan)
            faults += _text_faults(catalog, plan, warnings) if is_known(catalog.language) else ()
    return tuple(sorted(faults))


def _language_faults(path: Path, plan: Plan) -> Iterator[Fault]:
    language, file = path.stem, str(path)
    if language == plan.source_language:
        wrong = f"{language} is the plan’s own language and needs no catalog"
        yield Fault(file, 0, 0, "", wrong, "delete the file", warning=True)
    elif not is_known(language):
        hint = did_you_mean(language, plan.languages) or "name the file by MediaWiki’s code"
        yield Fault(file, 0, 0, "", f"“{language}” is no language code", hint, warning=True)
    elif language not in plan.languages:
        wrong = f"{language} is not among the languages of pages.yaml, so nothing shows it"
        advice = f"add {language} to “languages:” or delete the file"
        yield Fault(file, 0, 0, "", wrong, advice, warning=True)


def _stranger_faults(catalog: Catalog, plan: Plan) -> Iterator[Fault]:
    for key in catalog.keys:
        if key not in plan.units:
            hint = did_you_mean(key, plan.units) or "the next update of the catalog retires it"
            yield _fault(catalog, key, "msgctxt", "the plan has no such unit", hint, warning=True)


def _text_faults(catalog: Catalog, plan: Plan, warnings: bool) -> Iterator[Fault]:
    """Yield what is wrong with each text that a page may show."""
    for unit in plan.units.values():
        translation = catalog.get(unit)
        if translation.state != State.UNTRANSLATED:
            for finding in _findings(translation, unit, catalog.language, plan, warnings):
                wrong, advice = finding.message, finding.advice
                yield _fault(catalog, unit.key, "msgstr", wrong, advice, warning=finding.warning)


def _findings(
    translation: Translation, unit: Unit, language: str, plan: Plan, warnings: bool
) -> tuple[Finding, ...]:
    text, outdated = translation.text, translation.state == State.OUTDATED
    if not warnings:
        return errors(unit, text, outdated=outdated)
    return findings(unit, text, language, plan.glossary, outdated=outdated)


def _fault(
    catalog: Catalog, key: str, keyword: str, wrong: str, advice: str, *, warning: bool = False
) -> Fault:
    line = catalog.line_of(key, keyword)
    return Fault(str(catalog.path), line, 1, key, wrong, advice, warning)
