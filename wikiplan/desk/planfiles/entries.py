"""What a file of the plan consists of: its lists, and mappings that are as good as lists.

The data model says which there can be, and what an entry of each needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wikiplan.desk.planfiles.places import Place, fixed
from wikiplan.errors import WikiplanError
from wikiplan.plan import kind_of, kinds, schema, shapes
from wikiplan.value import Value

_ONE = {
    "agenda": "agenda item",
    "hypotheses": "hypothesis",
    "people": "person",
    "labels": "label",
    "links": "link",
    "sources": "source",
    "languages": "language",
}
"""What one of several is called, where that is not the word without its last letter."""
_CALLED = ("name", "label", "title", "topic", "term", "text", "template", "page")
"""Keys whose values tell people best which entry it is."""
MOST_SHOWN = 90
"""Characters of what an entry is called."""


def within(place: Place, step: str | int) -> Place:
    return Place(place.stem, (*place.path, step))


def first_value(place: Place, data: Any) -> Place | None:
    """Return the first value of an entry that can be edited by itself, None for none."""
    if isinstance(data, dict):
        found = (first_value(within(place, name), each) for name, each in data.items())
        return next((each for each in found if each and not fixed(each)), None)
    return place if isinstance(data, str | int) and isinstance(place.path[-1], str) else None


class Model:
    """What the data model says of the values at a place."""

    def __init__(self, said: Mapping[str, Any], root: Mapping[str, Any]) -> None:
        self._root = root
        self.said = self._resolved(said)

    @classmethod
    def of_file(cls, stem: str) -> Model:
        root = schema.described(shapes.SHAPES[kind_of(stem)])
        return cls(root, root)

    def _resolved(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow references, and of several possible shapes take the one with most in it."""
        own = {key: said[key] for key in ("description", "examples") if key in said}
        while "$ref" in said or ("anyOf" in said and "type" not in said):
            if "$ref" in said:
                said = self._root["$defs"][said["$ref"].rpartition("/")[2]]
            else:
                own |= {"names": said["names"]} if "names" in said else {}
                said = said["anyOf"][-1]
        return {**said, **own}

    @property
    def properties(self) -> dict[str, Model]:
        found = self.said.get("properties", {})
        return {name: Model(said, self._root) for name, said in found.items()}

    @property
    def required(self) -> frozenset[str]:
        return frozenset(self.said.get("required", ()))

    @property
    def one_of(self) -> tuple[str, ...]:
        """Keys of which exactly one must be there."""
        return tuple(each["required"][0] for each in self.said.get("oneOf", ()))

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping whose keys are names that somebody gives."""
        return self.values is not None and not self.said.get("properties")

    @property
    def values(self) -> Model | None:
        """What the values of such a mapping are."""
        patterns = [*self.said.get("patternProperties", {}).values()]
        more = self.said.get("additionalProperties")
        found = (patterns or [more])[0]
        return Model(found, self._root) if isinstance(found, Mapping) and found else None

    @property
    def items(self) -> Model | None:
        """What the items of a list are, None for what is no list."""
        found = self.said.get("items")
        return Model(found, self._root) if isinstance(found, Mapping) else None

    @property
    def inner(self) -> Model | None:
        """What the entries of a list, or of such a mapping, are."""
        return self.values if self.is_mapping else self.items

    def at(self, path: Sequence[str | int]) -> Model:
        """Return what is said of a place within. Raises :class:`WikiplanError` for none."""
        found: Model | None = self
        for step in path:
            assert found
            own = found.properties.get(str(step)) if isinstance(step, str) else None
            found = own or found.inner
            if found is None:
                raise WikiplanError(
                    "no-list-at-the-desk",
                    f"there can be nothing at {'.'.join(map(str, path))}; go back to the plan",
                )
        assert found
        return found


class Entry(Value):
    """One of a list: what it is called, and the lists that it has in it.

    ``edit`` is the first of its values that has a form. ``can_have`` are lists that it has not:
    what an entry of each is called, and where one would be.
    """

    place: Place
    title: str
    key: str
    lists: tuple[Entries, ...] = ()
    can_have: tuple[tuple[str, Place], ...] = ()
    edit: Place | None = None
    is_first: bool = False
    is_last: bool = False
    can_move: bool = False


class Entries(Value):
    """A list of a file, or a mapping that is as good as one."""

    place: Place
    name: str
    one: str
    entries: tuple[Entry, ...]
    add: Place


def entries_of(stem: str, data: Mapping[str, Any]) -> tuple[Entries, ...]:
    """Return the lists of a file, none for one of the owner's own kind."""
    if kind_of(stem) == kinds.OWN:
        return ()
    model, place = Model.of_file(stem), Place(stem, ())
    if model.is_mapping:
        return (_entries(place, stem, data, model),)
    return tuple(_lists(place, data, model))


def _lists(place: Place, data: Any, model: Model) -> Iterator[Entries]:
    """Yield the lists in a mapping, also those of a part of it that is none itself."""
    for name, inner in model.properties.items():
        there, where = data.get(name), within(place, name)
        if inner.items is not None and there:
            yield _entries(where, name, there, inner)
        elif inner.items is None and isinstance(there, dict) and not inner.is_mapping:
            yield from _lists(where, there, inner)


def _entries(place: Place, name: str, there: Any, model: Model) -> Entries:
    steps = list(there) if isinstance(there, dict) else list(range(len(there)))
    inner = model.inner
    assert inner
    found = tuple(
        Entry(
            place=within(place, step),
            title=title_of(there[step], step),
            key=_key_of(there[step], step),
            lists=_lists_in(within(place, step), there[step], inner),
            can_have=tuple(_can_have(within(place, step), there[step], inner)),
            edit=first_value(within(place, step), there[step]),
            is_first=at == 0,
            is_last=at == len(steps) - 1,
            can_move=isinstance(there, list) and len(there) > 1,
        )
        for at, step in enumerate(steps)
    )
    return Entries(place, name, one_of(name), found, within(place, len(steps)))


def _lists_in(place: Place, data: Any, model: Model) -> tuple[Entries, ...]:
    return tuple(_lists(place, data, model)) if isinstance(data, dict) else ()


def _can_have(place: Place, data: Any, model: Model) -> Iterator[tuple[str, Place]]:
    """Yield the lists of mappings that an entry does not have yet: what one of them is called."""
    for name, inner in model.properties.items() if isinstance(data, dict) else ():
        items = inner.items
        if name == "pages" and "title" in data:
            continue  # a page is no group of pages
        if items is not None and items.properties and not data.get(name):
            yield one_of(name), within(within(place, name), 0)


def one_of(name: str) -> str:
    """Return what one of several is called: an item, a team."""
    return _ONE.get(name, name.removesuffix("s").replace("-", " "))


def title_of(entry: Any, step: str | int) -> str:
    """Return what people call an entry, the beginning of it."""
    if not isinstance(entry, dict):
        return _short(entry)
    words = next((entry[name] for name in _CALLED if entry.get(name)), None)
    if isinstance(words, dict):
        words = words.get("text", "")
    own = words or entry.get("key") or next((v for v in entry.values() if v), step)
    return _short(own if isinstance(own, str | int) else step)


def _key_of(entry: Any, step: str | int) -> str:
    if isinstance(step, str):
        return step
    key = entry.get("key") if isinstance(entry, dict) else None
    return str(key or "")


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
