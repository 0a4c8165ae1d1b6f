"""What a value of the plan is, as its data model says: the field of a form that it is typed in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wikiplan.desk.planfiles.places import Place
from wikiplan.plan import Plan, kind_of, schema
from wikiplan.render import section_templates
from wikiplan.value import Value
from wikiplan.yaml import Scalar

MOST_IN_A_SELECT = 100
LONG = 60
"""Characters of a text from which on it is typed over several lines."""

_FORMS = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "month": re.compile(r"\d{4}-\d{2}"),
    "datetime-local": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"),
}
"""What browsers have a field of their own for."""
_OF_TIME = re.compile(r"\^\(?\\d\{4\}-\(")
"""How the patterns of the data model begin that are of days, months and times."""
INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,14})", re.ASCII)
_TRUE, _FALSE = "true", "false"
_YES_NO = ((_TRUE, "yes"), (_FALSE, "no"))


Choices = tuple[tuple[str, str], ...]
"""Values that can be chosen, each with what is shown for it."""


class Field(Value):
    """How a value is typed: ``input`` is a type of HTML, ``select`` or ``textarea``.

    ``choices`` are all that there are (``select``) or those that come to mind. An ``optional``
    value may be absent.
    """

    input: str
    help: str = ""
    choices: Choices = ()
    examples: tuple[str, ...] = ()
    least: str = ""
    most: str = ""
    optional: bool = False
    is_number: bool = False
    is_yes_no: bool = False

    @property
    def known(self) -> frozenset[str]:
        """The values that can be chosen."""
        return frozenset(value for value, _ in self.choices)

    @property
    def can_be_words(self) -> bool:
        """Whether it can be typed as mere words as well, such as a month in place of a day."""
        return self.input in _FORMS

    def value(self, typed: str, before: Scalar) -> Scalar:
        """Return what was typed as the plan has it; ``before`` is what stands there."""
        text = typed.replace("\r\n", "\n")
        if self.is_yes_no and text in (_TRUE, _FALSE):
            return text == _TRUE
        if (self.is_number or isinstance(before, int)) and INTEGER.fullmatch(text.strip()):
            return int(text)
        if not str(before).endswith("\n"):
            text = text.rstrip("\n")  # nobody sees them, and YAML writes them with effort
        return text


def typed(value: Scalar) -> str:
    """Return a value as it stands in a form."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Names(Value):
    """The names that a plan has: by what they are names of, each with what is shown for it."""

    every: Mapping[str, Mapping[str, str]]

    @classmethod
    def of_plan(cls, plan: Plan, templates: Path) -> Names:
        found = schema.names_in(plan.files, section_templates(templates))
        people = plan.files.get("people", {})
        teams = plan.files["department"].get("teams", ())
        called = {
            "links": {name: link.title for name, link in plan.links.items()},
            "people": {name: each["name"]["text"] for name, each in people.items()},
            "teams": {each["key"]: each.get("name", each)["text"] for each in teams},
        }
        return cls({what: _shown(names, called.get(what, {})) for what, names in found.items()})

    def choices(self, said: Mapping[str, Any]) -> Choices:
        """Return what can be chosen for a value of which the data model says this."""
        if words := said.get("enum") or [said[each] for each in ("const",) if each in said]:
            return tuple((each, each) for each in words)
        return tuple(self.every.get(said.get("names", ""), {}).items())


def _shown(names: Iterable[str], called: Mapping[str, str]) -> Mapping[str, str]:
    return {each: f"{each}: {called[each]}" if each in called else each for each in names}


class Fields:
    """The fields of a plan's values, with the names that the plan has."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def of(self, place: Place, value: Scalar, *, as_words: bool = False) -> Field:
        """Return the field of the value at a place; ``as_words`` asks for one of mere words."""
        said = model_of(place, value)
        is_yes_no = "boolean" in types_of(said)
        choices = _YES_NO if is_yes_no else self._names.choices(said)
        known = {
            "help": said.get("description", "").replace("\n", " "),
            "choices": choices,
            "examples": tuple(map(str, said.get("examples", ()))),
            "least": str(said.get("minimum", "")),
            "most": str(said.get("maximum", "")),
            "optional": _is_optional(place),
            "is_yes_no": is_yes_no,
            "is_number": {"integer", "number"} & {*types_of(said)} != set(),
        }
        found = _input(place, said, value, choices)
        return Field("text" if as_words and found in _FORMS else found, **known)


def model_of(place: Place, value: object) -> Mapping[str, Any]:
    """Return the JSON Schema of the value at a place, empty where nothing is known of it."""
    return schema.described_at(kind_of(place.stem), place.path, value)


def _is_optional(place: Place) -> bool:
    """Tell whether the mapping that a value stands in may be without it."""
    around = model_of(Place(place.stem, place.path[:-1]), {})
    known = place.path[-1] in around.get("properties", {})
    return known and place.path[-1] not in around.get("required", ())


def absent(record: Place, data: Mapping[str, Any]) -> list[str]:
    """Return what the mapping at a place could also say in one value, and does not."""
    around = model_of(record, {})
    one_of = {key for each in around.get("oneOf", ()) for key in each["required"]}
    never = {*data, *one_of, *around.get("required", ()), "change"}
    keys = [key for key in around.get("properties", {}) if key not in never]
    return [key for key in keys if _is_scalar(Place(record.stem, (*record.path, key)))]


def _is_scalar(place: Place) -> bool:
    types = types_of(model_of(place, ""))
    return bool(types) and not {*types} & {"array", "object"}


def types_of(said: Mapping[str, Any]) -> Sequence[str]:
    types = said.get("type", ())
    return [types] if isinstance(types, str) else types


def _input(place: Place, said: Mapping[str, Any], value: Scalar, choices: Choices) -> str:
    if choices and len(choices) <= MOST_IN_A_SELECT:
        return "select"
    if [*types_of(said)] == ["integer"]:
        return "number"
    text = str(value)
    if _OF_TIME.match(said.get("pattern", "")):
        return next((name for name, form in _FORMS.items() if form.fullmatch(text)), "text")
    is_long = len(text) > LONG or "\n" in text or _is_text_of_unit(place)
    return "textarea" if is_long else "text"


def _is_text_of_unit(place: Place) -> bool:
    return place.path[-1] in ("text", "note") and "name" not in place.path[-2:-1]
