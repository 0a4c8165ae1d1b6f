"""What templates see of the plan: its data by attribute, and texts in the section's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from wikiplan.escape import Wikitext
from wikiplan.near import did_you_mean
from wikiplan.units import Unit


class Units(Protocol):
    """How units appear in a section: as text in one language, or marked for translation."""

    def text(self, unit: Unit) -> Wikitext: ...


class View:
    """A mapping of the plan: ``item.see_also`` reads its key ``see-also``.

    ``block.text`` of a text block is the unit as wikitext. An empty value counts as missing. There
    are no public methods: they would hide keys of the same name (``items``).
    """

    __slots__ = ("_data", "_known", "_name", "_units")

    def __init__(
        self, name: str, data: Mapping[str, Any], known: Mapping[str, Unit], units: Units
    ) -> None:
        self._name = name
        self._data = data
        self._known = known
        self._units = units

    def __getitem__(self, key: str) -> Any:
        for spelling in (key, key.replace("_", "-")):
            if self._data.get(spelling) is not None:
                return self._value(spelling)
        raise KeyError(key)

    def __contains__(self, key: str) -> bool:
        return self._data.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __str__(self) -> str:
        raise TypeError(f"{self._name} is no text; add “.text” or the name of one of its keys")

    def _value(self, key: str) -> Any:
        if key == "text" and "unit" in self._data:
            return self._units.text(unit_of(self))
        return self._wrapped(f"{self._name}.{key}", self._data[key])

    def _wrapped(self, name: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return View(name, value, self._known, self._units)
        if isinstance(value, (list, tuple)):
            return tuple(self._wrapped(f"{name}[{at}]", item) for at, item in enumerate(value))
        return value


def unit_of(block: View) -> Unit:
    """Return the unit of a text block. Raises :class:`TypeError` with words for people."""
    if not isinstance(block, View) or "unit" not in block:
        raise TypeError(f"“{block!r:.60}” is no text block; give one that has a “text:”")
    return block._known[block._data["unit"]]


def value_or(view: View, key: str, default: Any) -> Any:
    return view[key] if key in view else default  # noqa: SIM401 (a View has no public methods)


def missing_key(view: View, key: str) -> str:
    """Return what to say about a key that a template asks for in vain."""
    spelling = key.replace("_", "-")
    return f"{view._name} has no key “{spelling}”" + (
        f" ({hint})" if (hint := did_you_mean(spelling, view)) else ""
    )
