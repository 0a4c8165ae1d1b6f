"""The work of ``plan_translations``: that of each word stands in the module of its kind."""

from __future__ import annotations

from wikiplan.cli import session
from wikiplan.cli.command import Run
from wikiplan.report import STATUS, ExitStatus

TEXT_BY_TEXT = ("pull", "push")
"""What an error in one translation does not stop."""
READS = "status"
"""What writes nothing."""


def translations(run: Run) -> ExitStatus:
    """Do what the first word says, with what it alone needs."""
    word = run.options.words[0]
    if word in ("update", "export", "import"):
        return _offline(run, word)
    texts, keep = word not in TEXT_BY_TEXT, word != READS
    with session.with_plan(run, texts=texts, keep=keep) as work:
        if word in TEXT_BY_TEXT:
            from wikiplan.cli import syncwork

            {"pull": syncwork.pull, "push": syncwork.push}[word](work)
        else:
            from wikiplan.cli import statuswork

            {"status": statuswork.status, "mark": statuswork.mark}[word](work)
    return run.end()


def _offline(run: Run, word: str) -> ExitStatus:
    from wikiplan.cli import catalogwork

    works = {
        "update": catalogwork.update,
        "export": catalogwork.export,
        "import": catalogwork.bring_in,
    }
    works[word](catalogwork.opened(run))
    return STATUS[run.report.result()]
