"""
Check the plan's data, its catalogs and its templates, offline.

Reports all faults at once, each as file:line:column: key: what is wrong; what to do. Warnings do
not fail the check. No wiki is asked and no Pywikibot configuration is needed.

    plan_check
    plan_check -data:../our-plan/data
    plan_check -schema > plan.schema.json

-schema           print a JSON Schema of the data files, for editors and other programs
-schema:KIND      print the one of this kind of file only, such as pages or priorities
-data:DIR         the plan's data (default: data)
-templates:DIR    section templates that go before the ones of wikiplan (default: templates)
-help             show this text

Exit status: 0 nothing is wrong, 1 something is.
"""

from __future__ import annotations

import sys

from wikiplan.cli import Options, command, refuse_rest, session
from wikiplan.errors import Fault, Faults, WikiplanError, did_you_mean
from wikiplan.plan import plan, schema
from wikiplan.report import Status, Terminal

KNOWN = ("schema", "data", "templates", "help")


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return command.run(__doc__, arguments, check, optional=("schema",))


def check(options: Options, terminal: Terminal) -> int:
    """Print the schema, or every fault and a closing line."""
    others = (f"-{name}" for name in options.values if name not in KNOWN)
    refuse_rest((*options.rest, *others), KNOWN)
    if "schema" in options.values:
        terminal.raw(schema_text(options.values["schema"]))
        return Status.DONE
    faults = find(options)
    for fault in faults:
        terminal.say(str(fault))
    errors = sum(not fault.warning for fault in faults)
    warnings = len(faults) - errors
    terminal.say(f"{options.data}: {_count(errors, 'error')}, {_count(warnings, 'warning')}.")
    return Status.FAILED if errors else Status.DONE


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def schema_text(kind: str) -> str:
    """Return the JSON Schema of one kind of file, or of all when ``kind`` is empty."""
    schemas = schema.schemas()
    if kind and kind not in schemas:
        hint = did_you_mean(kind, schemas) or f"there are {', '.join(schemas)}"
        raise WikiplanError(f"-schema:{kind}: no such kind of file; {hint}")
    return schema.text(schemas[kind] if kind else schema.combined())


def find(options: Options) -> tuple[Fault, ...]:
    """Return all faults; those of catalogs and templates once the data is sound."""
    faults = plan.check(options.data)
    try:
        loaded = plan.load(options.data)
    except Faults:
        return faults
    return (*faults, *session.faults_beyond_data(options, loaded))


if __name__ == "__main__":
    sys.exit(main())
