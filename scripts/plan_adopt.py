"""
Take over a page that stands on the wiki.

Without -section: and -import it looks: what the page is, its language versions, its outline, which
sections could be taken over, and what stands in the way. Nothing is written.

    plan_adopt -site:meta:meta "-page:Our department"
    plan_adopt -wiki:demo/wiki "-page:Our department" "-section:overview=" "-section:mission=Goals"

With -section: it puts a pair of markers around that section, on the page and, if it is no
translatable page, in its language versions. Only lines with markers are added.

&params;
"""

from __future__ import annotations

import sys

from wikiplan.adopt import wrapping
from wikiplan.cli import Run, adoptwork, command, session
from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return command.run("adopt", __doc__, arguments, adopt)


def adopt(run: Run) -> ExitStatus:
    """Look at pages, mark sections of them, or make a plan of them."""
    options = run.options
    if not options.page:
        raise WikiplanError("which page? say -page:TITLE")
    choices = wrapping.parse_choices(options.section)
    run.report.preview = options.simulate or not (choices or options.import_)
    with session.without_plan(run) as work:
        if options.add:
            adoptwork.take_again(work, choices)
        elif options.import_:
            adoptwork.take_over(work, choices)
        elif choices:
            adoptwork.mark(work, choices)
        else:
            adoptwork.show(work)
    run.terminal.outcomes(run.report)
    return run.end("Nothing was written.")


if __name__ == "__main__":
    sys.exit(main())
