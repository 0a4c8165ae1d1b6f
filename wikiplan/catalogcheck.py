"""Checking the catalogs against the plan: damage, strangers, and what would break a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wikiplan.catalog import Catalog, State
from wikiplan.errors import Fault, Faults
from wikiplan.languages import is_known
from wikiplan.near import did_you_mean
from wikiplan.plan import Plan
from wikiplan.textcheck import text_messages
from wikiplan.units import Link, Unit, variables_in


def check(directory: Path, plan: Plan) -> tuple[Fault, ...]:
    """Return every error and warning about the catalogs in a directory, by file and line."""
    faults: list[Fault] = []
    for path in sorted(directory.glob("*.po")):
        faults += _language_faults(path, plan)
        try:
            catalog = Catalog.load(path)
        except Faults as error:
            faults += error.faults
        else:
            faults += _stranger_faults(catalog, plan)
            faults += _text_faults(catalog, plan)
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


def _text_faults(catalog: Catalog, plan: Plan) -> Iterator[Fault]:
    """Yield what is wrong with each text that a page may show."""
    for unit in plan.units.values():
        translation = catalog.get(unit)
        if translation.state == State.UNTRANSLATED:
            continue
        text, outdated = translation.text, translation.state == State.OUTDATED
        for message in text_messages(text, one_line="\n" not in unit.text):
            wrong, _, advice = message.rpartition("; ")
            yield _fault(catalog, unit.key, "msgstr", _of_translation(wrong), advice)
        yield from _unknown_variables(catalog, unit, text, warning=outdated)
        if not outdated:
            yield from _lost_variables(catalog, unit, text)


def _of_translation(wrong: str) -> str:
    """Say of the translation what the text check says of a text."""
    whole = wrong.startswith("the ")
    return f"in the translation {wrong}" if whole else f"the translation {wrong}"


def _unknown_variables(
    catalog: Catalog, unit: Unit, text: str, *, warning: bool
) -> Iterator[Fault]:
    """Yield names that nothing stands for; in an outdated text they may be the old English's."""
    for name in variables_in(text):
        if name not in unit.variables:
            wrong = f"the translation uses ${name}, which is not defined"
            hint = did_you_mean(name, variables_in(unit.text)) or "take the names from the English"
            yield _fault(catalog, unit.key, "msgstr", wrong, hint, warning=warning)


def _lost_variables(catalog: Catalog, unit: Unit, text: str) -> Iterator[Fault]:
    """Yield names that the English has and the text has not; without a link, readers are stuck."""
    kept = variables_in(text)
    for name in variables_in(unit.text):
        if name not in kept:
            link = isinstance(unit.variables.get(name), Link)
            wrong = f"the translation has lost {'the link ' if link else ''}${name}"
            advice = f"put ${name} where it belongs"
            yield _fault(catalog, unit.key, "msgstr", wrong, advice, warning=not link)


def _fault(
    catalog: Catalog, key: str, keyword: str, wrong: str, advice: str, *, warning: bool = False
) -> Fault:
    line = catalog.line_of(key, keyword)
    return Fault(str(catalog.path), line, 1, key, wrong, advice, warning)
