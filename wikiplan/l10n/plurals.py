"""Plural forms as the wiki has them: which form of ``{{PLURAL:n|…}}`` a number takes.

MediaWiki has rules of an older CLDR than Babel, and some of its own, so its own stand in
``plurals.json``: the codes of languages, then the conditions for their forms but for the last,
which is for what is left. ``tests/support/refresh_languages.py`` writes it from a MediaWiki.
The way to write conditions: https://www.unicode.org/reports/tr35/tr35-numbers.html#Operands
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from babel.plural import PluralRule, to_gettext

from wikiplan.l10n import languages
from wikiplan.value import Value

MOST_USUAL = 1000
"""Up to here a language's forms for whole numbers are looked for."""

_UNUSUAL = ("1000000", "1.5", "0.1")

_NAMES = ("zero", "one", "two", "few", "many")
"""Babel's names for forms; ours have none, and no two conditions hold for one number."""

_DOUBLED = re.compile(r"\(\(([^()]*)\)\)")


class PluralForm(Value):
    """A form by the first number that takes it; not ``usual`` if only fractions or millions do."""

    example: str
    usual: bool


def plural_index(code: str, count: int | Decimal) -> int:
    """Return the place of the form for a number, among the forms that the language has."""
    number = count.normalize() if isinstance(count, Decimal) else count  # to the wiki 1.0 is 1
    rule = _rule_of(code)
    name = rule(number)
    return _NAMES.index(name) if name in rule.tags else len(rule.tags)


@cache
def plural_forms_of(code: str) -> tuple[PluralForm, ...]:
    """Return the forms that ``{{PLURAL:}}`` takes in a language; Japanese and its like have one."""
    forms = 1 if _has_one_form(code) else len(_rule_of(code).tags) + 1
    return tuple(_form(code, index, forms) for index in range(forms))


@cache
def gettext_rule_of(code: str) -> str:
    """Return the rule as the header of a PO file has it: ``nplurals=2; plural=(n != 1);``."""
    if _has_one_form(code):
        return "nplurals=1; plural=0;"
    conditions = next(filter(None, _known_near(code)))
    whole = (_for_whole_numbers(condition) for condition in conditions)
    chosen = "".join(f"{_in_c(each)} ? {index} : " for index, each in enumerate(whole) if each)
    return f"nplurals={len(conditions) + 1}; plural=({chosen}{len(conditions)});"


def _for_whole_numbers(condition: str) -> str:
    """Return what a condition asks of numbers without decimals, nothing if none meets it."""
    clauses = []
    for clause in condition.split(" or "):
        relations = clause.split(" and ")
        decimals = [each for each in relations if each[0] in "vwft"]
        if all(PluralRule({"one": each})(0) == "one" for each in decimals):
            left = [each for each in relations if each not in decimals]
            clauses.append(" and ".join(left).replace("i ", "n "))
    return " or ".join(clauses)


def _in_c(condition: str) -> str:
    written = to_gettext({"one": condition})
    return _DOUBLED.sub(r"(\1)", written.partition("plural=(")[2].rpartition(" ? ")[0])


def _form(code: str, index: int, forms: int) -> PluralForm:
    def takes(number: int | Decimal) -> bool:
        return forms == 1 or plural_index(code, number) == index

    example = next(filter(takes, range(MOST_USUAL + 1)), None)
    if example is not None:
        return PluralForm(str(example), usual=True)
    others = (text for text in _UNUSUAL if takes(Decimal(text)))
    return PluralForm(next(others, ""), usual=False)


@cache
def _rule_of(code: str) -> PluralRule:
    """Return the rule of the nearest language that has forms.

    A language with a single form (Japanese) goes on to English like one without rules: so does
    MediaWiki, and where translators give one form nothing shows of it.
    """
    return _rule(next(filter(None, _known_near(code))))


@cache
def _rule(conditions: tuple[str, ...]) -> PluralRule:
    return PluralRule(dict(zip(_NAMES, conditions, strict=False)))


def _has_one_form(code: str) -> bool:
    """Tell whether the nearest language that has rules makes no difference between numbers."""
    return not next(_known_near(code))


def _known_near(code: str) -> Iterator[tuple[str, ...]]:
    """Yield the conditions of a language and of those that stand in for it, if they have any."""
    known = _conditions()
    for each in (code, *languages.fallback_chain(code), "en"):
        if each in known:
            yield known[each]


@cache
def _conditions() -> Mapping[str, tuple[str, ...]]:
    """Return the conditions by language code."""
    text = (files("wikiplan.l10n") / "plurals.json").read_text(encoding="utf-8")
    rows = json.loads(text).items()
    return {code: tuple(rules) for codes, rules in rows for code in codes.split()}
