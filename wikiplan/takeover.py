"""Reading pages for a plan: their sections in all languages, with what translators made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wikiplan import diff, sections, translatable, unittranslations
from wikiplan.adopted import Built, Difference, Doubt, PageTexts, SectionTexts
from wikiplan.adopting import Adoption
from wikiplan.changes import Action, PageChange
from wikiplan.errors import Refusal
from wikiplan.report import Report

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


def tell(built: Built, out: Path, say: Callable[[str], None], report: Report) -> None:
    """Say what comes of an import. What a person must look at makes the run wait for one."""
    report.plans.append(as_data(built))
    if not built.files:
        reasons = "; ".join(map(doubt_line, built.doubts))
        raise Refusal("nothing-to-take", f"no section can be taken over: {reasons}")
    _tell(built, out, say, report)


def tell_again(
    built: Built,
    translations: Mapping[str, int],
    data: Path,
    say: Callable[[str], None],
    report: Report,
) -> None:
    """Say what an import adds to a plan; ``translations`` are counted by language."""
    report.plans.append({**as_data(built), "translations": dict(translations)})
    if not built.files:
        say("The plan has all that stands there already.")
    for code, count in translations.items():
        say(f"{code}: {count} new translation{'s' if count > 1 else ''}")
    _tell(built, data, say, report)


def _tell(built: Built, out: Path, say: Callable[[str], None], report: Report) -> None:
    for (title, name), kind in built.kinds.items():
        say(f"{title}: section {name} becomes a section of the kind {kind}")
    for doubt in built.doubts:
        say(f"Look at this: {doubt_line(doubt)}")
    for difference in built.differences:
        say(f"Differs: {difference_line(difference)}")
        for line in _diff(difference) if difference.visible else ():
            say(line)
    if built.files:
        say(f"{len(built.files)} file{'s' if len(built.files) > 1 else ''} for {out}")
    visible = any(difference.visible for difference in built.differences)
    report.waiting = report.waiting or bool(built.doubts) or visible


def as_data(built: Built) -> dict[str, Any]:
    """Return what came of an import, for the report."""
    return {
        "files": [str(each.path) for each in built.files],
        "sections": [
            {"title": title, "name": name, "template": kind}
            for (title, name), kind in built.kinds.items()
        ],
        "doubts": [
            {
                "title": each.page,
                "section": each.section,
                "lang": each.language,
                "reason": each.reason,
                "text": each.text,
            }
            for each in built.doubts
        ],
        "differences": [
            {
                "title": each.page,
                "section": each.section,
                "lang": each.language,
                "visible": each.visible,
                "before": list(each.before),
                "after": list(each.after),
            }
            for each in built.differences
        ],
    }


def doubt_line(doubt: Doubt) -> str:
    """Return a doubt in a line: where, what, and the text that it is about."""
    where = " ".join(filter(None, (doubt.page, doubt.section, doubt.language)))
    text = f": {' '.join(doubt.text.split())}" if doubt.text else ""
    return f"{where}: {doubt.reason}{text}" if where else f"{doubt.reason}{text}"


def difference_line(difference: Difference) -> str:
    where = f"{difference.page} {difference.section} {difference.language}"
    if difference.visible:
        return f"{where}: the plan makes other text than stands there"
    lines = len(difference.after)
    return f"{where}: readers see the same, but {lines} lines are written in another way"


def _diff(difference: Difference) -> list[str]:
    return diff.plain("\n".join(difference.before), "\n".join(difference.after))


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
