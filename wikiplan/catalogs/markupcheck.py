"""What a translation's markup must share with the English: links, templates, tags, bold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from wikiplan.findings import Finding
from wikiplan.plan.units import Link, Unit, variables_in
from wikiplan.wikitext import wikitext

_MY_LANGUAGE = "special:mylanguage/"

# What a wiki or this program replaces by itself: {{PLURAL:…}}, {{#if:…}}, {{SITENAME}}, {{!}}.
_MAGIC = re.compile(
    r"#|[^a-z]*\Z|(?:plural|gender|grammar|formatnum|int|lc|uc|[lu]cfirst)\s*:", re.I
)
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
        yield Finding(f"the translation has lost the bold {_BOLD}", advice, warning=True)


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
    for name in dict.fromkeys(_BARE_LINK.findall(text)):
        if (
            f"${name}" in pages
            and name not in _BARE_LINK.findall(unit.text)
            and _is_link(unit, name)
        ):
            advice = f"write [[${name}|words]]"
            yield Finding(
                f"in the translation the link ${name} has lost its words", advice, warning=True
            )


def _unlinked(name: str, form: str) -> Finding:
    return Finding(f"the translation does not link to ${name} any more", f"write {form}")


def _is_link(unit: Unit, name: str) -> bool:
    return isinstance(unit.variables.get(name), Link)


def _fixed_links(english: str, text: str) -> Iterator[Finding]:
    before, after = ({t for t in _targets(each) if t[:1] != "$"} for each in (english, text))
    for target in sorted(before - after):
        advice = "keep what stands before the bar"
        yield Finding(f"the translation has lost the link to “{target}”", advice, warning=True)
    for target in sorted(after - before):
        advice = "take the target from the English"
        wrong = f"the translation links to “{target}”, which the English does not"
        yield Finding(wrong, advice, warning=True)


@lru_cache(_MOST_KEPT)
def _targets(text: str) -> tuple[str, ...]:
    """Return the targets of page links, each as MediaWiki stores it and without ``:``."""
    found = wikitext.links(text) if "[[" in text else ()
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
        yield Finding(f"the translation has lost the template “{name}”", advice, warning=True)
    for name in sorted(after - before):
        wrong = f"the translation calls the template “{name}”, which the English does not"
        yield Finding(wrong, "remove it, or take the name from the English")


@lru_cache(_MOST_KEPT)
def _template_names(text: str) -> frozenset[str]:
    found = wikitext.templates(text) if "{{" in text else ()
    return frozenset(_normal(each.name) for each in found if not _MAGIC.match(each.name))


def _tags(english: str, text: str) -> Iterator[Finding]:
    before, after = ({tag.lower() for tag in _TAG.findall(each)} for each in (english, text))
    for tag in sorted(before - after - _MAY_GO):
        yield Finding(
            f"the translation has lost the tag <{tag}>",
            f"put <{tag}> where it belongs",
            warning=True,
        )
