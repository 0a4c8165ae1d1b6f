"""What translators made of a translatable page's units, read for a plan: texts, states, credits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wikiplan.adopt.adopted import UnitTranslation
from wikiplan.changes.changes import PageChange
from wikiplan.translate import translatable, tvars
from wikiplan.translate.translationtext import clean
from wikiplan.wiki.translatewiki import DOCUMENTATION, Marked, TranslateWiki, UnitState


def read(translate: TranslateWiki, page: PageChange) -> Mapping[str, Mapping[str, UnitTranslation]]:
    """Return the translations of a page by language and id; none if it was never marked.

    One request a language, and one for each outdated text: what it was made for.
    """
    marked = translate.marked(page.title)
    group = translate.group(page.title) if marked else None
    if marked is None or group is None:
        return {}
    reader = _Reader(translate, page, marked)
    codes = [code for code in group.languages if code not in (page.language, DOCUMENTATION)]
    found = {code: dict(reader.language(code)) for code in codes}
    return {code: texts for code, texts in found.items() if texts}


@dataclass(frozen=True, slots=True)
class _Reader:
    translate: TranslateWiki
    page: PageChange
    marked: Marked

    def language(self, code: str) -> Iterator[tuple[str, UnitTranslation]]:
        units = {str(unit.id): unit.text for unit in translatable.parse(self.page.after).units}
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
