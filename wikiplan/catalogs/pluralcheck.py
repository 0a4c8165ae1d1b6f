"""Whether a translation's plurals have the forms of its language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from wikiplan.findings import Finding
from wikiplan.l10n.localise import PluralForm, plural_forms_of
from wikiplan.wikitext import plurals

# Languages in which a noun is the same after every number: one form says all.
_ALIKE = frozenset("az bn eu fa hi hu hy ka kk ky mn tk tr tt ug uz".split())

# Languages whose form for two is a choice: the one for many does as well.
_DUAL_BY_CHOICE = frozenset({"he"})

LEAST_WITHOUT_NUMBER = 2
"""“this page” or “these pages”: without the number there is one, or there are several."""


def form_findings(text: str, language: str) -> Iterator[Finding]:
    """Yield the calls that have more or fewer forms than the language takes."""
    forms = _forms_of(language)
    for call in plurals.calls(text):
        given = len(call.general_forms)
        if given > max(len(forms), LEAST_WITHOUT_NUMBER) or given < _least(text, call, language):
            wrong = f"in the translation the plural of ${call.variable} has {_count(given)}"
            wrong += f", but {language} has {len(_wanted(forms))}"
            yield Finding(wrong, _in_order(_wanted(forms)), warning=True)


def _forms_of(language: str) -> Sequence[PluralForm]:
    forms = plural_forms_of(language)
    if language not in _DUAL_BY_CHOICE:
        return forms
    return [replace(form, usual=form.usual and form.example != "2") for form in forms]


def _least(text: str, call: plurals.Call, language: str) -> int:
    """Return how many forms a call needs; forms for single numbers say that the rest is meant."""
    if call.general_forms != call.forms or language.partition("-")[0] in _ALIKE:
        return 0
    least = len(_wanted(_forms_of(language)))
    return least if _shows_number(text, call) else min(least, LEAST_WITHOUT_NUMBER)


def _shows_number(text: str, call: plurals.Call) -> bool:
    """Tell whether the number stands in the forms or beside them."""
    number = re.escape(f"${call.variable}")
    beside = re.search(rf"{number}\W*\Z", text[: call.start]) or re.match(
        rf"\W*{number}\b", text[call.stop :]
    )
    return bool(beside) or any(re.search(rf"{number}\b", form) for form in call.forms)


def _count(forms: int) -> str:
    return "1 form" if forms == 1 else f"{forms} forms"


def _in_order(wanted: Sequence[PluralForm]) -> str:
    if len(wanted) == 1:
        return "write one form"
    examples = ", ".join(form.example for form in wanted)
    return f"write the forms for {examples}, in this order"


def _wanted(forms: Sequence[PluralForm]) -> list[PluralForm]:
    """Return as many forms as a text needs at least; the last is for all that follow.

    No two usual forms may share it.
    """
    least = next(
        count
        for count in range(1, len(forms) + 1)
        if sum(form.usual for form in forms[count - 1 :]) <= 1
    )
    last = next((form for form in forms[least - 1 :] if form.usual), forms[-1])
    return [*forms[: least - 1], last]


def lost_plurals(english: str, text: str, language: str) -> Iterator[Finding]:
    """Yield plurals that are gone, but for languages that do not tell numbers apart."""
    kept = {call.variable for call in plurals.calls(text)}
    lost = [call.variable for call in plurals.calls(english) if call.variable not in kept]
    if len(plural_forms_of(language)) > 1 and language.partition("-")[0] not in _ALIKE:
        for name in dict.fromkeys(lost):
            advice = f"write {{{{PLURAL:${name}|…}}}} with the forms of {language}"
            yield Finding(f"the translation has lost the plural of ${name}", advice, warning=True)
