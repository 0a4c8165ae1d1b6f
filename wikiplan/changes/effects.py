"""What saving and marking a translatable page costs its translators, before anything is saved.

:func:`forecast` compares the last marked version with the new text (``translate.marking``) and
asks the wiki what each language has (one request per language, only if any unit changes).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from wikiplan.catalogs import typo_faults
from wikiplan.errors import Refusal
from wikiplan.plan import is_label
from wikiplan.translate import (
    FUZZY,
    TITLE_UNIT,
    VERSIONS,
    Cause,
    ChangeKind,
    Effect,
    Page,
    ParseError,
    bare_variables,
    classify,
    definition,
    english,
    in_plan,
    is_outdated,
    markup,
    names_in,
    next_number,
    parse,
)
from wikiplan.value import Value, replace
from wikiplan.wiki import DOCUMENTATION, NO_TRANSLATION, Group, Status, TranslateWiki, UnitState
from wikiplan.wikitext import ownership, words_in

# Outdated translations that become current again: the English that they were made for comes back.
#
# Only a wiki knows what a translation was made for, and says it of one at a time (fact 1.7).


BREAKS_TRANSLATIONS = "breaks-translations"
"""Readers of translations would see the names of variables that the new English has no more."""

MOST_ASKED = 200
"""Translations that the wiki is asked about, each in a request; of more, too little is promised."""

BRACKETS = ("{}", "[]", "()")


def becoming_current(
    wiki: TranslateWiki,
    title: str,
    units: Iterable[Effect],
    states: Mapping[str, Mapping[str, UnitState]],
) -> Mapping[str, Collection[str]]:
    """Return by language the ids whose outdated translations marking makes current again.

    ``states`` are those of the units by language. Asks only about outdated ones whose text changes.
    """
    if not VERSIONS[wiki.version].restores_translations:
        return {}
    outdated = (
        (effect, language)
        for effect in units
        if effect.outdates
        for language, found in states.items()
        if effect.id in found and found[effect.id].outdated
    )
    again: dict[str, set[str]] = {}
    for effect, language in _free(wiki, title, list(islice(outdated, MOST_ASKED))):
        made_for = wiki.made_for(title, effect.id, language)
        if not is_outdated(effect, True, made_for, wiki.version):
            again.setdefault(language, set()).add(effect.id)
    return again


def _free(
    wiki: TranslateWiki, title: str, outdated: Collection[tuple[Effect, str]]
) -> list[tuple[Effect, str]]:
    """Return the translations that nothing else holds back: ``!!FUZZY!!``, or an open bracket."""
    pages = wiki.unit_pages(title, {(effect.id, language) for effect, language in outdated})
    found = ((each, pages.get((each[0].id, each[1]))) for each in outdated)
    return [
        each
        for each, page in found
        if page and FUZZY not in page.text and not _unclosed(page.text) - _unclosed(each[0].after)
    ]


def _unclosed(text: str | None) -> set[str]:
    """Return the brackets that a text does not close as often as it opens them (fact 1.7)."""
    text = text or ""
    return {pair for pair in BRACKETS if text.count(pair[0]) != text.count(pair[1])}


class BrokenText(Value):
    """An outdated translation that would show readers ``variables`` which its English lost.

    They are called as the plan calls them.
    """

    id: str
    variables: tuple[str, ...]


class LanguageEffect(Value):
    """What marking does to one language; the counts are of units, ``words`` of English to redo.

    ``kept`` are current translations that stay current, ``outdated`` those that turn outdated now,
    ``orphaned`` those whose unit goes, ``labels`` how many of these are an item's labels, which
    the limit does not count; ``new`` counts units that nobody translated yet on the wiki. ``again``
    counts outdated translations that become current again, where that was asked for. ``ready`` are
    new units of which the catalog has the translation: a push brings it, and ``words`` leaves them
    out. ``broken`` are translations that stay on the page and do not read well any more.
    """

    language: str
    kept: int
    outdated: int
    new: int
    orphaned: int
    words: int
    labels: int = 0
    again: int = 0
    ready: int = 0
    broken: tuple[BrokenText, ...] = ()

    @property
    def outdated_percent(self) -> float:
        """The share of current translations that this run outdates."""
        before = self.kept + self.outdated + self.orphaned
        return 100 * self.outdated / before if before else 0.0


class PageEffect(Value):
    """What becomes of a translatable page's units. ``marked`` is the last marked revision, or 0.

    ``spared`` are ids of units that go along as ``nofuzzyunits``: their change is declared a typo,
    or only values of variables changed, which MediaWiki 1.39 does not see by itself. ``meant`` are
    those that go along as ``fuzzyunits``: only values changed, and the plan says that translations
    depend on them. ``units`` has people's units too, new ones by the numbers that they get.
    """

    marked: int
    units: tuple[Effect, ...]
    languages: tuple[LanguageEffect, ...]
    spared: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Effect, ...]:
        """The units that something happens to."""
        return tuple(unit for unit in self.units if unit.kind is not ChangeKind.KEPT)

    def count(self, kind: ChangeKind) -> int:
        return sum(unit.kind is kind for unit in self.units)

    @property
    def broken(self) -> Mapping[BrokenText, tuple[str, ...]]:
        """The texts that would be broken, with the languages of each."""
        found: dict[BrokenText, list[str]] = {}
        for language in self.languages:
            for each in language.broken:
                found.setdefault(each, []).append(language.language)
        return {each: tuple(languages) for each, languages in found.items()}

    def remarks(self, id: str) -> Iterator[str]:
        """Yield what people should know of a unit besides what happens to it."""
        if id in self.spared:
            yield "translations stay"
        for text, languages in self.broken.items():
            if text.id == id:
                names = ", ".join(f"${name}" for name in text.variables)
                yield f"readers of {', '.join(languages)} would see {names}"


class Limits(Value):
    """What one run may do to translations: translations orphaned, percent outdated per language.

    ``allowed`` holds what ``-allow:`` named, ``most_lost`` is in percent of a plain page's texts.
    """

    most_orphaned: int = 0
    most_outdated: int = 20
    allowed: Collection[str] = ()
    most_lost: int = 20


OthersIds = Callable[[str], Collection[str]]
"""Returns the ids of a text's units that are another plan's: their cost is not ours."""


IsReady = Callable[[str, str], bool]
"""Tells by id and language whether the catalog has a new unit's translation."""


def ids_of_others(tags: frozenset[str], *plans: str) -> OthersIds:
    """Return what tells the ids that are not those of the plans of these names, nor people's."""
    return lambda text: ownership.ids_of_others(text, tags, *plans)


def forecast(
    wiki: TranslateWiki,
    title: str,
    text: str,
    typos: Collection[str] = (),
    language: str = "en",
    *,
    meaning: Collection[str] = (),
    others: OthersIds = lambda text: (),
    ready: IsReady = lambda id, language: False,
    reverts: bool = False,
) -> PageEffect:
    """Return what marking a page with ``text`` would do. ``typos`` are ids declared as such, and
    ``meaning`` those of which a change of values alone is declared to outdate translations.

    ``others`` tells what is left out, in the marked text and in this one. With ``reverts`` the text
    is an earlier one, and translations of it become current again; the wiki is asked about each
    outdated one.

    Raises :class:`Refusal` for a declared typo that is none, and for an id used for other text.
    """
    marked = wiki.marked(title)
    before = marked.units if marked else {}
    page = parse(text, wiki.version)
    used = _used(wiki, title, before, page, language)
    text = _numbered(text, used, title, wiki.version)
    after = {unit.id: unit.text for unit in parse(text, wiki.version).units if unit.id}
    spared, meant = _declared((before, after), typos, meaning, wiki.version, language)
    theirs = {*others(text), *({*others(marked.text)} - after.keys() if marked else ())}
    every = classify(before, after, used, spared, wiki.version, meant)
    units = tuple(unit for unit in every if unit.id not in theirs)
    _check_reuse(units)
    if marked is None:
        new = Effect(TITLE_UNIT, ChangeKind.NEW, Cause.FIRST, None, title)
        return PageEffect(0, (new, *units), (), spared)
    effect = PageEffect(marked.revision, units, (), spared, meant)
    return effect if not effect.changes else _with_languages(wiki, title, effect, ready, reverts)


def _spares(version: str, before: str, after: str) -> bool:
    """Tell whether the wiki itself leaves translations current after such a change of values."""
    return VERSIONS[version].spares_variable_values and definition(before) == definition(after)


def check_limits(effect: PageEffect, limits: Limits) -> None:
    """Raise :class:`Refusal` with the figures when the cost is more than allowed."""
    if effect.broken and "broken" not in limits.allowed:
        raise Refusal(BREAKS_TRANSLATIONS, _broken(effect.broken))
    orphaned = {e.language: e.orphaned - e.labels for e in effect.languages}
    orphaned = {language: count for language, count in orphaned.items() if count}
    if sum(orphaned.values()) > limits.most_orphaned and "orphaned" not in limits.allowed:
        gone = ", ".join(unit.id for unit in effect.units if unit.kind is ChangeKind.ORPHANED)
        back = _back_under_other_ids(effect.units)
        raise Refusal(
            "orphans-translations",
            f"{sum(orphaned.values())} translations would lose their unit ({_counted(orphaned)}; "
            f"units {gone}), more than the {limits.most_orphaned} that pages.yaml allows "
            f"(most-orphaned); {back}bring the units back, raise the limit, or say -allow:orphaned",
        )
    over = [e for e in effect.languages if e.outdated_percent > limits.most_outdated]
    if over and "outdated" not in limits.allowed:
        figures = ", ".join(f"{e.language} {e.outdated_percent:.0f} %" for e in over)
        raise Refusal(
            "outdates-translations",
            f"too many current translations would turn outdated at once ({figures}), more than "
            f"the {limits.most_outdated} % that pages.yaml allows (most-outdated); change less at "
            "a time, declare typos (`change: typo`), raise the limit, or say -allow:outdated",
        )


def _broken(broken: Mapping[BrokenText, Sequence[str]]) -> str:
    named = [
        f"{text.id} {', '.join(f'${name}' for name in text.variables)} ({', '.join(languages)})"
        for text, languages in broken.items()
    ]
    names = dict.fromkeys(name for text in broken for name in text.variables)
    return (
        "translations that turn outdated, or are, would show readers variables that their English "
        f"lost: {'; '.join(named)}; say `keep-variables: [{', '.join(names)}]` beside the text, "
        "which keeps them defined, or -allow:broken"
    )


def _back_under_other_ids(units: Collection[Effect]) -> str:
    """Say what to do where texts that leave come again under other ids."""
    come = {definition(unit.after or "") for unit in units if unit.kind is ChangeKind.NEW}
    gone = [unit for unit in units if unit.kind is ChangeKind.ORPHANED]
    count = sum(definition(unit.before or "") in come for unit in gone)
    texts = "1 text comes" if count == 1 else f"{count} texts come"
    way = "plan_translations pull, then update, lets those keep their ids that are sure"
    return f"{texts} again under other ids: {way}; else " if count else ""


def _declared(
    units: tuple[Mapping[str, str], Mapping[str, str]],
    typos: Collection[str],
    meaning: Collection[str],
    version: str,
    language: str,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids to be spared, and those whose values matter, of units before and after."""
    before, after = units
    changed = [id for id in after if id in before and before[id] != after[id]]
    values = {id for id in changed if english(before[id]) == english(after[id])}
    mended = [id for id in changed if id in typos and id not in values]
    _check_typos(before, after, mended, language)
    meant = tuple(id for id in changed if id in values and id in meaning)
    told = (id for id in changed if id in values and id not in meant)
    spared = (id for id in told if not _spares(version, before[id], after[id]))
    return (*mended, *spared), meant


def _used(
    wiki: TranslateWiki, title: str, known: Mapping[str, str], page: Page, language: str
) -> Mapping[str, str | None]:
    """Ask which ids were ever used only when the page gets one that the marked version lacks."""
    if all(unit.id in known for unit in page.units):
        return dict(known)
    return wiki.used_ids(title, known, language)


def _numbered(text: str, used: Collection[str], title: str, version: str) -> str:
    """Return a page's text with the numbers that marking gives to units without a marker."""
    page = parse(text, version)
    if not any(unit.new for unit in page.units):
        return text
    try:
        return markup.marked(page, next_number(used), title, version)
    except ParseError:  # it cannot be marked: that is told elsewhere
        return text


def _check_typos(
    before: Mapping[str, str], after: Mapping[str, str], spared: Iterable[str], language: str
) -> None:
    for id in spared:
        faults = typo_faults(definition(before[id]), definition(after[id]), language)
        if faults:
            raise Refusal(
                "no-typo",
                f"unit {id}: declared as `change: typo`, but {'; '.join(faults)}; translations "
                "depend on that: take the declaration away",
            )


def _check_reuse(units: Iterable[Effect]) -> None:
    for unit in units:
        if unit.dangerous:
            raise Refusal(
                "id-reused",
                f"unit {unit.id}: this id once had another text, whose translations would be "
                "shown as current; give the text another key, or declare another id under `ids`",
            )


def _with_languages(
    wiki: TranslateWiki, title: str, effect: PageEffect, ready: IsReady, reverts: bool
) -> PageEffect:
    group = wiki.group(title)
    back = [unit.id for unit in effect.units if unit.cause is Cause.BACK]
    codes = sorted({*group.languages, *_had(wiki, title, group, back)}) if group else []
    own = group.source_language if group else ""
    left = wiki.left_translations(title, back, codes, own) if back else {}
    states = {code: wiki.states(title, code) for code in codes}
    again = becoming_current(wiki, title, effect.units, states) if reverts else {}
    translated = any(TITLE_UNIT in found for found in states.values())
    heading = Effect(TITLE_UNIT, ChangeKind.KEPT, Cause.SAME, title, title)
    units = (heading, *effect.units) if translated else effect.units
    languages = tuple(
        replace(
            _language(code, states[code], units, left.get(code, ()), ready),
            again=len(again.get(code, ())),
        )
        for code in codes
    )
    return replace(effect, units=units, languages=languages)


def _had(wiki: TranslateWiki, title: str, group: Group, back: Collection[str]) -> Iterator[str]:
    """Yield the languages that have a translation of a unit that comes back, maybe no other."""
    none = {group.source_language, DOCUMENTATION}
    names = wiki.unit_names(title) if back else ()
    yield from (code for id, code in names if id in back and code not in none)


def _language(
    code: str,
    states: Mapping[str, UnitState],
    units: Iterable[Effect],
    left: Collection[str],
    ready: IsReady,
) -> LanguageEffect:
    """Count a language's units; ``left`` are ids that come back to translations they had."""
    kept = outdated = new = orphaned = words = labels = at_hand = 0
    broken = []
    for unit in units:
        state = states.get(unit.id, NO_TRANSLATION)
        if unit.kind is ChangeKind.CHANGED and (lost := _lost(unit, state)):
            broken.append(BrokenText(unit.id, lost))
        if unit.id in left:
            kept += 1
        elif unit.kind is ChangeKind.NEW and not state.current:
            new += 1
            is_ready = ready(unit.id, code)
            at_hand += is_ready
            words += 0 if is_ready else _words(unit)
        elif unit.kind is ChangeKind.ORPHANED:
            orphaned += state.status is not Status.UNTRANSLATED
            labels += state.status is not Status.UNTRANSLATED and is_label(unit.id)
        elif state.current and is_outdated(unit, outdated=False):
            outdated += 1
            words += _words(unit)
        elif state.current:
            kept += 1
    found = tuple(broken)
    return LanguageEffect(code, kept, outdated, new, orphaned, words, labels, 0, at_hand, found)


def _lost(unit: Effect, state: UnitState) -> tuple[str, ...]:
    found = bare_variables(state.text, unit.after or "", names_in(unit.before or ""))
    return tuple(map(in_plan, found))


def _words(unit: Effect) -> int:
    """Count the words of a unit's English as translators see it."""
    return words_in(english(unit.after or ""))


def _counted(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{code} {count}" for code, count in numbers.items())
