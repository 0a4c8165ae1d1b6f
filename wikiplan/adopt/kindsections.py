"""What readers of sections need that a template lays out: texts, facts and words of a layout."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from wikiplan.adopt import layouts, links
from wikiplan.adopt.alignedblocks import AlignedBlock, AlignedSection, mark
from wikiplan.adopt.drafts import DatedFact, Draft, Drafting, draft_of
from wikiplan.adopt.layouts import Either, Line, Told
from wikiplan.adopt.values import PlanData, SectionReading
from wikiplan.plan import FiscalYear, kinds
from wikiplan.translate import in_plan
from wikiplan.wikitext import outline, prose

Reading = Callable[["Section", Told], SectionReading | None]


class OtherwiseError(Exception):
    """The section is not written as the kind's template does."""


_FORMS = re.compile(
    r"<bdi>\{\{#switch:\{\{PAGELANGUAGE\}\}\|(?P<forms>(?:[a-z-]+=[^|{}]*\|)+)"
    r"#default=(?P<own>[^{}]*)\}\}</bdi>"
)
"""A name on a translatable page, as each language writes it."""
_FORM = re.compile(r"([a-z-]+)=([^|]*)\|")
_MARK = re.compile(mark(0).replace("0", r"(\d+)"))
BDI = re.compile(r"</?bdi\b[^<>]*>")
LINKED = re.compile(r"\[\[\$(\w+)\|(.+)\]\]|\[\$(\w+) (.+)\]")
_FORMATTED = re.compile(r"\{\{formatnum:(-?[0-9.]+)\}\}")
_PEOPLE = re.compile(r", and | and |, | · ")
NOTHING = "–"
OUT_OF_LINE = "is laid out otherwise than in the source: untranslated"


class Section:
    """A section that is being read, with what makes texts and facts of what its layout says."""

    def __init__(self, section: AlignedSection, drafting: Drafting, kind: str) -> None:
        self.section = section
        self.drafting = drafting
        self.kind = kind
        self.source_language = section.source
        self.forms: dict[str, dict[str, str]] = {}
        self.implied: dict[str, DatedFact] = {}
        self.numbers: dict[str, int] = {}
        """Numbers that texts have as variables without saying so, by these."""
        self.texts = {code: _FORMS.sub(self._own, text) for code, text in section.texts.items()}

    def _own(self, name: re.Match[str]) -> str:
        self.forms[name["own"]] = dict(_FORM.findall(name["forms"]))
        return name["own"]

    # The file's name, and the keys of its items

    def stem(self, first: Told, name: str = "heading", folder: str = "") -> str:
        """Return the file's name: out of a unit's id that wikiplan gave, or of the section's."""
        folder = folder or kinds.SECTION_KINDS[self.kind].file
        id = self.id_of(first, name).removesuffix(f".{name}")
        named = (
            id if id.startswith(f"{folder}-") else self.section.name.removeprefix(f"{self.kind}-")
        )
        named = named.removeprefix(f"{folder}-")
        return f"{folder}/{named}"

    def key(
        self,
        item: Told,
        name: str,
        taken: Collection[str],
        suffix: str = "",
        fallback: str = "item",
    ) -> str:
        """Return an item's key: the one in a unit's id, else one out of its words."""
        id = self.id_of(item, name).removesuffix(suffix)
        key = id.rpartition(".")[2]
        if key and not key.isdigit() and key not in taken:
            return key
        words = prose.words_of(self.plain(item.source(name)))
        return links.key_of(prose.without_variables(words), taken, fallback)

    def id_of(self, told: Told, name: str) -> str:
        block = self.unit(told.source(name))
        return block.id if block else ""

    def unit(self, text: str) -> AlignedBlock | None:
        found = _MARK.fullmatch(text)
        return self.section.units[int(found[1])] if found else None

    def plain(self, text: str) -> str:
        block = self.unit(text)
        return (
            block.texts.get(self.source_language, "") if block else html.unescape(BDI.sub("", text))
        )

    # Texts

    def text(self, told: Told, name: str) -> PlanData:
        return self.block(told.texts(name))

    def block(self, texts: Mapping[str, str]) -> PlanData:
        """Return a text of the plan. Raises :class:`OtherwiseError` where it is no unit."""
        draft = self._draft(texts)
        return self.drafting.block(draft, self.section.place, self.implied, as_rendered=True)

    def _draft(self, texts: Mapping[str, str]) -> Draft:
        source = texts[self.source_language]
        if block := self.unit(source):
            return self._with_facts(draft_of(block, self.section))
        if not self.section.facts or _MARK.search(source):
            raise OtherwiseError
        names = self.drafting.names
        worded = names.worded(source)
        others = {
            code: names.worded_like(text, worded)
            for code, text in texts.items()
            if code != self.source_language
        }
        return Draft(self.source_language, {self.source_language: worded, **others})

    def _with_facts(self, draft: Draft) -> Draft:
        """Return a unit's draft in which facts of its file are no variables of its own."""
        own = {in_plan(name): name for name in (*self.implied, *self.numbers)}
        texts = dict(draft.texts)
        for on_page, name in own.items():
            if on_page in draft.variables:
                texts = {c: text.replace(f"${on_page}", f"${name}") for c, text in texts.items()}
        rest = {name: value for name, value in draft.variables.items() if name not in own}
        return replace(draft, texts=texts, variables=rest)

    def say(self, label: str, texts: Mapping[str, str], **examples: int) -> None:
        """Keep the words of a label; the ``examples`` are numbers in it."""
        if self.source_language not in texts:
            return
        block = self.unit(texts[self.source_language])
        words = dict(block.texts) if block else dict(texts)
        for name, number in examples.items():
            words = {c: number_named(text, name, number) for c, text in words.items()}
        self.drafting.say(label, words)
        self.drafting.rendered_labels.add(label)
        if examples:
            self.drafting.label_variables.setdefault(label, dict(examples))

    def status(self, texts: Mapping[str, str]) -> str:
        """Return the status whose label says what a text says, and keep its words."""
        words = self.plain(texts[self.source_language])
        labels = kinds.SECTION_KINDS[self.kind].labels
        for name, label in labels.items():
            if name.startswith("status-") and label["text"] == words:
                self.say(name, texts)
                return name.removeprefix("status-")
        raise OtherwiseError

    # Facts

    def year(self, told: Told, stem: str) -> FiscalYear | None:
        heading = self.plain(told.source("heading"))
        years = outline.fiscal_year(heading) or outline.fiscal_year(stem)
        year = FiscalYear.given(years) if years else None
        self.implied = {"year": year} if year else {}
        return year

    def number(self, text: str) -> int | str | None:
        """Return a number as the plan writes it, None where there is none."""
        if text == NOTHING:
            return None
        text = self.word(text)
        if found := _FORMATTED.fullmatch(text):
            return int(found[1]) if "." not in found[1] else found[1]
        facts = self.drafting.reader(self.source_language).facts
        digits = re.sub(r"[^0-9.,-]", "", text)
        for written in (
            re.sub(r"[.,]", "", digits),
            digits.replace(",", ""),
            digits.replace(".", "").replace(",", "."),
        ):
            if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", written):
                value = Decimal(written)
                if self.word(facts.number(value)) == text:
                    return int(written) if "." not in written else written
        raise OtherwiseError

    def word(self, text: str) -> str:
        """Return a fact that nobody translates, without what isolates it."""
        return html.unescape(BDI.sub("", text))

    def people(self, texts: Mapping[str, str]) -> list[str]:
        """Return the names in a list of people; one alone has its forms in other languages."""
        words = {code: self.word(text) for code, text in texts.items()}
        found = _PEOPLE.split(words[self.source_language])
        forms = words if len(found) == 1 else {}
        for name in found:
            others = {**forms, **self.forms.get(name, {})}
            self.drafting.person(name, others, self.section.place)
        return found

    def name(self, texts: Mapping[str, str]) -> tuple[PlanData, str]:
        """Return a name with its forms, and the name of the link that it has."""
        worded = {
            c: self.drafting.names.worded(t) if c == self.source_language else t
            for c, t in texts.items()
        }
        linked = LINKED.fullmatch(worded[self.source_language])
        link = (linked[1] or linked[3]) if linked else ""
        words = {code: self.word(label_of(text)) for code, text in worded.items()}
        words |= self.forms.get(words[self.source_language], {})
        draft = Draft(self.source_language, words, facts=False)
        return self.drafting.block(draft, self.section.place), link


def told_of(source: str, texts: Mapping[str, str]) -> Told:
    """Return one text of all languages, by the name ``text``."""
    return Told(source, {code: layouts.Found({"text": text}) for code, text in texts.items()})


def label_of(text: str) -> str:
    found = next(links.links_in(text), None)
    return found.label if found else text


def number_named(text: str, name: str, number: int) -> str:
    """Return a text with a variable for a number that stands in it once."""
    pattern = rf"(?:<bdi[^<>]*>)?(?<!\d){number}(?!\d)(?:</bdi>)?"
    return re.sub(pattern, f"${name}", text) if len(re.findall(pattern, text)) == 1 else text


def given(**values: Any) -> PlanData:
    """Return the values that there are, with keys as the plan writes them."""
    return {
        key.replace("_", "-"): value for key, value in values.items() if value not in (None, "", [])
    }


def after_intro(first: Line) -> Either:
    return Either(((first,), (Line("{intro}"), first)))


def head_of(section: Section, told: Told) -> PlanData:
    intro = {"intro": section.text(told, "intro")} if "intro" in told else {}
    return {"heading": section.text(told, "heading"), **intro}


def number_of(section: Section, text: str, variable: str) -> int:
    """Return the number in a text, or in a unit's variable."""
    block = section.unit(text)
    raw = block.variables.get(variable, {}) if block else {}
    found = re.search(r"\d+", "".join(map(str, raw.values())) if block else BDI.sub("", text))
    if not found:
        raise OtherwiseError
    return int(found[0])


# Calls of templates.


def call_of(written: str) -> tuple[str, dict[str, str]]:
    """Return the template and the named parameters of a call without its braces."""
    template, *parts = _parts(written)
    pairs = [part.partition("=") for part in parts]
    if not all(equals for _, equals, _ in pairs):
        raise OtherwiseError
    return template.strip(), {name.strip(): value for name, _, value in pairs}


def _parts(written: str) -> Iterator[str]:
    """Yield what stands between the bars that are of no link and no other call."""
    depth = begin = 0
    for sign in re.finditer(r"\[\[|\]\]|\{\{|\}\}|\|", written):
        if sign[0] == "|" and not depth:
            yield written[begin : sign.start()]
            begin = sign.end()
        depth += {"[[": 1, "{{": 1, "|": 0}.get(sign[0], -1)
    yield written[begin:]


def value_of(value: str) -> int | str:
    return int(value) if re.fullmatch(r"0|[1-9][0-9]*", value) else value


def is_text(
    section: Section, name: str, value: str, others: Mapping[str, Mapping[str, str]]
) -> bool:
    """Tell whether a parameter is a text: a unit, or words that languages write differently."""
    if not section.section.facts:
        return section.unit(value.strip()) is not None
    differing = any(each.get(name) != value for each in others.values())
    return differing or (len(others) == 1 and " " in value.strip())
