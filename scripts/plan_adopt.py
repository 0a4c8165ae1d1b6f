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

from wikiplan.adopt import wrapping
from wikiplan.cli import Options, adoptwork, command, session
from wikiplan.errors import WikiplanError
from wikiplan.report import STATUS, Terminal


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    flags = ("always", "simulate", "import", "add")
    return command.run(__doc__, arguments, adopt, flags, values=("out",))


def adopt(options: Options, terminal: Terminal) -> int:
    """Look at pages, or mark sections of them."""
    if not options.choice.pages:
        raise WikiplanError("which page? say -page:TITLE")
    choices = wrapping.parse_choices(options.choice.sections)
    imports = "import" in options.values
    if "add" in options.values and not imports:
        raise WikiplanError("-add: adds to a plan what an import finds; say -import -add")
    preview = "simulate" in options.values or not (choices or imports)
    with session.reporting(options, preview=preview) as report:
        with session.of_pages(options, terminal, report) as work:
            if "add" in options.values:
                adoptwork.take_again(work, choices)
            elif imports:
                adoptwork.take_over(work, choices)
            elif choices:
                adoptwork.mark(work, choices)
            else:
                adoptwork.show(work)
        result = report.result()
        terminal.outcomes(report)
        terminal.closing(report, result)
        if preview:
            terminal.say("Nothing was written.")
    return STATUS[result]


if __name__ == "__main__":
    sys.exit(main())
