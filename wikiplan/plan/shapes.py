"""Faults of shape: pydantic's findings, each at its place in the file and in words for people."""

from __future__ import annotations

from typing import Any

from wikiplan.errors import Fault
from wikiplan.near import did_you_mean
from wikiplan.plan.model import problems
from wikiplan.plan.schema import known_keys
from wikiplan.plan.yamlfile import Document, Place, places_in, value_in

_WANTED = {
    "string_type": "words",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}
_HOW = {
    "string_type": "put quotes around it",
    "int_type": "write digits without quotes",
    "bool_type": "write true or false",
    "list_type": "begin each entry with “- ”",
    "dict_type": "write lines of “key: value”",
    "model_type": "write lines of “key: value”",
}


def shape_faults(document: Document, kind: str, place: Place = ()) -> list[Fault]:
    """Return the faults of the data at a place that should have the shape of this kind."""
    found = []
    for problem in problems(kind, value_in(document.data, place)):
        where = (*place, *(step for step in problem["loc"] if step != "[key]"))
        if problem["input"] is not None or problem["type"] == "missing":
            found.append(_fault(document, kind, place, where, dict(problem)))
    return found


def empty_faults(document: Document) -> list[Fault]:
    """Return a fault for every key and list entry without a value."""
    places = (place for place in places_in(document.data) if value_in(document.data, place) is None)
    message = "is empty; write a value or remove it"
    return [document.fault(place, message, key=True) for place in places]


def _fault(
    document: Document, kind: str, root: Place, place: Place, problem: dict[str, Any]
) -> Fault:
    match problem["type"]:
        case "missing":
            advice = f"add a line “{place[-1]}: …”"
            return document.fault(place, f"the key is missing; {advice}")
        case "extra_forbidden":
            known = known_keys(kind, place[len(root) : -1])
            return document.fault(place, _unknown(str(place[-1]), known), key=True)
        case _:
            is_key = problem["loc"][-1:] == ("[key]",)
            return document.fault(place, _message(problem), key=is_key)


def _unknown(key: str, known: tuple[str, ...]) -> str:
    hint = did_you_mean(key, known) or f"known keys are {', '.join(known)}"
    return f"the key is not known; {hint}"


def _message(problem: dict[str, Any]) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in _WANTED:
        return f"is {_shown(problem['input'])}, not {_WANTED[kind]}; {_how(problem)}"
    match kind:
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return f"“{problem['input']}” is not possible; write {_choice(problem)}"
        case "too_short":
            least = context["min_length"]
            return f"has too few entries ({context['actual_length']}); write at least {least}"
        case "too_long":
            most = context["max_length"]
            return f"has too many entries ({context['actual_length']}); write at most {most}"
        case "greater_than_equal":
            return f"{problem['input']} is too small; write at least {context['ge']}"
        case "less_than_equal":
            return f"{problem['input']} is too large; write at most {context['le']}"
        case _:
            return f"{problem['msg']}; correct it"


def _choice(problem: dict[str, Any]) -> str:
    return str(problem["ctx"]["expected"]).replace("'", "")


def _how(problem: dict[str, Any]) -> str:
    """Return how to write what was wanted; quotes do not help where a list or mapping stands."""
    if problem["type"] == "string_type" and isinstance(problem["input"], list | dict):
        return "write the words after the colon"
    return _HOW[problem["type"]]


def _shown(value: object) -> str:
    match value:
        case bool():
            return f"the value {str(value).lower()}"
        case int():
            return f"the number {value}"
        case str():
            return "words"
        case list():
            return "a list"
        case _:
            return "a mapping"
