"""The work of ``plan_translations``: that of each word stands in the module of its kind."""

from __future__ import annotations

from functools import partial

from wikiplan.report import STATUS, ExitStatus
from wikiplan.session import sites
from wikiplan.session.command import Run
from wikiplan.session.session import Session

TEXT_BY_TEXT = ("pull", "push")
"""What an error in one translation does not stop."""
READS = "status"
"""What writes nothing that anybody needs."""


def translations(run: Run) -> ExitStatus:
    """Do what the first word says, with what it alone needs."""
    word = run.options.words[0]
    if word in ("update", "export", "import"):
        return _offline(run, word)
    texts, keep = word not in TEXT_BY_TEXT, word != READS
    sites.on_each(run, partial(_on_site, word), texts=texts, keep=keep)
    return run.end()


def _on_site(word: str, work: Session) -> None:
    if word in TEXT_BY_TEXT:
        from wikiplan.cli import syncwork

        with work.holding_the_lock() as held, held.remembering_translations() as remembering:
            {"pull": syncwork.pull, "push": syncwork.push}[word](remembering)
    elif word == READS:
        from wikiplan.cli import statuswork

        with work.remembering_translations() as remembering:
            statuswork.status(remembering)
    elif word == "notify":
        from wikiplan.cli import noticework

        with work.holding_the_lock() as held, held.remembering_translations() as remembering:
            noticework.notify(remembering)
    elif word == "bundles":
        from wikiplan.cli import bundlework

        with work.holding_the_lock() as held:
            bundlework.write(held)
    else:
        from wikiplan.cli import statuswork

        with work.holding_the_lock() as held:
            statuswork.mark(held)


def _offline(run: Run, word: str) -> ExitStatus:
    from wikiplan.cli import catalogwork

    works = {
        "update": catalogwork.update,
        "export": catalogwork.export,
        "import": catalogwork.bring_in,
    }
    works[word](catalogwork.opened(run))
    return STATUS[run.report.result()]
