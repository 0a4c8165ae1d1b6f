"""The review page: a change set as one HTML file, for people to look at before it is applied."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wikiplan import files, textdiff
from wikiplan.changes import (
    WRITTEN,
    Action,
    ChangeSet,
    Drift,
    LaterRevision,
    PageChange,
    PageEffect,
    Review,
    SectionChange,
    changefile,
    losses,
)
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.l10n import languages
from wikiplan.report import webpage
from wikiplan.translate import Effect
from wikiplan.value import Value, asdict
from wikiplan.wiki import Wiki

# How changed sections look on the wiki: rendered by it, before and after, and made harmless.


PAPER = """\
html { color-scheme: light; color: #202122; font: 1rem/1.6 sans-serif; }
html, body { height: auto !important; background: #fff !important; }
body { margin: 0; padding: 0.75rem 1rem !important; overflow-wrap: anywhere; }
.mw-parser-output > :first-child, .mw-parser-output > [lang]:first-child > :first-child {
  margin-top: 0 !important; padding-top: 0 !important; }
.wikiplan-picture { display: inline-flex; align-items: center; justify-content: center;
  max-width: 100%; overflow: hidden; padding: 0.25em; border: 1px dashed #72777d;
  background: #f8f9fa; color: #54595d; font-size: 0.8em; }"""
"""Stands before the wiki's own styles: wikis are light, and pictures are boxes with their words."""

Previews = Mapping[tuple[str, str], "Preview"]
"""By the page's title and the text that was rendered: a title can change what a text becomes."""


class Preview(Value):
    """A text as the wiki renders it: harmless HTML, and each stylesheet that it needs.

    ``refused`` is the wiki's reason when it would not render the text.
    """

    html: str
    styles: tuple[str, ...]
    refused: str = ""


def previews(
    changes: ChangeSet, wiki: Wiki, step: Callable[[str], None] = lambda title: None
) -> Previews:
    """Let the wiki render every section that would be written, as it is and as it will be.

    One request for each text: two for a changed section, one for a new one. ``step`` is called
    with each page's title. Writes nothing; empty where the wiki does not render.
    """
    found: dict[tuple[str, str], Preview] = {}
    for page in changes.to_write:
        step(page.title)
        for text in _texts(page):
            if (page.title, text) in found:
                continue
            preview = _preview(wiki, page, text)
            if preview is None:
                return {}
            found[page.title, text] = preview
    return found


def shown(section: SectionChange) -> bool:
    """Say whether a section's change has something to show."""
    return section.state in WRITTEN and section.before != section.after


def _texts(page: PageChange) -> Iterator[str]:
    for section in page.sections:
        if shown(section):
            yield from (text for text in (section.before, section.after) if text.strip())


def _preview(wiki: Wiki, page: PageChange, text: str) -> Preview | None:
    """Let the wiki render a text; it does so in the language that the page has now."""
    language, news = page.new_language, (each.after for each in page.sections)
    if language and text in news and languages.is_known(language.after):
        text = _in_language(text, languages.get(language.after))
    try:
        rendered = wiki.rendered(page.title, text)
    except Refusal as refusal:
        return Preview("", (), str(refusal))
    if rendered is None:
        return None
    clean = webpage.harmless_html(rendered.html)
    styles = (PAPER, webpage.harmless_css(rendered.styles), *clean.styles)
    return Preview(clean.html, tuple(filter(None, styles)))


def _in_language(text: str, language: languages.Language) -> str:
    side = language.direction
    return f'<div lang="{language.bcp47}" dir="{side}" class="mw-content-{side}">\n{text}\n</div>'


# What the review page shows of a change set, as plain values for its script.


Data = dict[str, Any]


@dataclass
class Tables:
    """What many sections share is stored once: diffs, rendered texts, stylesheets."""

    diffs: list[list[Any]] = field(default_factory=list)
    frames: list[Data] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    _places: dict[Any, int] = field(default_factory=dict)

    def diff(self, before: str, after: str) -> int | None:
        """Return where the diff of two texts stands; ``None`` of equal ones."""
        if before == after:
            return None
        if (key := (before, after)) not in self._places:
            self._places[key] = len(self.diffs)
            self.diffs.append([_row(row) for row in textdiff.rows(before, after)])
        return self._places[key]

    def frame(self, preview: Preview | None) -> int | None:
        if preview is None:
            return None
        if preview not in self._places:
            self._places[preview] = len(self.frames)
            styles = [self._style(style) for style in preview.styles]
            self.frames.append({"html": preview.html, "styles": styles, "told": preview.refused})
        return self._places[preview]

    def _style(self, css: str) -> int:
        if css not in self.styles:
            self.styles.append(css)
        return self.styles.index(css)


View = Callable[[PageChange, SectionChange, str], int | str | None]
"""Returns where a text of a section stands as readers see it: the number of a frame, or an address.

It is asked for the text ``before`` and ``after``; None stands for nothing to see.
"""


def page_data(changes: ChangeSet, view: View, tables: Tables) -> list[Data]:
    """Return the pages of a change set; ``tables`` grows by what they share."""
    return [_page(page, view, tables) for page in changes.pages]


def _embedded(previews: Previews, tables: Tables) -> View:
    """Return where rendered texts stand in the page itself."""
    return lambda page, section, side: tables.frame(
        previews.get((page.title, getattr(section, side)))
    )


def action(page: PageChange) -> Action:
    """Return what the review says of a page: one to delete is none of the change set's."""
    return Action.DELETE if page.to_delete else page.action


def _page(page: PageChange, view: View, tables: Tables) -> Data:
    return {
        "title": page.title,
        "action": action(page),
        "reason": page.told.reason,
        "summary": page.told.summary,
        "write": page.to_write,
        "page_language": str(page.new_language or ""),
        "between": [_revision(each) for each in page.told.since],
        "reviews": [_review(each) for each in page.reviews],
        "untranslated": list(page.told.untranslated),
        "outdated": list(page.told.outdated),
        "lost": [f"{each.key} ({each.instead})" for each in page.told.lost],
        "effect": _effect(page.effect, tables) if page.effect else None,
        "sections": [_section(page, section, view, tables) for section in page.sections],
        **_language(page.language),
    }


def _language(code: str) -> Data:
    """Return how a page says its language: in HTML, and to people."""
    if not languages.is_known(code):
        return {"code": code, "lang": "", "dir": "auto", "autonym": ""}
    language = languages.get(code)
    names = {"lang": language.bcp47, "dir": language.direction, "autonym": language.autonym}
    return {"code": code} | names


def _section(page: PageChange, section: SectionChange, view: View, tables: Tables) -> Data:
    sides = ("before", "after") if section.before != section.after else ()
    return {
        "name": section.name,
        "state": section.state,
        "write": page.to_write and section.state in WRITTEN,
        "diff": tables.diff(section.before, section.after),
        "drift": _drift(section.drift, tables) if section.drift else None,
        "views": [view(page, section, side) for side in sides],
    }


def _drift(drift: Drift, tables: Tables) -> Data:
    """Return what people did, and what the plan did to the same text since; of an unknown base
    only how what stands there differs from the plan's text.
    """
    base = drift.ours if drift.base is None else drift.base
    return {
        "known": drift.base is not None,
        "edits": [_revision(each) for each in drift.edits],
        "people": tables.diff(base, drift.now),
        "plan": tables.diff(base, drift.ours),
    }


def _revision(later: LaterRevision) -> Data:
    revision = later.revision
    told = {"number": revision.number, "user": revision.user, "summary": revision.summary}
    return told | {"time": f"{revision.timestamp:%Y-%m-%d %H:%M} UTC"}


def _review(each: Review) -> Data:
    told = {"by": each.by, "verdict": each.verdict, "comment": each.comment}
    return told | {"time": f"{each.time:%Y-%m-%d %H:%M} UTC"}


def _effect(effect: PageEffect, tables: Tables) -> Data | None:
    if not effect.changes:
        return None
    return {
        "units": [_unit(unit, list(effect.remarks(unit.id)), tables) for unit in effect.changes],
        "languages": [{**asdict(each), "broken": len(each.broken)} for each in effect.languages],
    }


def _unit(unit: Effect, remarks: Sequence[str], tables: Tables) -> Data:
    told = {"id": unit.id, "kind": unit.kind, "cause": unit.cause, "remarks": remarks}
    return told | {"diff": tables.diff(unit.before or "", unit.after or "")}


def _row(row: textdiff.Row) -> list[Any]:
    """Return a row as ``[sign, text]`` where both sides are equal, else ``[sign, runs, runs]``."""
    if row.before == row.after and row.before:
        return [textdiff.SIGNS[row.before.kind], row.before.text]
    return ["±", _runs(row.before), _runs(row.after)]


def _runs(line: textdiff.Line | None) -> list[str] | None:
    """Return a line's parts in turn: the first is unchanged, the second changed, and so on."""
    if line is None:
        return None
    runs = [""]
    for text, changed in line.runs:
        if changed != (len(runs) % 2 == 0):
            runs.append("")
        runs[-1] += text
    return runs


# The review page: a change set as one HTML file, for people to look at before it is applied.


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


class Occasion(Value):
    """What a change set does not say of itself: when it was made (UTC), and what applies it.

    ``plan`` is the digest of the plan's files, ``command`` the command before ``-changes:``,
    ``told`` what else was said of the change set.
    """

    made: datetime
    plan: str
    command: Sequence[str] = ("plan_update",)
    told: Sequence[str] = ()


def write(directory: Path, changes: ChangeSet, occasion: Occasion, previews: Previews) -> Path:
    """Write ``changes.json`` and the review page into a directory; returns the first one's path.

    The page is made before anything is written, and stands beside the file it shows.
    """
    text = page(directory / changefile.NAME, changes, occasion, previews)
    path = changefile.write(directory, changes, occasion.made, occasion.plan)
    try:
        files.replace(directory / NAME, text.encode())
    except OSError as error:
        raise WikiplanError(
            "unwritable-review", f"-out:{directory}: cannot be written ({error.strerror})"
        ) from error
    return path


def page(path: Path, changes: ChangeSet, occasion: Occasion, previews: Previews) -> str:
    """Return the review page of a change set whose file is, or will be, at ``path``."""
    tables = Tables()
    values = contents(changes, occasion, tables, _embedded(previews, tables))
    values["data"]["command"] = [*occasion.command, f"-changes:{path}"]
    return webpage.page("review", values, embedded=tables.styles)


def contents(changes: ChangeSet, occasion: Occasion, tables: Tables, view: View) -> Data:
    """Return what the review shows, for its templates; ``tables`` grows by what pages share."""
    pages = page_data(changes, view, tables)
    return {
        "changes": changes,
        "made": occasion.made.astimezone(UTC),
        "said": [*occasion.told, *losses.sentences(changes.pages), *_no_languages(changes)],
        "counts": _counts(changes),
        "undoes": next((page.undoes for page in changes.pages if page.undoes), ""),
        "words": WORDS,
        "data": {"pages": pages, "diffs": tables.diffs, "styles": tables.styles},
        "frames": tables.frames,
        "file": _file(changes, occasion),
        "reviewer": "",
    }


def _no_languages(changes: ChangeSet) -> tuple[str, ...]:
    return (changes.no_languages,) if changes.no_languages else ()


def _counts(changes: ChangeSet) -> Mapping[Action, int]:
    counts = Counter(action(page) for page in changes.pages)
    return {action: counts[action] for action in WORDS if counts[action]}


def _file(changes: ChangeSet, occasion: Occasion) -> Any:
    """Return what ``changes.json`` says, but for the digest: a part of it has its own."""
    data = json.loads(changefile.as_bytes(changes, occasion.made, occasion.plan))
    del data["digest"]
    return data
