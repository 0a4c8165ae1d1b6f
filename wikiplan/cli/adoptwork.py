"""The work of ``plan_adopt``: looking at pages, marking sections of them, making a plan of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wikiplan import files
from wikiplan.adopt import (
    PageTexts,
    PageWrapping,
    SectionChoice,
    Settings,
    existingplan,
    inspect,
    newplan,
    pagetexts,
    with_imports,
    wrapping,
)
from wikiplan.catalogs import catalog
from wikiplan.changes import ChangeSet
from wikiplan.errors import WikiplanError
from wikiplan.l10n import message
from wikiplan.plan import Plan, plan
from wikiplan.report import ExitStatus, inspection, planimport
from wikiplan.session import changesets, sites
from wikiplan.session.command import Consent, Run
from wikiplan.session.session import Work
from wikiplan.value import replace
from wikiplan.wiki import open_translate

SEVERAL_SITES = (
    "-add: the plan has pages on several sites, where a title alone may be several pages; import "
    "into another folder with -out:DIR, and put its files together with the plan's by hand"
)


def adopt(run: Run) -> ExitStatus:
    """Look at pages, mark sections of them, or make a plan of them."""
    options = run.options
    if not options.page:
        raise WikiplanError("which-page", "which page? say -page:TITLE")
    choices = wrapping.parse_choices(options.section)
    run.report.preview = options.simulate or not (choices or options.import_)
    with sites.without_plan(run) as work:
        if options.add:
            take_again(work, choices)
        elif options.import_:
            take_over(work, choices)
        elif choices:
            mark(work, choices)
        else:
            show(work)
    run.terminal.outcomes(run.report)
    return run.end("Nothing was written.")


def show(work: Work) -> None:
    """Look at each page; tell what was found to people and to the report."""
    translate = open_translate(work.wiki)
    for number, title in enumerate(work.options.page):
        if number:
            work.terminal.say("")
        found = inspect(work.wiki, translate, title)
        settings = settings_of(work, found.revision.language)
        found = with_imports(found, work.wiki.extension_tags, settings)
        found = wrapping.with_markers(found, adoption_of(work, wrapping.proposed(found)))
        work.report.looks.append(inspection.as_data(found))
        terminal = work.terminal
        for line in inspection.facts(found):
            terminal.say(line)
        terminal.table(inspection.OUTLINE_COLUMNS, inspection.outline_rows(found))
        terminal.table(inspection.VERSION_COLUMNS, inspection.version_rows(found))
        for line in inspection.hindrances(found):
            terminal.say(f"In the way: {line}")
        if options := inspection.proposal(found):
            terminal.say(f"To mark: {options}")
        work.report.add_changes(inspection.refused(found))


def mark(work: Work, choices: tuple[SectionChoice, ...]) -> None:
    """Show what marking changes, ask, and save."""
    with work.holding_the_lock() as held:
        changes = compare(held, choices)
        work.report.add_changes(page for page in changes.pages if not page.to_write)
        for page in () if work.consent is Consent.ASK else changes.to_write:
            work.terminal.whole(page)
        changesets.apply(held, changes, "Mark", work.terminal.whole)


def compare(work: Work, choices: tuple[SectionChoice, ...]) -> ChangeSet:
    """Compute what marking does to all pages."""
    options = work.options
    known = plan.load(options.data) if (options.data / "pages.yaml").exists() else None
    adoption = adoption_of(work, choices, known.name if known else "")
    adoption = replace(adoption, impossible=asker(work, known))
    pages = [each for t in options.page for each in adoption.changes(t, options.language)]
    return ChangeSet(work.report.run, work.wiki.name, adoption.account, tuple(pages))


def asker(work: Work, of: Plan | None) -> Callable[[PageTexts], Mapping[str, str]]:
    """Return a function that says which sections an import would leave out.

    Those that the plan has already, if there is one, need none.
    """
    declared = of.pages if of else ()
    known = {(page.title, section.name) for page in declared for section in page.sections}

    def impossible(page: PageTexts) -> Mapping[str, str]:
        new = tuple(s for s in page.sections if (page.title, s.name) not in known)
        source = next(iter(page.sections[0].texts))
        return newplan.outcome(replace(page, sections=new), settings_of(work, source)).left_out

    return impossible


def settings_of(work: Work, source: str) -> Settings:
    return Settings(work.wiki.name, source, work.options.templates, work.options.now)


def adoption_of(
    work: Work, choices: tuple[SectionChoice, ...], plan_name: str = ""
) -> PageWrapping:
    def summarise(language: str, names: Sequence[str]) -> str:
        values = {"sections": ", ".join(names), "run": work.report.run}
        return message(language, "wikiplan-adopt", values)

    translate, account = open_translate(work.wiki), work.wiki.account()
    return PageWrapping(work.wiki, translate, account, choices, summarise, plan=plan_name)


def read(work: Work, adoption: PageWrapping) -> list[PageTexts]:
    """Read the pages, and say which of their sections are left to other plans."""
    options = work.options
    pages = [pagetexts.read(adoption, title, options.language) for title in options.page]
    for page in pages:
        for name, of in page.others.items():
            work.terminal.say(f"{page.title}: section {name} is of plan {of}, and left out.")
    return pages


def take_over(work: Work, choices: tuple[SectionChoice, ...]) -> None:
    """Make a plan out of the pages, and write it into a folder that has none."""
    options = work.options
    out = options.out or options.data
    pages = read(work, adoption_of(work, choices))
    settings = settings_of(work, next(iter(pages[0].sections[0].texts)))
    built = newplan.build(pages, out, settings)
    planimport.tell(built, out, work.terminal.say, work.report)
    if not options.simulate:
        files.replace_all(built.files)


def take_again(work: Work, choices: tuple[SectionChoice, ...]) -> None:
    """Add to a plan what its pages have more, and leave the rest of it as it is."""
    options = work.options
    known = plan.load(options.data)
    if len(known.sites) > 1:
        raise WikiplanError("adopt-on-several-sites", SEVERAL_SITES)
    pages = read(work, adoption_of(work, choices, known.name))
    settings = Settings(known.site, known.source_language, options.templates, options.now)
    again = existingplan.build(pages, known, settings)
    planimport.tell_again(
        again.built, again.translations, options.data, work.terminal.say, work.report
    )
    if not options.simulate:
        catalog.write(again.built.files)
