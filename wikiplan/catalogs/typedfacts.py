"""Facts that stand in texts as words, though the plan has them: found, and made variables.

In a translation a fact is looked for as its language writes it. Where its variable does not come to
stand there as often as in the English, a person has to look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from wikiplan.catalogs.translation import State
from wikiplan.errors import Fault, Message
from wikiplan.files import FileChange
from wikiplan.l10n import YEAR_FORM, Localiser
from wikiplan.plan import (
    Date,
    Fact,
    FiscalYear,
    Link,
    Name,
    NamedUnit,
    Number,
    Plan,
    Unit,
    UnwritableError,
    set_texts,
)
from wikiplan.value import Value, replace

if TYPE_CHECKING:
    from wikiplan.catalogs.catalog import Catalog

LEAST_NUMBER = 10
"""Smaller numbers are words of many sentences, whatever the data has."""

_BEFORE_TARGET = re.compile(r"\[\[[^\[\]|\n]*\Z|(?<!\[)\[[^\[\]\s]*\Z")
_WITHIN_SENTENCE = re.compile(r"[^\W_][,;:]? \Z")
_LABEL_OR_SEE_ALSO = re.compile(r"\A'''[^'\n]+:''' | \(See also: [^\n]*\)\Z")
_LINKED = re.compile(r"\[\[\$([a-z][a-z0-9_]*)\|\$([a-z][a-z0-9_]*)\]\]")
_LATIN = re.compile("[A-Za-z0-9_\u00c0-\u024f]")
_MEANT_ELSEWHERE = ("latest_year", "teams")
"""Facts whose year or number stands in other texts by chance."""


class Typed(Value):
    """Words of a text that say a fact, and the variable that would."""

    words: str
    name: str
    fact: Fact

    @property
    def variable(self) -> str:
        if not isinstance(self.fact, Link):
            return f"${self.name}"
        return f"[${self.name} words]" if self.fact.url else f"[[${self.name}|words]]"


class Found(Value):
    """The facts that are typed in a unit's text, and the text with their variables."""

    unit: Unit
    typed: tuple[Typed, ...]
    text: str


class Fixes(Value):
    """What changes where typed facts become variables, and what a person has to look at."""

    found: tuple[Found, ...]
    files: tuple[FileChange, ...]
    left: tuple[Fault, ...]


def faults(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each fact that is typed in a text, with the variable to write."""
    for found in _typed_in(plan):
        for each in found.typed:
            wrong = f"“{each.words}” is a fact that the plan has"
            advice = f"write {each.variable}, also in the translations: plan_check -fix does both"
            yield _fault(found.unit, Message("typed-fact", wrong, advice))


def fixes(plan: Plan, catalogs: Mapping[str, Catalog]) -> Fixes:
    """Make variables of the typed facts, in the plan's texts and at the same places of catalogs.

    Nothing is written. The catalogs change. Raises ``errors.Faults`` for one that could not be
    read back.
    """
    done, left = [], []
    for found in _typed_in(plan):
        try:
            set_texts(plan, {found.unit.key: found.text})
        except UnwritableError as error:
            message = Message("unwritable-text", str(error), "write the variable yourself")
            left.append(_fault(found.unit, message))
        else:
            done.append(found)
    files = set_texts(plan, {found.unit.key: found.text for found in done})
    for language, catalog in catalogs.items():
        left += _translate(plan, catalog, language, done)
    changes = [change for each in catalogs.values() if (change := each.prepared())]
    return Fixes(tuple(done), (*files, *changes), tuple(left))


# --- in the plan's own language ---


def _typed_in(plan: Plan) -> Iterator[Found]:
    """Yield the texts with facts in them; a name's own text is where it is said."""
    said = {fact.unit for fact in plan.facts.values() if isinstance(fact, NamedUnit)}
    spelled = _spelling(plan, plan.source_language, lambda name: name.text)
    for unit in plan.units.values():
        if not unit.is_name and unit.key not in said:
            found = _found(unit, _facts(plan, unit), spelled)
            if found.typed:
                yield found


def _facts(plan: Plan, unit: Unit) -> list[tuple[str, Fact]]:
    """Return the facts that a text may say; a lead is one in the department's own file only."""
    facts = [
        (name, fact)
        for name, fact in unit.variables.items()
        if name not in _MEANT_ELSEWHERE and (not isinstance(fact, Link) or name in plan.links)
    ]
    if unit.key.startswith("department."):
        facts.sort(key=lambda each: each[0] != "lead")
    return facts


def _found(unit: Unit, facts: Sequence[tuple[str, Fact]], spelled: Spelled) -> Found:
    typed, text = [], unit.text
    by_length = sorted(facts, key=lambda each: -max(map(len, spelled(each[1])), default=0))
    for name, fact in by_length:
        changed, words = _replaced(text, name, fact, spelled(fact), _is_whole_in_english)
        if words:
            text = changed
            typed.append(Typed(words[0], name, fact))
    return Found(unit, tuple(typed), _with_links(text, unit))


def _with_links(text: str, unit: Unit) -> str:
    """Let a name's own link lead there where another one with the same target did."""

    def link(found: re.Match[str]) -> str:
        target, name = found[1], found[2]
        own = unit.variables.get(f"{name}_link")
        same = own is not None and own == unit.variables.get(target)
        return f"[[${name}_link|${name}]]" if same else found[0]

    return _LINKED.sub(link, text)


Spelled = Callable[[Fact], tuple[str, ...]]
"""Returns how a language may write a fact."""
IsWhole = Callable[[str, int, int], bool]
"""Tells whether ``text[start:stop]`` is not a part of a longer word or number."""


def _spelling(plan: Plan, language: str, form: Callable[[NamedUnit], str]) -> Spelled:
    own = plan.language_overrides.get(language, {})
    localiser = Localiser(language, {YEAR_FORM: plan.year_form, **own})

    def spelled(fact: Fact) -> tuple[str, ...]:
        match fact:
            case NamedUnit():
                return tuple(dict.fromkeys((form(fact), fact.text)))
            case Name():
                return (fact.text,)
            case Date():
                written = (localiser.date(fact.value, style) for style in ("long", "medium"))
                return tuple(dict.fromkeys((*written, fact.value)))
            case FiscalYear():
                return (localiser.fiscal_year(fact.years), str(fact), str(fact).replace("-", "–"))
            case Number() if fact.value >= LEAST_NUMBER:
                return tuple(dict.fromkeys((localiser.number(fact.value), str(fact.value))))
            case Link():
                return (fact.page or fact.url,)
            case _:
                return ()

    return spelled


def _replaced(
    text: str, name: str, fact: Fact, spelled: Sequence[str], is_whole: IsWhole
) -> tuple[str, list[str]]:
    """Return a text with a variable for its fact, and the words that it stands for now."""
    words: list[str] = []

    def variable(found: re.Match[str]) -> str:
        if not is_whole(text, *found.span()):
            return found[0]
        words.append(found["words"])
        if isinstance(fact, Link):
            label = f"|{found['words']}" if text[found.end() :].startswith("]]") else ""
            return f"{found['brackets']}${name}{label}"
        return f"${name}"

    pattern = _pattern(fact, spelled)
    return (pattern.sub(variable, text), words) if pattern else (text, [])


def _pattern(fact: Fact, spelled: Sequence[str]) -> re.Pattern[str] | None:
    longest_first = sorted(filter(None, spelled), key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first))
    if not either:
        return None
    if not isinstance(fact, Link):
        return re.compile(f"(?P<words>{either})")
    if fact.url:
        return re.compile(rf"(?<!\[)(?P<brackets>\[)(?P<words>{either})(?=[\s\]])")
    return re.compile(
        rf"(?P<brackets>\[\[):?(?:Special:MyLanguage/)?(?P<words>{either})(?=\||\]\])"
    )


def _is_whole_in_english(text: str, start: int, stop: int) -> bool:
    """Tell whether words stand for themselves; one word alone may just begin a sentence."""
    if any(
        each.start() < stop and start < each.end() for each in _LABEL_OR_SEE_ALSO.finditer(text)
    ):
        return False
    before, words, after = text[:start], text[start:stop], text[stop:]
    if words.startswith("["):
        return True
    alone = " " not in words and words[0].isalpha()
    if alone and not _WITHIN_SENTENCE.search(before):
        return False
    joined = before[-1:].isalnum() or before[-1:] in ("_", "$") or after[:1].isalnum()
    return not joined and not _BEFORE_TARGET.search(before)


def _is_whole(text: str, start: int, stop: int) -> bool:
    """As in English, but that other scripts write words together, and particles before them."""
    before, words, after = text[:start], text[start:stop], text[stop:]
    if words.startswith("["):
        return True
    edges = ((before[-1:], words[:1]), (words[-1:], after[:1]))
    joined = any(all(each and _LATIN.match(each) for each in edge) for edge in edges)
    return not joined and not before.endswith("$") and not _BEFORE_TARGET.search(before)


# --- in the catalogs ---


def _translate(
    plan: Plan, catalog: Catalog, language: str, found: Sequence[Found]
) -> Iterator[Fault]:
    """Give a catalog the new texts, and yield those of which a translation needs a person."""
    form = _forms(plan, catalog)
    spelled = _spelling(plan, language, form)
    texts = {}
    for each in found:
        before = catalog.get(each.unit)
        if before.state is State.TRANSLATED:
            text, missing = _translated(before.text, each, spelled)
            if missing:
                line = catalog.line_of(each.unit.key, "msgstr")
                wrong = f"“{missing.words}” is {missing.variable} in the English now"
                advice = f"write {missing.variable} for it in the translation, and confirm it"
                message = Message("typed-fact-in-translation", wrong, advice)
                yield Fault(str(catalog.path), line, 1, each.unit.key, message, warning=True)
            else:
                texts[each.unit.key] = text
    units = {each.unit.key: replace(each.unit, text=each.text) for each in found}
    catalog.update([units.get(key, unit) for key, unit in plan.units.items()])
    for key, text in texts.items():
        catalog.set(units[key], text)


def _translated(text: str, found: Found, spelled: Spelled) -> tuple[str, Typed | None]:
    """Return a translation with the variables, and the first fact that it does not say so."""
    for each in found.typed:
        text, _ = _replaced(text, each.name, each.fact, spelled(each.fact), _is_whole)
        if _count(text, each.name) != _count(found.text, each.name):
            return text, each
    return _with_links(text, found.unit), None


def _count(text: str, name: str) -> int:
    return len(re.findall(rf"\${name}(?![a-z0-9_])", text))


def _forms(plan: Plan, catalog: Catalog) -> Callable[[NamedUnit], str]:
    def form(name: NamedUnit) -> str:
        found = catalog.get(plan.units[name.unit])
        return found.text.strip() if found.state is State.TRANSLATED else name.text

    return form


def _fault(unit: Unit, message: Message) -> Fault:
    return Fault(unit.file, unit.line, unit.column, unit.key, message, warning=True)
