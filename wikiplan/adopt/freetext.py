"""Sections of free text, read from their rows: whatever no other section kind takes."""

from __future__ import annotations

from typing import Any

from wikiplan.adopt import slugs
from wikiplan.adopt.blocks import Kind
from wikiplan.adopt.drafts import Drafting, draft_of
from wikiplan.adopt.rows import Row, Rows
from wikiplan.wikitext import seen

Data = dict[str, Any]


def free_text(rows: Rows, drafting: Drafting) -> Data:
    """Return every block of a section, in its order."""
    blocks: list[Data] = []
    before = None
    for row in rows.rows:
        taken = {block["key"] for block in blocks}
        blocks.append(_with_gap(_block(row, rows, drafting, taken), row, before))
        before = row
    return {"blocks": blocks}


def as_it_is(texts: dict[str, str]) -> Data:
    """Return a section as one piece of wikitext in each language."""
    return {"blocks": [{"key": "wikitext", "wikitext": texts}]}


def _block(row: Row, rows: Rows, drafting: Drafting, taken: set[str]) -> Data:
    if row.kind is Kind.OTHER:
        return {"key": slugs.key_of("wikitext", taken), "wikitext": dict(row.raw)}
    block = drafting.block(draft_of(row, rows), rows.place)
    words = seen.without_variables(seen.words_of(block["text"]))
    head: Data = {"key": slugs.key_of(words, taken, row.kind.value)}
    if row.kind is Kind.HEADING:
        head["level"] = len(row.marks)
    elif row.kind is Kind.ITEM:
        head["bullets"] = row.marks
    return {**head, **block}


def _with_gap(block: Data, row: Row, before: Row | None) -> Data:
    """Say whether a blank line stands before the block, where that is not as usual."""
    usual = not (row.kind is Kind.ITEM and before is not None and before.kind is Kind.ITEM)
    if before is None or row.apart == usual:
        return block
    return {**block, "blank-line": row.apart}
