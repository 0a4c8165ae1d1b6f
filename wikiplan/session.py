"""What a preview and an update share: the plan, the wiki, the change set, the report."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wikiplan import catalog, catalogcheck, changes, plan, render, targets
from wikiplan.changes import ChangeSet, Comparison
from wikiplan.errors import Fault, Faults, Refusal, WikiplanError
from wikiplan.folder import Folder
from wikiplan.options import Options, refuse_rest
from wikiplan.plan import Plan
from wikiplan.render import Renderer
from wikiplan.report import Report, new_run_id
from wikiplan.summary import Summary, Translate
from wikiplan.terminal import Terminal
from wikiplan.wiki import Wiki


@dataclass
class Session:
    """One run of a script: its options, the plan, the wiki, and the report that grows."""

    options: Options
    terminal: Terminal
    report: Report
    plan: Plan
    renderer: Renderer
    wiki: Wiki
    translate: Translate

    def compare(self) -> ChangeSet:
        """Compute the change set; raises :class:`Stop` when the account could not write it."""
        chosen = targets.targets(self.plan, self.options.choice)
        with self.terminal.progress("Comparing", len(chosen)) as step:
            return changes.compute(self._comparison(), chosen, self.report.run, step)

    def _comparison(self) -> Comparison:
        return Comparison(
            self.plan,
            self.renderer,
            self.wiki,
            self.wiki.account(),
            self.options.choice,
            Summary(self.translate, self.report.run),
            self.options.drift,
        )


@contextmanager
def reporting(options: Options, *, preview: bool) -> Iterator[Report]:
    """Yield the report and write it at the end, however the run ends.

    A file that cannot be written is told before anything else is done.
    """
    if options.report:
        _check_report(options.report)
    now = datetime.now(UTC)
    report = Report(new_run_id(now), site="", started=now, preview=preview)
    try:
        yield report
    except BaseException as error:
        report.error = str(error) or type(error).__name__
        raise
    finally:
        if options.report:
            _write_report(report, options.report)


def _check_report(path: Path) -> None:
    folder = path.absolute().parent
    if path.is_dir():
        wrong = "is a folder; name a file in it"
    elif not folder.is_dir():
        wrong = f"there is no folder {folder}; make it, or name another file"
    elif not os.access(path if path.exists() else folder, os.W_OK):
        wrong = "you may not write there; name another file"
    else:
        return
    raise WikiplanError(f"-report:{path}: {wrong}; nothing was done")


def _write_report(report: Report, path: Path) -> None:
    try:
        report.write(path)
    except OSError as error:
        message = f"-report:{path}: cannot be written ({error.strerror}); it would say:"
        raise WikiplanError(f"{message}\n{report.as_json()}") from error


@contextmanager
def session(options: Options, terminal: Terminal, report: Report) -> Iterator[Session]:
    """Load and check the plan, then open the wiki. The report learns what the wiki cost."""
    loaded, renderer = load(options)
    wiki, translate = _open(options, loaded)
    report.site = wiki.name
    try:
        yield Session(options, terminal, report, loaded, renderer, wiki, translate)
    finally:
        report.requests = wiki.requests


def load(options: Options) -> tuple[Plan, Renderer]:
    """Load plan, catalogs and templates. Raises :class:`Faults` when any of them is wrong."""
    loaded = plan.load(options.data)
    faults = faults_beyond_data(options, loaded)
    errors = [fault for fault in faults if not fault.warning]
    if errors:
        raise Faults(errors)
    catalogs = catalog.load_all(options.data / "locale", loaded.languages)
    return loaded, Renderer(loaded, catalogs, options.templates, options.now)


def faults_beyond_data(options: Options, loaded: Plan) -> tuple[Fault, ...]:
    """Return the faults of catalogs and templates, which only a sound plan can tell."""
    return (
        *catalogcheck.check(options.data / "locale", loaded),
        *render.check_templates(loaded, options.templates),
    )


def check_size(changes: ChangeSet, most_pages: int) -> None:
    """Raise when a run would write more pages than ``pages.yaml`` allows."""
    count = len(changes.to_write)
    if count > most_pages:
        raise Refusal(
            "too-many-pages",
            f"{count} pages would change, more than the {most_pages} that pages.yaml allows "
            "(most-pages); nothing is written: look at the data, choose with -page:, or raise it",
        )


def _open(options: Options, loaded: Plan) -> tuple[Wiki, Translate]:
    """Open the folder or the site, and the messages for summaries."""
    if options.wiki is not None:
        refuse_rest(options.rest, KNOWN)
        if options.wiki.exists() and not options.wiki.is_dir():
            raise WikiplanError(f"-wiki:{options.wiki}: is a file; name a folder")
        # Summaries come through Pywikibot here too, which asks for a configuration otherwise.
        os.environ.setdefault("PYWIKIBOT_NO_USER_CONFIG", "2")
        from wikiplan import site

        return Folder(options.wiki), site.message
    from wikiplan import site

    site.check_configured(loaded.site, options.rest)
    refuse_rest(site.handle_arguments(options.rest), KNOWN)
    opened = site.open_site()
    site.check_site(loaded.site, opened)
    return opened, site.message


KNOWN = (
    "data", "templates", "page", "section", "language", "wiki", "report", "now", "drift",
    "always", "simulate", "brief", "help", "site", "family", "lang", "code", "user",
)  # fmt: skip
