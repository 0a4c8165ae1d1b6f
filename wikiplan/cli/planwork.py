"""The work of commands about the plan's own files: ``plan_check``, ``plan_move``, ``plan_year``.

They ask no wiki. What one changes is tried in a copy of the plan, and written if that is sound.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from wikiplan import files
from wikiplan.catalogs import Catalogs, catalog, moving, newyear, typedfacts, yearpages
from wikiplan.catalogs.newyear import Carrying, Years, stem_of
from wikiplan.catalogs.yearpages import YearPages
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
    Unit,
    UnwritableError,
    chosen_targets,
    former_titles,
    plan,
    prefix,
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
    by_hand = "rename it by hand, and tell of it under “moved:” in pages.yaml"
    with _copied(options, by_hand, f"the move to {wanted.after}") as copy:
        files.replace_all(with_move(read_source(copy.data), wanted))
        after, declared = follow(copy, Moves((wanted,)))
        return MadeMove(tuple(_differences(options.data, copy.data)), after, declared)


@contextmanager
def _copied(options: Options, by_hand: str, change: str) -> Iterator[Options]:
    """Let a change be tried in a copy of the plan; what is wrong there is told of the plan's files.

    ``by_hand`` says what a person does where the files cannot be written.
    """
    with TemporaryDirectory(prefix="wikiplan-") as folder:
        copy = Path(folder) / "data"
        shutil.copytree(options.data, copy, copy_function=shutil.copyfile)  # all writable
        try:
            yield replace(options, data=copy)
        except UnwritableError as error:
            wrong = str(error).replace(str(copy), str(options.data))
            raise WikiplanError(f"{wrong}; {by_hand}") from error
        except Faults as broken:
            raise _in_place(broken, copy, options.data, change) from broken


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


def _in_place(broken: Faults, copy: Path, data: Path, change: str) -> WikiplanError:
    """Return what is wrong in the copy, told of the plan's own files."""
    told = [
        replace(each, file=each.file.replace(str(copy), str(data)))
        if isinstance(each, Fault)
        else each
        for each in broken.faults
    ]
    lines = "\n".join(map(str, told))
    return WikiplanError(f"{lines}\nSo it would be after {change}; nothing was written.")


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
    _tell_files(run, made.changes)
    for title, ids in made.declared.items():
        say(f"  {title}: the ids of {_count(len(ids), 'unit')} stay what they are on the wiki")
    say(" ".join(_next_update(wanted, made.plan)))


def _tell_files(run: Run, changes: Sequence[FileChange]) -> None:
    for each in changes:
        what = "removed" if each.gone else "made" if each.before is None else "changed"
        run.terminal.say(f"  {each.path}: {what}")


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


# A new fiscal year.


@dataclass(frozen=True)
class MadeYear:
    """What a new year comes to: ``changes`` of files, the plan ``before`` and ``after`` them.

    ``units`` are those of the new year by the keys of those that they go on from, ``asked`` counts
    by language those whose translations were not current before.
    """

    years: Years
    before: Plan
    after: Plan
    carrying: Carrying
    pages: YearPages
    units: Mapping[str, Unit]
    changes: Sequence[FileChange]
    asked: Mapping[str, int]


def year(run: Run) -> ExitStatus:
    """Prepare a new fiscal year as a change of the plan's files, for a person to review."""
    options = run.options
    if len(options.words) != 1:
        raise WikiplanError("say which year begins: plan_year 2022-2023; see -help")
    read = loading.load(options).plan
    years = newyear.wanted_years(read, options.words[0], options.from_)
    resumed = _resumed(run, read, years)
    made = _made_year(options, years, resumed)
    if not options.simulate:
        catalog.write(made.changes)
    _tell_year(run, made)
    return ExitStatus.DONE


def _resumed(run: Run, read: Plan, years: Years) -> frozenset[str]:
    """Ask which dropped items are taken up again; without anybody to ask, none is."""
    dropped = Carrying.of(read, years.old).dropped if run.terminal.can_ask else ()
    texts = {name: read.units[f"{prefix(stem_of(years.old))}.{name}"].text for name in dropped}
    question = "{} was dropped: “{}” Take it up again?"
    return frozenset(
        name for name, text in texts.items() if run.terminal.confirm(question.format(name, text))
    )


def _made_year(options: Options, years: Years, resumed: Collection[str]) -> MadeYear:
    """Make a new year in a copy of the plan."""
    by_hand = "give every entry there lines of its own, or write the new year by hand"
    with _copied(options, by_hand, f"the turn to {years.new}") as copy:
        before = _sound(copy.data)
        moves = yearpages.section_moves(before, years)
        for each in moves:
            files.replace_all(with_move(read_source(copy.data), each))
        named = _sound(copy.data)
        pages = yearpages.pages_of(named, years)
        carrying = Carrying.of(named, years.old, resumed)
        _write_year(copy.data, years, carrying, pages)
        after = _sound(copy.data)
        units = newyear.carried(before, after, years)
        files.replace_all(newyear.catalog_changes(copy.data / "locale", after, units))
        _keep_ids(copy, pages, Moves((years.move, *moves)), units)
        asked = newyear.asked_anew(copy.data / "locale", after, units)
        changes = tuple(_differences(options.data, copy.data))
    return MadeYear(years, before, after, carrying, pages, units, changes, asked)


def _write_year(data: Path, years: Years, carrying: Carrying, pages: YearPages) -> None:
    """Write the new year's file and ``pages.yaml`` into a folder."""
    old, new = (data / f"{stem_of(year)}.yaml" for year in (years.old, years.new))
    new.write_bytes(newyear.year_file(files.read(old), str(old), years, carrying))
    path = data / "pages.yaml"
    path.write_bytes(yearpages.with_year(path.read_bytes(), pages, years))


def _keep_ids(options: Options, pages: YearPages, moves: Moves, units: Mapping[str, Unit]) -> None:
    """Let units that go on have the ids that they have on a translatable page.

    The page must be sound then, and its translations, too.
    """
    path = options.data / "pages.yaml"
    path.write_bytes(yearpages.with_ids_carried(path.read_bytes(), pages, moves, units.keys()))
    loaded = loading.load(options)
    turned = {loaded.plan.pages[at].title for at in pages.turned}
    declared = ids_to_declare(loaded.plan, loaded.renderer, moves, lambda key: True)
    for title, ids in declared.items():
        if title in turned:
            path.write_bytes(with_ids(path.read_bytes().decode(), title, ids).encode())
    if declared:
        loading.load(options)


def _tell_year(run: Run, made: MadeYear) -> None:
    """Say what was prepared, what a person should look at, and what the next update will do."""
    say, years, carrying = run.terminal.say, made.years, made.carrying
    say(f"{'Would be prepared' if run.options.simulate else 'Prepared'}: {years.new}")
    _tell_files(run, made.changes)
    for what, names in (
        ("done, left in", carrying.done),
        ("dropped, left in", carrying.dropped),
        ("teams without open items, left in", carrying.empty),
        ("teams that are no more, whose open items are left in", carrying.without_team),
    ):
        if names:
            say(f"{what.capitalize()} {years.old}: {', '.join(names)}")
    for each in yearpages.told(made.before, made.pages, years):
        say(each)
    looks = [
        *(() if years.follow_each_other else [f"{years.new} does not follow {years.old}"]),
        *newyear.findings(made.after, years, made.units),
        *yearpages.findings(made.before, made.pages, years),
    ]
    looks += _leaving(made)
    for each in looks:
        say(f"Look at this: {each}.")
    say(_asked_of_translators(made))
    say(
        "Review it as a change of the files (git diff), then run plan_preview; to undo it, take "
        "the change back."
    )


def _leaving(made: MadeYear) -> Iterator[str]:
    """Say of translatable pages what leaves them: texts that stay in the old year."""
    start = f"{prefix(stem_of(made.years.old))}."
    left = [key for key in made.before.units if key.startswith(start) and key not in made.units]
    for at in made.pages.turned if left else ():
        if (page := made.before.pages[at]).translatable:
            yield (
                f"{page.title}: {_count(len(left), 'text')} with their translations leave the "
                "page, and stay in the catalogs; plan_update wants -allow:orphaned for that"
            )


def _asked_of_translators(made: MadeYear) -> str:
    count = _count(len(made.units), "text")
    told = f"Translators are asked for nothing new: {count} went on with their translations."
    if not made.asked:
        return told
    waiting = ", ".join(f"{code} {number}" for code, number in made.asked.items())
    return f"{told} Of these some waited for a translation already: {waiting}."
