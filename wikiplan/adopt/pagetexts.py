"""Reading pages for a plan: their sections in all languages, with what translators made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wikiplan.adopt.values import PageTexts, SectionTexts, UnitTranslation
from wikiplan.adopt.wrapping import PageWrapping
from wikiplan.changes import Action, PageChange
from wikiplan.errors import Refusal
from wikiplan.translate import TITLE_UNIT, clean, markup, tvars
from wikiplan.value import Value
from wikiplan.wiki import DOCUMENTATION, Marked, TranslateWiki, UnitState
from wikiplan.wikitext import sections

# What translators made of a translatable page's units, read for a plan: texts, states, credits.


_Titles = Mapping[str, UnitTranslation]
_Translations = Mapping[str, Mapping[str, UnitTranslation]]


def unit_translations(translate: TranslateWiki, page: PageChange) -> _Translations:
    """Return the translations of a page by language and id, its title's among them.

    There are none if it was never marked.

    One request a language, and one for each outdated text: what it was made for.
    """
    marked = translate.marked(page.title)
    group = translate.group(page.title) if marked else None
    if marked is None or group is None:
        return {}
    reader = _TranslationReader(translate, page, marked)
    codes = [code for code in group.languages if code not in (page.language, DOCUMENTATION)]
    found = {code: dict(reader.language(code)) for code in codes}
    return {code: texts for code, texts in found.items() if texts}


class _TranslationReader(Value):
    translate: TranslateWiki
    page: PageChange
    marked: Marked

    def language(self, code: str) -> Iterator[tuple[str, UnitTranslation]]:
        units = {str(unit.id): unit.text for unit in markup.parse(self.page.after).units}
        units[TITLE_UNIT] = self.page.title
        for id, state in self.translate.states(self.page.title, code).items():
            if state.text and id in units:
                made_for = self.made_for(code, id, state, units[id])
                old = made_for is not None
                text = state.text, old, made_for or "", state.revision, state.translator
                yield id, UnitTranslation(*text)

    def made_for(self, code: str, id: str, state: UnitState, now: str) -> str | None:
        """Return the English that an outdated text was made for, ``None`` for a current one.

        A text is outdated as well if its unit was edited since the page was marked.
        """
        if state.outdated:
            return self.translate.made_for(self.page.title, id, code) or ""
        before = tvars.definition(self.marked.units.get(id, now))
        return None if clean(before) == clean(tvars.definition(now)) else before


# Reading pages for a plan: their sections in all languages, with what translators made.


_ENVELOPE = re.compile(
    r"""<div(?:[ \t]+(?:lang|dir|class)=(?:"[^"<>\n]*"|'[^'<>\n]*'))+[ \t]*>\n(.*)\n</div>""",
    re.DOTALL | re.IGNORECASE,
)
_DISPLAY_TITLE = re.compile(r"\{\{\s*DISPLAYTITLE\s*:([^{}|\n]+)[^{}\n]*\}\}")
_DIV = re.compile(r"<(/?)div(?=[\s/>])", re.IGNORECASE)


def read(adoption: PageWrapping, title: str, languages: Sequence[str] = ()) -> PageTexts:
    """Return a page's sections: those with markers on it, and those of the adoption's choices.

    ``languages`` narrows the versions, the page itself is always read. Raises :class:`Refusal`
    when one of these pages cannot be read so.
    """
    wrapped = adoption.texts(title, languages)
    pages = [each.change for each in wrapped]
    for page in pages:
        if page.action is Action.REFUSED:
            raise Refusal(page.told.code, f"{page.title}: {page.told.reason}")
    source = pages[0]
    bodies = {page.language: _bodies(page, adoption) for page in pages}
    names = list(bodies[source.language])
    others = _others(source, adoption)
    if not names:
        message = "no section has markers yet; say -section:NAME=HEADING, once for each"
        if others:
            told = ", ".join(f"{name} of plan {plan}" for name, plan in others.items())
            message = f"it has sections of other plans only ({told}); {message.partition('; ')[2]}"
        raise Refusal("no-sections", f"{title}: {message}")
    has_tags = markup.parse(source.after).has_markup
    translations = unit_translations(adoption.translate, source) if has_tags else {}
    return PageTexts(
        source.title,
        tuple(_section(name, source.language, bodies) for name in names),
        has_tags,
        _without_titles(translations),
        others,
        _titles(pages[1:], translations),
        {(name, each.change.language): r for each in wrapped for name, r in each.left_out.items()},
    )


def _without_titles(translations: _Translations) -> _Translations:
    found = {
        code: {id: text for id, text in texts.items() if id != TITLE_UNIT}
        for code, texts in translations.items()
    }
    return {code: texts for code, texts in found.items() if texts}


def _titles(versions: Iterable[PageChange], translations: _Translations) -> _Titles:
    """Return the page's title in other languages, as its versions or its translators have it."""
    shown = {page.language: _DISPLAY_TITLE.search(page.after) for page in versions}
    own = {code: UnitTranslation(found[1].strip()) for code, found in shown.items() if found}
    made = {c: texts[TITLE_UNIT] for c, texts in translations.items() if TITLE_UNIT in texts}
    return own | made


def _bodies(page: PageChange, adoption: PageWrapping) -> dict[str, str]:
    found = sections.find(page.after, adoption.wiki.extension_tags)
    return {
        section.name: without_envelope(sections.body_of(page.after, section))
        for section in found
        if section.is_of(adoption.plan)
    }


def _others(page: PageChange, adoption: PageWrapping) -> dict[str, str]:
    """Return the sections of other plans, with these plans' names."""
    found = sections.find(page.after, adoption.wiki.extension_tags)
    return {s.name: s.plan for s in found if not s.is_of(adoption.plan)}


def without_envelope(body: str) -> str:
    """Return a section's text without the ``<div lang=…>`` that only tells its language.

    Rendering puts it there again where a page needs it.
    """
    envelope = _ENVELOPE.fullmatch(body)
    if envelope is None:
        return body
    depth = 0
    for slash in _DIV.findall(envelope[1]):
        depth += -1 if slash else 1
        if depth < 0:  # the first <div> ends in the middle: it is no envelope
            return body
    return envelope[1]


def _section(name: str, source: str, bodies: Mapping[str, Mapping[str, str]]) -> SectionTexts:
    """Return a section's text by language, the source first."""
    texts = {code: found[name] for code, found in bodies.items() if name in found}
    return SectionTexts(name, {source: texts.pop(source), **texts})
