"""Who made the edits that go from pages into the plan: kept beside the catalogs, and reported."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from wikiplan import utc
from wikiplan.catalogs.exchange import digest
from wikiplan.changes import ChangeSet, Imported, LaterRevision
from wikiplan.files import FileChange
from wikiplan.render import VARIABLE, UnitEdit
from wikiplan.session.session import Session
from wikiplan.sync import (
    LastSeen,
    LastSeenFile,
    credited,
    state_in_header,
    translator_of,
    unit_place,
)


def files_with_credit(
    work: Session, changes: ChangeSet, imported: Imported
) -> tuple[FileChange, ...]:
    """Return the files of an import, with who made the texts; the report gets to know it, too.

    A catalog's header names who translated last, and ``locale/synced`` has account and revision of
    each text, as of one that a pull brings.
    """
    _named(work, changes, imported)
    seen = (base.prepared() for base in _credited(work, changes, imported))
    return (*_files(imported), *filter(None, seen))


def _credited(work: Session, changes: ChangeSet, imported: Imported) -> Sequence[LastSeenFile]:
    """Return the files of what was last seen, with who made each text that was taken."""
    locale = work.options.data / "locale"
    bases = {code: LastSeenFile.load(locale, code) for code in imported.catalogs}
    for title, edit, made in _made(changes, frozenset(imported.taken)):
        if edit.language not in bases:  # the plan's own language
            continue
        text, english = digest(edit.after), digest(work.plan.units[edit.key].text)
        who = translator_of(made.revision.user, work.plan.credit)
        seen = LastSeen(
            text,
            text,
            english,
            True,
            made.revision.number,
            who.account if who else "",
            time=utc.stamp(made.revision.timestamp),
        )
        bases[edit.language].set(unit_place(title, edit.key, work.plan.elsewhere), seen)
    return tuple(bases.values())


def _named(work: Session, changes: ChangeSet, imported: Imported) -> None:
    """Name in each catalog, and in the report, who made the texts that were taken."""
    made = [*_made(changes, frozenset(imported.taken))]
    for code in dict.fromkeys(edit.language for _, edit, _ in made):
        texts = (
            (edit.key, each.revision.user, each.revision.timestamp)
            for _, edit, each in made
            if edit.language == code
        )
        brought = [*credited(code, texts, work.plan.credit)]
        if code in imported.catalogs:
            state_in_header(imported.catalogs[code], brought)
        work.report.add_credits(brought)


def _files(imported: Imported) -> Iterator[FileChange]:
    """Yield the files to write, the catalogs with their headers of now."""
    catalogs = imported.catalogs.values()
    paths = {each.path for each in catalogs}
    yield from (each for each in imported.files if each.path not in paths)
    yield from filter(None, (each.prepared() for each in catalogs))


def _made(
    changes: ChangeSet, taken: Collection[UnitEdit]
) -> Iterator[tuple[str, UnitEdit, LaterRevision]]:
    """Yield the page of each text that was taken, and the revision that brought it there."""
    for page in changes.pages:
        for section in page.sections:
            drift = section.drift
            if drift and drift.edits:
                yield from (
                    (page.title, edit, _author(section.name, edit, drift.edits))
                    for edit in drift.units.assigned
                    if edit in taken
                )


def _author(section: str, edit: UnitEdit, revisions: Sequence[LaterRevision]) -> LaterRevision:
    """Return the newest revision before which the text was not there, else simply the newest."""
    words = [part for part in VARIABLE.split(edit.after)[::2] if part.strip()]
    for each in reversed(revisions):
        before, after = each.sections.get(section, ("", ""))
        if all(part in after for part in words) and not all(part in before for part in words):
            return each
    return revisions[-1]
