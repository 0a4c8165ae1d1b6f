"""Patterns: entries of ``pages.yaml`` that stand for a page per year, event, team or other item.

A field such as ``{event}`` in a title goes over the plan's data. What it stands for on one page is
a subject: an item of a list, or a whole file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from pathlib import PurePosixPath
from typing import Any

from wikiplan.errors import Invalid, did_you_mean
from wikiplan.l10n import fiscalyears, parse_fiscal_year
from wikiplan.plan.kinds import FIELDS, file_kind
from wikiplan.plan.moves import FILE, TEAM, UNIT, Moves, of_teams
from wikiplan.plan.units import prefix
from wikiplan.plan.values import FIELD
from wikiplan.value import Value, replace

OF_SECTION = ("name", "data", "item")
"""Keys of a section in which fields may stand."""

_DATE_CHARACTERS = len("2022-01-15")


class Subject(Value):
    """What a field stands for on one page: an item with this key, or the file of this ``stem``.

    ``listed`` is the key of the list that it is in, empty for a file.
    """

    name: str
    key: str
    stem: str
    data: Mapping[str, Any]
    listed: str = ""
    shown: str = ""
    """How titles say it: a year as readers write it, a name."""

    def __str__(self) -> str:
        return f"{self.name} {self.key}"

    def said(self, attribute: str, *, titled: bool) -> str:
        """Return what ``{field.attribute}`` says. Raises :class:`ValueError` with what to do."""
        match attribute:
            case "":
                return self.shown if titled else self.key
            case "key":
                return self.key
            case "file":
                return self.stem
        value = self.data.get(attribute)
        if value is None and attribute == "date" and isinstance(self.data.get("start"), str):
            return str(self.data["start"])[:_DATE_CHARACTERS]
        if isinstance(value, dict):
            value = value.get("text")
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
        hint = did_you_mean(attribute, self.data) or "name a key that each of them has"
        raise Invalid("nothing-for-field", f"the {self} has no words under “{attribute}”; {hint}")

    def former(self, moves: Moves) -> Iterator[Subject]:
        """Yield it by the keys that it had, the newest first."""
        for key in self._former_keys(moves):
            yield replace(self, key=key, shown=key if self.shown == self.key else self.shown)

    def _former_keys(self, moves: Moves) -> list[str]:
        if not self.listed:
            stems = moves.former(FILE, self.stem)
            return [PurePosixPath(stem).name for stem in stems]
        if of_teams(self.stem):
            return list(moves.former(TEAM, self.key))
        names = moves.former(UNIT, f"{prefix(self.stem)}.{self.key}")
        return [name.rpartition(".")[2] for name in names]


Subjects = tuple[Subject, ...]
"""Those of one page, in the order of the fields in its title."""


def fields_in(text: Any) -> list[str]:
    """Return the names of the fields in a text, each once; none where it is no text."""
    found = FIELD.finditer(text) if isinstance(text, str) and "{" in text else ()
    return list(dict.fromkeys(each[1] for each in found))


def filled(text: str, subjects: Sequence[Subject], *, titled: bool = False) -> str:
    """Return a text with what its fields say. Raises :class:`ValueError` for what says nothing."""
    known = {each.name: each for each in subjects}
    return FIELD.sub(
        lambda found: (
            known[found[1]].said(found[2] or "", titled=titled) if found[1] in known else found[0]
        ),
        text,
    )


def filled_entry(entry: Mapping[str, Any], subjects: Sequence[Subject]) -> dict[str, Any]:
    """Return a pattern as the entry of one page. Raises as :func:`filled` does."""
    page = dict(entry)
    page["title"] = filled(entry["title"], subjects, titled=True)
    if isinstance(sections := entry.get("sections"), list):
        page["sections"] = [_filled_section(each, subjects) for each in sections]
    if isinstance(place := entry.get("missing-section"), dict):
        page["missing-section"] = {
            where: filled(words, subjects, titled=where != "after-section")
            if isinstance(words, str)
            else words
            for where, words in place.items()
        }
    return page


def _filled_section(section: Any, subjects: Sequence[Subject]) -> Any:
    if not isinstance(section, dict):
        return section
    texts = {key: section[key] for key in OF_SECTION if isinstance(section.get(key), str)}
    return {**section, **{key: filled(text, subjects) for key, text in texts.items()}}


# What there is for a field.


class AllSubjects:
    """What fields stand for in a plan's data, by their stems, however damaged."""

    def __init__(self, data: Mapping[str, Any], year_form: str = "") -> None:
        self._data = data
        self._year_form = year_form
        self._known: dict[tuple[str, str], list[Subject]] = {}

    def of(self, name: str, own: Mapping[str, str]) -> list[Subject]:
        """Return what a field stands for; ``own`` are places of lists by names of fields.

        Raises :class:`ValueError` where there is no such field, or no such list.
        """
        where = own.get(name, "")
        if (name, where) not in self._known:
            if not where and name not in FIELDS:
                known = [*own, *FIELDS]
                hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
                raise Invalid("unknown-field", f"there is no field {{{name}}}; {hint}")
            found = self._in_list(name, where) if where else self._usual(name)
            self._known[name, where] = list(found)
        return self._known[name, where]

    def _usual(self, name: str) -> Iterator[Subject]:
        for stem, data in self._data.items():
            listed = file_kind(stem).fields.get(name)
            if listed is None or not isinstance(data, dict):
                continue
            if not listed:
                key = PurePosixPath(stem).name
                yield Subject(name, key, stem, data, shown=self._written(stem, key))
            for item in _keyed(data.get(listed)) if listed else ():
                shown = _name(item, of_team=of_teams(stem))
                yield Subject(name, item["key"], stem, item, listed, shown or item["key"])

    def _in_list(self, name: str, where: str) -> Iterator[Subject]:
        stem, *steps = where.split(".")
        if stem not in self._data:
            hint = did_you_mean(stem, self._data) or "add the file or name another"
            raise Invalid("list-of-no-file", f"data/ has no file {stem}.yaml; {hint}")
        found = self._data[stem]
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        if not isinstance(found, list | dict):
            raise Invalid(
                "no-list-for-field",
                f"{stem}.yaml has no list {'.'.join(steps)}; name a list of items with keys, "
                "like grants.rounds for the list rounds of grants.yaml",
            )
        for item in _keyed(found):
            shown = _name(item, of_team=False)
            yield Subject(name, item["key"], stem, item, steps[-1] if steps else stem, shown)

    def _written(self, stem: str, key: str) -> str:
        """Return a year as readers see it in a title."""
        with suppress(ValueError):
            return "".join(fiscalyears.parts(self._year_form, parse_fiscal_year(key)))
        return key


def _keyed(items: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the items with a key of a list; those of a mapping have their names as such."""
    if isinstance(items, dict):
        items = [{**each, "key": key} for key, each in items.items() if isinstance(each, dict)]
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            yield item


def _name(item: Mapping[str, Any], *, of_team: bool) -> str:
    """Return the name that an item has in words, its key where it has none."""
    name = item.get("name", item if of_team else None)
    name = name.get("text") if isinstance(name, dict) else name
    return name if isinstance(name, str) else str(item["key"])


def combined(every: Sequence[Sequence[Subject]]) -> Iterator[Subjects]:
    """Yield the subjects of each page: all with all, but of a file with a list only what is in it.

    A team that dissolved has a page only where a year's file names it.
    """
    for subjects in product(*every):
        files = [each for each in subjects if not each.listed]
        if all(_belongs(each, files) for each in subjects if each.listed):
            yield subjects


def _belongs(item: Subject, files: Sequence[Subject]) -> bool:
    lists = [each.data[item.listed] for each in files if item.listed in each.data]
    if lists:
        return all(item.key in {each["key"] for each in _keyed(found)} for found in lists)
    return item.data.get("dissolved") is not True


def listed(value: Any) -> list[Any]:
    """Return a list, an empty one where something else stands."""
    return value if isinstance(value, list) else []
