"""The work of ``plan_translations``: that of each word stands in the module of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

from wikiplan import files
from wikiplan.report import STATUS, ExitStatus
from wikiplan.session import sites
from wikiplan.session.command import Run
from wikiplan.session.session import Session
from wikiplan.value import replace
from wikiplan.wiki import TranslateMemory

TEXT_BY_TEXT = ("pull", "push")
"""What an error in one translation does not stop."""
READS = "status"
"""What writes nothing that anybody needs."""
ENDING = ".translations"


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

        with work.holding_the_lock() as held, _remembering(held) as remembering:
            {"pull": syncwork.pull, "push": syncwork.push}[word](remembering)
    elif word == READS:
        from wikiplan.cli import statuswork

        with _remembering(work) as remembering:
            statuswork.status(remembering)
    else:
        from wikiplan.cli import statuswork

        with work.holding_the_lock() as held:
            statuswork.mark(held)


@contextmanager
def _remembering(work: Session) -> Iterator[Session]:
    """Yield a session that knows what earlier runs were told, and keep what it is told.

    A rehearsal keeps nothing.
    """
    if work.options.wiki is not None:  # a folder has no translations
        yield work
        return
    path = files.state_path(files.state_folder(None), work.wiki.name, work.wiki.user, ENDING)
    with closing(TranslateMemory(path, anew=work.options.full)) as memory:
        try:
            yield replace(work, translations=memory)
        finally:
            if not work.options.simulate:
                memory.store()


def _offline(run: Run, word: str) -> ExitStatus:
    from wikiplan.cli import catalogwork

    works = {
        "update": catalogwork.update,
        "export": catalogwork.export,
        "import": catalogwork.bring_in,
    }
    works[word](catalogwork.opened(run))
    return STATUS[run.report.result()]
