"""The form for one translation: what is to be translated, what the checks say, and saving it.

What is saved is merged into the catalog as a file is that came back: with the same checks, and with
a seal that tells whether somebody else changed the text or its English meanwhile. Of the catalog
only the text's entry changes, and who translated last in its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from wikiplan import files
from wikiplan.catalogs import (
    CatalogView,
    State,
    Translation,
    checks,
    moving,
    reuse,
    wanted_forms,
)
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.exchange import Incoming, Parcel, Seal, digest, unit_digest
from wikiplan.catalogs.reuse import CHANGES, ImportOutcome
from wikiplan.desk import answering
from wikiplan.desk.answering import WRONG, Answers, Asked, Data, Elsewhere, Shown
from wikiplan.desk.translators.texts import Text, Texts
from wikiplan.errors import WikiplanError
from wikiplan.l10n import languages
from wikiplan.plan import Link, Term, Unit, missing_terms, variables_in
from wikiplan.render import LocalFacts, shown
from wikiplan.sync import made_for, progress, translator_in
from wikiplan.value import Value
from wikiplan.wikitext import prose

ORIGIN = "the desk"
STAY = "stay"
"""What a button says that goes on to no other text."""
NOTHING_TYPED, CHANGED_MEANWHILE, REFUSED = "nothing-typed", "changed-meanwhile", "refused"
"""Messages for why a translation was not saved."""
MOST_OF_NAME = 200
"""Characters of what a translator is called."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def answers(texts: Texts) -> Answers:
    form = _Form(texts)
    return {
        "translation": form.show,
        "change/translation": form.save,
        "change/translation-look": form.look,
        "change/translation-findings": form.findings,
    }


class Typed(Value):
    """What somebody typed, and what the catalog had when they began.

    ``others`` are digests of the translations in conflict that they saw.
    """

    text: str
    by: str = ""
    seal: str = ""
    others: tuple[str, ...] = ()


class Variable(Value):
    """What a text has in it that is no word: ``before`` and ``after`` go around what it is said of.

    ``reads`` is what readers of the language see for it.
    """

    name: str
    meaning: str
    reads: str
    before: str
    after: str = ""


class _Form:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._desk = texts.desk
        self._by = ""

    def show(self, asked: Asked) -> Shown:
        with self._desk.alone:
            return self._shown(asked, self._text(asked))

    def look(self, asked: Asked) -> Shown:
        """Show what the checks say of what was typed: for browsers without scripts."""
        with self._desk.alone:
            return self._shown(asked, self._text(asked), _typed(asked))

    def findings(self, asked: Asked) -> Data:
        """Say it while somebody types."""
        with self._desk.alone:
            text, typed = self._text(asked), _typed(asked).text
            found = self._texts.findings_about(text.unit, typed, _value(asked, "language"))
        told = [{"warning": each.warning, "told": str(each.message)} for each in found]
        return Data({"findings": told if typed.strip() else [], "count": len(typed)})

    def save(self, asked: Asked) -> Shown | Elsewhere:
        """Save what was typed, or show it again with what is wrong."""
        typed = _typed(asked)
        self._by = typed.by
        with self._desk.alone:
            text = self._text(asked)
            try:
                notice = self._saved(asked, text, typed)
            except WikiplanError as error:
                return self._shown(asked, text, typed, error=str(error))
            if notice:
                return self._shown(asked, self._text(asked), typed, notice)
            return self._next(asked)

    def _saved(self, asked: Asked, text: Text, typed: Typed) -> str:
        """Save a translation; return the message that says why it was not, empty if it was."""
        language, say = _value(asked, "language"), answering.values_for(asked)["say"]
        if not typed.text.strip():
            return NOTHING_TYPED
        found, before = self._entry_of(text.unit, language)
        seal, said = seal_of(text.unit, before), before.state is State.TRANSLATED
        if typed.seal != str(seal) and not (said and typed.text == before.text):
            return CHANGED_MEANWHILE
        plan = self._texts.current().plan
        incoming = Incoming(text.key, text.unit.text, typed.text, True, seal, 0)
        parcel = Parcel(ORIGIN, language, (incoming,))
        (merged,) = reuse.merge(parcel, found, {text.key: text.unit}, plan.glossary)
        if merged.outcome is ImportOutcome.REFUSED:
            return REFUSED
        chosen_over = [each for each in before.conflicts if digest(each) in typed.others]
        for other in chosen_over:
            found.drop_beside(text.unit, other)
        brings = merged.outcome in CHANGES or chosen_over
        if brings and translator_in(typed.by, plan.credit):
            found.credit(typed.by, datetime.now(UTC))
        if brings and (change := found.prepared()):
            told = say("step", language=language, key=text.key)
            self._desk.writing.write(told, [change], of_texts=True)
        return ""

    def _entry_of(self, unit: Unit, language: str) -> tuple[Catalog, Translation]:
        """Return a catalog in which the entry of one text is in step, and what it said of that."""
        work = self._texts.current()
        plan, path = work.plan, work.options.data / "locale" / f"{language}.po"
        found = moving.opened(path.parent, language, plan.moves)
        moved = moving.moved_keys(found, plan.units.keys(), plan.moves)
        if unit.key in moved.values() or (found.keys and not path.exists()):
            raise WikiplanError(
                "catalog-to-be-updated",
                f"{files.shown(path)}: the catalog has the text under its former name; "
                "bring it in step first: plan_translations update",
            )
        before = CatalogView(path, found.entries()).get(unit)
        found.update_one(unit, plan.units)
        return found, before

    def _next(self, asked: Asked) -> Elsewhere:
        """Go on to the next text that wants a translation, if that is wanted."""
        language, key = _value(asked, "language"), _value(asked, "unit")
        values = answering.values_for(asked)
        texts, told = self._texts.of(language), values["say"]("saved", key=key)
        chosen = {"language": language, **values["chosen"]}
        following = texts.after(key)
        if _value(asked, "then") == STAY:
            return Elsewhere("translation", {**chosen, "unit": key}, told)
        if following is None:
            return Elsewhere("translations", chosen, f"{told} {values['say']('nothing-left')}")
        return Elsewhere("translation", {**chosen, "unit": following.key}, told)

    def _text(self, asked: Asked) -> Text:
        return self._texts.text(_value(asked, "language"), _value(asked, "unit"))

    def _shown(
        self,
        asked: Asked,
        text: Text,
        typed: Typed | None = None,
        notice: str = "",
        error: str = "",
    ) -> Shown:
        code, work = _value(asked, "language"), self._texts.current()
        of_language = self._texts.of(code)
        found = text.findings
        if typed:
            found = self._texts.findings_about(text.unit, typed.text, code)
        values = {
            **answering.values_for(asked),
            "language": languages.get(code),
            "source": languages.get(work.plan.source_language),
            "text": text,
            "title": _value(asked, "title"),
            "typed": typed.text if typed else text.found.text,
            "is_typed": typed is not None,
            "by": typed.by if typed else self._by,
            "seal": seal_of(text.unit, text.found),
            "others": [(digest(each), each) for each in text.found.conflicts],
            "findings": found,
            "notice": notice,
            "error": error,
            "rows": progress.difference(before, text.unit.text)
            if (before := made_for(text.unit, text.found)) and text.found.state is State.OUTDATED
            else (),
            "near": [of_language.by_key.get(key) for key in _neighbours(text)],
            "following": of_language.after(text.key),
            "variables": [*_variables(text.unit, work.renderer.facts_in(code))],
            "plurals": [*_plurals(text.unit, code)],
            "forms": wanted_forms(code),
            "terms": [*_terms(text.unit, code, work.plan.glossary)],
            "most": checks.MOST_CHARACTERS,
        }
        return Shown("translation", values, WRONG if notice or error else 200)


def seal_of(unit: Unit, found: Translation) -> Seal:
    """Return what tells later whether the text, or its English, is another one by then."""
    return Seal(unit_digest(unit.key, unit.text), digest(found.text), found.state)


def _value(asked: Asked, name: str) -> str:
    return (asked.form or asked.query).get(name, "")


def _typed(asked: Asked) -> Typed:
    text = _value(asked, "text").replace("\r\n", "\n")
    by = " ".join(_CONTROLS.sub(" ", _value(asked, "by")).split())[:MOST_OF_NAME]
    others = tuple(value for name, value in asked.all if name == "other")
    return Typed(text, by, _value(asked, "seal"), others)


def _neighbours(text: Text) -> tuple[str, str]:
    """Return the keys of the texts before and after one, where readers see it first."""
    return (text.sights[0].before, text.sights[0].after) if text.sights else ("", "")


def _variables(unit: Unit, facts: LocalFacts) -> Iterator[Variable]:
    for name in variables_in(unit.text):
        fact = unit.variables.get(name)
        if fact is None:
            continue
        before, after = _around(unit.text, name)
        reads = "" if isinstance(fact, Link) else prose.words_of(str(shown(fact, facts)))
        yield Variable(name, fact.meaning, reads, before, after)


def _around(english: str, name: str) -> tuple[str, str]:
    """Return what goes before and behind the words of a link, or the variable alone."""
    if re.search(rf"\[\[\s*:?\s*\${name}\s*\|", english):
        return f"[[${name}|", "]]"
    if re.search(rf"(?<!\[)\[\${name}\s", english):
        return f"[${name} ", "]"
    return f"${name}", ""


def _plurals(unit: Unit, language: str) -> Iterator[Variable]:
    """Yield the plurals of the English with as many forms as the language has."""
    for call in prose.plural_calls(unit.text):
        bars = "|" * (len(wanted_forms(language)) - 1)
        before = f"{{{{PLURAL:${call.variable}|"
        yield Variable(call.variable, "", unit.text[call.start : call.stop], before, f"{bars}}}}}")


def _terms(unit: Unit, language: str, glossary: tuple[Term, ...]) -> Iterator[Term]:
    """Yield the terms of the glossary in the English that the language has words for."""
    yield from missing_terms(glossary, prose.words_of(unit.text), "", language)
