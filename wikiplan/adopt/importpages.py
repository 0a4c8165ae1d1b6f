"""The ``pages.yaml`` of a plan made out of pages: sections, languages, and ids that units keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wikiplan.adopt.adopted import PageTexts
from wikiplan.adopt.adoptedplan import Placed
from wikiplan.adopt.drafts import Place

Data = dict[str, Any]
Ids = Mapping[str, Mapping[Place, str]]
"""By unit key, by section: the id that the unit has there."""


def pages_file(
    pages: Sequence[PageTexts], placed: Sequence[Placed], ids: Ids, site: str, source: str
) -> Data:
    """Return the file's data; pages of which nothing was taken over are not in it."""
    others = sorted({code for page in pages for code in _languages(page)} - {source})
    by_place = {each.place: each for each in placed}
    entries = [_page(page, by_place, ids, [source, *others]) for page in pages]
    return {
        "site": site,
        "source-language": source,
        "languages": [source, *others],
        "pages": [entry for entry in entries if entry["sections"]],
    }


def _page(page: PageTexts, placed: Mapping[Place, Placed], ids: Ids, every: Sequence[str]) -> Data:
    own = _languages(page)
    entry: Data = {"title": page.title, "kind": "translatable" if page.translatable else "plain"}
    if page.translatable:
        entry |= {"ids": kept} if (kept := _ids(page.title, ids)) else {}
    elif len(own) == 1 < len(every):
        entry["language-pages"] = "none"
    if 1 < len(own) < len(every):
        entry["languages"] = [code for code in every if code in own]
    entry["sections"] = [
        {"name": section.name, "template": found.template, "data": found.stem}
        for section in page.sections
        if (found := placed.get((page.title, section.name)))
    ]
    return entry


def _ids(title: str, ids: Ids) -> dict[str, int | str]:
    """Return the ids of a page's units, by key, or by section and key where several have it."""
    found: dict[str, int | str] = {}
    for key, places in ids.items():
        here = {section: id for (page, section), id in places.items() if page == title}
        for section, id in here.items():
            name = key if len(here) == 1 else f"{section}:{key}"
            found[name] = int(id) if id.isascii() and id.isdigit() and id[0] != "0" else id
    return found


def _languages(page: PageTexts) -> set[str]:
    return {code for section in page.sections for code in section.texts} | set(page.translations)
