"""People's edits of managed sections at the desk: three columns, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from wikiplan import textdiff
from wikiplan.changes import ChangeSet, Drift, Imported, PageChange, SectionChange
from wikiplan.desk import framed
from wikiplan.desk.answering import Answers, Asked, Elsewhere, Framed, Shown
from wikiplan.desk.desk import Desk
from wikiplan.desk.views import Views
from wikiplan.errors import WikiplanError
from wikiplan.plan import IMPORT, KEEP, NOTHING, RECLAIM, TEXT
from wikiplan.session import changesets, crediting
from wikiplan.session.looks import Look, edits_digest, new_run
from wikiplan.value import Value, replace

LABEL = "People’s edits"
WORDS = {
    KEEP: "Keep them on the page",
    IMPORT: "Take them into the plan",
    RECLAIM: "Write the plan’s text over them",
}
REMAINS = {
    NOTHING: "Take it out of the page",
    TEXT: "Leave its text, without markers",
    KEEP: "Leave it as it is",
}
SAID = {
    KEEP: "The edits stay on the page.",
    IMPORT: "The edits are to go into the plan.",
    RECLAIM: "The plan’s text is to be written over the edits: look at the changes, and save them.",
    NOTHING: "The section is to go: look at the changes, and save them.",
    TEXT: "The section’s markers are to go: look at the changes, and save them.",
}
BASE, NOW, OURS = "base", "now", "ours"
"""The sides of an edit: what wikiplan wrote, what stands on the page, what the plan says."""
SINCE = "Somebody edited the section since it was shown: nothing was decided. Look again."
REHEARSED = "With -simulate nothing is written."
TAKEN = "People’s edits: {} taken into the plan."


def answers(desk: Desk) -> Answers:
    topic = _Drift(desk)
    return {
        "drift": topic.every,
        "drift-rendered": topic.rendered,
        "change/answer": topic.answer,
        "imports": topic.imports,
        "change/import": topic.take,
    }


class Column(Value):
    """A text, as runs of ``(text, changed)``; None where nobody knows it.

    ``side`` names it where it can be looked at as readers see it.
    """

    head: str
    runs: Sequence[tuple[str, bool]] | None
    side: str = ""


def undecided(look: Look) -> list[tuple[PageChange, SectionChange]]:
    """Return the sections that wait, and about which neither the plan nor anybody decided yet."""
    return [
        (page, section)
        for page, section in changesets.waiting(look.open or look.changes)
        if changesets.answers_to(section) and not _answer(look, page, section)
    ]


class _Drift:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views = Views(desk)

    def every(self, asked: Asked) -> Shown | Elsewhere:
        """Show each section that waits for a decision, and what was decided."""
        run = asked.query.get("look")
        if not run:
            return Elsewhere("drift", {"look": self._desk.compared().run})
        look = self._desk.looks.of(run)
        found = [
            {
                "page": page,
                "section": section,
                "answer": _answer(look, page, section),
                "answers": answers,
                "words": REMAINS if changesets.is_unplanned(section) else WORDS,
                "columns": _columns(section),
                "text": edits_digest(section),
            }
            for page, section in changesets.waiting(look.open or look.changes)
            if (answers := changesets.answers_to(section))
        ]
        return Shown(
            "drift", {"look": look, "found": found, "to_import": len(_to_import(look.changes))}
        )

    def rendered(self, asked: Asked) -> Framed:
        """Show a section as its readers see it: as written, as edited, or with the plan's text."""
        query = asked.query
        look = self._desk.looks.of(query.get("look", ""))
        place = query.get("title", ""), query.get("section", "")
        page, section = _waiting(look.open or look.changes, place)
        text, before = _side(section, query.get("side", ""))
        return Framed(framed.document(self._views.text(page.title, page.language, text, before)))

    def answer(self, asked: Asked) -> Elsewhere:
        """Note what is to become of a section's edits, and compare anew."""
        form: Mapping[str, str] = asked.form or {}
        look = self._desk.looks.of(form.get("look", ""))
        place, answer = (form.get("title", ""), form.get("section", "")), form.get("answer", "")
        _, section = _waiting(look.open or look.changes, place)
        if answer not in changesets.answers_to(section):
            raise WikiplanError(
                "no-answer-to-edits", f"“{answer}” is no answer about this section; press a button"
            )
        self._desk.decisions.decide(place, answer, edits_digest(section))
        new = self._desk.compared()
        if new.asked.get(place) != answer:
            return Elsewhere("drift", {"look": new.run}, SINCE)
        where = "imports" if answer == IMPORT else "drift"
        return Elsewhere(where, {"look": new.run}, SAID[answer])

    # Taking edits into the plan

    def imports(self, asked: Asked) -> Shown:
        look = self._desk.looks.of(asked.query.get("look", ""))
        imported = self._proposed(look)
        return Shown(
            "imports",
            {
                "look": look,
                "taken": [(each, _words(each.before, each.after)) for each in imported.taken],
                "left": imported.left,
                "unassigned": _unassigned(look.changes),
                "files": [each.path.name for each in imported.files],
                "digest": _digest(imported),
            },
        )

    def take(self, asked: Asked) -> Elsewhere:
        """Write into the plan's files what was shown, and compare anew."""
        form: Mapping[str, str] = asked.form or {}
        look = self._desk.looks.of(form.get("look", ""))
        with self._desk.alone:
            imported = self._proposed(look)
            if not imported.files or _digest(imported) != form.get("digest"):
                raise WikiplanError(
                    "other-import",
                    "what would go into the plan is not what was shown any more; nothing was "
                    "written: look at people's edits again",
                )
            count = len(imported.taken)
            told = TAKEN.format("1 text" if count == 1 else f"{count} texts")
            if self._desk.options.simulate:
                return Elsewhere("drift", {"look": look.run}, REHEARSED)
            told = self._desk.writing.write(told, imported.files)
        done = (place for place, answer in look.asked.items() if answer == IMPORT)
        self._desk.decisions.forget(done)
        return Elsewhere("review", told=told)

    def _proposed(self, look: Look) -> Imported:
        with self._desk.alone:
            current = self._desk.current()
            if not look.is_of(self._desk.options):
                raise WikiplanError(
                    "plan-moved-on",
                    "the plan was changed since this was shown, and nothing was written; look at "
                    "people's edits again",
                )
            with new_run(current) as (run, _):
                imported = changesets.proposed(run, look.changes).imported
                files = crediting.files_with_credit(run, look.changes, imported)
                return replace(imported, files=files)


def _waiting(changes: ChangeSet, place: tuple[str, str]) -> tuple[PageChange, SectionChange]:
    for page, section in changesets.waiting(changes):
        if (page.title, section.name) == place:
            return page, section
    raise WikiplanError(
        "no-edits-there", "no such section waits for a decision; look at people's edits again"
    )


def _answer(look: Look, page: PageChange, section: SectionChange) -> str:
    """Return what was decided here or in the plan, empty where nobody did."""
    by_plan = section.drift.answer if section.drift else ""
    return look.asked.get((page.title, section.name), by_plan)


def _to_import(changes: ChangeSet) -> list[tuple[PageChange, SectionChange, Drift]]:
    """Return the sections whose edits are to go into the plan."""
    return [
        (page, section, section.drift)
        for page, section in changesets.waiting(changes)
        if section.drift and section.drift.answer == IMPORT
    ]


def _unassigned(changes: ChangeSet) -> list[dict[str, Any]]:
    """Return what stays on the page though it was to go into the plan, and why."""
    return [
        {"title": page.title, "section": section.name, "line": left.line, "reason": left.reason}
        for page, section, drift in _to_import(changes)
        for left in drift.units.left
    ]


def _digest(imported: Imported) -> str:
    """Return what is the same for the same files with the same bytes before and after."""
    whole = sha256()
    for each in imported.files:
        for part in (str(each.path).encode(), each.before or b"", each.after):
            whole.update(sha256(part).digest())
    return whole.hexdigest()


# The columns


def _columns(section: SectionChange) -> list[Column]:
    if section.drift is None:
        return [Column("What stands on the page", [(section.before, False)], NOW)]
    return _three(section.drift)


def _three(drift: Drift) -> list[Column]:
    """Return what we wrote, what people made of it and what the plan says, with changed words.

    Where nobody knows what we wrote, people's text is compared with what the plan says.
    """
    base = drift.ours if drift.base is None else drift.base
    people, plan = _hunks(base, drift.now), _hunks(base, drift.ours)
    gone = [(each.start, each.stop) for each in (*people, *plan)]
    ours = None if drift.base is None else _runs(base, gone)
    return [
        Column("What wikiplan wrote", ours, BASE),
        Column("What people made of it", _runs(drift.now, _new(people)), NOW),
        Column("What the plan says now", _runs(drift.ours, _new(plan)), OURS),
    ]


def _side(section: SectionChange, side: str) -> tuple[str, str | None]:
    """Return what to show, and of what the changes are marked in it: people's, or a reclaim's."""
    drift = section.drift
    if drift is None:
        return section.before, None
    if side == OURS:
        return drift.ours, drift.now
    written = drift.ours if drift.base is None else drift.base
    return (drift.now, written) if side == NOW else (written, None)


def _words(before: str, after: str) -> tuple[Column, Column]:
    found = _hunks(before, after)
    old = _runs(before, [(each.start, each.stop) for each in found])
    return Column("In the plan", old), Column("As people wrote it", _runs(after, _new(found)))


def _hunks(before: str, after: str) -> list[textdiff.Hunk]:
    return textdiff.hunks(f"{before}\n", f"{after}\n")


def _new(found: Iterable[textdiff.Hunk]) -> list[tuple[int, int]]:
    return [(each.new_start, each.new_stop) for each in found]


def _runs(text: str, changed: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Return a text in parts, of which those in ``changed`` are marked; these may overlap."""
    runs, end = list[tuple[str, bool]](), 0
    for start, stop in sorted(changed):
        start, stop = max(start, end), min(stop, len(text))
        if start < stop:
            runs += [(text[end:start], False), (text[start:stop], True)]
            end = stop
    return [each for each in (*runs, (text[end:], False)) if each[0]]
