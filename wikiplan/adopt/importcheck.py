"""Whether a plan made out of pages renders what stands on them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from wikiplan.adopt import visible
from wikiplan.adopt.adopted import Difference, PageTexts, SectionTexts
from wikiplan.adopt.visible import Line
from wikiplan.errors import Faults
from wikiplan.plan.plan import PageSpec, Plan
from wikiplan.render.output import normalised
from wikiplan.render.render import Renderer


def differences(
    pages: Sequence[PageTexts], plan: Plan, renderer: Renderer
) -> tuple[Difference, ...]:
    """Return every section, in every language, that does not come out as it stands on its page."""
    specs = {page.title: page for page in plan.pages}
    return tuple(
        found
        for page in pages
        if page.title in specs
        for found in _of_page(page, specs[page.title], plan.source_language, renderer)
    )


def _of_page(
    page: PageTexts, spec: PageSpec, source: str, renderer: Renderer
) -> Iterator[Difference]:
    texts = {section.name: section for section in page.sections}
    for section in (each for each in spec.sections if each.name in texts):
        for language in _languages(page, texts[section.name], source):
            before = normalised(texts[section.name].texts[language])
            try:
                rendered = renderer.section(spec, section, language, language).text
            except Faults as faults:
                rendered = str(faults)
            if before != rendered:
                yield _difference(page.title, section.name, language, before, rendered)


def _languages(page: PageTexts, section: SectionTexts, source: str) -> list[str]:
    """Return the languages in which the plan writes the section."""
    return [source] if page.translatable else list(section.texts)


def _difference(title: str, name: str, language: str, before: str, after: str) -> Difference:
    old, new = visible.lines_of(before), visible.lines_of(after)
    if old == new:
        lines = _changed(before.split("\n"), after.split("\n"))
        return Difference(title, name, language, False, *lines)
    return Difference(title, name, language, True, *_changed(_shown(old), _shown(new)))


def _shown(lines: Sequence[Line]) -> list[str]:
    """Return lines for people, with the targets of links, which differ if the words do not."""
    return [" → ".join((visible.shown(line), *line[2])) for line in lines]


def _changed(
    before: Sequence[str], after: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old: list[str] = []
    new: list[str] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            old += before[a:b]
            new += after[c:d]
    return tuple(old), tuple(new)
