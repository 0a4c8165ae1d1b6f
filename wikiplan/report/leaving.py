"""What the plan had in its last run, and has no more or calls otherwise: told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from wikiplan.changes import WAY_OUT, KnownPage
from wikiplan.plan import (
    LANGUAGE,
    PAGE,
    PERSON,
    SECTION,
    TEAM,
    Move,
    Moves,
    Plan,
    Target,
    chosen_targets,
    former_titles,
    variable,
    variables_in,
)
from wikiplan.report.report import Report
from wikiplan.value import replace

if TYPE_CHECKING:
    from wikiplan.report.terminal import Terminal


def sentences(gone: Mapping[str, KnownPage]) -> tuple[str, ...]:
    return tuple(
        f"{title}: the last run managed section {', '.join(last.sections)} of this page, and "
        f"pages.yaml has it no more: it stays as it is, with its markers; {WAY_OUT}"
        for title, last in sorted(gone.items())
    )


def tell(gone: Mapping[str, KnownPage], report: Report, terminal: Terminal) -> None:
    """Say and report which pages the plan has no more; one shard tells of each."""
    gone = {title: last for title, last in gone.items() if report.shard.has(title)}
    report.left = [
        {"title": title, "sections": list(last.sections)} for title, last in sorted(gone.items())
    ]
    for told in sentences(gone):
        terminal.say(told)


# Entries under ``moved:`` in pages.yaml: done, or still needed.


def of_moves(part: Plan, known: Mapping[str, KnownPage]) -> Iterator[str]:
    """Yield for each entry whether it may go; ``known`` are the pages of the last run."""
    return (_moved(each, part, known) for each in part.moves.entries)


def _moved(entry: Move, part: Plan, known: Mapping[str, KnownPage]) -> str:
    """Say whether an entry under ``moved:`` has done its work, as far as the last run knows."""
    used = _old_variables(entry, part)
    if used:
        return f"moved {entry}: texts use ${used[0]}; keep the entry, it says what that is"
    waiting = [
        target.title for target in chosen_targets(part) if _waits(entry, part, target, known)
    ]
    if not waiting:
        return f"moved {entry}: done; the entry may go from pages.yaml"
    more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
    return (
        f"moved {entry}: no run on this machine has found the new name on {waiting[0]}{more}; "
        "keep the entry until one has"
    )


def _old_variables(entry: Move, part: Plan) -> list[str]:
    """Return the variables in texts that are named after the key that a team or person had."""
    if entry.kind not in (TEAM, PERSON):
        return []
    old = variable(entry.kind, entry.before)
    every = {name for unit in part.units.values() for name in variables_in(unit.text)}
    return sorted(name for name in every if name == old or name.startswith(f"{old}_"))


def _waits(entry: Move, part: Plan, target: Target, known: Mapping[str, KnownPage]) -> bool:
    """Tell whether a page may have the old name yet. Keys of texts stand on no page."""
    last = known.get(target.title)
    if entry.kind == SECTION:
        name = part.moves.latest(SECTION, entry.before)
        shows = name in {section.name for section in target.page.sections}
        return shows and (last is None or name not in last.sections)
    alone = replace(part, moves=Moves((entry,)))
    page = replace(target.page, former=alone.moves.former(PAGE, target.page.title))
    is_about = entry.kind in (PAGE, LANGUAGE)
    return is_about and last is None and bool(former_titles(alone, replace(target, page=page)))
