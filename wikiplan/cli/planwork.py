"""The work of commands about the plan's own files: ``plan_check`` and ``plan_move``.

They ask no wiki. What a move changes is tried in a copy of the plan, and written if that is sound.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from wikiplan import files
from wikiplan.catalogs import Catalogs, catalog, moving, typedfacts
from wikiplan.changes import KnownPage, memory, memoryfile
from wikiplan.cli import loading
from wikiplan.cli.command import Run
from wikiplan.cli.options import Options
from wikiplan.errors import Fault, Faults, WikiplanError, did_you_mean
from wikiplan.files import FileChange
from wikiplan.plan import (
    FILE,
    LANGUAGE,
    MOVABLE,
    PAGE,
    PERSON,
    SECTION,
    TEAM,
    UNIT,
    Move,
    Moves,
    Plan,
    Target,
    UnwritableError,
    chosen_targets,
    former_titles,
    plan,
    read_source,
    schema,
    variable,
    variables_in,
    with_ids,
    with_move,
)
from wikiplan.report import ExitStatus, leaving
from wikiplan.sync import ids_to_declare, seen_changes


def check(run: Run) -> ExitStatus:
    """Print the schema, or every fault and a closing line."""
    options, say = run.options, run.terminal.say
    if options.schema is not None:
        run.terminal.raw(schema_text(options.schema))
        return ExitStatus.DONE
    if options.fix:
        fix(run)
    found, faults = find(options)
    for fault in faults:
        say(str(fault))
    for told in of_earlier_runs(found, faults):
        say(told)
    errors = sum(not fault.warning for fault in faults)
    warnings = len(faults) - errors
    say(f"{options.data}: {_count(errors, 'error')}, {_count(warnings, 'warning')}.")
    return ExitStatus.FAILED if errors else ExitStatus.DONE


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def schema_text(kind: str) -> str:
    """Return the JSON Schema of one kind of file, or of all when ``kind`` is empty."""
    schemas = schema.schemas()
    if kind and kind not in schemas:
        hint = did_you_mean(kind, schemas) or f"there are {', '.join(schemas)}"
        raise WikiplanError(f"-schema:{kind}: no such kind of file; {hint}")
    return schema.text(schemas[kind] if kind else schema.combined())


def find(options: Options) -> tuple[Plan | None, tuple[Fault, ...]]:
    """Return the plan and all faults; those of catalogs, templates and facts that texts say in
    words once the data is sound.
    """
    found, faults = plan.check(options.data)
    if not found:
        return found, faults
    beyond = loading.faults_beyond_data(options, found)
    return found, (*faults, *beyond, *typedfacts.faults(found))


def fix(run: Run) -> None:
    """Make variables of typed facts in the plan and its catalogs, and say so; in a plan with errors
    nothing is done. Raises :class:`Faults` for a catalog that is damaged.
    """
    data, say = run.options.data, run.terminal.say
    found, _ = plan.check(data)
    if found is None:
        return
    languages = [path.stem for path in Catalogs(data / "locale", ()).files()]
    done = typedfacts.fixes(found, catalog.load_all(data / "locale", languages))
    catalog.write(done.files)
    for text in done.found:
        for each in text.typed:
            say(f"{text.unit.file}:{text.unit.line}: “{each.words}” is {each.variable} now")
    for fault in done.left:
        say(str(fault))
    say(f"{_count(len(done.files), 'file')} written.")


def of_earlier_runs(found: Plan | None, faults: tuple[Fault, ...]) -> tuple[str, ...]:
    """Say what the plan had on its wiki in the last run and has no more, if it is sound."""
    if found is None or any(not fault.warning for fault in faults):
        return ()
    return tuple(told for site in found.sites for told in _of_earlier_runs(found.on(site), site))


def _of_earlier_runs(part: Plan, site: str) -> tuple[str, ...]:
    data = str(part.directory.resolve())
    known = memoryfile.read_all(files.state_folder(None), site, part.name, data)
    moved = (_moved(each, part, known) for each in part.moves.entries)
    return (*leaving.sentences(memory.left(known, part)), *moved)


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


# Giving something in the plan another name.

Names = Mapping[str, Collection[str]]
"""What can be moved, by kind."""


def move(run: Run) -> ExitStatus:
    """Give something another name wherever the plan, and what was kept of it, has the old one."""
    options = run.options
    if len(options.words) != 2:
        raise WikiplanError("say what to move, and to what: plan_move FROM TO; see -help")
    read = plan.load(options.data)
    wanted = wanted_move(names_in(read), *options.words)
    made = _made(options, wanted)
    if not options.simulate:
        catalog.write(made.changes)
    _tell_move(run, wanted, made)
    return ExitStatus.DONE


def names_in(read: Plan) -> Names:
    """Return the names of everything that can be moved, of texts also the items they belong to."""
    parts = [key.split(".") for key in read.units]
    teams = read.files["department"].get("teams", ())
    return {
        UNIT: {".".join(each[:end]) for each in parts for end in range(2, len(each) + 1)},
        FILE: read.files.keys(),
        TEAM: {team["key"] for team in teams},
        PERSON: read.files.get("people", {}).keys(),
        SECTION: {section.name for page in read.pages for section in page.sections},
        PAGE: {page.title for page in read.pages},
        LANGUAGE: read.languages,
    }


def wanted_move(names: Names, given: str, to: str) -> Move:
    """Return what the command line says. Raises :class:`WikiplanError` where that is not clear."""
    kind, _, name = given.partition(":")
    kinds = (kind,) if kind in MOVABLE else MOVABLE
    name = name if kind in MOVABLE else given
    found = [each for each in kinds if name in names[each]]
    if not found:
        known = [each for every in kinds for each in names[every]]
        hint = did_you_mean(name, known) or f"name one of these: {', '.join(MOVABLE)}; see -help"
        what = kind if kind in MOVABLE else "thing"
        raise WikiplanError(f"{given}: the plan has no such {what}; {hint}")
    if len(found) > 1:
        ways = " or ".join(f"{each}:{name}" for each in found)
        raise WikiplanError(f"{given}: the plan has several things of this name; say {ways}")
    wanted = Move(found[0], name, to.removeprefix(f"{found[0]}:"))
    wanted = _of_bearer(wanted, names)
    _check_move(wanted, names)
    return wanted


def _of_bearer(wanted: Move, names: Names) -> Move:
    """Return a move of a team or a person instead of one of what their file says of them."""
    file, _, key = wanted.before.partition(".")
    kind = {"department": TEAM, "people": PERSON}.get(file, "")
    if wanted.kind != UNIT or not kind or key not in names[kind]:
        return wanted
    return Move(kind, key, wanted.after.removeprefix(f"{file}.").removeprefix(f"{kind}:"))


def _check_move(wanted: Move, names: Names) -> None:
    before, after, kind = wanted.before, wanted.after, wanted.kind
    if before == after:
        raise WikiplanError(f"{before}: that is its name already; say another one")
    if after in names[kind]:
        raise WikiplanError(f"{after}: the plan has a {kind} of this name; choose another")
    if other := next((each for each in MOVABLE if after.startswith(f"{each}:")), ""):
        raise WikiplanError(f"{after}: a {kind} does not become a {other}; say {kind}:NAME")
    parents = before.rpartition(".")[0], after.rpartition(".")[0]
    if kind == UNIT and parents[0] != parents[1]:
        raise WikiplanError(
            f"{after}: a move changes the last part of a key; say {parents[0]}.NAME, or put the "
            "text elsewhere in its file by hand and tell of it under “moved:” in pages.yaml"
        )


@dataclass(frozen=True)
class MadeMove:
    """What a move comes to: ``changes`` of files, and the plan as it is then.

    ``declared`` are the unit ids that had to be declared, by page title.
    """

    changes: Sequence[FileChange]
    plan: Plan
    declared: Mapping[str, Mapping[str, str]]


def _made(options: Options, wanted: Move) -> MadeMove:
    """Make a move in a copy of the plan. Raises :class:`Faults` where that is not sound then."""
    with TemporaryDirectory(prefix="wikiplan-") as folder:
        copy = Path(folder) / "data"
        shutil.copytree(options.data, copy, copy_function=shutil.copyfile)  # all writable
        try:
            files.replace_all(with_move(read_source(copy), wanted))
            after, declared = follow(replace(options, data=copy), Moves((wanted,)))
        except UnwritableError as error:
            raise WikiplanError(
                f"{error}; rename it by hand, and tell of it under “moved:” in pages.yaml".replace(
                    str(copy), str(options.data)
                )
            ) from error
        except Faults as broken:
            raise _in_place(broken, copy, options.data, wanted) from broken
        return MadeMove(tuple(_differences(options.data, copy)), after, declared)


def follow(options: Options, moves: Moves) -> tuple[Plan, Mapping[str, Mapping[str, str]]]:
    """Bring what was kept under old names in step with a plan that has the new ones."""
    locale = options.data / "locale"
    moved = _sound(options.data)
    changes = moving.catalog_changes(locale, moved.units.keys(), moves)
    files.replace_all([*changes, *seen_changes(locale, moved, moves)])
    loaded = loading.load(options)
    declared = ids_to_declare(loaded.plan, loaded.renderer, moves, lambda key: True)
    pages = options.data / "pages.yaml"
    for title, ids in declared.items():
        pages.write_bytes(with_ids(pages.read_bytes().decode(), title, ids).encode())
    return loading.load(options).plan if declared else loaded.plan, declared


def _sound(data: Path) -> Plan:
    """Return the plan. Raises :class:`Faults` with its errors alone."""
    found, faults = plan.check(data)
    if found is None:
        raise Faults(fault for fault in faults if not fault.warning)
    return found


def _in_place(broken: Faults, copy: Path, data: Path, wanted: Move) -> WikiplanError:
    """Return what is wrong in the copy, told of the plan's own files."""
    told = [
        replace(each, file=each.file.replace(str(copy), str(data)))
        if isinstance(each, Fault)
        else each
        for each in broken.faults
    ]
    lines = "\n".join(map(str, told))
    return WikiplanError(
        f"{lines}\nSo it would be after the move to {wanted.after}; nothing was written."
    )


def _differences(data: Path, copy: Path) -> Iterator[FileChange]:
    """Yield the changes that make the plan's folder what its copy is."""
    names = {path.relative_to(each) for each in (data, copy) for path in files.below(each)}
    for name in sorted(names):
        before, after = (files.read_if_there(each / name) for each in (data, copy))
        if before != after:
            yield FileChange(data / name, before, after or b"", gone=after is None)


def _tell_move(run: Run, wanted: Move, made: MadeMove) -> None:
    """Say what was changed, and what the next update will do."""
    say, simulated = run.terminal.say, run.options.simulate
    say(f"{'Would be moved' if simulated else 'Moved'}: {wanted}")
    for each in made.changes:
        what = "removed" if each.gone else "made" if each.before is None else "changed"
        say(f"  {each.path}: {what}")
    for title, ids in made.declared.items():
        say(f"  {title}: the ids of {_count(len(ids), 'unit')} stay what they are on the wiki")
    say(" ".join(_next_update(wanted, made.plan)))


def _next_update(wanted: Move, after: Plan) -> Iterator[str]:
    before, now = wanted.before, wanted.after
    if wanted.kind == SECTION:
        titles = [p.title for p in after.pages if now in {each.name for each in p.sections}]
        yield f"The next update writes {now} for {before} into the markers on {', '.join(titles)}."
    elif wanted.kind == PAGE:
        yield f"Now move {before} to {now} on the wiki, with its sub-pages and translations."
        yield "Until then an update leaves the page alone; it makes no second one."
    elif wanted.kind == LANGUAGE:
        yield f"Now move the pages in {before} on the wiki: TITLE/{before} to TITLE/{now}."
        yield "Until then an update leaves them alone; it makes no second ones."
    elif wanted.kind == FILE and now.rpartition("/")[2] in after.files[now].values():
        yield f"The file says {now.rpartition('/')[2]} of itself, and so do the pages that show it."
    yield "No translation is lost, or becomes outdated."
