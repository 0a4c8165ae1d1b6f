"""What a run did, edit by edit: from the wiki, with the texts that the journal knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from wikiplan.changes.journal import Entry, Result
from wikiplan.errors import Refusal, Stop, WikiplanError
from wikiplan.wiki.answers import sha1
from wikiplan.wiki.wiki import Contribution, Wiki
from wikiplan.wikitext.wholes import Whole, changed

RUN_ID = re.compile(r"(\d{8}T\d{6})Z-[0-9a-f]{6}")

CLOCKS = timedelta(days=1)
"""A wiki's clock and ours differ by less: edits of a run are looked for since so long before it."""


@dataclass(frozen=True, slots=True)
class RunEdit:
    """One edit of a run. ``created`` says that it made the page.

    ``sha1_before`` is of the page's text before it in hex, empty where that is not known;
    ``language`` is empty where only the wiki knows of the edit. ``damage`` says why its texts
    cannot be read.
    """

    title: str
    page_id: int
    number: int
    wholes: tuple[Whole, ...] = ()
    created: bool = False
    language: str = ""
    sha1_before: str = ""
    damage: str = ""


def started(run: str) -> datetime:
    """Return when a run began, as its id says. Raises when it is none."""
    found = RUN_ID.fullmatch(run)
    if not found:
        raise WikiplanError(
            f"{run}: no id of a run; it looks like 20261122T143543Z-b1b696, and stands in each "
            "edit's summary and in the report"
        )
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def of_run(run: str, wiki: Wiki, entries: Sequence[Entry]) -> tuple[RunEdit, ...]:
    """Return a run's edits, the newest first; ``entries`` are the journal's of this run.

    The wiki says which edits there are. One request for these, and two for each edit whose texts
    the journal does not know.
    """
    known = {each.revision: each for each in entries if each.result is Result.SAVED}
    since = started(run) - CLOCKS
    found = [_edit(wiki, each, known) for each in wiki.contributions(run, since)]
    listed = {edit.number for edit in found}
    # A deleted page is in no list of edits.
    gone = [_known(each) for number, each in known.items() if number not in listed]
    return (*found, *reversed(gone))


def _edit(wiki: Wiki, made: Contribution, known: Mapping[int, Entry]) -> RunEdit:
    if entry := known.get(made.number):
        return replace(_known(entry), title=made.title, page_id=made.page_id)
    if not made.parent:
        return RunEdit(made.title, made.page_id, made.number, created=True)
    try:
        before, after = wiki.text_of(made.parent), wiki.text_of(made.number)
        wholes = changed(before, after, wiki.extension_tags)
    except Stop:
        raise
    except Refusal as refusal:
        return RunEdit(made.title, made.page_id, made.number, damage=str(refusal))
    return RunEdit(made.title, made.page_id, made.number, wholes, sha1_before=sha1(before))


def _known(entry: Entry) -> RunEdit:
    merged = entry.parent != entry.base
    return RunEdit(
        entry.title,
        entry.page_id,
        entry.revision,
        entry.sections,
        created=not entry.base,
        language=entry.language,
        sha1_before="" if merged else entry.sha1_before,
    )
