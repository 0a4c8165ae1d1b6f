"""What a source gives, and which version of it that is."""

from __future__ import annotations

from typing import Any

from wikiplan.sources import tables, web
from wikiplan.sources.sourcelist import Source
from wikiplan.sources.web import Limits
from wikiplan.value import Value
from wikiplan.wiki import Revision


class Content(Value):
    """Rows where the source has columns, else JSON; ``version`` is its server's name for it."""

    given: Any
    version: str


def of_sheet(source: Source, limits: Limits, version: str) -> Content | None:
    """Fetch a sheet; None if it is the version that the plan has. Raises :class:`SourceError`."""
    answer = web.fetch(source.sheet, version, limits)
    if answer.body is None:
        return None
    return Content(tables.of_csv(answer.body, source.columns), answer.version)


def of_page(source: Source, revision: Revision, version: str) -> Content | None:
    """Return what a page of the wiki holds, in the same way."""
    if revision.exists and str(revision.number) == version:
        return None
    given = tables.on_page(revision)
    rows = tables.of_json(given, source.columns) if source.columns else given
    return Content(rows, str(revision.number))
