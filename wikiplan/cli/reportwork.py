"""The work of ``plan_report``: reading the reports of shards, and putting them together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wikiplan import files, records
from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus
from wikiplan.report.shardreports import ShardReport, gather, put_together
from wikiplan.session.command import Run


def report(run: Run) -> ExitStatus:
    """Read, put together, and tell what came of it."""
    if not run.options.words:
        raise WikiplanError(
            "which-reports", "which reports? name the files that runs with -shard: wrote"
        )
    together(run, run.options.words)
    return run.end()


def together(run: Run, names: Sequence[str]) -> None:
    """Fill the run's report with those in the files, and show a table of the shards."""
    found: dict[str, ShardReport] = {}
    wrong: list[str] = []
    for name in names:
        try:
            found[name] = records.read(ShardReport, files.read(Path(name)), name)
        except WikiplanError as error:
            wrong.append(str(error))
    put_together(gather(found, wrong), run.report)
    columns = ("shard", "run", "outcome", "pages", "requests")
    shards = [[str(each[name]) for name in ("index", *columns[1:])] for each in run.report.shards]
    run.terminal.table(columns, shards)
    for line in run.report.error.splitlines():
        run.terminal.say(line)
