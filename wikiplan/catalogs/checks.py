"""Checking the catalogs against the plan: damage, strangers, and what would break a page."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from wikiplan.cache import NOTHING, Cache
from wikiplan.catalogs.potext import RESTORE
from wikiplan.catalogs.reading import Catalogs, CatalogView
from wikiplan.catalogs.textchecks import (
    form_findings,
    lost_plurals,
    markup_findings,
    own_word_findings,
    word_findings,
)
from wikiplan.catalogs.translation import State, Translation
from wikiplan.catalogs.typos import TYPO, typo_faults
from wikiplan.errors import Fault, Faults, Finding, Message, Refusal, did_you_mean
from wikiplan.files import shown
from wikiplan.l10n import is_known, scripts
from wikiplan.plan import (
    UNIT,
    Link,
    Plan,
    Term,
    Unit,
    layout_of,
    missing_terms,
    prefix,
    text_messages,
    told_translators,
    variables_in,
    without_terms,
)
from wikiplan.wikitext import prose

# What is wrong with a translation of a unit, whether it comes from a catalog or from a wiki.
#
# Each kind of check has its module; here they are put together. Messages begin with “the
# translation”, and what an editor of the plan is told of its English is told of the translation
# too.


MOST_CHARACTERS, MOST_CALLS = 10_000, 100
"""Of a translation that is judged: what has more templates or text would take too long."""

# Signs of wikitext and variables, controls, blanks but the space, what no wiki can store; and
# “plural”, which may be meant as a call.
_MAY_MEAN_MORE = re.compile(
    "[\x00-\x1f!#$&'*+/:;<=>@\\[\\\\\\]^_`{|}~\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufdd0-\ufdef\ufeff\uff00-\uffff"
    "\U00010000-\U0010ffff]|--|(?i:plural)"
)
_VARIABLE = re.compile(r"\$[a-z][a-z0-9_]*")

UNDECLARE = "take the declaration away: translations depend on that"

MOST_KEPT = 10_000
"""English texts of which is kept how their translations may look."""
_MOST_SHOWN = 40
"""Characters of a passage that a message repeats."""


def findings(
    unit: Unit, text: str, language: str, glossary: Sequence[Term] = (), *, outdated: bool = False
) -> tuple[Finding, ...]:
    """Return the errors, then the warnings, about a translation of the unit.

    An ``outdated`` text was made for another English and is not compared with this one.
    """
    if _is_too_long(text):
        return (_too_long(text),)
    found = list(_markup_findings(unit, text, outdated=outdated))
    if text.strip():
        readable = all(finding.warning for finding in found)
        comparable = readable and not outdated
        found += _word_findings(unit, text, language, glossary, comparable=comparable)
        found += [] if outdated else _compared(unit, text, language, glossary)
    return tuple(sorted(found, key=lambda each: each.warning))


def errors(unit: Unit, text: str, *, outdated: bool = False) -> tuple[Finding, ...]:
    """Return the errors alone, in less than half the time: for runs that show no warnings."""
    if _is_plain(unit.text) and _is_plain(text) and _has_its_variables(text, unit):
        return ()
    if _is_too_long(text):
        return (_too_long(text),)
    found = _markup_findings(unit, text, outdated=outdated)
    return tuple(finding for finding in found if not finding.warning)


def _is_plain(text: str) -> bool:
    """Tell whether a text is words and variables in one line that nobody makes anything of."""
    words = _VARIABLE.sub("x", text) if "$" in text else text
    return (
        text == text.strip(" ") != ""
        and len(text) <= MOST_CHARACTERS
        and not _MAY_MEAN_MORE.search(words)
        and unicodedata.is_normalized("NFC", text)
    )


def _has_its_variables(text: str, unit: Unit) -> bool:
    if "$" not in text and "$" not in unit.text:
        return True
    used = {*variables_in(text)}
    return used == {*variables_in(unit.text)} and used <= unit.variables.keys()


def _is_too_long(text: str) -> bool:
    return len(text) > MOST_CHARACTERS or text.count("{{") > MOST_CALLS


def _too_long(text: str) -> Finding:
    has = f"the translation has {len(text)} characters and {text.count('{{')} templates"
    advice = f"keep to {MOST_CHARACTERS} and {MOST_CALLS}"
    return Finding(Message("translation-too-long", f"{has}, too many to judge", advice))


# --- what the wiki makes of it: errors and warnings ---


def _markup_findings(unit: Unit, text: str, *, outdated: bool) -> Iterator[Finding]:
    damage = list(_text_findings(unit, text))
    yield from damage
    yield from _unknown_variables(unit, text, warning=outdated)
    yield from _bidi_findings(unit.text, text)
    if text.strip() and not outdated:
        yield from _lost_variables(unit, text)
        yield from _layout_findings(unit, text)
        if not damage:
            yield from _compared_markup(unit, text)


def _text_findings(unit: Unit, text: str) -> Iterator[Finding]:
    one_line = "\n" not in unit.text
    for message in text_messages(text, one_line=one_line, own_layout=_has_own_layout(unit.text)):
        whole = message.startswith("the ")
        yield Finding(told_translators(message).about(f"{'in ' if whole else ''}the translation "))


@lru_cache(MOST_KEPT)
def _has_own_layout(english: str) -> bool:
    """Tell whether the English holds what only a text with ``own-layout`` may."""
    return any(text_messages(english, one_line=False))


def _layout_findings(unit: Unit, text: str) -> Iterator[Finding]:
    """Yield what is wrong with the layout of a text that has some itself."""
    wanted, found = layout_of(unit.text), layout_of(text)
    if wanted and found != wanted:
        signs = " ".join(wanted)
        wrong = f"the translation does not begin its lines like the English, which has {signs}"
        advice = "take these signs from the English"
        yield Finding(Message("other-layout", wrong, advice), warning=True)


def _unknown_variables(unit: Unit, text: str, *, warning: bool) -> Iterator[Finding]:
    """Yield names that nothing stands for; in an outdated text they may be the old English's."""
    for name in variables_in(text):
        if name not in unit.variables:
            wrong = f"the translation uses ${name}, which is not defined"
            hint = did_you_mean(name, variables_in(unit.text)) or "take the names from the English"
            message = Message("unknown-variable-in-translation", wrong, hint)
            yield Finding(message, warning=warning)


def _lost_variables(unit: Unit, text: str) -> Iterator[Finding]:
    """Yield names that the English has and the text has not; without a link, readers are stuck."""
    kept = variables_in(text)
    for name in variables_in(unit.text):
        if name not in kept:
            link = isinstance(unit.variables.get(name), Link)
            wrong = f"the translation has lost {'the link ' if link else ''}${name}"
            message = Message("lost-variable", wrong, f"put ${name} where it belongs")
            yield Finding(message, warning=not link)


def bare_on_wiki(unit: Unit, text: str) -> Iterator[Finding]:
    """Yield variables that the English lacks: on a translatable page readers see their names.

    On a plain page they are filled, as everywhere.
    """
    for name in variables_in(text):
        if name in unit.variables and name not in variables_in(unit.text):
            lacks = f"${name}, which the English does not, and the wiki would show “${name}”"
            wrong = f"the translation uses {lacks}"
            advice = "write it in words, or take the name from the English"
            yield Finding(Message("bare-on-wiki", wrong, advice))


def _compared_markup(unit: Unit, text: str) -> Iterator[Finding]:
    try:
        yield from markup_findings(unit, text)
    except Refusal as refusal:
        yield Finding(Message(refusal.code, f"in the translation {refusal}"))


def _bidi_findings(english: str, text: str) -> Iterator[Finding]:
    advice = "delete it: the page says the direction"
    if unpaired := scripts.unpaired(text):
        wrong = (
            f"the translation holds {scripts.named(unpaired)}, which turns what stands behind it"
        )
        yield Finding(Message("unpaired-direction-mark", wrong, advice))
    others = [each for each in scripts.controls_in(text) if each not in (*unpaired, *english)]
    if others:
        wrong = f"the translation holds the invisible direction mark {scripts.named(others)}"
        yield Finding(Message("direction-mark", wrong, advice), warning=True)


# --- how it reads: warnings ---


def _word_findings(
    unit: Unit, text: str, language: str, glossary: Sequence[Term], *, comparable: bool
) -> Iterator[Finding]:
    yield from form_findings(text, language)
    yield from own_word_findings(unit.text, text, language)
    foreign = _foreign_words(unit.text, text, language, glossary)
    if foreign:
        shown = foreign if len(foreign) <= _MOST_SHOWN else f"{foreign[: _MOST_SHOWN - 1]}…"
        wrong = f"the translation has words in another script (“{shown}”)"
        advice = "translate them; a name that stays, the plan’s owner puts into the glossary"
        yield Finding(Message("other-script", wrong, advice), warning=True)
    elif comparable:
        yield from word_findings(unit.text, text, language)
    for word in scripts.mixed_words(prose.words_of(text)):
        wrong = f"the translation has letters of two scripts in one word (“{word}”)"
        yield Finding(Message("mixed-scripts", wrong, "type the word anew"), warning=True)


def _foreign_words(english: str, text: str, language: str, glossary: Sequence[Term]) -> str:
    words = without_terms(glossary, prose.words_of(text), language)
    words = prose.without_variables(words)
    return scripts.foreign_words(words, prose.words_of(english), language)


def _compared(unit: Unit, text: str, language: str, glossary: Sequence[Term]) -> Iterator[Finding]:
    yield from lost_plurals(unit.text, text, language)
    words = prose.words_of(text)
    for term in missing_terms(tuple(glossary), prose.words_of(unit.text), words, language):
        wrong = f"the translation has other words for “{term.english}” than the glossary"
        choice = " or ".join(f"“{each}”" for each in term.translations[language])
        yield Finding(Message("other-term", wrong, f"write {choice}"), warning=True)


# Checking the catalogs against the plan: damage, strangers, and what would break a page.


def check(catalogs: Catalogs, plan: Plan) -> tuple[Fault, ...]:
    """Return every error and warning about the catalogs of a folder, by file and line."""
    faults = list(_folder_faults(catalogs.folder, plan, None))
    corrected: set[str] = set()
    for path in catalogs.files():
        faults += _language_faults(path, plan)
        try:
            catalog = catalogs.read(path.stem)
        except Faults as error:
            faults += error.faults
        else:
            faults += _stranger_faults(catalog, plan)
            faults += _moved_faults(catalog, plan)
            corrected |= {u.key for u in plan.units.values() if _is_corrected(catalog, u)}
            faults += _text_faults(catalog, plan, warnings=True)
    faults += _spent_declarations(plan, corrected)
    return tuple(sorted(faults))


class SoundTexts:
    """Translations in which one process found no error, for when it reads the plan again."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Unit, Translation]] = {}

    def __contains__(self, one: tuple[str, Unit, Translation]) -> bool:
        language, unit, translation = one
        before, text = self._known.get((language, unit.key), (None, None))
        return bool(
            before
            and text == translation
            and (before.text, before.variables) == (unit.text, unit.variables)
        )

    def add(self, language: str, unit: Unit, translation: Translation) -> None:
        self._known[language, unit.key] = unit, translation


def errors_in(
    catalogs: Catalogs,
    plan: Plan,
    languages: Collection[str] | None = None,
    cache: Cache = NOTHING,
    sound: SoundTexts | None = None,
) -> tuple[Fault, ...]:
    """Return the errors alone, of some languages' catalogs or of all: for a run that shows no
    warnings. A catalog that was found sound beside the same plan is not read, and no text looked
    at again that is ``sound``.
    """
    faults = list(_folder_faults(catalogs.folder, plan, languages))
    for path in catalogs.files(languages):
        try:
            name = "catalog is sound", path.stem, catalogs.digest(path.stem), plan.digest
            if not plan.digest or not cache.get(*name):
                catalog = catalogs.read(path.stem)
                found = [*_moved_faults(catalog, plan)]
                found += _text_faults(catalog, plan, warnings=False, sound=sound)
                faults += found
                if not found:
                    cache.put(True, *name)
        except Faults as error:
            faults += error.faults
    return tuple(sorted(faults))


def _is_corrected(catalog: CatalogView, unit: Unit) -> bool:
    """Tell whether a declared typo has something to say: a text was made for another English."""
    translation = catalog.get(unit) if unit.change == TYPO else None
    return bool(translation and translation.text.strip() and translation.english != unit.text)


def _files_of_marked_pages(plan: Plan) -> set[str]:
    """Return the first parts of the keys of units that stand on translatable pages."""
    marked = [page for page in plan.pages if page.translatable]
    own = {prefix(section.data) for page in marked for section in page.sections}
    return own | {"labels", "links"} if marked else set()


def _spent_declarations(plan: Plan, corrected: Collection[str]) -> Iterator[Fault]:
    """Yield declared typos that say nothing; of translatable pages only the wiki knows."""
    on_marked_pages = _files_of_marked_pages(plan)
    for unit in plan.units.values():
        known = unit.key in corrected or unit.key.partition(".")[0] in on_marked_pages
        if unit.change == TYPO and not known:
            wrong = f"`change: {unit.change}` has no effect: no translation is of another text"
            advice = "remove it, or the next change of the text counts as a typo"
            message = Message("spent-change", wrong, advice)
            yield Fault(unit.file, unit.line, unit.column, unit.key, message, warning=True)


def _folder_faults(
    directory: Path, plan: Plan, languages: Collection[str] | None
) -> Iterator[Fault]:
    """Yield why the folder of the catalogs cannot be looked into, or which it lacks."""
    if os.path.lexists(directory) and not directory.is_dir():
        wrong = "is not a folder, and the catalogs should be in it"
        message = Message("no-catalog-folder", wrong, f"{RESTORE}, or make it one")
        yield Fault(shown(directory), 0, 0, "", message)
    else:
        yield from _missing_faults(directory, plan, languages)


def _missing_faults(
    directory: Path, plan: Plan, languages: Collection[str] | None
) -> Iterator[Fault]:
    """Yield the languages of plain pages that have no catalog: they would read as English.

    A translatable page has its translations on the wiki, and needs none.
    """
    shown_in = {code for page in plan.pages if not page.translatable for code in page.languages}
    for language in plan.languages if languages is None else languages:
        path = directory / f"{language}.po"
        if language in shown_in - {plan.source_language} and not os.path.lexists(path):
            wrong = f"the catalog is missing, and pages.yaml has pages in {language}"
            advice = "take it from its version history; a new language’s is made by"
            message = Message("missing-catalog", wrong, f"{advice} plan_translations update")
            yield Fault(shown(path), 0, 0, "", message)


def _language_faults(path: Path, plan: Plan) -> Iterator[Fault]:
    language, file = path.stem, shown(path)
    if language == plan.source_language:
        wrong = f"{language} is the plan’s own language and needs no catalog"
        message = Message("needless-catalog", wrong, "delete the file")
        yield Fault(file, 0, 0, "", message, warning=True)
    elif not is_known(language):
        hint = did_you_mean(language, plan.languages) or "name the file by MediaWiki’s code"
        message = Message("catalog-of-no-language", f"“{language}” is no language code", hint)
        yield Fault(file, 0, 0, "", message, warning=True)
    elif language not in plan.languages:
        wrong = f"{language} is not among the languages of pages.yaml, so nothing shows it"
        advice = f"add {language} to “languages:” or delete the file"
        message = Message("unused-catalog", wrong, advice)
        yield Fault(file, 0, 0, "", message, warning=True)


def _stranger_faults(catalog: CatalogView, plan: Plan) -> Iterator[Fault]:
    free = plan.units.keys() - catalog.keys  # a key with an entry of its own is not meant
    for key in catalog.keys:
        if key not in plan.units and not _is_moved(catalog, plan, key):
            hint = did_you_mean(key, free) or "the next update of the catalog retires it"
            message = Message("strange-unit", "the plan has no such unit", hint)
            yield _fault(catalog, key, "msgctxt", Finding(message, warning=True))


def _moved_faults(catalog: CatalogView, plan: Plan) -> Iterator[Fault]:
    """Yield translations that stand under a key that the plan moved: pages would lose them."""
    for key in catalog.keys if plan.moves.entries else ():
        if _is_moved(catalog, plan, key):
            wrong = f"pages.yaml says that this text is “{plan.moves.latest(UNIT, key)}” now"
            advice = "bring the catalogs in step: plan_translations update"
            yield _fault(catalog, key, "msgctxt", Finding(Message("moved-unit", wrong, advice)))


def _is_moved(catalog: CatalogView, plan: Plan, key: str) -> bool:
    now = plan.moves.latest(UNIT, key)
    return key not in plan.units and now in plan.units and now not in catalog.keys


def _text_faults(
    catalog: CatalogView, plan: Plan, *, warnings: bool, sound: SoundTexts | None = None
) -> Iterator[Fault]:
    """Yield what is wrong with each text that a page may show."""
    if not is_known(catalog.language):
        return
    on_marked_pages = _files_of_marked_pages(plan)
    for unit in plan.units.values():
        translation = catalog.get(unit)
        if unit.key.partition(".")[0] not in on_marked_pages:
            yield from _typo_faults(catalog, unit, translation)
        is_sound = sound is not None and (catalog.language, unit, translation) in sound
        if translation.state != State.UNTRANSLATED and not is_sound:
            text, outdated = translation.text, translation.state is State.OUTDATED
            found = (
                findings(unit, text, catalog.language, plan.glossary, outdated=outdated)
                if warnings
                else errors(unit, text, outdated=outdated)
            )
            if warnings and outdated and unit.key.partition(".")[0] in on_marked_pages:
                found = (*found, *_bare_variables(unit, text))
            if sound is not None and not found:
                sound.add(catalog.language, unit, translation)
            for each in found:
                yield _fault(catalog, unit.key, "msgstr", each)


def _bare_variables(unit: Unit, outdated: str) -> Iterator[Finding]:
    """Yield variables that the English lost: a translatable page knows those of the English only.

    Of names that nothing stands for :func:`findings` tells.
    """
    there = {*variables_in(unit.text), *unit.kept}
    for name in variables_in(outdated):
        if name in unit.variables and name not in there:
            wrong = (
                f"the outdated translation uses ${name}, which its English lost: on a translatable"
            )
            where = f"say `keep-variables: [{name}]` in {unit.file}, line {unit.line}"
            words = f"{wrong} page readers see the name; {where}, or translate anew"
            yield Finding(Message("lost-variable-shown", words), warning=True)


def _typo_faults(catalog: CatalogView, unit: Unit, translation: Translation) -> Iterator[Fault]:
    """Yield a declared typo that is none: the translation would be outdated all the same."""
    if unit.change != TYPO or translation.state is not State.OUTDATED:
        return
    if faults := typo_faults(translation.english, unit.text):
        declared = f"declared as `change: typo`, but {'; '.join(faults)}"
        wrong = f"{declared} since it was translated into {catalog.language}"
        message = Message("typo-that-is-none", wrong, UNDECLARE)
        yield Fault(unit.file, unit.line, unit.column, unit.key, message)


def _fault(catalog: CatalogView, key: str, keyword: str, found: Finding) -> Fault:
    line = catalog.line_of(key, keyword)
    return Fault(str(catalog.path), line, 1, key, found.message, found.warning)
