"""Keeping a change set for review: its file and its page, and telling the person about both."""

from __future__ import annotations

import shlex
from pathlib import Path

from wikiplan.changes import changefile
from wikiplan.changes.changes import ChangeSet
from wikiplan.cli.session import Work
from wikiplan.report import previews, review
from wikiplan.report.previews import Previews
from wikiplan.report.review import Occasion


def keep(directory: Path, changes: ChangeSet, work: Work) -> None:
    """Write a change set's file and the page to review it, and say how to apply it.

    Lets the wiki render what changes, unless ``-brief`` was given.
    """
    options = work.options
    wiki = [f"-wiki:{options.wiki}"] if options.wiki else []
    plan = changefile.plan_digest(options.data, options.templates)
    occasion = Occasion(work.report.started, plan, ("plan_update", *wiki))
    path = review.write(directory, changes, occasion, _previews(changes, work))
    command = shlex.join([*occasion.command, f"-changes:{path}"])
    work.terminal.say(f"The change set is in {path}. To apply it: {command}")
    work.terminal.say(f"To review it, open {directory / review.NAME} in a browser.")


def _previews(changes: ChangeSet, work: Work) -> Previews:
    if "brief" in work.options.values:
        return {}
    with work.terminal.progress("Rendering", len(changes.to_write)) as step:
        return previews.previews(changes, work.wiki, step)
