"""Bringing what people changed on plain language pages into the catalogs.

It is what ``-drift:import`` does, for the languages only and without writing to the wiki: the
English text is the plan owner's, and ``plan_update -drift:import`` takes edits of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from wikiplan import utc
from wikiplan.catalogs import catalog
from wikiplan.catalogs.exchange import digest
from wikiplan.changes import MOVED_PAGE, WAITING, Action, ChangeSet, Imported, LaterRevision
from wikiplan.errors import MISSING_PAGE
from wikiplan.files import FileChange
from wikiplan.l10n import isolated
from wikiplan.plan import IMPORT, Answers
from wikiplan.render import VARIABLE, UnitEdit
from wikiplan.session import changesets
from wikiplan.session.session import Session
from wikiplan.sync import (
    LastSeen,
    LastSeenFile,
    credited,
    state_in_header,
    translator_of,
    unit_place,
)
from wikiplan.value import replace


def pull(work: Session) -> tuple[Session, list[str]]:
    """Take people's edits of the chosen plain pages into the catalogs, and tell what is left.

    Returns the session with the catalogs as they are then, and why pages were refused.
    """
    wanted = work.options.language or work.plan.languages
    languages = tuple(code for code in wanted if code != work.plan.source_language)
    if not languages:
        return work, []
    # Translatable pages are targets in the source language only.
    options = replace(work.options, language=languages, drift=Answers(IMPORT))
    reading = replace(work, options=options)
    changes = reading.compare() if reading.targets else None
    refused = [
        f"{isolated(page.title)}: {page.told.reason}"
        for page in (changes.pages if changes else ())
        if page.told.code in (MOVED_PAGE, MISSING_PAGE)
    ]
    if changes is None or not any(page.drifted for page in changes.pages):
        return work, refused
    proposal = changesets.proposed(reading, changes)
    files, imported = proposal.imported.files, proposal.imported
    if files and not work.options.simulate:
        bases = _credited(work, changes, imported)
        _named(work, changes, imported)
        catalog.write([*_files(imported), *(each for base in bases if (each := base.prepared()))])
        work.report.add_imports(imported)
        work = work.loaded_again()
    _tell(work, proposal.changes if files else changes)
    return work, refused


def _credited(work: Session, changes: ChangeSet, imported: Imported) -> Sequence[LastSeenFile]:
    """Return the files of what was last seen, with who made each text that was taken."""
    locale = work.options.data / "locale"
    bases = {code: LastSeenFile.load(locale, code) for code in imported.catalogs}
    for title, edit, made in _made(changes, frozenset(imported.taken)):
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
    for code, found in imported.catalogs.items():
        texts = (
            (edit.key, each.revision.user, each.revision.timestamp)
            for _, edit, each in made
            if edit.language == code
        )
        brought = [*credited(code, texts, work.plan.credit)]
        state_in_header(found, brought)
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


def _tell(work: Session, changes: ChangeSet) -> None:
    """Show and report what still waits on the pages; a pull writes none of them."""
    for page in changes.pages:
        if page.drifted:
            work.terminal.drift(page)
            waiting = tuple(each for each in page.sections if each.state in WAITING)
            found = replace(page, action=Action.DRIFT, after=page.before, sections=waiting)
            work.report.add_changes([found])
