"""JSON Schemas of the plan's files, for editors: ``python -m wikiplan.plan data/schema``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from wikiplan.plan.kinds import FILE_KINDS, OWN
from wikiplan.plan.model import json_schema
from wikiplan.plan.shapes import SHAPES

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


def schemas() -> dict[str, Schema]:
    """Return the JSON Schema of each kind of file, by the kind's name."""
    return {kind: _whole(kind) for kind in sorted(FILE_KINDS)}


def combined() -> Schema:
    """Return one JSON Schema that takes a file of any kind; the kinds stand in its ``$defs``."""
    every = schemas()
    references = [{"$ref": f"{kind}.json"} for kind in every]
    return {"$schema": DIALECT, "title": "A plan's file", "anyOf": references, "$defs": every}


def text(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def known_keys(shape: Any, place: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys that a mapping at this place may have, none when it may have any."""
    root = described(shape)
    schema = _resolved(root, root)
    for step in place:
        schema = _resolved(_inside(schema, step), root)
    return tuple(schema.get("properties", ()))


def _whole(kind: str) -> Schema:
    own = _own() if kind == OWN else described(SHAPES[kind])
    head = {"$schema": DIALECT, "$id": f"{kind}.json", "title": FILE_KINDS[kind].title}
    return {**head, **own}


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


def write(directory: Path) -> None:
    """Write every schema to the folder that the data files name in their first lines."""
    directory.mkdir(parents=True, exist_ok=True)
    for kind, schema in schemas().items():
        (directory / f"{kind}.json").write_text(text(schema), encoding="utf-8")
