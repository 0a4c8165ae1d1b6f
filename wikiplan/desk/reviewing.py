"""Reviewing at the desk: what an update would do now, and saving what somebody chooses of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from wikiplan import records
from wikiplan.changes import Action, PageChange, SectionChange, changefile
from wikiplan.changes.changefile import SavedReview
from wikiplan.desk import drift, framed
from wikiplan.desk.answering import Answers, Asked, Data, Elsewhere, Framed, Shown
from wikiplan.desk.desk import Desk
from wikiplan.desk.views import Views
from wikiplan.errors import WikiplanError
from wikiplan.report import review
from wikiplan.session import looks
from wikiplan.session.looks import Look
from wikiplan.session.saving import PageState, Saving
from wikiplan.value import builtins

LABEL = "Changes"
STOPPED = "stopped by a person at the desk"
WORDS = {
    Action.CREATE: "created",
    Action.UPDATE: "saved",
    Action.DELETE: "deleted",
    Action.NONE: "left as it is",
    Action.DRIFT: "edited by people",
    Action.CONFLICT: "in conflict",
    Action.REFUSED: "refused",
    Action.FAILED: "failed",
}
REHEARSED = {Action.CREATE: "would be created", Action.UPDATE: "would be saved"}
CHANGED = (
    "The plan was changed since this was shown, and nothing was saved. Look at the changes again."
)


def answers(desk: Desk) -> Answers:
    topic = _Reviewing(desk)
    return {
        "review": topic.review,
        "rendered": topic.rendered,
        "change/open": topic.open,
        "change/save": topic.save,
        "saving": topic.saving,
        "saving-now": topic.saving_now,
        "change/stop-saving": topic.stop,
    }


class _Reviewing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views = Views(desk)

    def review(self, asked: Asked) -> Shown | Elsewhere:
        """Show what was compared, or compare: the address of what is shown names it."""
        if run := asked.query.get("look"):
            return self._shown(self._desk.looks.of(run))
        look = self._desk.compared()
        told = {"told": asked.query["told"]} if "told" in asked.query else {}
        return Elsewhere("review", {"look": look.run, **told})

    def open(self, asked: Asked) -> Elsewhere:
        """Look at a change set that somebody reviewed elsewhere, and sent as a file."""
        file = asked.sent.get("file")
        if file is None:
            raise WikiplanError(
                "no-file-to-open", f"no file was chosen; choose a {changefile.NAME}"
            )
        with self._desk.alone:
            look = looks.sent(self._desk.opened, file.data, file.name)
        self._desk.looks.keep(look)
        return Elsewhere("review", {"look": look.run})

    def _shown(self, look: Look) -> Shown:
        def address(page: PageChange, section: SectionChange, side: str) -> str | None:
            if not review.shown(section) or not getattr(section, side).strip():
                return None
            place = {"look": look.run, "title": page.title, "section": section.name, "side": side}
            return f"rendered?{urlencode(place)}"

        values = review.contents(look.changes, look.occasion, review.Tables(), address)
        more = {
            "look": look,
            "reviewer": look.saved.account,
            "waiting": len(drift.undecided(look)),
            "is_stale": not look.is_of(self._desk.options),
            "is_rehearsal": self._desk.options.simulate,
        }
        return Shown("review", {**values, **more})

    def rendered(self, asked: Asked) -> Framed:
        """Show a section's text as readers see it."""
        query = asked.query
        look = self._desk.looks.of(query.get("look", ""))
        for page in look.changes.pages:
            for section in page.sections:
                if (page.title, section.name) == (query.get("title"), query.get("section")):
                    text = section.before if query.get("side") == "before" else section.after
                    found = self._views.text(page.title, page.language, text)
                    return Framed(framed.document(found))
        raise WikiplanError(
            "no-such-section-shown", "no such section was shown; look at the changes again"
        )

    # Saving

    def save(self, asked: Asked) -> Elsewhere:
        form: Mapping[str, str] = asked.form or {}
        look = self._desk.looks.of(form.get("look", ""))
        only = form.get("only", "").split("\n")
        if only == [""]:
            raise WikiplanError(
                "nothing-chosen", "no page was ticked, and nothing was saved; tick some"
            )
        said = _said(form.get("notes", ""))
        with self._desk.alone:
            if not look.is_of(self._desk.options):
                return Elsewhere("review", {"look": look.run}, told=CHANGED)
            saved = changefile.pick(changefile.reviewed(look.saved, said), only)
            self._desk.savings.begin(Saving(self._desk.options, saved))
        return Elsewhere("saving")

    def stop(self, asked: Asked) -> Elsewhere:
        if saving := self._desk.savings.last:
            saving.stop(STOPPED)
        return Elsewhere("saving")

    def saving(self, asked: Asked) -> Shown:
        """Show what is being saved, page by page, and what came of it at the end."""
        saving = self._desk.savings.last
        return Shown("saving", {"saving": saving, "data": self._now(saving)})

    def saving_now(self, asked: Asked) -> Data:
        return Data(self._now(self._desk.savings.last))

    def _now(self, saving: Saving | None) -> dict[str, Any]:
        if saving is None:
            return {"over": True, "pages": []}
        over = saving.is_over  # asked first: what is over has all its pages
        found = saving.pages()
        words = {"": ""} | WORDS | (REHEARSED if saving.is_rehearsal else {})
        done = sum(bool(each.action) for each in found)
        return {
            "over": over,
            "state": _state(saving, over, f"{done} of {len(found)} pages are done"),
            "stopping": saving.stopping,
            "done": done,
            "pages": [self._told(each, words[each.action]) for each in found],
            "said": saving.said if over else [],
        }

    def _told(self, page: PageState, word: str) -> dict[str, Any]:
        address = self._desk.address(page.title, page.revision)
        return {**builtins(page), "address": address, "word": word}


def _said(notes: str) -> dict[str, SavedReview]:
    """Read what somebody said of pages, by title; it is said now, whatever a browser's clock has.

    Raises :class:`WikiplanError` where it is not of that form.
    """
    if not notes:
        return {}
    found = records.read(dict[str, SavedReview], notes.encode(), "the comments")
    now = datetime.now(UTC).replace(microsecond=0)
    return {title: each.model_copy(update={"time": now}) for title, each in found.items()}


def _state(saving: Saving, over: bool, done: str) -> str:
    """Say in a sentence how far it is; what is over says it as a script does at its end."""
    if over:
        return "".join(saving.said[-1:])
    begun = f"{done}." if saving.has_begun else "The pages are looked at again before any is saved."
    return f"{begun} It ends early: {saving.stopping}." if saving.stopping else begun
