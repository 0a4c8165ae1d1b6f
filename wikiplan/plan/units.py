"""Units: the smallest texts that a translator translates, with stable keys and variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wikiplan.plan.facttypes import Fact, Link
from wikiplan.value import Value

MOST_KEY_BYTES = 100
"""A key becomes part of a page title on translatable pages, and titles end at 255 bytes."""

# ``$$`` is a literal dollar; so is every ``$`` that no variable name follows.
_DOLLAR = re.compile(r"\$(\$|[a-z][a-z0-9_]*)")


class Unit(Value):
    """One text with what its ``$variables`` stand for. ``line`` and ``column`` are of the text."""

    key: str
    text: str
    variables: Mapping[str, Fact]
    note: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    change: str = ""
    kept: tuple[str, ...] = ()
    """Variables that the text had: outdated translations on a translatable page still use them."""
    is_name: bool = False
    """Each language may write it in its own script; where it does not, the plan's own stands."""
    is_shipped: bool = False
    """A word that a template needs and the plan lacks: it comes with wikiplan, also translated."""


class TextBlock(Value):
    """A mapping with a ``text:``. ``segments`` is None when a list item above has no key."""

    path: tuple[str | int, ...]
    segments: tuple[str, ...] | None
    data: dict[str, Any]


def kept_variables(block: TextBlock) -> tuple[str, ...]:
    """Return the variables that a text had and that stay defined, whatever the file says there."""
    kept = block.data.get("keep-variables")
    return tuple(map(str, kept)) if isinstance(kept, list) else ()


def variables_in(text: str) -> tuple[str, ...]:
    """Return the names of the variables in a unit's text, each once, in order."""
    if "$" not in text:  # most texts
        return ()
    names = (match[1] for match in _DOLLAR.finditer(text))
    return tuple(dict.fromkeys(name for name in names if name != "$"))


def compose(block: Mapping[str, Any], links: Mapping[str, Link]) -> str:
    """Return a text block's whole unit text: label, text and see-also."""
    label = f"'''{block['label']}:''' " if block.get("label") else ""
    see_also = ", ".join(_link_wikitext(name, links[name]) for name in block.get("see-also", ()))
    return f"{label}{block['text']}" + (f" (See also: {see_also}.)" if see_also else "")


def _link_wikitext(name: str, link: Link) -> str:
    return f"[${name} {link.title}]" if link.url else f"[[${name}|{link.title}]]"


def blocks_in(data: Any) -> Iterator[TextBlock]:
    """Yield every text block of a file's data, outer before inner, in the file's order."""
    yield from _blocks(data, (), ())


def _blocks(
    data: Any, path: tuple[str | int, ...], segments: tuple[str, ...] | None
) -> Iterator[TextBlock]:
    if isinstance(data, dict):
        # A mapping below ``text:`` is something that is called text, such as a label.
        if "text" in data and not isinstance(data["text"], dict):
            yield TextBlock(path, segments, data)
        for key, value in data.items():
            if key != "variables":
                inner = segments if isinstance(value, list) else _join(segments, key)
                yield from _blocks(value, (*path, key), inner)
    elif isinstance(data, list):
        for index, item in enumerate(data):
            key = item.get("key") if isinstance(item, dict) else None
            yield from _blocks(item, (*path, index), _join(segments, key))


def _join(segments: tuple[str, ...] | None, key: object) -> tuple[str, ...] | None:
    return (*segments, key) if segments is not None and isinstance(key, str) else None


def items_in(data: Any) -> dict[str, tuple[str | int, ...]]:
    """Return the places of a file's items by their keys, those within others behind theirs.

    An item is called as its texts are: ``gardens.roses`` is the item ``roses`` of ``gardens``.
    """
    return dict(_items(data, (), ()))


def _items(
    data: Any, path: tuple[str | int, ...], keys: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _items(value, (*path, key), keys)
    elif isinstance(data, list):
        for at, item in enumerate(data):
            key = item.get("key") if isinstance(item, dict) else None
            inner = (*keys, key) if isinstance(key, str) else keys
            if inner != keys:
                yield ".".join(inner), (*path, at)
            yield from _items(item, (*path, at), inner)


def prefix(stem: str) -> str:
    """Return the first part of the keys of a file's units: ``priorities/x`` is ``priorities-x``."""
    return stem.replace("/", "-")


_OF_AN_ITEM = re.compile(r"(?:^|\.)(?:labels|links)\.")


def is_label(id: str) -> bool:
    """Tell whether a unit is a label, or a link's title: words that stand once an item.

    Their keys have the item's before them (``office-hours.2021-07.labels.host``). They come and go
    with the clock and with states, and their translations stay in the catalogs.
    """
    return bool(_OF_AN_ITEM.search(id))


def link_key(name: str) -> str:
    """Return the key of the unit that a link's title is where no label has its words."""
    return f"links.{name.replace('_', '-')}"


def links_of(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Link]:
    """Return the named link targets of ``links.yaml``."""
    return {
        name: Link(
            page=entry.get("page", ""),
            url=entry.get("url", ""),
            title=entry["title"],
            translatable=entry.get("translatable", False),
        )
        for name, entry in data.items()
    }
