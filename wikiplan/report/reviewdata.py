"""What the review page shows of a change set, as plain values for its script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wikiplan import diff
from wikiplan.changes.changes import (
    WRITTEN,
    Action,
    Between,
    ChangeSet,
    Drift,
    PageChange,
    SectionChange,
)
from wikiplan.changes.effects import PageEffect
from wikiplan.l10n import languages
from wikiplan.report.previews import Preview, Previews
from wikiplan.translate.marking import Effect

Value = dict[str, Any]
COUNTS = ("kept", "outdated", "new", "orphaned", "words", "again")


@dataclass
class Tables:
    """What many sections share is stored once: diffs, rendered texts, stylesheets."""

    diffs: list[list[Any]] = field(default_factory=list)
    frames: list[Value] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    _places: dict[Any, int] = field(default_factory=dict)

    def diff(self, before: str, after: str) -> int | None:
        """Return where the diff of two texts stands; ``None`` of equal ones."""
        if before == after:
            return None
        if (key := (before, after)) not in self._places:
            self._places[key] = len(self.diffs)
            self.diffs.append([_row(row) for row in diff.rows(before, after)])
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


def pages(changes: ChangeSet, previews: Previews, tables: Tables) -> list[Value]:
    """Return the pages of a change set; ``tables`` grows by what they share."""
    return [_page(page, previews, tables) for page in changes.pages]


def action(page: PageChange) -> Action:
    """Return what the review says of a page: one to delete is none of the change set's."""
    return Action.DELETE if page.to_delete else page.action


def _page(page: PageChange, previews: Previews, tables: Tables) -> Value:
    return {
        "title": page.title,
        "action": action(page),
        "reason": page.reason,
        "summary": page.summary,
        "write": page.to_write,
        "between": [_revision(each) for each in page.between],
        "untranslated": list(page.untranslated),
        "outdated": list(page.outdated),
        "effect": _effect(page.effect, tables) if page.effect else None,
        "sections": [_section(page, section, previews, tables) for section in page.sections],
        **_language(page.language),
    }


def _language(code: str) -> Value:
    """Return how a page says its language: in HTML, and to people."""
    if not languages.is_known(code):
        return {"code": code, "lang": "", "dir": "auto", "autonym": ""}
    language = languages.get(code)
    names = {"lang": language.bcp47, "dir": language.direction, "autonym": language.autonym}
    return {"code": code} | names


def _section(page: PageChange, section: SectionChange, previews: Previews, tables: Tables) -> Value:
    texts = (section.before, section.after) if section.before != section.after else ()
    return {
        "name": section.name,
        "state": section.state,
        "write": page.to_write and section.state in WRITTEN,
        "diff": tables.diff(section.before, section.after),
        "drift": _drift(section.drift, tables) if section.drift else None,
        "views": [tables.frame(previews.get((page.title, text))) for text in texts],
    }


def _drift(drift: Drift, tables: Tables) -> Value:
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


def _revision(revision: Between) -> Value:
    told = {"number": revision.number, "user": revision.user, "summary": revision.summary}
    return told | {"time": f"{revision.timestamp:%Y-%m-%d %H:%M} UTC"}


def _effect(effect: PageEffect, tables: Tables) -> Value | None:
    if not effect.changes:
        return None
    return {
        "units": [_unit(unit, effect.spared, tables) for unit in effect.changes],
        "languages": [
            [each.language, *(getattr(each, name) for name in COUNTS)] for each in effect.languages
        ],
    }


def _unit(unit: Effect, spared: Sequence[str], tables: Tables) -> Value:
    told = {"id": unit.id, "kind": unit.kind, "cause": unit.cause, "spared": unit.id in spared}
    return told | {"diff": tables.diff(unit.before or "", unit.after or "")}


def _row(row: diff.Row) -> list[Any]:
    """Return a row as ``[sign, text]`` where both sides are equal, else ``[sign, runs, runs]``."""
    if row.before == row.after and row.before:
        return [diff.SIGNS[row.before.kind], row.before.text]
    return ["±", _runs(row.before), _runs(row.after)]


def _runs(line: diff.Line | None) -> list[str] | None:
    """Return a line's stretches in turn: the first is unchanged, the second changed, and so on."""
    if line is None:
        return None
    runs = [""]
    for text, changed in line.runs:
        if changed != (len(runs) % 2 == 0):
            runs.append("")
        runs[-1] += text
    return runs
