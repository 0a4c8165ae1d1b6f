"""The work of ``serve``: the desk, for a browser on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from wikiplan import files
from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus
from wikiplan.session import filelock, sites
from wikiplan.session.command import Run, interruptible
from wikiplan.session.filelock import Holder
from wikiplan.session.session import Session
from wikiplan.value import replace

if TYPE_CHECKING:
    from wikiplan.desk.desk import Desk
    from wikiplan.desk.server import Server

PLAN_DIGITS = 16
"""Of the digest of where a plan is."""


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
    with _announced(work) as others:
        work.say(f"The desk: {server.address}")
        work.say("Nothing is written unless you say so there. Ctrl+C ends it.")
        for each in others:
            work.say(
                f"Another desk of this plan is open since {each.since}, by {each.owner} on "
                f"{each.host} (process {each.process}). What one writes the other shows."
            )
        desk.prepare()
        _answer(work, desk, server)


@contextmanager
def _announced(work: Session) -> Iterator[tuple[Holder, ...]]:
    """Let later desks of the plan know of this one; yields those that are open already.

    They are told in the state of who runs this, without the address: that has the token.
    """
    plan = sha256(os.fsencode(work.options.data.resolve())).hexdigest()[:PLAN_DIGITS]
    known = filelock.announced(files.state_folder(None), f"desk-{plan}", work.report.run)
    with ExitStack() as until_the_end:
        others: tuple[Holder, ...] = ()
        with suppress(WikiplanError):  # where there are no locks, nobody is told
            others = until_the_end.enter_context(known)
        yield others


def _answer(work: Session, desk: Desk, server: Server) -> None:
    with interruptible() as interrupt:
        server.run()  # which sends on the signal that ended it
        desk.writing.close()
        desk.savings.close()
        if ended := desk.savings.end(interrupt.reason or "the desk ended"):
            work.say("What was being saved ended early:")
            for line in ended.said:
                work.say(line)
    if (saved := desk.savings.last) and saved.report:
        work.report.become(saved.report)
