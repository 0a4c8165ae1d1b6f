"""What a preview and an update share: the plan, the wiki, the change set, the report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from wikiplan import catalog, catalogcheck, comparison, lock, plan, render, targets
from wikiplan.changes import ChangeSet
from wikiplan.comparison import Comparison
from wikiplan.effects import Limits
from wikiplan.errors import Fault, Faults, Refusal, WikiplanError
from wikiplan.folder import Folder
from wikiplan.options import Options, refuse_rest
from wikiplan.plan import Plan
from wikiplan.render import Renderer
from wikiplan.report import Report, new_run_id
from wikiplan.summary import Message, Summary
from wikiplan.targets import Target
from wikiplan.terminal import Terminal
from wikiplan.translatesite import open_translate
from wikiplan.translatewiki import NoTranslate, TranslateWiki
from wikiplan.wiki import Wiki


@dataclass
class Work:
    """One run of a script on an open wiki: its options, and the report that grows."""

    options: Options
    terminal: Terminal
    report: Report
    wiki: Wiki
    message: Message

    @contextmanager
    def writing(self, account: str) -> Iterator[None]:
        """Hold the lock of the site and account: one run at a time writes."""
        folder = lock.directory(self.options.wiki)
        with lock.held(folder, self.wiki.name, account, self.report.run, self.terminal.say):
            yield


@dataclass
class Session(Work):
    """A run that knows the plan."""

    plan: Plan
    renderer: Renderer

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The chosen pages in the order of ``pages.yaml``."""
        return targets.targets(self.plan, self.options.choice)

    @cached_property
    def translate(self) -> TranslateWiki:
        """The wiki's Translate extension; not asked for unless a page is translatable."""
        if not any(target.page.translatable for target in self.targets):
            return NoTranslate(self.wiki.name)
        found = open_translate(self.wiki)
        if isinstance(found, NoTranslate) and self.options.wiki is None:
            raise Refusal(
                "no-translate",
                f"pages.yaml has translatable pages, and {self.wiki.name} has no Translate "
                "extension: its readers would see the tags; make the pages plain",
            )
        return found

    @property
    def limits(self) -> Limits:
        plan = self.plan
        return Limits(plan.most_orphaned, plan.most_outdated, self.options.allow)

    def compare(self, chosen: Sequence[Target] | None = None) -> ChangeSet:
        """Compute the change set of all chosen pages, or of some of them."""
        chosen = self.targets if chosen is None else chosen
        with self.terminal.progress("Comparing", len(chosen)) as step:
            return comparison.compute(self._comparison(), chosen, self.report.run, step)

    def _comparison(self) -> Comparison:
        return Comparison(
            self.plan,
            self.renderer,
            self.wiki,
            self.wiki.account(),
            self.options.choice,
            Summary(self.message, self.report.run),
            self.translate,
            self.limits,
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
    wiki, message = _open(options, loaded.site)
    report.site = wiki.name
    try:
        yield Session(options, terminal, report, wiki, message, loaded, renderer)
    finally:
        report.requests = wiki.requests


def load(options: Options) -> tuple[Plan, Renderer]:
    """Load plan, catalogs and templates. Raises :class:`Faults` when any of them is wrong."""
    loaded = plan.load(options.data)
    faults = faults_beyond_data(options, loaded, warnings=False)
    errors = [fault for fault in faults if not fault.warning]
    if errors:
        raise Faults(errors)
    catalogs = catalog.load_all(options.data / "locale", loaded.languages)
    return loaded, Renderer(loaded, catalogs, options.templates, options.now)


def faults_beyond_data(
    options: Options, loaded: Plan, *, warnings: bool = True
) -> tuple[Fault, ...]:
    """Return the faults of catalogs and templates, which only a sound plan can tell."""
    return (
        *catalogcheck.check(options.data / "locale", loaded, warnings=warnings),
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


@contextmanager
def without_plan(
    options: Options, terminal: Terminal, report: Report, site: str, source: str
) -> Iterator[Work]:
    """Open the wiki for a file that says of itself which site it is for; ``source`` names it."""
    if site.startswith("folder:") and options.wiki is None:
        raise WikiplanError(f"{source} is for {site}; say -wiki:DIR; nothing was done")
    wiki, message = _open(options, site, source)
    report.site = wiki.name
    try:
        yield Work(options, terminal, report, wiki, message)
    finally:
        report.requests = wiki.requests


def _open(options: Options, expected: str, source: str = "pages.yaml") -> tuple[Wiki, Message]:
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

    site.check_configured(expected, options.rest, source)
    refuse_rest(site.handle_arguments(options.rest), KNOWN)
    opened = site.open_site()
    site.check_site(expected, opened, source)
    return opened, site.message


KNOWN = (
    "data", "templates", "page", "section", "language", "wiki", "report", "now", "drift", "allow",
    "out", "changes", "only", "always", "simulate", "brief", "help", "site", "family", "lang",
    "code", "user",
)  # fmt: skip
