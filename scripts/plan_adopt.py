"""
Take over a page that stands on the wiki.

Without -section: and -import it looks: what the page is, its language versions, its outline, which
sections could be taken over, and what stands in the way. Nothing is written.

    plan_adopt -site:meta:meta "-page:Our department"
    plan_adopt -wiki:demo/wiki "-page:Our department" "-section:overview=" "-section:mission=Goals"

With -section: it puts a pair of markers around that section, on the page and, if it is no
translatable page, in its language versions. Only lines with markers are added.

-page:TITLE             the page; may be repeated
-section:NAME=HEADING   mark what stands below that heading, itself included, as section NAME; an
                        empty heading is the text before the first one; may be repeated
-section:NAME/CODE=HEADING   the same on the page's version in that language only
-language:CODE          only these language versions; may be repeated
-import                 write the sections as a plan into a new folder: data files, catalogs and
                        pages.yaml; nothing is written to the wiki. Takes the sections that have
                        markers, and those named by -section:
-add                    with -import: add to the plan of -data:, which has these pages, what it
                        lacks: new sections, and translations that it does not have
-out:DIR                where -import writes (default: the folder of -data:)
-always                 do not ask; without it and without a terminal nothing is written
-simulate               show everything, save nothing

&params;
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from wikiplan import (
    applying,
    atomic,
    command,
    importagain,
    importplan,
    lookdata,
    lookreport,
    plan,
    sectionchoice,
    session,
    takeover,
)
from wikiplan.adopting import Adoption
from wikiplan.changes import ChangeSet
from wikiplan.errors import WikiplanError
from wikiplan.importplan import Settings
from wikiplan.look import look
from wikiplan.options import Options
from wikiplan.report import STATUS
from wikiplan.sectionchoice import Choice
from wikiplan.session import Work
from wikiplan.terminal import Terminal
from wikiplan.translatesite import open_translate


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    flags = ("always", "simulate", "import", "add")
    return command.run(__doc__, arguments, adopt, flags, values=("out",))


def adopt(options: Options, terminal: Terminal) -> int:
    """Look at pages, or mark sections of them."""
    if not options.choice.pages:
        raise WikiplanError("which page? say -page:TITLE")
    choices = sectionchoice.parse(options.choice.sections)
    imports = "import" in options.values
    if "add" in options.values and not imports:
        raise WikiplanError("-add: adds to a plan what an import finds; say -import -add")
    preview = "simulate" in options.values or not (choices or imports)
    with session.reporting(options, preview=preview) as report:
        with session.of_pages(options, terminal, report) as work:
            if "add" in options.values:
                take_again(work, choices)
            elif imports:
                take_over(work, choices)
            elif choices:
                mark(work, choices)
            else:
                show(work)
        result = report.result()
        terminal.outcomes(report)
        terminal.closing(report, result)
        if preview:
            terminal.say("Nothing was written.")
    return STATUS[result]


def show(work: Work) -> None:
    """Look at each page; tell what was found to people and to the report."""
    translate = open_translate(work.wiki)
    for number, title in enumerate(work.options.choice.pages):
        if number:
            work.terminal.say("")
        found = look(work.wiki, translate, title)
        work.report.looks.append(lookdata.as_data(found))
        terminal = work.terminal
        for line in lookreport.facts(found):
            terminal.say(line)
        terminal.table(lookreport.OUTLINE_COLUMNS, lookreport.outline_rows(found))
        terminal.table(lookreport.VERSION_COLUMNS, lookreport.version_rows(found))
        for line in lookreport.hindrances(found):
            terminal.say(f"In the way: {line}")
        if options := lookreport.proposal(found):
            terminal.say(f"To mark: {options}")
        work.report.add_changes(lookreport.refused(found))


def mark(work: Work, choices: tuple[Choice, ...]) -> None:
    """Show what marking changes, ask, and save."""
    work.settle()
    changes, report = compare(work, choices), work.report
    report.add_changes(page for page in changes.pages if not page.to_write)
    for page in () if asks(work) else changes.to_write:
        work.terminal.whole(page)
    try:
        applying.apply(work, changes, "Mark", work.terminal.whole)
    finally:
        report.arrange(changes.pages)


def asks(work: Work) -> bool:
    """Tell whether a person is shown each page and asked about it."""
    given = work.options.values
    return work.terminal.can_ask and "always" not in given and "simulate" not in given


def compare(work: Work, choices: tuple[Choice, ...]) -> ChangeSet:
    """Compute what marking does to all pages."""
    adoption, chosen = adoption_of(work, choices), work.options.choice
    pages = [each for t in chosen.pages for each in adoption.changes(t, chosen.languages)]
    return ChangeSet(work.report.run, work.wiki.name, adoption.account, tuple(pages))


def adoption_of(work: Work, choices: tuple[Choice, ...]) -> Adoption:
    def summarise(language: str, names: Sequence[str]) -> str:
        values = {"sections": ", ".join(names), "run": work.report.run}
        return work.message(language, "wikiplan-adopt", values)

    translate, account = open_translate(work.wiki), work.wiki.account()
    return Adoption(work.wiki, translate, account, choices, summarise)


def take_over(work: Work, choices: tuple[Choice, ...]) -> None:
    """Make a plan out of the pages, and write it into a folder that has none."""
    options, adoption = work.options, adoption_of(work, choices)
    chosen, out = options.choice, Path(options.values.get("out", options.data))
    pages = [takeover.read(adoption, title, chosen.languages) for title in chosen.pages]
    source = next(iter(pages[0].sections[0].texts))
    settings = Settings(work.wiki.name, source, options.templates, options.now)
    built = importplan.build(pages, out, settings)
    takeover.tell(built, out, work.terminal.say, work.report)
    if "simulate" not in options.values:
        atomic.replace_all(built.files)


def take_again(work: Work, choices: tuple[Choice, ...]) -> None:
    """Add to a plan what its pages have more, and leave the rest of it as it is."""
    options, adoption = work.options, adoption_of(work, choices)
    pages = [takeover.read(adoption, t, options.choice.languages) for t in options.choice.pages]
    known = plan.load(options.data)
    settings = Settings(known.site, known.source_language, options.templates, options.now)
    again = importagain.build(pages, known, settings)
    takeover.tell_again(
        again.built, again.translations, options.data, work.terminal.say, work.report
    )
    if "simulate" not in options.values:
        atomic.replace_all(again.built.files)


if __name__ == "__main__":
    sys.exit(main())
