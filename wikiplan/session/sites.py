"""The sites of a plan, one after the other: each has its account, state and part of the report.

A site that cannot be reached, or refuses, keeps none of the others from being done. What is wrong
in the plan's files ends the run before any site is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from wikiplan.errors import WRONG_SITE, Stop, WikiplanError
from wikiplan.plan import Choice, Plan, read_pages, targets
from wikiplan.session import loading, session
from wikiplan.session.command import Run
from wikiplan.session.commands import SITE_OPTIONS, split
from wikiplan.session.lockpage import LockPageName
from wikiplan.session.options import Options
from wikiplan.session.session import Session, Work
from wikiplan.value import replace


def on_each(
    run: Run, do: Callable[[Session], None], *, texts: bool = True, keep: bool = False
) -> None:
    """Load and check the plan, then do something on each of its sites that is wanted.

    See :func:`loading.load`. What one site brought into the plan's files is loaded for the next.
    """
    loaded, is_old = loading.load(run.options, texts=texts, keep=keep), False
    run.options.drift.check({each.name for page in loaded.plan.pages for each in page.sections})

    def on_one(own: Run, site: str) -> None:
        nonlocal loaded, is_old
        if is_old:
            loaded = loading.load(run.options, texts=texts)
        try:
            with session.with_plan(own, loaded.on(site), site) as work:
                do(work)
        finally:
            is_old = own.report.has_changed_files

    plan, choice = loaded.plan, run.options.choice
    _in_turn(run, plan.sites, on_one, lambda site: _has_chosen_pages(plan.on(site), choice))


def on_each_without_plan(run: Run, do: Callable[[Work], None]) -> None:
    """Do something on the site that the command line names, or on each that ``pages.yaml`` has."""

    def on_one(own: Run, site: str) -> None:
        with without_plan(own) as work:
            do(work)

    is_named = _on_the_command_line(run.options) and run.options.wiki is None
    sites = () if is_named else _sites_in(read_pages(run.options.data))
    _in_turn(run, sites, on_one, lambda site: True)


def _has_chosen_pages(plan: Plan, choice: Choice) -> bool:
    return bool(targets.chosen_targets(plan, choice) or targets.retired_targets(plan, choice))


def _in_turn(
    run: Run,
    sites: Sequence[str],
    do: Callable[[Run, str], None],
    is_wanted: Callable[[str], bool],
) -> None:
    """Do something on the only site, or on all that are named and wanted, a part for each."""
    if len(sites) < 2:
        do(run, "".join(sites))
        return
    named = _named(run.options, sites)
    run.report.site = ", ".join(named)
    parts = [part(run, site) for site in named if is_wanted(site)]
    for own, site in parts:
        run.terminal.say(f"{site}:")
        try:
            do(own, site)
        except BaseException as error:
            own.report.end_early(error)
            if not isinstance(error, WikiplanError):
                raise
            run.terminal.error(f"{site}: {error}")
        finally:
            run.report.add_site(site, own.report)
        if own.report.interrupted:
            return


def _named(options: Options, sites: Sequence[str]) -> list[str]:
    """Return the sites that Pywikibot's options name, all without any."""
    given = dict(map(split, options.rest))
    family, _, code = given.get("site", "").partition(":")
    family = family or given.get("family", "")
    code = code or given.get("site", "") or given.get("code", "") or given.get("lang", "")
    wanted = re.compile(f"{re.escape(family) or '.*'}:{re.escape(code) or '.*'}")
    if found := [site for site in sites if wanted.fullmatch(site)]:
        return found
    told = " ".join(each for each in options.rest if split(each)[0] in SITE_OPTIONS)
    there = ", ".join(sites)
    raise Stop(WRONG_SITE, f"{told}: pages.yaml has pages on {there}; name one of these")


def part(run: Run, site: str) -> tuple[Run, str]:
    """Return the run on one of several sites: its options name that, its folders are below."""
    options, folder = run.options, site.replace(":", "-")
    rest = tuple(each for each in options.rest if split(each)[0] not in SITE_OPTIONS)
    own = replace(
        options,
        wiki=options.wiki and options.wiki / folder,
        out=options.out and options.out / folder,
        rest=rest if options.wiki else (*rest, f"-site:{site}"),
    )
    return replace(run, options=own, report=run.report.part()), site


# Sites that are named where no plan is loaded.


@contextmanager
def without_plan(run: Run) -> Iterator[Work]:
    """Open the wiki for pages that no plan names yet: a folder, or the site that is named."""
    site, source = ("", "") if run.options.wiki else _named_site(run.options)
    pages = read_pages(run.options.data)
    lock = LockPageName(*(str(pages.get(key, "")) for key in ("lock-page", "stop-page")))
    with session.on_wiki(run, site, source) as work:
        yield replace(work, lock_name=lock)


def _named_site(options: Options) -> tuple[str, str]:
    """Return the site that the command line names, or ``pages.yaml``, and which of them.

    Nothing is guessed: Pywikibot alone would fall back to some wiki (fact 13).
    """
    if site := _on_the_command_line(options):
        return site, "the command line"
    pages = read_pages(options.data)
    usual, there = str(pages.get("site", "")), _sites_in(pages)
    if site := usual if usual in there or not there else there[0]:
        return site, "pages.yaml"
    raise WikiplanError(
        "which-wiki", "which wiki? say -site:FAMILY:CODE, such as -site:meta:meta, or -wiki:DIR"
    )


def _on_the_command_line(options: Options) -> str:
    """Return the site that Pywikibot's options name, empty without."""
    given = dict(map(split, options.rest))
    code = given.get("code") or given.get("lang")
    both = f"{given['family']}:{code}" if given.get("family") and code else ""
    return given.get("site", both)


def _sites_in(pages: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the sites that ``pages.yaml`` names, whatever else it says."""
    lists = [pages.get(key) for key in ("pages", "retired")]
    entries = [each for every in lists if isinstance(every, list) for each in every]
    usual = pages.get("site", "")
    found = (each.get("site", usual) for each in entries if isinstance(each, dict))
    return tuple(dict.fromkeys(map(str, found)))
