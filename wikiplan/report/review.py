"""The review page: a change set as one HTML file, for people to look at before it is applied."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wikiplan import atomic
from wikiplan.changes import changefile
from wikiplan.changes.changes import Action, ChangeSet
from wikiplan.errors import WikiplanError
from wikiplan.report import htmlpage, reviewdata
from wikiplan.report.previews import Previews

NAME = "index.html"
WORDS = {
    Action.CREATE: "to create",
    Action.UPDATE: "to update",
    Action.DELETE: "to delete",
    Action.DRIFT: "edited by people",
    Action.CONFLICT: "in conflict",
    Action.REFUSED: "refused",
    Action.FAILED: "failed",
    Action.NONE: "unchanged",
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a change set does not say of itself: when it was made (UTC), and what applies it.

    ``plan`` is the digest of the plan's files, ``command`` the command before ``-changes:``.
    """

    made: datetime
    plan: str
    command: Sequence[str] = ("plan_update",)


def write(directory: Path, changes: ChangeSet, occasion: Occasion, previews: Previews) -> Path:
    """Write ``changes.json`` and the review page into a directory; returns the first one's path.

    The page is made before anything is written, and stands beside the file it shows.
    """
    text = page(directory / changefile.NAME, changes, occasion, previews)
    path = changefile.write(directory, changes, occasion.made, occasion.plan)
    try:
        atomic.replace(directory / NAME, text.encode())
    except OSError as error:
        raise WikiplanError(f"-out:{directory}: cannot be written ({error.strerror})") from error
    return path


def page(path: Path, changes: ChangeSet, occasion: Occasion, previews: Previews) -> str:
    """Return the review page of a change set whose file is, or will be, at ``path``."""
    tables = reviewdata.Tables()
    data = {
        "pages": reviewdata.pages(changes, previews, tables),
        "diffs": tables.diffs,
        "styles": tables.styles,
        "command": [*occasion.command, f"-changes:{path}"],
    }
    values = {
        "changes": changes,
        "made": occasion.made.astimezone(UTC),
        "counts": _counts(changes),
        "undoes": next((page.undoes for page in changes.pages if page.undoes), ""),
        "words": WORDS,
        "data": data,
        "frames": tables.frames,
        "file": _file(changes, occasion),
    }
    return htmlpage.page("review", values, embedded=tables.styles)


def _counts(changes: ChangeSet) -> Mapping[Action, int]:
    counts = Counter(reviewdata.action(page) for page in changes.pages)
    return {action: counts[action] for action in WORDS if counts[action]}


def _file(changes: ChangeSet, occasion: Occasion) -> Any:
    """Return what ``changes.json`` says, but for the digest: a part of it has its own."""
    data = json.loads(changefile.as_bytes(changes, occasion.made, occasion.plan))
    del data["digest"]
    return data
