"""The work of ``plan_check``: finding every fault of a plan, and printing its schemas."""

from __future__ import annotations

from wikiplan import files
from wikiplan.catalogs import Catalogs, catalog, typedfacts
from wikiplan.changes import memory, memoryfile
from wikiplan.cli import loading
from wikiplan.cli.command import Run
from wikiplan.cli.options import Options
from wikiplan.errors import Fault, WikiplanError, did_you_mean
from wikiplan.plan import Plan, plan, schema
from wikiplan.report import ExitStatus, leaving


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
    return leaving.sentences(memory.left(known, part))
