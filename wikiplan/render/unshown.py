"""What of the plan nobody sees: texts that are translated and shown nowhere, facts that none says.

It is told by reading: a key is shown if a template that the plan uses has its name anywhere, or a
text its variable. So what is told may miss something, and where a template goes through keys that
it does not name, nothing is told at all.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from wikiplan.errors import Fault, Message
from wikiplan.plan import (
    SECTION_KINDS,
    NamedUnit,
    Plan,
    blocks_in,
    kind_of,
    labels_for,
    read_source,
    variables_in,
)
from wikiplan.render.sources import Sources
from wikiplan.value import Value, replace
from wikiplan.yaml import KeyPath, places_in

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]\w*(?:-\w+)*")
_BEGINNING = re.compile(r"[\"']([a-z][a-z0-9-]*-)[\"']")
_GOES_THROUGH = re.compile(r"\|\s*(?:dictsort|items)\b|\w\[\s*[a-z_]")
_OF_EVENTS_AND_TEXTS = ("_event.wiki", "event.wiki", "office-hours.wiki", "text.wiki")
"""Templates that go through keys, of files of which nothing is told or only the texts are."""

_SILENT = (
    "change", "dissolved", "fiscal-year", "keep-variables", "key", "label", "note", "see-also",
    "text", "unit", "variables", "zone",
)  # fmt: skip
"""Keys that say how to read the data, or that belong to a text."""
_NEEDED: Mapping[str, tuple[KeyPath, ...]] = {
    "department": (
        ("mission",), ("mission-heading",), ("name",), ("overview",), ("teams",),
        ("teams-heading",), ("teams", "*", "name"),
    ),
    "office-hours": (("goal",), ("heading",)),
    "priorities": (("heading",),),
}  # fmt: skip
"""Keys that a file of the kind must have: nobody can take them out."""
_JUDGED = ("department", "office-hours", "own", "priorities")

_NO_EVENT, _LINK = "no-next-event", "link-"
"""A label, and the beginning of others, that no template has to name."""

_Told = tuple[KeyPath, Message]
"""A place in a file, and what is to be told of it."""

TEXT = "no template and no text of the plan shows it, but translators are asked for it"
FACT = "no template and no text of the plan says it"


class Seen(Value):
    """What templates and texts name. ``words`` have ``_`` for hyphens, ``asked`` are units."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    variables: frozenset[str]
    asked: frozenset[str]

    @classmethod
    def of(cls, plan: Plan, templates: Iterable[str], sources: Iterable[Sources]) -> Seen:
        """Return what templates of these texts, and the plan's texts, name."""
        text = "\n".join(_COMMENT.sub("", each) for each in templates)
        variables = {name for unit in plan.units.values() for name in variables_in(unit.text)}
        facts = (plan.facts.get(name) for name in variables)
        names = {fact.unit for fact in facts if isinstance(fact, NamedUnit)}
        return cls(
            frozenset(word.replace("-", "_") for word in _WORD.findall(text)),
            tuple(_BEGINNING.findall(text)),
            frozenset(variables),
            frozenset(names | {key for each in sources for key in each.asked}),
        )

    def names(self, key: str) -> bool:
        """Tell whether a template or a text has the name of a key."""
        return bool({key.replace("-", "_")} & (self.words | self.variables))


def faults(plan: Plan, sources: Iterable[Sources], texts: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a warning for what nobody sees.

    ``sources`` are those of all sections, ``texts`` the templates that they asked for, by name.
    """
    if any(_goes_through(name, text) for name, text in texts.items()):
        return
    seen = Seen.of(plan, texts.values(), sources)
    shown = {section.data for page in plan.pages for section in page.sections}
    found = {stem: dict(_found(plan, stem, shown, seen)) for stem in plan.files}
    if not any(found.values()):
        return
    documents = read_source(plan.directory).documents  # again, for the lines
    for stem, told in found.items():
        for place, message in told.items():
            fault = documents[stem].fault(place, message, key=True)
            yield replace(fault, warning=True)


def _found(plan: Plan, stem: str, shown: Container[str], seen: Seen) -> Iterator[_Told]:
    """Return what of a file nobody sees."""
    kind, data = kind_of(stem), plan.files[stem]
    if kind == "labels":
        return _labels(data, seen)
    if kind == "people":
        return _people(plan, data, seen)
    if kind in _JUDGED and (stem in shown or kind == "department"):
        return _data(kind, data, seen)
    return iter(())


def _goes_through(name: str, text: str) -> bool:
    return name not in _OF_EVENTS_AND_TEXTS and bool(_GOES_THROUGH.search(_COMMENT.sub("", text)))


def _labels(data: Mapping[str, Any], seen: Seen) -> Iterator[_Told]:
    of_kinds = {*labels_for(SECTION_KINDS), _NO_EVENT}
    for name in data:
        begun = any(name.startswith(each) for each in (*seen.beginnings, _LINK))
        if not (seen.names(name) or name in of_kinds or begun or f"labels.{name}" in seen.asked):
            advice = "name the label in a template, or take it out"
            yield (name,), Message("unused-label", TEXT, advice)


def _people(plan: Plan, data: Mapping[str, Any], seen: Seen) -> Iterator[_Told]:
    named = set(_values(plan.files))
    for key in data:
        if key not in named and f"people.{key}.name" not in seen.asked:
            variable = f"$person_{key.replace('-', '_')}"
            advice = f"write {variable} in a text, name the person as a host or lead, or take the "
            advice += "entry out"
            yield (key,), Message("unused-person", FACT, advice)


def _values(data: object) -> Iterator[str]:
    """Yield all values that are words."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for each in data.values():
            yield from _values(each)
    elif isinstance(data, list | tuple):
        for each in data:
            yield from _values(each)


def _data(kind: str, data: Mapping[str, Any], seen: Seen) -> Iterator[_Told]:
    """Yield keys of a file that nothing shows, each once: of entries of a list the first."""
    texts = {block.path: block.data["unit"] for block in blocks_in(data)}
    asked = {_pattern(path) for path, key in texts.items() if key in seen.asked}
    told: set[KeyPath] = set()
    for place in places_in(data):
        pattern = _pattern(place)
        above = {pattern[:length] for length in range(1, len(pattern) + 1)}
        if not pattern or told & above or _is_shown(kind, pattern, asked, seen):
            continue
        has_text = any(path[: len(place)] == place for path in texts)
        if has_text or kind != "office-hours":
            told.add(pattern)
            what = TEXT if has_text else FACT
            advice = f"show it in a template{_variable(pattern)}, or take it out"
            yield place, Message("unused-value", what, advice)


def _pattern(place: KeyPath) -> KeyPath:
    """Return a place with all entries of a list for the one that it is in."""
    return tuple("*" if isinstance(step, int) else step for step in place)


def _is_shown(kind: str, pattern: KeyPath, asked: set[KeyPath], seen: Seen) -> bool:
    key = str(pattern[-1])
    if not set(_SILENT).isdisjoint(pattern) or key == "*" or pattern in _NEEDED.get(kind, ()):
        return True
    if any(each[: len(pattern)] == pattern for each in asked) or seen.names(key):
        return True
    return kind == "department" and _is_said(pattern, seen)


def _is_said(pattern: KeyPath, seen: Seen) -> bool:
    """Tell whether a text says what the department's file has of a lead, a link or a parent."""
    if "lead" in pattern:
        if "lead" in seen.words:
            return True
        endings = {"title": ("lead_title",), "link": ("lead_link",)}
        wanted = endings.get(str(pattern[-1]), ("lead", "lead_title", "lead_link"))
        return any(each.endswith(wanted) for each in seen.variables)
    if pattern[-1] == "link":
        links = any(each.endswith("_link") or each == "team_list" for each in seen.variables)
        return links or any(word.startswith("link") for word in seen.words)
    return pattern == ("parent",) and "parent_link" in seen.variables


def _variable(pattern: KeyPath) -> str:
    """Return what else may say a fact, in words for the advice."""
    known: Mapping[KeyPath, str] = {
        ("lead",): "$lead",
        ("lead", "title"): "$lead_title",
        ("parent",): "$parent",
    }
    return f", write {known[pattern]} in a text" if pattern in known else ""
