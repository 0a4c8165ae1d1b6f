"""Bringing what people changed on plain language pages into the catalogs.

It is what ``-drift:import`` does, for the languages only and without writing to the wiki: the
English text is the plan owner's, and ``plan_update -drift:import`` takes edits of it.
"""

from __future__ import annotations

from wikiplan.catalogs import catalog
from wikiplan.changes import MOVED_PAGE, WAITING, Action, ChangeSet
from wikiplan.errors import MISSING_PAGE
from wikiplan.l10n import isolated
from wikiplan.plan import IMPORT, Answers
from wikiplan.session import changesets, crediting
from wikiplan.session.session import Session
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
        catalog.write(crediting.files_with_credit(work, changes, imported))
        work.report.add_imports(imported)
        work = work.loaded_again()
    _tell(work, proposal.changes if files else changes)
    return work, refused


def _tell(work: Session, changes: ChangeSet) -> None:
    """Show and report what still waits on the pages; a pull writes none of them."""
    for page in changes.pages:
        if page.drifted:
            work.terminal.drift(page)
            waiting = tuple(each for each in page.sections if each.state in WAITING)
            found = replace(page, action=Action.DRIFT, after=page.before, sections=waiting)
            work.report.add_changes([found])
