"""Reading pages for a plan: their sections in all languages, with what translators made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wikiplan.adopt import unittranslations
from wikiplan.adopt.adopted import PageTexts, SectionTexts
from wikiplan.adopt.adopting import Adoption
from wikiplan.changes.changes import Action, PageChange
from wikiplan.errors import Refusal
from wikiplan.translate import translatable
from wikiplan.wikitext import sections

_ENVELOPE = re.compile(
    r"""<div(?:[ \t]+(?:lang|dir|class)=(?:"[^"<>\n]*"|'[^'<>\n]*'))+[ \t]*>\n(.*)\n</div>""",
    re.DOTALL | re.IGNORECASE,
)
_DIV = re.compile(r"<(/?)div(?=[\s/>])", re.IGNORECASE)


def read(adoption: Adoption, title: str, languages: Sequence[str] = ()) -> PageTexts:
    """Return a page's sections: those with markers on it, and those of the adoption's choices.

    ``languages`` narrows the versions, the page itself is always read. Raises :class:`Refusal`
    when one of these pages cannot be read so.
    """
    pages = adoption.texts(title, languages)
    for page in pages:
        if page.action is Action.REFUSED:
            raise Refusal(page.code, f"{page.title}: {page.reason}")
    source = pages[0]
    bodies = {page.language: _bodies(page, adoption) for page in pages}
    names = list(bodies[source.language])
    if not names:
        message = "no section has markers yet; say -section:NAME=HEADING, once for each"
        raise Refusal("no-sections", f"{title}: {message}")
    has_tags = translatable.parse(source.after).has_markup
    return PageTexts(
        source.title,
        tuple(_section(name, source.language, bodies) for name in names),
        has_tags,
        unittranslations.read(adoption.translate, source) if has_tags else {},
    )


def _bodies(page: PageChange, adoption: Adoption) -> dict[str, str]:
    found = sections.find(page.after, adoption.wiki.extension_tags)
    return {s.name: without_envelope(sections.body_of(page.after, s)) for s in found}


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
