"""The work of ``wikiplan run``: what ``run.yaml`` says, each step as its own command does it."""

from __future__ import annotations

from wikiplan.cli import fetchwork, noticework, statuswork, syncwork, updatework
from wikiplan.nightly import runfile
from wikiplan.nightly.night import Night
from wikiplan.nightly.steps import Works
from wikiplan.report import ExitStatus
from wikiplan.session.command import Run
from wikiplan.session.commandline import refuse_wrong
from wikiplan.value import replace

WORKS: Works = {
    "fetch": fetchwork.fetch_site,
    "pull": syncwork.pull,
    "update": updatework.update_site,
    "mark": statuswork.mark,
    "push": syncwork.push,
    "status": statuswork.status,
    "notify": noticework.notify,
}


def run(run: Run) -> ExitStatus:
    """Read ``run.yaml`` and do what it says. Nobody is asked: the file is the consent."""
    options = run.options
    refuse_wrong(options)
    file = runfile.read(options.run, needed="run" in options.given)
    if not options.simulate:
        file.check_secrets()
    run.report.preview = options.simulate
    alone = replace(run, options=replace(options, always=True))
    Night(alone, file, options.run, WORKS).run()
    return run.end("This was a rehearsal: nothing was written, and nobody told.")
