"""Faults of names that must exist elsewhere in the plan: links and teams."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from wikiplan.errors import Fault
from wikiplan.near import did_you_mean
from wikiplan.plan.source import Source, kind_of
from wikiplan.plan.unitcheck import IMPLIED
from wikiplan.plan.units import blocks_in, variables_in
from wikiplan.plan.yamlfile import Document, Place, places_in, value_in

_LINK_KEYS = {
    "department": ("parent", "link"),
    "office-hours": ("ways", "questions", "notes", "recording"),
}
"""Keys whose value, or whose list's entries, are names of links."""


def reference_faults(source: Source) -> Iterator[Fault]:
    for stem, document in source.documents.items():
        if "links" not in source.damaged:
            yield from _link_faults(kind_of(stem), document, _keys(source, "links"))
        if kind_of(stem) == "priorities" and "department" in source.documents:
            yield from _team_faults(document, source.documents["department"])
    if "links" in source.documents:
        yield from _links_file_faults(source)


def _keys(source: Source, stem: str) -> Collection[str]:
    document = source.documents.get(stem)
    return document.data if document and isinstance(document.data, dict) else {}


def _link_faults(kind: str, document: Document, links: Collection[str]) -> Iterator[Fault]:
    for place, name in _link_names(kind, document):
        if name not in links:
            hint = did_you_mean(name, links) or "add it to links.yaml"
            yield document.fault(place, f"links.yaml has no “{name}”; {hint}")


def _link_names(kind: str, document: Document) -> Iterator[tuple[Place, str]]:
    """Yield every name of a link that stands as a fact, with its place."""
    for place in places_in(document.data):
        name = value_in(document.data, place)
        if isinstance(name, str) and _names_a_link(kind, place):
            yield place, name


def _names_a_link(kind: str, place: Place) -> bool:
    steps = [step for step in place if isinstance(step, str)]
    if "variables" in steps:
        return len(place) > 2 and place[-3] == "variables" and place[-1] == "link"
    return bool(steps) and steps[-1] in ("see-also", *_LINK_KEYS.get(kind, ()))


def _team_faults(document: Document, department: Document) -> Iterator[Fault]:
    known = [key for _, key in _team_keys(department)]
    for place, key in _team_keys(document):
        if key not in known:
            hint = did_you_mean(key, known) or "add it to department.yaml"
            yield document.fault(place, f"department.yaml has no team “{key}”; {hint}")


def _team_keys(document: Document) -> Iterator[tuple[Place, str]]:
    teams = value_in(document.data, ("teams",))
    for index in range(len(teams) if isinstance(teams, list) else 0):
        place = ("teams", index, "key")
        key = value_in(document.data, place)
        if isinstance(key, str):
            yield place, key


def _links_file_faults(source: Source) -> Iterator[Fault]:
    """Yield what is wrong with the links' names: reserved ones, and those that nobody uses."""
    document = source.documents["links"]
    used = {name for each in _used(source) for name in each}
    for name in _keys(source, "links"):
        if name in IMPLIED:
            yield document.fault((name,), f"the name ${name} is reserved; choose another", key=True)
        elif name not in used and not source.damaged and "department" in source.documents:
            message = f"the link ${name} is never used; remove it unless a template needs it"
            yield replace(document.fault((name,), message, key=True), warning=True)


def _used(source: Source) -> Iterator[tuple[str, ...]]:
    for stem, document in source.documents.items():
        yield tuple(name for _, name in _link_names(kind_of(stem), document))
        for block in blocks_in(document.data):
            if isinstance(block.data["text"], str):
                yield variables_in(block.data["text"])
