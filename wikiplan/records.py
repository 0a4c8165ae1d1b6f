"""Data of files with a known shape, read strictly: the door of pydantic, besides ``plan.model``
and what ``value`` tells it.

What is not as expected is named with the file, the way to it, and what is expected there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import ErrorDetails

from wikiplan.errors import WikiplanError

UNREADABLE_RECORD = "unreadable-record"
"""A file that wikiplan wrote, or JSON that is given to it, is not of the form that is known."""

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)

Kind = TypeVar("Kind")

Count = Annotated[int, Field(ge=0)]
"""A count or an id."""

_EXPECTED = {
    "bool_type": "true or false",
    "datetime_from_date_parsing": "a time",
    "datetime_parsing": "a time",
    "datetime_type": "a time",
    "dict_type": "an object",
    "extra_forbidden": "no field of this name",
    "greater_than_equal": "a number",
    "int_type": "a number",
    "missing": "a value",
    "model_type": "an object",
    "string_type": "a text",
    "tuple_type": "a list",
}


class Record(BaseModel):
    """An object of a file: it has no other fields, and no values of other types."""

    model_config = _STRICT


def holding(words: str, holds: Callable[[Any], object]) -> AfterValidator:
    """Return what refuses a value for which ``holds`` is false: ``words`` are expected there."""

    def check(value: Any) -> Any:
        if not holds(value):
            raise ValueError(words)
        return value

    return AfterValidator(check)


def told_as(words: str) -> WrapValidator:
    """Return what tells any mistake in a value by the same words."""

    def check(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError as error:
            raise ValueError(words) from error

    return WrapValidator(check)


def read(kind: type[Kind], data: bytes, where: str) -> Kind:
    """Return JSON as a record, a value, or a container of these; ``where`` names the file.

    Raises :class:`WikiplanError` with the first mistake.
    """
    own = isinstance(kind, type) and issubclass(kind, Record)
    try:
        return TypeAdapter(kind, config=None if own else _STRICT).validate_json(data)
    except ValidationError as error:
        raise WikiplanError(UNREADABLE_RECORD, f"{where}: {_mistake(error.errors()[0])}") from error


def _mistake(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "json_invalid":
        return f"is no JSON ({context['error']})"
    return ": ".join([*_way(error["loc"]), f"{_expected(error, context)} is expected here"])


def _way(steps: tuple[int | str, ...]) -> list[str]:
    """Return the way to a value: ``pages[0]``, ``title``."""
    way: list[str] = []
    for step in steps:
        if isinstance(step, str):
            way.append(step)
        else:
            way[-1:] = [f"{''.join(way[-1:])}[{step}]"]
    return way


def _expected(error: ErrorDetails, context: Mapping[str, Any]) -> str:
    if error["type"] == "value_error":
        return str(context["error"])
    if error["type"] == "enum":
        return f"one of {str(context['expected']).replace(' or ', ', ').replace(chr(39), '')}"
    return _EXPECTED.get(error["type"], error["msg"])
