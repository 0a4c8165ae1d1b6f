"""Edit summaries: in the page's language, what changed in plain words, and the run id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wikiplan import diff
from wikiplan.changes.changes import WRITTEN, Action, PageChange, SectionChange, SectionState

MAX_CODE_POINTS = 500
"""Where MediaWiki cuts a summary (fact 7)."""

Message = Callable[[str, str, Mapping[str, object]], str]
"""Returns a message of ``scripts/i18n`` by language, key and parameters."""

KEYS = {
    SectionState.CHANGED: "wikiplan-changed",
    SectionState.NEW: "wikiplan-new",
    SectionState.RECLAIMED: "wikiplan-reclaimed",
    SectionState.MERGED: "wikiplan-merged",
}
OVERWRITTEN = "wikiplan-overwritten"
UNDO = "wikiplan-undo"


@dataclass(frozen=True, slots=True)
class Summary:
    """Makes summaries for one run."""

    message: Message
    run: str

    def __call__(self, change: PageChange) -> str:
        parts = [self._part(change.language, s) for s in change.sections if s.state in WRITTEN]
        while len(summary := self._whole(change, parts)) > MAX_CODE_POINTS:
            # The run id stands at the end and is what a lost answer is looked up by: cut before it.
            parts = [*parts[: -2 if parts[-1] == "…" else -1], "…"]
        return summary

    def _whole(self, change: PageChange, parts: list[str]) -> str:
        key = "wikiplan-create" if change.action is Action.CREATE else "wikiplan-update"
        values: dict[str, object] = {"sections": ", ".join(parts), "run": self.run}
        if change.undoes:
            return self.message(change.language, UNDO, values | {"undone": change.undoes})
        return self.message(change.language, key, values)

    def _part(self, language: str, section: SectionChange) -> str:
        if section.state is SectionState.UNDONE:
            return section.name
        lines = diff.changed_lines(section.before, section.after)
        values: dict[str, object] = {"name": section.name, "lines": lines}
        if (over := section.overwritten) and over.user:
            values |= {"revision": over.number, "user": over.user}
            return self.message(language, OVERWRITTEN, values)
        return self.message(language, KEYS[section.state], values)
