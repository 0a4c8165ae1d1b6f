"""Sections about the department: the overview, the mission, the teams, read from their rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wikiplan.adopt import slugs
from wikiplan.adopt.blocks import Kind
from wikiplan.adopt.drafts import IDS, TRANSLATIONS, Draft, Drafting, Place, draft_of
from wikiplan.adopt.rows import Row, Rows
from wikiplan.wikitext import seen

Data = dict[str, Any]

ABOUT = " – "
"""Between a team and what it does."""

_BOLD = re.compile(r"'''([^'\[\]]+)'''")
_PERSON = re.compile(r"\[\[\$([a-z][a-z0-9_]*)\|([^\[\]|]+)\]\]")


def overview(rows: Rows, drafting: Drafting) -> Data | None:
    """Return what one paragraph says of a department."""
    if [row.kind for row in rows.rows] != [Kind.PARAGRAPH]:
        return None
    block = drafting.block(draft_of(rows.rows[0], rows), rows.place)
    return {**_lead(block["text"], drafting), "overview": block}


def mission(rows: Rows, drafting: Drafting) -> Data | None:
    """Return what a heading and a paragraph say."""
    if not is_heading_and(rows.rows[:2], Kind.PARAGRAPH) or len(rows.rows) != 2:
        return None
    heading, text = (drafting.block(draft_of(row, rows), rows.place) for row in rows.rows)
    return {"mission-heading": heading, "mission": text}


def teams(rows: Rows, drafting: Drafting) -> Data | None:
    """Return a heading and a list of teams, each with what it does if that stands behind a dash."""
    heading, *items = rows.rows or (None,)
    flat = bool(items) and all(row.kind is Kind.ITEM and row.marks == "*" for row in items)
    if heading is None or not is_heading_and(rows.rows[:1]) or not flat:
        return None
    found: list[Data] = []
    for row in items:
        found.append(_team(draft_of(row, rows), rows.place, drafting, found))
    return {"teams-heading": drafting.block(draft_of(heading, rows), rows.place), "teams": found}


def team(row: Row, rows: Rows, drafting: Drafting) -> Data:
    """Return a team by a list item that is its name."""
    block = drafting.block(draft_of(row, rows), rows.place)
    return {"key": slugs.whole_key_of(seen.words_of(block["text"]), fallback="team"), **block}


def is_heading_and(rows: Sequence[Row], *kinds: Kind) -> bool:
    """Tell whether rows are a heading of the second level and blocks of these kinds."""
    return [row.kind for row in rows] == [Kind.HEADING, *kinds] and rows[0].marks == "=="


def name_of(title: str, overview: Data | None) -> Data:
    """Return the department's name: the page's title, in other languages what is bold there."""
    block: Data = {"text": title, TRANSLATIONS: {}, IDS: {}}
    english = _BOLD.search(overview["text"]) if overview else None
    if overview and english and english[1] == title:
        for language, (text, outdated) in overview[TRANSLATIONS].items():
            if found := _BOLD.search(text):
                block[TRANSLATIONS][language] = (found[1], outdated)
    return block


def _team(draft: Draft, place: Place, drafting: Drafting, others: Sequence[Data]) -> Data:
    halves = {code: text.partition(ABOUT) for code, text in draft.texts.items()}
    taken = {other["key"] for other in others}
    if not all(about for _, _, about in halves.values()) or draft.id:
        block = drafting.block(draft, place)
        return {"key": slugs.whole_key_of(seen.words_of(block["text"]), taken, "team"), **block}
    name = drafting.block(draft.with_texts({c: half[0] for c, half in halves.items()}), place)
    about = drafting.block(draft.with_texts({c: half[2] for c, half in halves.items()}), place)
    key = slugs.whole_key_of(seen.words_of(name["text"]), taken, "team")
    return {"key": key, **name, "about": about}


def _lead(text: str, drafting: Drafting) -> Data:
    """Return the head of the department, if the text links to one user's page."""
    entries = drafting.names.entries
    people = {
        name: words
        for name, words in _PERSON.findall(text)
        if str(entries.get(name, {}).get("page", "")).startswith("User:")
    }
    if len(people) != 1:
        return {}
    ((name, words),) = people.items()
    return {"lead": {"name": words, "link": name}}
