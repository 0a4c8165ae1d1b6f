"""The work of ``serve``: the desk, for a browser on this machine."""

from __future__ import annotations

from threading import Thread

from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus
from wikiplan.session import sites
from wikiplan.session.command import Run
from wikiplan.session.session import Session
from wikiplan.value import replace


def serve(run: Run) -> ExitStatus:
    """Show the pages of the plan in a browser until Ctrl+C; what is edited there is saved."""
    try:
        import wikiplan.desk.server  # noqa: F401 - what is missing is told before anything is asked
    except ModuleNotFoundError as error:
        raise WikiplanError(
            "no-desk",
            f"the desk needs {error.name}, which is not there; pip install 'wikiplan[desk]'",
        ) from error
    sites.on_each(replace(run, options=replace(run.options, full=True)), _serve)
    return ExitStatus.DONE


def _serve(work: Session) -> None:
    from wikiplan.desk.desk import Desk
    from wikiplan.desk.server import Server

    desk = Desk(work)
    server = Server(desk, work.options.port)
    work.say(f"The desk: {server.address}")
    work.say("Editing changes the plan's files here, and nothing on the wiki. Ctrl+C ends it.")
    Thread(target=desk.prepare, daemon=True).start()
    server.run()
