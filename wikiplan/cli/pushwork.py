"""Pushing to one translatable page: read, show, ask, write, and look again at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from wikiplan.cli import command
from wikiplan.cli.session import Session
from wikiplan.cli.syncpages import Shelf, Sync
from wikiplan.l10n.legible import isolated
from wikiplan.sync.pushing import Push, Pushing
from wikiplan.sync.syncoutcome import Outcome, Synced
from wikiplan.sync.syncunits import SyncPage, SyncUnit
from wikiplan.sync.unitwriting import StopPage, Writing
from wikiplan.translate.translationtext import clean
from wikiplan.translate.tvars import definition
from wikiplan.translate.versions import VERSIONS
from wikiplan.wiki.translatewiki import UNFUZZY_RIGHT, UnitState
from wikiplan.wiki.wiki import Revision

SUMMARY = "wikiplan-translations"
NOT_ASKED = "Nothing was pushed: there is no terminal to ask on; use -always to push."
MARKED_ANEW = "the English was marked anew meanwhile, so the text was marked as outdated"

Stored = Mapping[tuple[str, str], Revision]
"""Unit pages by id and language."""


def push_page(sync: Sync, page: SyncPage) -> None:
    """Push what is newer in the chosen languages' catalogs to one page."""
    pushings = {code: _pushing(sync, shelf) for code, shelf in sync.shelves.items()}
    wanted = {code: each.candidates(page.units) for code, each in pushings.items()}
    stored = _stored(sync, page, wanted)
    if _at_work(page, wanted, stored):
        sync.busy(page)
        return
    pushes: list[Push] = []
    for code, units in wanted.items():
        states = _states(sync, page, pushings[code], units, stored)
        for unit in units:
            state = states.get(unit.id)
            found = pushings[code].plan(unit, stored[unit.id, code], state)
            if isinstance(found, Push):
                pushes.append(found)
            else:
                sync.shelves[code].results.append(found)
    if pushes and _may_push(sync, page, pushes):
        _write(sync, page, pushings, pushes)
    else:
        for each in pushes:
            _add(sync, each, Outcome.TO_PUSH)


def _pushing(sync: Sync, shelf: Shelf) -> Pushing:
    rules = VERSIONS[sync.work.translate.version]
    unfuzzy = not rules.needs_unfuzzy_right or UNFUZZY_RIGHT in sync.account.rights
    glossary = sync.work.plan.glossary
    return Pushing(shelf.language, shelf.catalog, shelf.base, glossary, sync.take, unfuzzy)


def _stored(sync: Sync, page: SyncPage, wanted: Mapping[str, Sequence[SyncUnit]]) -> Stored:
    """Read the unit pages that may change, and the English ones of the same units."""
    units = [(unit.id, code) for code, found in wanted.items() for unit in found]
    english = [(id, page.source_language) for id in dict.fromkeys(id for id, _ in units)]
    return sync.work.translate.unit_pages(page.title, [*units, *english]) if units else {}


def _at_work(page: SyncPage, wanted: Mapping[str, Sequence[SyncUnit]], stored: Stored) -> bool:
    """Return whether the wiki has not stored the marked English of all units yet (fact 3.6)."""
    units = {unit.id: unit for found in wanted.values() for unit in found}
    return any(
        clean(stored[id, page.source_language].text) != unit.marked for id, unit in units.items()
    )


def _states(
    sync: Sync, page: SyncPage, pushing: Pushing, units: Sequence[SyncUnit], stored: Stored
) -> Mapping[str, UnitState]:
    """Ask for a language's states, one request, if what is to be done depends on any."""
    language = pushing.language
    if any(pushing.asks_for_state(unit, stored[unit.id, language]) for unit in units):
        return sync.work.translate.states(page.title, language)
    return {}


def _may_push(sync: Sync, page: SyncPage, pushes: Sequence[Push]) -> bool:
    """Show the edits, and ask unless that is settled."""
    for each in pushes:
        _show(sync.work, each)
    given, terminal = sync.work.options.values, sync.work.terminal
    if "simulate" in given or "always" in given:
        return "simulate" not in given
    if not terminal.can_ask:
        terminal.say(NOT_ASKED)
        sync.work.report.waiting = True
        return False
    counted = Counter(each.language for each in pushes)
    told = ", ".join(f"{code} {count}" for code, count in counted.items())
    return terminal.confirm(f"Push {len(pushes)} texts to {isolated(page.title)} ({told})?")


def _show(work: Session, push: Push) -> None:
    """Show an edit as people read it: what stands there, and what is to stand there."""
    unit = Synced(push.unit, push.language, Outcome.TO_PUSH)
    lines = [f"{isolated(unit.title)}:"]
    if push.page.exists:
        lines.append(f"  - {isolated(push.page.text)}")
    work.terminal.say("\n".join([*lines, f"  + {isolated(push.raw)}"]))


def _write(
    sync: Sync, page: SyncPage, pushings: Mapping[str, Pushing], pushes: Sequence[Push]
) -> None:
    work, name = sync.work, sync.account.name
    summary = work.message(work.plan.source_language, SUMMARY, {"run": work.report.run})
    with work.writing(name), command.interruptible() as interrupt:
        stop = StopPage(work.wiki, work.plan.stop_page, interrupt)
        writing = Writing(work.translate, summary, stop.check)
        for each, done in writing.run(pushes):
            if isinstance(done, Synced):
                sync.shelves[each.language].results.append(done)
            else:
                pushings[each.language].remember(each, done, name)
                _add(sync, each, Outcome.PUSHED, done.number or each.page.number)
        if writing.done:
            _look_again(sync, page, pushings, writing)


def _look_again(
    sync: Sync, page: SyncPage, pushings: Mapping[str, Pushing], writing: Writing
) -> None:
    """Where a unit was marked anew since it was read, what was pushed is for the old English."""
    wiki = sync.work.translate
    if wiki.marked_revision(page.title) == page.marked.revision:
        return
    marked = wiki.marked(page.title)
    now = {id: clean(definition(text)) for id, text in marked.units.items()} if marked else {}
    changed = {unit.id for unit in page.units if now.get(unit.id, unit.marked) != unit.marked}
    for each, saved in writing.outdate(changed):
        late = replace(each, current=False, page=replace(each.page, number=saved.parent))
        pushings[each.language].remember(late, saved, sync.account.name)
        _add(sync, each, Outcome.WAITS, saved.number, MARKED_ANEW)


def _add(sync: Sync, push: Push, outcome: Outcome, revision: int = 0, why: str = "") -> None:
    result = Synced(push.unit, push.language, outcome, push.text, why, push.findings, revision)
    sync.shelves[push.language].results.append(result)
