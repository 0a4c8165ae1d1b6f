"""The work of commands about the plan's own files: ``plan_check``, ``plan_move``, ``plan_year``.

They ask no wiki. What one changes is tried in a copy of the plan, and written if that is sound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from wikiplan import files
from wikiplan.catalogs import Catalogs, catalog, moving, newyear, trial, typedfacts, yearpages
from wikiplan.catalogs.newyear import Carrying, Years, stem_of
from wikiplan.catalogs.yearpages import YearPages
from wikiplan.changes import memory, memoryfile
from wikiplan.errors import Fault, Faults, WikiplanError, did_you_mean
from wikiplan.files import FileChange
from wikiplan.nightly import runfile
from wikiplan.plan import (
    FILE,
    LANGUAGE,
    PAGE,
    SECTION,
    Move,
    Moves,
    Plan,
    Unit,
    ids_changed,
    plan,
    prefix,
    read_source,
    schema,
    with_move,
)
from wikiplan.render import Renderer, section_templates
from wikiplan.report import ExitStatus, leaving
from wikiplan.report.annotations import annotated
from wikiplan.session import loading
from wikiplan.session.command import Run
from wikiplan.session.options import Options
from wikiplan.sync import ids_carried, ids_shown, ids_to_declare, seen_changes, with_ids_carried
from wikiplan.value import Value, replace


def check(run: Run) -> ExitStatus:
    """Write or print the schemas, or print every fault and a closing line."""
    options, say = run.options, run.terminal.say
    if options.schema is not None:
        tell_schemas(run)
        return ExitStatus.DONE
    if options.fix:
        fix(run)
    found, faults = find(options)
    if options.annotate:
        run.terminal.raw(annotated(faults, options.annotate))
        return ExitStatus.FAILED if any(not each.warning for each in faults) else ExitStatus.DONE
    for fault in faults:
        say(fault.told)
    for told in of_earlier_runs(found, faults):
        say(told)
    errors = sum(not fault.warning for fault in faults)
    warnings = len(faults) - errors
    say(f"{options.data}: {_count(errors, 'error')}, {_count(warnings, 'warning')}.")
    return ExitStatus.FAILED if errors else ExitStatus.DONE


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def tell_schemas(run: Run) -> None:
    """Write the JSON Schemas of the plan's files beside them, or print the one of a kind."""
    options, kind = run.options, run.options.schema
    source = read_source(options.data)
    names = schema.names_in(source.data, section_templates(options.templates))
    schemas = {**schema.schemas(names), **schema.own_schemas(source, names)}
    if not kind:
        schema.write(options.data / "schema", schemas)
        written = _count(len(schemas), "schema")
        run.terminal.say(f"{written} written to {options.data}/schema.")
        return
    schemas["run"] = runfile.schema()
    if kind not in schemas:
        hint = did_you_mean(kind, schemas) or f"there are {', '.join(schemas)}"
        raise WikiplanError("no-such-schema", f"-schema:{kind}: no such kind of file; {hint}")
    run.terminal.raw(schema.text(schemas[kind]))


def find(options: Options) -> tuple[Plan | None, tuple[Fault, ...]]:
    """Return the plan and all faults, also of ``run.yaml``; those of catalogs, templates and facts
    that texts say in words once the data is sound.
    """
    found, faults = plan.check(options.data)
    faults = (*faults, *runfile.faults(options.run))
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
        say(fault.told)
    say(f"{_count(len(done.files), 'file')} written.")


def of_earlier_runs(found: Plan | None, faults: tuple[Fault, ...]) -> tuple[str, ...]:
    """Say what the plan had on its wiki in the last run and has no more, if it is sound."""
    if found is None or any(not fault.warning for fault in faults):
        return ()
    return tuple(told for site in found.sites for told in _of_earlier_runs(found.on(site), site))


def _of_earlier_runs(part: Plan, site: str) -> tuple[str, ...]:
    data = str(part.directory.resolve())
    known = memoryfile.read_all(files.state_folder(None), site, part.name, data)
    return (*leaving.sentences(memory.left(known, part)), *leaving.of_moves(part, known))


# Giving something in the plan another name.


def move(run: Run) -> ExitStatus:
    """Give something another name wherever the plan, and what was kept of it, has the old one."""
    options = run.options
    if len(options.words) != 2:
        raise WikiplanError(
            "move-what", "say what to move, and to what: plan_move FROM TO; see -help"
        )
    read = plan.load(options.data)
    wanted = moving.wanted_move(moving.names_in(read), *options.words)
    made = _made(options, wanted)
    if not options.simulate:
        catalog.write(made.changes)
    _tell_move(run, wanted, made)
    return ExitStatus.DONE


class MadeMove(Value):
    """What a move comes to: ``changes`` of files, and the plan as it is then.

    ``declared`` are the unit ids that had to be declared, by page title.
    """

    changes: Sequence[FileChange]
    plan: Plan
    declared: Mapping[str, Mapping[str, str]]


def _made(options: Options, wanted: Move) -> MadeMove:
    """Make a move in a copy of the plan. Raises :class:`Faults` where that is not sound then."""
    by_hand = "rename it by hand, and tell of it under “moved:” in pages.yaml"
    with trial.tried(options.data, f"the move to {wanted.after}", by_hand) as tried:
        files.replace_all(with_move(read_source(tried.copy), wanted))
        after, declared = follow(replace(options, data=tried.copy), Moves((wanted,)))
        return MadeMove(tuple(tried.changes()), after, declared)


def follow(options: Options, moves: Moves) -> tuple[Plan, Mapping[str, Mapping[str, str]]]:
    """Bring what was kept under old names in step with a plan that has the new ones."""
    locale = options.data / "locale"
    moved = _sound(options.data)
    changes = moving.catalog_changes(locale, moved.units.keys(), moves)
    files.replace_all([*changes, *seen_changes(locale, moved, moves)])
    loaded = loading.load(options)
    declared = ids_to_declare(loaded.plan, loaded.renderer, moves, lambda key: True)
    files.replace_all(ids_changed(options.data, declared, {}))
    return loading.load(options).plan if declared else loaded.plan, declared


def _sound(data: Path) -> Plan:
    """Return the plan. Raises :class:`Faults` with its errors alone."""
    found, faults = plan.check(data)
    if found is None:
        raise Faults(fault for fault in faults if not fault.warning)
    return found


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


class MadeYear(Value):
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
        raise WikiplanError("which-year", "say which year begins: plan_year 2022-2023; see -help")
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
    with trial.tried(options.data, f"the turn to {years.new}", by_hand) as tried:
        copy = replace(options, data=tried.copy)
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
        _keep_ids(copy, before, Moves(moves))
        asked = newyear.asked_anew(copy.data / "locale", after, units)
        changes = tuple(tried.changes())
    return MadeYear(years, before, after, carrying, pages, units, changes, asked)


def _write_year(data: Path, years: Years, carrying: Carrying, pages: YearPages) -> None:
    """Write the new year's file and ``pages.yaml`` into a folder."""
    yearpages.write_year(data, pages, years)  # before patterns see the new file
    old, new = (data / f"{stem_of(year)}.yaml" for year in (years.old, years.new))
    new.write_bytes(newyear.year_file(files.read(old), str(old), years, carrying))


def _keep_ids(options: Options, before: Plan, moves: Moves) -> None:
    """Let units that go on have the ids that they have on a translatable page, and labels theirs.

    The page must be sound then, and its translations, too.
    """
    known = ids_shown(before, Renderer(before, {}, options.templates, options.now))
    loaded = loading.load(options)
    carried = ids_carried(loaded.plan, loaded.renderer, known)
    declared = ids_to_declare(loaded.plan, loaded.renderer, moves, lambda key: True)
    there = {page.title for page in before.pages}
    own = {title: ids for title, ids in declared.items() if title in there}
    files.replace_all(with_ids_carried(options.data, own, carried))
    if declared or carried:
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
    for each in yearpages.told(made.before, made.pages, years, made.after):
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
