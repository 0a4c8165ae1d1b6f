"""What templates see of the plan: its data by attribute, and texts in the section's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from wikiplan.errors import did_you_mean
from wikiplan.plan import Fact, Unit, variables_in
from wikiplan.render.escaping import Wikitext
from wikiplan.render.sources import SourcesRecord


class Units(Protocol):
    """How units appear in a section: as text in one language, or marked for translation.

    ``values`` come before the unit's own variables; a ``block`` is a paragraph of its own.
    ``scope`` is the item that a text of another file is said of: an event, a priority.
    """

    sources: SourcesRecord

    def text(
        self,
        unit: Unit,
        values: Mapping[str, Fact | Wikitext] | None = None,
        *,
        block: bool = False,
        scope: str = "",
    ) -> Wikitext: ...

    def anchors(self, heading: Unit) -> Sequence[Wikitext]: ...


class View:
    """A mapping of the plan: ``item.see_also`` reads its key ``see-also``.

    ``block.text`` of a text block is the unit as wikitext. An empty value counts as missing. There
    are no public methods: they would hide keys of the same name (``items``). ``said_of`` is the
    item that its texts are said of, where others share them: a date of a series.
    """

    __slots__ = ("_data", "_known", "_name", "_said_of", "_scope", "_units")

    def __init__(
        self,
        name: str,
        data: Mapping[str, Any],
        known: Mapping[str, Unit],
        units: Units,
        scope: str = "",
        said_of: str = "",
    ) -> None:
        self._name = name
        self._data = data
        self._known = known
        self._units = units
        self._scope = scope
        self._said_of = said_of

    def __getitem__(self, key: str) -> Any:
        value = self._read(key)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: str) -> bool:
        return self._data.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __str__(self) -> str:
        raise TypeError(f"{self._name} is no text; add “.text” or the name of one of its keys")

    def _read(self, key: str) -> Any:
        """Return a key's value, None where it is missing."""
        value = self._data.get(key)
        if value is None:
            key = key.replace("_", "-")
            value = self._data.get(key)
            if value is None:
                return None
        if isinstance(value, str):
            own = key == "text" and self._data.get("unit")
            return self._units.text(self._known[own], scope=self._said_of) if own else value
        if isinstance(value, (list, tuple)):
            return self._wrapped_list(f"{self._name}.{key}", value)
        if isinstance(value, Mapping):
            return self._wrapped(f"{self._name}.{key}", value, key)
        return value

    def _wrapped_list(self, name: str, items: Sequence[Any]) -> tuple[Any, ...]:
        """Return a list's items; in the keys of units its own name does not count, but theirs."""
        return tuple(
            self._wrapped_list(f"{name}[{at}]", item)
            if isinstance(item, (list, tuple))
            else self._wrapped(f"{name}[{at}]", item, _key_of(item))
            for at, item in enumerate(items)
        )

    def _wrapped(self, name: str, value: Any, step: str) -> Any:
        if isinstance(value, Mapping):
            scope = f"{self._scope}.{step}" if self._scope and step else ""
            return View(name, value, self._known, self._units, scope, self._said_of)
        return value


class FileView(View):
    """A whole file of the plan; what looks at it is made from the file."""

    __slots__ = ()

    def __contains__(self, key: str) -> bool:
        self._look()
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._look()
        return super().__iter__()

    def __len__(self) -> int:
        self._look()
        return super().__len__()

    def _read(self, key: str) -> Any:
        self._look()
        return super()._read(key)

    def _look(self) -> None:
        self._units.sources.files.add(self._name)


def unit_of(block: View) -> Unit:
    """Return the unit of a text block. Raises :class:`TypeError` with words for people."""
    if not isinstance(block, View) or "unit" not in block:
        raise TypeError(f"“{block!r:.60}” is no text block; give one that has a “text:”")
    return block._known[block._data["unit"]]


def variables_of(block: View) -> tuple[str, ...]:
    """Return the names of the variables in a text block."""
    unit = unit_of(block)
    block._units.sources.text_of(unit.text, unit.variables)
    return variables_in(unit.text)


def scope_of(item: View) -> str:
    """Return the first part of the keys of the units in an item.

    Raises :class:`TypeError` with words for people where units have none.
    """
    if not isinstance(item, View) or not item._scope:
        raise TypeError(f"“{item!r:.60}” is no item of the plan; give one that has a “key:”")
    return item._scope


def _key_of(item: Any) -> str:
    key = item.get("key") if isinstance(item, Mapping) else None
    return key if isinstance(key, str) else ""


def value_or(view: View, key: str, default: Any) -> Any:
    return view[key] if key in view else default  # noqa: SIM401 (a View has no public methods)


def missing_key(view: View, key: str) -> str:
    """Return what to say about a key that a template asks for in vain."""
    spelling = key.replace("_", "-")
    return f"{view._name} has no key “{spelling}”" + (
        f" ({hint})" if (hint := did_you_mean(spelling, view)) else ""
    )
