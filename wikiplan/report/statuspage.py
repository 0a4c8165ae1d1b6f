"""The status page: what is left to translate, as one HTML file for translators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wikiplan import files
from wikiplan.catalogs import State
from wikiplan.l10n import languages
from wikiplan.report import webpage
from wikiplan.sync import LanguageProgress, Overview, PageProgress, UnitProgress, tally

FILE = "index.html"
MOST_MISSING = 40
"""Untranslated texts shown of a section; how many more there are is told."""

_VARIABLE = re.compile(r"(\$[a-z][a-z0-9_]*|\$\$)")


def write(directory: Path, overview: Overview) -> Path:
    """Write the page into a folder, which is made if it is not there; return the file."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / FILE
    files.replace(file, page(overview).encode())
    return file


def page(overview: Overview) -> str:
    """Return the page's HTML."""
    columns = [(place, name) for place, each in enumerate(overview.pages) for name in each.sections]
    values = {
        "site": overview.site,
        "time": f"{overview.time:%Y-%m-%d %H:%M} UTC",
        "pages": [_page(place, each) for place, each in enumerate(overview.pages)],
        "languages": [_language(overview, code, columns) for code in overview.languages],
        "sums": overview.tally(),
    }
    return webpage.page("status", values)


def _page(place: int, page: PageProgress) -> dict[str, Any]:
    return {
        "place": place,
        "title": page.title,
        "sections": page.sections,
        "stage": page.stage,
        "told": page.told,
        "waiting": page.waiting,
    }


def _language(overview: Overview, code: str, columns: Sequence[tuple[int, str]]) -> dict[str, Any]:
    by_title = {page.title: each for page, each in overview.of_language(code)}
    groups = [
        _group(code, place, overview.pages[place], by_title.get(overview.pages[place].title), name)
        for place, name in columns
    ]
    return {
        "code": code,
        "name": _name(code),
        "tally": overview.tally(code),
        "groups": groups,
    }


def _name(code: str) -> dict[str, str]:
    """Return how a language is called and written; the wiki may have one that we do not know."""
    if not languages.is_known(code):
        return {"autonym": code, "lang": code, "dir": "auto"}
    found = languages.get(code)
    return {"autonym": found.autonym, "lang": found.bcp47, "dir": found.direction}


def _group(
    code: str, place: int, page: PageProgress, each: LanguageProgress | None, section: str
) -> dict[str, Any]:
    """Return a section of a page in a language: a cell of the map, and a list of texts."""
    units = each.of_section(section) if each else ()
    found = tally(units)
    missing = [unit for unit in units if unit.state is State.UNTRANSLATED and not unit.conflicts]
    return {
        "id": f"{code}.{place}.{section or 'other'}",
        "page": page.title,
        "section": section,
        "tally": found,
        "empty": not units,
        "level": min(found.percent // 25, 3) + (found.percent > 0) if found.percent < 100 else 5,
        "units": [_unit(u) for u in units if u.state is State.OUTDATED or u.conflicts],
        "missing": [_unit(unit) for unit in missing[:MOST_MISSING]],
        "more": max(0, len(missing) - MOST_MISSING),
    }


def _unit(unit: UnitProgress) -> dict[str, Any]:
    rows = unit.difference
    return {
        "key": unit.key,
        "state": str(unit.state),
        "english": tuple(_marked(unit.english)),
        "before": [row.before.runs for row in rows if row.before],
        "after": [row.after.runs for row in rows if row.after],
        "text": tuple(_marked(unit.text)),
        "conflicts": [tuple(_marked(text)) for text in unit.conflicts],
        "since": f"{unit.since:%Y-%m-%d}" if unit.since else "",
        "translator": unit.translator,
        "address": unit.address,
        "place": unit.place,
    }


def _marked(text: str) -> Iterator[tuple[str, bool]]:
    """Yield a text in parts, with whether each is a variable: these read from left to right."""
    for number, part in enumerate(_VARIABLE.split(text)):
        if part:
            yield part, bool(number % 2)
