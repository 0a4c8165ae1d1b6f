"""
Give something in the plan another name, so that every translation stays.

    plan_move office-hours.2021-07 office-hours.2021-08
    plan_move team:trust-and-safety safety
    plan_move priorities/2020-2021 priorities/2021-2022
    plan_move section:overview summary
    plan_move "page:Old title" "New title"
    plan_move language:iw he

What can be moved: a text's key, or an item's with all its texts (unit:), a team's or a person's key
(team:, person:), a data file (file:), a section's name in its markers (section:), a page's title
with the pages below it (page:), and a language's code (language:). The word in front may be left
out where only one thing has the name. No wiki is asked.

The YAML files, the catalogs, what was last seen on the wiki and pages.yaml are changed together, or
nothing is. On translatable pages the ids of the units stay: pages.yaml declares them. It also gets
an entry under "moved", which tells later runs that the wiki may have the old name yet.

&params;
"""

from __future__ import annotations

import sys

from wikiplan.cli import start


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return start.run("move", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
