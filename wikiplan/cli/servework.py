"""The work of ``serve``: the desk, for a browser on this machine."""

from __future__ import annotations

from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus
from wikiplan.session import sites
from wikiplan.session.command import Run, interruptible
from wikiplan.session.session import Session
from wikiplan.value import replace


def serve(run: Run) -> ExitStatus:
    """Show the plan in a browser until Ctrl+C; the report is that of what was saved last.

    It starts with errors in translations too: they can be mended there.
    """
    try:
        import wikiplan.desk.server  # noqa: F401 - what is missing is told before anything is asked
    except ModuleNotFoundError as error:
        raise WikiplanError(
            "no-desk",
            f"the desk needs {error.name}, which is not there; pip install 'wikiplan[desk]'",
        ) from error
    sites.on_each(replace(run, options=replace(run.options, full=True)), _serve, texts=False)
    return ExitStatus.FAILED if run.report.interrupted else ExitStatus.DONE


def _serve(work: Session) -> None:
    from wikiplan.desk.desk import Desk
    from wikiplan.desk.server import Server

    desk = Desk(work)
    server = Server(desk, work.options.port)
    work.say(f"The desk: {server.address}")
    work.say("Nothing is written unless you say so there. Ctrl+C ends it.")
    desk.prepare()
    with interruptible() as interrupt:
        server.run()  # which sends on the signal that ended it
        if ended := desk.savings.end(interrupt.reason or "the desk ended"):
            work.say("What was being saved ended early:")
            for line in ended.said:
                work.say(line)
    if (saved := desk.savings.last) and saved.report:
        work.report.become(saved.report)
