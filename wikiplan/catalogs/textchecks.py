"""What a translation's markup must share with the English: links, templates, tags, bold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from wikiplan.errors import Finding, Message
from wikiplan.l10n import PluralForm, plural_forms_of, scripts
from wikiplan.plan import Link, Unit, variables_in
from wikiplan.value import replace
from wikiplan.wikitext import prose, syntax

if TYPE_CHECKING:  # it takes long to load, and a run that tells no warnings does without
    from translate.filters.checks import StandardChecker

_MY_LANGUAGE = "special:mylanguage/"

# What a wiki or this program replaces by itself: {{PLURAL:…}}, {{#if:…}}, {{SITENAME}}, {{!}}.
_MAGIC = re.compile(r"#|[^a-z]*\Z|(?i:plural|gender|grammar|formatnum|int|lc|uc|[lu]cfirst)\s*:")
_URL_TARGET = re.compile(r"(?<!\[)\[\$([a-z][a-z0-9_]*)")
_BARE_LINK = re.compile(r"\[\[\s*:?\s*\$([a-z][a-z0-9_]*)\s*\]\]")
_TAG = re.compile(r"<\s*([a-z][a-z0-9]*)", re.IGNORECASE)
_MAY_GO = {"br", "wbr", "small", "i", "em"}
_BOLD = "'''"

# The English of a unit is read once for all its languages.
_MOST_KEPT = 1000


def markup_findings(unit: Unit, text: str) -> Iterator[Finding]:
    """Yield what the translation, which is balanced, lost, changed or added.

    Raises ``errors.Refusal`` for texts that are too complex to read.
    """
    yield from _variable_links(unit, text)
    yield from _fixed_links(unit.text, text)
    yield from _templates(unit.text, text)
    yield from _tags(unit.text, text)
    if _BOLD in unit.text and _BOLD not in text:
        advice = f"put {_BOLD} around the same words"
        message = Message("lost-bold", f"the translation has lost the bold {_BOLD}", advice)
        yield Finding(message, warning=True)


def _variable_links(unit: Unit, text: str) -> Iterator[Finding]:
    """Yield links that are links in the English only; readers would see the bare target."""
    kept, pages, urls = variables_in(text), _targets(text), set(_URL_TARGET.findall(text))
    for name in dict.fromkeys(_URL_TARGET.findall(unit.text)):
        if name in kept and name not in urls:
            yield _unlinked(name, f"[${name} words]")
    for target in _targets(unit.text):
        name = target.removeprefix("$")
        if name != target and name in kept and target not in pages:
            yield _unlinked(name, f"[[${name}|words]]")
    yield from _added_links(unit, text, urls)
    for name in dict.fromkeys(_BARE_LINK.findall(text)):
        if (
            f"${name}" in pages
            and name not in _BARE_LINK.findall(unit.text)
            and _is_link(unit, name)
        ):
            advice = f"write [[${name}|words]]"
            wrong = f"in the translation the link ${name} has lost its words"
            yield Finding(Message("link-without-words", wrong, advice), warning=True)


def _added_links(unit: Unit, text: str, urls: Collection[str]) -> Iterator[Finding]:
    """Yield links that the English lacks: on a translatable page nothing stands for their names."""
    known = variables_in(unit.text)
    for name in variables_in(text):
        if name not in known and _is_link(unit, name):
            wrong = f"the translation has the link ${name}, which the English does not"
            advice = "take it out, or take the name from the English"
            yield Finding(Message("added-link-variable", wrong, advice), warning=True)
    targets = (target.removeprefix("$") for target in _targets(text) if target[:1] == "$")
    before = {target.removeprefix("$") for target in _targets(unit.text)}
    before |= {*_URL_TARGET.findall(unit.text)}
    for name in dict.fromkeys((*targets, *urls)):
        if name not in before and name in unit.variables and not _is_link(unit, name):
            wrong = f"the translation links to “${name}”, which the English does not"
            advice = "take the target from the English"
            yield Finding(Message("added-variable-link", wrong, advice), warning=True)


def _unlinked(name: str, form: str) -> Finding:
    wrong = f"the translation does not link to ${name} any more"
    return Finding(Message("lost-variable-link", wrong, f"write {form}"))


def _is_link(unit: Unit, name: str) -> bool:
    return isinstance(unit.variables.get(name), Link)


def _fixed_links(english: str, text: str) -> Iterator[Finding]:
    before, after = ({t for t in _targets(each) if t[:1] != "$"} for each in (english, text))
    for target in sorted(before - after):
        advice = "keep what stands before the bar"
        wrong = f"the translation has lost the link to “{target}”"
        yield Finding(Message("lost-link", wrong, advice), warning=True)
    for target in sorted(after - before):
        advice = "take the target from the English"
        wrong = f"the translation links to “{target}”, which the English does not"
        yield Finding(Message("added-link", wrong, advice), warning=True)


@lru_cache(_MOST_KEPT)
def _targets(text: str) -> tuple[str, ...]:
    """Return the targets of page links, each as MediaWiki stores it and without ``:``."""
    found = syntax.links(text) if "[[" in text else ()
    return tuple(dict.fromkeys(_normal(target) for target in found))


def _normal(target: str) -> str:
    title = " ".join(target.removeprefix(":").replace("_", " ").split())
    if title.lower().startswith(_MY_LANGUAGE):
        title = title[len(_MY_LANGUAGE) :]
    return title[:1].upper() + title[1:]


def _templates(english: str, text: str) -> Iterator[Finding]:
    before, after = _template_names(english), _template_names(text)
    for name in sorted(before - after):
        advice = "keep it as the English has it"
        wrong = f"the translation has lost the template “{name}”"
        yield Finding(Message("lost-template", wrong, advice), warning=True)
    for name in sorted(after - before):
        wrong = f"the translation calls the template “{name}”, which the English does not"
        advice = "remove it, or take the name from the English"
        yield Finding(Message("added-template", wrong, advice))


@lru_cache(_MOST_KEPT)
def _template_names(text: str) -> frozenset[str]:
    found = syntax.templates(text) if "{{" in text else ()
    return frozenset(_normal(each.name) for each in found if not _MAGIC.match(each.name))


def _tags(english: str, text: str) -> Iterator[Finding]:
    before, after = ({tag.lower() for tag in _TAG.findall(each)} for each in (english, text))
    for tag in sorted(before - after - _MAY_GO):
        wrong, advice = f"the translation has lost the tag <{tag}>", f"put <{tag}> where it belongs"
        yield Finding(
            Message("lost-tag", wrong, advice),
            warning=True,
        )


# Whether a translation's plurals have the forms of its language.


# Languages in which a noun is the same after every number: one form says all.
_ALIKE = frozenset("az bn eu fa hi hu hy ka kk ky mn tk tr tt ug uz".split())

# Forms that are a choice, by their examples: the one for many does as well.
_BY_CHOICE = {"he": ("2", "20")}

LEAST_WITHOUT_NUMBER = 2
"""“this page” or “these pages”: without the number there is one, or there are several."""


def form_findings(text: str, language: str) -> Iterator[Finding]:
    """Yield the calls that have more or fewer forms than the language takes."""
    forms = _forms_of(language)
    for call in prose.plural_calls(text):
        given = len(call.general_forms)
        if given > max(len(forms), LEAST_WITHOUT_NUMBER) or given < _least(text, call, language):
            wrong = f"in the translation the plural of ${call.variable} has {_count(given)}"
            wrong += f", but {language} has {len(_wanted(forms))}"
            advice = _in_order(_wanted(forms))
            yield Finding(Message("plural-forms", wrong, advice), warning=True)


def wanted_forms(language: str) -> list[PluralForm]:
    """Return the forms that a plural needs at least, in their order."""
    return _wanted(_forms_of(language))


def _forms_of(language: str) -> Sequence[PluralForm]:
    forms = plural_forms_of(language)
    free = _BY_CHOICE.get(language, ())
    return [replace(form, usual=form.usual and form.example not in free) for form in forms]


def _least(text: str, call: prose.PluralCall, language: str) -> int:
    """Return how many forms a call needs; forms for single numbers say that the rest is meant."""
    if call.general_forms != call.forms or language.partition("-")[0] in _ALIKE:
        return 0
    least = len(wanted_forms(language))
    return least if _shows_number(text, call) else min(least, LEAST_WITHOUT_NUMBER)


def _shows_number(text: str, call: prose.PluralCall) -> bool:
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
    kept = {call.variable for call in prose.plural_calls(text)}
    lost = [call.variable for call in prose.plural_calls(english) if call.variable not in kept]
    if len(plural_forms_of(language)) > 1 and language.partition("-")[0] not in _ALIKE:
        for name in dict.fromkeys(lost):
            advice = f"write {{{{PLURAL:${name}|…}}}} with the forms of {language}"
            wrong = f"the translation has lost the plural of ${name}"
            yield Finding(Message("lost-plural", wrong, advice), warning=True)


# The translate-toolkit's quality filters: its second door, beside ``catalogs.catalog``.
#
# Of its forty filters those are run that say something about wikitext. The others warned without
# reason on the sample catalogs (``startcaps`` in a third of all entries, ``simplecaps``,
# ``puncspacing``, ``startpunc``, ``brackets``), or know nothing of wikitext (``xmltags``,
# ``variables``, quotes).


def failures(
    english: str, translation: str, language: str, filters: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Yield the names of the filters that a translation does not pass, and what they say."""
    from translate.filters.checks import FilterFailure

    checker = _checker(language)
    for name in filters:
        try:
            getattr(checker, name)(english, translation)
        except FilterFailure as failure:
            yield name, str(failure)
    checker.results_cache.clear()  # it keeps every text, for ever


@cache
def _checker(language: str) -> StandardChecker:
    from translate.filters.checks import StandardChecker
    from translate.filters.checks.config import CheckerConfig

    return StandardChecker(checkerconfig=CheckerConfig(targetlanguage=language))


# How a translation's words look beside the English ones: copied, short, cut off, doubled.


LEAST_ENGLISH, LEAST_TRANSLATION = 20, 40
"""Characters from which on a text can be called much longer than its translation, and shorter."""

# How many times longer or shorter than the English. On the sample catalogs alphabets have 0.5 to
# 1.5 times its characters, Japanese 0.2 to 0.6. (The toolkit's filters allow a tenth and tenfold.)
_LENGTHS = (1 / 3, 3.0)
_EAST_ASIAN_LENGTHS = (1 / 10, 1.5)

LEAST_WORDS = 2
"""Single words are the same in many languages."""

# Languages in which a word twice is a slip, not grammar (Hindi, Turkish, Vietnamese, Hebrew …).
_NO_REDUPLICATION = frozenset(
    "ar be bg ca cs da de en eo es et fi fr gl hr it lt lv nb nn pl pt ro ru sk sl sr sv uk".split()
)

# Scripts of languages that part sentences with blanks.
_WITHOUT_STOPS = {"LAO", "TAI", "THAI"}

_NAME = re.compile(r"\W*(?:[A-Z\d]\S*|(?:of|and|the|for|in|to|on|a|an|with)?\W*)")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def own_word_findings(english: str, text: str, language: str) -> Iterator[Finding]:
    """Yield what is doubled in the translation; the English says which blanks may be."""
    if "  " in text and any(failures(english, text, language, ("doublespacing",))):
        advice = "remove all but one"
        wrong = "the translation has several blanks in a row"
        yield Finding(Message("doubled-blanks", wrong, advice), warning=True)
    if language.partition("-")[0] in _NO_REDUPLICATION:
        for _, said in failures(english, prose.words_of(text), language, ("doublewords",)):
            word = said.partition("'")[2].rpartition("'")[0]
            wrong = f"the translation repeats the word “{word}”"
            yield Finding(Message("doubled-word", wrong, "remove one"), warning=True)


_NO_LETTER = re.compile(r"\ufffd|\?(?=[^\W\d_])|\?{4}")
_READ_AS = ("cp1252", "latin-1")


def has_lost_letters(english: str, text: str) -> bool:
    """Tell whether a program that does not write UTF-8 put question marks in place of letters.

    Or one that does not read it took each byte for a letter.
    """
    if "?" in text or "\ufffd" in text:
        found, wanted = (_lost_letters(prose.words_of(each)) for each in (text, english))
        if found > wanted:
            return True
    return any(_was_read_as(text, charset) for charset in _READ_AS)


def _lost_letters(words: str) -> int:
    """Count the places; a question mark is none before a sentence without a space between."""
    every = _NO_LETTER.finditer(words)
    return sum(found[0] != "?" or words[found.end()].islower() for found in every)


def _was_read_as(text: str, charset: str) -> bool:
    try:
        return not text.isascii() and bool(text.encode(charset).decode("utf-8"))
    except UnicodeError:
        return False


def word_findings(english: str, text: str, language: str) -> Iterator[Finding]:
    """Yield warnings about the length, the end, and what stayed as it was, of sound markup."""
    words, english_words = prose.words_of(text), prose.words_of(english)
    if "//" in english or "//" in text:
        for _ in failures(english, text, language, ("urls",)):
            wrong = "the translation has other web addresses than the English"
            yield Finding(
                Message("other-addresses", wrong, "take them from the English"), warning=True
            )
    yield from _copy_findings(english_words, words, language)
    yield from _end_findings(english_words, words, language)
    yield from _length_findings(english_words, words, language)


def _copy_findings(english: str, words: str, language: str) -> Iterator[Finding]:
    other = language.partition("-")[0] != "en"
    if other and words.casefold() == english.casefold() and not _may_stay(english):
        for _ in failures(english, words, language, ("unchanged",)):
            advice = "translate it, or leave it empty"
            wrong = "the translation is the English text"
            yield Finding(Message("same-as-english", wrong, advice), warning=True)


def _may_stay(english: str) -> bool:
    """Tell whether a text is often the same in other languages: a name, a number, one word."""
    words = prose.without_variables(english)
    name = all(_NAME.fullmatch(word) for word in words.split())
    return name or len(_LETTERS.findall(words)) < LEAST_WORDS


def _end_findings(english: str, words: str, language: str) -> Iterator[Finding]:
    if scripts.scripts_of(language) & _WITHOUT_STOPS or _own_mark(words):
        return
    # The toolkit wants one kind of blank before a mark where a language has several, or none.
    ends = (words, f"{words[:-1].rstrip()}{words[-1:]}", f"{words[:-1].rstrip()}\u00a0{words[-1:]}")
    if all(any(failures(english, end, language, ("endpunc",))) for end in ends):
        wrong = f"the translation does not end like the English, which ends in “{english[-1:]}”"
        advice = "end it with your language’s sign for that, if any"
        yield Finding(Message("other-end", wrong, advice), warning=True)


def _own_mark(words: str) -> bool:
    """Tell whether a text ends in a mark of its script that the toolkit may not know."""
    last = words[-1:]
    return not last.isascii() and unicodedata.category(last)[0] == "P" and last != "…"


def _length_findings(english: str, words: str, language: str) -> Iterator[Finding]:
    east_asian = scripts.is_east_asian(language)
    least, most = _EAST_ASIAN_LENGTHS if east_asian else _LENGTHS
    if len(english) >= LEAST_ENGLISH and len(words) < least * len(english):
        wrong = "the translation is much shorter than the English"
        yield Finding(Message("much-shorter", wrong, "look for what is missing"), warning=True)
    if len(words) >= LEAST_TRANSLATION and len(words) > most * len(english):
        wrong = "the translation is much longer than the English"
        advice = "look for what does not belong there"
        yield Finding(Message("much-longer", wrong, advice), warning=True)
