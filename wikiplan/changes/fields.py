"""Reading JSON whose shape is known: what is not as expected is named with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from wikiplan.errors import WikiplanError

_HALF = re.compile("[\ud800-\udfff]")  # of a character: JSON can write it, UTF-8 cannot
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of a JSON file; ``where`` is the file and the way to it, for messages.

    Every method raises :class:`WikiplanError` when the field is missing or of another type.
    """

    data: Any
    where: str

    def has(self, name: str) -> bool:
        return self._get(name) is not None

    def given(self, name: str) -> bool:
        """Say whether the object has a field at all that it need not have."""
        return isinstance(self.data, dict) and name in self.data

    def text(self, name: str) -> str:
        value = self._get(name)
        if not isinstance(value, str) or _HALF.search(value):
            self._wrong(name, "a text")
        return value

    def match(self, name: str, form: re.Pattern[str], what: str) -> str:
        value = self.text(name)
        if not form.fullmatch(value):
            self._wrong(name, what)
        return value

    def number(self, name: str) -> int:
        """Return a count or an id: a whole number, 0 or more."""
        value = self._get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self._wrong(name, "a number")
        return value

    def word(self, name: str, words: type[Word], never: Collection[Word] = ()) -> Word:
        known = [word for word in words if word not in never]
        if self.text(name) not in known:
            self._wrong(name, f"one of {', '.join(known)}")
        return words(self.text(name))

    def time(self, name: str) -> datetime:
        try:
            return datetime.fromisoformat(self.text(name)).astimezone(UTC)
        except ValueError:
            self._wrong(name, "a time")

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._list(name)
        if not _all_text(values):
            self._wrong(name, "a list of texts")
        return tuple(values)

    def rows(self, name: str, length: int) -> tuple[tuple[str, ...], ...]:
        values = self._list(name)
        for row in values:
            if not (isinstance(row, list) and len(row) == length and _all_text(row)):
                self._wrong(name, f"lists of {length} texts")
        return tuple(tuple(row) for row in values)

    def text_or_texts(self, name: str) -> str | Mapping[str, str]:
        value = self._get(name)
        if isinstance(value, dict) and _all_text(list(value.values())):
            return value
        return self.text(name)

    def object(self, name: str) -> Fields:
        return Fields(self._get(name), f"{self.where}: {name}")

    def objects(self, name: str) -> tuple[Fields, ...]:
        values = enumerate(self._list(name))
        return tuple(Fields(value, f"{self.where}: {name}[{index}]") for index, value in values)

    def _list(self, name: str) -> list[Any]:
        value = self._get(name)
        if not isinstance(value, list):
            self._wrong(name, "a list")
        return value

    def _get(self, name: str) -> Any:
        if not isinstance(self.data, dict) or name not in self.data:
            self._wrong(name, "a value")
        return self.data[name]

    def _wrong(self, name: str, wanted: str) -> NoReturn:
        raise WikiplanError(f"{self.where}: {name}: {wanted} is expected here")


def _all_text(values: list[Any]) -> bool:
    return all(isinstance(value, str) and not _HALF.search(value) for value in values)
