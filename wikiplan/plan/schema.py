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
from wikiplan.plan.kinds import FILE_KINDS, OWN, STATUSES, kind_of
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


def names_in(data: Mapping[str, Mapping[str, Any]], templates: Iterable[str]) -> Names:
    """Return the names that a plan's texts and files can have, however damaged the plan is.

    ``data`` are those of its files by stem.
    """
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


def described_at(kind: str, place: Sequence[str | int], value: object) -> Schema:
    """Return the JSON Schema of a value that stands at a place of a kind of file, empty where
    anything may stand.

    Of several forms that it may have, the one that it has. In a file of an own kind those keys are
    known that every text may have.
    """
    root = described(SHAPES[kind])
    schema: Mapping[str, Any] = root
    for step in place if kind != OWN else place[-1:]:
        schema = _inside(_resolved(schema, root), step)
    above = {key: schema[key] for key in ("description", "examples") if key in schema}
    found = _form_of(schema, root, value)
    return {**found, **above}


def _form_of(schema: Mapping[str, Any], root: Schema, value: object) -> Mapping[str, Any]:
    """Follow references, and of several possible forms take the one that a value has."""
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
        else:
            forms = [_form_of(each, root, value) for each in schema["anyOf"]]
            schema = next((each for each in forms if _fits(each, value)), forms[-1])
    return schema


def _fits(schema: Mapping[str, Any], value: object) -> bool:
    types, own = schema.get("type", ()), _TYPES.get(type(value))
    wanted = [types] if isinstance(types, str) else types
    return own in wanted or (own == "integer" and "number" in wanted)


def _whole(kind: str, names: Names) -> Schema:
    own = _own() if kind == OWN else described(SHAPES[kind])
    return _finished(kind, FILE_KINDS[kind].title, own, names)


def _finished(name: str, title: str, schema: Schema, names: Names) -> Schema:
    own = _with_names(schema, names)
    used = {what: {"enum": list(names[what])} for what in sorted(_used(own) & names.keys())}
    head = {"$schema": DIALECT, "$id": f"{name}.json", "title": title}
    return {**head, **own, "$defs": {**own.get("$defs", {}), **used}}


# Of a section kind of the owner's own: what its files say tells what such a file may say.


def own_schemas(source: Source, names: Names = NO_NAMES) -> dict[str, Schema]:
    """Return a JSON Schema of each own kind of file, by its name: that of its file, or folder.

    It knows the keys that the plan's files of the kind have, and what stands there.
    """
    files: dict[str, list[Any]] = {}
    for stem, document in source.documents.items():
        name = stem.partition("/")[0]
        if kind_of(stem) == OWN and name not in FILE_KINDS and isinstance(document.data, dict):
            files.setdefault(name, []).append(document.data)
    return {name: _of_own_kind(name, every, names) for name, every in sorted(files.items())}


def _of_own_kind(name: str, files: Sequence[Any], names: Names) -> Schema:
    inner = described(SHAPES[OWN]).get("$defs", {})
    return _finished(
        name, f"Data of the plan's own kind {name}", {**_like(files), "$defs": inner}, names
    )


def _like(values: Sequence[Any]) -> Schema:
    """Return a schema of what is like these values: lists, mappings and others by themselves."""
    mappings = [each for each in values if isinstance(each, dict)]
    lists = [each for each in values if isinstance(each, list)]
    others = {_TYPES[type(each)] for each in values if type(each) in _TYPES}
    forms: list[Schema] = [_like_mappings(mappings)] if mappings else []
    forms += (
        [{"type": "array", "items": _like([i for each in lists for i in each])}] if lists else []
    )
    forms += [{"type": sorted(others)}] if others else []
    return {"anyOf": forms} if len(forms) > 1 else (forms or [{}])[0]


_TYPES: Mapping[type, str] = {bool: "boolean", int: "integer", str: "string"}


def _like_mappings(values: Sequence[Mapping[str, Any]]) -> Schema:
    """Return a schema of mappings with these keys; one with a text may have what every text has."""
    keys = dict.fromkeys(key for each in values for key in each)
    found = {key: _like([each[key] for each in values if key in each]) for key in keys}
    if any(isinstance(each.get("text"), str) for each in values):
        found |= described(SHAPES[OWN])["properties"]
    needed = [key for key in ("key", "text") if all(key in each for each in values)]
    required = {"required": needed} if needed else {}
    return {"type": "object", "properties": found, **required, "additionalProperties": False}


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
        any_key = schema.get("additionalProperties")
        found = named or next(iter(schema.get("patternProperties", {}).values()), any_key)
    return found if isinstance(found, dict) else {}


def write(directory: Path, every: Mapping[str, Schema] | None = None) -> None:
    """Write schemas, or those that are shipped, to the folder that data files name first."""
    directory.mkdir(parents=True, exist_ok=True)
    for kind, schema in (schemas() if every is None else every).items():
        (directory / f"{kind}.json").write_text(text(schema), encoding="utf-8")
