"""JSON Schemas of data files, for editors: those that are shipped, and those of one plan.

A plan's own ones know its names besides: of links, people, teams, templates and data files. So an
editor completes them, and underlines one that is nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from wikiplan.l10n import dates, languages
from wikiplan.plan.kinds import FILE_KINDS, OWN, STATUSES
from wikiplan.plan.model import json_schema
from wikiplan.plan.shapes import SHAPES
from wikiplan.plan.source import Source

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

# In a file of an own kind every mapping with a text is a unit, at any depth; the rest are facts.
_ANYTHING: Schema = {
    "if": {
        "type": "object",
        "required": ["text"],
        "properties": {"text": {"not": {"type": "object"}}},
    },
    "then": {"$ref": "#/$defs/OwnKindText"},
    "else": {
        "additionalProperties": {"$ref": "#/$defs/Anything"},
        "items": {"$ref": "#/$defs/Anything"},
    },
}


Names = Mapping[str, Sequence[str]]
"""By what they are names of (``model.NameOf``): all that there are."""


NO_NAMES: Names = MappingProxyType({})


def schemas(names: Names = NO_NAMES) -> dict[str, Schema]:
    """Return the JSON Schema of each kind of file, by the kind's name."""
    return {kind: _whole(kind, names) for kind in sorted(FILE_KINDS)}


def names_in(source: Source, templates: Iterable[str]) -> Names:
    """Return the names that a plan's texts and files can have, however damaged the plan is."""
    data = source.data
    teams = data.get("department", {}).get("teams")
    found = {
        "links": data.get("links"),
        "people": data.get("people"),
        "teams": [each.get("key") for each in teams or () if isinstance(each, dict)],
        "templates": templates,
        "data": data,
        "languages": languages.known(),
        "zones": sorted(dates.zone_names()),
        "statuses": data.get("pages", {}).get("statuses") or STATUSES,
    }
    return {
        what: [each for each in every or () if isinstance(each, str)]
        for what, every in found.items()
    }


def text(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def known_keys(shape: Any, place: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys that a mapping at this place may have, none when it may have any."""
    root = described(shape)
    schema = _resolved(root, root)
    for step in place:
        schema = _resolved(_inside(schema, step), root)
    return tuple(schema.get("properties", ()))


def _whole(kind: str, names: Names) -> Schema:
    own = _with_names(_own() if kind == OWN else described(SHAPES[kind]), names)
    used = {what: {"enum": list(names[what])} for what in sorted(_used(own) & names.keys())}
    head = {"$schema": DIALECT, "$id": f"{kind}.json", "title": FILE_KINDS[kind].title}
    return {**head, **own, "$defs": {**own.get("$defs", {}), **used}}


_PLACE = "#/$defs/"


def _with_names(schema: Any, names: Names) -> Any:
    """Return a schema whose texts that name something can only have these names."""
    if isinstance(schema, list):
        return [_with_names(each, names) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: _with_names(each, names) for key, each in schema.items()}
    what = inner.get("names")
    if not isinstance(what, str):
        return inner
    del inner["names"]
    if not names.get(what):
        return inner
    reference = {"$ref": f"{_PLACE}{what}"}
    if "anyOf" in inner:  # a name, or a field of a pattern
        return {**inner, "anyOf": [reference, *inner["anyOf"][1:]]}
    return {key: inner[key] for key in inner if key != "pattern"} | reference


def _used(schema: Any) -> set[str]:
    """Return the names of ``$defs`` that a schema refers to."""
    if isinstance(schema, list):
        return set().union(*map(_used, schema))
    if not isinstance(schema, dict):
        return set()
    own = str(schema.get("$ref", "")).removeprefix(_PLACE)
    return {own}.union(*map(_used, schema.values()))


def _own() -> Schema:
    block = dict(described(SHAPES[OWN]))
    inner = block.pop("$defs")
    block["additionalProperties"] = {"$ref": "#/$defs/Anything"}
    anything = {"$ref": "#/$defs/Anything"}
    return {
        "type": "object",
        **anything,
        "$defs": {**inner, "OwnKindText": block, "Anything": _ANYTHING},
    }


@cache
def described(shape: Any) -> Schema:
    """Return the JSON Schema of a shape, without what tells people nothing."""
    schema: Schema = _clean(json_schema(shape))
    return schema


def _clean(schema: Any, *, names: bool = False) -> Any:
    """Drop what tells people nothing: made-up titles, empty defaults, null for an absent key.

    ``names`` says that the mapping's keys are names of properties, not words of JSON Schema.
    """
    if isinstance(schema, list):
        return [_clean(each) for each in schema if each != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    cleaned = {
        key: _clean(value, names=key in ("properties", "$defs") and not names)
        for key, value in schema.items()
        if names or not _is_noise(key, value)
    }
    if not names and len(cleaned.get("anyOf", ())) == 1:
        return {**cleaned.pop("anyOf")[0], **cleaned}
    if not names and "patternProperties" in cleaned:
        cleaned["additionalProperties"] = False
    return cleaned


def _is_noise(key: str, value: object) -> bool:
    return key == "title" or (key == "default" and value in ("", None, [], {}))


def _resolved(schema: Mapping[str, Any], root: Schema) -> Mapping[str, Any]:
    """Follow references, and of several possible shapes take the one with properties."""
    while True:
        if "$ref" in schema:
            schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema:
            schema = schema["anyOf"][-1]
        else:
            return schema


def _inside(schema: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
    if isinstance(step, int):
        found = schema.get("items")
    else:
        named = schema.get("properties", {}).get(step)
        found = named or next(iter(schema.get("patternProperties", {}).values()), None)
    return found if isinstance(found, dict) else {}


def write(directory: Path, names: Names = NO_NAMES) -> None:
    """Write every schema to the folder that the data files name in their first lines."""
    directory.mkdir(parents=True, exist_ok=True)
    for kind, schema in schemas(names).items():
        (directory / f"{kind}.json").write_text(text(schema), encoding="utf-8")
