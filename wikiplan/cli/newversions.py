"""Telling which pages change only because the program or a library became newer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wikiplan import files
from wikiplan.changes import TO_WRITE, ChangeSet, Inputs, PageChange, lastinputs, version_changes
from wikiplan.cli.session import Session, Work
from wikiplan.plan import Target
from wikiplan.render import PageSection
from wikiplan.report import Report


def tell(work: Work, changes: ChangeSet) -> None:
    """Say which pages change only because of versions; nothing of a page where that is unsure.

    A saved change set is applied without a plan: its preview has said it.
    """
    if not isinstance(work, Session) or changes.inputs is None:
        return
    causes: dict[str, list[str]] = {}
    for page, then in _with_the_same_plan(work, changes, changes.inputs):
        cause = version_changes(then.versions, changes.inputs.versions)
        causes.setdefault(cause, []).append(page.title)
    work.report.only_versions = [
        {"cause": cause, "pages": titles} for cause, titles in causes.items()
    ]
    for told in sentences(work.report):
        work.terminal.say(told)


def sentences(report: Report) -> tuple[str, ...]:
    """Return ``3 pages change only because Babel 2.18.0 became 2.19.0.``, one a cause."""
    return tuple(
        f"1 page changes only because {each['cause']}."
        if len(each["pages"]) == 1
        else f"{len(each['pages'])} pages change only because {each['cause']}."
        for each in report.only_versions
    )


def remember(work: Work, changes: ChangeSet) -> None:
    """Note for later runs what the pages were made from that are now as the plan says."""
    if work.options.simulate:
        return
    saved = {
        page["title"]
        for page in work.report.pages
        if page["new_revid"] and page["action"] in TO_WRITE
    }
    path, tags = _path(work, changes), work.wiki.extension_tags
    lastinputs.remember(path, changes, saved, tags, work.options.data)


def _with_the_same_plan(
    work: Session, changes: ChangeSet, now: Inputs
) -> Iterator[tuple[PageChange, Inputs]]:
    """Yield the pages whose texts on the wiki came from the same plan by other versions."""
    known = lastinputs.read(_path(work, changes))
    for target, page in zip(work.targets, changes.pages, strict=False):  # retired ones follow
        last = lastinputs.of_page(known, page, work.wiki.extension_tags)
        if last is None or last.inputs.plan_sha256 != now.plan_sha256:
            continue
        if last.inputs.versions != now.versions and _is_timeless(work, target, last.inputs):
            yield page, last.inputs


def _is_timeless(work: Session, target: Target, then: Inputs) -> bool:
    """Say whether the clock makes no difference to a page: it is the same by the clock of then."""
    past = work.renderer.at(then.now)
    wanted = (
        PageSection(target.page, spec, target.language, target.language)
        for spec in target.page.sections
    )
    return all(past.section(each) == work.renderer.section(each) for each in wanted)


def _path(work: Work, changes: ChangeSet) -> Path:
    folder = files.state_folder(work.options.wiki)
    writer = work.options.shard.named(changes.account.name)
    return lastinputs.path_of(folder, changes.site, writer)
