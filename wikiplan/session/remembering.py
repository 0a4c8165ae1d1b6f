"""What a run keeps for later ones, and what it tells by what earlier ones kept.

That is which pages change only because the program or a library became newer, and, where all pages
were compared anew, whether what was remembered was right.
"""

from __future__ import annotations

from collections.abc import Iterator

from wikiplan import files
from wikiplan.changes import (
    TO_WRITE,
    ChangeSet,
    Inputs,
    Memory,
    PageChange,
    memory,
    memoryfile,
    touched_pages,
    version_changes,
)
from wikiplan.report import Report
from wikiplan.session.session import Session, Work
from wikiplan.value import replace


def tell(work: Work, changes: ChangeSet) -> None:
    """Say and report it. A saved change set is applied without a plan: its preview has said it."""
    if isinstance(work, Session):
        _tell_versions(work, changes)
        _tell_mistakes(work, changes)


def keep(work: Work, changes: ChangeSet) -> None:
    """Note for later runs which pages are now as the plan says, and what they were made from."""
    saved = {
        page["title"]: 0 if page["reason"] else page["new_revid"]
        for page in work.report.pages
        if page["new_revid"] and page["action"] in TO_WRITE
    }
    if work.options.simulate or (work.options.section and not saved):
        return
    path = work.memory_path(changes.plan)
    # Where the run has the lock, the file is as it was read.
    known_before = work.memory if isinstance(work, Session) and work.journal else None
    before = known_before or memoryfile.read(path)
    if isinstance(work, Session):
        known = _as_now(work, before, changes)
    else:  # of a saved change set only what is written was looked at
        written = tuple(page for page in changes.pages if page.title in saved)
        known, changes = before, replace(changes, pages=written)
    subjects = work.subjects if isinstance(work, Session) else None
    data = _plan_of(work, changes)
    memoryfile.write(path, before, memory.after(known, changes, saved, data, subjects))


def _plan_of(work: Work, changes: ChangeSet) -> str:
    """Return the directory of the plan that a change set is of, empty where it may be another."""
    data, inputs = work.options.data, changes.inputs
    if not isinstance(work, Session) and not (
        inputs and inputs.plan_sha256 == files.digest_of(data, work.options.templates)
    ):
        return ""
    return str(data.resolve())


def _as_now(work: Session, before: Memory, changes: ChangeSet) -> Memory:
    """Return what was known, without what may have changed on pages that were not compared."""
    if work.options.section:
        return before
    compared = {page.asked for page in changes.pages}
    everything = work.recent.events is None
    unknown = before.pages.keys() if everything else touched_pages(before, work.recent)
    complete = not before.complete_at or (work.compares_all and not work.options.choice)
    return replace(
        memory.without_steps(before, unknown - compared),
        cursor=work.recent.cursor,
        tags=work.wiki.extension_tags,
        complete_at=work.report.started if complete else before.complete_at,
    )


# Pages that change only because of versions.


def _tell_versions(work: Session, changes: ChangeSet) -> None:
    """Say which pages change only because of versions; nothing of a page where that is unsure."""
    causes: dict[str, list[str]] = {}
    for page, then in _with_the_same_plan(work, changes):
        cause = version_changes(then.versions, work.inputs.versions)
        causes.setdefault(cause, []).append(page.title)
    work.report.only_versions = [
        {"cause": cause, "pages": titles} for cause, titles in causes.items()
    ]
    for told in versions_told(work.report):
        work.terminal.say(told)


def versions_told(report: Report) -> tuple[str, ...]:
    """Return ``3 pages change only because Babel 2.18.0 became 2.19.0.``, one a cause."""
    return tuple(
        f"1 page changes only because {each['cause']}."
        if len(each["pages"]) == 1
        else f"{len(each['pages'])} pages change only because {each['cause']}."
        for each in report.only_versions
    )


def _with_the_same_plan(work: Session, changes: ChangeSet) -> Iterator[tuple[PageChange, Inputs]]:
    """Yield the pages whose texts on the wiki came from the same plan by other versions."""
    now = work.inputs
    for page in changes.to_write:
        last = memory.last_of(work.memory.pages, page, work.wiki.extension_tags)
        if last is None or last.inputs.plan_sha256 != now.plan_sha256:
            continue
        if last.inputs.versions != now.versions and last.is_good_at(now.now):
            yield page, last.inputs


# What was remembered, and was wrong.


def _tell_mistakes(work: Session, changes: ChangeSet) -> None:
    """Say which pages a run would have left out, and wrongly."""
    if not work.compares_all:
        return
    found = {page.asked: page for page in changes.pages}
    wrong = [title for title, page in work.in_step.items() if found[title] != page]
    work.report.misremembered = wrong
    if wrong:
        titles = ", ".join(wrong)
        work.terminal.say(
            f"What was remembered was wrong, and is corrected, of {titles}; please report it."
        )
